"""What the program really feeds its networks, heard while it reads pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np

from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.reader import CellReader
from marrowscope.training.precision.pictures import Picture
from marrowscope.training.precision.ranges import Feed


@contextmanager
def heard() -> Iterator[dict[str, list[Feed]]]:
    """All that is fed to any network meanwhile, by the network's file name."""
    feeds: dict[str, list[Feed]] = defaultdict(list)
    run = OnnxModel.run

    def listening(model: OnnxModel, batch: Any, **further: Any) -> Any:
        feeds[model.name].append({"image": batch, **further})
        return run(model, batch, **further)

    # Listening here spares the program a door that only this workshop would use.
    with patch.object(OnnxModel, "run", listening):
        yield feeds


def feeds_of(
    reader: CellReader, pictures: Sequence[Picture], *, most: int, seed: int = 1
) -> dict[str, list[Feed]]:
    """At most `most` feeds of each network, drawn from all it was fed."""
    with heard() as feeds:
        for picture in pictures:
            reader.read([picture.pixels(reader.spec.mpp)])
    rng = np.random.default_rng(seed)
    return {
        name: [told[i] for i in sorted(_drawn(rng, len(told), most))]
        for name, told in feeds.items()
    }


def _drawn(rng: np.random.Generator, count: int, most: int) -> list[int]:
    return [int(i) for i in rng.permutation(count)[:most]]
