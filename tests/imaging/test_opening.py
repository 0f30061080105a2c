"""Everything a user may open, and one sentence for everything that cannot be."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from marrowscope.domain.errors import UnreadableInput, UnreadableRegion
from marrowscope.domain.geometry import Box
from marrowscope.imaging import opening, photo_slide
from marrowscope.imaging.fields import read_at_scale
from marrowscope.imaging.opening import find_slides, open_slide
from marrowscope.imaging.small_picture import small_picture

COLOURS = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
SENTENCE_PROBE = """
import json, re, sys
from pathlib import Path
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.imaging.opening import find_slides, open_slide
try:
    slide = open_slide(find_slides(Path(sys.argv[1]))[0])
    slide.read(0, 0, 8, 8, level=0)
    said = "opened"
except MarrowScopeError as error:
    said = str(error)
status = Path("/proc/self/status")
text = status.read_text() if status.exists() else "VmHWM: 0"
peak = int(re.search(r"VmHWM:\\s*(\\d+)", text).group(1)) / 1024
print(json.dumps({"said": said, "mb": peak}))
"""


def everything(path: Path) -> np.ndarray:
    slide = open_slide(path)
    pixels = slide.read(0, 0, slide.identity.width, slide.identity.height, level=0)
    slide.close()
    return pixels


def said_of(path: Path) -> dict:
    """What a program of its own says, so that chatter and memory are seen too."""
    done = subprocess.run(
        [sys.executable, "-c", SENTENCE_PROBE, path],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return json.loads(done.stdout)


# --- photos ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.png", "Ядро.bmp", "骨髓 [1].tif", "😐.webp"])
def test_photos_of_lossless_formats_are_read_exactly(tmp_path, name):
    path = tmp_path / name
    Image.fromarray(COLOURS).save(path, lossless=True)
    assert np.array_equal(everything(path), COLOURS)


def test_a_jpeg_is_read_nearly(tmp_path):
    path = tmp_path / "a.jpg"
    smooth = np.full((40, 60, 3), (200, 120, 160), np.uint8)
    Image.fromarray(smooth).save(path, quality=95)
    assert np.abs(everything(path).astype(int) - smooth).max() <= 3


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_stand_upright_whatever_way_the_camera_was_held(tmp_path, orientation):
    path = tmp_path / "turned.png"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(COLOURS).save(path, exif=exif)
    rotations = {1: 0, 2: 0, 3: 2, 4: 2, 5: 1, 6: 3, 7: 3, 8: 1}
    mirrored = COLOURS[:, ::-1] if orientation in (2, 4, 5, 7) else COLOURS
    upright = np.rot90(mirrored, rotations[orientation])
    assert np.array_equal(everything(path), upright)


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1"])
def test_grey_transparent_and_palette_photos_become_rgb(tmp_path, mode):
    path = tmp_path / f"{mode}.png"
    image = Image.fromarray(COLOURS).convert(mode)
    image.save(path)
    flat = Image.new("RGBA", image.size, "white")
    flat.alpha_composite(image.convert("RGBA"))
    assert np.array_equal(everything(path), np.asarray(flat.convert("RGB")))


def test_a_16_bit_grey_png_keeps_its_range(tmp_path):
    path = tmp_path / "deep.png"
    ramp = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    Image.fromarray(ramp).save(path)
    pixels = everything(path)
    assert (pixels.min(), pixels.max()) == (0, 255)


def test_a_photo_is_uncalibrated_whatever_its_dots_per_inch(tmp_path):
    path = tmp_path / "dpi.png"
    Image.fromarray(COLOURS).save(path, dpi=(72, 72))
    assert open_slide(path).identity.mpp is None


def test_a_photo_removed_during_a_run_is_an_unreadable_region(tmp_path):
    path = tmp_path / "gone.png"
    Image.fromarray(COLOURS).save(path)
    slide = open_slide(path)
    path.unlink()
    slide.close()  # what was decoded is let go
    with pytest.raises(UnreadableRegion, match=r"gone\.png"):
        slide.read(0, 0, 4, 4, level=0)


def test_a_photo_exchanged_during_a_run_is_noticed(tmp_path):
    path = tmp_path / "other.png"
    Image.fromarray(COLOURS).save(path)
    slide = open_slide(path)
    Image.fromarray(COLOURS[:20]).save(path)
    slide.close()
    with pytest.raises(UnreadableRegion, match="has changed"):
        slide.read(0, 0, 4, 4, level=0)


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_png_stands_upright_wherever_it_says_how_it_was_held(tmp_path, before):
    path = tmp_path / "turned.png"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(COLOURS).save(path, exif=exif)
    whole = path.read_bytes()
    at = whole.index(b"eXIf") - 4
    length = 12 + int.from_bytes(whole[at : at + 4], "big")
    chunk, rest = whole[at : at + length], whole[:at] + whole[at + length :]
    place = rest.index(b"IDAT" if before else b"IEND") - 4
    path.write_bytes(rest[:place] + chunk + rest[place:])
    assert np.array_equal(everything(path), np.rot90(COLOURS, 3))


@pytest.mark.parametrize("ending", ["jpg", "png", "bmp", "webp"])
def test_a_whole_photo_is_not_decoded_to_open_it(tmp_path, monkeypatch, ending):
    cache = photo_slide.PixelCache(1 << 20)
    monkeypatch.setattr(photo_slide, "DECODED", cache)
    path = tmp_path / f"whole.{ending}"
    Image.fromarray(COLOURS).save(path)
    slide = open_slide(path)
    assert cache.held == 0
    slide.read(0, 0, 4, 4, level=0)
    assert cache.held == COLOURS.nbytes


def test_damage_amid_a_photo_is_told_when_it_is_read(tmp_path):
    path = tmp_path / "hurt.png"
    noise = np.random.default_rng(1).integers(0, 256, (90, 90, 3), np.uint8)
    Image.fromarray(noise).save(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    slide = open_slide(path)
    for look in (lambda: slide.read(0, 0, 9, 9, level=0), lambda: slide.glance(9)):
        with pytest.raises(UnreadableRegion, match=r"hurt\.png is damaged") as caught:
            look()
        assert caught.value.advice


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_a_photo_at_a_glance_is_the_photo_and_leaves_nothing_behind(
    tmp_path, monkeypatch, ending
):
    cache = photo_slide.PixelCache(1 << 20)
    monkeypatch.setattr(photo_slide, "DECODED", cache)
    path = tmp_path / f"glance.{ending}"
    across = np.linspace(0, 255, 800).astype(np.uint8)
    ramp = np.broadcast_to(across[None, :, None], (600, 800, 3))
    exif = Image.Exif()
    exif[0x0112] = 3
    Image.fromarray(ramp).save(path, exif=exif)
    small = small_picture(open_slide(path), 80).astype(int)
    assert small.shape == (60, 80, 3)
    wanted = ramp[::-10, ::-10].astype(int)
    assert np.abs(small - wanted).max() <= 6
    assert cache.held == 0


# --- TIFF -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"compression": "zstd"},
        {"compression": "deflate", "predictor": True},
        {"compression": "lzw", "tile": (16, 32)},
        {"rowsperstrip": 7},
        {"bigtiff": True},
        {"byteorder": ">"},
        {"planarconfig": "separate", "tile": (16, 16)},
    ],
    ids=str,
)
def test_tiffs_of_many_kinds_are_read_exactly(tmp_path, options):
    path = tmp_path / "kind.tif"
    separate = options.get("planarconfig") == "separate"
    written = COLOURS.transpose(2, 0, 1) if separate else COLOURS
    tifffile.imwrite(path, written, photometric="rgb", **options)
    assert np.array_equal(everything(path), COLOURS)


def test_12_bits_in_a_16_bit_tiff_fill_the_range(tmp_path):
    path = tmp_path / "camera.tif"
    deep = (COLOURS.astype(np.uint16) * 16) + 15
    tifffile.imwrite(path, deep, photometric="rgb", tile=(16, 16), compression="zstd")
    assert np.abs(everything(path).astype(int) - COLOURS).max() <= 1


def test_white_is_zero_and_palette_tiffs_show_their_colours(tmp_path):
    grey = COLOURS[..., 0]
    tifffile.imwrite(tmp_path / "w.tif", grey, photometric="miniswhite")
    assert np.array_equal(everything(tmp_path / "w.tif")[..., 0], 255 - grey)
    palette = Image.fromarray(COLOURS).convert("P")
    palette.save(tmp_path / "p.tif")
    expected = np.asarray(palette.convert("RGB"))
    assert np.abs(everything(tmp_path / "p.tif").astype(int) - expected).max() <= 1


def test_a_pyramid_in_sub_images_is_read_with_its_levels_and_scale(tmp_path):
    path = tmp_path / "sub.ome.tif"
    metadata = {"axes": "YXS", "PhysicalSizeX": 0.23, "PhysicalSizeY": 0.23}
    big = np.tile(COLOURS, (10, 10, 1))
    with tifffile.TiffWriter(path, ome=True) as writer:
        writer.write(
            big, subifds=1, tile=(128, 128), compression="zstd", metadata=metadata
        )
        writer.write(big[::2, ::2], subfiletype=1, tile=(128, 128), compression="zstd")
    slide = open_slide(path)
    assert [level.width for level in slide.levels] == [600, 300]
    assert slide.identity.mpp == pytest.approx(0.23)


@pytest.mark.parametrize(
    ("resolution", "unit", "mpp"),
    [
        ((40_000, 40_000), "CENTIMETER", 0.25),
        ((101_600, 101_600), "INCH", 0.25),
        ((72, 72), "INCH", None),
        ((40_000, 20_000), "CENTIMETER", None),
        ((40_000, 40_000), "NONE", None),
    ],
)
def test_only_a_real_scale_is_believed(tmp_path, resolution, unit, mpp):
    path = tmp_path / "scale.tif"
    tifffile.imwrite(path, COLOURS, resolution=resolution, resolutionunit=unit)
    assert open_slide(path).identity.mpp == pytest.approx(mpp)


def test_a_damaged_tile_fails_alone(tmp_path):
    path = tmp_path / "holed.tif"
    big = np.tile(COLOURS, (8, 8, 1))
    tifffile.imwrite(path, big, tile=(64, 64), compression="jpeg", photometric="rgb")
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        offset, count = page.dataoffsets[9], page.databytecounts[9]
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff" * count)
    slide = open_slide(path)
    x, y = 9 % 8 * 64, 9 // 8 * 64
    for _ in range(2):
        with pytest.raises(UnreadableRegion, match=r"holed\.tif"):
            slide.read(x, y, 8, 8, level=0)
        assert slide.read(300, 200, 20, 20, level=0).shape == (20, 20, 3)


@pytest.mark.parametrize("compression", ["jpeg", "zstd"])
def test_a_tiff_cut_in_the_middle_of_a_tile_is_read_as_far_as_it_goes(
    tmp_path, compression
):
    path = tmp_path / "cut.tif"
    big = np.tile(COLOURS, (20, 20, 1))
    with tifffile.TiffWriter(path) as writer:
        writer.write(big, tile=(64, 64), compression=compression, photometric="rgb")
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        assert page.tags["TileOffsets"].valueoffset < page.dataoffsets[0]
        middle = page.dataoffsets[100] + page.databytecounts[100] // 2
    os.truncate(path, middle)
    assert said_of(path)["said"] == "opened"
    slide = open_slide(path)
    assert slide.read(0, 0, 64, 64, level=0).shape == (64, 64, 3)
    with pytest.raises(UnreadableRegion, match=r"cut\.tif"):
        slide.read(1100, 700, 64, 64, level=0)


def test_a_slide_removed_during_a_run_is_an_unreadable_region_or_still_there(tmp_path):
    path = tmp_path / "gone.tif"
    big = np.tile(COLOURS, (20, 20, 1))
    tifffile.imwrite(path, big, tile=(64, 64), compression="jpeg", photometric="rgb")
    slide = open_slide(path)
    path.unlink()
    with contextlib.suppress(UnreadableRegion):
        assert slide.read(700, 700, 64, 64, level=0).shape == (64, 64, 3)


@pytest.mark.shared
def test_damage_in_a_makers_slide_fails_alone_for_every_thread(shared_dir, tmp_path):
    """OpenSlide's errors latch: a reader beside a bad tile must not suffer."""
    path = tmp_path / "hurt.svs"
    shutil.copyfile(shared_dir / "slides" / "CMU-1-Small-Region.svs", path)
    path.chmod(0o644)
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        offset, count = page.dataoffsets[0], page.databytecounts[0]
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff" * count)
    slide = open_slide(path)
    expected = slide.read(1000, 1000, 64, 64, level=0)

    def look(number: int) -> bool:
        if number % 3:
            return np.array_equal(slide.read(1000, 1000, 64, 64, level=0), expected)
        with pytest.raises(UnreadableRegion, match=r"hurt\.svs"):
            slide.read(0, 0, 64, 64, level=0)
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(look, range(60)))
    os.truncate(path, 1000)  # a copy that broke off, or a share that went away
    with pytest.raises(UnreadableRegion, match=r"hurt\.svs"):
        slide.read(1500, 2000, 64, 64, level=0)


# --- one sentence for everything else --------------------------------------------


def header_of_a_giant(kind: str, width: int = 400_000, height: int = 250_000) -> bytes:
    """A picture that claims 100 gigapixels and holds nothing."""
    if kind == "png":
        data = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        chunk = b"IHDR" + data
        crc = struct.pack(">I", zlib.crc32(chunk))
        start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + crc
        return start + struct.pack(">I", 100) + b"IDAT" + bytes(104)
    if kind == "bmp":
        info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
        return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info
    tags = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, height),
        (279, 4, 1, 1000),
    ]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


@pytest.mark.parametrize("kind", ["png", "bmp", "tif"])
def test_a_header_of_100_gigapixels_gets_one_sentence_and_no_memory(tmp_path, kind):
    path = tmp_path / f"giant.{kind}"
    path.write_bytes(header_of_a_giant(kind))
    answer = said_of(path)
    assert f"giant.{kind}" in answer["said"]
    assert answer["mb"] < 400


def test_a_photo_of_40_000_squared_gets_one_sentence(tmp_path):
    path = tmp_path / "vast.png"
    path.write_bytes(header_of_a_giant("png", 40_000, 40_000))
    answer = said_of(path)
    assert "40,000 x 40,000 pixels, too large" in answer["said"]
    assert answer["mb"] < 400


@pytest.mark.parametrize(
    "ending", ["tif", "svs", "ndpi", "png", "jpg", "dcm", "bmp", "webp", "mrxs", ""]
)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture at all\n" * 30,
        b"II*\0",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
    ],
    ids=["empty", "text", "tiff-magic", "png-magic", "jpeg-magic"],
)
def test_no_slide_whatever_its_name_gets_one_sentence(tmp_path, ending, content):
    path = tmp_path / f"thing.{ending}"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput, match="thing") as caught:
        open_slide(path)
    assert caught.value.advice


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "bmp"])
def test_a_photo_cut_short_gets_one_sentence(tmp_path, ending):
    path = tmp_path / f"short.{ending}"
    Image.fromarray(np.tile(COLOURS, (9, 9, 1))).save(path)
    os.truncate(path, path.stat().st_size * 2 // 3)
    answer = said_of(path)
    assert "damaged" in answer["said"]


def test_nothing_and_things_that_are_no_files_get_one_sentence(tmp_path):
    with pytest.raises(UnreadableInput, match="is not there"):
        open_slide(tmp_path / "missing.svs")
    os.mkfifo(tmp_path / "pipe.tif")
    with pytest.raises(UnreadableInput, match="not an ordinary file"):
        open_slide(tmp_path / "pipe.tif")


def test_a_file_one_may_not_read_gets_one_sentence(tmp_path, monkeypatch):
    path = tmp_path / "private.svs"
    path.write_bytes(b"x")

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read whatever its mode
    with pytest.raises(UnreadableInput, match=r"no permission to read private\.svs"):
        open_slide(path)


# --- folders --------------------------------------------------------------------


def test_a_folder_of_photos_is_in_natural_order_without_hidden_files(tmp_path):
    for name in ("field 10.png", "field 2.PNG", "._field 2.png", "notes.txt", "a.jpeg"):
        (tmp_path / name).write_bytes(b"x")
    names = [path.name for path in find_slides(tmp_path)]
    assert names == ["a.jpeg", "field 2.PNG", "field 10.png"]


def test_a_photo_of_one_pixel_and_a_strip_can_be_read_at_scale(tmp_path):
    for size in ((1, 1), (3000, 20), (1, 5000)):
        path = tmp_path / f"{size[0]}.png"
        Image.new("RGB", size, "purple").save(path)
        slide = open_slide(path)
        whole = Box(0, 0, *size)
        pixels = read_at_scale(slide, whole, mpp=0.5, slide_mpp=0.25)
        assert pixels.shape == (
            max(1, round(size[1] / 2)),
            max(1, round(size[0] / 2)),
            3,
        )
        assert (pixels == (128, 0, 128)).all()


@pytest.mark.parametrize("content", [None, "notes.txt", "sub/photo.png"])
def test_a_folder_without_pictures_gets_one_sentence(tmp_path, content):
    if content:
        (tmp_path / content).parent.mkdir(exist_ok=True)
        (tmp_path / content).write_bytes(b"text")
    with pytest.raises(UnreadableInput, match=f"The folder {tmp_path.name}"):
        find_slides(tmp_path)
    with pytest.raises(UnreadableInput, match=f"The folder {tmp_path.name}"):
        open_slide(tmp_path)


# --- the real files of ../shared --------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "size", "mpp"),
    [
        ("CMU-1-Small-Region.svs", (2220, 2967), 0.499),
        ("boxes.tiff", (300, 250), None),
        ("boxes_dcm", (16, 16), 0.499),
        ("large_image_yb10kx5k.zstd.tiff", (10000, 5000), None),
        ("slideio_test3-DAPI-2-(387).ndpi", (3968, 4864), 0.228),
    ],
)
def test_real_slides_open_with_their_size_and_scale(shared_dir, name, size, mpp):
    (path,) = find_slides(shared_dir / "slides" / name)
    slide = open_slide(path)
    assert (slide.identity.width, slide.identity.height) == size
    assert slide.identity.mpp == pytest.approx(mpp, abs=1e-3)
    assert slide.read(size[0] // 2, size[1] // 2, 9, 9, level=0).shape == (9, 9, 3)


@pytest.mark.shared
def test_the_zstd_tiff_reads_the_same_without_openslide(shared_dir, monkeypatch):
    path = shared_dir / "slides" / "large_image_yb10kx5k.zstd.tiff"
    without = open_slide(path)
    monkeypatch.setattr(opening, "openslide_format", lambda _: "zstd, say")
    with_openslide = open_slide(path)
    assert type(without) is not type(with_openslide)
    assert without.identity.mpp is None
    for level in range(4):
        pair = [
            s.read(4000, 2000, 90, 70, level=level) for s in (with_openslide, without)
        ]
        assert np.array_equal(*pair)


@pytest.mark.shared
def test_dicom_files_are_one_slide_however_they_are_named(shared_dir):
    folder = shared_dir / "slides" / "boxes_dcm"
    contents = [
        open_slide(p).identity.content for p in (folder, *sorted(folder.iterdir()))
    ]
    assert len(set(contents)) == 1


@pytest.mark.shared
def test_dicom_files_without_ending_and_photos_beside_them_are_found(
    shared_dir, tmp_path
):
    for number in range(2):
        source = shared_dir / "slides" / "boxes_dcm" / f"boxes_{number}.dcm"
        shutil.copyfile(source, tmp_path / f"1.2.826.{number}")
    assert find_slides(tmp_path) == [tmp_path]
    Image.fromarray(COLOURS).save(tmp_path / "photo.png")
    assert [p.name for p in find_slides(tmp_path)] == ["1.2.826.0", "photo.png"]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["unreadable.svs", "large_image_zero_gi_broken.tif"])
def test_broken_slides_get_one_sentence_and_no_chatter(shared_dir, name):
    answer = said_of(shared_dir / "slides" / "broken" / name)
    assert name in answer["said"]
    assert answer["said"].count("\n") == 0


def test_many_photos_do_not_stay_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(
        photo_slide, "DECODED", photo_slide.PixelCache(3 * COLOURS.nbytes)
    )
    slides = []
    for number in range(9):
        path = tmp_path / f"{number}.png"
        Image.fromarray(COLOURS).save(path)
        slides.append(open_slide(path))
    assert photo_slide.DECODED.held <= 3 * COLOURS.nbytes
    assert all(np.array_equal(s.read(0, 0, 60, 40, level=0), COLOURS) for s in slides)
