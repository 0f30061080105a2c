"""How one tile of a TIFF becomes RGB: JPEG by libjpeg-turbo, JPEG 2000 by OpenJPEG.

Each gives what OpenSlide gives, to the last bit. Everything else is read by `TiffSlide`
or by OpenSlide.
"""

from __future__ import annotations

import struct
from typing import Protocol

import imagecodecs
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from tifffile import COMPRESSION, PHOTOMETRIC, TiffPage

from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.stored_tiles import StoredTile

_START, _END = b"\xff\xd8", b"\xff\xd9"
_MARKER, _SCAN = b"\xff", 0xDA
_ADOBE = b"\xff\xee\x00\x0eAdobe"
_TRANSFORM = 15  # bytes from an Adobe marker to what it says of the colours
_SEARCHED = 2048  # bytes of a tile in which its own Adobe marker may lie
_JPEG2000 = (COMPRESSION.APERIO_JP2000_YCBC, COMPRESSION.APERIO_JP2000_RGB)
_PLAIN = (3, *(7, 1, 1) * 3)  # three whole components of 8 bits, as SIZ puts it


class OtherTiles(ValueError):
    """A page whose tiles are read elsewhere; its text finishes "because"."""


class OtherSize(ValueError):
    """A tile that is not of its page's size."""


class TileCodec(Protocol):
    """Decodes the tiles of one page."""

    @property
    def ahead(self) -> int:
        """Bytes it wants free before a stored tile, for what the page says of all."""
        ...

    def decode(self, tile: StoredTile, into: Pixels) -> None:
        """Fill `into` (H, W, 3) with RGB.

        Raises ValueError or RuntimeError when the tile is damaged, OtherSize when it
        is whole.
        """
        ...


def codec_of(page: TiffPage, first: bytes) -> TileCodec:
    """The codec for a page of 8-bit colour; `first` is any of its tiles.

    Raises OtherTiles when there is none that gives OpenSlide's pixels.
    """
    if page.compression == COMPRESSION.JPEG:
        return JpegCodec(page, first)
    if page.compression in _JPEG2000:
        _check_components(first)
        return Jpeg2000Codec(
            ycbcr=page.compression == COMPRESSION.APERIO_JP2000_YCBC,
        )
    raise OtherTiles("its tiles are of another code")


class JpegCodec:
    """JPEG tiles with the tables of their page; most begin as `first` does.

    The TIFF's photometric tag says what the colours are, whatever a tile says itself:
    the Adobe marker is how libjpeg is told.
    """

    def __init__(self, page: TiffPage, first: bytes = b"") -> None:
        if page.photometric not in (PHOTOMETRIC.RGB, PHOTOMETRIC.YCBCR):
            raise OtherTiles("its colours are of another kind")
        self._coded = int(page.photometric == PHOTOMETRIC.YCBCR)
        tables = page.jpegtables or b""
        tables = tables.removeprefix(_START).removesuffix(_END)
        adobe = _ADOBE + b"\x00\x64\x00\x00\x00\x00" + bytes([self._coded])
        self._head = _START + tables + adobe
        self.ahead = len(self._head) - len(_START)  # it takes the tile's own start
        self._usual = _head_of(first)
        self._plain = bool(self._usual) and _ADOBE not in self._usual

    def decode(self, tile: StoredTile, into: Pixels) -> None:
        """See `TileCodec.decode`."""
        if simplejpeg.decode_jpeg(self.complete(tile), buffer=into).shape != into.shape:
            raise OtherSize

    def complete(self, tile: StoredTile) -> memoryview:
        """The tile made a JPEG picture that any decoder reads alike."""
        memory, start, end = tile
        begin, after = start - self.ahead, start + len(_START)
        # A tenth of a search: its head is the usual one, and has no marker of its own.
        if not (self._plain and memory.startswith(self._usual, start)):
            own = memory.find(_ADOBE, after, min(start + _SEARCHED, end))
            if own >= 0:
                memory[own + _TRANSFORM] = self._coded
        memory[begin:after] = self._head
        return memoryview(memory)[begin:end]


def _head_of(tile: bytes) -> bytes:
    """A tile's segments up to its pixels; empty where they are not found."""
    place = len(_START)
    while tile[place : place + 1] == _MARKER and place + 4 <= len(tile):
        if tile[place + 1] == _SCAN:
            return tile[: place + 2]
        place += 2 + int.from_bytes(tile[place + 2 : place + 4])
    return b""


class Jpeg2000Codec:
    """JPEG 2000 code streams as Aperio writes them."""

    ahead = 0

    def __init__(self, *, ycbcr: bool) -> None:
        self._ycbcr = ycbcr

    def decode(self, tile: StoredTile, into: Pixels) -> None:
        """See `TileCodec.decode`."""
        memory, start, end = tile
        coded = memory[start:end]
        samples = imagecodecs.jpeg2k_decode(coded, out=into)
        if samples.shape != into.shape:
            raise OtherSize
        if self._ycbcr:
            into[:] = ycbcr_to_rgb(samples)


def _check_components(tile: bytes) -> None:
    """Chroma stored at half size is put together by OpenSlide alone."""
    layout = struct.unpack_from(">H9B", tile, 40) if len(tile) > 51 else ()
    if tile[:4] != b"\xff\x4f\xff\x51" or layout != _PLAIN:
        raise OtherTiles("its components are not whole bytes of one size")


def _fixed(factor: float) -> NDArray[np.int32]:
    """A factor times -128 to 127 in 16-bit fixed point, each product rounded."""
    return np.round(np.arange(-128, 128) * (factor * 65536)).astype(np.int32)


_HALF = 1 << 15
_RED_OF_CR = ((_fixed(1.40200) + _HALF) >> 16).astype(np.int16)
_BLUE_OF_CB = ((_fixed(1.77200) + _HALF) >> 16).astype(np.int16)
_GREEN_OF_CB, _GREEN_OF_CR = -_fixed(0.34414), _HALF - _fixed(0.71414)


def ycbcr_to_rgb(samples: NDArray[np.uint8]) -> Pixels:
    """(H, W, 3) full-range BT.601 as RGB, rounded as OpenSlide rounds."""
    luma, blue, red = (samples[..., i] for i in range(3))
    green = (_GREEN_OF_CB[blue] + _GREEN_OF_CR[red]) >> 16
    out = np.empty_like(samples)
    for channel, chroma in enumerate((_RED_OF_CR[red], green, _BLUE_OF_CB[blue])):
        np.clip(luma + chroma, 0, 255, out=out[..., channel], casting="unsafe")
    return out
