"""A model folder: proved by hashes, refused with a sentence when anything is off."""

from __future__ import annotations

from pathlib import Path

import pytest

from marrowscope.domain.errors import UnusableModel
from marrowscope.inference.bundle import Bundle, load_bundle
from marrowscope.inference.catalogue import BrokenBundle, available, load_reader
from tests.inference.tiny_bundle import tiny_bundle, write_hashes


def edit(bundle: Path, old: str, new: str) -> None:
    path = bundle / "bundle.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_whole_bundle_says_its_classes_and_features(tmp_path: Path) -> None:
    bundle = load_bundle(tiny_bundle(tmp_path))
    ids = ("EN", "GN", "MN", "ED", "GD", "MD", "blast", "other")
    assert bundle.vocabulary.class_ids == ids
    assert len(bundle.vocabulary.features) == 12
    assert len(bundle.identity.sha256) == 64
    assert bundle.card.limits


def test_an_altered_file_is_refused_by_name(tmp_path: Path) -> None:
    folder = tiny_bundle(tmp_path)
    with (folder / "classifier.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(UnusableModel, match=r"altered file classifier\.onnx"):
        load_bundle(folder)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    folder = tiny_bundle(tmp_path)
    (folder / "locator.onnx").unlink()
    with pytest.raises(UnusableModel, match=r"lacks its file locator\.onnx"):
        load_bundle(folder)


def test_a_file_outside_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tiny_bundle(tmp_path)
    edit(folder, 'path = "locator.onnx"', 'path = "../../etc/passwd"')
    with pytest.raises(UnusableModel, match="outside its folder"):
        load_bundle(folder)


@pytest.mark.parametrize("text", ["", "not toml [", 'name = "lee"\n'])
def test_a_bundle_that_says_too_little_is_refused(tmp_path: Path, text: str) -> None:
    folder = tiny_bundle(tmp_path)
    (folder / "bundle.toml").write_text(text, "utf-8")
    with pytest.raises(UnusableModel, match="lee"):
        load_bundle(folder)


def test_broken_bundles_are_listed_with_their_sentence(tmp_path: Path) -> None:
    (tiny_bundle(tmp_path) / "locator.onnx").unlink()
    (found,) = available([tmp_path])
    assert isinstance(found, BrokenBundle)
    assert "locator.onnx" in str(found.error)


def test_of_one_name_the_first_folder_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "own", tmp_path / "shipped"
    tiny_bundle(first)
    tiny_bundle(second)
    (found,) = available([first, second])
    assert isinstance(found, Bundle)
    assert found.folder == first / "lee"


@pytest.mark.parametrize("spoil", ["shape", "nan", "missing"])
def test_a_network_that_answers_wrongly_is_refused_at_load(
    tmp_path: Path, spoil: str
) -> None:
    bundle = load_bundle(tiny_bundle(tmp_path, spoil=spoil))
    with pytest.raises(UnusableModel, match=r"classifier\.onnx"):
        load_reader(bundle, device="cpu")


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    folder = tiny_bundle(tmp_path)
    (folder / "locator.onnx").write_bytes(b"no network at all")
    write_hashes(folder)
    with pytest.raises(UnusableModel, match=r"locator\.onnx cannot be loaded"):
        load_reader(load_bundle(folder), device="cpu")


def test_an_unknown_family_and_an_unknown_device_are_said(tmp_path: Path) -> None:
    folder = tiny_bundle(tmp_path)
    with pytest.raises(UnusableModel, match="abacus"):
        load_reader(load_bundle(folder), device="abacus")
    edit(folder, 'family = "lee"', 'family = "oracle"')
    with pytest.raises(UnusableModel, match="oracle"):
        load_reader(load_bundle(folder))


def test_the_device_said_is_the_one_that_works(tmp_path: Path) -> None:
    reader = load_reader(load_bundle(tiny_bundle(tmp_path)), device="cpu")
    assert reader.device.actual == "CPU"
