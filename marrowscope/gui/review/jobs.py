"""What the review asks its workers: the order of now, and cells to read blind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_chances import CellChances, cell_chances
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted
from marrowscope.domain.decision_impact import Called, ReviewOrder, review_order
from marrowscope.domain.measured_errors import MeasuredErrors
from marrowscope.domain.reported_shares import ReportedShares
from marrowscope.domain.review import Origin, Verdict
from marrowscope.domain.second_looks import second_looks
from marrowscope.domain.unflagged import UnflaggedCheck
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.jobs import Progress
from marrowscope.workflow.checking import unflagged_checks
from marrowscope.workflow.opening import OpenedCase


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """What chances are made of; they are made anew only when some of it is another."""

    table: CellTable
    vocabulary: ModelVocabulary
    counted: Counted | None
    shares: ReportedShares
    errors: MeasuredErrors

    def same_as(self, other: Basis | None) -> bool:
        """True when the chances of the one are those of the other."""
        return other is not None and (
            self.table is other.table
            and self.counted is other.counted
            and self.shares == other.shares
            and self.errors is other.errors
        )


@dataclass(frozen=True, slots=True, eq=False)
class OrderRequest:
    """The order of a case's cells now; `chances`: those of `basis`, once made."""

    basis: Basis
    chances: CellChances | None
    verdicts: Mapping[int, Verdict]


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """An order, with what it was made of; `doubted` (K,): calls to look at again."""

    basis: Basis
    chances: CellChances
    order: ReviewOrder
    doubted: NDArray[np.int64]


def order_now(request: OrderRequest, progress: Progress) -> Ordered:
    """Half a second for half a million cells, the first time; then a quarter."""
    basis, chances = request.basis, request.chances
    if chances is None:
        table = basis.table
        if basis.counted is not None and len(basis.counted.outside):
            table = table.select(basis.counted.counts(table.id.tolist()))
        chances = cell_chances(table, basis.vocabulary, basis.shares, basis.errors)
    called = _called(request.verdicts, basis.shares)
    order = review_order(chances, basis.shares.shares, called)
    return Ordered(basis, chances, order, _doubted(request, chances))


def _doubted(request: OrderRequest, chances: CellChances) -> NDArray[np.int64]:
    if request.basis.errors.said is None:  # no such model is known to be sure
        return np.zeros(0, np.int64)
    # Of the queue alone: whoever looks twice at what differs of a sample, bends it.
    queued = {c: v for c, v in request.verdicts.items() if v.origin is Origin.QUEUE}
    return second_looks(chances, _called(queued, request.basis.shares))


def _called(verdicts: Mapping[int, Verdict], shares: ReportedShares) -> Called:
    standing = [shares.of_verdict(verdict) for verdict in verdicts.values()]
    return Called(
        np.fromiter(verdicts, np.int64, len(verdicts)),
        np.asarray(standing, np.int8).reshape(-1, len(shares.shares)),
    )


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Unflagged cells to read blind, drawn now where none were."""

    case: OpenedCase
    reader: str


def draw_checks(
    request: CheckRequest, progress: Progress
) -> tuple[UnflaggedCheck, ...]:
    """By lineage the cells to read. Raises MarrowScopeError when nothing was read."""
    return unflagged_checks(request.case.file, reader=request.reader)
