"""What every CellReader promises, tried on each of them."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.domain.errors import UnusableModel
from marrowscope.domain.geometry import Pixels
from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.catalogue import load_reader
from marrowscope.inference.reader import CellReader
from tests.conftest import ROOT
from tests.inference.tiny_bundle import tiny_bundle


def shipped() -> list[str]:
    return [p.parent.name for p in (ROOT / "models").glob("*/locator.onnx")]


@pytest.fixture(scope="module", params=["tiny", *shipped()])
def reader(request: pytest.FixtureRequest, tmp_path_factory) -> CellReader:
    if request.param == "tiny":
        folder = tiny_bundle(tmp_path_factory.mktemp("models"))
    else:
        folder = ROOT / "models" / request.param
    try:
        return load_reader(load_bundle(folder), device="cpu", threads=1)
    except UnusableModel as error:
        pytest.fail(str(error))


def disc(pixels: Pixels, x: float, y: float, radius: float) -> None:
    """A dark purple disc in a pale rim: what any locator takes for a cell."""
    rows, columns = np.ogrid[: pixels.shape[0], : pixels.shape[1]]
    away = np.hypot(columns - x, rows - y)
    pixels[away < radius] = (190, 170, 215)
    pixels[away < 0.75 * radius] = (75, 40, 120)


def blank(size: int = 320) -> Pixels:
    return np.full((size, size, 3), 235, np.uint8)


def smear_field() -> Pixels:
    """Two separate cells of 12 µm, at 0.2 µm per pixel."""
    pixels = blank()
    disc(pixels, 100, 110, 30)
    disc(pixels, 230, 200, 30)
    return pixels


def test_no_fields_no_answers(reader: CellReader) -> None:
    assert reader.read([]) == []


def test_every_field_has_its_answer(reader: CellReader) -> None:
    answers = reader.read([smear_field(), blank(), smear_field()])
    assert len(answers) == 3


@pytest.mark.parametrize("grey", [0, 255])
def test_black_and_white_fields_are_harmless(reader: CellReader, grey: int) -> None:
    (found,) = reader.read([np.full((256, 256, 3), grey, np.uint8)])
    assert all(np.isfinite(f.identity.probabilities).all() for f in found)


def test_probabilities_sum_to_one_over_exactly_the_classes(reader: CellReader) -> None:
    for finding in reader.read([smear_field()])[0]:
        assert finding.identity.probabilities.shape == (len(reader.classes),)
        assert finding.identity.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert ((finding.identity.grades >= 0) & (finding.identity.grades <= 3)).all()


def test_grad_cam_is_at_least_eight_by_eight(reader: CellReader) -> None:
    for finding in reader.read([smear_field()])[0]:
        assert finding.identity.saliency is not None
        assert min(finding.identity.saliency.shape) >= 8


def test_the_same_field_answers_the_same_alone_as_in_a_batch(
    reader: CellReader,
) -> None:
    alone = reader.read([smear_field()])[0]
    batch = reader.read([blank(), smear_field(), smear_field()])
    for together in batch[1:]:
        assert [f.box for f in together] == [f.box for f in alone]
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_allclose(
                one.identity.probabilities, other.identity.probabilities, atol=1e-4
            )


def test_the_box_lies_where_the_cell_is(reader: CellReader) -> None:
    found = [f for f in reader.read([smear_field()])[0] if f.score > 0.3]
    if not found:
        pytest.skip("this reader does not take a plain disc for a cell")
    for finding in found:
        near = [
            np.hypot(finding.box.centre[0] - x, finding.box.centre[1] - y)
            for x, y in ((100, 110), (230, 200))
        ]
        assert min(near) < 10


def test_a_cell_at_the_fields_edge_is_marked_cut(reader: CellReader) -> None:
    pixels = blank()
    disc(pixels, 2, 160, 34)
    found = [f for f in reader.read([pixels])[0] if f.box.x <= 3]
    if not found:
        pytest.skip("this reader does not take half a disc for a cell")
    assert all(f.cut for f in found)


@pytest.mark.parametrize("shape", [(1, 1), (7, 300), (300, 5)])
def test_a_picture_of_any_shape_is_read(
    reader: CellReader, shape: tuple[int, int]
) -> None:
    assert len(reader.read([np.full((*shape, 3), 200, np.uint8)])) == 1
