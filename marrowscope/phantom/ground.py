"""The free ground of a smear, on which cells settle side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from marrowscope.phantom.plan import SmearPlan

Disc = tuple[float, float, float]  # x, y, radius in microns
_TRIES = 1000  # places looked at before a picture counts as full
_BIN = 90.0  # microns: two discs of neighbouring bins may touch, of others never


class Ground:
    """Remembers where cells lie and finds room for the next one."""

    def __init__(self, plan: SmearPlan, rng: np.random.Generator) -> None:
        self._plan, self._rng = plan, rng
        self._taken: dict[tuple[int, int], list[Disc]] = defaultdict(list)
        self._all: list[Disc] = []
        self._size = (plan.width * plan.mpp, plan.height * plan.mpp)

    def settle(self, discs: Sequence[Disc]) -> tuple[float, float] | None:
        """Return a free place (level-0 pixels) for discs around (0, 0), or None."""
        for attempt in range(_TRIES):
            x, y = self._try(discs[0][2], alone=60 < attempt < 500)
            here = [(x + dx, y + dy, radius) for dx, dy, radius in discs]
            # Where there is hardly any room left, cells lie a little on each other.
            apart = 0.93 if attempt < 300 else 0.80 if attempt < 600 else 0.66
            if all(self._inside(d) and self._free(d, apart) for d in here):
                for disc in here:
                    self._take(disc)
                return x / self._plan.mpp, y / self._plan.mpp
        return None

    def _try(self, radius: float, *, alone: bool) -> tuple[float, float]:
        rng = self._rng
        if self._all and not alone and rng.random() < self._plan.touching:
            x, y, other = self._all[int(rng.integers(len(self._all)))]
            reach = (other + radius) * float(rng.uniform(0.93, 1.5))
            turn = float(rng.uniform(0, 2 * np.pi))
            return x + reach * np.cos(turn), y + reach * np.sin(turn)
        x, y = rng.uniform(0, self._size[0]), rng.uniform(0, self._size[1])
        return float(x), float(y)

    def _inside(self, disc: Disc) -> bool:
        x, y, radius = disc
        rim = radius * 0.2 if self._plan.open_edges else radius
        rim = min(rim, min(self._size) / 2)
        return rim <= x <= self._size[0] - rim and rim <= y <= self._size[1] - rim

    def _free(self, disc: Disc, apart: float) -> bool:
        x, y, radius = disc
        return all(
            np.hypot(x - other[0], y - other[1]) > apart * (radius + other[2])
            for other in self._around(x, y)
        )

    def _around(self, x: float, y: float) -> Iterator[Disc]:
        column, row = int(x // _BIN), int(y // _BIN)
        for step in np.ndindex(3, 3):
            yield from self._taken.get((column + step[0] - 1, row + step[1] - 1), ())

    def _take(self, disc: Disc) -> None:
        self._taken[int(disc[0] // _BIN), int(disc[1] // _BIN)].append(disc)
        self._all.append(disc)
