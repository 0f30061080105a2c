"""How good a bundle's classifier is, by what the program answers in fp32.

``python -m marrowscope.training.lee_measuring --bundle models/lee --data DATA --masks
MASKS --work WORK --version V`` measures real cells of ``val``, drawn cells of unseen
seeds and edits of cells kept out of training; prints one JSON object and writes the
bundle's card, figures and diagram, as the end of a training does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from marrowscope.inference.bundle import Bundle
from marrowscope.inference.families.lee import crop_classifier
from marrowscope.training import lee_card, measuring
from marrowscope.training.datasets import edited_cells, gathering
from marrowscope.training.datasets.cells import CellArrays
from marrowscope.training.fine_labels import FINE
from marrowscope.training.labels import FEATURES
from marrowscope.training.measuring_command import Family, Measured, measure_bundle
from marrowscope.training.reliability import reliability_section

UNSEEN_FIELDS = 50
UNSEEN_EDITS = 77


def answers(bundle: Bundle, cells: CellArrays) -> measuring.Answers:
    """The bundle's answers about every cell, its views averaged, in fp32."""
    classifier = crop_classifier(bundle, device="cpu:fp32", threads=1)
    found = classifier.identify([measuring.plain_crop(c) for c in cells.canvas])
    outputs = np.array([identity.fine for identity in found], np.float32)
    grades = np.array([identity.grades for identity in found], np.float32)
    logits = np.log(np.maximum(outputs, 1e-12)).reshape(-1, 1, len(FINE))
    return measuring.Answers(logits, grades.reshape(-1, len(FEATURES)), cells)


def measured(
    bundle: Bundle, places: gathering.Places, *, fields: int = UNSEEN_FIELDS
) -> Measured:
    """Real cells of `val`, cells of so many drawn fields, edits of cells kept out."""
    kept_out = gathering.kept_out(places)
    real = answers(bundle, gathering.real(places, "val"))
    drawn = gathering.drawn(places, gathering.FIRST_UNSEEN_FIELD, fields)
    edits = edited_cells.edit_cells(kept_out, seed=UNSEEN_EDITS)
    judged = measuring.judged_by_source(real)
    report = {
        "real": measuring.real_figures(real),
        "reliability": reliability_section(judged),
        "drawn": measuring.drawn_figures(answers(bundle, drawn)),
        "edited": measuring.edited_figures(answers(bundle, edits)),
    }
    return Measured(report, judged)


def write_card(folder: Path, measured: Measured, *, version: str) -> None:
    """`card.md` of the bundle in `folder`."""
    lee_card.write_card(folder / "card.md", measured.report, version=version)


FAMILY = Family(measured, lee_card.accuracy_of, write_card)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure a bundle's classifier and write its card."""
    measure_bundle(argv, FAMILY, told=str(main.__doc__))


if __name__ == "__main__":
    main()
