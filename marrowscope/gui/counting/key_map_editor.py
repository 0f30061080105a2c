"""A key map while it is changed: what has which key, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.key_map import KeyMap, name_of
from marrowscope.workflow import places


@dataclass(frozen=True, slots=True)
class Entry:
    """A class or feature that can have a key; `target` is its id."""

    target: str
    name: str
    feature: bool


@dataclass(frozen=True, slots=True)
class EntryGroup:
    """Entries under one heading."""

    heading: str
    entries: tuple[Entry, ...]


class KeyMapEditor(QObject):
    """`changed`: keys are others now; `refused` carries a sentence."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self, key_map: KeyMap, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.key_map = self._before = key_map
        self.taxonomy, self.features = places.load_taxonomy(), places.load_features()

    @property
    def is_changed(self) -> bool:
        return self.key_map != self._before

    def take(self, key_map: KeyMap) -> None:
        """Change this map from now on."""
        self.key_map = self._before = key_map
        self.changed.emit()

    def rename(self, name: str) -> None:
        """The same keys as a map of another name."""
        self.key_map = KeyMap(name, self.key_map.classes, self.key_map.features)
        self.changed.emit()

    def give(self, entry: Entry, key: str) -> None:
        """This key alone says this entry; refused where it says something else."""
        now = self.key_map
        try:
            if entry.feature:
                now = now.with_feature(key, entry.target, self.taxonomy, self.features)
            else:
                now = now.with_class(key, entry.target, self.taxonomy)
        except MarrowScopeError as error:
            self.refused.emit(str(error))
            return
        self.key_map = now
        self.changed.emit()

    def free(self, entry: Entry) -> None:
        """No key says this entry."""
        self.key_map = self.key_map.without(entry.target)
        self.changed.emit()

    def groups(self) -> tuple[EntryGroup, ...]:
        """Everything that can have a key."""
        lines = [Entry(line.id, line.name, False) for line in self.taxonomy.lines]
        series = [
            Entry(group.id, name_of(group.id, self.taxonomy), False)
            for group in self.taxonomy.groups
        ]
        found = [EntryGroup("Classes", tuple(lines))]
        for lineage in dict.fromkeys(f.lineage for f in self.features):
            some = (f for f in self.features if f.lineage == lineage)
            entries = tuple(Entry(f.id, f.name, True) for f in some)
            found.append(EntryGroup(f"Features, {lineage}", entries))
        return (*found, EntryGroup("Series, stage or type not given", tuple(series)))
