"""The laboratory's definitions: show, change, and record them in every case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marrowscope.domain.definitions import Definitions, Formula, definitions_text
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.store import journal
from marrowscope.workflow import places
from marrowscope.workflow.writing import written_whole

if TYPE_CHECKING:
    from marrowscope.workflow.opening import OpenedCase


def definitions_in_force() -> Definitions:
    """What every number is counted by now."""
    return Definitions.of(places.load_taxonomy(), places.load_criteria())


def formulas_in_force() -> tuple[Formula, ...]:
    """The same as printed formulas."""
    taxonomy, criteria = places.load_taxonomy(), places.load_criteria()
    return Definitions.of(taxonomy, criteria).formulas(taxonomy, criteria)


def change_definitions(definitions: Definitions) -> None:
    """Keep them as the laboratory's own; whatever is counted next goes by them.

    Raises UnusableSettings for definitions that cannot be counted by, and
    MarrowScopeError where the file cannot be written.
    """
    definitions.check(places.program_definitions()[0])
    text = definitions_text(definitions)
    written_whole(
        places.definitions_file(), lambda part: part.write_text(text, encoding="utf-8")
    )
    places.read_definitions_again()


def restore_definitions() -> None:
    """Count by the program's own definitions again."""
    places.definitions_file().unlink(missing_ok=True)
    places.read_definitions_again()


def recorded(case: OpenedCase, *, who: str = journal.PROGRAM) -> OpenedCase:
    """The same case, its journal saying by which definitions it is counted now.

    The file of a case that cannot be written to is closed before its error is raised;
    its slides, of which one may be being read, close themselves.
    """
    try:
        record_definitions(case, who=who)
    except MarrowScopeError:
        case.file.close()
        raise
    return case


def record_definitions(case: OpenedCase, *, who: str) -> None:
    """Let the journal of an open case say by which definitions it is counted now.

    One that is only looked at keeps no journal of that.
    """
    if case.file.read_only:
        return
    words = "; ".join(f"{f.name}: {f.words}" for f in formulas_in_force())
    case.file.set_definitions(words, who=who)
