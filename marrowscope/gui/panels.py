"""The panels around the smear: made, laid out, and hidden all at once."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMainWindow, QMenu

from marrowscope.gui.cell_inspector.panel import CellInspector
from marrowscope.gui.differential_panel.panel import DifferentialPanel
from marrowscope.gui.docks import dock
from marrowscope.gui.legend.legend_panel import LegendPanel
from marrowscope.gui.megakaryocytes_panel.panel import MegakaryocytesPanel
from marrowscope.gui.regions_panel.panel import RegionsPanel
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slides_panel.panel import SlidesPanel
from marrowscope.gui.theme import Appearance

LEFT, RIGHT = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
)
LEFT_WIDTH, RIGHT_WIDTH = 304, 340


class Panels(QObject):
    """Docks of the window, in the order of its Panels menu."""

    def __init__(
        self, window: QMainWindow, session: CaseSession, look: Appearance
    ) -> None:
        super().__init__(window)
        self._window = window
        self.inspector = CellInspector(session, look)
        slides = dock(window, "Slides", SlidesPanel(session, look), area=LEFT)
        regions = dock(window, "Regions", RegionsPanel(session), area=LEFT)
        cell = dock(window, "Cell", self.inspector, area=LEFT)
        numbers = dock(
            window, "Differential", DifferentialPanel(session, look), area=RIGHT
        )
        legend = dock(
            window, "Legend", LegendPanel(session, look), area=RIGHT, scrolled=True
        )
        giants = dock(
            window, "Megakaryocytes", MegakaryocytesPanel(session), area=RIGHT
        )
        window.resizeDocks(
            [slides, numbers], [LEFT_WIDTH, RIGHT_WIDTH], Qt.Orientation.Horizontal
        )
        # A cell's grades and the 10 % line are both in sight at 900 pixels of height.
        window.resizeDocks(
            [slides, regions, cell], [110, 100, 590], Qt.Orientation.Vertical
        )
        window.resizeDocks(
            [numbers, legend, giants], [440, 200, 160], Qt.Orientation.Vertical
        )
        self.docks = [slides, regions, legend, numbers, cell, giants]

    def menu(self) -> QMenu:
        """A switch for each panel."""
        menu = QMenu("&Panels", self._window)
        for holder in self.docks:
            menu.addAction(holder.toggleViewAction())
        return menu

    @Slot(bool)
    def hide_all(self, hidden: bool) -> None:
        """Nothing but the smear; or every panel again."""
        for holder in self.docks:
            holder.setVisible(not hidden)
