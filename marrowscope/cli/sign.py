"""`marrowscope sign`: what stands in the way of signing a case, and the signature."""

from __future__ import annotations

from pathlib import Path

import click

from marrowscope.cli.console import say
from marrowscope.domain.signing import MEANINGS, Signature
from marrowscope.report.wording import date_text
from marrowscope.workflow.opening import open_case, open_stored
from marrowscope.workflow.sign_off import is_unaltered, look_before_signing, sign


@click.command(name="sign")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--name", default="", help="Yours in full. Without it nothing is signed.")
@click.option(
    "--meaning",
    type=click.IntRange(1, len(MEANINGS)),
    default=1,
    show_default=True,
    help="; ".join(f"{i}: {words}" for i, words in enumerate(MEANINGS, 1)),
)
@click.option("--history", is_flag=True, help="List the signed versions alone.")
def command(case: Path, name: str, meaning: int, history: bool) -> None:
    """Sign a CASE: it is read-only from then on, until `amend` opens it again.

    First every check that found something is listed with what to do about it; what is
    left open is printed in the signed report. `report` writes that report out.
    """
    opened = open_stored(case) if history or not name else open_case([case])
    try:
        state = opened.file.signing()
        if history:
            for one in state.versions:
                say(_told(one, kept=is_unaltered(opened.file, one)))
            return
        if state.signed is None:
            for check in look_before_signing(opened).found:
                say(f"{check.what} {check.advice}")
        if name:
            state = sign(opened, name=name, meaning=MEANINGS[meaning - 1])
            signed = state.versions[-1]
            say(f"Signed: version {signed.number}, content SHA-256 {signed.sha256}")
    finally:
        opened.close()


def _told(one: Signature, *, kept: bool) -> str:
    hash_ = "" if kept else " What is kept no longer has this hash: it was altered."
    said = (
        f"Version {one.number}: {one.name}, {date_text(one.at)}. {one.meaning}."
        f" Content SHA-256 {one.sha256}.{hash_}"
    )
    if one.amended is None:
        return said
    why = one.amended
    return f"{said} Amended by {why.who}, {date_text(why.at)}: {why.reason}"
