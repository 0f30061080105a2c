"""`marrowscope evaluate`: how good is a model on your own labelled data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from marrowscope.cli.console import print_json, say
from marrowscope.cli.evaluate_tables import (
    cases,
    drawn,
    grades,
    plots_option,
    readers,
)
from marrowscope.domain.statistics import Interval
from marrowscope.evaluation.crops import CropReport
from marrowscope.evaluation.detection import DetectionReport
from marrowscope.evaluation.masks import MaskReport
from marrowscope.evaluation.proportion import Proportion
from marrowscope.workflow.evaluating import (
    evaluate_crop_folders,
    evaluate_detection,
    evaluate_mask_folder,
)
from marrowscope.workflow.models import DEFAULT_MODEL, open_reader

out = Console(highlight=False)


@click.group(name="evaluate")
def command() -> None:
    """Set what a model answers against labelled pictures."""


for _further in (readers, grades, cases):
    command.add_command(_further)


def _common(function: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--model", default=DEFAULT_MODEL, show_default=True),
        click.option("--mpp", type=float, default=None, help="Microns per pixel."),
        click.option("--device", default="auto", show_default=True),
        click.option("--json", "as_json", is_flag=True, help="Print JSON alone."),
    ):
        function = option(function)
    return function


@command.command()
@click.option("--truth", required=True, type=click.Path(path_type=Path))
@click.option("--images", required=True, type=click.Path(path_type=Path))
@_common
def detection(
    truth: Path,
    images: Path,
    model: str,
    mpp: float | None,
    device: str,
    as_json: bool,
) -> None:
    """How many boxed cells are found: AP at IoU 0.5, recall, precision.

    TRUTH is a JSON of boxed fields, the JSON beside a drawn smear, or a YOLO folder.
    """
    reader = open_reader(model, device=device)
    report = evaluate_detection(truth, images, reader, mpp=mpp)
    print_json(report.as_json()) if as_json else _print_detection(report)


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@plots_option
@_common
def crops(
    folder: Path,
    plots: Path | None,
    model: str,
    mpp: float | None,
    device: str,
    as_json: bool,
) -> None:
    """How well crops are named: FOLDER has one sub-folder per class."""
    reader = open_reader(model, device=device)
    report, unreadable = evaluate_crop_folders(folder, reader, mpp=mpp)
    if unreadable:
        say(f"{len(unreadable)} pictures could not be read and are left out.")
    drawn(report, plots)
    print_json(report.as_json()) if as_json else _print_crops(report)


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_common
def masks(
    folder: Path, model: str, mpp: float | None, device: str, as_json: bool
) -> None:
    """How well outlines cover cell and nucleus: FOLDER has NAME.* and NAME_mask.png."""
    reader = open_reader(model, device=device)
    report = evaluate_mask_folder(folder, reader, mpp=mpp)
    print_json(report.as_json()) if as_json else _print_masks(report)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def _interval(limits: Interval | None) -> str:
    if limits is None:
        return ""
    return f" ({_percent(limits.low)} to {_percent(limits.high)})"


def _share(share: Proportion) -> str:
    return f"{_percent(share.value)}  ({share.count} of {share.total})"


def _print_detection(report: DetectionReport) -> None:
    table = Table("%", "", title=f"{report.cells} cells in {report.images} pictures")
    table.add_row("AP at IoU 0.5", _percent(report.average_precision))
    table.add_row("Recall", _share(report.recall))
    table.add_row("Precision", _share(report.precision))
    table.add_row("F1", _percent(report.f1))
    for name, share in report.recall_by_class.items():
        table.add_row(f"  recall of {name}", _share(share))
    if report.agreement is not None:
        table.add_row("Same class", _share(report.agreement))
    out.print(table)


def _print_crops(report: CropReport) -> None:
    columns = ("n", "Sens", "Spec", "PPV", "NPV", "Acc", "F1", "AUC", "AP")
    table = Table("Class", *columns, title="Per class, in percent")
    for name, row in report.per_class.items():
        shown = row.as_json()
        table.add_row(name, *(_cell(shown, key) for key in _KEYS))
    out.print(table)
    out.print(
        f"Accuracy {_share(report.accuracy)}   macro-F1 {_percent(report.macro_f1)}"
        f"{_interval(report.macro_f1_interval)}   "
        f"calibration error {_percent(report.ece)}"
    )
    confusion = Table("true \\ read", *report.classes, title="Confusion")
    for name, counts in zip(report.classes, report.confusion, strict=True):
        confusion.add_row(name, *map(str, counts))
    out.print(confusion)


_KEYS = (
    "n",
    "sensitivity",
    "specificity",
    "ppv",
    "npv",
    "accuracy",
    "f1",
    "auc",
    "average_precision",
)


def _cell(row: dict[str, object], key: str) -> str:
    value = row.get(key)
    if isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, int):
        return str(value)
    return _percent(value if isinstance(value, float) else None)


def _print_masks(report: MaskReport) -> None:
    table = Table("%", "cell", "nucleus", title=f"{report.images} pictures")
    for name, scores in (("Dice", report.dice), ("IoU", report.iou)):
        table.add_row(name, _percent(scores["cell"]), _percent(scores["nucleus"]))
    out.print(table)
