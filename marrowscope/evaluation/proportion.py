"""A share with its exact interval, ready for JSON."""

from __future__ import annotations

from dataclasses import dataclass

from marrowscope.domain.statistics import Interval, clopper_pearson


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` of `total`, from 0 to 1, with its 95 % Clopper-Pearson interval."""

    count: int
    total: int

    @property
    def value(self) -> float | None:
        """None when there was nothing to count."""
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> Interval | None:
        """None when there was nothing to count."""
        return clopper_pearson(self.count, self.total) if self.total else None

    def as_json(self) -> dict[str, object]:
        """`value`, `low`, `high` (None when nothing was counted), `count`, `total`."""
        limits = self.interval
        return {
            "value": self.value,
            "low": limits.low if limits else None,
            "high": limits.high if limits else None,
            "count": self.count,
            "total": self.total,
        }


def f1_score(precision: float | None, recall: float | None) -> float | None:
    """Harmonic mean; 0 when both are 0, None when either is unknown."""
    if precision is None or recall is None:
        return None
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0
