"""What numbers flow through a network on real training pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader
from onnxruntime.quantization.calibrate import TensorsData, create_calibrator

Feed = dict[str, NDArray[np.float32]]


class _Feeds(CalibrationDataReader):
    """Feeds one after another, as ONNX Runtime asks for them."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self._feeds = iter(feeds)

    def get_next(self) -> Feed | None:  # type: ignore[override]
        return next(self._feeds, None)


def observed(network: Path, feeds: Sequence[Feed]) -> TensorsData:
    """The least and the largest number of every tensor of the network over all feeds.

    ReLU6 bounds most of them, so nothing need be cut off.
    """
    with TemporaryDirectory() as folder:
        calibrator = create_calibrator(
            str(network), augmented_model_path=str(Path(folder) / "augmented.onnx")
        )
        calibrator.set_execution_providers(["CPUExecutionProvider"])
        calibrator.collect_data(_Feeds(feeds))
        return calibrator.compute_data()
