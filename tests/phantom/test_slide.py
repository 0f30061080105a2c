"""Whole slides: OpenSlide opens them, blocks join, truth and picture agree."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import openslide
import pytest
import tifffile

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.phantom import slide, stain
from marrowscope.phantom.painting import paint
from marrowscope.phantom.placing import place
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.slide import write_slide
from marrowscope.phantom.window import Window

PLAN = SmearPlan(1290, 700, 18, 21, mpp=0.5, open_edges=False)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("slide") / "Abstrich Ä.tif"
    return write_slide(PLAN, path, workers=1)


def test_openslide_opens_it_at_the_stated_scale_with_a_pyramid(written: Path) -> None:
    with openslide.OpenSlide(str(written)) as opened:
        assert opened.dimensions == (1290, 700)
        assert float(opened.properties["openslide.mpp-x"]) == pytest.approx(0.5)
        assert float(opened.properties["openslide.mpp-y"]) == pytest.approx(0.5)
        assert opened.level_count >= 3
        assert opened.level_dimensions[1] == (323, 175)


def test_the_truth_lies_beside_it_and_names_everything(written: Path) -> None:
    document = json.loads(written.with_suffix(".json").read_text(encoding="utf-8"))
    assert (document["mpp"], document["width"], document["height"]) == (0.5, 1290, 700)
    assert document["seed"] == 21
    assert len(document["cells"]) == 18
    assert [zone["name"] for zone in document["zones"]] == ["thick", "thin", "edge"]
    wanted = {"box", "class", "line", "zone", "outline", "nucleus", "grades", "cut"}
    assert all(set(cell) == wanted for cell in document["cells"])
    assert all(set(entry) == {"box", "why"} for entry in document["doubtful"])


def test_every_cell_of_the_truth_is_dark_in_the_file(written: Path) -> None:
    document = json.loads(written.with_suffix(".json").read_text(encoding="utf-8"))
    with openslide.OpenSlide(str(written)) as opened:
        whole = np.asarray(opened.read_region((0, 0), 0, (1290, 700)))[..., 1]
    for cell in document["cells"]:
        x, y, w, h = cell["box"]
        assert whole[y : y + h, x : x + w].min() < whole.mean() - 60


def test_the_picture_does_not_depend_on_the_number_of_workers(
    written: Path, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    other = write_slide(
        PLAN, tmp_path / "two.tif", lambda *step: seen.append(step), workers=2
    )
    assert np.array_equal(tifffile.imread(other), tifffile.imread(written))
    assert other.with_suffix(".json").read_bytes() == (
        written.with_suffix(".json").read_bytes()
    )
    assert seen[-1] == (2, 2)


def test_a_place_looks_alike_from_two_overlapping_windows() -> None:
    still = replace(PLAN, stain=replace(stain.standard(), noise=0.0))
    placed = place(still)
    left = paint(still, placed, Window(0, 0, 400, 300, 0.5), noise_seed=1)
    right = paint(still, placed, Window(200, 0, 400, 300, 0.5), noise_seed=2)
    gap = np.abs(left.pixels[:, 200:].astype(int) - right.pixels[:, :200])
    assert gap.max() <= 2
    inside = slice(20, -20)
    assert np.array_equal(
        left.cell_map[:, 200:][:, inside] > 0, right.cell_map[:, :200][:, inside] > 0
    )


def test_memory_does_not_grow_with_the_height_of_the_slide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slide, "BLOCK", 256)
    peaks = []
    for height in (256, 256 * 8):
        plan = SmearPlan(256, height, 2, 3, mpp=0.5)
        write_slide(plan, tmp_path / "warm.tif", workers=1)
        tracemalloc.start()
        write_slide(plan, tmp_path / f"{height}.tif", workers=1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_a_folder_that_is_not_there_is_named_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MarrowScopeError, match="cannot be written"):
        write_slide(SmearPlan(64, 64, 0, 1), tmp_path / "gone" / "x.tif", workers=1)


def test_nothing_half_written_is_left_when_drawing_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(slide, "_paint_block", stop)
    with pytest.raises(KeyboardInterrupt):
        write_slide(SmearPlan(64, 64, 0, 1), tmp_path / "x.tif", workers=1)
    assert list(tmp_path.iterdir()) == []
