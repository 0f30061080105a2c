"""What a report says of how much of a smear can be read."""

from __future__ import annotations

from collections.abc import Iterator

from marrowscope.report.sources import ReportedSlide, ReportSources
from marrowscope.report.wording import count_text

LITTLE = 5.0  # percent of the smear
_SPOILT = {
    "thick": "thick",
    "edge": "at its edge",
    "particle": "particles",
    "fat": "fat",
    "smudged": "smudged",
    "out_of_focus": "out of focus",
}


def zone_notices(sources: ReportSources) -> Iterator[str]:
    """Slides hardly fit to be counted, and readings that ended at a target."""
    for slide in sources.slides:
        if slide.target is not None and slide.target_met:
            read, fields = count_text(slide.fields_read), count_text(slide.fields)
            yield (
                f"{slide.name}: the best fields were read first, until"
                f" {count_text(slide.target)} cells were met:"
                f" {read} of {fields} fields."
            )
        if slide.zones.get("tissue", 0) > 50:
            yield (
                f"{slide.name} looks like a tissue section or a solid clot and not like"
                " a smear: nothing there should be counted."
            )
        elif slide.zones and slide.zones.get("thin", 0) < LITTLE:
            yield (
                f"{slide.name}: hardly any of the smear is spread thinly enough to be"
                f" counted{_rest(slide)}."
            )


def _rest(slide: ReportedSlide) -> str:
    """The two largest parts of what cannot be counted."""
    parts = [
        (share, word)
        for zone, word in _SPOILT.items()
        if (share := slide.zones.get(zone, 0)) >= LITTLE
    ]
    largest = sorted(parts, reverse=True)[:2]
    words = ", ".join(f"{share:.0f} % {word}" for share, word in largest)
    return f" ({words})" if words else ""
