"""Figures of an evaluation, each as PNG and SVG: quiet, legible, colour-blind safe."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve, roc_curve

from marrowscope.evaluation.agreement import AgreementReport
from marrowscope.evaluation.cases import CaseReport
from marrowscope.evaluation.crops import CALIBRATION_BINS, CropReport

# Okabe & Ito 2008: eight colours that colour-blind readers tell apart.
COLOURS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7"),
    *("#E69F00", "#56B4E9", "#5B4B8A", "#8C8C8C"),
)
INK, GREY = "#20242B", "#9AA1AB"
DPI = 160
Draw = Callable[[Axes], None]


@contextmanager
def style(fonts: Path | None) -> Iterator[None]:
    """The look of every figure; `fonts`: a folder of fonts to use."""
    family = ["DejaVu Sans"]
    for font in sorted(fonts.glob("*.[ot]tf")) if fonts else ():
        font_manager.fontManager.addfont(font)
        family.insert(0, font_manager.FontProperties(fname=font).get_name())
    look: dict[Any, Any] = {
        "font.family": list(dict.fromkeys(family)),
        "font.size": 9,
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10,
        "axes.titleweight": "semibold",
        "axes.titlelocation": "left",
        "axes.titlepad": 10,
        "axes.prop_cycle": cycler(color=COLOURS),
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "legend.frameon": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "marrowscope",
    }
    with mpl.rc_context(look):
        yield


def save(draw: Draw, path: Path, *, size: tuple[float, float] = (4.6, 4.2)) -> Path:
    """Draw one figure and write ``path.png`` and ``path.svg``; size in inches."""
    figure = Figure(figsize=size, layout="constrained")
    draw(figure.add_subplot())
    figure.savefig(path.with_suffix(".png"), dpi=DPI)
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})
    return path.with_suffix(".png")


def crop_figures(
    report: CropReport, folder: Path, *, fonts: Path | None = None
) -> list[Path]:
    """Confusion matrix, ROC and precision-recall curves, reliability."""
    folder.mkdir(parents=True, exist_ok=True)
    side = 1.9 + 0.52 * len(report.classes)
    with style(fonts):
        return [
            save(
                lambda axes: _confusion(axes, report.confusion, report.classes),
                folder / "confusion",
                size=(side, side),
            ),
            save(lambda axes: _roc(axes, report), folder / "roc"),
            save(lambda axes: _precision_recall(axes, report), folder / "pr"),
            save(lambda axes: _reliability(axes, report), folder / "reliability"),
        ]


def case_figures(
    report: CaseReport, folder: Path, *, fonts: Path | None = None
) -> list[Path]:
    """Measured against the reference, differences, and the ROC over each mark."""
    folder.mkdir(parents=True, exist_ok=True)
    with style(fonts):
        return [
            save(lambda axes: _scatter(axes, report), folder / "correlation"),
            save(lambda axes: _differences(axes, report), folder / "differences"),
            save(lambda axes: _marks(axes, report), folder / "roc_cases"),
        ]


def agreement_figure(
    report: AgreementReport, folder: Path, *, fonts: Path | None = None
) -> list[Path]:
    """Kappa of every two readers with its interval."""
    folder.mkdir(parents=True, exist_ok=True)
    height = 1.2 + 0.34 * len(report.pairs)
    with style(fonts):
        path = folder / "kappa"
        return [save(lambda axes: _kappas(axes, report), path, size=(5.2, height))]


def _confusion(axes: Axes, counts: NDArray[np.int64], names: Sequence[str]) -> None:
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*counts.shape):
        if counts[row, column]:
            dark = share[row, column] > 0.55
            text = f"{counts[row, column]}\n{100 * share[row, column]:.0f} %"
            colour = "white" if dark else INK
            axes.text(
                *(column, row, text), color=colour, ha="center", va="center", size=7
            )
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="read as", ylabel="truly", title="Confusion, cells and % of row")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _shown(report: CropReport) -> Iterator[tuple[int, str]]:
    """Classes that some crops have and some have not."""
    for number, name in enumerate(report.classes):
        if 0 < int((report.true == number).sum()) < len(report.true):
            yield number, name


def _square(axes: Axes, *, x: str, y: str, title: str) -> None:
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), xlabel=x, ylabel=y, title=title)
    axes.set_aspect("equal")


def _roc(axes: Axes, report: CropReport) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.7, ls=":")
    for number, name in _shown(report):
        false, true, _ = roc_curve(report.true == number, report.scores[:, number])
        auc = report.per_class[name].auc
        axes.plot(
            false, true, lw=1.4, color=COLOURS[number % 8], label=f"{name}  {auc:.3f}"
        )
    _square(axes, x="1 − specificity", y="sensitivity", title="ROC, area by class")
    axes.legend(loc="lower right", fontsize=8)


def _precision_recall(axes: Axes, report: CropReport) -> None:
    for number, name in _shown(report):
        right = report.true == number
        precision, recall, _ = precision_recall_curve(right, report.scores[:, number])
        area = report.per_class[name].average_precision
        axes.plot(
            *(recall, precision),
            lw=1.4,
            color=COLOURS[number % 8],
            label=f"{name}  {area:.3f}",
        )
    _square(axes, x="sensitivity", y="PPV", title="Precision and recall, AP by class")
    axes.legend(loc="lower left", fontsize=8)


def _reliability(axes: Axes, report: CropReport) -> None:
    sure = report.scores.max(axis=1)
    right = report.scores.argmax(axis=1) == report.true
    place = np.minimum((sure * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.7, ls=":")
    bins = [b for b in range(CALIBRATION_BINS) if (place == b).any()]
    said = [float(sure[place == b].mean()) for b in bins]
    true = [float(right[place == b].mean()) for b in bins]
    count = np.array([int((place == b).sum()) for b in bins])
    axes.plot(said, true, color=COLOURS[0], lw=1)
    axes.scatter(said, true, s=8 + 220 * count / max(count.sum(), 1), color=COLOURS[0])
    error = "–" if report.ece is None else f"{100 * report.ece:.1f} %"
    _square(
        axes,
        x="stated probability of the answer",
        y="share of right answers",
        title=f"Reliability, expected error {error}",
    )


def _scatter(axes: Axes, report: CaseReport) -> None:
    top = 1.05 * max(float(report.reference.max()), float(report.measured.max()), 1.0)
    axes.plot([0, top], [0, top], color=GREY, lw=0.7, ls=":")
    axes.scatter(report.reference, report.measured, s=18, color=COLOURS[0], alpha=0.8)
    said = "–" if report.pearson is None else f"{report.pearson:.3f}"
    axes.set(xlabel="reference, %", ylabel="measured, %", xlim=(0, top), ylim=(0, top))
    axes.set_title(f"Measured against reference, r = {said}")
    axes.set_aspect("equal")


def _differences(axes: Axes, report: CaseReport) -> None:
    middle = (report.measured + report.reference) / 2
    axes.axhline(0, color=GREY, lw=0.7)
    for value, way in (
        (report.mean_difference, "-"),
        (report.limits.low, "--"),
        (report.limits.high, "--"),
    ):
        axes.axhline(value, color=COLOURS[1], lw=1, ls=way)
    axes.scatter(middle, report.measured - report.reference, s=18, color=COLOURS[0])
    axes.set(xlabel="mean of both, %", ylabel="measured − reference, points")
    axes.set_title("Differences, with the limits of 95 %")


def _marks(axes: Axes, report: CaseReport) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.7, ls=":")
    for number, mark in enumerate(report.marks):
        if mark.curve is not None:
            label = f"{mark.percent:g} %  {mark.auc:.3f}"
            axes.plot(*mark.curve, lw=1.4, color=COLOURS[number % 8], label=label)
    _square(
        axes, x="1 − specificity", y="sensitivity", title="Cases at or above each mark"
    )
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="lower right", fontsize=8)


def _kappas(axes: Axes, report: AgreementReport) -> None:
    for row, pair in enumerate(report.pairs):
        if pair.kappa is None:
            continue
        if pair.interval:
            limits = [pair.interval.low, pair.interval.high]
            axes.plot(limits, [row, row], color=COLOURS[0], lw=1.4)
        axes.scatter([pair.kappa], [row], s=24, color=COLOURS[0])
        axes.text(1.03, row, f"{pair.kappa:.3f}", va="center", size=8)
    names = [f"{a} – {b}" for a, b in (pair.readers for pair in report.pairs)]
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(-0.05, 1.0), ylim=(len(names) - 0.5, -0.5), xlabel="kappa")
    axes.set_title("Agreement of readers, with 95 % intervals")
