"""Lower-precision forms of a bundle's networks, each for the devices it suits.

    [variants.classifier.int8]
    path = "classifier.int8.onnx"
    sha256 = "..."
    made_from = "..."         # SHA-256 of the fp32 network it was made from
    devices = ["cpu"]

What was measured of a variant stands beside these keys. fp32 is always there to fall
back on, so a variant that cannot be trusted is left aside, never an error.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

FULL = "fp32"


@dataclass(frozen=True, slots=True)
class Variant:
    """One network in another precision, for `devices` ("cpu", "cuda", "directml")."""

    precision: str
    path: Path
    devices: tuple[str, ...]


def checked_variants(
    folder: Path, data: Mapping[str, Any]
) -> dict[str, tuple[Variant, ...]]:
    """The usable variants of every network that `data` (bundle.toml) names files for.

    Raises KeyError, TypeError or ValueError when the table lacks what it must say.
    """
    tables = data.get("variants", {})
    return {
        role: tuple(_usable(folder, tables.get(role, {}), entry["sha256"]))
        for role, entry in data["files"].items()
    }


def _usable(folder: Path, table: Mapping[str, Any], original: str) -> Iterator[Variant]:
    for precision, entry in table.items():
        path = (folder / entry["path"]).resolve()
        doubt = _doubt(folder, path, entry, original)
        if doubt:
            log.warning("%s: %s %s; reading in fp32", folder.name, path.name, doubt)
            continue
        yield Variant(precision, path, tuple(str(d) for d in entry["devices"]))


def _doubt(
    folder: Path, path: Path, entry: Mapping[str, Any], original: str
) -> str | None:
    """Why this file is not to be used, None when it may be."""
    if not path.is_relative_to(folder.resolve()):
        return "lies outside the model's folder"
    if entry["made_from"] != original:
        return "was made from another network than the one beside it"
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "is not there"
    return None if found == entry["sha256"] else "is altered"
