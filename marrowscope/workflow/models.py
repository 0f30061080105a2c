"""Which models are at hand, and which one to read with."""

from __future__ import annotations

from itertools import chain

from marrowscope.domain.errors import UnusableModel
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.catalogue import BrokenBundle, available, load_reader
from marrowscope.inference.reader import CellReader
from marrowscope.workflow import places

DEFAULT_MODEL = "lee"


def list_models(name: str | None = None) -> list[Bundle | BrokenBundle]:
    """Every model folder at hand, or the one of that name; the broken ones say why."""
    return available([f for f in places.model_folders() if f.is_dir()], name)


def find_model(name: str = DEFAULT_MODEL) -> Bundle:
    """The bundle of that name. Raises UnusableModel when it is absent or broken."""
    # All files of a folder are checked: of others only where this one is not it.
    for found in chain.from_iterable(map(list_models, (name, None))):
        if found.name != name:
            continue
        if isinstance(found, BrokenBundle):
            raise found.error
        return found
    names = ", ".join(sorted(m.name for m in list_models())) or "none"
    raise UnusableModel(
        f"There is no model named “{name}” here.", f"Models at hand: {names}."
    )


def open_reader(
    name: str = DEFAULT_MODEL, *, device: str = "auto", threads: int = 0
) -> CellReader:
    """Load a model to read with; it takes seconds, so never on the window's thread.

    `device` is "auto", "cpu" or an accelerator's name; `threads` 0 leaves the choice.
    """
    return load_reader(find_model(name), device=device, threads=threads)
