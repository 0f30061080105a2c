"""Key maps: one key says one thing, in every lineage, and what is changed is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.key_map import KeyMap, KeyTaken
from marrowscope.workflow import places
from marrowscope.workflow.key_maps import drop_key_map, keep_key_map, key_map, key_maps

TAXONOMY, FEATURES = places.load_taxonomy(), places.load_features()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARROWSCOPE_HOME", str(tmp_path))
    return tmp_path


def test_the_shipped_map_has_a_key_for_every_line_that_is_counted() -> None:
    shipped = key_map("MarrowScope")
    called = {shipped.lines(key, TAXONOMY) for key in shipped.classes}
    assert {(line.id,) for line in TAXONOMY.lines if line.counted} <= called
    assert {f.id for f in FEATURES} == {f for s in shipped.features.values() for f in s}


def test_a_feature_key_means_what_the_lineage_of_the_cell_has() -> None:
    shipped = key_map("MarrowScope")
    assert shipped.feature("u", "erythroid", FEATURES) == "e_budding"
    assert shipped.feature("u", "granulocytic", FEATURES) == "g_hyposegmentation"
    assert shipped.feature("j", "granulocytic", FEATURES) is None


def test_a_key_that_is_taken_is_refused_in_a_sentence() -> None:
    shipped = key_map("MarrowScope")
    with pytest.raises(KeyTaken, match="Key E already stands for Myelocytes"):
        shipped.with_class("e", "blast", TAXONOMY)
    with pytest.raises(KeyTaken, match="Key 2 always means grade 2"):
        shipped.with_class("2", "blast", TAXONOMY)
    with pytest.raises(KeyTaken, match="Key U already stands for Nuclear budding"):
        shipped.with_feature("u", "e_bridging", TAXONOMY, FEATURES)


def test_a_class_moves_to_a_key_that_is_free() -> None:
    moved = key_map("MarrowScope").with_class(".", "blast", TAXONOMY)
    assert moved.lines(".", TAXONOMY) == ("blast",)
    assert moved.lines("q", TAXONOMY) is None


def test_own_maps_are_kept_beside_the_shipped_ones_and_can_be_dropped() -> None:
    mine = KeyMap("Meine Tasten: „Mark“", {"ü": "blast", "\\": "erythroid"}, {})
    keep_key_map(mine)
    assert key_map(mine.name) == mine
    assert [m.name for m in key_maps()[0]][:2] == ["MarrowScope", mine.name]
    drop_key_map(mine.name)
    assert key_map(mine.name).name == "MarrowScope"


def test_a_broken_map_of_ones_own_is_named_and_left_aside(own_home: Path) -> None:
    folder = own_home / "key_maps"
    folder.mkdir()
    (folder / "mine.toml").write_text('name = "M"\n[classes]\nq = "hobbit"\n', "utf-8")
    maps, wrong = key_maps()
    assert [m.name for m in maps] == ["MarrowScope", "Thirteen keys"]
    assert "mine.toml" in wrong[0].what
    assert "hobbit" in wrong[0].what
    with pytest.raises(UnusableSettings):
        keep_key_map(KeyMap("", {}, {}))
