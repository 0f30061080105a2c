"""The printed tables of `marrowscope evaluate crops`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from marrowscope.cli.evaluate_text import (
    limits,
    out,
    percent,
    published_row,
    value_over_limits,
    warn_of_published,
)
from marrowscope.evaluation.crop_levels import CropLevels
from marrowscope.evaluation.crops import ClassScores, CropReport
from marrowscope.evaluation.published import Published

MEASURES = (
    *("sensitivity", "specificity", "ppv", "npv"),
    *("accuracy", "f1", "auc", "average_precision"),
)
HEADS = ("Sens", "Spec", "PPV", "NPV", "Acc", "F1", "AUC", "AP")


def print_crops(report: CropLevels, figures: Sequence[Published]) -> None:
    """Both levels, each with its table per class and its confusion matrix."""
    cited = _print_level("By class", report.classes, figures)
    if report.lines is not None:
        _print_level("By line of the differential", report.lines, ())
        if report.not_by_line:
            words = ", ".join(f"{w} ({n})" for w, n in report.not_by_line.items())
            out.print(f"Not by line, the word is no single one: {escape(words)}.")
    warn_of_published(figures if cited else ())


def _print_level(title: str, report: CropReport, figures: Sequence[Published]) -> bool:
    """One level; whether a published figure stands in it."""
    table = Table(
        "", title=f"{title}, percent over 95 % interval", title_justify="left"
    )
    for head in ("n", *HEADS):
        table.add_column(head, justify="right", no_wrap=True)
    cited = False
    for name, row in _told(report):
        table.add_row(escape(name), str(row.sensitivity.total), *_values(row))
        known = published_row(figures, name, MEASURES)
        if known and row.sensitivity.total:
            table.add_row(known[0], "", *known[1:])
            cited = True
    out.print(table)
    out.print(_summary(report))
    out.print(_confusion(report))
    return cited


def _told(report: CropReport) -> list[tuple[str, ClassScores]]:
    """Classes that crops have, or that were answered."""
    return [
        (name, row)
        for name, row in report.per_class.items()
        if row.sensitivity.total or row.ppv.total
    ]


def _values(row: ClassScores) -> list[str]:
    shares = (row.sensitivity, row.specificity, row.ppv, row.npv, row.accuracy)
    return [
        *(value_over_limits(one.value, one.interval) for one in shares),
        value_over_limits(row.f1, row.f1_interval),
        value_over_limits(row.auc, row.auc_interval),
        value_over_limits(row.average_precision, row.ap_interval),
    ]


def _summary(report: CropReport) -> str:
    right = report.accuracy
    return (
        f"Accuracy {percent(right.value)} ({limits(right.interval)}; "
        f"{right.count} of {right.total})   "
        f"macro-F1 {percent(report.macro_f1)} ({limits(report.macro_f1_interval)})   "
        f"calibration error {percent(report.ece)}"
    )


def _confusion(report: CropReport) -> Table:
    shown = [report.classes.index(name) for name, _ in _told(report)]
    names = [escape(report.classes[i]) for i in shown]
    table = Table("true \\ read", *names, title="Confusion", title_justify="left")
    for i in shown:
        if report.confusion[i].any():
            counts = [str(report.confusion[i, j]) for j in shown]
            table.add_row(escape(report.classes[i]), *counts)
    return table
