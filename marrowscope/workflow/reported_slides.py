"""The slides of a case as its report names them: scale, regions, how far it is read."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted, Extent, of_slide
from marrowscope.domain.geometry import Box
from marrowscope.domain.likeness import likeness_by_slide
from marrowscope.domain.regions import around
from marrowscope.imaging.display_colour import AS_THE_FILE_SAYS, said_of
from marrowscope.report.sources import ReportedRegion, ReportedSlide
from marrowscope.store.case_runs import StoredRun
from marrowscope.store.case_slides import StoredSlide
from marrowscope.workflow.cell_pictures import read_mpp
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.running import area_read
from marrowscope.workflow.slide_names import slide_names
from marrowscope.workflow.zones import zone_shares


def reported_slides(
    case: OpenedCase,
    table: CellTable,
    runs: Mapping[int, StoredRun],
    counted: Counted | None,
) -> tuple[ReportedSlide, ...]:
    """Every slide of the case, at hand or not."""
    met = table.slide[~table.sought]
    found, likeness, shown = [], likeness_by_slide(table), _displays(case)
    slides = case.file.slides()
    names = slide_names(slides)
    extent = counted.extent if counted else Extent(case.file.regions())
    for stored in slides:
        identity, run = stored.identity, runs.get(stored.number)
        plan = run.provenance.plan if run else {}
        found.append(
            ReportedSlide(
                number=stored.number,
                name=names[stored.number],
                width=identity.width,
                height=identity.height,
                mpp=identity.mpp,
                mpp_source=identity.mpp_source,
                cells=int(np.count_nonzero(met == stored.number)),
                working_mpp=read_mpp(run) if run else None,
                working_certainty=str(plan.get("mpp_certainty", "")),
                region=_box_read(plan),
                regions=_reported_regions(extent, stored.number, _mpp(stored, run)),
                fields=len(run.fields) if run else 0,
                fields_read=len(run.done) if run else 0,
                fields_failed=len(run.failed) if run else 0,
                likeness=likeness.get(stored.number),
                zones=zone_shares(case.file, stored.number),
                target=_target(run),
                target_met=_target(run) is not None
                and run is not None
                and run.finished,
                display=shown.get(stored.number, ""),
            )
        )
    return tuple(found)


def _displays(case: OpenedCase) -> dict[int, str]:
    """How the slides at hand were shown, in words."""
    colours = case.file.displays()
    return {
        opened.number: said_of(
            colours.get(opened.number, AS_THE_FILE_SAYS), opened.slide.profile
        )
        for opened in case.slides
    }


def _target(run: StoredRun | None) -> int | None:
    said = run.provenance.plan.get("target") if run else None
    return said if isinstance(said, int) else None


def _mpp(stored: StoredSlide, run: StoredRun | None) -> float | None:
    return stored.identity.mpp or (read_mpp(run) if run else None)


def _box_read(plan: Mapping[str, object]) -> Box | None:
    area = area_read(plan)
    return None if area is None else around(area)


def _reported_regions(
    extent: Extent, slide: int, mpp: float | None
) -> tuple[ReportedRegion, ...]:
    return tuple(
        ReportedRegion(
            name=region.name,
            included=region.included,
            area_mm2=None if mpp is None else region.area_mm2(mpp),
            cells=extent.cells.get(region.id, 0),
        )
        for region in of_slide(extent.regions, slide)
    )
