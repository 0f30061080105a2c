"""`marrowscope amend`: open a signed case again, for a reason."""

from __future__ import annotations

from pathlib import Path

import click

from marrowscope.cli.console import say
from marrowscope.workflow.opening import open_case
from marrowscope.workflow.sign_off import amend


@click.command(name="amend")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--reason", required=True, help="What has to change, and why.")
def command(case: Path, reason: str) -> None:
    """Open a signed CASE again. The signed version is kept and stays readable."""
    opened = open_case([case])
    try:
        state = amend(opened, reason=reason)
    finally:
        opened.close()
    say(f"Version {len(state.versions)} is being amended: sign again when done.")
