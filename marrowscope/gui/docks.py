"""Docks around the smear: a quiet title, a panel beneath it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QScrollArea,
    QWidget,
)

from marrowscope.gui.theme import SMALL, font


def dock(
    window: QMainWindow,
    name: str,
    panel: QWidget,
    *,
    area: Qt.DockWidgetArea,
    scrolled: bool = False,
) -> QDockWidget:
    """A dock that can be moved and closed; `name` is its title.

    `scrolled` is for panels that do not scroll by themselves.
    """
    panel.setObjectName("panelBody")
    panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    holder = QDockWidget(name, window)
    holder.setObjectName(name)
    holder.setTitleBarWidget(_title(name, holder))
    holder.setFeatures(
        QDockWidget.DockWidgetFeature.DockWidgetMovable
        | QDockWidget.DockWidgetFeature.DockWidgetClosable
        | QDockWidget.DockWidgetFeature.DockWidgetFloatable
    )
    holder.setWidget(_scrolled(panel) if scrolled else panel)
    window.addDockWidget(area, holder)
    return holder


def _title(name: str, parent: QWidget) -> QWidget:
    bar = QWidget(parent)
    bar.setObjectName("dockTitle")
    bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(bar)
    row.setContentsMargins(12, 8, 12, 4)
    label = QLabel(name)
    label.setFont(font(SMALL, bold=True))
    row.addWidget(label)
    row.addStretch(1)
    return bar


def _scrolled(panel: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setObjectName("panel")
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(panel)
    return area
