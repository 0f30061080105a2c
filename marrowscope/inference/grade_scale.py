"""What a raw output means as a grade: the cuts between grades of each change.

A quartic loss and the maximum of sixteen turns move outputs away from the grades they
were taught: normal cells up, high grades down. Cuts fitted on cells kept out of
training undo it, change by change, without changing any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.inference.graded_labels import IDS, MAXIMA

HALVES = (0.5, 1.5, 2.5)  # where grades round to 1, 2 and 3
_HIGHEST = 3.0


@dataclass(frozen=True, slots=True)
class GradeScale:
    """`cuts` (34, 3): the raw output from which a change is of grade 1, 2 and 3."""

    cuts: NDArray[np.float32]

    @classmethod
    def of(cls, table: Mapping[str, Sequence[float]]) -> GradeScale:
        """Cuts by the change's id; what is not listed rounds as it is.

        Raises ValueError for an unknown id, a kind of cell, or cuts that do not rise
        between 0 and 3.
        """
        cuts = np.tile(np.asarray(HALVES, np.float32), (len(IDS), 1))
        for name, row in table.items():
            rising = np.diff([0.0, *map(float, row), _HIGHEST])
            if name not in IDS or MAXIMA[IDS.index(name)] <= 1:
                raise ValueError(f"{name} is no graded change")
            if len(row) != len(HALVES) or not (rising > 0).all():
                raise ValueError(f"the cuts of {name} do not rise from 0 to 3")
            cuts[IDS.index(name)] = row
        return cls(cuts)

    def read(self, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Outputs (N, 34) with every change on the scale of its grades, 0 to 3.

        Straight lines between the cuts; kinds of cell stay as they are.
        """
        answer = outputs.astype(np.float32)
        for column in np.flatnonzero(MAXIMA > 1):
            raw = (0.0, *self.cuts[column], _HIGHEST)
            meant = (0.0, *HALVES, _HIGHEST)
            answer[:, column] = np.interp(outputs[:, column], raw, meant)
        return answer


AS_IT_IS = GradeScale.of({})
