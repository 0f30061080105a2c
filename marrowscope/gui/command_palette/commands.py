"""What the palette offers: the menus' actions, the slides, and a cell by its number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QMenuBar

from marrowscope.gui.command_palette.matching import Fit, fit
from marrowscope.gui.menu_walk import Placed, placed_actions
from marrowscope.gui.session import CaseSession

CELL = re.compile(r"(?:c|ce|cel|cell|cells)?\s*#?\s*(\d[\d,]*)")
MOST_SHOWN = 60
RECENT_BONUS = 2.0


@dataclass(frozen=True, slots=True)
class Command:
    """`words` name it, `place` says where it is otherwise; `on` is a switch's state."""

    words: str
    place: str
    do: Callable[[], object]
    keys: tuple[str, ...] = ()
    possible: bool = True
    on: bool | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A command and the letters of its words that were meant."""

    command: Command
    fit: Fit


def commands(bar: QMenuBar, session: CaseSession) -> list[Command]:
    """Everything that can be asked for at this moment."""
    return [*map(_of_action, placed_actions(bar)), *_slides(session)]


def _of_action(placed: Placed) -> Command:
    action = placed.action
    return Command(
        words=placed.words,
        place=" › ".join(placed.menus),
        do=action.trigger,
        keys=placed.keys,
        possible=action.isEnabled(),
        on=action.isChecked() if action.isCheckable() else None,
    )


def _slides(session: CaseSession) -> Iterator[Command]:
    shown = session.slide
    for place, entry in enumerate(session.slides, start=1):
        yield Command(
            words=f"Slide {place}: {entry.name}",
            place="Slides",
            do=partial(session.show_slide, entry.number),
            on=True if entry is shown else None,
        )


def cell_command(session: CaseSession, typed: str) -> Command | None:
    """ "cell 1204", or the number alone; None when no cell is meant."""
    meant = CELL.fullmatch(typed.strip().casefold())
    if meant is None:
        return None
    number = int(meant[1].replace(",", "")[:18])
    cell = session.cell(number)
    if cell is None or session.vocabulary is None:
        return Command(
            f"No cell {number:,} in this case", "Cells", lambda: None, possible=False
        )
    name = session.vocabulary.of(cell.class_id).name
    if session.hides_answer(number):
        name = "not called yet"
    show = partial(session.select_cell, number, reveal=True)
    return Command(f"Cell {number:,}: {name}", "Cells", show)


def offers(
    typed: str, known: Iterable[Command], *, recent: Sequence[str]
) -> list[Offer]:
    """What fits best first; with nothing typed, what was done lately, then the menus.

    `recent`: words of commands, the latest first. What cannot be done comes last.
    """
    found: list[tuple[tuple[bool, float], Offer]] = []
    for command in known:
        if (how := fit(typed, command.words)) is None:
            how = fit(typed, f"{command.words} {command.place}")
        if how is not None:
            late = command.words in recent
            bonus = RECENT_BONUS - 0.1 * recent.index(command.words) if late else 0.0
            score = (how.score if typed.strip() else 0.0) + bonus
            rank = (not command.possible, -score)
            found.append((rank, Offer(command, how)))
    found.sort(key=lambda pair: pair[0])
    return [offer for _, offer in found[:MOST_SHOWN]]
