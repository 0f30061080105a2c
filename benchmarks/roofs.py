"""What this machine can do at most, by the same clock as everything else.

    python -m benchmarks.roofs [--when "before"]

A matrix product (fp32, numpy's BLAS), a copy in memory, libjpeg-turbo on the tiles of
the easy slide, and Qt's raster painter on tiles of a view of 1600 by 1000 pixels. Run
before and after the others, so that a machine that slowed down meanwhile is seen.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import simplejpeg
from PySide6.QtGui import QImage, QPainter

from benchmarks.drawn_slide import SLIDES, TILE, texture
from benchmarks.results import Fact, write_section
from benchmarks.tiles import VIEW
from marrowscope.gui.reader_cores import core_each

MATRIX = 2048
COPIED = 128 << 20  # bytes
TILES = 128


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and write a section of the results."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--when", default="")
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args(argv)
    works = {**_arithmetic(), **_decoding(), **_blit()}
    times: dict[str, list[float]] = {what: [] for what in works}
    for _ in range(given.rounds):
        for what, (work, _, _) in works.items():
            began = time.perf_counter()
            work()
            times[what].append(time.perf_counter() - began)
    facts = [
        Fact(what, _speed(times[what], amount, unit))
        for what, (_, amount, unit) in works.items()
    ]
    title = "The machine's roofs"
    write_section(f"{title}, {given.when}" if given.when else title, facts)


Work = tuple[Callable[[], object], float, str]  # what to do, how much it is, of what


def _speed(seconds: Sequence[float], amount: float, unit: str) -> str:
    """Median and, behind it, the speed that 95 % of the rounds reached."""
    middle, slow = np.percentile(seconds, (50, 95))
    return f"{amount / middle:,.0f} ({amount / slow:,.0f}) {unit}"


def _arithmetic() -> dict[str, Work]:
    rng = np.random.default_rng(1)
    left, right = rng.random((2, MATRIX, MATRIX), np.float32)
    product = np.empty_like(left)
    source, target = np.ones(COPIED, np.uint8), np.empty(COPIED, np.uint8)
    flops = 2 * MATRIX**3 / 1e9
    return {
        f"matrix product, fp32, {MATRIX}²": (
            lambda: np.matmul(left, right, out=product),
            flops,
            "GFLOP/s",
        ),
        "copy in memory": (lambda: np.copyto(target, source), COPIED / 1e6, "MB/s"),
    }


def _decoding() -> dict[str, Work]:
    """One thread, and one for each core."""
    coding = SLIDES["easy (Q85 4:2:0)"]
    piece, side = texture(2048, coding.grain), 2048 // TILE
    coded = [
        simplejpeg.encode_jpeg(
            np.ascontiguousarray(piece[y : y + TILE, x : x + TILE]),
            quality=coding.quality,
            colorsubsampling="420",
        )
        for y in range(0, side * TILE, TILE)
        for x in range(0, side * TILE, TILE)
    ]
    data = (coded * (TILES // len(coded) + 1))[:TILES]
    cores = os.cpu_count() or 1
    pool = ThreadPoolExecutor(cores, initializer=core_each(cores))
    mega = TILES * TILE**2 / 1e6

    def together() -> None:
        list(pool.map(_decode, [data[n::cores] for n in range(cores)]))

    return {
        "libjpeg-turbo, one thread": (lambda: _decode(data), mega, "MPix/s"),
        f"libjpeg-turbo, {cores} threads": (together, mega, "MPix/s"),
    }


def _decode(data: Sequence[bytes]) -> None:
    buffer = np.empty((TILE, TILE, 3), np.uint8)
    for tile in data:
        simplejpeg.decode_jpeg(tile, buffer=buffer)


def _blit() -> dict[str, Work]:
    screen = QImage(*VIEW, QImage.Format.Format_RGB32)
    tile = QImage(TILE, TILE, QImage.Format.Format_RGB32)
    tile.fill(0x808080)

    def blit() -> None:
        painter = QPainter(screen)
        for y in range(0, VIEW[1], TILE):
            for x in range(0, VIEW[0], TILE):
                painter.drawImage(x, y, tile)
        painter.end()

    return {f"tiles painted on {VIEW[0]}x{VIEW[1]}": (blit, 1.0, "frames/s")}


if __name__ == "__main__":
    main()
