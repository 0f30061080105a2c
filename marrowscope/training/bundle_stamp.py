"""Brings a hand-written ``bundle.toml`` up to date: hashes, version, figures."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from marrowscope.training.export import sha256
from marrowscope.training.precision.tables import without_variants

# What a retrained bundle takes over from the one it is like.
KEPT = ("bundle.toml", "locator.onnx", "locator.safetensors", "familiarity.npz")


def begin(folder: Path, like: Path) -> None:
    """Make `folder` a bundle like another one where it is none yet.

    Its name is the folder's; what is retrained is written over it afterwards.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "bundle.toml"
    if path.is_file():
        return
    for name in KEPT:
        if (like / name).is_file():
            shutil.copy(like / name, folder / name)
    text = without_variants(path.read_text(encoding="utf-8"))
    own = re.sub(r'(?m)^name = ".*"$', f'name = "{folder.name}"', text, count=1)
    path.write_text(own, encoding="utf-8")


def stamp(folder: Path, *, version: str, accuracy: Mapping[str, object]) -> None:
    """Rewrite `folder`/bundle.toml in place; every other line stays as written."""
    stamp_hashes(folder)
    path = folder / "bundle.toml"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', text, count=1)
    head = text.split("\n[accuracy]")[0].rstrip()
    path.write_text(f"{head}\n\n{accuracy_table(accuracy)}", encoding="utf-8")


def stamp_hashes(folder: Path) -> None:
    """Write the hash of every file of the bundle; empty where it is not there yet."""
    path = folder / "bundle.toml"
    text = re.sub(
        r'(\[files\.\w+\]\npath = "(.+?)"\nsha256 = )"[0-9a-f]*"',
        lambda found: f'{found[1]}"{_hash(folder / found[2])}"',
        path.read_text(encoding="utf-8"),
    )
    path.write_text(text, encoding="utf-8")


def _hash(path: Path) -> str:
    return sha256(path) if path.is_file() else ""


def accuracy_table(accuracy: Mapping[str, object]) -> str:
    """`[accuracy]` in TOML: numbers rounded to four places, one level of tables."""
    plain = {k: v for k, v in accuracy.items() if not isinstance(v, Mapping)}
    lines = ["[accuracy]", *(f"{k} = {_value(v)}" for k, v in plain.items())]
    for name, table in accuracy.items():
        if isinstance(table, Mapping):
            lines += ["", f"[accuracy.{name}]"]
            lines += [f"{k} = {_value(v)}" for k, v in table.items()]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, int):
        return str(value)
    return '"' + str(value).replace('"', "'") + '"'
