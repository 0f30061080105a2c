"""What the reader wrote about the specimen of the case in hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from marrowscope.domain.typed_facts import Quality, quality, read_facts


class CaseSpecimen(QObject):
    """`words` by field; `quality`: what they allow to be said of any share."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.words: Mapping[str, str] = MappingProxyType({})
        self.quality = Quality()

    def take(self, words: Mapping[str, str]) -> None:
        """These are the words now, as the case file holds them."""
        if words != self.words:
            self.words = dict(words)
            self.quality = quality(read_facts(words))
            self.changed.emit()
