"""How the overlap of outlines is spread over the pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from marrowscope.evaluation.figures.look import COLOURS, GREY, INK, save, style
from marrowscope.evaluation.masks import PARTS, MaskReport

NAMED = 3  # of the worst pictures


def mask_figures(
    report: MaskReport, folder: Path, *, fonts: Path | None = None
) -> list[Path]:
    """Dice of every picture, cell and nucleus; the worst named."""
    folder.mkdir(parents=True, exist_ok=True)
    with style(fonts):
        return [
            save(lambda axes: _spread(axes, report), folder / "dice", size=(5.4, 4.0))
        ]


def _spread(axes: Axes, report: MaskReport) -> None:
    rng = np.random.default_rng(1)
    for place, part in enumerate(PARTS):
        dice = np.array([picture.dice[part] for picture in report.pictures])
        x = place + rng.uniform(-0.14, 0.14, len(dice))
        axes.scatter(x, dice, s=14, color=COLOURS[place], alpha=0.55, lw=0)
        _box(axes, place, dice)
        for one in report.worst(part, NAMED):
            index = report.pictures.index(one)
            axes.annotate(
                *(one.name, (x[index], dice[index])),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                size=7,
                color=INK,
            )
    axes.set_xticks(range(len(PARTS)), [_mean(part, report) for part in PARTS])
    axes.set(xlim=(-0.5, len(PARTS) - 0.45), ylabel="Dice", ylim=(None, 1.01))
    axes.tick_params(axis="x", length=0)
    axes.set_title(f"Overlap of outlines, {report.images} pictures")


def _box(axes: Axes, place: int, dice: np.ndarray) -> None:
    """Median and quartiles, beside the points."""
    if len(dice):
        low, middle, high = np.percentile(dice, (25, 50, 75))
        at = place - 0.26
        axes.plot([at, at], [low, high], color=GREY, lw=5, solid_capstyle="butt")
        axes.plot([at - 0.045, at + 0.045], [middle] * 2, color=INK, lw=1.4)


def _mean(part: str, report: MaskReport) -> str:
    """The part's name over its mean and interval."""
    mean, within = report.dice[part], report.intervals.get(f"dice {part}")
    if mean is None:
        return part
    said = f"{part}\nmean {100 * mean:.1f} %"
    if within is None:
        return said
    return f"{said} ({100 * within.low:.1f}–{100 * within.high:.1f})"
