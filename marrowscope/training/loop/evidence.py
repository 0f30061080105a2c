"""What a frozen model sees in each cell, worked out once and kept on disk."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.errors import UnusableModel
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.catalogue import load_reader
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.preprocess import normalise
from marrowscope.inference.ready_made import GIVEN, NamesPictures, PictureScale
from marrowscope.training.datasets.cells import WINDOW_PX, WINDOW_UM
from marrowscope.training.fine_labels import FINE_IDS
from marrowscope.training.loop.cells import LoopCell
from marrowscope.training.loop.pictures import canvases
from marrowscope.training.measuring import plain_crop
from marrowscope.training.networks.crop_classifier import EMBEDDING

log = logging.getLogger(__name__)

BATCH = 8
LEAST = 1e-30  # a probability below it counts as this much
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """Of N cells: `base` (N, K) log-probabilities of the finer outputs as the model has
    them, zeros where it has none, and `features` (N, D) to learn from."""

    base: Floats
    features: Floats

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Evidence:
        """The given rows."""
        return Evidence(self.base[rows], self.features[rows])


def evidence_of(
    bundle: Bundle, cells: Sequence[LoopCell], *, cache: Path, threads: int = 1
) -> Evidence:
    """Evidence of every cell, in order; `cache` (.npz) keeps it by model and cell."""
    known = _kept(cache, bundle)
    missing = [cell for cell in cells if cell.key not in known]
    if missing:
        log.info("looking at %d cells with %s", len(missing), bundle.name)
        rows = _rows(bundle, canvases(missing), threads=threads)
        known |= {c.key: row for c, row in zip(missing, rows, strict=True)}
        _keep(cache, bundle, known)
    whole = np.array([known[cell.key] for cell in cells]).reshape(len(cells), -1)
    whole = whole.astype(np.float64)
    return Evidence(whole[:, : len(FINE_IDS)], whole[:, len(FINE_IDS) :])


def _kept(cache: Path, bundle: Bundle) -> dict[str, NDArray[np.float32]]:
    if not cache.is_file():
        return {}
    with np.load(cache) as stored:
        if str(stored["model"]) != bundle.identity.sha256:
            return {}
        return dict(zip(stored["keys"].tolist(), stored["rows"], strict=True))


def _keep(cache: Path, bundle: Bundle, rows: dict[str, NDArray[np.float32]]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    unfinished = cache.with_suffix(".part.npz")
    np.savez(
        unfinished,
        model=bundle.identity.sha256,
        keys=np.array(list(rows)),
        rows=np.stack(list(rows.values())),
    )
    unfinished.replace(cache)


def _rows(
    bundle: Bundle, pictures: Iterable[NDArray[np.uint8]], *, threads: int
) -> Iterator[NDArray[np.float32]]:
    """(K + D,) of each canvas: the model's embedding, or answers for want of one."""
    if bundle.identity.family == "lee":
        return _embedded(bundle, pictures, threads=threads)
    return _answered(bundle, pictures, threads=threads)


def _embedded(
    bundle: Bundle, pictures: Iterable[NDArray[np.uint8]], *, threads: int
) -> Iterator[NDArray[np.float32]]:
    model = OnnxModel(
        bundle.files["classifier"],
        shapes={"fine": (len(FINE_IDS),), "embedding": (EMBEDDING,)},
        probe=(3, bundle.crop.size, bundle.crop.size),
        device="cpu",
        threads=threads,
    )
    waiting = iter(pictures)
    while some := list(islice(waiting, BATCH)):
        crops = [plain_crop(canvas) for canvas in some]
        answer = model.run(normalise(crops, bundle.normalisation))
        finer = np.log(np.maximum(answer["fine"], LEAST))
        yield from np.concatenate([finer, answer["embedding"]], axis=1)


def _answered(
    bundle: Bundle, pictures: Iterable[NDArray[np.uint8]], *, threads: int
) -> Iterator[NDArray[np.float32]]:
    reader = load_reader(bundle, device="cpu", threads=threads)
    if not isinstance(reader, NamesPictures):
        raise UnusableModel(
            f"The model {bundle.name} cannot name pictures of single cells.",
            "Choose a model that can, such as lee.",
        )
    scale = PictureScale(WINDOW_UM / WINDOW_PX, GIVEN)
    nothing = np.zeros(len(FINE_IDS), np.float32)
    for canvas in pictures:
        answer = reader.classify(canvas, scale)
        told = np.log(np.maximum(answer.probabilities, LEAST))
        yield np.concatenate([nothing, told, answer.grades]).astype(np.float32)
