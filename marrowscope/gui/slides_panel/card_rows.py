"""The cards as Qt's list asks for them."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from marrowscope.gui.slides_panel.model import SlideCard

CARD_ROLE = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class CardRows(QAbstractListModel):
    """One row a slide, its card under `CARD_ROLE`."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: tuple[SlideCard, ...] = ()

    def show_cards(self, fresh: tuple[SlideCard, ...]) -> None:
        """Show these cards; of the same slides only what differs is told."""
        before, numbers = self.cards, [card.number for card in fresh]
        if numbers != [card.number for card in before]:
            self.beginResetModel()
            self.cards = fresh
            self.endResetModel()
            return
        self.cards = fresh
        for row, (old, new) in enumerate(zip(before, fresh, strict=True)):
            if old != new or old.entry.thumbnail is not new.entry.thumbnail:
                self.dataChanged.emit(self.index(row), self.index(row))

    @property
    def current(self) -> int:
        """The row of the slide shown, -1 without one."""
        return next((row for row, card in enumerate(self.cards) if card.current), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own)
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        card = self.cards[index.row()]
        if role == CARD_ROLE:
            return card
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(_words(card))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(_words(card))
        return card.name if role == Qt.ItemDataRole.DisplayRole else None


def _words(card: SlideCard) -> list[str]:
    return [word for word in (card.name, card.state, card.trust, card.unlike) if word]
