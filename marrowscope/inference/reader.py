"""What every model family answers: the cells of a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from marrowscope.domain.cells import Finding, Identity
from marrowscope.domain.geometry import Box, Outline, Pixels
from marrowscope.domain.provenance import DeviceUse, ModelIdentity
from marrowscope.domain.vocabulary import ModelVocabulary


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """The field a reader wants: `size` pixels square at `mpp` microns per pixel.

    `margin_um`: a cell whose centre lies this near to an inner edge of a field is left
    to the neighbouring field, which shows it whole.
    """

    size: int
    mpp: float
    margin_um: float


@dataclass(frozen=True, slots=True)
class Located:
    """A cell found but not yet named, in field pixels."""

    box: Box
    score: float
    outline: Outline | None
    cut: bool


class Locator(Protocol):
    """Finds nucleated cells in fields (H, W, 3) of any size."""

    def locate(self, fields: Sequence[Pixels]) -> list[list[Located]]: ...


class Classifier(Protocol):
    """Names crops (size, size, 3) cut by `preprocess.cut_crop`."""

    def identify(self, crops: Sequence[Pixels]) -> list[Identity]: ...


@runtime_checkable
class CellReader(Protocol):
    """Reads the cells off fields of view.

    `read` answers one list per field, in field pixels; the same answer alone as in a
    batch; no fields, no answers. Scale, tiling, merging, threads and files are others'.
    """

    @property
    def spec(self) -> FieldSpec: ...

    @property
    def model(self) -> ModelIdentity: ...

    @property
    def device(self) -> DeviceUse: ...

    @property
    def vocabulary(self) -> ModelVocabulary: ...

    @property
    def classes(self) -> Sequence[str]: ...

    @property
    def min_score(self) -> float:
        """Findings that score lower are left out, unless the user asks for them."""
        ...

    def read(self, fields: Sequence[Pixels]) -> list[list[Finding]]: ...
