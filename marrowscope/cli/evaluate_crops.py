"""The printed tables of `marrowscope evaluate crops`."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters

import numpy as np
from rich.markup import escape
from rich.table import Table

from marrowscope.cli.evaluate_text import (
    limits,
    out,
    percent,
    published_row,
    value_over_limits,
    warn_of_published,
    wide_table,
)
from marrowscope.evaluation.crop_levels import CropLevels
from marrowscope.evaluation.crops import ClassScores, CropReport
from marrowscope.evaluation.published import Published, of_classes

MEASURES = (
    *("sensitivity", "specificity", "ppv", "npv"),
    *("accuracy", "f1", "auc", "average_precision"),
)
WIDTH = 60  # characters of all names, above which columns are lettered
LETTERS = ascii_letters
HEADS = ("Sens", "Spec", "PPV", "NPV", "Acc", "F1", "AUC", "AP")


def print_crops(report: CropLevels, figures: Sequence[Published]) -> None:
    """Both levels, each with its table per class and its confusion matrix."""
    cited = of_classes(figures, report.classes.classes)
    _print_level("By class", report.classes, cited)
    if report.lines is not None:
        _print_level("By line of the differential", report.lines, ())
        if report.not_by_line:
            words = ", ".join(f"{w} ({n})" for w, n in report.not_by_line.items())
            out.print(f"Not by line, no finer output holds all of it: {escape(words)}.")
    warn_of_published(cited)


def _print_level(title: str, report: CropReport, figures: Sequence[Published]) -> None:
    table = wide_table(f"{title}, percent over 95 % interval", ("n", *HEADS))
    for name, row in report.per_class.items():
        if not row.sensitivity.total:
            continue
        table.add_row(escape(name), str(row.sensitivity.total), *_values(row))
        known = published_row(figures, name, MEASURES)
        if known:
            table.add_row(known[0], "", *known[1:])
    out.print(table)
    out.print(_summary(report))
    out.print(_confusion(report))


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
    """Rows that have crops, columns that have crops or answers."""
    counts = report.confusion
    rows = np.flatnonzero(counts.any(axis=1)).tolist()
    columns = np.flatnonzero(counts.any(axis=1) | counts.any(axis=0)).tolist()
    names = [escape(report.classes[i].replace("_", " ")) for i in columns]
    heads = names if sum(map(len, names)) < WIDTH else list(LETTERS[: len(names)])
    table = wide_table("Confusion: rows truly, columns read as", heads)
    for i in rows:
        cells = [str(counts[i, j]) if counts[i, j] else "·" for j in columns]
        name = names[columns.index(i)]
        letter = "" if heads is names else f"{heads[columns.index(i)]}  "
        table.add_row(f"{letter}{name}", *cells)
    for j in columns:
        if heads is not names and j not in rows:
            table.add_row(f"{heads[columns.index(j)]}  {names[columns.index(j)]}")
    return table
