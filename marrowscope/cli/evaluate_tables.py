"""`marrowscope evaluate readers | grades | cases`: what stands in tables."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from marrowscope.cli.console import print_json, say
from marrowscope.domain.statistics import Interval
from marrowscope.evaluation.agreement import AgreementReport
from marrowscope.evaluation.cases import CaseReport
from marrowscope.evaluation.crops import CropReport
from marrowscope.evaluation.grades import FeatureReport
from marrowscope.workflow.evaluating_tables import (
    draw_figures,
    evaluate_case_table,
    evaluate_grade_table,
    evaluate_reader_table,
)
from marrowscope.workflow.models import DEFAULT_MODEL, open_reader

out = Console(highlight=False)
PATH = click.Path(path_type=Path)
plots_option = click.option("--plots", type=PATH, help="Folder for PNG and SVG.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")


def drawn(
    report: CropReport | CaseReport | AgreementReport, folder: Path | None
) -> None:
    """Draw the figures where a folder was given, and say where they are."""
    if folder is not None:
        draw_figures(report, folder)
        say(f"Figures: {folder}")


@click.command()
@click.argument("table", type=PATH)
@click.option("--least-iou", type=float, help="Leave cells with a smaller iou out.")
@plots_option
@json_option
def readers(
    table: Path, least_iou: float | None, plots: Path | None, as_json: bool
) -> None:
    """Kappa of the model against each reader, and among readers.

    TABLE: CSV, one row per cell, one column of calls per reader; a column named model
    is the model's. Grades 0 to 3 are also weighted.
    """
    report = evaluate_reader_table(table, least_iou=least_iou)
    drawn(report, plots)
    print_json(report.as_json()) if as_json else _print_agreement(report)


@click.command()
@click.argument("table", type=PATH)
@click.option("--model", default=DEFAULT_MODEL, show_default=True)
@click.option("--mpp", type=float, help="Microns per pixel.")
@click.option("--device", default="auto", show_default=True)
@json_option
def grades(
    table: Path, model: str, mpp: float | None, device: str, as_json: bool
) -> None:
    """Grades 0 to 3 of each feature, and every discrepancy of two grades or more.

    TABLE: CSV with the column path and one column per feature of the model.
    """
    reader = open_reader(model, device=device)
    reports, unreadable = evaluate_grade_table(table, reader, mpp=mpp)
    if unreadable:
        say(f"{unreadable} pictures could not be read and are left out.")
    if as_json:
        print_json([report.as_json() for report in reports])
        return
    for report in reports:
        _print_feature(report)


@click.command()
@click.argument("table", type=PATH)
@click.option("--mark", "marks", type=float, multiple=True, default=(5.0, 20.0))
@plots_option
@json_option
def cases(
    table: Path, marks: tuple[float, ...], plots: Path | None, as_json: bool
) -> None:
    """Percentages of cases against a reference such as flow cytometry.

    TABLE: CSV with the columns case, measured and reference, in percent.
    """
    report = evaluate_case_table(table, marks=marks)
    drawn(report, plots)
    print_json(report.as_json()) if as_json else _print_cases(report)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _limits(interval: Interval | None) -> str:
    return "" if interval is None else f"({interval.low:.3f} to {interval.high:.3f})"


def _print_agreement(report: AgreementReport) -> None:
    table = Table("Readers", "cells", "kappa", "95 %", "linear", "quadratic")
    for pair in report.pairs:
        table.add_row(
            " – ".join(pair.readers),
            str(pair.cells),
            _number(pair.kappa),
            _limits(pair.interval),
            _number(pair.linear),
            _number(pair.quadratic),
        )
    out.print(table)
    out.print(f"All readers together (Fleiss): {_number(report.fleiss)}")
    if report.left_out:
        out.print(f"{report.left_out} cells left out: their boxes overlap too little.")


def _print_feature(report: FeatureReport) -> None:
    columns = ("Sens", "Spec", "PPV", "NPV", "Acc", "AUC")
    table = Table("%", *columns, title=f"{report.feature}, {report.cells} cells")
    for binary in (report.any_grade, report.without_grade_1):
        shares = (
            *(binary.sensitivity, binary.specificity, binary.ppv),
            *(binary.npv, binary.accuracy),
        )
        percents = ["–" if s.value is None else f"{100 * s.value:.1f}" for s in shares]
        table.add_row(binary.name, *percents, _number(binary.auc))
    out.print(table)
    grid = Table("true \\ answer", "0", "1", "2", "3")
    for grade, row in enumerate(report.confusion):
        grid.add_row(str(grade), *map(str, row))
    out.print(grid)
    for one in report.discrepancies:
        out.print(f"  {one.path}: {one.true} graded {one.answer:.2f}")


def _print_cases(report: CaseReport) -> None:
    out.print(
        f"{len(report.names)} cases   Pearson {_number(report.pearson)} "
        f"{_limits(report.pearson_interval)}   Spearman {_number(report.spearman)}"
    )
    out.print(
        f"Mean difference {report.mean_difference:+.1f} points, 95 % of differences "
        f"from {report.limits.low:.1f} to {report.limits.high:.1f}"
    )
    table = Table("At or above", "cases", "AUC", "95 %")
    for mark in report.marks:
        cells = f"{mark.above} of {mark.cases}"
        row = (f"{mark.percent:g} %", cells, _number(mark.auc), _limits(mark.interval))
        table.add_row(*row)
    out.print(table)
