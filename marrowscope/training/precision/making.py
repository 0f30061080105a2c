"""Makes the int8 and fp16 form of each of a bundle's networks."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

from marrowscope.inference.bundle import Bundle
from marrowscope.training.precision.fewest_kept import fewest_kept
from marrowscope.training.precision.fp16 import halved
from marrowscope.training.precision.graph import folded
from marrowscope.training.precision.ranges import Feed, observed
from marrowscope.training.precision.running import milliseconds

log = logging.getLogger(__name__)

TO_CHOOSE_BY = 16  # feeds by which the nodes that stay fp32 are chosen


@dataclass(frozen=True, slots=True)
class Made:
    """One network in one precision. `ms`: processor time of one picture, one thread.

    `kept`: convolutions left in fp32.
    """

    role: str
    precision: str
    path: Path
    ms: float
    kept: tuple[str, ...] = ()

    @property
    def megabytes(self) -> float:
        return self.path.stat().st_size / 1e6


def networks(bundle: Bundle) -> dict[str, Path]:
    """The ONNX files of a bundle by role."""
    return {role: path for role, path in bundle.files.items() if path.suffix == ".onnx"}


def make(
    bundle: Bundle, feeds: Mapping[str, Sequence[Feed]], folder: Path
) -> list[Made]:
    """Every network of the bundle in fp32 (as it is), int8 and fp16, in `folder`.

    `feeds`: what training pictures feed each network, by role.
    """
    made = []
    for role, path in networks(bundle).items():
        made += _of_one(role, path, feeds[role], folder)
    return made


def _of_one(role: str, path: Path, feeds: Sequence[Feed], folder: Path) -> list[Made]:
    whole = folder / f"{role}.folded.onnx"
    model = folded(path, whole)
    ranges = observed(whole, feeds[::2])
    int8, kept, error = fewest_kept(model, ranges, feeds[1::2][:TO_CHOOSE_BY])
    log.info("%s int8: %d kept in fp32, error %.3f", role, len(kept), error)
    files = {"fp32": path}
    for precision, network in (("int8", int8), ("fp16", halved(model))):
        files[precision] = folder / f"{role}.{precision}.onnx"
        onnx.save(network, str(files[precision]))
    feed = fullest(feeds)
    spent = milliseconds(files, feed)
    return [
        Made(
            role,
            precision,
            file,
            spent[precision] / len(feed["image"]),
            tuple(kept) if precision == "int8" else (),
        )
        for precision, file in files.items()
    ]


def fullest(feeds: Sequence[Feed]) -> Feed:
    """The feed of most pixels, which is the one a run makes most of."""
    return max(feeds, key=lambda feed: int(np.size(feed["image"])))
