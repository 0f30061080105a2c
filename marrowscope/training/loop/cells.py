"""The labelled cells a loop goes over, wherever their labels are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Box
from marrowscope.store.case_file import CaseFile
from marrowscope.store.case_slides import StoredSlide
from marrowscope.training.datasets.real_cells import class_of, fine_word
from marrowscope.training.fine_labels import allowed_rows
from marrowscope.training.labels import CLASSES
from marrowscope.training.reading.case_files import label_of
from marrowscope.training.reading.labelled import (
    Label,
    LabelledCrop,
    LabelledData,
    LabelledField,
)
from marrowscope.training.splits import folds_of


@dataclass(frozen=True, slots=True)
class LoopCell:
    """One labelled cell. `crop.path` is its own picture, or that of the field or slide
    in which `box` (level-0 pixels) lies.

    A cell of a case file has its `case` and its `number` there; `called`: when a reader
    said so, UTC, ISO 8601.
    """

    key: str
    crop: LabelledCrop
    box: Box | None = None
    case: Path | None = None
    number: int | None = None
    called: str = ""
    reader: str = ""

    @property
    def class_id(self) -> str:
        """One of the eight; cells without one are not gathered."""
        return str(class_of(self.crop.label))

    def relabelled(self, label: Label) -> LoopCell:
        """The same cell under another label."""
        return replace(self, crop=replace(self.crop, label=label))


def cells_of(data: LabelledData) -> list[LoopCell]:
    """Every crop and every boxed cell of interest whose label tells a class."""
    crops = [LoopCell(str(crop.path), crop) for crop in data.crops]
    boxed = [cell for field in data.fields for cell in _boxed(field)]
    return [c for c in (*crops, *boxed) if class_of(c.crop.label) is not None]


def _boxed(field: LabelledField) -> Iterator[LoopCell]:
    """Where no patient is known, a photo counts as one: its cells stay together."""
    for number, box in enumerate(field.boxes, start=1):
        if box.of_interest and not box.ignored:
            crop = LabelledCrop(
                field.path,
                box.label,
                field.source,
                field.patient or str(field.path),
                field.split,
                field.mpp,
            )
            yield LoopCell(f"{field.path}#{number}", crop, box.box)


def cells_of_case(path: Path) -> list[LoopCell]:
    """The cells of a case that a reader called, one patient's.

    Raises MarrowScopeError when the case cannot be read or a slide is not there.
    """
    with CaseFile.open(path, read_only=True) as case:
        table, verdicts = case.cells(), case.verdicts()
        slides = {slide.number: slide for slide in case.slides()}
    found = []
    for row in range(len(table)):
        cell = table.cell(row)
        verdict = verdicts.get(cell.id)
        if verdict is None:
            continue
        slide = slides[cell.slide]
        _require(path, slide)
        crop = LabelledCrop(
            slide.path,
            label_of(verdict),
            path.stem,
            patient=path.stem,
            mpp=slide.identity.mpp,
        )
        who = (verdict.at, verdict.reader)
        key = f"{path}#{cell.id}"
        found.append(LoopCell(key, crop, cell.box, path, cell.id, *who))
    return [c for c in found if class_of(c.crop.label) is not None]


def unsigned(paths: Sequence[Path]) -> list[Path]:
    """The cases among these that nobody has signed, or that are being amended.

    Raises MarrowScopeError when a case cannot be read.
    """
    found = []
    for path in paths:
        with CaseFile.open(path, read_only=True) as case:
            if case.signing().signed is None:
                found.append(path)
    return found


def _require(path: Path, slide: StoredSlide) -> None:
    if not slide.path.exists():
        raise MarrowScopeError(
            f"The slide {slide.identity.name} of {path.name} is not where it was.",
            "Open the case with its slide once, so that it is found again.",
        )


def places_of(cells: Sequence[LoopCell]) -> NDArray[np.intp]:
    """(N,) the place of each cell's class among the eight."""
    return np.array([CLASSES.index(cell.class_id) for cell in cells], np.intp)


def allowed_of(cells: Sequence[LoopCell]) -> NDArray[np.bool_]:
    """(N, K) the finer outputs that are right for each cell."""
    words = np.array([fine_word(cell.crop.label) for cell in cells])
    return allowed_rows(places_of(cells), words)


def folds_for(cells: Sequence[LoopCell], folds: int, *, seed: int) -> list[int]:
    """The fold of each cell, by patient where at least two are known.

    Raises MarrowScopeError for fewer than two cells.
    """
    crops = [cell.crop for cell in cells]
    patients = {crop.patient for crop in crops if crop.patient}
    if len(patients) < 2:
        crops = [replace(crop, patient=None) for crop in crops]
    owners = {crop.patient or number for number, crop in enumerate(crops)}
    return folds_of(crops, min(folds, len(owners)), seed=seed)
