"""`marrowscope atlas`: labelled cells to compare with, built, listed and checked."""

from __future__ import annotations

from pathlib import Path

import click

from marrowscope.cli.console import print_json, progress, say
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.workflow.atlases import (
    PER_LABEL,
    Agreement,
    agreement,
    atlas_names,
    build_atlas,
    free_name,
    open_atlas,
)
from marrowscope.workflow.models import DEFAULT_MODEL, find_model


@click.group(name="atlas")
def command() -> None:
    """Atlases of labelled cells, to show beside a cell those most alike to it."""


@command.command(name="build")
@click.argument("name")
@click.argument(
    "inputs",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@click.option("--model", default=DEFAULT_MODEL, help="Whose features to compare by.")
@click.option("--mpp", default=None, type=click.FloatRange(0, min_open=True))
@click.option("--per-label", default=PER_LABEL, type=click.IntRange(1))
@click.option("--replace", is_flag=True, help="Replace an atlas of that name.")
def build(
    name: str,
    inputs: tuple[Path, ...],
    model: str,
    mpp: float | None,
    per_label: int,
    replace: bool,
) -> None:
    """Build the atlas NAME of labelled folders and confirmed cases (INPUTS).

    A folder has one sub-folder for each label. --mpp: microns per pixel of its
    pictures. --per-label: at most so many cells of a label, drawn at random.
    """
    if name in atlas_names() and not replace:
        raise MarrowScopeError(
            f"There is an atlas {name} already.",
            f"Choose another name, such as {free_name(name, atlas_names())},"
            " or give --replace.",
        )
    with progress("Cells") as bar:

        def tell(done: int, of: int) -> None:
            bar.update(bar.task_ids[0], completed=done, total=of)

        build_atlas(name, inputs, model=model, mpp=mpp, per_label=per_label, tell=tell)
    say(f"The atlas {name} is built: choose it in the window under Model.")


@command.command(name="list")
def list_() -> None:
    """The atlases at hand."""
    for name in atlas_names():
        click.echo(name)


@command.command(name="check")
@click.argument("name")
@click.option("--model", default=DEFAULT_MODEL, help="Whose features it holds.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def check(name: str, model: str, as_json: bool) -> None:
    """How often the five cells most alike bear a cell's own label."""
    found = agreement(open_atlas(name, find_model(model)))
    if as_json:
        print_json(found)
        return
    for line in _lines(found):
        click.echo(line)


def _lines(found: Agreement) -> list[str]:
    width = max(len(label) for label, _, _ in found.by_label)
    rows = [
        f"{label:<{width}}  {right:>5} of {of:<5} {100 * right / of:4.0f} %"
        for label, right, of in found.by_label
    ]
    total = f"{'All':<{width}}  {found.agreed:>5} of {found.of:<5}"
    return [*rows, f"{total} {100 * found.agreed / found.of:4.0f} %"]
