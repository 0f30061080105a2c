"""Sixteen turns of a crop, the highest output of each label, and when to stop turning.

The turning is done inside the graph, whose input ``turns`` holds angles in radians and
is sixteen steps of 22.5 degrees when it is not given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marrowscope.inference.graded_classes import line_scores
from marrowscope.inference.graded_labels import MAXIMA

COUNT = 16
TURNS: NDArray[np.float32] = (np.arange(COUNT) * (2 * np.pi / COUNT)).astype(np.float32)
# Quarter turns first, then halves between: early maxima see the crop from all sides.
ORDER = (0, 4, 8, 12, 2, 6, 10, 14, 1, 5, 9, 13, 3, 7, 11, 15)
STAGES = (4, 8, 12)  # turns after which stopping is considered

Outputs = NDArray[np.float32]
# Crops (N, 3, H, W) and turns (T,) to highest outputs (N, 34), maps (N, 34, h, w).
Ask = Callable[[NDArray[np.float32], NDArray[np.float32]], tuple[Outputs, Outputs]]


@dataclass(frozen=True, slots=True)
class Stopping:
    """How far each output may still rise after each of `STAGES`: `rise` (3, 34).

    Measured on cells kept out of training; an output that would have to rise by more to
    round otherwise is taken as final.
    """

    rise: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> Stopping:
        """Read what training wrote. Raises OSError, KeyError or ValueError."""
        with np.load(path, allow_pickle=False) as stored:
            rise = stored["rise"].astype(np.float32)
        if rise.shape != (len(STAGES), len(MAXIMA)):
            raise ValueError(f"the rise has the shape {rise.shape}")
        return cls(rise)

    def settled(self, highest: Outputs, stage: int) -> NDArray[np.bool_]:
        """(N,) True where no rounded grade nor the leading line can change any more.

        `highest` (N, 34) after `STAGES[stage]` turns.
        """
        rise = self.rise[stage]
        steps = np.floor(highest + 0.5)
        open_to_rise = steps < MAXIMA
        changes = (open_to_rise & (highest + rise >= steps + 0.5)).any(axis=1)
        leading = np.sort(line_scores(highest), axis=1)
        overtaken = (
            np.sort(line_scores(np.minimum(highest + rise, MAXIMA)), axis=1)[:, -2]
            >= leading[:, -1]
        )
        return ~changes & ~overtaken


def rises(each: NDArray[np.float32], *, share: float) -> NDArray[np.float32]:
    """(3, 34) by how much outputs still rose, at most, in `share` of cells.

    each: outputs (N, 16, 34) of every turn, in the order of `TURNS`.
    """
    ordered = each[:, ORDER, :]
    final = ordered.max(axis=1)
    gains = [final - ordered[:, :count].max(axis=1) for count in STAGES]
    return np.stack([np.quantile(gain, share, axis=0) for gain in gains]).astype(
        np.float32
    )


def highest_of_turns(
    ask: Ask, crops: NDArray[np.float32], stopping: Stopping | None
) -> tuple[Outputs, Outputs, NDArray[np.intp]]:
    """Highest outputs (N, 34), maps of the unturned crops, turns made of each (N,).

    Without `stopping` all sixteen turns are made at once.
    """
    if stopping is None:
        outputs, maps = ask(crops, TURNS)
        return outputs, maps, np.full(len(crops), COUNT)
    turns = TURNS[list(ORDER)]
    outputs, maps = ask(crops, turns[: STAGES[0]])
    made = np.full(len(crops), STAGES[0])
    for stage, first in enumerate(STAGES):
        last = STAGES[stage + 1] if stage + 1 < len(STAGES) else COUNT
        rows = np.flatnonzero((made == first) & ~stopping.settled(outputs, stage))
        if not len(rows):
            break
        more, _ = ask(crops[rows], turns[first:last])
        outputs[rows] = np.maximum(outputs[rows], more)
        made[rows] = last
    return outputs, maps, made
