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
        _mean(axes, place, part, report)
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
    axes.set_xticks(range(len(PARTS)), list(PARTS))
    axes.set(xlim=(-0.6, len(PARTS) - 0.2), ylabel="Dice", ylim=(None, 1.01))
    axes.set_title(f"Overlap of outlines, {report.images} pictures")


def _box(axes: Axes, place: int, dice: np.ndarray) -> None:
    """Median and quartiles, beside the points."""
    if len(dice):
        low, middle, high = np.percentile(dice, (25, 50, 75))
        at = place - 0.26
        axes.plot([at, at], [low, high], color=GREY, lw=5, solid_capstyle="butt")
        axes.plot([at - 0.045, at + 0.045], [middle] * 2, color=INK, lw=1.4)


def _mean(axes: Axes, place: int, part: str, report: MaskReport) -> None:
    mean, within = report.dice[part], report.intervals.get(f"dice {part}")
    if mean is None:
        return
    said = f"mean {100 * mean:.1f} %"
    if within:
        said += f"\n({100 * within.low:.1f}–{100 * within.high:.1f})"
    axes.annotate(
        *(said, (place - 0.36, mean)), ha="right", va="center", size=8, color=INK
    )
