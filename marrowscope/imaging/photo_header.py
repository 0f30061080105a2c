"""What a photo says of itself before it is decoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from marrowscope.domain.errors import UnreadableInput

# Decoding needs up to 7 bytes a pixel: 100 megapixels stay below 700 MB.
LARGEST_PHOTO = 100_000_000
TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height
EXIF_ORIENTATION = 0x0112
# The program has its own limit, one sentence instead of a warning on stderr.
Image.MAX_IMAGE_PIXELS = None

# What Pillow raises for files that are damaged.
FAILURES = (
    OSError,
    ValueError,
    SyntaxError,  # Pillow's word for a broken PNG
    EOFError,
    IndexError,
    TypeError,
    KeyError,
    Image.DecompressionBombError,
)


@dataclass(frozen=True, slots=True)
class PhotoHeader:
    """`size` is width and height as a person sees the picture, None when only its
    decoding tells: the file is cut short, or may say which way up after its pixels.

    `profile`: the embedded ICC profile of a picture whose stored colours are RGB.
    """

    size: tuple[int, int] | None
    profile: bytes | None


def read_header(path: Path, name: str) -> PhotoHeader:
    """Read what lies around the pixels of a photo, called `name`.

    Raises UnreadableInput when it is no picture, or one too large to hold.
    """
    try:
        with Image.open(path) as image:
            check_photo_size(*image.size, name)
            size = _seen_size(image) if _goes_to_its_end(path, image) else None
            return PhotoHeader(size, _profile(image))
    except UnidentifiedImageError as error:
        raise UnreadableInput(
            f"{name} is not a slide or picture that MarrowScope knows.",
            "Open a whole-slide file, a DICOM folder, or a PNG, JPEG, TIFF, BMP or "
            "WebP photo.",
        ) from error
    except FAILURES as error:
        raise damaged(name) from error


def check_photo_size(width: int, height: int, name: str) -> None:
    """Raise UnreadableInput for a photo too large to hold in memory, or empty."""
    if width <= 0 or height <= 0:
        raise UnreadableInput(
            f"{name} is {width} x {height} pixels: it holds no picture.",
            "Export it again from the camera's program.",
        )
    if width * height > LARGEST_PHOTO:
        raise UnreadableInput(
            f"{name} is {width:,} x {height:,} pixels, too large to read as one photo.",
            "Save it as a tiled, pyramidal TIFF, which is read piece by piece.",
        )


def damaged(name: str) -> UnreadableInput:
    """What to say of a photo that does not decode."""
    return UnreadableInput(
        f"{name} is damaged or cut short and cannot be decoded.",
        "Copy it again from where it came.",
    )


def _seen_size(image: Image.Image) -> tuple[int, int]:
    # Not the PNG reader's own getexif, which decodes the picture first.
    turned = Image.Image.getexif(image).get(EXIF_ORIENTATION) in TURNED
    width, height = image.size
    return (height, width) if turned else (width, height)


def _profile(image: Image.Image) -> bytes | None:
    found = image.info.get("icc_profile")
    rgb_stored = image.mode in ("RGB", "RGBA", "P")
    return found if rgb_stored and isinstance(found, bytes) and found else None


# Whether a file is all there ----------------------------------------------------------


def _goes_to_its_end(path: Path, image: Image.Image) -> bool:
    """True when the file ends as its format wants; False also where nobody knows."""
    ends = _ENDS.get(image.format or "")
    if ends is None:
        return False
    with path.open("rb") as file:
        return ends(file, path.stat().st_size)


def _jpeg_ends(file: BinaryIO, size: int) -> bool:
    """With its end-of-image marker; cameras may fill up with zeros (ITU T.81, B.1)."""
    file.seek(max(0, size - 4096))
    return file.read().rstrip(b"\0").endswith(b"\xff\xd9")


def _png_ends(file: BinaryIO, size: int) -> bool:
    """Right after its pixels: a later chunk may hold the orientation (PNG, 5.6)."""
    at, kind, pixels = 8, b"", False
    while at + 12 <= size and kind != b"IEND":
        file.seek(at)
        length, kind = int.from_bytes(file.read(4)), file.read(4)
        if pixels and kind not in (b"IDAT", b"IEND"):
            return False
        pixels |= kind == b"IDAT"
        at += 12 + length
    return kind == b"IEND" and at <= size


def _bmp_ends(file: BinaryIO, size: int) -> bool:
    """Where its header says (BITMAPFILEHEADER, bfSize)."""
    file.seek(2)
    return int.from_bytes(file.read(4), "little") == size


def _webp_ends(file: BinaryIO, size: int) -> bool:
    """Where its RIFF header says (WebP container, 2.3)."""
    file.seek(4)
    return int.from_bytes(file.read(4), "little") + 8 == size


_ENDS: dict[str, Callable[[BinaryIO, int], bool]] = {
    "JPEG": _jpeg_ends,
    "MPO": _jpeg_ends,
    "PNG": _png_ends,
    "BMP": _bmp_ends,
    "WEBP": _webp_ends,
}
