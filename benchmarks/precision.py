"""How long each network of each bundle takes in every precision that is shipped.

    python benchmarks/precision.py [BUNDLE ...] [--rounds 9]

Processor time of one thread, interleaved rounds in one process, median; a picture is a
crop or a field of 512 pixels, fed as the program feeds it. What each precision answers
stands in benchmarks/precision.md (``python -m marrowscope.training precision``).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from marrowscope.inference.bundle import Bundle, load_bundle
from marrowscope.inference.onnx_model import adds_bytes_exactly
from marrowscope.inference.rotations import TURNS
from marrowscope.training.precision.making import networks
from marrowscope.training.precision.ranges import Feed
from marrowscope.training.precision.running import ROUNDS, milliseconds

MODELS = Path(__file__).resolve().parents[1] / "models"
CROPS = {"classifier": 8, "regressor": 2}  # crops the program feeds at once
FIELD_PX = 512


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundles", type=Path, nargs="*")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    if not adds_bytes_exactly():
        print("This processor saturates sums of bytes: the program leaves int8 aside.")
    print("| file | ms a picture | times as fast as fp32 |\n|---|---|---|")
    for folder in given.bundles or sorted(MODELS.iterdir()):
        for line in rows(load_bundle(folder), given.rounds):
            print(line, flush=True)


def rows(bundle: Bundle, rounds: int) -> Iterator[str]:
    """One line for each file of each network."""
    for role, path in networks(bundle).items():
        files = {"fp32": path}
        files |= {v.precision: v.path for v in bundle.variants[role]}
        feed = feed_of(role, bundle)
        spent = milliseconds(files, feed, rounds=rounds)
        for precision, file in files.items():
            each = spent[precision] / len(feed["image"])
            faster = spent["fp32"] / spent[precision]
            yield f"| {bundle.name}/{file.name} | {each:.2f} | {faster:.2f} |"


def feed_of(role: str, bundle: Bundle) -> Feed:
    """Noise in the shape the program feeds."""
    rng = np.random.default_rng(1)
    count, side = CROPS.get(role, 1), FIELD_PX
    if role in CROPS:
        side = bundle.crop.size
    image = rng.uniform(-1, 1, (count, 3, side, side)).astype(np.float32)
    turns = {"turns": TURNS} if role == "regressor" else {}
    return {"image": image, **turns}


if __name__ == "__main__":
    main()
