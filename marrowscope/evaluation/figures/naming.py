"""Confusion matrix, ROC and precision-recall curves, reliability of named cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve, roc_curve

from marrowscope.domain.statistics import clopper_pearson
from marrowscope.evaluation.crop_levels import CropLevels
from marrowscope.evaluation.crops import CALIBRATION_BINS, CropReport
from marrowscope.evaluation.figures.look import (
    COLOURS,
    GREY,
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


def crop_level_figures(
    report: CropLevels, folder: Path, *, fonts: Path | None = None
) -> list[Path]:
    """The figures of the classes, and of the lines where those were measured."""
    drawn = crop_figures(report.classes, folder, fonts=fonts)
    if report.lines is None:
        return drawn
    return [*drawn, *crop_figures(report.lines, folder, fonts=fonts, name="lines_")]


def crop_figures(
    report: CropReport, folder: Path, *, fonts: Path | None = None, name: str = ""
) -> list[Path]:
    """Confusion matrix, ROC and precision-recall curves, reliability.

    Files begin with `name`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with style(fonts):
        return [
            _confusion(report, folder / f"{name}confusion"),
            save(
                lambda axes: _roc(axes, report), folder / f"{name}roc", size=WITH_LEGEND
            ),
            save(
                lambda axes: _precision_recall(axes, report),
                folder / f"{name}pr",
                size=WITH_LEGEND,
            ),
            save(
                lambda axes: _reliability(axes, report), folder / f"{name}reliability"
            ),
        ]


def _confusion(report: CropReport, path: Path) -> Path:
    """Rows that have cells, columns that have cells or answers."""
    counts = report.confusion
    rows = np.flatnonzero(counts.any(axis=1))
    columns = np.flatnonzero(counts.any(axis=0) | counts.any(axis=1))
    shown = counts[np.ix_(rows, columns)]
    named = [[spoken(report.classes[i]) for i in one] for one in (rows, columns)]
    size = 2.2 + 0.52 * len(columns), 1.9 + 0.52 * len(rows)
    return save(lambda axes: draw_confusion(axes, shown, *named), path, size=size)


def draw_confusion(
    axes: Axes, counts: NDArray[np.int64], rows: Sequence[str], columns: Sequence[str]
) -> None:
    """Counts (R, C) with the share of their row, darker the larger."""
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*counts.shape):
        if counts[row, column]:
            dark = share[row, column] > 0.55
            percent = f"{100 * share[row, column]:.0f}"
            text = f"{counts[row, column]}\n{'<1' if percent == '0' else percent} %"
            colour = "white" if dark else INK
            axes.text(
                *(column, row, text), color=colour, ha="center", va="center", size=7
            )
    axes.set_xticks(range(len(columns)), columns, rotation=45, ha="right")
    axes.set_yticks(range(len(rows)), rows)
    axes.set(xlabel="read as", ylabel="truly", title="Confusion, cells and % of row")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _shown(report: CropReport) -> Iterator[tuple[int, str]]:
    """Classes that some crops have and some have not."""
    for number, name in enumerate(report.classes):
        if 0 < int((report.true == number).sum()) < len(report.true):
            yield number, name


def _roc(axes: Axes, report: CropReport) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.7, ls=":")
    for place, (number, name) in enumerate(_shown(report)):
        false, true, _ = roc_curve(report.true == number, report.scores[:, number])
        label = f"{spoken(name)}  {report.per_class[name].auc:.3f}"
        axes.plot(false, true, label=label, **line_of(place))
    unit_square(axes, x="1 − specificity", y="sensitivity", title="ROC by class")
    legend_beside(axes, "area")


def _precision_recall(axes: Axes, report: CropReport) -> None:
    for place, (number, name) in enumerate(_shown(report)):
        right = report.true == number
        precision, recall, _ = precision_recall_curve(right, report.scores[:, number])
        label = f"{spoken(name)}  {report.per_class[name].average_precision:.3f}"
        axes.plot(recall, precision, label=label, **line_of(place))
    unit_square(axes, x="sensitivity", y="PPV", title="Precision and recall by class")
    legend_beside(axes, "average precision")


def _reliability(axes: Axes, report: CropReport) -> None:
    """Share of right answers, with its 95 % interval, by stated probability; below, how
    the cells are spread over it."""
    sure = report.sureness
    right = report.answer == report.true
    place = np.minimum((sure * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.7, ls=":")
    counts = np.bincount(place, minlength=CALIBRATION_BINS)
    heights = 0.18 * counts / max(int(counts.max()), 1)
    edges = np.arange(CALIBRATION_BINS) / CALIBRATION_BINS
    axes.bar(edges, heights, 1 / CALIBRATION_BINS, align="edge", color=PALE, zorder=0)
    bins = np.flatnonzero(counts)
    said = [float(sure[place == b].mean()) for b in bins]
    true = [int(right[place == b].sum()) for b in bins]
    for x, hits, total in zip(said, true, counts[bins].tolist(), strict=True):
        within = clopper_pearson(hits, total)
        axes.plot([x, x], [within.low, within.high], color=COLOURS[0], lw=1, alpha=0.6)
    shares = [h / n for h, n in zip(true, counts[bins].tolist(), strict=True)]
    axes.plot(said, shares, color=COLOURS[0], lw=1, marker="o", ms=4)
    error = "–" if report.ece is None else f"{100 * report.ece:.1f} %"
    unit_square(
        axes,
        x="stated probability of the answer",
        y="share of right answers",
        title=f"Reliability, expected error {error}",
    )
