"""What the review asks its workers: the order of now, and cells to read blind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from marrowscope.domain.cell_chances import CellChances, cell_chances
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted
from marrowscope.domain.decision_impact import Called, ReviewOrder, review_order
from marrowscope.domain.measured_errors import MeasuredErrors
from marrowscope.domain.reported_shares import ReportedShares
from marrowscope.domain.review import Verdict
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
    """An order, with what it was made of."""

    basis: Basis
    chances: CellChances
    order: ReviewOrder


def order_now(request: OrderRequest, progress: Progress) -> Ordered:
    """Half a second for half a million cells, the first time; then a quarter."""
    basis, chances = request.basis, request.chances
    if chances is None:
        table = basis.table
        if basis.counted is not None and len(basis.counted.outside):
            table = table.select(basis.counted.counts(table.id.tolist()))
        chances = cell_chances(table, basis.vocabulary, basis.shares, basis.errors)
    order = review_order(chances, basis.shares.shares, _called(request))
    return Ordered(basis, chances, order)


def _called(request: OrderRequest) -> Called:
    standing = [request.basis.shares.of_verdict(v) for v in request.verdicts.values()]
    shares = len(request.basis.shares.shares)
    return Called(
        np.fromiter(request.verdicts, np.int64, len(request.verdicts)),
        np.asarray(standing, np.int8).reshape(-1, shares),
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
