"""`marrowscope specimen`: what is written about a specimen, and write more."""

from __future__ import annotations

import getpass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from marrowscope.cli.console import print_json
from marrowscope.domain.errors import UnreadableInput
from marrowscope.workflow.opening import open_case, open_stored
from marrowscope.workflow.specimen import (
    read_specimen,
    specimen_sections,
    unreadable_words,
    write_specimen,
)


class FieldText(click.ParamType):
    """KEY=VALUE of a specimen field."""

    name = "KEY=VALUE"

    def convert(self, value: object, param: object, ctx: object) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        key, sign, text = str(value).partition("=")
        known = [field.id for s in specimen_sections() for field in s.fields]
        if not sign or key not in known:
            raise UnreadableInput(
                f"“{value}” is no field of the report.",
                f"Write KEY=VALUE with one of: {', '.join(known)}.",
            )
        if problem := unreadable_words(key, text):
            what, _, advice = problem.partition(": ")
            raise UnreadableInput(f"{key}: {what}.", f"{advice.capitalize()}.")
        return key, text


@click.command(name="specimen")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("words", nargs=-1, type=FieldText())
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def command(case: Path, words: tuple[tuple[str, str], ...], as_json: bool) -> None:
    """Tell what is written about the specimen of a CASE, or write KEY=VALUE into it.

    Days are written year first (aspirated=2026-11-19) or with the month's name; an
    empty value takes a field back. A signed case is only told.
    """
    opened = open_case([case]) if words else open_stored(case)
    try:
        if words:
            write_specimen(opened, dict(words), reader=getpass.getuser())
        known = read_specimen(opened)
    finally:
        opened.close()
    if as_json:
        print_json(known)
        return
    table = Table("Key", "Field", "Written", box=None, pad_edge=False)
    for section in specimen_sections():
        for field in section.fields:
            table.add_row(field.id, field.label, known.get(field.id, ""))
    Console(highlight=False, markup=False).print(table)
