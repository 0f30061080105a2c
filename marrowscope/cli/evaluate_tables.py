"""`marrowscope evaluate readers | grades | cases`: people's calls and tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from marrowscope.cli.console import print_json, say
from marrowscope.cli.evaluate_options import (
    PATH,
    Asked,
    Shown,
    model_options,
    shown_options,
)
from marrowscope.cli.evaluate_text import (
    number,
    number_limits,
    out,
    published_row,
    value_over_limits,
    warn_of_published,
    wide_table,
)
from marrowscope.evaluation.agreement import MODEL, AgreementReport
from marrowscope.evaluation.calls import write_calls
from marrowscope.evaluation.cases import CaseReport
from marrowscope.evaluation.grades import Binary, FeatureReport
from marrowscope.evaluation.published import Published, of_measure
from marrowscope.workflow.evaluating_figures import published, with_cited
from marrowscope.workflow.evaluating_readers import CLASS, LEVELS, evaluate_readers
from marrowscope.workflow.evaluating_tables import (
    evaluate_case_table,
    evaluate_grade_table,
)

LISTED = 20  # discrepancies printed; all of them with --json or --out
ORDINALS = ("1st", "2nd", "3rd")
SHARES = ("sensitivity", "specificity", "ppv", "npv", "accuracy")


@click.command()
@click.argument("sources", type=PATH, nargs=-1, required=True)
@click.option(
    "--least-iou", type=float, help="Of a table: leave cells with a smaller iou out."
)
@click.option("--level", type=click.Choice(LEVELS), default=CLASS, show_default=True)
@click.option("--out", "written", type=PATH, help="CSV of all calls and the majority.")
@shown_options
def readers(
    shown: Shown,
    sources: tuple[Path, ...],
    least_iou: float | None,
    level: str,
    written: Path | None,
) -> None:
    """Kappa of the model against each reader, and among readers.

    SOURCES: a CSV, one row per cell, one column of calls per reader, a column named
    model for the model's own; or case files (.marrow) of one slide, whose cells are
    matched by place. --level, of case files: the model's classes, lines of the
    differential, or dysplastic or not. Grades 0 to 3 are also weighted.
    """
    report = evaluate_readers(sources, level=level, least_iou=least_iou)
    if written is not None:
        write_calls(report, written)
        say(f"Calls: {written}")
    shown.show(report, "readers", _print_agreement)


@click.command()
@click.argument("table", type=PATH)
@model_options
def grades(asked: Asked, table: Path) -> None:
    """Grades 0 to 3 of each feature, and every discrepancy of two grades or more.

    TABLE: CSV with the column path and one column per feature of the model.
    """
    reports, unreadable = evaluate_grade_table(table, asked.reader(), mpp=asked.mpp)
    if unreadable:
        say(f"{unreadable} pictures could not be read and are left out.")
    asked.shown.draw(reports)
    if asked.shown.as_json:
        print_json([with_cited(one.as_json(), "grades") for one in reports])
        return
    figures = published("grades")
    cited = [_print_feature(report, figures) for report in reports]
    warn_of_published(figures if any(cited) else ())


@click.command()
@click.argument("table", type=PATH)
@click.option("--mark", "marks", type=float, multiple=True, default=(5.0, 20.0))
@shown_options
def cases(shown: Shown, table: Path, marks: tuple[float, ...]) -> None:
    """Percentages of cases against a reference such as flow cytometry.

    TABLE: CSV with the columns case, measured and reference, in percent.
    """
    report = evaluate_case_table(table, marks=marks)
    shown.show(report, "cases", _print_cases)


def _print_agreement(report: AgreementReport, figures: tuple[Published, ...]) -> None:
    heads = ("cells", "kappa", "95 %", "linear", "quadratic", "published")
    table = Table("Readers", *heads)
    people = _people(report)
    for pair in report.pairs:
        table.add_row(
            escape(" – ".join(pair.readers)),
            str(pair.cells),
            number(pair.kappa),
            number_limits(pair.interval),
            number(pair.linear),
            number(pair.quadratic),
            _cited(of_measure(figures, "kappa", _place_of(pair.readers, people))),
        )
    out.print(table)
    within = number_limits(report.fleiss_interval)
    out.print(f"All readers together (Fleiss): {number(report.fleiss)} {within}")
    counts = sorted(report.majority.items(), key=lambda one: -one[1])
    words = ", ".join(f"{name} {count}" for name, count in counts)
    out.print(f"The majority's calls: {escape(words)}")
    if report.left_out:
        out.print(f"{report.left_out} cells left out: their boxes overlap too little.")
    _print_discrepancies(report)
    warn_of_published(figures)


def _people(report: AgreementReport) -> list[str]:
    names = dict.fromkeys(name for pair in report.pairs for name in pair.readers)
    return [name for name in names if name.lower() != MODEL]


def _place_of(pair: tuple[str, str], people: Sequence[str]) -> str:
    """Such as "model, 2nd reader": a paper's readers are known by their order alone."""
    if len(people) != len(ORDINALS):
        return ""
    ranks = [people.index(name) for name in pair if name in people]
    words = ", ".join(ORDINALS[rank] for rank in sorted(ranks))
    return f"model, {words} reader" if len(ranks) == 1 else f"{words} reader"


def _print_discrepancies(report: AgreementReport) -> None:
    apart = report.discrepancies
    out.print(f"{len(apart)} of {len(report.cells)} cells are called differently.")
    for one in apart[:LISTED]:
        calls = ", ".join(f"{name} {call}" for name, call in one.calls.items() if call)
        out.print(f"  {escape(one.cell)}: {escape(calls)}")
    if len(apart) > LISTED:
        out.print(f"  and {len(apart) - LISTED} more: all with --out or --json.")


def _cited(figure: Published | None) -> str:
    return f"{figure.value:.3f}  {figure.short}" if figure else ""


def _print_feature(report: FeatureReport, figures: tuple[Published, ...]) -> bool:
    """One feature's tables; whether a published figure stands in them."""
    heads = ("Sens", "Spec", "PPV", "NPV", "Acc", "AUC")
    title = f"{report.feature}, {report.cells} cells, percent over 95 % interval"
    table = wide_table(title, heads)
    cited = False
    for binary in (report.any_grade, report.without_grade_1):
        table.add_row(binary.name, *_values(binary))
        of = f"{report.feature} {binary.name.split()[0]}"
        row = published_row(figures, of, (*SHARES, "auc"))
        if row:
            table.add_row(*row)
            cited = True
    out.print(table)
    grid = Table("true \\ answer", "0", "1", "2", "3")
    for grade, counts in enumerate(report.confusion):
        grid.add_row(str(grade), *map(str, counts))
    out.print(grid)
    for one in report.discrepancies:
        out.print(f"  {escape(one.path)}: {one.true} graded {one.answer:.2f}")
    return cited


def _values(binary: Binary) -> list[str]:
    shares = [getattr(binary, name) for name in SHARES]
    return [
        *(value_over_limits(one.value, one.interval) for one in shares),
        value_over_limits(binary.auc, binary.auc_interval),
    ]


def _print_cases(report: CaseReport, figures: tuple[Published, ...]) -> None:
    known = of_measure(figures, "pearson", "correlation")
    out.print(
        f"{len(report.names)} cases   Pearson {number(report.pearson)} "
        f"({number_limits(report.pearson_interval)}; published {_cited(known)})   "
        f"Spearman {number(report.spearman)}"
    )
    out.print(
        f"Mean difference {report.mean_difference:+.1f} points, 95 % of differences "
        f"from {report.limits.low:.1f} to {report.limits.high:.1f}"
    )
    table = Table("At or above", "cases", "AUC", "95 %", "published")
    for mark in report.marks:
        table.add_row(
            f"{mark.percent:g} %",
            f"{mark.above} of {mark.cases}",
            number(mark.auc),
            number_limits(mark.interval),
            _cited(of_measure(figures, "auc", f"{mark.percent:g}")),
        )
    out.print(table)
    warn_of_published(figures)
