"""What the window tells its user: one calm sentence, advice, and details to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError


class Tone(Enum):
    """A note says that something is done; a problem says what is wrong."""

    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Message:
    """One banner. `place` is a file or folder the user may want to open."""

    what: str
    advice: str = ""
    tone: Tone = Tone.NOTE
    details: str = ""
    place: Path | None = None

    @property
    def sentences(self) -> str:
        """What is wrong and what to do, where there is one line for both."""
        return f"{self.what} {self.advice}".strip()

    @property
    def for_support(self) -> str:
        """What "Copy details" puts on the clipboard."""
        return "\n".join(t for t in (self.what, self.advice, self.details) if t)


SIGNED = Message(
    "The case is signed, so nothing in it is changed.",
    "Amend it to go on (Report > Amend).",
)
PROTECTED = Message(
    "The case can only be looked at, so nothing is stored in it.",
    "Make a copy to work on (File menu).",
)


def problem(error: MarrowScopeError, details: str = "") -> Message:
    """The banner for an error."""
    return Message(error.what, error.advice, Tone.PROBLEM, details)


def problems(errors: Sequence[MarrowScopeError]) -> Message:
    """One banner for several inputs that failed: the first, and how many more."""
    first, more = errors[0], len(errors) - 1
    counted = f"{more + 1} inputs could not be opened. " if more else ""
    what = counted + first.what
    return Message(
        what, first.advice, Tone.PROBLEM, "\n".join(str(error) for error in errors)
    )


def not_seen(unseen: int, chosen: int) -> Message:
    """Of the cells chosen some were not in sight yet: nothing is said of them."""
    were = "was" if unseen == 1 else "were"
    return Message(
        f"{unseen:,} of the {chosen:,} cells chosen {were} not in sight yet: nothing is"
        " said of them.",
        "Scroll past them in the gallery (Ctrl+G), or enlarge them on the smear.",
    )
