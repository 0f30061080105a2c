"""Lower precision is taken where it suits, left aside where doubtful, and said."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from marrowscope.inference import onnx_model
from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.catalogue import load_reader
from tests.inference.tiny_bundle import tiny_bundle


def add_variant(
    folder: Path, role: str, *, precision: str = "int8", devices: str = '"cpu"'
) -> Path:
    """A copy of the network, called a variant of it; returns its file."""
    original, copy = folder / f"{role}.onnx", folder / f"{role}.{precision}.onnx"
    shutil.copy(original, copy)
    with (folder / "bundle.toml").open("a", encoding="utf-8") as file:
        file.write(
            f"\n[variants.{role}.{precision}]\n"
            f'path = "{copy.name}"\n'
            f'sha256 = "{digest(copy)}"\n'
            f'made_from = "{digest(original)}"\n'
            f"devices = [{devices}]\n"
        )
    return copy


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def precision(folder: Path, device: str = "cpu") -> str:
    return load_reader(load_bundle(folder), device=device).device.precision


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_bundle(tmp_path)


@pytest.fixture(autouse=True)
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever processor the tests run on, it adds bytes exactly."""
    monkeypatch.setattr(onnx_model, "adds_bytes_exactly", lambda: True)


def test_without_variants_a_bundle_is_read_in_fp32(folder: Path) -> None:
    assert precision(folder) == "fp32"


def test_a_variant_for_the_device_is_taken_and_said(folder: Path) -> None:
    add_variant(folder, "classifier")
    reader = load_reader(load_bundle(folder), device="cpu")
    assert reader.device.text == "CPU, fp32 and int8"
    add_variant(folder, "locator")
    assert precision(folder) == "int8"


def test_fp32_can_be_asked_for(folder: Path) -> None:
    add_variant(folder, "classifier")
    reader = load_reader(load_bundle(folder), device="cpu:fp32")
    assert reader.device.precision == "fp32"
    assert reader.device.text == "CPU, fp32 (asked for cpu:fp32)"


def test_a_variant_for_another_device_is_left_aside(folder: Path) -> None:
    add_variant(folder, "classifier", precision="fp16", devices='"cuda", "directml"')
    assert precision(folder, "auto") in ("fp32", "fp32 and fp16")
    assert precision(folder) == "fp32"


def test_int8_is_not_taken_by_a_processor_that_saturates(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_variant(folder, "classifier")
    monkeypatch.setattr(onnx_model, "adds_bytes_exactly", lambda: False)
    assert precision(folder) == "fp32"


def spoil_bytes(folder: Path, variant: Path) -> None:
    variant.write_bytes(b"no network at all")


def spoil_network(folder: Path, variant: Path) -> None:
    """A file of the right hash that is no network."""
    was = digest(variant)
    spoil_bytes(folder, variant)
    edit(folder, was, digest(variant))


def spoil_origin(folder: Path, variant: Path) -> None:
    edit(folder, f'made_from = "{digest(variant)}"', f'made_from = "{"0" * 64}"')


def spoil_place(folder: Path, variant: Path) -> None:
    edit(folder, f'path = "{variant.name}"', f'path = "../{variant.name}"')


def remove(folder: Path, variant: Path) -> None:
    variant.unlink()


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "bundle.toml"
    head, mark, tail = path.read_text("utf-8").rpartition("\n[variants.")
    assert old in tail
    path.write_text(head + mark + tail.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    "spoil", [spoil_bytes, spoil_network, spoil_origin, spoil_place, remove]
)
def test_a_doubtful_variant_falls_back_to_fp32_with_a_line_in_the_log(
    folder: Path, caplog: pytest.LogCaptureFixture, spoil
) -> None:
    spoil(folder, add_variant(folder, "classifier"))
    with caplog.at_level("WARNING"):
        assert precision(folder) == "fp32"
    assert "classifier.int8.onnx" in caplog.text
    assert "fp32" in caplog.text


def test_a_variant_that_answers_wrongly_falls_back(tmp_path: Path) -> None:
    folder = tiny_bundle(tmp_path / "right")
    spoilt = tiny_bundle(tmp_path / "wrong", spoil="nan") / "classifier.onnx"
    variant = add_variant(folder, "classifier")
    was = digest(variant)
    shutil.copy(spoilt, variant)
    edit(folder, f'sha256 = "{was}"', f'sha256 = "{digest(variant)}"')
    assert precision(folder) == "fp32"


def test_the_bytes_that_ask_the_processor_are_the_model_they_are_said_to_be() -> None:
    ones = helper.make_tensor("v", TensorProto.INT8, [1], [127])
    graph = helper.make_graph(
        [
            helper.make_node("ConstantOfShape", ["shape"], ["w"], value=ones),
            helper.make_node("MatMulInteger", ["x", "w"], ["y"]),
        ],
        "p",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [1, 64])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [1, 16])],
        [helper.make_tensor("shape", TensorProto.INT64, [2], [64, 16])],
    )
    opset = helper.make_opsetid("", 17)
    wanted = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    assert onnx.load_from_string(onnx_model._BYTE_PRODUCT) == wanted


def test_a_device_that_is_not_there_is_not_tried() -> None:
    assert not onnx_model._works("NoSuchExecutionProvider")
