"""The menu of every line and series a reader may call a cell."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction, QBrush, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu

from marrowscope.gui.cell_inspector.calls import Call, CallSection
from marrowscope.gui.layer_painting import on_panel
from marrowscope.gui.theme import Appearance

ICON = 16


def fill_menu(
    menu: QMenu, sections: Sequence[CallSection], appearance: Appearance
) -> None:
    """Write the first section into the menu, the others into menus of their own.

    Each action's data is its Call; `menu.triggered` tells of all of them.
    """
    menu.clear()
    for number, section in enumerate(sections):
        if number == 1:
            menu.addSeparator()
        place = menu.addMenu(section.heading) if number else menu
        for call in section.calls:
            place.addAction(_action(place, call, appearance))


def fill_choices(menu: QMenu, calls: Sequence[Call], appearance: Appearance) -> None:
    """A short menu of these calls."""
    menu.clear()
    for call in calls:
        menu.addAction(_action(menu, call, appearance))


def _action(menu: QMenu, call: Call, appearance: Appearance) -> QAction:
    mark = appearance.cells.of(call.lineage)
    colour = on_panel(mark.colour, appearance.theme)
    action = QAction(_dot(colour), call.name, menu)
    action.setData(call)
    return action


def _dot(colour: QColor) -> QIcon:
    pixmap = QPixmap(ICON, ICON)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(QBrush(colour))
    painter.drawRoundedRect(5, 2, 6, 12, 2, 2)
    painter.end()
    return QIcon(pixmap)
