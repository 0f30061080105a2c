"""What any order could reach on corrupted labels, whose generator is known.

    python -m benchmarks.review_roof [--cases 200] [--seed 2601]

Beside the orders of benchmarks.review_order, over the same cases: the same queue fed
with the exact chances of each cell (by the generator, and how common each true class is
in the case), and the fewest calls that one who knows the truth could do with.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from benchmarks.review_figures import Reviewed, needed_text, ratio_text
from benchmarks.review_order import (
    KNOWN,
    LEAST,
    SURE,
    Means,
    corrupted,
    drawn_cells,
    simulated_case,
)
from benchmarks.review_pool import Pool
from marrowscope.domain.cell_chances import CellChances
from marrowscope.domain.measured_errors import NO_CELL
from marrowscope.domain.reported_shares import OUTSIDE, PART, REST, ReportedShares
from marrowscope.evaluation.simulated_review import (
    SimulatedCase,
    at_random,
    by_impact,
    least_confident_first,
    reviewed_until_right,
)
from marrowscope.workflow.models import find_model
from marrowscope.workflow.places import load_criteria, load_taxonomy


def main(argv: Sequence[str] | None = None) -> None:
    """Print what an order by the exact chances needs of corrupted labels."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2601)
    asked = parser.parse_args(argv)
    bundle = find_model("lee")
    means = Means(
        bundle, bundle.errors, ReportedShares(load_taxonomy(), load_criteria())
    )
    pool = corrupted(means, np.random.default_rng([asked.seed, 0]))
    rng = np.random.default_rng([asked.seed, 100])
    needed: dict[str, list[int]] = {}
    for _ in range(asked.cases):
        one = drawn_cells(pool, rng, 1000)
        case = simulated_case(one, means, rng, 1.0)
        for name, cells in needs(case, exact(one, case, means), means, rng).items():
            needed.setdefault(name, []).append(cells)
    others = [np.asarray(needed[n]) for n in ("least confident first", "at random")]
    for name, cells in needed.items():
        ratio = ratio_text(np.asarray(cells), others)
        print(f"  {name:36} {needed_text(np.asarray(cells))}, ratio {ratio}")


def needs(
    case: SimulatedCase,
    chances: CellChances,
    means: Means,
    rng: np.random.Generator,
) -> dict[str, int]:
    """Cells until all lines are right for good."""
    shares = means.shares.shares
    best = replace(case, chances=chances)
    found: dict[str, Reviewed] = {
        name: reviewed_until_right(case, shares, rows)
        for name, rows in (
            ("least confident first", least_confident_first(case)),
            ("at random", at_random(case, rng)),
            ("by impact", by_impact(case, shares).rows),
            ("by impact, exact chances", by_impact(best, shares).rows),
        )
    }
    cells = {name: one.cells for name, one in found.items()}
    return cells | {"who knows the truth (greedy)": fewest_calls(case, means)}


def exact(one: Pool, case: SimulatedCase, means: Means) -> CellChances:
    """Bayes' rule by the generator, with how common each class is in this case."""
    said = means.errors.said
    assert said is not None
    names = [*means.bundle.vocabulary.class_ids, NO_CELL]
    stated = one.table.probabilities
    named = one.table.class_index
    rest = stated.copy()
    np.put_along_axis(rest, named[:, None], 0, axis=1)
    second = rest.argmax(axis=1)
    likely = said[:-1] * (1 - np.eye(len(said) - 1))  # of a second choice by chance
    likely /= likely.sum(axis=1, keepdims=True)
    by_chance = likely[named, second]
    sure = one.table.class_score
    chances = np.empty((len(named), len(names)))
    for true, name in enumerate(names):
        right = named == true
        known = KNOWN if name != NO_CELL else 0
        blind = known * (second == true) + (1 - known) * by_chance
        chances[:, true] = (
            (one.truth == name).mean()
            * said[true, named]
            * np.where(right, _density(sure, right=True), _density(sure, right=False))
            * np.where(right, by_chance, blind)
        )
    chances /= chances.sum(axis=1, keepdims=True)
    kinds = _standing(one, case, names)  # (C + 1, S)
    part, rest = (chances @ (kinds == kind) for kind in (PART, REST))
    return replace(
        case.chances,
        part=part.astype(np.float32),
        rest=rest.astype(np.float32),
        spread=0.0,
    )


def _density(sure: NDArray[np.float32], *, right: bool) -> NDArray[np.float64]:
    """How likely an answer is stated so surely; what is below LEAST was put there."""
    law = SURE[right]
    at_least = beta.cdf(LEAST, *law)
    return np.where(sure <= LEAST + 1e-4, at_least, beta.pdf(sure, *law))


def _standing(one: Pool, case: SimulatedCase, names: Sequence[str]) -> NDArray[np.int8]:
    """Where cells of each true class stand; a class that the case lacks, nowhere."""
    found = np.full((len(names), case.truth.shape[1]), OUTSIDE, np.int8)
    for number, name in enumerate(names):
        rows = np.flatnonzero(one.truth == name)
        if len(rows):
            found[number] = case.truth[rows[0]]
    return found


def fewest_calls(case: SimulatedCase, means: Means) -> int:
    """Greedily, of the wrong cells, always that which leaves the lines least to go.

    An upper bound of the fewest calls after which all lines are right; whether they
    stay so is not asked.
    """
    ways = [
        (number, float(mark))
        for number, share in enumerate(means.shares.shares)
        for mark in share.thresholds
    ]
    said, truth = (
        np.stack([_worth(c[:, n], mark) for n, mark in ways], axis=1)
        for c in (case.chances.said, case.truth)
    )
    wrong = np.flatnonzero((said != truth).any(axis=1))
    moves = (truth - said)[wrong]
    above, now = truth.sum(axis=0) >= -1e-6, said.sum(axis=0)
    for calls in range(len(wrong)):
        if not _to_go(now, above):
            return calls
        best = int(_to_go(now + moves, above).argmin())
        now = now + moves[best]
        moves = np.delete(moves, best, axis=0)
    return len(wrong)


def _worth(standing: NDArray[np.int8], mark: float) -> NDArray[np.float64]:
    return (standing == PART) - mark * (standing != OUTSIDE)


def _to_go(balance: NDArray[np.float64], above: NDArray[np.bool_]) -> NDArray:
    """How far the lines on their wrong side are from it, together."""
    short = np.where(balance < -1e-6, -balance, 0)
    over = np.where(balance >= -1e-6, balance + 1e-3, 0)
    return np.where(above, short, over).sum(axis=-1)


if __name__ == "__main__":
    main()
