"""The loss curve of a course as a figure, PNG and SVG beside its ``curve.csv``."""

from __future__ import annotations

import csv
from pathlib import Path

from matplotlib.axes import Axes

from marrowscope.evaluation.figures import COLOURS, save, style
from marrowscope.workflow.places import resources

Points = list[tuple[int, float]]


def draw_curve(path: Path) -> Path:
    """Draw a ``curve.csv``; the PNG it becomes. Raises ValueError when it is broken."""
    losses, scores = read_curve(path)

    def draw(axes: Axes) -> None:
        axes.plot(*zip(*losses, strict=True), color=COLOURS[0], marker=".", ms=3)
        axes.set(xlabel="Step", ylabel="Loss, smoothed", title="Loss curve")
        axes.set_ylim(bottom=0)
        if scores:
            beside = axes.twinx()
            beside.plot(*zip(*scores, strict=True), color=COLOURS[1], marker="o", ms=3)
            beside.set_ylabel("Score of cells kept out", color=COLOURS[1])
            beside.spines["right"].set_visible(True)

    with style(resources() / "fonts"):
        return save(draw, path.with_suffix(""), size=(5.2, 3.2))


def read_curve(path: Path) -> tuple[Points, Points]:
    """(step, loss) and (step, score); of a step written twice, the later counts."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = {int(row["step"]): row for row in csv.DictReader(file)}
    losses = [(step, float(row["loss"])) for step, row in sorted(rows.items())]
    scored = [(step, row["score"]) for step, row in sorted(rows.items())]
    return losses, [(step, float(score)) for step, score in scored if score]
