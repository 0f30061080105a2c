"""One round after another: read decisions, learn, list what is still in doubt."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.inference.bundle import Bundle
from marrowscope.training.fine_labels import FINE_IDS
from marrowscope.training.labels import CLASSES
from marrowscope.training.loop import confident, decisions, head, listing, record
from marrowscope.training.loop.case_calls import record_in_cases
from marrowscope.training.loop.cells import LoopCell, allowed_of, folds_for, places_of
from marrowscope.training.loop.evidence import Evidence, evidence_of
from marrowscope.training.loop.head import Head
from marrowscope.training.loop.listing import Disagreement

log = logging.getLogger(__name__)

EVIDENCE, KEPT_OUT = "evidence.npz", "kept_out.npz"
LEAST_CELLS = 20
WORDS = tuple(dict.fromkeys((*CLASSES, *FINE_IDS)))


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a loop keeps its things and how it looks.

    `shown`: cells a reader is asked about in a round. `reader`: who decides where a
    table does not say.
    """

    folder: Path
    shown: int = 100
    folds: int = 5
    seed: int = 1
    threads: int = 1
    reader: str = "reader"


@dataclass(frozen=True, slots=True)
class Look:
    """What a model makes of labels it has not seen: out-of-sample probabilities (N, 8),
    finer scores (N, K), and the head fitted to all of them."""

    probabilities: NDArray[np.float64]
    logits: NDArray[np.float64]
    head: Head
    surprise: float


def look_at(evidence: Evidence, cells: Sequence[LoopCell], plan: Plan) -> Look:
    """Cross-validate a head over the cells, then fit it to all.

    Raises MarrowScopeError for too few cells to say anything.
    """
    if len(cells) < LEAST_CELLS:
        raise MarrowScopeError(
            f"There are {len(cells)} labelled cells; a loop needs {LEAST_CELLS}.",
            "Confirm more cells, or add a folder with --data.",
        )
    allowed = allowed_of(cells)
    folds = folds_for(cells, plan.folds, seed=plan.seed)
    pull, logits = head.best_pull(evidence, allowed, folds)
    whole = head.fitted(evidence, allowed, pull=pull)
    surprise = head.surprise(logits, allowed)
    return Look(head.class_probabilities(logits), logits, whole, surprise)


def disagreements(
    look: Look, cells: Sequence[LoopCell], done: set[str]
) -> list[Disagreement]:
    """Cells whose label the model does not share, worst first, but settled ones."""
    rows = confident.worst_first(look.probabilities, places_of(cells))
    kept = [row for row in rows.tolist() if cells[row].key not in done]
    return [
        Disagreement(rank, cells[row], look.probabilities[row])
        for rank, row in enumerate(kept, start=1)
    ]


def take_decisions(cells: Sequence[LoopCell], number: int, plan: Plan) -> int:
    """Note what a reader decided of round `number`; how many in all.

    Calls made in case files since the list was written win over its table; those of
    the table are written into the cases. Safe to be broken off and repeated.
    """
    table = folder_of(plan, number) / listing.TABLE
    rows = listing.read_table_rows(table)
    found = {d.cell: d for d in decisions.read_table(table, reader=plan.reader)}
    in_cases = {d.cell: d for d in decisions.called_since(rows, cells)}
    journal = decisions.read_journal(plan.folder)
    noted = {entry.cell for entry in journal if entry.round == number}
    fresh = {k: d for k, d in (found | in_cases).items() if k not in noted}
    record_in_cases([d for k, d in fresh.items() if k not in in_cases], cells)
    words = {row["cell"]: row["word"] for row in rows}
    known = [one for key, one in fresh.items() if key in words]
    if known:
        decisions.note(plan.folder, known, number=number, was=words)
    return len(noted) + len(known)


def folder_of(plan: Plan, number: int) -> Path:
    """The folder of a round's list."""
    return plan.folder / f"round-{number:02d}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the loop stands after a look. `settled`: there is nothing more to decide,
    or the last decisions changed nothing."""

    round: record.Round
    folder: Path
    settled: bool
    look: Look
    evidence: Evidence
    cells: Sequence[LoopCell]


def list_again(
    gather: Callable[[], Sequence[LoopCell]],
    bundle: Bundle,
    plan: Plan,
    *,
    kept_out: Sequence[LoopCell] = (),
) -> Outcome:
    """Learn the labels as they stand and list what is in doubt, as the next round."""
    past = record.read_rounds(plan.folder)
    journal = decisions.read_journal(plan.folder)
    cells = decisions.applied(gather(), journal)
    cache = plan.folder / EVIDENCE
    evidence = evidence_of(bundle, cells, cache=cache, threads=plan.threads)
    look = look_at(evidence, cells, plan)
    doubted = disagreements(look, cells, decisions.settled(journal))
    number = len(past) + 1
    shown = doubted[: plan.shown]
    folder = folder_of(plan, number)
    listing.write_table(shown, folder)
    model = f"{bundle.name} {bundle.identity.version}"
    listing.write_page(
        shown, folder, number=number, model=model, words=WORDS, listed=len(doubted)
    )
    said = decisions.counted(journal, number - 1)
    labels = places_of(cells)
    this = record.Round(
        number=number,
        cells=len(cells),
        disagreements=len(doubted),
        shown=len(shown),
        likely_wrong=confident.likely_wrong(look.probabilities, labels),
        agreement=float((look.probabilities.argmax(axis=1) == labels).mean()),
        surprise=look.surprise,
        kept_out=_accuracy(look.head, bundle, plan, kept_out),
        kept=said[decisions.KEEP],
        changed=said[decisions.NEW],
        untold=said[decisions.UNTOLD],
    )
    record.write_rounds([*past, this], plan.folder)
    settled = not shown or _unmoved(past, this)
    return Outcome(this, folder, settled, look, evidence, cells)


def _unmoved(past: Sequence[record.Round], this: record.Round) -> bool:
    """True when all that was shown was decided, and every label kept."""
    return bool(past) and this.kept == past[-1].shown > 0


def _accuracy(
    fitted: Head, bundle: Bundle, plan: Plan, cells: Sequence[LoopCell]
) -> float | None:
    if not cells:
        return None
    cache = plan.folder / KEPT_OUT
    evidence = evidence_of(bundle, cells, cache=cache, threads=plan.threads)
    named = head.class_probabilities(fitted.logits(evidence)).argmax(axis=1)
    return float((named == places_of(cells)).mean())
