"""The tables of bundle.toml that tell of variants, as text."""

from __future__ import annotations

import re

_TABLES = re.compile(r"(?ms)^\[variants\..*?(?=^\[(?!variants\.)|\Z)")
_PATHS = re.compile(r'(?m)^path = "([^"/\\]+)"$')


def without_variants(text: str) -> str:
    """The text of a bundle.toml with its variants left out."""
    return _TABLES.sub("", text)


def variant_files(text: str) -> list[str]:
    """The names of the files that its variants name."""
    return [name for table in _TABLES.findall(text) for name in _PATHS.findall(table)]
