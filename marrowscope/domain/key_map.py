"""Which key says what while cells are counted: data a reader may change and name.

A key is the character it writes without Shift, lower case. One key may stand for one
feature of each lineage: the cell's lineage tells which of them is meant.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marrowscope.domain.dysplasia_features import DysplasiaFeatures
from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.taxonomy import Taxonomy

# What these say is the same in every map: grades; Space makes a key say "dysplastic".
RESERVED = {
    "0": "grade 0",
    "1": "grade 1",
    "2": "grade 2",
    "3": "grade 3",
    " ": "Space",
}


class KeyTaken(UnusableSettings):
    """A key that says something else already."""


@dataclass(frozen=True, slots=True)
class KeyMap:
    """`classes`: taxonomy line or series by key. `features`: ids by key, each of
    another lineage."""

    name: str
    classes: Mapping[str, str]
    features: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls, data: Mapping[str, Any], taxonomy: Taxonomy, known: DysplasiaFeatures
    ) -> KeyMap:
        """Build from the content of a key map's file.

        Raises UnusableSettings for a map without name or classes, an unknown class or
        feature, and KeyTaken for a key that would say two things.
        """
        try:
            name, classes = str(data["name"]).strip(), dict(data["classes"])
            named = data.get("features", {}).items()
            features = {key: tuple(some) for key, some in named}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnusableSettings(
                f"This key map is incomplete ({error}).",
                "It needs a name and a list of classes by key.",
            ) from error
        made = cls(name, classes, features)
        made.check(taxonomy, known)
        return made

    def check(self, taxonomy: Taxonomy, known: DysplasiaFeatures) -> None:
        """Raises UnusableSettings unless every key says one thing that is known."""
        if not self.name or not self.classes:
            raise UnusableSettings(
                "A key map needs a name and at least one class.", "Give it both."
            )
        for key in (*self.classes, *self.features):
            _require_free(key)
        for key in self.classes.keys() & self.features.keys():
            raise KeyTaken(f"Key {shown(key)} stands for a class and for a feature.")
        for target in self.classes.values():
            if lines_of(target, taxonomy) is None:
                raise UnusableSettings(
                    f"The key map {self.name} names a class {target!r} that the "
                    "taxonomy does not know.",
                    "Correct it, or choose another key map.",
                )
        for key, some in self.features.items():
            _require_apart(key, some, known, self.name)

    # What a key says -------------------------------------------------------------

    def lines(self, key: str, taxonomy: Taxonomy) -> tuple[str, ...] | None:
        """The lines that a key calls a cell; None when it is no class key."""
        target = self.classes.get(key)
        return None if target is None else lines_of(target, taxonomy)

    def feature(self, key: str, lineage: str, known: DysplasiaFeatures) -> str | None:
        """The feature that a key gives a cell of this lineage; None for none."""
        for one in self.features.get(key, ()):
            if known.feature(one).lineage == lineage:
                return one
        return None

    def key_of(self, target: str) -> str:
        """The first key of a class or feature; "" when it has none."""
        for key, said in self.classes.items():
            if said == target:
                return key
        return next((k for k, some in self.features.items() if target in some), "")

    # Changing it -----------------------------------------------------------------

    def with_class(self, key: str, target: str, taxonomy: Taxonomy) -> KeyMap:
        """The map in which this key alone calls a class. Raises KeyTaken."""
        _require_free(key)
        taken = self.classes.get(key)
        if key in self.features or (taken is not None and taken != target):
            raise self._taken(key, taxonomy)
        rest = {k: said for k, said in self.classes.items() if said != target}
        return replace(self, classes={**rest, key: target})

    def with_feature(
        self, key: str, feature: str, taxonomy: Taxonomy, known: DysplasiaFeatures
    ) -> KeyMap:
        """The map in which this key alone gives a feature. Raises KeyTaken."""
        _require_free(key)
        lineage = known.feature(feature).lineage
        other = self.feature(key, lineage, known)
        if key in self.classes:
            raise self._taken(key, taxonomy)
        if other is not None and other != feature:
            raise _said_twice(key, known.name_of(other))
        rest = {
            k: tuple(one for one in some if one != feature)
            for k, some in self.features.items()
        }
        rest[key] = (*rest.get(key, ()), feature)
        return replace(self, features={k: some for k, some in rest.items() if some})

    def without(self, target: str) -> KeyMap:
        """The map in which no key says this class or feature."""
        classes = {k: said for k, said in self.classes.items() if said != target}
        rest = {
            k: tuple(one for one in some if one != target)
            for k, some in self.features.items()
        }
        features = {k: some for k, some in rest.items() if some}
        return replace(self, classes=classes, features=features)

    def _taken(self, key: str, taxonomy: Taxonomy) -> KeyTaken:
        if key in self.features:
            return _said_twice(key, "a feature")
        return _said_twice(key, name_of(self.classes[key], taxonomy))

    @property
    def text(self) -> str:
        """As a file (TOML)."""
        quoted = _quoted
        lines = [f"name = {quoted(self.name)}", "", "[classes]"]
        lines += [f"{quoted(k)} = {quoted(said)}" for k, said in self.classes.items()]
        lines += ["", "[features]"]
        for key, some in self.features.items():
            lines.append(f"{quoted(key)} = [{', '.join(quoted(one) for one in some)}]")
        return "\n".join(lines) + "\n"


def lines_of(target: str, taxonomy: Taxonomy) -> tuple[str, ...] | None:
    """The lines of a class by its id, a line's or a series'; None for neither."""
    for line in taxonomy.lines:
        if line.id == target:
            return (target,)
    for group in taxonomy.groups:
        if group.id == target:
            return taxonomy.ordered(group.lines)
    return None


def name_of(target: str, taxonomy: Taxonomy) -> str:
    """What a class is called; KeyError for one the taxonomy does not know."""
    lines = lines_of(target, taxonomy)
    if lines is None:
        raise KeyError(target)
    return taxonomy.name_of(lines)


def shown(key: str) -> str:
    """A key as it is printed on the keyboard."""
    return "Space" if key == " " else key.upper()


def _require_free(key: str) -> None:
    if key in RESERVED:
        raise KeyTaken(
            f"Key {shown(key)} always means {RESERVED[key]}.", "Choose another key."
        )
    if len(key) != 1 or not key.isprintable() or key != key.lower():
        raise UnusableSettings(
            f"{key!r} is no key of one character.", "Choose a letter or a sign."
        )


def _said_twice(key: str, what: str) -> KeyTaken:
    return KeyTaken(
        f"Key {shown(key)} already stands for {what}.",
        "Choose another key, or free this one first.",
    )


def _require_apart(
    key: str, some: Sequence[str], known: DysplasiaFeatures, name: str
) -> None:
    for one in some:
        if one not in known:
            raise UnusableSettings(
                f"The key map {name} names a feature {one!r} that nobody knows.",
                "Correct it, or choose another key map.",
            )
    lineages = [known.feature(one).lineage for one in some]
    if len(set(lineages)) < len(lineages):
        raise KeyTaken(
            f"Key {shown(key)} stands for two features of one lineage.",
            "Give each of them a key of its own.",
        )


def _quoted(text: str) -> str:
    """A TOML basic string; JSON escapes what TOML must have escaped."""
    return json.dumps(text, ensure_ascii=False)
