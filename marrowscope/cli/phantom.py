"""`marrowscope phantom`: draw a smear whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from rich.progress import Progress

from marrowscope.cli.console import progress, say
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.phantom.plan import DYSPLASIA, SmearPlan
from marrowscope.phantom.slide import write_slide


@click.command(name="phantom")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--width", default=12288, show_default=True, help="Level-0 pixels.")
@click.option("--height", default=12288, show_default=True, help="Level-0 pixels.")
@click.option("--cells", default=1600, show_default=True, help="Nucleated cells.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same.")
@click.option("--mpp", default=0.25, show_default=True, help="Microns per pixel.")
@click.option("--dysplasia", default=None, help="Such as e=0.12,g=0.08,m=0.30.")
def command(
    out: Path,
    width: int,
    height: int,
    cells: int,
    seed: int,
    mpp: float,
    dysplasia: str | None,
) -> None:
    """Draw a marrow smear as OUT.tif, and its truth beside it as OUT.json."""
    plan = SmearPlan(
        width, height, cells, seed, mpp=mpp, dysplasia=parse_dysplasia(dysplasia)
    )
    with progress("Drawing the smear") as bar:
        write_slide(plan, out, progress=shown_on(bar))
    say(f"Drawn: {out}, and its truth {out.with_suffix('.json').name}.")


def shown_on(bar: Progress) -> Callable[[int, int], None]:
    """A function of (done, total) that moves the bar."""
    task = bar.tasks[0].id
    return lambda done, total: bar.update(task, completed=done, total=total)


def parse_dysplasia(text: str | None) -> dict[str, float]:
    """Shares by lineage letter from e=0.12,g=0.08,m=0.30; the usual when None.

    Raises MarrowScopeError when the text cannot be understood.
    """
    if text is None:
        return dict(DYSPLASIA)
    try:
        pairs = [part.split("=", 1) for part in text.split(",") if part.strip()]
        return {name.strip(): float(share) for name, share in pairs}
    except ValueError as error:
        raise MarrowScopeError(
            f"The dysplasia “{text}” cannot be understood.",
            "Write shares between 0 and 1, such as e=0.12,g=0.08,m=0.30.",
        ) from error
