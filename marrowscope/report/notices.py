"""What must be said plainly near the top of a report."""

from __future__ import annotations

from collections.abc import Iterator

from marrowscope.report.sources import ReportedSlide, ReportSources
from marrowscope.report.wording import count_text, scale_text

RESEARCH_USE = "For research use only: suggestions need a reader’s confirmation."
LEARNED_DYSPLASIA = (
    "Dysplasia was learned from drawn or edited cells and has no clinical validation."
)
FEW_CELLS = 50
_OF_MARROW = ("blast", "granulocytic", "erythroid", "megakaryocytic")


def notices(sources: ReportSources) -> tuple[str, ...]:
    """Sentences in the order of their weight; none of them is an alarm."""
    found = [*_cells(sources), *sources.notices]
    for slide in sources.slides:
        found += [*_scale(slide), *_fields(slide)]
    found += _unmatched(sources)
    return tuple(dict.fromkeys(found))


def _cells(sources: ReportSources) -> Iterator[str]:
    if sources.suggested is None:
        yield "No slide has been read yet, so there are no suggestions."
        return
    rows = (*sources.suggested.rows, *sources.suggested.outside)
    lineage_of = sources.taxonomy.lineage_of
    marrow = sum(r.count for r in rows if lineage_of(r.lines) in _OF_MARROW)
    everything = sum(r.count for r in rows)
    if not marrow:
        yield (
            "No marrow cells were found. This may not be a smear of bone marrow;"
            " nothing here can be counted."
        )
    elif marrow < FEW_CELLS or 4 * marrow < everything:
        yield (
            f"Few marrow cells were found ({count_text(marrow)} of"
            f" {count_text(everything)} cells). This may not be a smear of bone marrow,"
            " or only a small part of one."
        )


def _scale(slide: ReportedSlide) -> Iterator[str]:
    if slide.mpp is not None:
        return
    how = "Nobody has given its scale yet."
    if slide.working_mpp is not None:
        how = (
            f"It was read as {scale_text(slide.working_mpp)}"
            f" ({slide.working_certainty}); a wrong scale makes every suggestion on it"
            " unreliable."
        )
    yield f"{slide.name} is uncalibrated. {how}"


def _fields(slide: ReportedSlide) -> Iterator[str]:
    waiting = slide.fields - slide.fields_read - slide.fields_failed
    if waiting > 0:
        yield (
            f"{slide.name} was not read to the end: {count_text(slide.fields_read)}"
            f" of {count_text(slide.fields)} fields."
        )
    if slide.fields_failed:
        yield (
            f"{count_text(slide.fields_failed)} of {count_text(slide.fields)} fields of"
            f" {slide.name} could not be read."
        )


def _unmatched(sources: ReportSources) -> list[str]:
    if not sources.unmatched:
        return []
    return [
        f"{count_text(sources.unmatched)} earlier confirmations have no cell in the"
        " newest reading and are not counted."
    ]
