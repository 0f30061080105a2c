"""The panels around the smear: made, laid out, and hidden all at once."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu

from marrowscope.gui.actions import Actions
from marrowscope.gui.cell_inspector.panel import CellInspector
from marrowscope.gui.counting.counter import Counter
from marrowscope.gui.counting.mode import CountMode
from marrowscope.gui.differential_panel.panel import DifferentialPanel
from marrowscope.gui.docks import dock
from marrowscope.gui.formal_count.panel import FormalCountPanel
from marrowscope.gui.gallery.panel import GalleryPanel
from marrowscope.gui.legend.legend_panel import LegendPanel
from marrowscope.gui.megakaryocytes_panel.panel import MegakaryocytesPanel
from marrowscope.gui.regions_panel.panel import RegionsPanel
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.slides_panel.panel import SlidesPanel
from marrowscope.gui.theme import Appearance
from marrowscope.gui.window_memory import WindowMemory

LEFT, RIGHT, BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
LEFT_WIDTH, RIGHT_WIDTH = 304, 340
WALL_HEIGHT, LEAST_WALL = 270, 180
HEIGHTS = (110, 100, 590), (440, 180, 180)  # of either column, from the top


class Panels(QObject):
    """Docks of the window, in the order of its Panels menu."""

    def __init__(
        self,
        window: QMainWindow,
        session: CaseSession,
        look: Appearance,
        memory: WindowMemory,
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
        self.formal_count = FormalCountPanel(session, look)
        self._count = count = self._add_count(window, numbers)
        legend = dock(
            window, "Legend", LegendPanel(session, look), area=RIGHT, scrolled=True
        )
        giants = dock(
            window, "Megakaryocytes", MegakaryocytesPanel(session), area=RIGHT
        )
        window.resizeDocks(
            [slides, numbers], [LEFT_WIDTH, RIGHT_WIDTH], Qt.Orientation.Horizontal
        )
        self._columns = ((slides, regions, cell), (numbers, legend, giants))
        self._share_height()
        self.gallery = GalleryPanel(session, look, memory)
        self._wall = self._add_wall(window)
        self.docks = [slides, regions, legend, numbers, count, cell, giants, self._wall]
        self._layout = QByteArray()  # as it was before all panels were hidden
        self._first = window.saveState()

    @Slot()
    def _share_height(self) -> None:
        """A cell's grades and the 10 % line come first in a low window too."""
        for docks, heights in zip(self._columns, HEIGHTS, strict=True):
            self._window.resizeDocks(docks, heights, Qt.Orientation.Vertical)

    def _add_count(self, window: QMainWindow, numbers: QDockWidget) -> QDockWidget:
        """In the place of the differential, each behind the other's tab."""
        name, panel = "Formal count", self.formal_count
        count = dock(window, name, panel, area=RIGHT, scrolled=True)
        window.tabifyDockWidget(numbers, count)
        numbers.raise_()
        return count

    def _add_wall(self, window: QMainWindow) -> QDockWidget:
        """Under the smear, between the columns of panels; hidden until asked for."""
        wall = dock(window, "Gallery", self.gallery, area=BOTTOM)
        wall.setTitleBarWidget(self.gallery.bar)
        wall.hide()
        window.setCorner(Qt.Corner.BottomLeftCorner, LEFT)
        window.setCorner(Qt.Corner.BottomRightCorner, RIGHT)
        return wall

    def offer_count(self, actions: Actions, mode: CountMode) -> None:
        """The formal count's action; its cells are read in Count mode."""
        show, desk = self.show_formal_count, self.formal_count.desk
        actions.add("formal_count", "Formal c&ount", show, key="Shift+F2")
        desk.reading.connect(mode.switch)
        mode.strip.advance.toggled.connect(desk.let_go_on)

    @Slot()
    def show_formal_count(self) -> None:
        """Its panel comes to the front; a count that was begun is gone on with."""
        self._count.show()
        self._count.raise_()
        self.formal_count.take_keyboard()
        self.formal_count.desk.read()

    def menu(self) -> QMenu:
        """A switch for each panel."""
        menu = QMenu("&Panels", self._window)
        for holder in self.docks:
            menu.addAction(holder.toggleViewAction())
        menu.addSeparator()
        menu.addAction("&All panels as at first", self.lay_out_as_first)
        return menu

    @Slot(bool)
    def hide_all(self, hidden: bool) -> None:
        """Nothing but the smear; or again every panel there was, as large as it was."""
        if hidden:
            self._layout = self._window.saveState()
            for holder in self.docks:
                holder.hide()
            return
        # Docks that are shown one by one share their room anew, and not as it was.
        since = [one for one in self.docks if not one.isHidden()]
        self._window.restoreState(self._layout)
        for holder in since:
            holder.show()

    @Slot()
    def lay_out_as_first(self) -> None:
        """Every panel where it was and as large as when the program came."""
        self._window.restoreState(self._first)
        QTimer.singleShot(0, self._share_height)  # when the window has its own height

    def offer(self, actions: Actions) -> None:
        """What can be done with the panels by menu and keyboard."""
        add, looked = actions.add, "Where the model &looked"
        add("docks", "&Hide all panels", self.hide_all, key="Tab", checked=False)
        add("saliency", looked, self.inspector.toggle_saliency, key="K")
        cell = self.inspector
        add("dysplastic", "&Dysplastic", cell.call_dysplastic, key="Y")
        add(
            "not_dysplastic", "N&ot dysplastic", cell.call_not_dysplastic, key="Shift+Y"
        )
        add("cannot_classify", "Cannot class&ify", cell.call_unidentifiable, key="?")

    def offer_gallery(
        self, actions: Actions, counter: Counter, pair: SlidePair
    ) -> None:
        """The same of the gallery; letters say in it what they say to the counter."""
        wall, add = self.gallery, actions.add
        add("gallery", "&Gallery", self.toggle_gallery, key="Ctrl+G")
        add("show_on_smear", "Show on the s&mear", wall.show_on_smear, key="F7")
        add("one_by_one", "Read &one by one", wall.read_one_by_one)
        veil = wall.desk.session.reading.veil
        hide = add("hide_suggestions", "Hide su&ggestions", veil, checked=False)
        wall.bar.unseen.toggled.connect(hide.setChecked)
        wall.call_by_keys_of(counter)
        wall.left.connect(pair.take_keyboard)

    @Slot()
    def toggle_gallery(self) -> None:
        """Bring the gallery and the keyboard to it; from within it, put it away."""
        away = self.gallery.isVisible() and self.gallery.wall.hasFocus()
        self._wall.setVisible(not away)
        if away:
            self.gallery.left.emit()
            return
        self._wall.raise_()
        self.gallery.wall.setFocus()
        if self._wall.height() < LEAST_WALL:
            # A dock that was never shown has no height of its own.
            down = Qt.Orientation.Vertical
            self._window.resizeDocks([self._wall], [WALL_HEIGHT], down)
