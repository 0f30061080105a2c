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
from marrowscope.gui.menu_letters import MenuLetters
from marrowscope.gui.theme import BASE, font
from marrowscope.gui.window_memory import Recent

SEPARATOR = "-"
PRIMARY = "read"
# Actions of one kind, under one entry of the menu that names them.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "turning": ("T&urn", ("turn_right", "turn_left", "upright")),
    "shown": (
        "&Show",
        (
            *("boxes", "names", "fill", "saliency", "minimap", "scale_bar", "bare"),
            *(SEPARATOR, "hide_suggestions"),
        ),
    ),
    "beside": (
        "S&ide by side",
        ("side_by_side", "synchronise", "other_side"),
    ),
    "mending": (
        "Me&nd boxes",
        ("add_cell", "split_cell", "merge_cells", "redraw_cell", "remove_cells"),
    ),
    "regions": (
        "Re&gions",
        (
            *("draw_rectangle", "draw_polygon", "draw_freehand", SEPARATOR),
            *("turn_region", "remove_region", SEPARATOR),
            *("take_regions", "give_regions"),
        ),
    ),
}
MENUS: dict[str, tuple[str, ...]] = {
    "&File": (
        *("open", "open_folder", "recent", "microscope", SEPARATOR),
        *("save", "work_on_copy", "export", SEPARATOR),
        *("take_regions", "give_regions", SEPARATOR, "quit"),
    ),
    "&Edit": (
        *("undo", "redo", SEPARATOR, "copy", SEPARATOR),
        *("clear_selection", "clear_lines"),
    ),
    "&View": (
        *("next_field", "previous_field", SEPARATOR),
        *("next_slide", "previous_slide", "photo_map", SEPARATOR),
        *("fit", "zoom_in", "zoom_out", "objectives", "turning", SEPARATOR),
        *("shown", "zones", "colours", "beside", SEPARATOR),
        *("measure", "grid", "grid_squares", "calibrate", SEPARATOR),
        *("docks", "panels", SEPARATOR, "theme", "wheel", "full_screen"),
    ),
    "&Cells": (
        *("read", "read_again", "pause", "stop", SEPARATOR),
        *("formal_count", "count_mode", "count_keys", SEPARATOR),
        *("review_queue", "unflagged", "self_check", SEPARATOR),
        *("second_reader", "adjudicate", "lost_calls", SEPARATOR),
        *("gallery", "one_by_one", "show_on_smear", SEPARATOR),
        *("next_cell", "previous_cell", "find_cell", SEPARATOR),
        *("confirm", "dysplastic", "not_dysplastic", "calling", "cannot_classify"),
        *("not_a_cell", "withdraw", "mending", SEPARATOR, "regions"),
    ),
    "&Model": ("models", SEPARATOR, "model_card", SEPARATOR, "atlas"),
    "&Report": (
        *("specimen", "criteria", "definitions", "compare", SEPARATOR),
        *("preview", "export", SEPARATOR, "sign", "amend", "versions"),
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
        MenuLetters(menu)
        _fill(menu, names, actions, submenus)


def _fill(
    menu: QMenu, names: Sequence[str], actions: Actions, submenus: dict[str, QMenu]
) -> None:
    for name in names:
        if name == SEPARATOR:
            menu.addSeparator()
        elif name in submenus:
            menu.addMenu(submenus[name])
        elif name in GROUPS:
            title, inside = GROUPS[name]
            _fill(menu.addMenu(title), inside, actions, submenus)
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
