"""How a one-stage network's names are read: both views, temperature and shift."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.inference.one_stage import HEAD_STRIDES, Naming, OneStage, unmirrored
from marrowscope.inference.preprocess import Normalisation

CLASSES = 3


class Places:
    """A network whose every place says how bright the field is there, as two shares."""

    def run(self, fed: np.ndarray) -> dict[str, np.ndarray]:
        parts = [fed[0, 0, ::s, ::s].reshape(-1) for s in HEAD_STRIDES]
        bright = np.clip(np.concatenate(parts) / 2 + 0.5, 0.01, 0.99)
        shares = np.stack([bright, (1 - bright) / 2, (1 - bright) / 2], axis=1)
        count = len(bright)
        return {
            "boxes": np.zeros((1, count, 4), np.float32),
            "object": np.ones((1, count), np.float32),
            "classes": shares[None].astype(np.float32),
            "evidence": np.zeros((1, CLASSES, 32, 64), np.float32),
        }


@pytest.fixture
def field() -> np.ndarray:
    """Every 16 by 16 square in its own grey, so that all heads see their place."""
    squares = np.random.default_rng(2).integers(0, 255, (8, 16), np.uint8)
    grey = np.kron(squares, np.ones((16, 16), np.uint8))
    return np.repeat(grey[..., None], 3, axis=2)


def network(naming: Naming) -> OneStage:
    return OneStage(Places(), Normalisation(), naming)  # type: ignore[arg-type]


def test_shares_are_read_as_they_are_unless_the_bundle_says_otherwise(field):
    plain = network(Naming()).raw(field).classes
    told = Places().run(field.transpose(2, 0, 1)[None] / 127.5 - 1)["classes"][0]
    np.testing.assert_allclose(plain, told, atol=1e-4)


def test_the_mirrored_field_speaks_of_the_same_places(field):
    once = network(Naming()).raw(field).classes
    twice = network(Naming(views=2)).raw(field).classes
    np.testing.assert_allclose(twice, once, atol=1e-5)


def test_places_are_put_back_head_by_head():
    heads = [np.arange(128 // s * (256 // s), dtype=np.float32) for s in HEAD_STRIDES]
    back = unmirrored(np.concatenate(heads)[:, None], (128, 256))[:, 0]
    first = 0
    for stride, head in zip(HEAD_STRIDES, heads, strict=True):
        across = 256 // stride
        assert back[first] == head[across - 1]
        assert back[first + across - 1] == head[0]
        first += len(head)


def test_a_low_temperature_makes_names_surer_and_a_shift_moves_them():
    shares = np.array([[0.5, 0.3, 0.2]], np.float32)
    sure = Naming(0.5).read([shares])
    assert sure[0, 0] > 0.6
    assert sure.sum() == pytest.approx(1, abs=1e-6)
    assert Naming(1.0, (0.0, 1.0, 0.0)).read([shares])[0].argmax() == 1


@pytest.mark.parametrize(
    "table",
    [{"shift": [0.0]}, {"temperature": 0}, {"views": 3}, {"temperature": "low"}],
)
def test_a_naming_that_makes_no_sense_is_refused(table):
    with pytest.raises((TypeError, ValueError)):
        Naming.of(table, CLASSES)
