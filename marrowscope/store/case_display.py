"""How the slides of a case are shown, where a reader has changed their colours."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict

from marrowscope.imaging.display_colour import AS_THE_FILE_SAYS, DisplayColour
from marrowscope.store import journal

_FACT = "display of slide "


def stored(connection: sqlite3.Connection) -> dict[int, DisplayColour]:
    """By slide number; slides nobody has changed are absent."""
    rows = connection.execute(
        "SELECT name, value FROM facts WHERE name LIKE ?", (f"{_FACT}%",)
    )
    return {int(name.removeprefix(_FACT)): _read(value) for name, value in rows}


def put(
    connection: sqlite3.Connection, slide: int, colour: DisplayColour, *, who: str
) -> None:
    """Keep the colours of a slide in place of earlier ones, and note the change."""
    was = stored(connection).get(slide, AS_THE_FILE_SAYS)
    if colour == was:
        return
    connection.execute(
        "INSERT INTO facts VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (f"{_FACT}{slide}", json.dumps(asdict(colour))),
    )
    what = f"colours of slide {slide} as shown; read from the untouched pixels"
    journal.note(connection, what, was=was.words, became=colour.words, who=who)


def _read(text: str) -> DisplayColour:
    said = json.loads(text)
    white = said["white"]
    return DisplayColour(**{**said, "white": tuple(white) if white else None})
