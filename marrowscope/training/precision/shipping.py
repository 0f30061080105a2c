"""Puts the variants that passed into a bundle's folder and its bundle.toml."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from marrowscope.inference.bundle import FILE_NAME
from marrowscope.training.precision.deciding import DEVICES, Trial
from marrowscope.training.precision.making import Made
from marrowscope.training.precision.tables import variant_files, without_variants

LARGEST_MB = 60.0


def ship(folder: Path, trials: Sequence[Trial], whole: Sequence[Made]) -> None:
    """Replace all variants of the bundle by those of the trials that passed.

    `whole`: the fp32 networks. Raises ValueError for a file over 60 MB.
    """
    originals = {made.role: made for made in whole}
    remove_variants(folder)
    tables = []
    for trial in trials:
        if trial.against:
            continue
        for made in trial.networks:
            if made.megabytes > LARGEST_MB:
                raise ValueError(f"{made.path.name} is over {LARGEST_MB} MB")
            shutil.copyfile(made.path, folder / made.path.name)
            tables.append("\n".join(_table(made, originals[made.role], trial)))
    path = folder / FILE_NAME
    head, mark, tail = path.read_text(encoding="utf-8").partition("\n[accuracy]")
    told = "".join(f"\n{table}\n" for table in tables)
    path.write_text(f"{head.rstrip()}\n{told}{mark}{tail}", encoding="utf-8")


def remove_variants(folder: Path) -> None:
    """Leave the bundle in fp32 alone: its variants' tables and files are taken out."""
    path = folder / FILE_NAME
    text = path.read_text(encoding="utf-8")
    for name in variant_files(text):
        (folder / name).unlink(missing_ok=True)
    path.write_text(without_variants(text), encoding="utf-8")


def _table(made: Made, whole: Made, trial: Trial) -> Iterator[str]:
    devices = ", ".join(f'"{name}"' for name in DEVICES[made.precision])
    yield f"[variants.{made.role}.{made.precision}]"
    yield f'path = "{made.path.name}"'
    yield f'sha256 = "{digest(made.path)}"'
    yield f'made_from = "{digest(whole.path)}"'
    yield f"devices = [{devices}]"
    if made.precision == "int8":
        yield f"times_as_fast = {whole.ms / made.ms:.2f}   # one core of the processor"
    else:
        yield 'speed = "not timed on a GPU"'
    yield f"macro_f1_lost = {trial.loss.macro_f1:.2f}   # points at worst; under 0: won"
    yield f"ap50_lost = {trial.loss.ap50:.2f}"


def digest(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
