"""What to draw: size, number and mix of cells, how many are dysplastic, which stain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.phantom import stain as stains
from marrowscope.phantom.stain import Stain
from marrowscope.phantom.zones import NAMES

# A normal marrow's mix (percent of cells), with the megakaryocytes a small slide needs.
MARROW: Mapping[str, float] = {
    "blast": 3.0,
    "proerythroblast": 1.5,
    "basophilic_erythroblast": 4.0,
    "polychromatic_erythroblast": 14.0,
    "orthochromatic_erythroblast": 7.0,
    "promyelocyte": 4.5,
    "myelocyte": 10.0,
    "metamyelocyte": 9.0,
    "band": 9.0,
    "segmented": 12.0,
    "eosinophil": 3.5,
    "basophil": 0.5,
    "megakaryocyte": 2.2,
    "lymphocyte": 11.0,
    "plasma_cell": 2.5,
    "monocyte": 3.5,
    "promonocyte": 0.5,
    "macrophage": 0.6,
    "other_nucleated": 0.7,
}
DYSPLASIA: Mapping[str, float] = {"e": 0.12, "g": 0.08, "m": 0.30}


@dataclass(frozen=True)
class SmearPlan:
    """A smear to draw. Everything drawn follows from the plan, seed included.

    ``width``, ``height`` in level-0 pixels of ``mpp`` microns; ``cells`` nucleated
    cells in the truth; ``dysplasia`` the share of dysplastic cells among erythroid
    ("e"), granulocytic ("g") and megakaryocytic ("m") cells; ``mix`` relative numbers
    by taxonomy line; ``minimum`` least numbers of "e", "g", "m"; ``stain`` a laboratory
    (None: one drawn from the seed); ``zone`` "thick", "thin" or "edge" everywhere, None
    for the three zones of a smear; ``doubtful`` unreadable cells per cell; ``density``
    scales the red cells, ``debris`` platelets, fat and deposits; ``defocus`` is extra
    blur in microns; ``touching`` the share of cells that lie in groups; ``open_edges``
    lets cells reach over the edge of the picture.

    Raises MarrowScopeError for a plan that cannot be drawn.
    """

    width: int
    height: int
    cells: int
    seed: int
    mpp: float = 0.25
    dysplasia: Mapping[str, float] = field(default_factory=lambda: dict(DYSPLASIA))
    mix: Mapping[str, float] = field(default_factory=lambda: dict(MARROW))
    minimum: Mapping[str, int] = field(default_factory=dict)
    stain: Stain | None = None
    zone: str | None = None
    doubtful: float = 0.05
    density: float = 1.0
    debris: float = 1.0
    defocus: float = 0.0
    touching: float = 0.5
    open_edges: bool = True

    def __post_init__(self) -> None:
        """Refuse a plan that cannot be drawn."""
        if min(self.width, self.height) < 1 or self.cells < 0:
            raise MarrowScopeError(
                f"A phantom of {self.width}x{self.height} pixels with {self.cells} "
                "cells cannot be drawn.",
                "Give a width and height of at least 1 and a number of cells of 0 up.",
            )
        if not 0.05 <= self.mpp <= 2.0:
            raise MarrowScopeError(
                f"A phantom at {self.mpp} microns per pixel cannot be drawn.",
                "Give a scale between 0.05 and 2 microns per pixel.",
            )
        _check_names(self)

    def laboratory(self) -> Stain:
        """Return the plan's stain, or the laboratory its seed stands for."""
        return self.stain or stains.laboratory(self.seed)


def _check_names(plan: SmearPlan) -> None:
    wrong = [name for name in plan.dysplasia if name not in ("e", "g", "m")]
    wrong += [name for name, part in plan.dysplasia.items() if not 0 <= part <= 1]
    if wrong:
        raise MarrowScopeError(
            f"The dysplasia of a phantom cannot be given for {', '.join(wrong)}.",
            "Give shares between 0 and 1 for e, g and m, such as e=0.12,g=0.08,m=0.30.",
        )
    if plan.zone is not None and plan.zone not in NAMES:
        raise MarrowScopeError(
            f"A phantom has no zone called {plan.zone}.",
            f"Choose one of {', '.join(NAMES)}.",
        )
