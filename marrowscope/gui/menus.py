"""The menu bar and the toolbar, filled from the window's actions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QLabel,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QToolBar,
    QWidget,
)

from marrowscope.gui.actions import Actions
from marrowscope.gui.theme import BASE, font
from marrowscope.gui.window_memory import Recent

SEPARATOR = "-"
PRIMARY = "read"
MENUS: dict[str, tuple[str, ...]] = {
    "&File": (
        *(
            "open",
            "open_folder",
            "recent",
            "microscope",
            SEPARATOR,
            "export",
            SEPARATOR,
        ),
        *("take_regions", "give_regions", SEPARATOR, "quit"),
    ),
    "&Edit": (
        *("undo", "redo", SEPARATOR, "copy", SEPARATOR),
        *("clear_selection", "clear_lines"),
    ),
    "&View": (
        *("fit", "zoom_in", "zoom_out", "objectives", SEPARATOR),
        *("turn_right", "turn_left", "upright", SEPARATOR),
        *("side_by_side", "synchronise", "other_side", "photo_map", SEPARATOR),
        *("boxes", "names", "fill", "saliency", "minimap", "scale_bar", "bare"),
        *("zones", "colours", SEPARATOR, "measure", "grid", "grid_squares", SEPARATOR),
        *("docks", "panels", SEPARATOR, "theme", "wheel", "full_screen"),
    ),
    "&Cells": (
        *("read", "read_again", "pause", "stop", SEPARATOR),
        *("self_check", "second_reader", "adjudicate", SEPARATOR),
        *("confirm", "not_a_cell", "withdraw", SEPARATOR),
        *("add_cell", "split_cell", "merge_cells", "redraw_cell", "remove_cells"),
        *("lost_calls", SEPARATOR),
        *("gallery", "one_by_one", "show_on_smear", SEPARATOR),
        *("formal_count", "count_mode", "count_keys", SEPARATOR),
        *("next_cell", "previous_cell", "find_cell", SEPARATOR),
        *("review_queue", "unflagged", SEPARATOR),
        *("draw_rectangle", "draw_polygon", "draw_freehand", "remove_region"),
        SEPARATOR,
        *("next_slide", "previous_slide", SEPARATOR, "calibrate"),
    ),
    "&Model": ("models", SEPARATOR, "model_card", SEPARATOR, "atlas"),
    "&Report": (
        *(
            "specimen",
            "criteria",
            "definitions",
            SEPARATOR,
            "preview",
            "export",
            SEPARATOR,
        ),
        *("compare", SEPARATOR, "sign", "amend", "versions"),
    ),
    "&Help": ("palette", "keys", SEPARATOR, "log_folder", SEPARATOR, "about"),
}
TOOLS = ("open", SEPARATOR, "read", "pause", "stop", SEPARATOR, "export")


def fill_menus(
    window: QMainWindow, actions: Actions, submenus: dict[str, QMenu]
) -> None:
    """Every menu; a name of `submenus` stands for that menu."""
    bar = window.menuBar()
    for title, names in MENUS.items():
        menu = bar.addMenu(title)
        for name in names:
            if name == SEPARATOR:
                menu.addSeparator()
            elif name in submenus:
                menu.addMenu(submenus[name])
            else:
                menu.addAction(actions[name])


class Tools(QToolBar):
    """The few things done all the time, and what is open."""

    def __init__(self, window: QMainWindow, actions: Actions, target: QWidget) -> None:
        super().__init__("Tools", window)
        self.setObjectName("Tools")
        self.setMovable(False)
        self.setIconSize(QSize(20, 20))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for name in TOOLS:
            if name == SEPARATOR:
                self.addSeparator()
                continue
            self.addAction(actions[name])
            button = self.widgetForAction(actions[name])
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.last = button
            if name == PRIMARY:
                button.setObjectName("primary")
                self.addWidget(target)
        self.addWidget(_spring())
        self.title = QLabel()
        self.title.setObjectName("title")
        self.title.setFont(font(BASE, bold=True))
        self.place = QLabel()
        self.place.setObjectName("quiet")
        self.addWidget(self.title)
        self.addWidget(self.place)
        self.setContentsMargins(0, 0, 8, 0)
        window.addToolBar(self)

    def show_case(self, name: str, place: str) -> None:
        """What is open, and which slide of it is shown."""
        self.title.setText(name)
        self.place.setText(f"  ·  {place}" if place else "")


def _spring() -> QWidget:
    spring = QWidget()
    spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return spring


class RecentMenu(QMenu):
    """What was open lately. `chosen` carries a path."""

    chosen = Signal(object)
    cleared = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Open &recent", parent)
        self.triggered.connect(self._on_triggered)

    def show_recent(self, recent: Sequence[Recent]) -> None:
        self.clear()
        for known in recent:
            action = self.addAction(known.name)
            action.setToolTip(str(known.path))
            action.setData(known.path)
        if recent:
            self.addSeparator()
            self.addAction("Clear list")
        self.setEnabled(bool(recent))

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        path = action.data()
        if isinstance(path, Path):
            self.chosen.emit(path)
        else:
            self.cleared.emit()
