"""Which precisions a bundle is shipped in, and why the others are not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from marrowscope.training.precision.judging import (
    LEAST_AGREEMENT,
    MOST_LOST,
    Judged,
    Loss,
    loss,
)
from marrowscope.training.precision.making import Made

log = logging.getLogger(__name__)

FASTER = 1.1  # int8 is worth its file only from here on
SMALLER = 0.75  # and fp16 below this share of the size
DEVICES = {"int8": ("cpu",), "fp16": ("cuda", "directml")}


@dataclass(frozen=True, slots=True)
class Trial:
    """Networks tried together in one precision; the others of the bundle stay fp32.

    `against`: why they are not shipped, empty when they are.
    """

    precision: str
    networks: tuple[Made, ...]
    judged: Judged
    loss: Loss
    against: str


def trials(
    made: Sequence[Made],
    exact: Judged,
    judge: Callable[[Sequence[Made]], Judged],
    *,
    precision: str,
) -> list[Trial]:
    """All networks at once; when that loses too much, one by one until one passes."""
    whole = {m.role: m for m in made if m.precision == "fp32"}
    worth = [m for m in made if m.precision == precision and _worth(m, whole[m.role])]
    tried: list[Trial] = []
    for networks in _combinations(worth):
        found = judge(networks)
        lost = loss(exact, found)
        tried.append(Trial(precision, networks, found, lost, _against(precision, lost)))
        if not tried[-1].against:
            break
    return tried


def _worth(made: Made, whole: Made) -> bool:
    """Whether a network gains what its precision is for."""
    if made.precision == "int8":
        return whole.ms >= FASTER * made.ms
    return made.megabytes <= SMALLER * whole.megabytes


def _combinations(worth: Sequence[Made]) -> Iterator[tuple[Made, ...]]:
    if worth:
        yield tuple(worth)
    if len(worth) > 1:
        yield from ((one,) for one in worth)


def _against(precision: str, lost: Loss) -> str:
    if lost.macro_f1 > MOST_LOST:
        return f"macro-F1 falls by {lost.macro_f1:.2f} points"
    if lost.ap50 > MOST_LOST:
        return f"AP50 falls by {lost.ap50:.2f} points"
    if precision == "fp16" and lost.agreement < LEAST_AGREEMENT:
        return f"names {1 - lost.agreement:.1%} of the cells otherwise"
    return ""
