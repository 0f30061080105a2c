"""What every data reader answers: labelled crops, boxed fields, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from marrowscope.domain.geometry import Box

NO_GRADES: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Label:
    """What somebody says of one cell.

    `word` is the source's own. `line` is of ``taxonomy.toml``, None where the word is
    coarser than a line. `class_id` is one of the eight of Lee et al. 2022, None where
    the word does not tell. `grades` (0 to 3) by feature id: only features looked for.
    """

    word: str
    line: str | None = None
    class_id: str | None = None
    grades: Mapping[str, float] = field(default_factory=lambda: NO_GRADES)


@dataclass(frozen=True, slots=True)
class LabelledCrop:
    """One picture of one cell in its middle. `mpp`: microns per pixel, None unknown."""

    path: Path
    label: Label
    source: str
    patient: str | None = None
    split: str | None = None
    mpp: float | None = None


@dataclass(frozen=True, slots=True)
class LabelledBox:
    """One boxed cell, in pixels of its picture. `ignored`: neither right nor wrong.

    `of_interest` is False for red cells, platelets and trash.
    """

    box: Box
    label: Label
    of_interest: bool = True
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class LabelledField:
    """One picture with all its cells boxed. `mpp`: microns per pixel, None unknown."""

    path: Path
    boxes: tuple[LabelledBox, ...]
    source: str
    patient: str | None = None
    split: str | None = None
    mpp: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the data: where, and what in one sentence."""

    path: Path
    what: str


@dataclass(frozen=True, slots=True)
class LabelledData:
    """Everything one folder holds, and everything that is wrong with it."""

    crops: tuple[LabelledCrop, ...] = ()
    fields: tuple[LabelledField, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
