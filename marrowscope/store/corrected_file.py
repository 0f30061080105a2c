"""The cells of a case as people left them, and the steps that led there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.drawn_cells import drawn_over
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.review import (
    Edit,
    History,
    MissedCell,
    Step,
    Verdict,
    is_keyed,
)
from marrowscope.domain.second_reading import SecondReading
from marrowscope.domain.unflagged import UnflaggedCheck
from marrowscope.store import (
    case_boxes,
    case_cells,
    case_checks,
    case_counts,
    case_keyed,
    case_places,
    case_readings,
    case_runs,
    case_steps,
    case_verdicts,
    journal,
)
from marrowscope.store.case_places import UnmatchedVerdict
from marrowscope.store.known_cells import KnownCells, drawn_now, known_now
from marrowscope.store.signed_file import SignedFile


class CorrectedFile(SignedFile):
    """The half of a `CaseFile` that readers correct."""

    def cells(
        self, slide: int | None = None, *, every: bool = False, outlines: bool = True
    ) -> CellTable:
        """The cells of the newest run that has read anything, of each or one slide.

        With what people drew: cells they took away are left out, boxes they drew stand
        in place of the model's, and cells no run shows come last. A cell that several
        photos show is there once (see `seen_again`); with `every` all looks at it are.
        Without `outlines`, which take more room than all else, none are read.

        An empty table without classes before the first run. Slides whose newest run
        is another model's than the newest of the case are left aside.
        """
        with self._ledger.reading() as db:
            known = case_runs.vocabulary(db)
            if known is None:
                return CellTable.empty((), ())
            runs = case_runs.newest(db)
            drawn = case_places.drawn(db, runs)
            if slide is not None:
                drawn = {c: one for c, one in drawn.items() if one.slide == slide}
                runs = {slide: runs[slide]} if slide in runs else {}
            table = case_cells.table(db, runs, known, every=every, outlines=outlines)
            return drawn_over(table, drawn_now(db, drawn, runs)) if drawn else table

    def known_cells(self, before: KnownCells | None = None) -> KnownCells | None:
        """The same without contours; of what is known from `before`, only what changed.

        The table is the one that `cells` gives; None before the first run.
        """
        with self._ledger.reading() as db:
            known = case_runs.vocabulary(db)
            if known is None:
                return None
            return known_now(db, case_runs.newest(db), known, before)

    def edit(self, edit: Edit) -> Step:
        """Store what a reader did in one step. KeyError: an unknown cell or slide."""
        with self._ledger.writing() as db:
            number = case_steps.begin(
                db,
                edit.name,
                who=edit.who,
                at=edit.at,
                reading=edit.reading,
                settles=edit.settles,
            )
            case_keyed.add(db, edit.keyed, step=number)
            said_of = (*(v.cell for v in edit.verdicts), *edit.withdrawn)
            case_keyed.require(db, (c for c in said_of if is_keyed(c)))
            case_boxes.require(db, [c for c in said_of if not is_keyed(c)])
            case_boxes.change(db, edit, step=number)
            added = [_add(db, edit, one, step=number) for one in edit.missed]
            of = {"step": number, "reading": edit.reading}
            case_verdicts.add(db, edit.verdicts, **of)
            case_verdicts.withdraw(
                db, edit.withdrawn, reader=edit.who, at=edit.at, **of
            )
            return case_steps.stored(db, number, edit.name, added=added)

    def undo(
        self, who: str, *, at: str | None = None, reading: int | None = None
    ) -> Step | None:
        """Take the last step of this reader back; None when there is none.

        `reading`: of that second reading, which has a history of its own.
        """
        with self._ledger.writing() as db:
            when = at or journal.now()
            return _now(db, case_steps.undo(db, who=who, at=when, reading=reading))

    def redo(
        self, who: str, *, at: str | None = None, reading: int | None = None
    ) -> Step | None:
        """Do again what this reader undid last; None when there is nothing."""
        with self._ledger.writing() as db:
            when = at or journal.now()
            return _now(db, case_steps.redo(db, who=who, at=when, reading=reading))

    def history(self, who: str, reading: int | None = None) -> History:
        """What this reader's next undo and redo would be called."""
        with self._ledger.reading() as db:
            return case_steps.history(db, who, reading)

    def verdicts(
        self, reading: int | None = None, *, before: int | None = None
    ) -> dict[int, Verdict]:
        """The last call of each cell of `cells()`, by cell id.

        Calls of cells of an older run stand at the cell that has taken their place.
        `reading`: as a second reader called them, which is never in force;
        `before`: as they stood when that second reading had no answer yet.
        """
        with self._ledger.reading() as db:
            said = case_verdicts.in_force(db, reading, before=before)
            placed = case_places.place(db, case_runs.newest(db), said)
            return dict(placed.current)

    def begin_second_reading(self, reading: SecondReading) -> SecondReading:
        """Keep which cells a second reader is to call, in which order."""
        with self._ledger.writing() as db:
            return replace(reading, number=case_readings.begin(db, reading))

    def second_readings(self) -> tuple[SecondReading, ...]:
        """All second readings, oldest first, their cells by their ids of now."""
        with self._ledger.reading() as db:
            found = case_readings.stored(db)
            cells = [cell for one in found for cell in one.cells]
            now = case_places.cells_now(db, cells, case_runs.newest(db))
            return tuple(
                replace(one, cells=tuple(now[c] for c in one.cells if c in now))
                for one in found
            )

    def settled(self, reading: int) -> frozenset[int]:
        """Cells of a second reading whose disagreement was settled."""
        with self._ledger.reading() as db:
            cells = case_readings.settled(db, reading)
            now = case_places.cells_now(db, cells, case_runs.newest(db))
            return frozenset(now.values())

    def verdicts_by_reader(self) -> dict[str, dict[int, Verdict]]:
        """Each reader's last call of each cell of `cells()`, by reader and cell id."""
        with self._ledger.reading() as db:
            placed = self._placement(db).by_reader
            return {reader: dict(calls) for reader, calls in placed.items()}

    def keyed(self) -> dict[int, str]:
        """Cells counted beside a microscope: their smear by number, the first first."""
        with self._ledger.reading() as db:
            return case_keyed.in_force(db)

    def last_keyed(self) -> int:
        """The number given last to such a cell; the next one is lower by one."""
        with self._ledger.reading() as db:
            return case_keyed.last_number(db)

    def unmatched_verdicts(self) -> list[UnmatchedVerdict]:
        """Calls whose cell the newest run does not show (or has not yet come to)."""
        with self._ledger.reading() as db:
            return list(self._placement(db).unmatched)

    def formal_count(self) -> FormalCount | None:
        """The count in force, its cells by their ids of now; None before any."""
        with self._ledger.reading() as db:
            count = case_counts.stored(db)
            if count is None:
                return None
            on_top = [c for some in count.on_top.values() for c in some]
            runs = case_runs.newest(db)
            own = [*count.drawn, *on_top, *count.blind]
            now = case_places.cells_now(db, own, runs)
            return count.renamed(now)

    def fix_count(self, count: FormalCount) -> None:
        """Begin a formal count; its cells are drawn with `draw_cells`."""
        with self._ledger.writing() as db:
            case_counts.begin(db, count)

    def draw_cells(
        self,
        cells: Mapping[int, Iterable[int]],
        on_top: Mapping[str, Iterable[int]],
        *,
        who: str,
    ) -> None:
        """Add cells to the count in force, by smear, and on top of it, by lineage."""
        with self._ledger.writing() as db:
            case_counts.draw(db, cells, on_top, who=who)

    def add_check(self, check: UnflaggedCheck) -> None:
        """Keep unflagged cells of a lineage that were drawn to be read blind."""
        with self._ledger.writing() as db:
            case_checks.add(db, check)

    def checks(self) -> tuple[UnflaggedCheck, ...]:
        """The newest draw of each lineage, its cells by their ids of now."""
        with self._ledger.reading() as db:
            checks = case_checks.stored(db)
            cells = [cell for check in checks for cell in check.cells]
            now = case_places.cells_now(db, cells, case_runs.newest(db))
            return tuple(
                replace(one, cells=tuple(now.get(cell, cell) for cell in one.cells))
                for one in checks
            )

    def note_blind(self, cells: Iterable[int]) -> None:
        """These cells of the count were called before the model's class was shown."""
        with self._ledger.writing() as db:
            case_counts.note_blind(db, cells)

    def note_blindness(self, blind: bool, *, who: str) -> None:
        """From now on the model's class is hidden from who counts, or shown."""
        words = ("shown", "hidden")
        with self._ledger.writing() as db:
            journal.note(
                db,
                "formal count: model's class while reading",
                was=words[not blind],
                became=words[blind],
                who=who,
            )

    def _placement(self, db: sqlite3.Connection) -> case_places.Placement:
        return case_places.place(db, case_runs.newest(db))


def _now(connection: sqlite3.Connection, step: Step | None) -> Step | None:
    """The step with its cells as they are called now, after newer runs."""
    if step is None:
        return None
    runs = case_runs.newest(connection)
    now = case_places.cells_now(connection, step.cells, runs)
    cells = dict.fromkeys(now.get(cell, cell) for cell in step.cells)
    return replace(step, cells=tuple(cells))


def _add(
    connection: sqlite3.Connection, edit: Edit, missed: MissedCell, *, step: int
) -> int:
    cell = case_cells.next_id(connection)
    case_boxes.add(connection, cell, missed, edit, step=step)
    if missed.lines:
        said = Verdict(cell, missed.lines, missed.dysplastic, edit.who, edit.at)
        case_verdicts.add(connection, [said], step=step)
    return cell
