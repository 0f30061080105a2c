"""Precision-recall curves of found cells, and the naming of those found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from marrowscope.evaluation.detection import DetectionReport, PlaceScores
from marrowscope.evaluation.figures.look import (
    COLOURS,
    INK,
    PALE,
    WITH_LEGEND,
    legend_beside,
    line_of,
    save,
    spoken,
    style,
    unit_square,
)
from marrowscope.evaluation.figures.naming import crop_figures
from marrowscope.evaluation.named_cells import FoundAndNamed, NamedReport


def detection_figures(
    report: FoundAndNamed, folder: Path, *, fonts: Path | None = None
) -> list[Path]:
    """Precision against recall of places, and by class where classes compare; with
    confusion, ROC and reliability of the cells that were found."""
    folder.mkdir(parents=True, exist_ok=True)
    with style(fonts):
        drawn = [
            save(lambda axes: _places(axes, report.found), folder / "detection_pr"),
        ]
        if report.named.per_group:
            drawn.append(
                save(
                    lambda axes: _by_class(axes, report.named),
                    folder / "detection_pr_by_class",
                    size=WITH_LEGEND,
                )
            )
    found = report.named.found
    if found is not None and len(found.true):
        drawn += crop_figures(found, folder, fonts=fonts, name="found_")
    return drawn


def _curve(scores: PlaceScores) -> tuple[list[float], list[float]]:
    """Recall and precision from the surest detection on, precision made monotone."""
    recall, precision = scores.ranking.curve(scores.cells)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    if not len(recall):
        return [0.0], [0.0]
    return [0.0, *recall, recall[-1]], [precision[0], *precision, 0.0]


def _places(axes: Axes, report: DetectionReport) -> None:
    scores = report.places
    axes.step(*_curve(scores), where="pre", color=COLOURS[0], lw=1.6)
    axes.fill_between(*_curve(scores), step="pre", color=PALE, alpha=0.6, lw=0)
    recall, precision = scores.recall.value, scores.precision.value
    if recall is not None and precision is not None:
        axes.plot([recall], [precision], "o", color=COLOURS[1], ms=6, zorder=3)
        axes.annotate(
            f"as read (score ≥ {report.threshold:g})\n"
            f"recall {100 * recall:.1f}, precision {100 * precision:.1f} %",
            (recall, precision),
            (recall - 0.06, precision - 0.14),
            ha="right" if recall > 0.5 else "left",
            va="top",
            size=8,
            color=INK,
            arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.6},
        )
    area = scores.average_precision
    within = scores.intervals.get("average_precision")
    said = "–" if area is None else f"{100 * area:.1f} %"
    if within:
        said += f" ({100 * within.low:.1f}–{100 * within.high:.1f})"
    title = f"Cells found, IoU ≥ {report.iou:g}: AP {said}"
    unit_square(axes, x="recall", y="precision", title=title)


def _by_class(axes: Axes, named: NamedReport) -> None:
    for place, (name, scores) in enumerate(named.per_group.items()):
        area = scores.average_precision
        label = f"{spoken(name)}  {'–' if area is None else f'{100 * area:.1f}'}"
        axes.step(*_curve(scores), where="pre", label=label, **line_of(place))
    mean = named.average_precision
    said = "–" if mean is None else f"{100 * mean:.1f} %"
    title = f"Cells found and named: mean AP {said}"
    unit_square(axes, x="recall", y="precision", title=title)
    legend_beside(axes, "AP, %")
