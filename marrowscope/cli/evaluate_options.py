"""What every evaluation is asked, and how its report is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from marrowscope.cli.console import print_json, say
from marrowscope.evaluation.published import Published
from marrowscope.inference.reader import CellReader
from marrowscope.workflow.evaluating_figures import (
    Report,
    WholeReport,
    draw_figures,
    published,
    with_cited,
)
from marrowscope.workflow.models import DEFAULT_MODEL, open_reader

PATH = click.Path(path_type=Path)
Whole = TypeVar("Whole", bound=WholeReport)


@dataclass(frozen=True, slots=True)
class Shown:
    """How a report is shown: figures in a folder, JSON alone or tables."""

    plots: Path | None
    as_json: bool

    def draw(self, report: Report) -> None:
        """Draw the figures where they are wanted, and say where."""
        paths = draw_figures(report, self.plots)
        if paths:
            say(f"Figures: {paths[0].parent}")

    def show(
        self,
        report: Whole,
        name: str,
        print_it: Callable[[Whole, tuple[Published, ...]], None],
    ) -> None:
        """Figures, then JSON or tables with what was published of `name`."""
        self.draw(report)
        if self.as_json:
            print_json(with_cited(report.as_json(), name))
        else:
            print_it(report, published(name))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which model is to be evaluated, at what scale, where, and how it is shown."""

    model: str
    mpp: float | None
    device: str
    shown: Shown

    def reader(self) -> CellReader:
        """The model, loaded."""
        return open_reader(self.model, device=self.device)


def shown_options(function: Callable[..., None]) -> Callable[..., None]:
    """--plots and --json, as the argument `shown`."""

    @wraps(function)
    def gathered(*, plots: Path | None, as_json: bool, **own: object) -> None:
        function(shown=Shown(plots, as_json), **own)

    for option in (
        click.option("--plots", type=PATH, help="Folder for PNG and SVG."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON alone."),
    ):
        gathered = option(gathered)
    return gathered


def model_options(function: Callable[..., None]) -> Callable[..., None]:
    """--model, --mpp, --device, --plots and --json, as the argument `asked`."""

    @shown_options
    @wraps(function)
    def gathered(
        *, model: str, mpp: float | None, device: str, shown: Shown, **own: object
    ) -> None:
        function(asked=Asked(model, mpp, device, shown), **own)

    for option in (
        click.option("--model", default=DEFAULT_MODEL, show_default=True),
        click.option("--mpp", type=float, default=None, help="Microns per pixel."),
        click.option("--device", default="auto", show_default=True),
    ):
        gathered = option(gathered)
    return gathered
