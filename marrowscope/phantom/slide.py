"""Writing a whole slide, block by block, with its truth beside it."""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import tifffile

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.phantom.painting import Painted, paint
from marrowscope.phantom.placing import Placed, place
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.pyramid import TILE, encode, write_level, write_reduced
from marrowscope.phantom.smear import describe
from marrowscope.phantom.stain import standard
from marrowscope.phantom.window import Window

BLOCK = 4 * TILE
REDUCE = 4  # each level of the pyramid is a quarter as wide as the one before
Progress = Callable[[int, int], None]


def demonstration_plan(seed: int = 2026) -> SmearPlan:
    """Return the smear of ``make run``: 12,288 pixels a side, 1,600 cells."""
    return SmearPlan(
        12288,
        12288,
        1600,
        seed,
        minimum={"e": 200, "g": 200, "m": 30},
        open_edges=False,
        stain=standard(),
    )


@dataclass
class _Block:
    """One finished block: its tiles as JPEG by row, its reduced picture, its truth."""

    tiles: list[list[bytes]]
    reduced: np.ndarray
    records: dict[int, dict[str, Any]]
    doubtful: dict[int, dict[str, Any]]


@dataclass
class _Truth:
    records: dict[int, dict[str, Any]] = field(default_factory=dict)
    doubtful: dict[int, dict[str, Any]] = field(default_factory=dict)


def write_slide(
    plan: SmearPlan,
    path: Path,
    progress: Progress | None = None,
    *,
    workers: int | None = None,
) -> Path:
    """Draw a plan into a pyramidal tiled JPEG TIFF and its truth into ``path``.json.

    ``progress`` is called with (blocks done, blocks in all). The picture does not
    depend on ``workers`` (processes; default 2, or 1 where there is one core).

    Memory: each worker holds one block of 1,024 pixels a side (about 220 MB while it
    is painted, whatever the slide), the caller two rows of blocks as JPEG and the
    truth (about 2 kB a cell); reduced levels wait in a file on disk.
    Raises MarrowScopeError when the plan cannot be drawn or the file not be written.
    """
    path = Path(path)
    placed = place(plan)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            unfinished = Path(folder) / "slide.tif"
            truth = _write(plan, placed, unfinished, progress, workers)
            document = describe(plan, _ordered(truth.records), _ordered(truth.doubtful))
            notes = Path(folder) / "truth.json"
            notes.write_text(json.dumps(document), encoding="utf-8")
            notes.replace(path.with_suffix(".json"))
            unfinished.replace(path)
    except OSError as error:
        raise MarrowScopeError(
            f"The slide {path} cannot be written: {error.strerror or error}.",
            "Choose a folder that exists, may be written and has room.",
        ) from error
    return path


def _ordered(entries: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [entries[key] for key in sorted(entries)]


def _write(
    plan: SmearPlan,
    placed: list[Placed],
    path: Path,
    progress: Progress | None,
    workers: int | None,
) -> _Truth:
    """Write all levels of the TIFF; return the truth gathered on the way."""
    truth = _Truth()
    small = (-(-plan.height // REDUCE), -(-plan.width // REDUCE), 3)
    reduced = np.memmap(path.with_suffix(".level1"), np.uint8, "w+", shape=small)
    count = workers or min(2, os.cpu_count() or 1)
    with _pool(count) as pool, tifffile.TiffWriter(path, bigtiff=True) as tiff:
        strips = _strips(plan, placed, pool, count)
        tiles = _gather(plan, strips, truth, reduced, progress)
        write_level(tiff, tiles, (plan.height, plan.width), mpp=plan.mpp)
        write_reduced(tiff, reduced, mpp=plan.mpp * REDUCE, factor=REDUCE)
    return truth


@contextmanager
def _pool(workers: int) -> Iterator[Executor | None]:
    if workers == 1:
        yield None
        return
    # A fork of a process with running threads (a window's) may hang: start afresh.
    fresh = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=fresh, initializer=_single_thread)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _single_thread() -> None:
    cv2.setNumThreads(1)


def _strips(
    plan: SmearPlan, placed: list[Placed], pool: Executor | None, workers: int
) -> Iterator[list[_Block]]:
    """Yield the rows of blocks from top to bottom, painting one row ahead."""
    ahead: list[list[Future[_Block]]] = []
    for top in range(0, plan.height, BLOCK):
        windows = [
            Window(
                left,
                top,
                min(BLOCK, plan.width - left),
                min(BLOCK, plan.height - top),
                plan.mpp,
            )
            for left in range(0, plan.width, BLOCK)
        ]
        if pool is None:
            yield [_paint_block(plan, _near(placed, w), w) for w in windows]
            continue
        ahead.append(
            [pool.submit(_paint_block, plan, _near(placed, w), w) for w in windows]
        )
        if len(ahead) > 1:
            yield [job.result() for job in ahead.pop(0)]
    for row in ahead:
        yield [job.result() for job in row]


def _near(placed: list[Placed], window: Window) -> list[tuple[int, Placed]]:
    """Return the subjects that may show in a window or move its red cells."""
    reach = 260.0 / window.mpp  # microns: the largest cell beside the largest fat hole
    return [(n, one) for n, one in enumerate(placed) if window.near(*one.at, reach)]


def _paint_block(
    plan: SmearPlan, near: list[tuple[int, Placed]], window: Window
) -> _Block:
    """Paint one block and pack it as JPEG tiles."""
    noise = (window.top // BLOCK) * 65536 + window.left // BLOCK + 1
    painted = paint(plan, [one for _, one in near], window, noise_seed=noise)
    numbers = [number for number, _ in near]
    rows = range(0, window.height, TILE)
    columns = range(0, window.width, TILE)
    size = (-(-window.width // REDUCE), -(-window.height // REDUCE))
    return _Block(
        [[encode(painted.pixels[r:, c:]) for c in columns] for r in rows],
        cv2.resize(painted.pixels, size, interpolation=cv2.INTER_AREA),
        *_own(painted, numbers, near, window),
    )


def _own(
    painted: Painted,
    numbers: list[int],
    near: list[tuple[int, Placed]],
    window: Window,
) -> tuple[dict[int, dict[str, Any]], dict[int, dict[str, Any]]]:
    """Return the truth of the subjects whose centre lies in the window."""
    own = {k for k, (_, one) in enumerate(near) if _holds(window, one)}
    records = {
        2 * numbers[(key - 1) // 2] + (key - 1) % 2 + 1: entry
        for key, entry in painted.records.items()
        if (key - 1) // 2 in own
    }
    doubtful = {numbers[k]: entry for k, entry in painted.doubtful.items() if k in own}
    return records, doubtful


def _holds(window: Window, one: Placed) -> bool:
    return (
        0 <= one.at[0] - window.left < window.width
        and 0 <= one.at[1] - window.top < window.height
    )


def _gather(
    plan: SmearPlan,
    strips: Iterator[list[_Block]],
    truth: _Truth,
    reduced: np.ndarray,
    progress: Progress | None,
) -> Iterator[bytes]:
    """Yield level 0's tiles row by row; keep truth and reduced picture on the way."""
    across = -(-plan.width // BLOCK)
    total, done = across * -(-plan.height // BLOCK), 0
    for number, blocks in enumerate(strips):
        for place_, block in enumerate(blocks):
            truth.records.update(block.records)
            truth.doubtful.update(block.doubtful)
            top, left = number * BLOCK // REDUCE, place_ * BLOCK // REDUCE
            high, wide = block.reduced.shape[:2]
            reduced[top : top + high, left : left + wide] = block.reduced
        done += len(blocks)
        if progress:
            progress(done, total)
        for row in range(len(blocks[0].tiles)):
            for block in blocks:
                yield from block.tiles[row]
