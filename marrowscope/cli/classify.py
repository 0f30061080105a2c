"""`marrowscope classify`: name ready-made pictures of single cells."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from marrowscope.cli.console import PARTLY, UNUSABLE, print_json
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.workflow.classifying import NamedPicture, classify_pictures
from marrowscope.workflow.models import DEFAULT_MODEL, open_reader


@click.command(name="classify")
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--model", default=DEFAULT_MODEL, show_default=True)
@click.option("--mpp", type=float, default=None, help="Microns per pixel of all.")
@click.option("--device", default="auto", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def command(
    images: tuple[Path, ...],
    model: str,
    mpp: float | None,
    device: str,
    as_json: bool,
) -> None:
    """Name the cell in the middle of each of the IMAGES.

    The JSON is an array in the order given, of {"path", "class", "probabilities",
    "in_range"}; a picture that cannot be read has {"path", "error"} in its place.
    """
    reader = open_reader(model, device=device)
    named = list(classify_pictures(images, reader, mpp=mpp))
    if as_json:
        print_json([entry(n, reader.vocabulary) for n in named])
    else:
        for answer in named:
            click.echo(_line(answer))
    failed = sum(n.error is not None for n in named)
    sys.exit(UNUSABLE if failed == len(named) else PARTLY if failed else 0)


def entry(named: NamedPicture, vocabulary: ModelVocabulary) -> dict[str, object]:
    """One element of the JSON array."""
    if named.answer is None:
        return {"path": str(named.path), "error": str(named.error)}
    chances = named.answer.probabilities
    return {
        "path": str(named.path),
        "class": named.answer.class_id,
        "probabilities": dict(
            zip(vocabulary.class_ids, map(float, chances), strict=True)
        ),
        "in_range": named.answer.in_range,
        "mpp": named.answer.mpp_used,
        "mpp_source": named.answer.mpp_source,
    }


def _line(named: NamedPicture) -> str:
    if named.answer is None:
        return f"{named.path}: {named.error}"
    score = float(max(named.answer.probabilities))
    mark = "" if named.answer.in_range else "  (outside the tested range)"
    return f"{named.path}: {named.answer.class_id} {score:.2f}{mark}"
