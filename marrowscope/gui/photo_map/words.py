"""What is said beside the map: photos of one place, files given twice, lost ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marrowscope.gui.photo_map.sheet import PhotoSheet
from marrowscope.report.photos import groups_text

NEAR, COPIES, APART = "Nearly the same place", "The same file again", "Not compared"
NONE_ALIKE = "No two photos show nearly the same place."
APART_WHY = (
    "It was not at hand when the others were compared; a cell that it shares with them "
    "may be counted twice."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list; a click looks at one of `photos` after the other.

    A line without photos is the heading of those below it.
    """

    text: str
    photos: tuple[int, ...] = ()
    hint: str = ""


def heading(sheet: PhotoSheet) -> str:
    """How many overlap."""
    return groups_text(sheet.said)


def summary(sheet: PhotoSheet) -> str:
    """How many cells would have been counted again, and that no photo is double."""
    parts, again = [], sheet.said.seen_again
    if again:
        looks = "1 second look" if again == 1 else f"{again:,} second looks"
        verb = "is" if again == 1 else "are"
        parts.append(f"{looks} at a cell {verb} left out: each cell counts once.")
    if not sheet.said.near_duplicates:
        parts.append(NONE_ALIKE)
    return " ".join(parts)


def rows(sheet: PhotoSheet) -> tuple[Row, ...]:
    """Headings and lines, none where there is nothing to say."""
    return (*_near(sheet), *_copies(sheet), *_apart(sheet))


def _near(sheet: PhotoSheet) -> Iterator[Row]:
    said = sheet.said.near_duplicates
    if said:
        yield Row(NEAR)
    for first, second, shared in said:
        text = f"{sheet.names[first]} and {sheet.names[second]}"
        hint = f"Of the smaller photo the other shows {100 * shared:.0f} %."
        yield Row(text, (first, second), hint)


def _copies(sheet: PhotoSheet) -> Iterator[Row]:
    if sheet.said.copies:
        yield Row(COPIES)
    for number, name in sheet.said.copies:
        hint = f"{name} holds the same, so it was not read."
        yield Row(f"{sheet.names[number]} and {name}", (number,), hint)


def _apart(sheet: PhotoSheet) -> Iterator[Row]:
    if sheet.said.apart:
        yield Row(APART)
    for number in sheet.said.apart:
        yield Row(sheet.names[number], (number,), APART_WHY)
