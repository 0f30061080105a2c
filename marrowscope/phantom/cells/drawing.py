"""Any cell, by its line: the one door to the modules of the lineages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np

from marrowscope.phantom.cells import (
    erythroid,
    granulocytic,
    megakaryocytic,
    mononuclear,
    unreadable,
)
from marrowscope.phantom.sheet import Drawing, first_turn, lay_out

_COMPACT = (*erythroid.STAGES, *granulocytic.STAGES, "blast", "lymphocyte")


@dataclass(frozen=True)
class Subject:
    """One thing to draw: a line of the taxonomy, its grades and its own seed."""

    line: str
    seed: int
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def radius(self) -> float:
        """Radius in microns, the same at every call."""
        rng = np.random.default_rng([self.seed, 1])
        return _artist(self.line).radius(self.line, rng, self.grades)

    @property
    def half(self) -> float:
        """Half the side in microns of the sheet that holds the drawing."""
        reach = 1.35 if self.line in _COMPACT else 1.65
        if self.grades.get("e_bridging"):
            reach = 3.6
        return self.radius * reach + 1.5

    @property
    def room(self) -> float:
        """Radius in microns that the cell needs for itself on the smear."""
        return self.radius * 1.1

    @property
    def discs(self) -> list[tuple[float, float, float]]:
        """The ground it needs: discs (x, y, radius in microns) around its centre.

        One, or two where a bridge of chromatin joins it to a second cell.
        """
        alone = [(0.0, 0.0, self.room)]
        if not self.grades.get("e_bridging"):
            return alone
        gap = erythroid.apart(self.radius, self.grades)
        turn = first_turn(_sheet_rng(self))
        x, y = gap * math.cos(turn), -gap * math.sin(turn)
        return [*alone, (x, y, self.room)]


def _sheet_rng(subject: Subject) -> np.random.Generator:
    return np.random.default_rng([subject.seed, 2])


def _artist(line: str) -> ModuleType:
    for module, lines in (
        (erythroid, erythroid.STAGES),
        (granulocytic, granulocytic.STAGES),
        (mononuclear, mononuclear.BUILDS),
        (megakaryocytic, ("megakaryocyte",)),
    ):
        if line in lines:
            return module
    return unreadable


def draw(
    subject: Subject, centre: tuple[float, float], *, mpp: float
) -> tuple[Drawing, tuple[int, int]]:
    """Draw a subject around ``centre`` (level-0 pixels); also its corner (column, row).

    The drawing depends on the subject, the scale and the centre alone, so every block
    of a slide that shows part of it draws it alike.
    """
    rng = _sheet_rng(subject)
    sheet, corner = lay_out(centre, subject.half, mpp=mpp, rng=rng)
    drawing = _artist(subject.line).draw(
        sheet, subject.line, subject.grades, radius=subject.radius
    )
    return drawing, corner
