"""On drawn cells the spoilt labels are found first, and the loop comes to its end."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from marrowscope.training.labels import CLASSES  # noqa: E402
from marrowscope.training.loop import record  # noqa: E402
from marrowscope.training.loop.demonstration import (  # noqa: E402
    CONFUSABLE,
    demonstrated,
    drawn,
    spoilt,
)

pytestmark = pytest.mark.training

# Both written down before the first run.
FOUND_FIRST = 0.70  # of the spoilt labels, among as many first disagreements
MAY_FALL = 0.01  # the accuracy on cells kept out, from the first round to the last


def test_a_tenth_of_the_labels_is_spoilt_and_never_into_itself():
    truth = list(CLASSES) * 50
    for confusable in (False, True):
        labels = spoilt(truth, np.random.default_rng(1), confusable=confusable)
        wrong = [(t, s) for t, s in zip(truth, labels, strict=True) if t != s]
        assert len(wrong) == 40
        if confusable:
            assert all(said in CONFUSABLE[true] for true, said in wrong)


@pytest.mark.slow
@pytest.mark.timeout(900)  # two minutes of one free core
def test_spoilt_labels_come_first_and_accuracy_does_not_fall(tmp_path):
    told = list(demonstrated(drawn(960_000, 10), drawn(970_000, 4), tmp_path))
    first, last = told[0], told[-1]
    assert first.found >= FOUND_FIRST
    assert last.accuracy >= first.accuracy - MAY_FALL
    assert last.wrong < first.wrong / 4
    assert last.settled
    rounds = record.read_rounds(tmp_path / "loop")
    assert [one.number for one in rounds] == [one.number for one in told]
    assert rounds[1].changed > 0
    for name in ("agreement", "doubts"):
        for kind in ("png", "svg"):
            assert (tmp_path / "loop" / f"{name}.{kind}").stat().st_size > 1000
