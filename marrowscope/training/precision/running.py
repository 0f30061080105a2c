"""Runs a network that is still being made, on one thread of the processor."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from marrowscope.training.precision.ranges import Feed

ROUNDS = 9


def session_of(network: onnx.ModelProto | Path) -> onnxruntime.InferenceSession:
    """One network on one thread, ready to run."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    source = str(network) if isinstance(network, Path) else network.SerializeToString()
    return onnxruntime.InferenceSession(
        source, options, providers=["CPUExecutionProvider"]
    )


def answers(
    network: onnx.ModelProto, feeds: Sequence[Feed], *, taps: Sequence[str]
) -> list[list[NDArray[np.float32]]]:
    """For each feed what flows through the tensors named in `taps`."""
    tapped = onnx.ModelProto.FromString(network.SerializeToString())
    known = {output.name for output in tapped.graph.output}
    tapped.graph.output.extend(
        onnx.helper.make_empty_tensor_value_info(name)
        for name in taps
        if name not in known
    )
    session = session_of(tapped)
    return [[np.asarray(a) for a in session.run(list(taps), feed)] for feed in feeds]


def milliseconds(
    networks: Mapping[str, onnx.ModelProto | Path], feed: Feed, *, rounds: int = ROUNDS
) -> dict[str, float]:
    """Processor time of each network for one feed: the median of interleaved rounds.

    Processor time of one thread, not wall clock: the machine may be busy otherwise.
    """
    sessions = {name: session_of(network) for name, network in networks.items()}
    spent: dict[str, list[float]] = {name: [] for name in sessions}
    for turn in range(rounds + 1):
        for name, session in sessions.items():
            begun = time.process_time()
            session.run(None, feed)
            if turn:  # the first one only makes room
                spent[name].append(time.process_time() - begun)
    return {name: 1000 * float(np.median(times)) for name, times in spent.items()}
