"""A cell that is not found is missed, and is called nothing else instead."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("onnxruntime.quantization")

from marrowscope.training.precision.judging import _named  # noqa: E402
from marrowscope.training.precision.pictures import Picture  # noqa: E402

READER = SimpleNamespace(classes=("EN", "GN"))


def test_a_cell_not_found_costs_recall_and_no_other_class_anything() -> None:
    labels = ["EN", "EN", "GN", "GN"]
    crops = [Picture(Path("a.jpg"), 0.1, "blood", label) for label in labels]
    gone = (np.nan, np.nan)
    chances = np.array([(0.8, 0.2), (0.8, 0.2), (0.2, 0.8), gone], np.float32)
    every, found = _named(READER, crops, chances)["blood"]
    assert every.per_class["EN"].f1 == 1.0
    assert every.per_class["GN"].f1 == pytest.approx(2 / 3)
    assert every.macro_f1 == pytest.approx(5 / 6)
    assert found.ece == pytest.approx(0.2)
