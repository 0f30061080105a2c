"""Puts a trained network into its bundle.

``python -m marrowscope.training.bmsnet.finish --work WORK --out models/bmsnet``
"""

from __future__ import annotations

import argparse
import logging
import re
from collections.abc import Sequence
from pathlib import Path

import torch

from marrowscope.training.bmsnet.export import write_bundle_files
from marrowscope.training.bmsnet.network import BACKBONES, BMSNet
from marrowscope.training.bundle_stamp import stamp_hashes
from marrowscope.training.course import CHECKPOINT

log = logging.getLogger(__name__)


def trained(work: Path, backbone: str) -> BMSNet:
    """The averaged network of the last checkpoint in `work`."""
    network = BMSNet(backbone)
    stored = torch.load(work / CHECKPOINT, weights_only=True)
    network.load_state_dict(stored["learner"]["averaged"])
    return network.eval()


def main(argv: Sequence[str] | None = None) -> None:
    """Export the last checkpoint and bring the bundle's hashes up to date."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--backbone", choices=BACKBONES, default="mobilenet_v2")
    parser.add_argument("--version", default="0.1.0")
    given = parser.parse_args(argv)
    write_bundle_files(trained(given.work, given.backbone), given.out)
    path = given.out / "bundle.toml"
    text = path.read_text(encoding="utf-8")
    version = f'version = "{given.version}"'
    text = re.sub(r'(?m)^version = ".*"$', version, text, count=1)
    path.write_text(text, encoding="utf-8")
    stamp_hashes(given.out)


if __name__ == "__main__":
    main()
