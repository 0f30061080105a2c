"""Which convolutions stay fp32: the fewest with which the answers stay the same."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization.calibrate import TensorsData

from marrowscope.training.precision.graph import convolutions, last_convolutions
from marrowscope.training.precision.int8 import quantised
from marrowscope.training.precision.ranges import Feed
from marrowscope.training.precision.running import answers

log = logging.getLogger(__name__)

KEPT = (2, 4, 8, 16)  # how many of the most harmful ones are tried
# Root mean square error of the last convolutions' numbers, relative to their own size.
# Chosen on training pictures: at 0.05 AP50 of lee's locator on 70 training fields
# moves by 0.01 points, and probabilities of training cells by 0.005 on average.
TOLERATED = 0.05
FEW = 6  # feeds that are enough to tell the harmful convolutions from the others


def fewest_kept(
    model: onnx.ModelProto, ranges: TensorsData, feeds: Sequence[Feed]
) -> tuple[onnx.ModelProto, list[str], float]:
    """The int8 network, the convolutions it keeps in fp32, and its error.

    `feeds` of training pictures, others than the ranges were taken from. When even the
    longest list leaves too large an error, that list's network is answered.
    """
    last = set(last_convolutions(model))
    taps = [node.output[0] for node in model.graph.node if node.name in last]
    exact = answers(model, feeds, taps=taps)

    def harm(network: onnx.ModelProto) -> float:
        return error(exact, answers(network, feeds, taps=taps))

    made, kept = quantised(model, ranges), []
    found = harm(made)
    if found <= TOLERATED:
        return made, kept, found
    alone = {
        name: error(exact[:FEW], answers(by_itself, feeds[:FEW], taps=taps))
        for name in convolutions(model)
        for by_itself in [quantised(model, ranges, only=[name])]
    }
    worst = sorted(alone, key=lambda name: alone[name], reverse=True)
    for count in KEPT:
        kept = worst[:count]
        made = quantised(model, ranges, keep=kept)
        found = harm(made)
        log.info("%d convolutions kept in fp32: error %.3f", count, found)
        if found <= TOLERATED:
            break
    return made, kept, found


def error(
    exact: Sequence[Sequence[NDArray[np.float32]]],
    coarse: Sequence[Sequence[NDArray[np.float32]]],
) -> float:
    """Relative root mean square error over feeds and tensors, each counted alike."""
    shares = [
        float(np.square(one - other).sum() / max(float(np.square(one).sum()), 1e-12))
        for told, answered in zip(exact, coarse, strict=True)
        for one, other in zip(told, answered, strict=True)
    ]
    return float(np.mean(shares)) ** 0.5
