"""Photos of one smear through the whole workflow, also when a run breaks off."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from tifffile import TiffWriter

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import FieldRead
from marrowscope.imaging.opening import open_slide
from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.catalogue import load_reader
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import draw_field
from marrowscope.workflow.formal_count import formal_count
from marrowscope.workflow.opening import open_case
from marrowscope.workflow.photos import photo_map
from marrowscope.workflow.running import ReadingRequest, read_case
from tests.fixtures.photographed import write_album
from tests.inference.tiny_bundle import tiny_bundle

SIZE = 640, 480


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two photos side by side, and one of another smear."""
    folder = tmp_path_factory.mktemp("album")
    smear = draw_field(SmearPlan(1100, 700, cells=55, seed=31, zone="thin")).pixels
    other = draw_field(SmearPlan(*SIZE, cells=20, seed=32, zone="thin")).pixels
    places = [((400, 345), 3), ((680, 345), -4)]
    return write_album(folder, smear, places, size=SIZE, others=[other])


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory):
    return load_reader(load_bundle(tiny_bundle(tmp_path_factory.mktemp("models"))))


def events(case, reader):
    return read_case(case, reader, ReadingRequest(), CancellationToken())


def counted(file):
    """The counted cells, whatever their ids."""
    table = file.cells()
    return sorted(
        (int(s), *map(float, b)) for s, b in zip(table.slide, table.box, strict=True)
    )


def test_a_run_that_broke_off_ends_as_one_that_did_not(
    album: Path, reader, tmp_path: Path
) -> None:
    whole, broken = tmp_path / "whole.marrow", tmp_path / "broken.marrow"
    with closing(open_case([album], case=whole, mpp=0.25)) as case:
        list(events(case, reader))
        expected, marked = counted(case.file), len(case.file.seen_again())
    with closing(open_case([album], case=broken, mpp=0.25)) as case:
        for update in events(case, reader):
            if isinstance(update.event, FieldRead):
                break
    with closing(open_case([album], case=broken, mpp=0.25)) as case:
        list(events(case, reader))
        assert counted(case.file) == expected
        assert len(case.file.seen_again()) == marked > 0


def test_the_map_says_which_photos_hang_together(
    album: Path, reader, tmp_path: Path
) -> None:
    with closing(open_case([album], case=tmp_path / "a.marrow", mpp=0.25)) as case:
        assert photo_map(case.file) is None
        list(events(case, reader))
        lie = photo_map(case.file)
    assert lie is not None
    assert [sorted(group) for group in lie.groups] == [[1, 2], [3]]
    np.testing.assert_allclose(lie.groups[0][1], np.eye(2, 3))
    shift = np.linalg.norm(
        lie.groups[0][2][:, :2] @ [320, 240] + lie.groups[0][2][:, 2] - [320, 240]
    )
    assert abs(shift - 280) < 3
    assert lie.near_duplicates == lie.apart == lie.copies == ()


def test_photos_compared_before_are_not_compared_again(
    album: Path, reader, tmp_path: Path
) -> None:
    path = tmp_path / "a.marrow"
    for _ in range(2):
        with closing(open_case([album], case=path, mpp=0.25)) as case:
            list(events(case, reader))
            assert case.file.compared_photos() == {1: 1, 2: 1, 3: 1}


def _stored(path: Path, pixels: np.ndarray, *, tile: tuple[int, int] | None) -> Path:
    """A TIFF with its scale: tiled, as a scan is, or in strips beside a thumbnail."""
    scale = {"resolution": (40_000, 40_000), "resolutionunit": "CENTIMETER"}
    with TiffWriter(path) as tiff:
        tiff.write(pixels, photometric="rgb", tile=tile, **scale)
        tiff.write(pixels[::8, ::8], photometric="rgb", subfiletype=1, **scale)
    return path


@pytest.mark.parametrize(
    ("tile", "compared", "smears"), [((256, 256), {}, 2), (None, {1: 1, 2: 1}, 1)]
)
def test_two_small_scans_are_two_smears_and_two_tiffs_of_a_camera_are_one(
    reader, tmp_path: Path, tile, compared: dict[int, int], smears: int
) -> None:
    drawn = [
        draw_field(SmearPlan(*SIZE, cells=20, seed=seed, zone="thin")).pixels
        for seed in (41, 42)
    ]
    paths = [_stored(tmp_path / f"{i}.tif", p, tile=tile) for i, p in enumerate(drawn)]
    with closing(open_case(paths, case=tmp_path / "a.marrow")) as case:
        list(events(case, reader))
        assert case.file.compared_photos() == compared
        assert (
            len(formal_count(case.file, target=6, seed=1, reader="A").smears) == smears
        )


@pytest.mark.parametrize(("step", "scanned"), [(2, True), (8, False)])
def test_a_pyramid_is_a_scan_however_it_is_tiled_and_a_thumbnail_makes_none(
    tmp_path: Path, step: int, scanned: bool
) -> None:
    path = tmp_path / "pyramid.tif"
    pixels = np.full((1200, 1600, 3), 230, np.uint8)
    with TiffWriter(path) as tiff:
        tiff.write(pixels, photometric="rgb", subifds=1)
        tiff.write(pixels[::step, ::step], photometric="rgb", subfiletype=1)
    with closing(open_slide(path)) as slide:
        assert slide.identity.scanned == scanned


def test_tiles_without_a_scale_are_no_scan(tmp_path: Path) -> None:
    path = tmp_path / "tiled.tif"
    with TiffWriter(path) as tiff:
        pixels = np.full((600, 800, 3), 230, np.uint8)
        tiff.write(pixels, photometric="rgb", tile=(256, 256))
    with closing(open_slide(path)) as slide:
        assert not slide.identity.scanned
