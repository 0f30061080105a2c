"""The key maps at hand: shipped ones, and the reader's own in the settings folder."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError, UnusableSettings
from marrowscope.domain.key_map import KeyMap
from marrowscope.workflow import places
from marrowscope.workflow.writing import written_whole

DEFAULT = "MarrowScope"


def key_maps() -> tuple[tuple[KeyMap, ...], tuple[MarrowScopeError, ...]]:
    """Every usable map, each name once, the default first; and why others are not.

    A map of the reader's own stands in the place of a shipped one of its name.
    """
    found: dict[str, KeyMap] = {}
    wrong: list[MarrowScopeError] = []
    own, shipped = places.key_map_folders()
    for folder in (shipped, own):
        for path in sorted(folder.glob("*.toml")):
            try:
                one = _read(path)
                found[one.name] = one
            except UnusableSettings as error:
                wrong.append(type(error)(f"{path.name}: {error.what}", error.advice))
    ordered = sorted(found.values(), key=lambda m: (m.name != DEFAULT, m.name))
    return tuple(ordered), tuple(wrong)


def key_map(name: str) -> KeyMap:
    """The map of that name, else the default."""
    maps, _ = key_maps()
    return next((m for m in maps if m.name == name), maps[0])


def keep_key_map(changed: KeyMap) -> Path:
    """Store a map as the reader's own; one of that name is replaced.

    Raises UnusableSettings for a map that says two things with one key, and
    MarrowScopeError where the file cannot be written.
    """
    changed.check(places.load_taxonomy(), places.load_features())
    path = _own_file(changed.name)
    text = changed.text
    written_whole(path, lambda part: part.write_text(text, encoding="utf-8"))
    return path


def drop_key_map(name: str) -> None:
    """Forget the reader's own map of that name; a shipped one of the name is back."""
    _own_file(name).unlink(missing_ok=True)


def is_own(name: str) -> bool:
    """True when the map of that name is the reader's own."""
    return _own_file(name).is_file()


def _read(path: Path) -> KeyMap:
    data = places.read_toml(path)
    return KeyMap.of(data, places.load_taxonomy(), places.load_features())


def _own_file(name: str) -> Path:
    """Named after the map, and apart from every other name."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return places.key_map_folders()[0] / f"{plain}_{digest}.toml"
