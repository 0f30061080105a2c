"""`marrowscope definitions`: what is counted, as formulas, and how to change it."""

from __future__ import annotations

import click

from marrowscope.cli.console import say
from marrowscope.workflow import places
from marrowscope.workflow.definitions import (
    change_definitions,
    definitions_in_force,
    formulas_in_force,
    restore_definitions,
)


@click.command(name="definitions")
@click.option("--edit", is_flag=True, help="Write the laboratory's file, to be edited.")
@click.option("--restore", is_flag=True, help="Remove it: the program's own again.")
def command(edit: bool, restore: bool) -> None:
    """Print what is in the differential, the M:E ratio and the blasts, as formulas.

    A laboratory that counts otherwise edits its definitions.toml; every case is then
    counted by it, and its journal says so.
    """
    if restore:
        restore_definitions()
    if edit:
        change_definitions(definitions_in_force())
    for formula in formulas_in_force():
        click.echo(f"{formula.name}: {formula.words}")
    file = places.definitions_file()
    if file.is_file():
        say(f"As the laboratory's own file says: {file}")
    else:
        say("These are the program's own; --edit writes a file to change them.")
