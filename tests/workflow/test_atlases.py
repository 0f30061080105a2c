"""Atlases built with the shipped model, of pictures and of confirmed cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.domain.errors import MarrowScopeError, UnusableModel
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.atlases import (
    agreement,
    atlas_names,
    build_atlas,
    open_atlas,
)
from marrowscope.workflow.models import find_model
from marrowscope.workflow.reviewing import called, record
from tests.gui.panel_cases import written_case

KINDS = {"lymphocyte": (60, (70, 30, 120)), "PMY": (130, (140, 90, 170))}


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARROWSCOPE_HOME", str(tmp_path / "home"))


def draw(path: Path, diameter: int, colour: tuple[int, int, int], seed: int) -> None:
    generator = np.random.default_rng(seed)
    pixels = np.full((250, 250, 3), 225.0)
    rows, columns = np.ogrid[:250, :250]
    size = diameter * generator.uniform(0.9, 1.1)
    pixels[np.hypot(rows - 125, columns - 125) < size / 2] = colour[::-1]
    pixels += generator.normal(0, 4, pixels.shape)
    cv2.imwrite(str(path), pixels.clip(0, 255).astype(np.uint8))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six pictures of each of two labels, in the words of a laboratory."""
    found = tmp_path / "labelled"
    for word, (diameter, colour) in KINDS.items():
        (found / word).mkdir(parents=True)
        for seed in range(6):
            draw(found / word / f"{seed}.png", diameter, colour, seed)
    return found


def test_a_labelled_folder_becomes_an_atlas_that_agrees_with_itself(
    folder: Path,
) -> None:
    told: list[tuple[int, int]] = []
    build_atlas("ours", [folder], model="lee", mpp=0.1, tell=lambda *t: told.append(t))
    assert atlas_names() == ["ours"]
    assert told[-1] == (12, 12)
    atlas = open_atlas("ours", find_model("lee"))
    assert {label.name for label in atlas.labels} == {"Lymphocytes", "Promyelocytes"}
    found = agreement(atlas)
    assert (found.agreed, found.of) == (12, 12)
    assert cv2.imdecode(np.frombuffer(atlas.pictures[0], np.uint8), 1) is not None


def test_no_more_cells_of_a_label_are_taken_than_wished(folder: Path) -> None:
    build_atlas("few", [folder], model="lee", mpp=0.1, per_label=2)
    assert len(open_atlas("few", find_model("lee"))) == 4


def test_an_unreadable_picture_is_passed_over(folder: Path) -> None:
    (folder / "PMY" / "0.png").write_bytes(b"not a picture")
    build_atlas("ours", [folder], model="lee", mpp=0.1)
    assert len(open_atlas("ours", find_model("lee"))) == 11


def test_confirmed_cells_of_a_case_become_an_atlas(
    tmp_path: Path, lee_vocabulary: ModelVocabulary
) -> None:
    path = written_case(tmp_path, lee_vocabulary, ["EN", "GN", "GN", "blast"])
    with CaseFile.open(path) as case:
        cells = case.cells().id.tolist()
        record(case, [called(cells[0], ["myelocyte"], reader="R", dysplastic=True)])
        record(case, [called(cells[1], ["not_a_cell"], reader="R")])
    build_atlas("confirmed", [path], model="lee")
    atlas = open_atlas("confirmed", find_model("lee"))
    assert [label.name for label in atlas.labels] == ["Myelocytes, dysplastic"]
    assert len(atlas) == 1


def test_an_atlas_of_another_model_is_refused_in_words(folder: Path) -> None:
    build_atlas("ours", [folder], model="lee", mpp=0.1)
    bundle = find_model("lee")
    later = replace(bundle, identity=replace(bundle.identity, version="9", sha256="x"))
    with pytest.raises(UnusableModel, match="was made with lee .*, and lee 9 reads"):
        open_atlas("ours", later)


def test_a_model_without_features_makes_no_atlas(folder: Path) -> None:
    with pytest.raises(UnusableModel, match="bmsnet gives no features"):
        build_atlas("ours", [folder], model="bmsnet", mpp=0.1)


def test_a_building_that_is_stopped_leaves_no_atlas(folder: Path) -> None:
    token = CancellationToken()
    token.cancel()
    with pytest.raises(MarrowScopeError, match="was not finished"):
        build_atlas("ours", [folder], model="lee", mpp=0.1, token=token)
    assert atlas_names() == []


@pytest.mark.parametrize("name", ["", "a/b", ".."])
def test_a_name_that_is_no_file_name_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(MarrowScopeError, match="cannot be the name of an atlas"):
        build_atlas(name, [folder], model="lee", mpp=0.1)
