"""How far a model's stated probabilities hold: a table and a diagram for its card."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from marrowscope.evaluation.figures import COLOURS, save, style
from marrowscope.training.figures import calibration_error

BINS = 10
NAME = "reliability"

# Truth (N,) and probabilities (N, C) of one set of cells.
Judged = tuple[np.ndarray, np.ndarray]


def reliability(judged: Judged) -> list[tuple[int, float, float]]:
    """Per bin with cells: how many, mean stated probability, share of right answers."""
    truth, chances = judged
    sure = chances.max(axis=1)
    right = chances.argmax(axis=1) == truth
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        (int(own.sum()), float(sure[own].mean()), float(right[own].mean()))
        for number in range(BINS)
        if (own := place == number).any()
    ]


def draw_reliability(sets: Mapping[str, Judged], folder: Path) -> Path:
    """`reliability.png` in `folder`: one curve for each set by its name."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=COLOURS[-1], lw=0.7, ls=":")
        for colour, (name, judged) in zip(COLOURS, sets.items(), strict=False):
            count, said, true = np.array(reliability(judged)).T
            label = f"{name}  {100 * calibration_error(*judged):.1f} %"
            axes.plot(said, true, color=colour, lw=1.2, label=label)
            axes.scatter(said, true, s=8 + 160 * count / count.sum(), color=colour)
        axes.set(xlim=(0, 1.02), ylim=(0, 1.02), aspect="equal")
        axes.set(xlabel="stated probability of the answer")
        axes.set(ylabel="share of right answers")
        axes.set_title("Reliability, with expected calibration error")
        axes.legend(loc="upper left", fontsize=8)

    with style(None):
        save(draw, folder / NAME)
    (folder / NAME).with_suffix(".svg").unlink()
    return (folder / NAME).with_suffix(".png")


def reliability_section(sets: Mapping[str, Judged]) -> str:
    """The table and the picture beside it, for a card."""
    return f"{reliability_table(sets)}\n\n![Reliability]({NAME}.png)"


def reliability_table(sets: Mapping[str, Judged]) -> str:
    """One row per set: cells, expected calibration error, and stated against right."""
    lines = [
        "| cells of | cells | calibration error | stated → right (cells) |",
        "|---|---|---|---|",
    ]
    for name, judged in sets.items():
        steps = ", ".join(
            f"{100 * said:.0f} → {100 * true:.0f} % ({count})"
            for count, said, true in reliability(judged)
        )
        error = calibration_error(*judged)
        lines.append(f"| {name} | {len(judged[0])} | {error:.1%} | {steps} |")
    return "\n".join(lines)
