"""Pictures of one cell: the middle one is named, at true size, whatever comes."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.domain.geometry import Pixels
from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.catalogue import load_reader
from marrowscope.inference.families.lee import LeeReader
from marrowscope.inference.ready_made import ASSUMED, GIVEN, PictureScale
from tests.inference.tiny_bundle import tiny_bundle


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LeeReader:
    folder = tiny_bundle(tmp_path_factory.mktemp("models"))
    found = load_reader(load_bundle(folder), device="cpu", threads=1)
    assert isinstance(found, LeeReader)
    return found


def cell_picture(side: int, diameter: int, colour: tuple[int, int, int]) -> Pixels:
    """A disc in the middle of light glass."""
    pixels = np.full((side, side, 3), 235, np.uint8)
    rows, columns = np.ogrid[:side, :side]
    pixels[np.hypot(rows - side / 2, columns - side / 2) < diameter / 2] = colour
    return pixels


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 2), (128, 128)])
@pytest.mark.parametrize("grey", [0, 255])
def test_a_picture_without_a_cell_is_answered_and_said_to_be_out_of_range(
    reader: LeeReader, shape: tuple[int, int], grey: int
) -> None:
    pixels = np.full((*shape, 3), grey, np.uint8)
    answer = reader.classify(pixels, reader.scale_of(pixels))
    assert answer.class_id in reader.classes
    assert answer.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert not answer.in_range


def test_a_scale_that_is_only_assumed_is_out_of_range(reader: LeeReader) -> None:
    pixels = cell_picture(250, 120, (75, 40, 120))
    scale = reader.scale_of(pixels)
    assert scale.source == ASSUMED
    assert 13 / 120 / 1.5 < scale.mpp < 13 / 120 * 1.5
    assert not reader.classify(pixels, scale).in_range


def test_the_same_cell_is_named_alike_at_any_resolution(reader: LeeReader) -> None:
    answers = [
        reader.classify(
            cell_picture(round(30 / mpp), round(12 / mpp), (75, 40, 120)),
            PictureScale(mpp, GIVEN),
        )
        for mpp in (0.1, 0.2, 0.3)
    ]
    for answer in answers[1:]:
        np.testing.assert_allclose(
            answer.probabilities, answers[0].probabilities, atol=0.05
        )


def test_far_surroundings_change_nothing_and_cost_nothing(reader: LeeReader) -> None:
    scale = PictureScale(5.0, GIVEN)  # 2,000 pixels of it are a whole smear
    wide = np.full((2000, 2000, 3), 235, np.uint8)
    narrow = wide[:24, :24]
    answers = [reader.classify(p, scale).probabilities for p in (wide, narrow)]
    np.testing.assert_allclose(answers[0], answers[1], atol=1e-4)
