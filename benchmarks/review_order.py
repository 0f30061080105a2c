"""Cells to review until the reported lines are right: by decision impact, and not.

    python -m benchmarks.review_order POOL.npz ... [--cases 200] [--seed 1]

Cases are made of the cells of pools (benchmarks.review_pool), or with --corrupted of
true labels corrupted as the model errs; simulated readers go through each.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.review_figures import Figures
from benchmarks.review_pool import Pool, joined, kept_pool
from marrowscope.domain.cell_chances import cell_chances
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.measured_errors import NO_CELL, MeasuredErrors
from marrowscope.domain.reported_shares import ReportedShares
from marrowscope.evaluation.simulated_review import SimulatedCase
from marrowscope.inference.bundle import Bundle
from marrowscope.workflow.models import find_model
from marrowscope.workflow.places import load_criteria, load_taxonomy

CORRUPTED = 8000  # cells of a pool of corrupted labels
SURE = {True: (8, 1.2), False: (4, 2.5)}  # beta laws of a right answer's, a wrong one's
LEAST = 0.51
KNOWN = 0.7  # of wrong answers, those whose second choice is the truth


@dataclass(frozen=True)
class Means:
    """What a case is made with: the model's errors, and the shares it is held to."""

    bundle: Bundle
    errors: MeasuredErrors
    shares: ReportedShares


def main(argv: Sequence[str] | None = None) -> None:
    """Print, for each reader, the cells reviewed in each order."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("pools", nargs="*", type=Path)
    parser.add_argument("--model", default="lee")
    parser.add_argument("--corrupted", action="store_true")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--cells", type=int, default=1000, help="of a case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--right", type=float, nargs="+", default=[1.0, 0.9])
    asked = parser.parse_args(argv)
    bundle = find_model(asked.model)
    shares = ReportedShares(load_taxonomy(), load_criteria())
    means = Means(bundle, bundle.errors, shares)
    if asked.corrupted:
        pool = corrupted(means, np.random.default_rng([asked.seed, 0]))
    else:
        pool = joined([kept_pool(path, asked.model) for path in asked.pools])
    measure(pool, means, asked)


def corrupted(means: Means, rng: np.random.Generator) -> Pool:
    """True labels, each answered as often wrongly as the model was found to.

    A wrong answer is stated less surely, and what is left of it goes mostly to the
    truth; what is left of a right one, to a class it is mistaken for.
    """
    vocabulary, said = means.bundle.vocabulary, means.errors.said
    assert said is not None, "this model's errors were not counted"
    names = [*vocabulary.class_ids, NO_CELL]
    classes = len(names) - 1
    true = rng.integers(len(names), size=CORRUPTED)
    table = CellTable.empty(
        vocabulary.class_ids, (), fine=len(vocabulary.fine), rows=CORRUPTED
    )
    owners = [f.class_id for f in vocabulary.fine]
    first = [owners.index(c) for c in vocabulary.class_ids]
    for row, truth in enumerate(true):
        answer = rng.choice(classes, p=said[truth])
        right = answer == truth
        sure = max(rng.beta(*SURE[bool(right)]), LEAST)
        others = np.delete(np.arange(classes), answer)
        likely = said[answer, others]
        second = truth
        if right or truth == classes or rng.random() >= KNOWN:
            second = rng.choice(others, p=likely / likely.sum())
        table.probabilities[row, answer] = sure
        table.probabilities[row, second] = 1 - sure
    table.fine[:, first] = table.probabilities
    lines = [c.lines[0] for c in vocabulary.classes]
    lines[names.index("other")] = "lymphocyte"
    lines.append("")
    return Pool(table, np.asarray(names)[true], np.asarray(lines)[true])


# Cases ---------------------------------------------------------------------------


def composition(rng: np.random.Generator, cells: int) -> dict[str, int]:
    """How many cells of each true class a case has.

    Shares are drawn round their thresholds: dysplasia 4 to 16 % (megakaryocytes, of
    which a smear has few, 0 to 25 %), blasts 2 to 23 %.
    """
    blasts = round(cells * rng.uniform(0.02, 0.23))
    giants = max(round(cells * 0.03), 1)
    none = round(cells * 0.05)
    rest = cells - blasts - giants - none
    sizes = {"E": round(0.35 * rest), "G": round(0.45 * rest), "M": giants}
    sick = {"E": rng.uniform(0.04, 0.16), "G": rng.uniform(0.04, 0.16)}
    sick["M"] = rng.uniform(0, 0.25)
    found = {"blast": blasts, NO_CELL: none}
    for letter, size in sizes.items():
        found[f"{letter}D"] = round(size * sick[letter])
        found[f"{letter}N"] = size - found[f"{letter}D"]
    found["other"] = cells - sum(found.values())
    return found


def drawn_cells(pool: Pool, rng: np.random.Generator, cells: int) -> Pool:
    """The cells of one case."""
    rows = [
        rng.choice(np.flatnonzero(pool.truth == true), size=count)
        for true, count in composition(rng, cells).items()
    ]
    one = pool.select(rng.permutation(np.concatenate(rows)))
    return replace(one, table=replace(one.table, id=np.arange(cells, dtype=np.int64)))


def simulated_case(
    one: Pool, means: Means, rng: np.random.Generator, right: float
) -> SimulatedCase:
    """A case of these cells, and a reader who is right so often (1: always)."""
    table = one.table
    chances = cell_chances(table, means.bundle.vocabulary, means.shares, means.errors)
    truth = true_standing(one, means.shares)
    (other,) = rng.spawn(1)  # the cases of a seed do not depend on second looks
    return SimulatedCase(
        chances=chances,
        confidence=table.class_score,
        truth=truth,
        calls=calls_of(one, truth, means, rng, right),
        again=calls_of(one, truth, means, other, right),
        looks=np.ones(len(table), np.int64),
    )


def true_standing(pool: Pool, shares: ReportedShares) -> NDArray[np.int8]:
    """(N, S) where the true cells belong."""
    lineages = {"E": "erythroid", "G": "granulocytic", "M": "megakaryocytic"}
    rows = []
    for true, line in zip(pool.truth.tolist(), pool.line.tolist(), strict=True):
        lineage = lineages[true[0]] if true[1:] in ("N", "D") else str(true)
        lines = (line,) if line else ()
        rows.append(shares.standing(lines, lineage, true[1:] == "D"))
    return np.asarray(rows, np.int8)


def calls_of(
    pool: Pool,
    truth: NDArray[np.int8],
    means: Means,
    rng: np.random.Generator,
    right: float,
) -> NDArray[np.int8]:
    """(N, S) a reader's calls; a wrong one is as the model errs about such a cell."""
    vocabulary = means.bundle.vocabulary
    examples = {"other": ("lymphocyte",), "blast": ("blast",)}
    standing = []
    for known in vocabulary.classes:
        lines = examples.get(known.id, known.lines[:1])
        standing.append(means.shares.standing(lines, known.lineage, known.dysplastic))
    standing.append([0] * truth.shape[1])
    names = [*vocabulary.class_ids, NO_CELL]
    calls = truth.copy()
    assert means.errors.said is not None
    for row in np.flatnonzero(rng.random(len(truth)) >= right):
        true = names.index(pool.truth[row])
        chances = np.append(means.errors.said[true], 0.0)
        chances[true] = 0
        chances[-1] = 0.02 if true < len(names) - 1 else 0
        wrong = rng.choice(len(names), p=chances / chances.sum())
        calls[row] = standing[wrong]
    return calls


# Measuring -----------------------------------------------------------------------


def measure(pool: Pool, means: Means, asked: argparse.Namespace) -> None:
    """A perfect reader, and one who errs in one call of ten."""
    for right in asked.right:
        rng = np.random.default_rng([asked.seed, round(100 * right)])
        figures = Figures(means.shares.shares)
        for _ in range(asked.cases):
            one = drawn_cells(pool, rng, asked.cells)
            case = simulated_case(one, means, rng, right)
            figures.add(case, rng, errs=right < 1)
        print(
            f"\nA reader who is right in {right:.0%}, {asked.cases} cases", flush=True
        )
        figures.show()


if __name__ == "__main__":
    main()
