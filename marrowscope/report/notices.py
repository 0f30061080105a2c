"""What must be said plainly near the top of a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marrowscope.domain.typed_facts import read_facts
from marrowscope.report.photos import photo_notices
from marrowscope.report.sampled import sampling_notices
from marrowscope.report.sources import ReportedSlide, ReportSources
from marrowscope.report.suitable import zone_notices
from marrowscope.report.wording import count_text, scale_text, share_text

RESEARCH_USE = "For research use only: suggestions need a reader’s confirmation."
LEARNED_DYSPLASIA = (
    "Dysplasia was learned from drawn or edited cells and has no clinical validation."
)
# How many are found says nothing of what a picture shows: a photo of a marrow may hold
# twenty cells, all lymphocytes. That it is no marrow smear, only its look may say.
FEW_CELLS = 50
_NAMED = 3
_MOSTLY = 0.5
_SAME_SCALE = 0.01  # relative difference
_OF_MARROW = ("blast", "granulocytic", "erythroid", "megakaryocytic")


def notices(sources: ReportSources) -> tuple[str, ...]:
    """Sentences in the order of their weight; none of them is an alarm."""
    found = [*_specimen(sources), *unlike(sources), *_cells(sources)]
    found += _keyed(sources)
    found += sampling_notices(sources)
    names = {slide.number: slide.name for slide in sources.slides}
    found += photo_notices(sources.photos, names)
    found += zone_notices(sources)
    found += [*uncalibrated(sources), *_calibrated_since(sources)]
    found += unread_fields(sources)
    found += unmatched_calls(sources)
    return tuple(dict.fromkeys(found))


def _cells(sources: ReportSources) -> Iterator[str]:
    if sources.suggested is None and not sources.slides and sources.confirmed.keyed:
        return
    if sources.suggested is None:
        yield "No slide has been read yet, so there are no suggestions."
        return
    rows = (*sources.suggested.rows, *sources.suggested.outside)
    lineage_of = sources.taxonomy.lineage_of
    marrow = sum(r.count for r in rows if lineage_of(r.lines) in _OF_MARROW)
    found = sum(row.count for row in rows)
    if not found and any(slide.regions for slide in sources.slides):
        yield "No cell lies in the regions that are counted."
    elif not found or (not marrow and found >= FEW_CELLS):
        yield (
            "No marrow cells were found. This may not be a smear of bone marrow;"
            " nothing here can be counted."
        )
    elif found < FEW_CELLS:
        cells = (
            "1 nucleated cell was" if found == 1 else f"{found} nucleated cells were"
        )
        yield (
            f"Only {cells} found: a small part of a smear, where a differential"
            f" needs at least {count_text(sources.criteria.count_minimum)}."
        )


def _keyed(sources: ReportSources) -> Iterator[str]:
    keyed, total = sources.confirmed.keyed, sources.confirmed.total
    if keyed:
        yield (
            f"{count_text(keyed)} of {count_text(total)} cells were counted by keys"
            " beside a microscope, without pictures: nobody can look at them again."
        )


def _specimen(sources: ReportSources) -> Iterator[str]:
    if sources.judged.quality.diluted:
        yield (
            "The specimen may be diluted with blood: blasts may be underestimated, and"
            " nothing can be said to be below a threshold."
        )
    if sources.judged.quality.unassessable:
        yield (
            "The stain is pale: decreased granules (hypogranularity) are not"
            " assessable."
        )
    if read_facts(sources.specimen)["particles"].choice == "none":
        yield (
            "No particles were seen: cellularity is not assessable, and the smear may"
            " be mostly blood."
        )


def unlike(sources: ReportSources) -> Iterator[str]:
    """Slides whose stain is not that of the training images."""
    measured = [(s, s.likeness) for s in sources.slides if s.likeness is not None]
    marked = [(slide, like) for slide, like in measured if like.marked]
    if not marked:
        return
    unlike = sum(like.unlike for _, like in marked)
    cells = sum(like.cells for _, like in marked)
    share = share_text(unlike, cells)
    if len(marked) == len(measured) and unlike > _MOSTLY * cells:
        yield (
            f"Few or no marrow cells were found: of the {count_text(cells)} places"
            f" suggested, {share} % look unlike every picture the model was trained on."
            " This may not be a smear of bone marrow, or it is stained or scanned in"
            " another way."
        )
    else:
        names = _names([slide for slide, _ in marked])
        yield (
            f"{names}: stain unlike the training images. Of"
            f" {count_text(cells)} cells, {share} % look unlike every picture the model"
            " was trained on; its suggestions there are less reliable."
        )


def uncalibrated(sources: ReportSources) -> Iterator[str]:
    """Slides whose scale nobody has given."""
    groups: dict[str, list[ReportedSlide]] = {}
    for slide in sources.slides:
        if slide.mpp is None:
            groups.setdefault(_read_as(slide), []).append(slide)
    for how, slides in groups.items():
        verb = "is" if len(slides) == 1 else "are"
        yield f"{_names(slides)} {verb} uncalibrated. {how}"


def _read_as(slide: ReportedSlide) -> str:
    if slide.working_mpp is None:
        return "Nobody has given the scale yet."
    scale = f"{scale_text(slide.working_mpp)} ({slide.working_certainty})"
    return (
        f"The scale was taken to be {scale}; a wrong scale makes every suggestion"
        " unreliable."
    )


def _calibrated_since(sources: ReportSources) -> Iterator[str]:
    for slide in sources.slides:
        now, then = slide.mpp, slide.working_mpp
        if now and then and abs(now - then) > _SAME_SCALE * now:
            yield (
                f"{slide.name} was read as {scale_text(then)}, but its scale is now"
                f" {scale_text(now)}: read it again."
            )


def unread_fields(sources: ReportSources) -> Iterator[str]:
    """Slides not read to the end, and fields that could not be read."""
    unfinished = [
        s
        for s in sources.slides
        if s.fields_read + s.fields_failed < s.fields and not s.target_met
    ]
    if unfinished:
        read = sum(s.fields_read for s in unfinished)
        planned = sum(s.fields for s in unfinished)
        yield (
            f"{_names(unfinished)}: not read to the end, {count_text(read)} of"
            f" {count_text(planned)} fields."
        )
    failed = [s for s in sources.slides if s.fields_failed]
    if failed:
        lost = sum(s.fields_failed for s in failed)
        planned = sum(s.fields for s in failed)
        yield (
            f"{_names(failed)}: {count_text(lost)} of {count_text(planned)} fields"
            " could not be read."
        )


def _names(slides: Sequence[ReportedSlide]) -> str:
    """Up to three names; more are only counted."""
    names = [slide.name for slide in slides]
    if len(names) > _NAMED:
        more = len(names) - _NAMED
        return f"{', '.join(names[:_NAMED])} and {count_text(more)} more"
    return ", ".join(names)


def unmatched_calls(sources: ReportSources) -> list[str]:
    """Calls that the newest reading has no cell for."""
    if not sources.unmatched:
        return []
    return [
        f"{count_text(sources.unmatched)} earlier confirmations have no cell in the"
        " newest reading and are not counted."
    ]
