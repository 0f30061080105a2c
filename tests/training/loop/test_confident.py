"""Labels that look wrong are found, also by a model that would learn them by heart."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from marrowscope.training.fine_labels import CLASS_INDEX, FINE  # noqa: E402
from marrowscope.training.loop import confident  # noqa: E402
from marrowscope.training.loop.evidence import Evidence  # noqa: E402
from marrowscope.training.loop.head import (  # noqa: E402
    class_probabilities,
    fitted,
    out_of_sample,
)

pytestmark = pytest.mark.training

# Four cells of two classes; the third is called 0 and is surely 1.
PROBABILITIES = np.array([[0.9, 0.1], [0.7, 0.3], [0.05, 0.95], [0.2, 0.8]])
LABELS = np.array([0, 0, 0, 1])


def test_the_least_self_confident_disagreement_comes_first():
    assert confident.worst_first(PROBABILITIES, LABELS).tolist() == [2]
    both = np.array([1, 0, 0, 1])
    assert confident.worst_first(PROBABILITIES, both).tolist() == [2, 0]


def test_the_margin_is_minus_one_for_a_label_nobody_would_give():
    margins = confident.normalised_margin(PROBABILITIES, LABELS)
    assert margins == pytest.approx([0.8, 0.4, -0.9, 0.6])


def test_the_confident_joint_counts_the_wrong_label_of_its_class():
    joint = confident.confident_joint(PROBABILITIES, LABELS)
    # 0.7 and 0.9 reach the usual 0.55 of class 0, 0.95 and 0.8 the 0.8 of class 1.
    assert joint == pytest.approx(np.array([[2, 1], [0, 1]]))
    assert confident.likely_wrong(PROBABILITIES, LABELS) == pytest.approx(1)


def test_a_class_nobody_is_called_is_harmless():
    probabilities = np.c_[PROBABILITIES, np.zeros(4)]
    assert confident.likely_wrong(probabilities, LABELS) == pytest.approx(1)


def two_clouds(count: int = 60) -> tuple[Evidence, np.ndarray]:
    """Cells of two classes, far apart, of more features than cells."""
    rng = np.random.default_rng(3)
    truth = np.arange(count) % 2
    features = rng.normal(size=(count, 2 * count))
    features[:, :12] += 3.0 * truth[:, None]
    return Evidence(np.zeros((count, len(FINE))), features), truth


def test_a_label_learned_by_heart_stands_out_only_out_of_sample():
    evidence, truth = two_clouds()
    labels = truth.copy()
    wrong = [7, 20, 33]
    labels[wrong] = 1 - labels[wrong]
    allowed = labels[:, None] == CLASS_INDEX
    head = fitted(evidence, allowed, pull=1e-6)
    seen = class_probabilities(head.logits(evidence))
    assert not set(wrong) & set(confident.worst_first(seen, labels))
    folds = [row // 2 % 5 for row in range(len(labels))]
    scores = out_of_sample(evidence, allowed, folds, pull=0.01)
    unseen = class_probabilities(scores)
    assert set(confident.worst_first(unseen, labels)[:3]) == set(wrong)


def test_a_strong_ridge_leaves_the_models_own_answer():
    evidence, truth = two_clouds()
    base = np.random.default_rng(1).normal(size=evidence.base.shape)
    known = Evidence(base, evidence.features)
    head = fitted(known, truth[:, None] == CLASS_INDEX, pull=1e6)
    assert head.logits(known) == pytest.approx(base, abs=1e-3)
