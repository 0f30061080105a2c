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

from marrowscope.inference.grade_scale import AS_IT_IS, GradeScale
from marrowscope.inference.graded_classes import (
    CHANGES,
    CLASSES,
    Sharing,
    class_evidence,
    line_scores,
    said_nothing,
)
from marrowscope.inference.graded_labels import GROUPS, MAXIMA

COUNT = 16
TURNS: NDArray[np.float32] = (np.arange(COUNT) * (2 * np.pi / COUNT)).astype(np.float32)
# Quarter turns first, then halves between: early maxima see the crop from all sides.
ORDER = (0, 4, 8, 12, 2, 6, 10, 14, 1, 5, 9, 13, 3, 7, 11, 15)
STAGES = (4, 8, 12)  # turns after which stopping is considered

Outputs = NDArray[np.float32]
# Crops (N, 3, H, W) and turns (T,) to highest outputs (N, 34), maps (N, 34, h, w).
Ask = Callable[[NDArray[np.float32], NDArray[np.float32]], tuple[Outputs, Outputs]]


# Columns of `class_evidence` that fall when a change rises.
_NORMAL = np.asarray([name in ("EN", "GN", "MN") for name in CLASSES])


@dataclass(frozen=True, slots=True)
class Stopping:
    """How far each output may still rise after each of `STAGES`: `rise` (3, 34).

    Measured on cells kept out of training; an output that would have to rise by more is
    taken as final. `scale` and `sharing` are those the answer is read with.
    """

    rise: NDArray[np.float32]
    scale: GradeScale = AS_IT_IS
    sharing: Sharing = Sharing()

    @classmethod
    def load(cls, path: Path, scale: GradeScale, sharing: Sharing) -> Stopping:
        """Read what training wrote. Raises OSError, KeyError or ValueError."""
        with np.load(path, allow_pickle=False) as stored:
            rise = stored["rise"].astype(np.float32)
        if rise.shape != (len(STAGES), len(MAXIMA)):
            raise ValueError(f"the rise has the shape {rise.shape}")
        return cls(rise, scale, sharing)

    def settled(self, highest: Outputs, stage: int) -> NDArray[np.bool_]:
        """(N,) True where neither class, group nor a rounded grade can change any more.

        `highest` (N, 34) raw outputs after `STAGES[stage]` turns.
        """
        low = self.scale.read(highest)
        high = self.scale.read(np.minimum(highest + self.rise[stage], MAXIMA))
        group = _leading(low, high)
        sure = (group >= 0) & _grades_stay(low, high, group)
        sure[sure] = _class_stays(low[sure], high[sure], group[sure], self.sharing)
        return sure


def _leading(low: Outputs, high: Outputs) -> NDArray[np.intp]:
    """(N,) the group that leads whatever outputs still do, -1 where more than one may.

    `low`, `high` (N, 34): what outputs are and what they may become.
    """
    least, most = (
        np.stack([of[:, rows].max(axis=1) for rows in GROUPS.values()], axis=1)
        for of in (low, high)
    )
    first = least.argmax(axis=1)
    rows = np.arange(len(low))
    rivals = most.copy()
    rivals[rows, first] = -1
    return np.where(rivals.max(axis=1) < least[rows, first], first, -1)


def _grades_stay(low: Outputs, high: Outputs, group: NDArray[np.intp]) -> NDArray:
    """(N,) True where every grade of the leading group rounds alike."""
    steps = (np.floor(low + 0.5) != np.floor(high + 0.5)) & (MAXIMA > 1)
    open_of = [steps[:, rows].any(axis=1) for rows in GROUPS.values()]
    return ~np.stack(open_of, axis=1)[np.arange(len(low)), group]


def _changes_of(outputs: Outputs, group: NDArray[np.intp]) -> Outputs:
    """(N, 3) the highest change of each line, 0 where its group does not lead."""
    highest = [outputs[:, rows].max(axis=1) for rows in CHANGES]
    leads = group[:, None] == np.arange(len(CHANGES))
    return np.where(leads, np.stack(highest, axis=1), 0).astype(np.float32)


def _class_stays(
    low: Outputs, high: Outputs, group: NDArray[np.intp], sharing: Sharing
) -> NDArray[np.bool_]:
    """(N,) True where the class of most evidence keeps it at its worst."""
    # The more is said, the less "nothing" speaks for another cell.
    lines = line_scores(low, said_nothing(high)), line_scores(high, said_nothing(low))
    changes = _changes_of(low, group), _changes_of(high, group)
    least = np.where(
        _NORMAL,
        class_evidence(lines[0], changes[1], sharing),
        class_evidence(lines[0], changes[0], sharing),
    )
    most = np.where(
        _NORMAL,
        class_evidence(lines[1], changes[0], sharing),
        class_evidence(lines[1], changes[1], sharing),
    )
    rows, first = np.arange(len(low)), least.argmax(axis=1)
    rivals = most.copy()
    rivals[rows, first] = -np.inf
    return rivals.max(axis=1) < least[rows, first]


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
