"""The demonstration: a drawn smear, read like any slide, set against its truth."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.criteria import DYSPLASIA_LINEAGES
from marrowscope.domain.dysplasia import suggested_dysplasia
from marrowscope.domain.geometry import Boxes, iou_matrix
from marrowscope.domain.statistics import Interval, Share
from marrowscope.domain.tally import Tally
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.phantom.slide import demonstration_plan, write_slide

SLIDE_NAME = "demonstration smear.tif"
MATCHING_IOU = 0.5
Truth = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DysplasiaAgreement:
    """Suggested percent of a lineage against the drawn share and its 95 % interval."""

    lineage: str
    drawn: Share
    interval: Interval
    suggested_percent: float | None

    @property
    def agrees(self) -> bool:
        if self.suggested_percent is None:
            return False
        return self.interval.contains(self.suggested_percent / 100)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a reading of a drawn smear agrees with its truth, shares from 0 to 1."""

    drawn: int
    found: int
    recall: float
    precision: float
    class_agreement: float
    dysplasia: tuple[DysplasiaAgreement, ...]


def demonstration_slide(
    folder: Path, progress: Callable[[int, int], None] | None = None
) -> Path:
    """The demonstration smear in this folder, drawn on first use only."""
    path = folder / SLIDE_NAME
    # The truth is written last, so a drawing that was broken off is drawn again.
    if not path.is_file() or not path.with_suffix(".json").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        write_slide(demonstration_plan(), path, progress=progress)
    return path


def load_truth(slide: Path) -> Truth:
    """What was drawn: the JSON beside a drawn slide."""
    return json.loads(slide.with_suffix(".json").read_text(encoding="utf-8"))


def compare(table: CellTable, vocabulary: ModelVocabulary, truth: Truth) -> Agreement:
    """Set found cells against drawn ones, matched one to one at IoU 0.5.

    Cells drawn so that nobody could read them (`doubtful`) neither reward nor punish.
    """
    drawn = _boxes(truth["cells"])
    rows, columns = match(table.box, drawn)
    doubtful = _doubtful_rows(table.box, _boxes(truth["doubtful"]))
    doubtful[rows] = False
    classes = [cell["class"] for cell in truth["cells"]]
    named = np.asarray(table.classes)[table.class_index]
    same = sum(named[r] == classes[c] for r, c in zip(rows, columns, strict=True))
    judged = len(table) - int(doubtful.sum())
    return Agreement(
        drawn=len(drawn),
        found=len(table),
        recall=len(rows) / max(len(drawn), 1),
        precision=len(rows) / max(judged, 1),
        class_agreement=same / max(len(rows), 1),
        dysplasia=_dysplasia(table, vocabulary, classes),
    )


def match(found: Boxes, drawn: Boxes) -> tuple[np.ndarray, np.ndarray]:
    """Row and column indices of the best one-to-one matching at IoU >= 0.5."""
    if not len(found) or not len(drawn):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    overlap = iou_matrix(found, drawn)
    overlap[overlap < MATCHING_IOU] = 0
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    kept = overlap[rows, columns] > 0
    return rows[kept], columns[kept]


def _boxes(cells: Sequence[Mapping[str, Any]]) -> Boxes:
    return np.asarray([c["box"] for c in cells], np.float32).reshape(-1, 4)


def _doubtful_rows(found: Boxes, doubtful: Boxes) -> NDArray[np.bool_]:
    x, y = (found[:, i, None] + found[:, i + 2, None] / 2 for i in (0, 1))
    across = (x >= doubtful[:, 0]) & (x < doubtful[:, 0] + doubtful[:, 2])
    down = (y >= doubtful[:, 1]) & (y < doubtful[:, 1] + doubtful[:, 3])
    return np.asarray((across & down).any(axis=1), np.bool_)


def _dysplasia(
    table: CellTable, vocabulary: ModelVocabulary, classes: Sequence[str]
) -> tuple[DysplasiaAgreement, ...]:
    agreements = []
    tally = Tally.of(table, vocabulary)
    for found in suggested_dysplasia(tally, vocabulary, DYSPLASIA_LINEAGES):
        known = {c.id for c in vocabulary.classes if c.lineage == found.lineage}
        bad = {c.id for c in vocabulary.classes if c.id in known and c.dysplastic}
        share = Share(sum(c in bad for c in classes), sum(c in known for c in classes))
        agreements.append(
            DysplasiaAgreement(found.lineage, share, share.interval, found.percent)
        )
    return tuple(agreements)
