"""The regressor as ONNX, with sixteen turns unless other angles are given."""

from __future__ import annotations

import warnings
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

from marrowscope.inference.rotations import TURNS
from marrowscope.training.mori.regressor_network import (
    CROP_PX,
    GradeNetwork,
    TurningRegressor,
)

OPSET = 17
OUTPUTS = ("outputs", "saliency")


@torch.no_grad()
def write_regressor(network: GradeNetwork, path: Path) -> TurningRegressor:
    """The graph: `image` (N, 3, 128, 128) and, if wanted, `turns` (T,) in radians.

    `turns` has the sixteen turns as its default, so one input is enough.
    """
    plain = network.to(memory_format=torch.contiguous_format)
    exported = TurningRegressor(plain).eval()
    example = (torch.zeros(2, 3, CROP_PX, CROP_PX), torch.from_numpy(TURNS[:3].copy()))
    with warnings.catch_warnings():
        # The scripted exporter is announced as old; the new one needs onnxscript.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            exported,
            example,
            str(path),
            input_names=["image", "turns"],
            output_names=list(OUTPUTS),
            dynamic_axes={
                "image": {0: "cells"},
                "turns": {0: "turns"},
                **{name: {0: "cells"} for name in OUTPUTS},
            },
            opset_version=OPSET,
            dynamo=False,
        )
    _give_default(path)
    return exported


def _give_default(path: Path) -> None:
    """An input that is an initialiser too may be left out (ONNX IR 4 and up)."""
    model = onnx.load(path)
    model.graph.initializer.append(numpy_helper.from_array(TURNS, "turns"))
    onnx.save(model, path)
