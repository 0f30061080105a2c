"""What every CellReader promises, tried on each of them."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.domain.errors import UnusableModel
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.catalogue import load_reader
from marrowscope.inference.reader import CellReader
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import DrawnField, draw_field
from tests.conftest import ROOT
from tests.inference.tiny_bundle import tiny_bundle


def shipped() -> list[str]:
    return sorted(p.parent.name for p in (ROOT / "models").glob("*/bundle.toml"))


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


def blank(size: int = 320) -> Pixels:
    return np.full((size, size, 3), 235, np.uint8)


@pytest.fixture(scope="module")
def drawn(reader: CellReader) -> DrawnField:
    """Six phantom cells on a field of 130 microns, at the reader's own scale."""
    side = round(130 / reader.spec.mpp)
    return draw_field(
        SmearPlan(
            *(side, side),
            cells=6,
            seed=12,
            mpp=reader.spec.mpp,
            zone="thin",
            doubtful=0.0,
            touching=0.0,
            open_edges=False,
        )
    )


def test_no_fields_no_answers(reader: CellReader) -> None:
    assert reader.read([]) == []


def test_every_field_has_its_answer(reader: CellReader, drawn: DrawnField) -> None:
    answers = reader.read([drawn.pixels, blank(), drawn.pixels])
    assert len(answers) == 3


@pytest.mark.parametrize("grey", [0, 255])
def test_black_and_white_fields_are_harmless(reader: CellReader, grey: int) -> None:
    (found,) = reader.read([np.full((256, 256, 3), grey, np.uint8)])
    assert all(np.isfinite(f.identity.probabilities).all() for f in found)


def test_probabilities_sum_to_one_over_exactly_the_classes(
    reader: CellReader, drawn: DrawnField
) -> None:
    for finding in reader.read([drawn.pixels])[0]:
        assert finding.identity.probabilities.shape == (len(reader.classes),)
        assert finding.identity.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert ((finding.identity.grades >= 0) & (finding.identity.grades <= 3)).all()


def test_the_map_of_attention_is_at_least_eight_by_eight(
    reader: CellReader, drawn: DrawnField
) -> None:
    for finding in reader.read([drawn.pixels])[0]:
        assert finding.identity.saliency is not None
        assert min(finding.identity.saliency.shape) >= 8


def test_finer_outputs_add_up_to_their_class(
    reader: CellReader, drawn: DrawnField
) -> None:
    fine = reader.vocabulary.fine
    for finding in reader.read([drawn.pixels])[0]:
        said = finding.identity.fine
        assert (said is None) == (not fine)
        if said is not None:
            for chance, name in zip(
                finding.identity.probabilities, reader.classes, strict=True
            ):
                under = [f.class_id == name for f in fine]
                assert said[under].sum() == pytest.approx(chance, abs=1e-3)


def test_the_same_field_answers_the_same_alone_as_in_a_batch(
    reader: CellReader, drawn: DrawnField
) -> None:
    alone = reader.read([drawn.pixels])[0]
    batch = reader.read([blank(), drawn.pixels, drawn.pixels])
    for together in batch[1:]:
        assert [f.box for f in together] == [f.box for f in alone]
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_allclose(
                one.identity.probabilities, other.identity.probabilities, atol=1e-4
            )


def test_the_box_lies_where_the_cell_is(reader: CellReader, drawn: DrawnField) -> None:
    found = [f for f in reader.read([drawn.pixels])[0] if f.score >= reader.min_score]
    cells = [Box(*cell["box"]) for cell in drawn.truth["cells"]]
    seen = [any(c.contains(*f.box.centre) for f in found) for c in cells]
    assert sum(seen) >= len(cells) - 1
    stray = [f for f in found if not any(c.contains(*f.box.centre) for c in cells)]
    assert len(stray) <= 1


def test_a_cell_at_the_fields_edge_is_marked_cut(
    reader: CellReader, drawn: DrawnField
) -> None:
    for cell in drawn.truth["cells"]:
        x, _, width, _ = cell["box"]
        half = np.ascontiguousarray(drawn.pixels[:, round(x + width / 2) :])
        at_edge = [f for f in reader.read([half])[0] if f.box.x < 0.5]
        assert all(f.cut for f in at_edge)
        assert all(f.box.x >= 0 for f in at_edge)


@pytest.mark.parametrize("shape", [(1, 1), (7, 300), (300, 5)])
def test_a_picture_of_any_shape_is_read(
    reader: CellReader, shape: tuple[int, int]
) -> None:
    assert len(reader.read([np.full((*shape, 3), 200, np.uint8)])) == 1
