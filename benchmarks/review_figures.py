"""What simulated readers needed in each order, collected case by case and printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.reported_shares import ReportedShare
from marrowscope.evaluation.simulated_review import (
    Reviewed,
    SimulatedCase,
    at_random,
    by_impact,
    least_confident_first,
    lines_wrong,
    looked_at_again,
    reviewed_until_right,
)

ORDERS = ("by impact", "least confident first", "at random")
UNTIL_RIGHT = "Until all lines are right for good"
AS_READ = "Until the lines are as after this reader's review of every cell"
AGAIN = "Until all lines are right, shown again what contradicts a very sure model"


@dataclass
class Figures:
    """Of each measure and order what each case needed.

    `done`: cells read when the queue first said that none is likely to change a line.
    `wrong`: at certain moments, how many lines of each case were wrong.
    """

    shares: Sequence[ReportedShare]
    needed: dict[str, dict[str, list[Reviewed]]] = field(default_factory=dict)
    done: list[int] = field(default_factory=list)
    wrong: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, case: SimulatedCase, rng: np.random.Generator, *, errs: bool) -> None:
        """Have one case read in every order; `errs`: this reader does."""
        queue = by_impact(case, self.shares)
        others = least_confident_first(case), at_random(case, rng)
        rows = queue.rows, *others
        orders: dict[str, NDArray[np.intp]] = dict(zip(ORDERS, rows, strict=True))
        self._need(UNTIL_RIGHT, case, orders)
        self._when_done(case, orders, queue.done)
        if errs:
            self._need(AS_READ, replace(case, truth=case.calls), orders)
            again = looked_at_again(case)
            queue = by_impact(again, self.shares)
            orders[ORDERS[0]] = queue.rows
            self._need(AGAIN, again, orders)
            then = lines_wrong(again, self.shares, queue.rows)
            self.wrong["by impact, shown again, when done"].append(then[queue.done])
            self.wrong["all cells, shown again"].append(then[-1])

    def _need(
        self,
        measure: str,
        case: SimulatedCase,
        orders: Mapping[str, NDArray[np.intp]],
    ) -> None:
        by_order = self.needed.setdefault(measure, {name: [] for name in ORDERS})
        for name, rows in orders.items():
            by_order[name].append(reviewed_until_right(case, self.shares, rows))

    def _when_done(
        self, case: SimulatedCase, orders: Mapping[str, NDArray[np.intp]], done: int
    ) -> None:
        self.done.append(done)
        for name, rows in orders.items():
            wrong = lines_wrong(case, self.shares, rows)
            self.wrong[f"{name}, then"].append(wrong[done])
        wrong = lines_wrong(case, self.shares, orders[ORDERS[0]])
        self.wrong["no cell read"].append(wrong[0])
        self.wrong["all cells read"].append(wrong[-1])

    def show(self) -> None:
        """Means with their 95 % intervals over cases, and the ratio promised."""
        for measure, by_order in self.needed.items():
            print(f" {measure}")
            _show_needed(by_order)
        done = np.asarray(self.done)
        low, high = resampled_means(done)
        print(
            f" The queue says that no cell left is likely to change a line after"
            f" mean {done.mean():.1f} ({low:.0f} to {high:.0f}),"
            f" median {np.median(done):.0f} cells. Then:"
        )
        for name, counts in self.wrong.items():
            wrong = np.asarray(counts)
            right = (wrong == 0).astype(float)
            low, high = resampled_means(right)
            print(
                f"    {name:36} all lines right in {right.mean():.0%}"
                f" ({low:.0%} to {high:.0%}), lines wrong a case {wrong.mean():.2f}"
            )


def _show_needed(results: Mapping[str, Sequence[Reviewed]]) -> None:
    """A reader who errs may end on the wrong side: "never"."""
    cells = {n: np.asarray([r.cells for r in some]) for n, some in results.items()}
    wrong = np.asarray([r.wrong_first > 0 for r in results[ORDERS[0]]])
    for words, rows in (
        ("all cases", np.ones(len(wrong), np.bool_)),
        ("a line wrong at first", wrong),
        ("all lines right at first", ~wrong),
    ):
        if not rows.any():
            continue
        print(f"  {words}: {rows.sum()}")
        for name in ORDERS:
            never = np.mean([not r.ever for r in np.asarray(results[name])[rows]])
            print(f"    {name:22} {needed_text(cells[name][rows])}, never {never:.0%}")
        ours, *others = (cells[name][rows] for name in ORDERS)
        print(f"    ratio to the better: {ratio_text(ours, others)}", flush=True)


def needed_text(cells: NDArray[np.intp]) -> str:
    """Mean, its 95 % interval over cases, and median."""
    low, high = resampled_means(cells)
    middle = np.median(cells)
    return f"mean {cells.mean():6.1f} ({low:.0f} to {high:.0f}), median {middle:5.0f}"


def resampled_means(values: NDArray[np.number]) -> tuple[float, float]:
    rng = np.random.default_rng(20)
    draws = rng.choice(values, (1000, len(values))).mean(axis=1)
    return float(np.percentile(draws, 2.5)), float(np.percentile(draws, 97.5))


def ratio_text(ours: NDArray[np.intp], others: Sequence[NDArray[np.intp]]) -> str:
    """Mean against the lower of the other means, its interval by resampling cases."""
    rng = np.random.default_rng(21)
    rows = rng.integers(len(ours), size=(1000, len(ours)))
    best = np.min([other[rows].mean(axis=1) for other in others], axis=0)
    ratios = ours[rows].mean(axis=1) / np.maximum(best, 1e-9)
    value = ours.mean() / max(min(other.mean() for other in others), 1e-9)
    low, high = np.percentile(ratios, (2.5, 97.5))
    return f"{value:.2f} ({low:.2f} to {high:.2f})"
