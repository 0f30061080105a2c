"""The model's layer of a bar: a pale share, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from marrowscope.domain.criteria import Denominator
from marrowscope.domain.differential import SuggestedDifferential
from marrowscope.domain.dysplasia import SuggestedDysplasia
from marrowscope.domain.statistics import TOO_FEW_FOR_PERCENT, Share, percent_text
from marrowscope.gui.differential_panel.model import NOT_SEPARATED, number

NONE_SUGGESTED = "none suggested"
OF = {
    Denominator.ALL_NUCLEATED: "nucleated cells",
    Denominator.NON_ERYTHROID: "cells without erythroblasts",
}


@dataclass(frozen=True, slots=True)
class SuggestedBar:
    """A pale bar: `share` from 0 to 1, and the sentence beneath it."""

    share: float
    sentence: str


def suggested_dysplasia(
    machine: SuggestedDysplasia | None, threshold: Fraction
) -> SuggestedBar | None:
    """The lineage's pale bar; None of a handful of cells, as in the report."""
    if machine is None:
        return None
    share = Share(machine.dysplastic, machine.total)
    if not share.enough_for_percent:
        return None
    without = percent_text(Share(machine.above_grade_1, machine.total), (threshold,))
    return SuggestedBar(
        share=share.count / share.total,
        sentence=(
            f"suggested {percent_text(share, (threshold,))} % {machine.denominator}"
            f" · without grade 1: {without} %"
        ),
    )


def why_no_dysplasia(machine: SuggestedDysplasia | None, *, read: bool) -> str:
    """Why there is no pale bar; empty where there is one, and before any reading."""
    if machine is None:
        return "not looked for by this model" if read else ""
    return _too_few(Share(machine.dysplastic, machine.total), machine.denominator)


def suggested_blasts(
    share: Share | None, marks: tuple[Fraction, ...], of: Denominator
) -> SuggestedBar | None:
    """The blasts' pale bar; None of a handful of cells, as in the report."""
    if share is None or not share.enough_for_percent:
        return None
    return SuggestedBar(
        share=share.count / share.total,
        sentence=(
            f"suggested {percent_text(share, marks)} %"
            f" · {number(share.count)} of {number(share.total)} {OF[of]}"
        ),
    )


def why_no_blasts(
    suggested: SuggestedDifferential | None, share: Share | None, of: Denominator
) -> str:
    """Why there is no pale bar; empty where there is one, and before any reading."""
    if suggested is None:
        return ""
    if not suggested.total:
        return NONE_SUGGESTED
    return NOT_SEPARATED if share is None else _too_few(share, OF[of])


def _too_few(share: Share, of: str) -> str:
    if not share.total:
        return NONE_SUGGESTED
    if share.enough_for_percent:
        return ""
    counts = f"{number(share.count)} of {number(share.total)}"
    return f"suggested {counts} {of}, {TOO_FEW_FOR_PERCENT}"
