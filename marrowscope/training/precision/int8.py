"""A network in eight-bit integers, per output channel, ranges from real pictures."""

from __future__ import annotations

import copy
from collections.abc import Collection

import onnx
from onnxruntime.quantization import QuantType
from onnxruntime.quantization.calibrate import TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

from marrowscope.training.precision.graph import JOINING, convolutions, joining

# Unsigned numbers and signed weights: what VNNI multiplies in one step.
FLOWING, WEIGHTS = QuantType.QUInt8, QuantType.QInt8


def quantised(
    model: onnx.ModelProto,
    ranges: TensorsData,
    *,
    keep: Collection[str] = (),
    only: Collection[str] | None = None,
) -> onnx.ModelProto:
    """The folded network with its convolutions in int8, all else as it was.

    `keep` names convolutions that stay fp32; `only` the ones that alone are quantised.
    What joins convolutions is quantised with them, unless `only` is given.
    """
    chosen = [name for name in convolutions(model) if name not in keep]
    if only is not None:
        chosen = [name for name in chosen if name in only]
    elif chosen:
        chosen += joining(model, keep=keep)
    worker = QDQQuantizer(
        copy.deepcopy(model),
        per_channel=True,
        reduce_range=False,
        weight_qType=WEIGHTS,
        activation_qType=FLOWING,
        tensors_range=ranges,
        nodes_to_quantize=chosen,
        nodes_to_exclude=[],
        op_types_to_quantize=["Conv", *JOINING],
        extra_options={},
    )
    worker.quantize_model()
    return worker.model.model
