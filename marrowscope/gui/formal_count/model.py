"""What the panel of the formal count says, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marrowscope.domain.count_state import CountState, LineageCount
from marrowscope.domain.formal_count import TOPPED_UP
from marrowscope.domain.megakaryocytes import LINEAGE
from marrowscope.gui.case_state import RunState
from marrowscope.gui.formal_count.lists import COUNT, TITLES
from marrowscope.report.formal import leaning
from marrowscope.report.wording import count_text, date_text

ABOUT = (
    "So many cells are drawn at random from the fields read, evenly from the smears,"
    " and shown one by one without the model’s class. How many is fixed before reading."
)
NOTHING_READ = "Read the smear first: cells are drawn from the fields that were read."
DRAWING = "Drawing the cells…"
UNDER_WAY = (
    "While the smear is read, cells come and go. The count is made up at its end."
)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list to be read: its name, how far it is, and how many nobody has called."""

    which: str
    name: str
    words: str
    done: bool


def number_words(state: CountState) -> tuple[str, str]:
    """The number read, and of how many."""
    return count_text(state.counted), f"of {count_text(state.target)} read"


def fixed_words(state: CountState) -> str:
    """Who fixed it, when, and the seed that brings the same cells again."""
    return f"Seed {state.seed}. Fixed by {state.who}, {date_text(state.at)}."


def smear_rows(state: CountState) -> tuple[tuple[str, str], ...]:
    """Each smear with what it has given so far."""
    return tuple(
        (smear.name, f"{count_text(smear.counted)} of {count_text(smear.drawn)}")
        for smear in state.smears
    )


def notes(state: CountState, run: RunState, target: int | None) -> tuple[str, ...]:
    """What happened to drawn cells, how they were read, and where more are found.

    `target`: cells that the smear was read to, None where all of it was wished for.
    """
    return tuple(_notes(state, more_words(run, target)))


def more_words(run: RunState, target: int | None) -> str:
    """How more cells are found, by what the window calls it."""
    if not run.ended:
        return f"press “{run.next_deed}” (Ctrl+R)"
    if target is not None:
        return "choose “Read all” beside “Read smear”, then press it (Ctrl+R)"
    return "all is read; open another smear of this marrow together with it (Ctrl+O)"


def _notes(state: CountState, more: str) -> Iterator[str]:
    if state.replaced:
        yield f"{count_text(state.replaced)} replaced: no cell for a differential."
    if state.missing > 0:
        yield f"{count_text(state.missing)} missing: {more}."
    if state.to_read and state.picked:
        yield leaning(state)
    seen = state.counted - state.blind
    if seen:
        yield f"{count_text(seen)} called with the model’s class in view."


def list_rows(state: CountState) -> tuple[ListRow, ...]:
    """The count, what is drawn on top of it, and the megakaryocytes."""
    found = {one.lineage: one for one in state.lineages}
    rows = [_count_row(state)]
    rows += [_top_row(found[one]) for one in TOPPED_UP if found[one].on_top]
    return (*rows, _giants_row(found[LINEAGE]))


def _count_row(state: CountState) -> ListRow:
    left = state.to_read
    words = f"{count_text(left)} to read" if left else "all read"
    return ListRow(COUNT, TITLES[COUNT], words, not left)


def _top_row(one: LineageCount) -> ListRow:
    words = f"{count_text(one.to_read)} to read"
    enough = one.called >= one.minimum or not one.to_read
    return ListRow(one.lineage, TITLES[one.lineage], _judged(one, words), enough)


def _giants_row(one: LineageCount) -> ListRow:
    return ListRow(LINEAGE, TITLES[LINEAGE], _judged(one, ""), one.called > one.minimum)


def _judged(one: LineageCount, more: str) -> str:
    have = f"{count_text(one.called)} of {count_text(one.minimum)} to judge by"
    return f"{have} · {more}" if more and one.to_read else have
