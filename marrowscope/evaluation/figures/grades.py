"""Grade confusion of each feature, and its ROC."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from sklearn.metrics import roc_curve

from marrowscope.evaluation.figures.look import (
    GREY,
    WITH_LEGEND,
    legend_beside,
    line_of,
    save,
    spoken,
    style,
    unit_square,
)
from marrowscope.evaluation.figures.naming import draw_confusion
from marrowscope.evaluation.grades import FeatureReport

GRADES = ("0", "1", "2", "3")


def grade_figures(
    reports: Sequence[FeatureReport], folder: Path, *, fonts: Path | None = None
) -> list[Path]:
    """One confusion matrix per feature, and the ROC of all: any grade against none."""
    folder.mkdir(parents=True, exist_ok=True)
    with style(fonts):
        drawn = [_confusion(report, folder) for report in reports]
        if any(report.any_grade.auc is not None for report in reports):
            path = folder / "grades_roc"
            drawn.append(save(lambda axes: _roc(axes, reports), path, size=WITH_LEGEND))
    return drawn


def _confusion(report: FeatureReport, folder: Path) -> Path:
    def draw(axes: Axes) -> None:
        draw_confusion(axes, report.confusion, GRADES, GRADES)
        axes.set(xlabel="grade answered", ylabel="true grade")
        axes.set_title(f"{spoken(report.feature)}, {report.cells} cells", size=9)
        axes.tick_params(axis="x", rotation=0)

    return save(draw, folder / f"grades_{report.feature}", size=(3.6, 3.5))


def _roc(axes: Axes, reports: Sequence[FeatureReport]) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.7, ls=":")
    for place, report in enumerate(r for r in reports if r.any_grade.auc is not None):
        false, true, _ = roc_curve(report.true >= 1, report.answer)
        label = f"{spoken(report.feature)}  {report.any_grade.auc:.3f}"
        axes.plot(false, true, label=label, **line_of(place))
    unit_square(axes, x="1 − specificity", y="sensitivity", title="Grade 1-3 against 0")
    legend_beside(axes, "area")
