"""A real but tiny model of the `lee` family, written with onnx: dark things are cells.

It serves where a test needs a model that runs, not one that is right. `spoil` makes one
that answers wrongly in a chosen way.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tomllib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.conftest import ROOT

CLASSES, FEATURES, MAP = 8, 12, 8


def tiny_bundle(folder: Path, *, spoil: str = "") -> Path:
    """Write the bundle `lee` into a folder; returns the bundle's own folder."""
    bundle = folder / "lee"
    bundle.mkdir(parents=True)
    for name in ("bundle.toml", "familiarity.npz"):
        shutil.copy(ROOT / "models" / "lee" / name, bundle)
    _without_variants(bundle / "bundle.toml")
    _save(_locator(), bundle / "locator.onnx")
    _save(_classifier(spoil), bundle / "classifier.onnx")
    write_hashes(bundle)
    return bundle


def _without_variants(path: Path) -> None:
    """The shipped networks are there in other precisions, the tiny ones are not."""
    tables = re.split(r"(?m)^(?=\[)", path.read_text("utf-8"))
    kept = [table for table in tables if not table.startswith("[variants.")]
    path.write_text("".join(kept), "utf-8")


def write_hashes(bundle: Path) -> None:
    """Set the SHA-256 of each network in bundle.toml to what its file has."""
    lines, role, path = [], "", bundle
    for line in (bundle / "bundle.toml").read_text("utf-8").splitlines():
        if line.startswith("[files."):
            role = line[len("[files.") : -1]
        elif line.startswith("["):
            role = ""
        if role and line.startswith("path"):
            path = bundle / line.split('"')[1]
        if role and line.startswith("sha256"):
            digest = hashlib.sha256(path.read_bytes())
            line = f'sha256 = "{digest.hexdigest()}"'
        lines.append(line)
    (bundle / "bundle.toml").write_text("\n".join(lines) + "\n", "utf-8")


def _save(graph: onnx.GraphProto, path: Path) -> None:
    opset = helper.make_opsetid("", 17)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _constant(name: str, value: np.ndarray) -> onnx.TensorProto:
    return numpy_helper.from_array(value.astype(np.float32), name)


def _picture(height: int | str, width: int | str) -> onnx.ValueInfoProto:
    shape = ["n", 3, height, width]
    return helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)


def _locator() -> onnx.GraphProto:
    """Cell and nucleus: dark; core: dark after a blur, so that it dips at borders."""
    dark = np.full((3, 3, 1, 1), -4.0)
    blur = np.zeros((3, 3, 9, 9))
    for i in range(3):
        blur[i, i] = 1 / 81
    nodes = [
        helper.make_node("Conv", ["image", "dark", "shift"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["sharp"]),
        helper.make_node("Conv", ["sharp", "blur"], ["maps"], pads=[4] * 4),
    ]
    constants = [
        _constant("dark", dark),
        _constant("shift", np.zeros(3)),
        _constant("blur", blur),
    ]
    maps = helper.make_tensor_value_info("maps", TensorProto.FLOAT, ["n", 3, "h", "w"])
    return helper.make_graph(nodes, "dark", [_picture("h", "w")], [maps], constants)


def _fine_owners() -> list[int]:
    """The class of each finer output that the shipped bundle names."""
    text = (ROOT / "models" / "lee" / "bundle.toml").read_text("utf-8")
    told = tomllib.loads(text)
    classes = [entry["id"] for entry in told["classes"]]
    return [classes.index(entry["class"]) for entry in told.get("fine", [])]


def _classifier(spoil: str) -> onnx.GraphProto:
    """Class by mean colour, finer outputs adding up to it; grades and maps likewise."""
    rng = np.random.default_rng(0)
    features = FEATURES - 1 if spoil == "shape" else FEATURES
    shift = np.full(features, np.nan) if spoil == "nan" else np.ones(features)
    owners = np.asarray(_fine_owners() or range(CLASSES))
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["mean", "by_class"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["fine"], axis=1),
        helper.make_node("MatMul", ["fine", "members"], ["probabilities"]),
        helper.make_node("MatMul", ["mean", "by_feature"], ["flat"]),
        helper.make_node("Add", ["flat", "shift"], ["raw"]),
        helper.make_node("Clip", ["raw", "low", "high"], ["grades"]),
        helper.make_node("MatMul", ["mean", "by_place"], ["row"]),
        helper.make_node("Sigmoid", ["row"], ["bounded"]),
        helper.make_node("Reshape", ["bounded", "square"], ["saliency"]),
    ]
    constants = [
        _constant("by_class", rng.normal(size=(3, CLASSES))[:, owners]),
        _constant("members", np.eye(CLASSES)[owners]),
        _constant("by_feature", rng.normal(size=(3, features))),
        _constant("shift", shift),
        _constant("by_place", rng.normal(size=(3, CLASSES * MAP * MAP))),
        _constant("low", np.float32(0)),
        _constant("high", np.float32(3)),
        numpy_helper.from_array(np.asarray([-1, CLASSES, MAP, MAP]), "square"),
    ]
    shapes = {
        "probabilities": ["n", CLASSES],
        "fine": ["n", len(owners)],
        "grades": ["n", features],
        "saliency": ["n", CLASSES, MAP, MAP],
    }
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in shapes.items()
        if (spoil, name) != ("missing", "grades")
    ]
    return helper.make_graph(nodes, "mean", [_picture(128, 128)], outputs, constants)
