"""Which cells are drawn, with which grades, and where on the smear they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.phantom import truth
from marrowscope.phantom.cells.drawing import Subject
from marrowscope.phantom.ground import Ground
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.zones import Zoning

_SERIES = {
    **dict.fromkeys(truth.ERYTHROID, "e"),
    **dict.fromkeys(truth.GRANULOCYTIC, "g"),
    "megakaryocyte": "m",
}
_GRADES = (0.25, 0.40, 0.35)  # share of grades 1, 2 and 3
_BRIDGED = "e_bridging"
_LARGE = 12.0  # microns


@dataclass(frozen=True)
class Placed:
    """A subject at a place (level-0 pixels); ``doubtful`` ones are no cells."""

    subject: Subject
    at: tuple[float, float]
    zone: str
    doubtful: bool


def choose_lines(plan: SmearPlan, rng: np.random.Generator) -> list[str]:
    """Return ``plan.cells`` lines in the plan's mix, exact to rounding, shuffled."""
    names = list(plan.mix)
    shares = np.array([plan.mix[name] for name in names], float)
    exact = shares / shares.sum() * plan.cells
    counts = np.floor(exact).astype(int)
    # What rounding leaves over is drawn by lot, so that small fields keep the mix.
    left = plan.cells - int(counts.sum())
    rest = exact - counts + 1e-9
    if left:
        chosen = rng.choice(len(names), left, replace=False, p=rest / rest.sum())
        counts[chosen] += 1
    lines = [name for name, n in zip(names, counts, strict=True) for _ in range(n)]
    rng.shuffle(lines)
    return _raise_to_minimum(lines, plan)


def _raise_to_minimum(lines: list[str], plan: SmearPlan) -> list[str]:
    """Turn cells of other series into those of which the plan wants more."""
    typical = {
        "e": "polychromatic_erythroblast",
        "g": "segmented",
        "m": "megakaryocyte",
    }
    for series, least in plan.minimum.items():
        have = sum(_SERIES.get(line) == series for line in lines)
        spare = [
            place
            for place, line in enumerate(lines)
            if _SERIES.get(line) is None and line != "blast"
        ]
        if least - have > len(spare):
            raise MarrowScopeError(
                f"{len(lines)} cells are too few for {least} of series {series}.",
                "Ask for more cells or for a smaller minimum.",
            )
        for place in spare[: max(least - have, 0)]:
            lines[place] = typical[series]
    return lines


def grade(
    lines: list[str], plan: SmearPlan, rng: np.random.Generator
) -> list[tuple[str, dict[str, int]]]:
    """Return (line, grades) of the cells, with the planned share of dysplastic ones."""
    graded: list[tuple[str, dict[str, int]]] = [(line, {}) for line in lines]
    for series in ("e", "g", "m"):
        own = [n for n, line in enumerate(lines) if _SERIES.get(line) == series]
        wanted = len(own) * plan.dysplasia.get(series, 0.0)
        count = int(wanted) + int(rng.random() < wanted - int(wanted))
        if len(own) >= 20:
            count = round(wanted)
        chosen = rng.choice(own, count, replace=False) if count else []
        _spread(graded, [int(n) for n in chosen], series, rng)
    return graded


def _spread(
    graded: list[tuple[str, dict[str, int]]],
    chosen: list[int],
    series: str,
    rng: np.random.Generator,
) -> None:
    """Give the chosen cells features; bridged erythroblasts go two by two."""
    queue = list(chosen)
    while queue:
        place = queue.pop()
        line, grades = dysplastic(series, rng, pairs=bool(queue))
        graded[place] = (line, grades)
        if _BRIDGED in grades:
            graded[queue.pop()] = ("", {})  # drawn together with its neighbour


def dysplastic(
    series: str, rng: np.random.Generator, *, pairs: bool = True
) -> tuple[str, dict[str, int]]:
    """Return a line and grades of a dysplastic cell of series "e", "g" or "m"."""
    names = [name for name in truth.FEATURES if name.startswith(series)]
    if not pairs:
        names.remove(_BRIDGED) if _BRIDGED in names else None
    feature = str(rng.choice(names))
    grades = {feature: int(rng.choice([1, 2, 3], p=_GRADES))}
    lines = truth.CARRIERS[feature]
    line = str(lines[int(rng.integers(len(lines)))])
    second = _companion(feature, line, rng)
    if second:
        grades[second] = int(rng.choice([1, 2, 3], p=_GRADES))
    return line, grades


def _companion(feature: str, line: str, rng: np.random.Generator) -> str | None:
    """Return a second feature that can be seen in the same cell, one time in four."""
    together = {
        "e_budding": ("e_megaloblastoid", "e_vacuolation"),
        "e_multinuclearity": ("e_megaloblastoid",),
        "e_megaloblastoid": ("e_vacuolation", "e_budding"),
        "g_hyposegmentation": ("g_decreased_granules",),
        "g_decreased_granules": ("g_hyposegmentation",),
        "m_micromegakaryocyte": ("m_separated_nuclei",),
    }
    able = [n for n in together.get(feature, ()) if line in truth.CARRIERS[n]]
    return str(rng.choice(able)) if able and rng.random() < 0.25 else None


def place(plan: SmearPlan) -> list[Placed]:
    """Return everything with a nucleus on the planned smear, in drawing order.

    Raises MarrowScopeError when the cells do not fit.
    """
    rng = np.random.default_rng([plan.seed, 3])
    wanted = [(*one, False) for one in grade(choose_lines(plan, rng), plan, rng)]
    wanted = [one for one in wanted if one[0]]
    extra = rng.binomial(max(plan.cells, 1), min(plan.doubtful, 1.0))
    for _ in range(int(extra)):
        line = truth.UNREADABLE[int(rng.choice(3, p=[0.45, 0.35, 0.2]))]
        wanted.insert(int(rng.integers(len(wanted) + 1)), (line, {}, True))
    zoning = Zoning(plan.width, plan.height, plan.seed, plan.zone)
    ground = Ground(plan, rng)
    subjects = [
        (Subject(line, int(rng.integers(2**48)), grades), doubtful)
        for line, grades, doubtful in wanted
    ]
    # The largest settle first, while there is room for them.
    subjects.sort(key=lambda one: one[0].room < _LARGE)
    placed = []
    for subject, doubtful in subjects:
        at = ground.settle(subject.discs)
        if at is None and doubtful:
            continue
        if at is None:
            raise MarrowScopeError(
                f"{plan.cells} cells do not fit on {plan.width}x{plan.height} pixels "
                f"at {plan.mpp} microns per pixel.",
                "Ask for fewer cells or for a larger picture.",
            )
        placed.append(Placed(subject, at, zoning.name(*at), doubtful))
    return placed
