"""Folding groups away: only a folded group's heading stands on the wall."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from marrowscope.gui.gallery.arranging import Group
from marrowscope.gui.gallery.wall import Wall


class WallFolding(QObject):
    """Cells that are folded away are selected no more: nothing is said of them unseen.

    Groups go by their numbers on the wall.
    """

    def __init__(self, wall: Wall) -> None:
        super().__init__(wall)
        self._wall, self._desk = wall, wall.desk

    def is_folded(self, number: int) -> bool:
        """True when only this group's heading stands there."""
        return not self._wall.layout_.is_open(number)

    def toggle(self, number: int) -> None:
        """Fold a group, or unfold it."""
        if self.is_folded(number):
            self.unfold(number)
        else:
            self.fold(number)

    def fold(self, number: int) -> None:
        """The keyboard stands on the heading now."""
        self._put({*self._desk.folded, self._groups[number].id}, at=number)
        if not len(self._desk.session.selection):
            self._wall.mark_heading(number)

    def unfold(self, number: int) -> None:
        """Its cells are there again."""
        self._put(self._desk.folded - {self._groups[number].id}, at=number)

    def fold_all(self) -> None:
        """A list of headings, with what each holds."""
        self._put({group.id for group in self._groups}, at=self._in_sight())

    def unfold_all(self) -> None:
        """All cells are there again."""
        self._put((), at=self._in_sight())

    def menu(self, number: int) -> QMenu:
        """What can be done with a group from its heading."""
        menu = QMenu(self._wall)
        folded = self.is_folded(number)
        menu.addAction(
            "Unfold\tCtrl+Right" if folded else "Fold\tCtrl+Left",
            lambda: self.toggle(number),
        )
        menu.addAction("Fold all\tCtrl+Shift+Left", self.fold_all)
        menu.addAction("Unfold all\tCtrl+Shift+Right", self.unfold_all)
        if not folded:
            menu.addSeparator()
            menu.addAction(
                "Select the whole group", lambda: self._wall.selection.group(number)
            )
        return menu

    @property
    def _groups(self) -> tuple[Group, ...]:
        return self._desk.wall.groups

    def _in_sight(self) -> int | None:
        return self._wall.layout_.group_at(self._wall.top)

    def _put(self, ids: Iterable[str], *, at: int | None) -> None:
        self._wall.show_folded(frozenset(ids), at=at)
        chosen = self._desk.session.selection
        kept = self._desk.without_folded(chosen)
        if len(kept) < len(chosen):
            self._wall.selection.keep(kept)
