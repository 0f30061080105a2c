"""`marrowscope evaluate`: how good is a model on your own labelled data."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from marrowscope.cli.console import say
from marrowscope.cli.evaluate_crops import print_crops
from marrowscope.cli.evaluate_options import PATH, Asked, model_options
from marrowscope.cli.evaluate_tables import cases, grades, readers
from marrowscope.cli.evaluate_text import (
    Row,
    cited_as,
    limits,
    out,
    percent,
    print_rows,
    share,
    value_over_limits,
    warn_of_published,
    wide_table,
)
from marrowscope.evaluation.detection import PlaceScores
from marrowscope.evaluation.masks import PARTS, MaskReport
from marrowscope.evaluation.named_cells import FoundAndNamed, NamedReport
from marrowscope.evaluation.published import Published, of_measure
from marrowscope.workflow.evaluating import (
    evaluate_crop_folders,
    evaluate_detection,
    evaluate_mask_folder,
)


@click.group(name="evaluate")
def command() -> None:
    """Set what a model answers against labelled pictures."""


for _further in (readers, grades, cases):
    command.add_command(_further)


@command.command()
@click.option("--truth", required=True, type=PATH)
@click.option("--images", required=True, type=PATH)
@click.option("--split", default="test", show_default=True, help="Of a YOLO set.")
@model_options
def detection(asked: Asked, truth: Path, images: Path, split: str) -> None:
    """How many boxed cells are found and named: AP at IoU 0.5, recall, precision.

    TRUTH is a JSON of boxed fields, the JSON beside a drawn smear, or a YOLO folder.
    """
    report = evaluate_detection(
        truth, images, asked.reader(), mpp=asked.mpp, split=split
    )
    asked.shown.show(report, "detection", _print_detection)


@command.command()
@click.argument("folder", type=PATH)
@model_options
def crops(asked: Asked, folder: Path) -> None:
    """How well crops are named: FOLDER has one sub-folder per class.

    A sub-folder is named by a class of the model, a line of the differential, or any
    word of label_words.toml.
    """
    report = evaluate_crop_folders(folder, asked.reader(), mpp=asked.mpp)
    if report.unreadable:
        say(f"{len(report.unreadable)} pictures could not be read and are left out.")
    if report.left_out:
        words = ", ".join(f"{name} ({n})" for name, n in report.left_out.items())
        say(f"Left out, no class of {asked.model}: {words}.")
    asked.shown.show(report, "crops", print_crops)


@command.command()
@click.argument("folder", type=PATH)
@model_options
def masks(asked: Asked, folder: Path) -> None:
    """How well outlines cover cell and nucleus: FOLDER has NAME.* and NAME_mask.png."""
    report = evaluate_mask_folder(folder, asked.reader(), mpp=asked.mpp)
    asked.shown.show(report, "masks", _print_masks)


def _print_detection(report: FoundAndNamed, figures: tuple[Published, ...]) -> None:
    found = report.found
    rows = [*_place_rows(found.places, figures)]
    rows += [share(f"  recall of {n}", s) for n, s in found.recall_by_class.items()]
    agreement = report.named.agreement
    if agreement is not None:
        rows.append(share("Same class, of the cells found", agreement))
    print_rows(f"{found.cells} cells in {found.images} pictures", rows)
    if found.images == 1:
        say("One picture: its intervals are over cells, and there is none of AP.")
    if report.named.level.why_not:
        say(f"Classes are not compared. {report.named.level.why_not}")
    else:
        _print_named(report.named, figures)
    shown = {"cells", *report.named.per_group}
    warn_of_published([one for one in figures if one.of in shown])


def _place_rows(scores: PlaceScores, figures: tuple[Published, ...]) -> list[Row]:
    """AP, recall, precision and F1, their intervals over pictures."""
    recall, precision = scores.recall, scores.precision
    exact = {"recall": recall.interval, "precision": precision.interval}
    within = scores.intervals or exact
    named = (
        ("average_precision", "AP at IoU 0.5", scores.average_precision),
        ("recall", f"Recall ({recall.count} of {recall.total})", recall.value),
        (
            "precision",
            f"Precision ({precision.count} of {precision.total})",
            precision.value,
        ),
        ("f1", "F1", scores.f1),
    )
    return [
        (words, value, within.get(key), of_measure(figures, key, "cells"))
        for key, words, value in named
    ]


def _print_named(named: NamedReport, figures: tuple[Published, ...]) -> None:
    title = (
        f"By class, place and name right: mean AP {percent(named.average_precision)}"
    )
    within = limits(named.interval)
    heads = ("n", "AP", "Recall", "Precision", "F1", "published AP")
    table = wide_table(f"{title} ({within})" if within else title, heads)
    for name, scores in named.per_group.items():
        values = (
            *((scores.average_precision, "average_precision"),),
            *((scores.recall.value, "recall"), (scores.precision.value, "precision")),
            *((scores.f1, "f1"),),
        )
        table.add_row(
            escape(name),
            str(scores.cells),
            *(value_over_limits(v, scores.intervals.get(key)) for v, key in values),
            cited_as(of_measure(figures, "average_precision", name)),
        )
    _say_left_out(named)
    out.print(table)


def _say_left_out(named: NamedReport) -> None:
    if named.left_out:
        words = ", ".join(f"{name} ({n})" for name, n in named.left_out.items())
        say(f"Not compared by class, the model has no word for them: {words}.")


def _print_masks(report: MaskReport, figures: tuple[Published, ...]) -> None:
    rows: list[Row] = [
        (
            f"{words} of the {part}",
            scores[part],
            report.intervals.get(f"{key} {part}"),
            of_measure(figures, key, part),
        )
        for key, words, scores in (
            ("dice", "Dice", report.dice),
            ("iou", "IoU", report.iou),
        )
        for part in PARTS
    ]
    print_rows(f"Means over {report.images} pictures", rows)
    for part in PARTS:
        worst = ", ".join(
            f"{one.name} {percent(one.dice[part])}" for one in report.worst(part)
        )
        say(f"Lowest Dice of the {part}: {worst}.")
    warn_of_published(figures)
