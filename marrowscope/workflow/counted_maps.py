"""Where the cells lie that the confirmed shares count, slide by slide."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.review import Verdict
from marrowscope.imaging.display_colour import in_srgb
from marrowscope.imaging.small_picture import small_picture
from marrowscope.report.counted_map import MAP_SIDE, CountedMap, counted_map
from marrowscope.workflow import places
from marrowscope.workflow.area import cells_met
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.slide_names import slide_names

MOST = 6  # slides; of field photos those with the most counted cells


def counted_maps(
    case: OpenedCase,
    table: CellTable,
    verdicts: Mapping[int, Verdict],
    *,
    counted: Counted | None = None,
    formal: FormalCount | None = None,
) -> tuple[CountedMap, ...]:
    """A picture of each slide with its counted cells, the fullest slides at most.

    Slides that cannot be read now are left out, and so are cells counted beside a
    microscope: they lie on no slide of the case.
    """
    lines_counted = places.load_taxonomy().counted
    called = cells_met(table, verdicts, counted, formal=formal)
    met = {cell for cell in called if lines_counted(verdicts[cell].lines)}
    here = np.isin(table.id, np.fromiter(met, np.int64, len(met)))
    names = slide_names(case.file.slides())
    slides = {opened.number: opened for opened in case.slides}
    numbers, sizes = np.unique(table.slide[here], return_counts=True)
    fullest = numbers[np.argsort(-sizes, kind="stable")][:MOST]
    found = []
    for number in sorted(int(n) for n in fullest if int(n) in slides):
        slide = slides[number].slide
        boxes = table.box[here & (table.slide == number)]
        try:
            picture = in_srgb(small_picture(slide, MAP_SIDE), slide.profile)
        except MarrowScopeError:
            continue
        drawn = counted_map(picture, boxes, width=slide.identity.width)
        found.append(CountedMap(names[number], len(boxes), drawn))
    return tuple(found)
