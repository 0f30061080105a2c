"""Reading a patient's cells leaves no trace of the runtime's own, and calls nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.inference.tiny_bundle import tiny_bundle

LOAD = """
import sys
from pathlib import Path
from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.catalogue import load_reader
load_reader(load_bundle(Path(sys.argv[1])), device="cpu", threads=1)
"""


def test_onnx_runtime_makes_no_device_id_and_no_usage_store(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    bundle = tiny_bundle(tmp_path / "models")
    # A process of its own: what ONNX Runtime does at import is done once only.
    told = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    subprocess.run(
        [sys.executable, "-c", LOAD, str(bundle)],
        check=True,
        env={**told, "HOME": str(home), "PYTHONPATH": str(ROOT)},
    )
    assert [p for p in home.rglob("*") if "onnxruntime" in p.name] == []
