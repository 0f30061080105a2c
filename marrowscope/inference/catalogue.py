"""Which model folders there are, and how each family is made ready: a dictionary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from marrowscope.domain.errors import UnusableModel
from marrowscope.inference.bundle import FILE_NAME, Bundle, load_bundle
from marrowscope.inference.families.bmsnet import load_bmsnet
from marrowscope.inference.families.lee import load_lee
from marrowscope.inference.families.mori import load_mori
from marrowscope.inference.reader import CellReader

FAMILIES: dict[str, Callable[..., CellReader]] = {
    "lee": load_lee,
    "mori": load_mori,
    "bmsnet": load_bmsnet,
}


@dataclass(frozen=True, slots=True)
class BrokenBundle:
    """A model folder that cannot be used, and why."""

    folder: Path
    error: UnusableModel

    @property
    def name(self) -> str:
        return self.folder.name


def available(
    folders: Sequence[Path], name: str | None = None
) -> list[Bundle | BrokenBundle]:
    """Every model found in these folders; of one name, the first folder's wins.

    `name`: look at the model's own folder of that name alone.
    """
    found: dict[str, Bundle | BrokenBundle] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*/{FILE_NAME}")):
            if name not in (None, path.parent.name):
                continue
            found.setdefault(path.parent.name, _load(path.parent))
    return list(found.values())


def _load(folder: Path) -> Bundle | BrokenBundle:
    try:
        return load_bundle(folder)
    except UnusableModel as error:
        return BrokenBundle(folder, error)


def load_reader(
    bundle: Bundle, *, device: str = "auto", threads: int = 0
) -> CellReader:
    """Make a model ready to read. Raises UnusableModel when that fails."""
    family = bundle.identity.family
    if family not in FAMILIES:
        raise UnusableModel(
            f"The model “{bundle.name}” is of a family “{family}” unknown here.",
            f"Families this version can read: {', '.join(FAMILIES)}.",
        )
    return FAMILIES[family](bundle, device=device, threads=threads)
