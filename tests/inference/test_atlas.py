"""The cells of an atlas that are most alike: exact, counted by label, honest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from marrowscope.domain.errors import UnreadableInput
from marrowscope.inference.atlas import Atlas, Label, majority

LABELS = (Label("Blasts", "blast"), Label("Monocytes", "monocytic"))


def atlas_of(features: np.ndarray, which: list[int]) -> Atlas:
    long = features / np.linalg.norm(features, axis=1, keepdims=True)
    pictures = tuple(bytes([i % 256]) * (i + 1) for i in range(len(which)))
    return Atlas(
        "two kinds",
        "lee 1",
        "abc",
        "folder",
        long.astype(np.float32),
        LABELS,
        np.array(which, np.int32),
        pictures,
    )


def two_kinds(cells: int = 40) -> Atlas:
    """Cells of two kinds that point two ways."""
    noise = np.random.default_rng(3).normal(0, 0.1, (cells, 6))
    which = [i % 2 for i in range(cells)]
    noise[np.arange(cells), which] += 1
    return atlas_of(noise, which)


def test_the_five_nearest_are_those_of_the_largest_cosines() -> None:
    atlas = two_kinds()
    wanted = np.random.default_rng(4).normal(size=6).astype(np.float32)
    wanted /= np.linalg.norm(wanted)
    found = atlas.compare(wanted, usual=0.0)
    by_hand = sorted((float(f @ wanted) for f in atlas.features), reverse=True)[:5]
    assert [one.likeness for one in found.nearest] == pytest.approx(by_hand)


def test_the_label_that_most_neighbours_bear_is_told_with_how_many() -> None:
    atlas = two_kinds()
    found = atlas.compare(atlas.features[1], usual=atlas.usual())
    assert (found.label, found.agreed) == (LABELS[1], 5)
    assert not found.unusual


def test_a_cell_unlike_every_cell_of_the_atlas_is_said_to_be_so() -> None:
    atlas = two_kinds()
    away = np.eye(6, dtype=np.float32)[5]
    assert atlas.compare(away, usual=atlas.usual()).unusual


def test_two_labels_in_the_first_place_are_no_majority() -> None:
    assert majority([0, 0, 1, 1, 2]) is None
    assert majority([0, 0, 1, 2, 3]) == 0
    assert majority([]) is None


def test_no_cell_is_its_own_neighbour() -> None:
    atlas = two_kinds()
    near, alike = atlas.neighbours()
    assert (near != np.arange(len(atlas))[:, None]).all()
    assert (alike[:, :-1] >= alike[:, 1:]).all()


def test_a_cell_that_the_atlas_holds_is_not_shown_beside_itself() -> None:
    atlas = two_kinds()
    found = atlas.compare(atlas.features[7], usual=0.0, own=atlas.pictures[7])
    assert len(found.nearest) == 5
    assert atlas.pictures[7] not in [one.picture for one in found.nearest]


def test_an_atlas_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    atlas, path = two_kinds(), tmp_path / "two kinds.atlas"
    atlas.save(path)
    back = Atlas.load(path)
    assert (back.name, back.model, back.model_sha256) == ("two kinds", "lee 1", "abc")
    assert (back.labels, back.pictures) == (atlas.labels, atlas.pictures)
    np.testing.assert_array_equal(back.which, atlas.which)
    np.testing.assert_allclose(back.features, atlas.features, atol=1e-3)


def test_a_file_that_is_no_atlas_is_named(tmp_path: Path) -> None:
    path = tmp_path / "holiday.atlas"
    path.write_bytes(b"no atlas")
    with pytest.raises(UnreadableInput, match="The atlas holiday cannot be read"):
        Atlas.load(path)
