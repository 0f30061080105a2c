"""How good a bundle's regressor is, by what the program itself answers.

``python -m marrowscope.training.mori.measuring --bundle models/mori --work WORK ...``
measures real cells of ``val``, edits, drawn cells and what stopping early
costs; prints one JSON object and writes the bundle's card, figures and diagram.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from marrowscope.domain.cells import Identity
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.families.mori import grade_regressor
from marrowscope.training import figures
from marrowscope.training.datasets import edited_cells, gathering
from marrowscope.training.datasets.cells import CellArrays
from marrowscope.training.labels import CLASSES, FEATURES, REAL_CLASSES
from marrowscope.training.measuring import plain_crop
from marrowscope.training.measuring_command import Family, Measured, measure_bundle
from marrowscope.training.mori import card
from marrowscope.training.reliability import Judged

GRANULES = "g_decreased_granules"
UNSEEN_FIELDS = 25
UNSEEN_EDITS = 77
STOPPED = 400  # cells on which stopping early is tried


def answers(
    bundle: Bundle, cells: CellArrays, *, stop_early: bool
) -> tuple[list[Identity], float, float]:
    """Identities of all cells, turns made per cell, processor seconds per cell."""
    regressor = grade_regressor(bundle, device="cpu", threads=1, stop_early=stop_early)
    crops = [plain_crop(canvas) for canvas in cells.canvas]
    begun = time.process_time()
    found = regressor.identify(crops)
    spent = time.process_time() - begun
    count = max(len(crops), 1)
    return found, regressor.turns_made / count, spent / count


def real_figures(found: Sequence[Identity], cells: CellArrays) -> dict[str, dict]:
    """Per source: F1, recall, false dysplasia and DG, calibration error."""
    chances, grades = stacked(found)
    truth, answer = np.asarray(cells.label), chances.argmax(axis=1)
    report = {}
    for source in np.unique(cells.source):
        rows = cells.source == source
        report[str(source)] = {
            "cells": int(rows.sum()),
            "macro_f1": figures.macro_f1(truth[rows], answer[rows], REAL_CLASSES),
            "accuracy": float((truth[rows] == answer[rows]).mean()),
            "recall": figures.recalls(truth[rows], answer[rows]),
            "false_dysplasia": figures.false_dysplasia(truth[rows], answer[rows]),
            "false_dg": false_granules(grades[rows], truth[rows]),
            "calibration_error": figures.calibration_error(truth[rows], chances[rows]),
        }
    return report


def made_figures(found: Sequence[Identity], cells: CellArrays) -> dict:
    """Drawn or edited cells: agreement, dysplasia per lineage and grade, and DG 1-3 and
    2-3 as published."""
    chances, grades = stacked(found)
    truth, answer = np.asarray(cells.label), chances.argmax(axis=1)
    return {
        "cells": len(truth),
        "agreement": float((truth == answer).mean()),
        "macro_f1": figures.macro_f1(truth, answer, CLASSES),
        "dysplasia": figures.dysplasia_counts(truth, answer),
        "auc": figures.dysplasia_auc(truth, chances),
        "sensitivity_by_grade": figures.sensitivity_by_grade(cells.grades, answer),
        "calibration_error": figures.calibration_error(truth, chances),
        "dg": granule_counts(np.asarray(cells.grades), grades),
    }


def stacked(found: Sequence[Identity]) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (N, 8) and grades (N, F)."""
    chances = np.stack([identity.probabilities for identity in found])
    return chances, np.stack([identity.grades for identity in found])


def rounded_granules(grades: np.ndarray) -> np.ndarray:
    """(N,) decreased granules as a whole grade, of answered grades (N, 12)."""
    return np.floor(grades[:, FEATURES.index(GRANULES)] + 0.5).astype(int)


def false_granules(grades: np.ndarray, truth: np.ndarray) -> float | None:
    """Share of normal granulocytes with a rounded DG of 1 or more."""
    rows = truth == CLASSES.index("GN")
    return float((rounded_granules(grades[rows]) >= 1).mean()) if rows.any() else None


def granule_counts(true: np.ndarray, answered: np.ndarray) -> dict[str, Any]:
    """DG 1-3 against 0, DG 2-3 against 0 (grade 1 left out), and the confusion."""
    given, said = true[:, FEATURES.index(GRANULES)], rounded_granules(answered)
    confusion = np.zeros((4, 4), int)
    np.add.at(confusion, (given.astype(int), np.clip(said, 0, 3)), 1)
    clear = given != 1
    return {
        "1-3": two_by_two(given >= 1, said >= 1),
        "2-3": two_by_two(given[clear] >= 2, said[clear] >= 2),
        "confusion": confusion.tolist(),
        "two_grades_off": float((np.abs(given - said) >= 2).mean()),
    }


def two_by_two(true: np.ndarray, said: np.ndarray) -> dict[str, float]:
    """Sensitivity, specificity, PPV, NPV and accuracy."""
    hits, missed = int((true & said).sum()), int((true & ~said).sum())
    alarms, rejected = int((~true & said).sum()), int((~true & ~said).sum())
    return {
        "sensitivity": hits / max(hits + missed, 1),
        "specificity": rejected / max(rejected + alarms, 1),
        "ppv": hits / max(hits + alarms, 1),
        "npv": rejected / max(rejected + missed, 1),
        "accuracy": (hits + rejected) / max(len(true), 1),
    }


def stopping_error(
    all_turns: Sequence[Identity], early: Sequence[Identity]
) -> dict[str, float]:
    """Share of cells whose class, or any rounded grade, differs when stopped early."""
    chances, grades = stacked(all_turns)
    chances_early, grades_early = stacked(early)
    whole, whole_early = np.floor(grades + 0.5), np.floor(grades_early + 0.5)
    return {
        "other_class": float(
            (chances.argmax(axis=1) != chances_early.argmax(axis=1)).mean()
        ),
        "other_grade": float((whole != whole_early).any(axis=1).mean()),
    }


def unseen_sets(places: gathering.Places) -> dict[str, CellArrays]:
    """Real cells of `val`, drawn ones of unseen seeds, and edits.

    The edits are of cells kept out of training, which the cuts were fitted on; their
    own random numbers are new. `val` has no outlines to edit along.
    """
    kept_out = gathering.kept_out(places)
    first = gathering.FIRST_UNSEEN_FIELD
    return {
        "real": gathering.real(places, "val"),
        "edited": edited_cells.edit_cells(kept_out, seed=UNSEEN_EDITS),
        "drawn": gathering.drawn(places, first, UNSEEN_FIELDS),
    }


def measured(bundle: Bundle, sets: Mapping[str, CellArrays]) -> Measured:
    """All figures of a bundle's regressor, and its answers for the diagram."""
    report: dict[str, Any] = {}
    judged: dict[str, Judged] = {}
    for name, cells in sets.items():
        found, _, seconds = answers(bundle, cells, stop_early=False)
        judge = real_figures if name == "real" else made_figures
        report[name] = judge(found, cells)
        judged |= judged_of(found, cells)
        if name != "edited":
            rows = np.random.default_rng(5).permutation(len(cells))[:STOPPED]
            early, turns, seconds_early = answers(
                bundle, cells.take(rows), stop_early=True
            )
            report[f"stopping_{name}"] = {
                **stopping_error([found[row] for row in rows], early),
                "cells": len(rows),
                "turns": turns,
                "seconds_per_cell": seconds,
                "seconds_per_cell_stopped": seconds_early,
            }
    return Measured(report, judged)


def judged_of(found: Sequence[Identity], cells: CellArrays) -> dict[str, Judged]:
    """Truth and probabilities by source."""
    chances, _ = stacked(found)
    truth, source = np.asarray(cells.label), np.asarray(cells.source)
    names = np.unique(source)
    return {str(n): (truth[source == n], chances[source == n]) for n in names}


def write_card(folder: Path, measured: Measured, *, version: str) -> None:
    """`card.md` of the bundle in `folder`."""
    card.write_card(folder, *measured, version=version)


FAMILY = Family(
    lambda bundle, places: measured(bundle, unseen_sets(places)),
    card.accuracy_of,
    write_card,
)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure a bundle's regressor and write its card."""
    measure_bundle(argv, FAMILY, told=str(main.__doc__))


if __name__ == "__main__":
    main()
