"""Which fields of each slide were read: those whose cells count."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box
from marrowscope.store.case_file import CaseFile

FieldsRead = Mapping[int, NDArray[np.float32]]
"""By slide number: boxes (N, 4) as x, y, width, height in level-0 pixels."""


def fields_read(file: CaseFile) -> FieldsRead:
    """Of the runs whose cells count, as the case holds them."""
    return {
        run.slide: _boxes([run.fields[number] for number in sorted(run.done)])
        for run in file.counted_runs()
    }


def with_field(known: FieldsRead, slide: int, field: Box) -> FieldsRead:
    """One field more."""
    before = known.get(slide, _boxes([]))
    return {**known, slide: np.concatenate([before, _boxes([field])])}


def _boxes(fields: list[Box]) -> NDArray[np.float32]:
    rows = [(f.x, f.y, f.width, f.height) for f in fields]
    return np.asarray(rows, np.float32).reshape(-1, 4)
