"""The only door to ONNX Runtime: a model file, a device, arrays in and out."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Read at import: without it ONNX Runtime 1.31 makes a device id and calls home.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime  # noqa: E402

from marrowscope.domain.errors import UnusableModel
from marrowscope.domain.provenance import DeviceUse

log = logging.getLogger(__name__)
_CREATING = threading.Lock()
_PROVIDERS = {
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider",
    "cpu": "CPUExecutionProvider",
}
_NAMES = {provider: name.upper() for name, provider in _PROVIDERS.items()}
_ERROR = 3


class OnnxModel:
    """One network, ready to run; `outputs` are checked on a black picture at load.

    `shapes` gives each expected output's shape without the batch, None where any size
    will do. Raises UnusableModel when the file is no model or answers otherwise.
    """

    def __init__(
        self,
        path: Path,
        *,
        shapes: Mapping[str, tuple[int | None, ...]],
        probe: tuple[int, int, int],
        device: str = "auto",
        threads: int = 0,
    ) -> None:
        self._name = path.name
        self._shapes = dict(shapes)
        self._run_options = onnxruntime.RunOptions()
        self._session = _session(path, device, threads)
        self._input = self._session.get_inputs()[0].name
        actual = self._session.get_providers()[0]
        self.device = DeviceUse(device, _NAMES.get(actual, actual))
        self.run(np.zeros((1, *probe), np.float32))

    def run(
        self, batch: NDArray[np.float32], **further: NDArray[np.float32]
    ) -> dict[str, NDArray[np.float32]]:
        """Outputs by name for a batch (N, 3, H, W); `further` inputs by name, if any.

        Raises UnusableModel when an output is missing, has another shape, or holds a
        number that is none.
        """
        try:
            answers = self._session.run(
                list(self._shapes), {self._input: batch, **further}, self._run_options
            )
        except Exception as error:  # noqa: BLE001 (ONNX Runtime raises its own kinds)
            raise self._unusable("cannot be run") from error
        arrays = (np.asarray(answer) for answer in answers)
        outputs = dict(zip(self._shapes, arrays, strict=True))
        for name, answer in outputs.items():
            self._check(name, answer, len(batch))
        return outputs

    def terminate(self) -> None:
        """Stop a run that is going on in another thread."""
        self._run_options.terminate = True

    def _check(self, name: str, answer: NDArray[np.float32], count: int) -> None:
        wanted = (count, *self._shapes[name])
        alike = len(wanted) == answer.ndim and all(
            w in (None, a) for w, a in zip(wanted, answer.shape, strict=True)
        )
        if not alike:
            raise self._unusable(f"answers “{name}” in the shape {answer.shape}")
        if not np.isfinite(answer).all():
            raise self._unusable(f"gives answers (“{name}”) that are not numbers")

    def _unusable(self, why: str) -> UnusableModel:
        return UnusableModel(
            f"The model file {self._name} {why}.",
            "Copy the model folder again, or choose another model.",
        )


def _session(path: Path, device: str, threads: int) -> onnxruntime.InferenceSession:
    providers = _providers(device)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERROR + 1
    # Spinning workers would take the cores that the window paints with.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    with _CREATING:
        try:
            return onnxruntime.InferenceSession(str(path), options, providers=providers)
        except Exception as error:  # noqa: BLE001 (ONNX Runtime raises its own kinds)
            raise UnusableModel(
                f"The model file {path.name} cannot be loaded.",
                "Copy the model folder again, or choose another model.",
            ) from error


def _providers(device: str) -> list[str]:
    here = onnxruntime.get_available_providers()
    cpu = _PROVIDERS["cpu"]
    if device == "cpu":
        return [cpu]
    wanted = list(_PROVIDERS.values()) if device == "auto" else [_provider(device)]
    return [*(p for p in wanted if p in here and p != cpu), cpu]


def _provider(device: str) -> str:
    if device not in _PROVIDERS:
        raise UnusableModel(
            f"There is no device named “{device}”.",
            f"Choose one of: auto, {', '.join(_PROVIDERS)}.",
        )
    return _PROVIDERS[device]


# Before any session: a CUDA library that is absent is no news for a user.
onnxruntime.set_default_logger_severity(_ERROR + 1)
