"""What a reader decided about the cells shown, and a journal of it all.

Decisions are taken in the list's own CSV, or by calling the cell in its case file.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.training.loop.cells import LoopCell
from marrowscope.training.reading.labelled import Label
from marrowscope.training.reading.words import meaning_of, plain

KEEP, NEW, UNTOLD = "keep", "new label", "cannot tell"
JOURNAL = "journal.csv"
COLUMNS = ("at", "round", "who", "cell", "decision", "was", "became")
UNIDENTIFIABLE = "unidentifiable"
_CHOICES = {plain(choice): choice for choice in (KEEP, NEW, UNTOLD)}
LOOKS = 2  # a new label that the model still doubts is shown once more


@dataclass(frozen=True, slots=True)
class Decision:
    """One reader's answer about one cell; `label` is the new one, None otherwise."""

    cell: str
    choice: str
    reader: str
    label: Label | None = None


def read_table(path: Path, *, reader: str) -> list[Decision]:
    """The rows of a list that a reader filled in; the others are left for later.

    reader: who decided where the table does not say. Raises MarrowScopeError that
    names every line with a word nobody knows.
    """
    found: list[Decision] = []
    faults: list[str] = []
    with path.open(newline="", encoding="utf-8-sig") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            said = (row.get("decision") or "").strip()
            word = (row.get("new_label") or "").strip()
            if not said and not word:
                continue
            answer = _decision(row, said or NEW, word, reader)
            if isinstance(answer, Decision):
                found.append(answer)
            else:
                faults.append(f"line {number}: {answer}")
    if faults:
        raise MarrowScopeError(
            f"{path.name} has decisions that cannot be read: {'; '.join(faults)}.",
            f"Write {KEEP}, {NEW} or {UNTOLD}, and a class or line as new label.",
        )
    return found


def _decision(
    row: Mapping[str, str], said: str, word: str, reader: str
) -> Decision | str:
    """The decision of a row, or what is wrong with it."""
    choice = _CHOICES.get(plain(said))
    who = (row.get("reader") or "").strip() or reader
    if choice is None:
        return f"“{said}” is no decision"
    if choice != NEW:
        return Decision(row["cell"], choice, who)
    meaning = meaning_of(word)
    if meaning is None or (meaning.class_id is None and not meaning.ignored):
        return f"“{word}” is no class that is known"
    if meaning.ignored and meaning.class_id is None:
        return Decision(row["cell"], UNTOLD, who)
    return Decision(row["cell"], NEW, who, meaning.label(word))


def called_since(
    shown: Iterable[Mapping[str, str]], cells: Sequence[LoopCell]
) -> list[Decision]:
    """Decisions taken in case files: cells called anew since they were shown."""
    now = {cell.key: cell for cell in cells if cell.case is not None}
    found = []
    for row in shown:
        cell = now.get(row["cell"])
        if cell is None or cell.called == row["called_at"]:
            continue
        label = cell.crop.label
        same = (cell.class_id, label.word) == (row["label"], row["word"])
        if label.line == UNIDENTIFIABLE:
            found.append(Decision(cell.key, UNTOLD, cell.reader))
        elif same:
            found.append(Decision(cell.key, KEEP, cell.reader))
        else:
            found.append(Decision(cell.key, NEW, cell.reader, label))
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. `became`: the word of the label, empty for none."""

    at: str
    round: int
    who: str
    cell: str
    decision: str
    was: str
    became: str


def read_journal(folder: Path) -> list[Entry]:
    """Everything decided so far, oldest first."""
    path = folder / JOURNAL
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Entry(*(row[n] for n in COLUMNS[:1]), int(row["round"]), *_rest(row))
            for row in csv.DictReader(file)
        ]


def _rest(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in COLUMNS[2:])


def note(
    folder: Path,
    decisions: Sequence[Decision],
    *,
    number: int,
    was: Mapping[str, str],
) -> None:
    """Add decisions of round `number` to the journal. was: each cell's word before."""
    path = folder / JOURNAL
    fresh = not path.is_file()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with path.open("a", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        if fresh:
            rows.writerow(COLUMNS)
        for one in decisions:
            before = was[one.cell]
            after = {KEEP: before, UNTOLD: ""}.get(one.choice)
            word = one.label.word if one.label else ""
            became = word if after is None else after
            rows.writerow(
                (at, number, one.reader, one.cell, one.choice, before, became)
            )


def settled(entries: Sequence[Entry]) -> set[str]:
    """Cells that are not shown again: kept, given up, or given a new label twice."""
    by_cell: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_cell[entry.cell].append(entry)
    return {
        cell
        for cell, said in by_cell.items()
        if said[-1].decision != NEW or len(said) >= LOOKS
    }


def applied(cells: Sequence[LoopCell], entries: Sequence[Entry]) -> list[LoopCell]:
    """The cells under the labels decided; those nobody can tell are left out.

    A case file already holds its own calls; only what nobody can tell is taken off.
    """
    # To keep a label is to keep the newest one, so only changes matter here.
    last = {entry.cell: entry for entry in entries if entry.decision != KEEP}
    found = []
    for cell in cells:
        entry = last.get(cell.key)
        if entry is None:
            found.append(cell)
        elif entry.decision == NEW:
            found.append(_under(cell, entry.became))
        elif cell.case is not None and cell.crop.label.line != UNIDENTIFIABLE:
            found.append(cell)  # called anew in its case since
    return found


def _under(cell: LoopCell, word: str) -> LoopCell:
    meaning = meaning_of(word)
    if cell.case is not None or meaning is None:
        return cell
    return cell.relabelled(meaning.label(word))


def counted(entries: Iterable[Entry], number: int) -> Counter[str]:
    """How often each decision was taken in a round."""
    return Counter(entry.decision for entry in entries if entry.round == number)
