"""What a report says of photos of one smear: how they lie, what was counted once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marrowscope.report.sources import ReportedPhotos, ReportSources
from marrowscope.report.wording import count_text

_NAMED = 3


def photo_notices(
    photos: ReportedPhotos | None, names: Mapping[int, str]
) -> Iterator[str]:
    """Cells counted once, the same photo given twice, photos that were not compared.

    `names`: of the slides by number.
    """
    if photos is None:
        return
    if photos.seen_again:
        yield (
            f"{groups_text(photos)} {_looks(photos.seen_again)} at a cell that another"
            " photo shows better: not counted, so that each cell counts once."
        )
    same = [f"{name} is the same file as {names[n]}" for n, name in photos.copies]
    if same:
        yield f"{_listed(same)}; it was read once."
    near = [
        f"{names[first]} and {names[second]}"
        for first, second, _ in photos.near_duplicates
    ]
    if near:
        yield f"Photos of nearly the same place: {_listed(near)}."
    if photos.apart:
        apart = _listed([names[number] for number in photos.apart])
        yield (
            f"{apart}: not compared with every other photo, because not all could be"
            " opened at one time; a cell they share may be counted twice."
        )


def photo_entry(sources: ReportSources) -> dict[str, Any]:
    """The JSON's `photos`; empty for a case without photos of one smear."""
    photos = sources.photos
    if photos is None:
        return {}
    return {
        "photos": {
            "seen_again": photos.seen_again,
            "groups": [list(group) for group in photos.groups],
            "near_duplicates": [
                {"first": first, "second": second, "shared": round(shared, 4)}
                for first, second, shared in photos.near_duplicates
            ],
            "copies": [{"slide": n, "name": name} for n, name in photos.copies],
            "not_compared": list(photos.apart),
        }
    }


def groups_text(photos: ReportedPhotos) -> str:
    """How many photos show a place that another shows, in one sentence."""
    count = sum(len(group) for group in photos.groups)
    alone = sum(len(group) == 1 for group in photos.groups)
    together = len(photos.groups) - alone
    apart = f" in {count_text(together)} groups" if together > 1 else ""
    if alone == count:
        return f"None of the {count_text(count)} photos overlap."
    if not alone:
        both = "The two" if count == 2 else f"All {count_text(count)}"
        return f"{both} photos overlap{apart}."
    rest = "one stands" if alone == 1 else f"{count_text(alone)} stand"
    return (
        f"{count_text(count - alone)} of the {count_text(count)} photos overlap{apart};"
        f" the other {rest} alone."
    )


def _looks(count: int) -> str:
    if count == 1:
        return "1 suggestion is a second look"
    return f"{count_text(count)} suggestions are second looks"


def _listed(words: Sequence[str]) -> str:
    """Up to three; more are only counted."""
    if len(words) <= _NAMED:
        return ", ".join(words)
    return f"{', '.join(words[:_NAMED])} and {count_text(len(words) - _NAMED)} more"
