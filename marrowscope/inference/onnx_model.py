"""The only door to ONNX Runtime: a model file, a device, arrays in and out.

The precision is chosen here: the first variant that suits the device that works, else
fp32. Int8 needs a processor that adds products of bytes exactly (VNNI, AMX, dot product
of ARM): older ones saturate at 32,767, which is both slower and wrong.
"""

from __future__ import annotations

import base64
import logging
import os
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Read at import: without it ONNX Runtime 1.31 makes a device id and calls home.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime  # noqa: E402

from marrowscope.domain.errors import UnusableModel
from marrowscope.domain.provenance import DeviceUse
from marrowscope.inference.variants import FULL, Variant

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
# One product of 64 bytes "x" with sixteen columns of 127: MatMulInteger, opset 17.
_BYTE_PRODUCT = base64.b64decode(
    "CAg6jQEKMwoFc2hhcGUSAXciD0NvbnN0YW50T2ZTaGFwZSoWCgV2YWx1ZSoKCAEQAyoBf0IBdqABBAoY"
    "CgF4CgF3EgF5Ig1NYXRNdWxJbnRlZ2VyEgFwKg8IAhAHOgJAEEIFc2hhcGVaEwoBeBIOCgwIAhIICgII"
    "AQoCCEBiEwoBeRIOCgwIBhIICgIIAQoCCBBCBAoAEBE="
)


class OnnxModel:
    """One network, ready to run; `outputs` are checked on a black picture at load.

    `shapes` gives each expected output's shape without the batch, None where any size
    will do. `variants` are tried before the file itself where they suit the device;
    `device` may end in ":fp32" to have none. `self.device` says what came of it.
    Raises UnusableModel when the file is no model or answers otherwise.
    """

    def __init__(
        self,
        path: Path,
        *,
        shapes: Mapping[str, tuple[int | None, ...]],
        probe: tuple[int, int, int],
        device: str = "auto",
        threads: int = 0,
        variants: Sequence[Variant] = (),
    ) -> None:
        self._shapes = dict(shapes)
        wanted, _, precision = device.partition(":")
        providers = _providers(wanted)
        suiting = [] if precision == FULL else _suiting(variants, providers)
        loaded = self._fallen_back_to(
            [*suiting, Variant(FULL, path, ())], providers, probe, threads
        )
        actual = self._session.get_providers()[0]
        self.device = DeviceUse(device, _NAMES.get(actual, actual), loaded.precision)

    def _fallen_back_to(
        self,
        candidates: Sequence[Variant],
        providers: Sequence[str],
        probe: tuple[int, int, int],
        threads: int,
    ) -> Variant:
        """The first candidate that loads and answers; the last error is raised."""
        first, *others = candidates
        try:
            self.name = first.path.name
            self._session = _session(first.path, providers, threads)
            self._input = self._session.get_inputs()[0].name
            self.run(np.zeros((1, *probe), np.float32))
        except UnusableModel as error:
            if not others:
                raise
            log.warning("%s Reading in %s.", error.what, others[0].precision)
            return self._fallen_back_to(others, providers, probe, threads)
        return first

    def run(
        self, batch: NDArray[np.float32], **further: NDArray[np.float32]
    ) -> dict[str, NDArray[np.float32]]:
        """Outputs by name for a batch (N, 3, H, W); `further` inputs by name, if any.

        Raises UnusableModel when an output is missing, has another shape, or holds a
        number that is none.
        """
        try:
            answers = self._session.run(
                list(self._shapes), {self._input: batch, **further}
            )
        except Exception as error:  # noqa: BLE001 (ONNX Runtime raises its own kinds)
            raise self._unusable("cannot be run") from error
        arrays = (np.asarray(answer) for answer in answers)
        outputs = dict(zip(self._shapes, arrays, strict=True))
        for name, answer in outputs.items():
            self._check(name, answer, len(batch))
        return outputs

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
            f"The model file {self.name} {why}.",
            "Copy the model folder again, or choose another model.",
        )


def _session(
    path: Path, providers: Sequence[str], threads: int
) -> onnxruntime.InferenceSession:
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


def _suiting(variants: Sequence[Variant], providers: Sequence[str]) -> list[Variant]:
    """The variants made for the device that will work."""
    name = next(key for key, value in _PROVIDERS.items() if value == providers[0])
    suiting = [variant for variant in variants if name in variant.devices]
    if name == "cpu" and suiting and not adds_bytes_exactly():
        log.info("this processor adds products of bytes inexactly: reading in fp32")
        return []
    return suiting


def _providers(device: str) -> list[str]:
    """Providers in the order they are to be tried; the first one works."""
    cpu = _PROVIDERS["cpu"]
    if device == "cpu":
        return [cpu]
    wanted = list(_PROVIDERS.values()) if device == "auto" else [_provider(device)]
    return [*(p for p in wanted if p != cpu and _works(p)), cpu]


def _provider(device: str) -> str:
    if device not in _PROVIDERS:
        raise UnusableModel(
            f"There is no device named “{device}”.",
            f"Choose one of: auto, {', '.join(_PROVIDERS)}.",
        )
    return _PROVIDERS[device]


@cache
def _works(provider: str) -> bool:
    """Whether a device is really there: its library may list itself without one."""
    if provider not in onnxruntime.get_available_providers():
        return False
    return _byte_session(provider).get_providers()[0] == provider


@cache
def adds_bytes_exactly() -> bool:
    """Whether the processor keeps sums of products of bytes beyond 16 bits."""
    largest = np.full((1, 64), 255, np.uint8)
    (sums,) = _byte_session(_PROVIDERS["cpu"]).run(None, {"x": largest})
    return bool((np.asarray(sums) == 64 * 255 * 127).all())


def _byte_session(provider: str) -> onnxruntime.InferenceSession:
    cpu = _PROVIDERS["cpu"]
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERROR + 1
    options.intra_op_num_threads = 1
    with _CREATING:
        return onnxruntime.InferenceSession(
            _BYTE_PRODUCT, options, providers=list(dict.fromkeys((provider, cpu)))
        )


# Before any session: a CUDA library that is absent is no news for a user.
onnxruntime.set_default_logger_severity(_ERROR + 1)
