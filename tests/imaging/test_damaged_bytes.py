"""Files with bytes changed or cut off: pixels or one sentence, never anything else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from marrowscope.domain.errors import MarrowScopeError, UnreadableInput
from marrowscope.imaging.opening import open_slide

PIXELS = np.random.default_rng(8).integers(0, 256, (96, 150, 3), np.uint8)


def written(kind: str, path: Path) -> None:
    if kind in ("png", "jpg", "bmp", "webp"):
        Image.fromarray(PIXELS).save(path)
    elif kind == "strips":
        tifffile.imwrite(path, PIXELS, rowsperstrip=16, compression="lzw")
    else:
        tifffile.imwrite(
            path, PIXELS, tile=(32, 32), compression=kind, photometric="rgb"
        )


@pytest.fixture(
    scope="module", params=["png", "jpg", "bmp", "webp", "strips", "jpeg", "zstd"]
)
def whole(request, tmp_path_factory) -> Path:
    ending = request.param if len(request.param) < 4 else "tif"
    path = tmp_path_factory.mktemp("whole") / f"picture.{ending}"
    written(request.param, path)
    return path


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_damaged_files_give_pixels_or_one_sentence(whole, tmp_path, data):
    content = bytearray(whole.read_bytes())
    places = st.integers(0, min(len(content), 600) - 1)
    for place in data.draw(st.lists(places, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    kept = data.draw(st.one_of(st.none(), st.integers(0, len(content))))
    path = tmp_path / whole.name
    path.write_bytes(content[:kept])
    complaint = None
    try:
        slide = open_slide(path)
        for level in range(len(slide.levels)):
            assert slide.read(3, 5, 40, 30, level=level).shape == (30, 40, 3)
        slide.close()
    except MarrowScopeError as error:
        complaint = error
    assert complaint is None or "picture." in complaint.what
    assert complaint is None or complaint.advice


@pytest.mark.parametrize("claimed", [0, 721_420_288])
def test_tiles_of_impossible_width_are_refused_before_memory_is_asked_for(
    tmp_path, claimed
):
    """OpenSlide ends the whole program when it gets no memory for a tile."""
    path = tmp_path / "picture.tif"
    written("zstd", path)
    with tifffile.TiffFile(path, mode="r+b") as file:
        file.pages[0].tags["TileWidth"].overwrite(claimed, dtype="I")
    with pytest.raises(UnreadableInput, match=r"picture\.tif"):
        open_slide(path)
