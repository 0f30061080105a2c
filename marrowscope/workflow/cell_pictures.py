"""Pictures of single cells, cut from their slide at one scale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.errors import UnreadableRegion
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.imaging.display_colour import DisplayColour, as_shown
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.slide import Slide
from marrowscope.report.sources import ExampleCell
from marrowscope.store.case_runs import StoredRun
from marrowscope.workflow.opening import OpenedCase

SIDE_UM = 25.6
CONTEXT = 1.15
PICTURE_SIZE = 128
PER_CLASS = 6


@dataclass(frozen=True, slots=True)
class SlideAtScale:
    """A slide and the microns per level-0 pixel it was read with."""

    slide: Slide
    mpp: float


def read_mpp(run: StoredRun) -> float:
    """Microns per level-0 pixel that a run worked with."""
    return float(str(run.provenance.plan["mpp"]))


def slides_at_scale(
    case: OpenedCase, runs: Iterable[StoredRun]
) -> dict[int, SlideAtScale]:
    """The slides of these runs that could be opened, by number."""
    scales = {run.slide: read_mpp(run) for run in runs}
    return {
        opened.number: SlideAtScale(opened.slide, scales[opened.number])
        for opened in case.slides
        if opened.number in scales
    }


def window_around(box: Box, mpp: float) -> Box:
    """The square around a cell, level-0 pixels: 25.6 µm wide, or what the cell needs.

    The same window that the classifier sees, so that a Grad-CAM lies right on it.
    """
    return _square_around(box, max(SIDE_UM / mpp, max(box.width, box.height) * CONTEXT))


def _square_around(box: Box, side: float) -> Box:
    x, y = box.centre
    return Box(x - side / 2, y - side / 2, side, side)


def cell_picture(
    slide: Slide, box: Box, mpp: float, size: int = PICTURE_SIZE
) -> Pixels:
    """The cell in the middle of a picture (size, size, 3).

    Raises UnreadableRegion where the slide is damaged.
    """
    return read_resized(slide, window_around(box, mpp), width=size, height=size)


def shown_picture(
    slide: Slide, region: Box, size: int, colour: DisplayColour
) -> Pixels:
    """A square of a slide (size, size, 3) in the colours a reader wants to see.

    `region` in level-0 pixels. Raises UnreadableRegion where the slide is damaged.
    """
    pixels = read_resized(slide, region, width=size, height=size)
    return as_shown(pixels, colour, slide.profile)


def example_cells(
    table: CellTable,
    verdicts: Mapping[int, Verdict],
    vocabulary: ModelVocabulary,
    taxonomy: Taxonomy,
    slides: Mapping[int, SlideAtScale],
) -> tuple[ExampleCell, ...]:
    """The surest whole cells of each class, then confirmed cells of each line.

    Classes in the model's order, lines as a report prints them.
    """
    found = list(_suggested(table, vocabulary, slides))
    ordered = sorted(verdicts.values(), key=lambda said: taxonomy.ranks(said.lines))
    return (*found, *_confirmed(table, ordered, taxonomy, slides))


def _suggested(
    table: CellTable,
    vocabulary: ModelVocabulary,
    slides: Mapping[int, SlideAtScale],
) -> Iterator[ExampleCell]:
    surest = np.argsort(-table.class_score, kind="stable")
    surest = surest[~(table.cut | table.drawn)[surest]]
    named = table.class_index[surest]
    for index, known in enumerate(vocabulary.classes):
        for row in surest[named == index][:PER_CLASS]:
            picture = picture_of_row(table, int(row), slides)
            if picture is not None:
                yield ExampleCell(known.name, picture)


def _confirmed(
    table: CellTable,
    verdicts: Iterable[Verdict],
    taxonomy: Taxonomy,
    slides: Mapping[int, SlideAtScale],
) -> Iterator[ExampleCell]:
    shown: dict[str, int] = {}
    rows = CellRows(table.id)
    for verdict in verdicts:
        name = taxonomy.name_of(verdict.lines)
        row = rows.row(verdict.cell)
        if row is None or shown.get(name, 0) >= PER_CLASS:
            continue
        picture = picture_of_row(table, row, slides)
        if picture is not None:
            shown[name] = shown.get(name, 0) + 1
            yield ExampleCell(name, picture, confirmed=True)


def picture_of_row(
    table: CellTable,
    row: int,
    slides: Mapping[int, SlideAtScale],
    size: int = PICTURE_SIZE,
    *,
    side_um: float | None = None,
) -> Pixels | None:
    """The picture (size, size, 3) of a table's cell; None where it cannot be read.

    `side_um`: how wide it is; by default as `window_around` says.
    """
    at = slides.get(int(table.slide[row]))
    if at is None:
        return None
    try:
        box = Box(*map(float, table.box[row]))
        if side_um is None:
            return cell_picture(at.slide, box, at.mpp, size)
        window = _square_around(box, side_um / at.mpp)
        return read_resized(at.slide, window, width=size, height=size)
    except UnreadableRegion:
        return None
