"""What is shipped in lower precision is small, whole, and taken by the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from marrowscope.inference import onnx_model
from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.catalogue import load_reader

MODELS = Path(__file__).resolve().parents[2] / "models"
BUNDLES = sorted(path.parent for path in MODELS.glob("*/bundle.toml"))
MB = 1_000_000


def test_models_stay_small() -> None:
    sizes = {p: p.stat().st_size for p in MODELS.rglob("*") if p.is_file()}
    assert max(sizes.values()) < 60 * MB
    assert sum(sizes.values()) < 200 * MB


@pytest.mark.parametrize("folder", BUNDLES, ids=lambda path: path.name)
def test_every_shipped_variant_is_one_the_program_takes(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_model, "adds_bytes_exactly", lambda: True)
    bundle = load_bundle(folder)
    reader = load_reader(bundle, device="cpu", threads=1)
    offered = [any("cpu" in v.devices for v in vs) for vs in bundle.variants.values()]
    assert ("int8" in reader.device.precision) == any(offered)
    assert "fp32" not in caplog.text  # no variant was left aside


@pytest.mark.parametrize("folder", BUNDLES, ids=lambda path: path.name)
def test_every_file_beside_a_network_is_a_variant_that_is_named(folder: Path) -> None:
    bundle = load_bundle(folder)
    named = {v.path.name for vs in bundle.variants.values() for v in vs}
    named |= {path.name for path in bundle.files.values()}
    assert {path.name for path in folder.glob("*.onnx")} <= named
