"""Cases: measured against the reference, differences, and the ROC over each mark."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes

from marrowscope.evaluation.cases import CaseReport
from marrowscope.evaluation.figures.look import (
    COLOURS,
    GREY,
    line_of,
    save,
    style,
    unit_square,
)


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
            axes.plot(*mark.curve, label=label, **line_of(number))
    unit_square(
        axes, x="1 − specificity", y="sensitivity", title="Cases at or above each mark"
    )
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="lower right", fontsize=8)
