"""`marrowscope models`: which models are at hand, and what is known of them."""

from __future__ import annotations

import click

from marrowscope.cli.console import print_json
from marrowscope.inference.catalogue import BrokenBundle
from marrowscope.workflow.models import list_models


@click.command(name="models")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def command(as_json: bool) -> None:
    """List the models at hand: name, version, SHA-256, classes; or why one fails."""
    entries = [_entry(model) for model in list_models()]
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        click.echo(as_words(entry))


def as_words(entry: dict[str, object]) -> str:
    """A model in words: what it is called, what it names, its fingerprint."""
    if "error" in entry:
        return f"{entry['name']}: {entry['error']}"
    classes = entry["classes"]
    named = " ".join(classes) if isinstance(classes, list) else ""
    return (
        f"{entry['name']} {entry['version']} (family {entry['family']})\n"
        f"  classes  {named}\n"
        f"  SHA-256  {entry['sha256']}"
    )


def _entry(model: object) -> dict[str, object]:
    if isinstance(model, BrokenBundle):
        return {"name": model.name, "error": str(model.error)}
    identity = model.identity  # type: ignore[attr-defined]
    return {
        "name": identity.name,
        "version": identity.version,
        "family": identity.family,
        "sha256": identity.sha256,
        "classes": list(model.vocabulary.class_ids),  # type: ignore[attr-defined]
    }
