"""`marrowscope count`: draw the formal count of a case, and say how it stands."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from marrowscope.cli.console import print_json
from marrowscope.domain.count_state import CountState
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.formal_count import formal_count


@click.command(name="count")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--target", default=None, type=click.IntRange(1), help="Cells to count.")
@click.option("--seed", default=None, type=click.IntRange(0), help="Of the draw.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def command(case: Path, target: int | None, seed: int | None, as_json: bool) -> None:
    """Draw the cells of the formal count of a CASE at random, and tell its state.

    The target (500) is fixed before reading, the seed is kept in the case, and the
    smears are drawn from evenly. Drawn cells that turn out to be none are replaced.
    Erythroid and granulocytic cells are topped up to 200 each for dysplasia alone.
    """
    with CaseFile.open(case) as file:
        state = formal_count(file, target=target, seed=seed, reader=getpass.getuser())
    if as_json:
        print_json(state)
        return
    for sentence in _sentences(state):
        click.echo(sentence)


def _sentences(state: CountState) -> list[str]:
    said = [
        f"{state.target} cells, seed {state.seed}, fixed by {state.who}: "
        f"{state.counted} read, {state.to_read} to read, {state.replaced} replaced."
    ]
    if state.missing:
        said.append(
            f"{state.missing} cells are missing: read more with `analyse`, without"
            " --target, or add another smear with --add."
        )
    said += [f"  {s.name}: {s.counted} of {s.drawn} read" for s in state.smears]
    said += [
        f"  {one.lineage}: {one.called} of {one.minimum} to judge dysplasia by, "
        f"{one.on_top} drawn on top"
        for one in state.lineages
    ]
    return said
