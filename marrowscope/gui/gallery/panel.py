"""The gallery in the window: list of headings, wall, and what they answer to."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.cell_inspector.call_menu import fill_menu
from marrowscope.gui.cell_inspector.calls import Call, menu
from marrowscope.gui.counting.count_keys import written
from marrowscope.gui.counting.counter import Counter
from marrowscope.gui.gallery.arranging import Grouping
from marrowscope.gui.gallery.bar import GalleryBar
from marrowscope.gui.gallery.calling import GalleryCalls
from marrowscope.gui.gallery.desk import GalleryDesk
from marrowscope.gui.gallery.dragging import CellDrag
from marrowscope.gui.gallery.folding import WallFolding
from marrowscope.gui.gallery.index import GroupIndex
from marrowscope.gui.gallery.keys import WallKeys
from marrowscope.gui.gallery.orders import ORDERS
from marrowscope.gui.gallery.pointing import WallPointing
from marrowscope.gui.gallery.wall import SIDES, Wall
from marrowscope.gui.review.impact import DecisionImpact
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import SMALL, STEP, Appearance, font
from marrowscope.gui.window_memory import WindowMemory

ROOM_FOR_INDEX, LEAST_HEIGHT = 560, 96  # pixels
NO_CELLS = "Cells appear here when a smear is read."
NONE_LEFT = "No cell is left to show."


class GalleryPanel(QWidget):
    """Cells of the whole case as pictures; one selection with smear and inspector.

    `bar` belongs into the dock's title. `left`: the keyboard goes back to the smear.
    """

    left = Signal()

    def __init__(
        self, session: CaseSession, appearance: Appearance, memory: WindowMemory
    ) -> None:
        super().__init__()
        self._session, self._appearance, self._memory = session, appearance, memory
        self._counter: Counter | None = None
        self._spaced = False
        self.desk = GalleryDesk(session, self)
        self.wall = Wall(self.desk, appearance)
        self.index = GroupIndex(self.desk, appearance)
        self.bar = GalleryBar(self.desk)
        self.said = QLabel()
        self.calls = GalleryCalls(self.desk, self)
        self.folding = WallFolding(self.wall)
        self.keys = WallKeys(self.wall, self.calls, self.folding)
        self.pointing = WallPointing(self.wall)
        self.drag = CellDrag(self.wall, self.index, self.pointing, self.calls)
        self.setFocusProxy(self.wall)
        self.setMinimumHeight(LEAST_HEIGHT)
        self._arrange()
        self._connect()
        self._recall()
        self._say_why_empty()

    def _arrange(self) -> None:
        self.said.setObjectName("calm")
        self.said.setFont(font(SMALL))
        self.said.setContentsMargins(12, STEP, 12, STEP)
        self.said.hide()
        row = QHBoxLayout()
        row.setContentsMargins(0, STEP, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.index)
        row.addWidget(self.wall, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.said)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        self._session.changed.connect(self._on_changed)
        self.desk.arranged.connect(self._on_arranged)
        self.desk.wished.connect(self._remember)
        self.wall.scrolled.connect(self._on_scrolled)
        self.wall.zoomed.connect(self._on_zoomed)
        self.wall.menu_wanted.connect(self._show_menu)
        self.index.chosen.connect(self._on_chosen)
        self.pointing.folded.connect(self.folding.toggle)
        self.bar.sized.connect(self._on_sized)
        self.calls.said.connect(self._say)
        self.calls.left.connect(self._on_left)
        self.pointing.jumped.connect(self.show_on_smear)

    def sort_by(self, impact: DecisionImpact) -> None:
        """What the order of decision impact comes from."""
        self.desk.take(impact)

    def call_by_keys_of(self, counter: Counter) -> None:
        """A letter calls the selected cells what it says in this counter's keys."""
        self._counter = counter

    # Intents ---------------------------------------------------------------------

    @Slot()
    def show_on_smear(self) -> None:
        """Bring the cell that is looked at into view on the smear."""
        chosen, found = self._session.selection, self.desk.origin
        self._session.select_cells(chosen, reveal=True, found=found)

    @Slot()
    def read_one_by_one(self) -> None:
        """Read the cells selected, else those of the group, one after another."""
        desk = self.desk
        places = desk.places_selected()
        if len(places) < 2:
            group = desk.group() or next(iter(desk.wall.groups), None)
            if group is None:
                return
            ids = desk.ids(range(group.first, group.first + group.count))
            title = group.name
        else:
            ids, title = desk.ids(places), f"{len(places):,} cells chosen"
        reading = self._session.reading
        reading.begin(title, ids, blind=desk.blind, origin=desk.origin)
        self._session.go_on()

    def menu_of_calls(self) -> QMenu:
        """Everything that can be said of the selected cells, and done with them."""
        calls = QMenu(self)
        fill_menu(calls, menu(self._session.taxonomy), self._appearance)
        before = calls.actions()[0]
        reading = self._session.reading.active
        for words, deed in (
            ("Confirm suggestion\tEnter", self.calls.confirm),
            ("Cannot classify\t?", self.calls.cannot_classify),
            ("Not a cell\tDel", self.calls.not_a_cell),
            ("Take call back\tBackspace", self.calls.withdraw),
            ("", None),
            ("Show on the smear\tF7", self.show_on_smear),
            ("Select the whole group\tCtrl+A", self.wall.selection.whole_group),
            ("Read these one by one", self.read_one_by_one),
            ("Read no more one by one" if reading else "", self._session.reading.end),
            ("", None),
        ):
            action = QAction(words, calls)
            action.setSeparator(deed is None)
            if deed is not None:
                action.triggered.connect(deed)
            if words or deed is None:
                calls.insertAction(before, action)
        calls.triggered.connect(self._on_called)
        return calls

    @Slot(object)
    def _show_menu(self, place: QPoint) -> None:
        heading = self.wall.heading_under(place)
        if heading is not None:
            menu = self.folding.menu(heading)
        elif len(self._session.selection):
            menu = self.menu_of_calls()
        else:
            return
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    @Slot(int)
    def _on_chosen(self, number: int) -> None:
        """A row of the list was clicked: its cells come into sight."""
        if self.folding.is_folded(number):
            self.folding.unfold(number)
        self.wall.show_group(number)

    @Slot(QAction)
    def _on_called(self, action: QAction) -> None:
        call = action.data()
        if isinstance(call, Call):
            self.calls.call(call.lines, dysplastic=call.dysplastic)

    # Events ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif event.key() == Qt.Key.Key_Space:
            self._spaced = True
        elif event.text() == "?":
            self.calls.cannot_classify()
        elif not self.keys.press(event) and not self._call_by_key(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._spaced = False

    def _call_by_key(self, event: QKeyEvent) -> bool:
        """A letter is a class, as in Count mode; with Space held it is dysplastic."""
        if self._counter is None or event.modifiers() or event.isAutoRepeat():
            return False
        taxonomy = self._session.taxonomy
        lines = self._counter.key_map.lines(written(event), taxonomy)
        if lines is not None and len(self._session.selection):
            self.calls.call(lines, dysplastic=self._spaced or None)
        return lines is not None

    def _escape(self) -> None:
        if self.pointing.dragging:
            self.pointing.give_up()
        elif len(self._session.selection):
            self.wall.selection.clear()
        else:
            self.left.emit()

    def showEvent(self, event: QShowEvent) -> None:
        self.desk.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self.desk.set_active(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.index.setVisible(event.size().width() >= ROOM_FOR_INDEX)

    # What changes ----------------------------------------------------------------

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & (Changes.CASE | Changes.CELLS | Changes.OPENING):
            self._say_why_empty()
        nobody = change & Changes.SELECTION and not len(self._session.selection)
        if change & Changes.CASE or nobody:
            self._say("")

    def _say_why_empty(self) -> None:
        table = self._session.table
        none = table is None or not len(table)
        self.wall.words = NO_CELLS if none else NONE_LEFT

    @Slot()
    def _on_arranged(self) -> None:
        self._on_scrolled()
        left_out = self.desk.wall.left_out
        told = f"{left_out:,} cells are left out by regions." if left_out else ""
        self.index.setToolTip(told)

    @Slot()
    def _on_scrolled(self) -> None:
        group = self.wall.layout_.group_at(self.wall.top)
        self.index.show_current(-1 if group is None else group)

    @Slot(str)
    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))

    @Slot()
    def _on_left(self) -> None:
        place = self.desk.current()
        if place is not None:
            self.wall.reveal(place)

    # What is remembered ----------------------------------------------------------

    @Slot(int)
    def _on_sized(self, side: int) -> None:
        self.wall.set_side(side)

    @Slot(int)
    def _on_zoomed(self, side: int) -> None:
        self.bar.show_side(side)
        self._remember()

    @Slot()
    def _remember(self) -> None:
        wished = (self.desk.grouping.value, self.desk.liked.id, str(self.wall.side))
        self._memory.gallery = wished

    def _recall(self) -> None:
        grouping, order, side = self._memory.gallery
        if grouping in set(Grouping):
            self.desk.grouping = Grouping(grouping)
        self.desk.liked = next((o for o in ORDERS if o.id == order), ORDERS[0])
        if side.isdigit() and int(side) in SIDES:
            self.wall.set_side(int(side))
        self.bar.show_side(self.wall.side)
        self.bar.refresh()
