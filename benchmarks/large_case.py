"""A whole slide with a case of 555,052 stored cells, made once and kept.

    python -m benchmarks.large_case FOLDER

Cells lie about as they do on a smear: thick towards one end, lineages in drifts, one
in seven dysplastic. Every column is as full as a run of lee stores it.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawn_slide import SLIDES, write_slide
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.geometry import Box
from marrowscope.domain.provenance import DeviceUse, Provenance
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.imaging.opening import open_slide
from marrowscope.inference.bundle import Bundle
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.models import find_model

SIDE, CELLS, FIELD = 40_960, 555_052, 500
MPP = 0.25
STARTED = "2026-11-21T12:00:00+00:00"


@dataclass(frozen=True)
class LargeCase:
    """Where slide and case lie."""

    slide: Path
    case: Path


def large_case(folder: Path, *, side: int = SIDE, cells: int = CELLS) -> LargeCase:
    """The slide and its case in `folder`, made when they are not there yet."""
    made = LargeCase(large_slide(folder, side=side), folder / f"{cells}.marrow")
    if not made.case.exists():
        store_cells(made, cells)
    return made


def large_slide(folder: Path, *, side: int = SIDE) -> Path:
    """The slide alone, made when it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "slide.tif"
    if not path.exists():
        unfinished = path.with_suffix(".part.tif")
        write_slide(unfinished, side, SLIDES["easy (Q85 4:2:0)"])
        unfinished.rename(path)
    return path


def store_cells(made: LargeCase, count: int) -> None:
    """Write a finished run of `count` cells, field by field."""
    slide, bundle = open_slide(made.slide), find_model("lee")
    identity = replace(slide.identity, mpp=MPP)
    slide.close()
    used = DeviceUse("cpu", "cpu")
    provenance = Provenance(bundle.identity, used, "0", STARTED, plan={"mpp": MPP})
    fields = [Box(0, 0, FIELD, FIELD)] * -(-count // FIELD)
    places = smear_places(count, identity.width)
    unfinished = made.case.with_suffix(".part.marrow")
    unfinished.unlink(missing_ok=True)
    with CaseFile.create(unfinished, name="large") as case:
        number = case.add_slide(identity, made.slide)
        case.calibrate(number, MPP, "typed")
        run = case.begin_run(number, provenance, bundle.vocabulary, fields)
        for field in range(len(fields)):
            part = slice(field * FIELD, min((field + 1) * FIELD, count))
            cells = field_of_cells(places[part], bundle, slide=number, seed=field)
            case.add_field(run, field, cells)
        case.finish_run(run)
    unfinished.rename(made.case)


def smear_places(count: int, side: int) -> NDArray[np.float32]:
    """Middles (N, 2) in the order fields are read: a tongue, thick to the left."""
    chance = np.random.default_rng(11)
    drawn = np.zeros((0, 2))
    while len(drawn) < count:
        points = chance.random((2 * count, 2))
        edge = 0.42 * np.sqrt(np.clip(1.02 - points[:, 0], 0, 1))
        inside = np.abs(points[:, 1] - 0.5) < edge
        thick = chance.random(2 * count) < 1 - 0.75 * points[:, 0]
        holes = np.sin(9 * points[:, 0]) * np.cos(11 * points[:, 1]) < 0.75
        drawn = np.concatenate([drawn, points[inside & thick & holes]])
    places = (drawn[:count] * side).astype(np.float32)
    fields = places // 1024
    return places[np.lexsort((fields[:, 0], fields[:, 1]))]


def field_of_cells(
    places: NDArray[np.float32], bundle: Bundle, *, slide: int, seed: int
) -> CellTable:
    """Cells as a run of lee stores them: outlines of 40 points, full saliency."""
    chance, vocabulary = np.random.default_rng(seed), bundle.vocabulary
    count, fine = len(places), len(vocabulary.fine)
    sides = chance.normal(64, 12, (count, 2)).clip(36, 140)
    return CellTable(
        classes=vocabulary.class_ids,
        features=vocabulary.feature_ids,
        id=np.full(count, -1, np.int64),
        slide=np.full(count, slide, np.int32),
        box=np.concatenate([places - sides / 2, sides], axis=1).astype(np.float32),
        probabilities=_probabilities(places, vocabulary, chance),
        grades=chance.uniform(0, 3, (count, len(vocabulary.features))).astype("f4"),
        detection_score=chance.random(count, np.float32),
        cut=chance.random(count) > 0.97,
        saliency=chance.integers(0, 255, (count, 8, 8), np.uint8),
        fine=chance.random((count, fine), np.float32),
        strangeness=chance.random(count, np.float32),
        sought=np.zeros(count, np.bool_),
        drawn=np.zeros(count, np.bool_),
        outline=tuple(chance.random((40, 2), np.float32) for _ in range(count)),
    )


def _probabilities(
    places: NDArray[np.float32],
    vocabulary: ModelVocabulary,
    chance: np.random.Generator,
) -> NDArray[np.float32]:
    """(N, C) in lee's eight classes; where erythroid islands are, GN gives way."""
    x, y = places.T / 5000
    island = 1 / (1 + np.exp(-4 * (np.sin(2.1 * x) + np.cos(1.7 * y) - 0.4)))
    sick = 0.08 + 0.3 * (np.sin(0.8 * x + 1) * np.sin(0.9 * y) > 0.5)
    likely = {
        "EN": (0.15 + 0.5 * island) * (1 - sick),
        "ED": (0.15 + 0.5 * island) * sick,
        "GN": (0.75 - 0.55 * island) * (1 - sick / 2),
        "GD": (0.75 - 0.55 * island) * sick / 2,
        "MN": np.full(len(places), 0.004),
        "MD": np.full(len(places), 0.001),
        "blast": np.full(len(places), 0.03),
        "other": np.full(len(places), 0.06),
    }
    shares = np.stack([likely[c] for c in vocabulary.class_ids], axis=1).cumsum(axis=1)
    drawn = chance.random((len(places), 1)) * shares[:, -1:]
    best = (drawn > shares).sum(axis=1)
    sure = chance.beta(5, 1.2, len(places)).clip(0.2, 0.99)
    result = np.repeat((1 - sure[:, None]) / (shares.shape[1] - 1), 8, axis=1)
    result[np.arange(len(places)), best] = sure
    return result.astype(np.float32)


if __name__ == "__main__":
    began = time.perf_counter()
    print(large_case(Path(sys.argv[1])))
    print(f"{time.perf_counter() - began:.0f} s")
