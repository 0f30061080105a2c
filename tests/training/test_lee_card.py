from __future__ import annotations

import numpy as np
import pytest

from marrowscope.training import measuring
from marrowscope.training.fine_labels import FINE
from marrowscope.training.labels import CLASSES
from marrowscope.training.lee_card import write_card

pytestmark = pytest.mark.training


@pytest.fixture
def answers(few_cells) -> measuring.Answers:
    """What a network that guesses would answer about drawn cells."""
    rng = np.random.default_rng(3)
    fine = rng.normal(size=(len(few_cells), 2, len(FINE)))
    return measuring.Answers(fine, np.zeros((len(few_cells), 12)), few_cells)


def test_classes_sum_their_outputs_over_both_views(answers) -> None:
    shares = np.exp(answers.logits)
    each = np.exp(answers.fine) / np.exp(answers.fine).sum(axis=2, keepdims=True)
    owner = np.array([CLASSES.index(output.class_id) for output in FINE])
    for label in range(len(CLASSES)):
        summed = each[:, :, owner == label].sum(axis=2).mean(axis=1)
        np.testing.assert_allclose(shares[:, label], summed)


def test_a_shift_moves_all_outputs_of_its_class(answers) -> None:
    shift = np.zeros(8)
    shift[CLASSES.index("GN")] = 50.0
    moved = measuring.scaled(answers, 1.0, shift)
    assert set(moved.answer) == {CLASSES.index("GN")}


def test_the_card_says_what_each_part_reached(tmp_path, answers) -> None:
    report = {
        "real": measuring.real_figures(answers),
        "drawn": measuring.drawn_figures(answers),
        "edited": measuring.edited_figures(answers),
    }
    write_card(tmp_path / "card.md", report, version="9.9.9", notes="A note.\n")
    text = (tmp_path / "card.md").read_text()
    assert "lee 9.9.9" in text
    assert "A note." in text
    assert f"{len(FINE)} outputs" in text
    assert "granulocytic sensitivity" in text
