"""The gallery's title: how cells are grouped, ordered and chosen, and how large."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QWidget,
)

from marrowscope.domain.review import Origin
from marrowscope.gui.gallery.arranging import Grouping, Show
from marrowscope.gui.gallery.desk import GalleryDesk
from marrowscope.gui.gallery.wall import SIDES
from marrowscope.gui.gallery.words import PICKED_TIP
from marrowscope.gui.theme import RELATED, SMALL, STEP, font

GROUPINGS = {
    Grouping.CLASS: "By class",
    Grouping.LINEAGE: "By lineage",
    Grouping.NOTHING: "Not grouped",
}
SHOWN = {
    Show.ALL: "All cells",
    Show.NOT_CALLED: "Not yet called",
    Show.CALLED: "Called",
    Show.READ: "Being read one by one",
}
ORDER_TIP = "In which order cells stand"
ROOM_FOR_SLIDER = 700  # pixels
HIDE_TIP = "Show nowhere what the model says of a cell before it is called"


class GalleryBar(QWidget):
    """Stands in the dock's title. `sized` carries pixels of a tile."""

    sized = Signal(int)

    def __init__(self, desk: GalleryDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.grouping = _choice("How cells are grouped", GROUPINGS.items())
        self.order = _choice(ORDER_TIP, ())
        self.show_ = _choice("Which cells are shown", SHOWN.items())
        self.unseen = QToolButton()
        self.unseen.setText("Hide suggestions")
        self.unseen.setCheckable(True)
        self.unseen.setObjectName("quiet")
        self.unseen.setFont(font(SMALL))
        self.unseen.setToolTip(HIDE_TIP)
        self.size_ = QSlider(Qt.Orientation.Horizontal)
        self.size_.setObjectName("balance")
        self.size_.setRange(0, len(SIDES) - 1)
        self.size_.setFixedWidth(96)
        self.size_.setAccessibleName("Size of the pictures")
        self.size_.setToolTip("Size of the pictures (Ctrl and wheel)")
        self._arrange()
        self.grouping.activated.connect(self._on_grouping)
        self.order.activated.connect(self._on_order)
        self.show_.activated.connect(self._on_shown)
        self.unseen.toggled.connect(self._on_hidden)
        self.size_.valueChanged.connect(self._on_size)
        desk.wished.connect(self.refresh)
        desk.arranged.connect(self.refresh)
        self.refresh()

    def _arrange(self) -> None:
        title = QLabel("Gallery")
        title.setFont(font(SMALL, bold=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, STEP, RELATED, 0)
        row.setSpacing(STEP)
        row.addWidget(title)
        row.addSpacing(RELATED)
        for part in (self.grouping, self.order, self.show_, self.unseen):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.size_)

    @Slot()
    def refresh(self) -> None:
        """Show what is wished; offer what may be wished now."""
        desk = self._desk
        known = [(one.id, one.name) for one in desk.orders]
        if [self.order.itemData(i) for i in range(self.order.count())] != [
            name for name, _ in known
        ]:
            self.order.clear()
            for name, words in known:
                self.order.addItem(words, name)
        _set(self.grouping, desk.grouping)
        _set(self.order, desk.order.id)
        picks = desk.order.origin is not Origin.MET
        self.order.setToolTip(PICKED_TIP if picks else ORDER_TIP)
        _set(self.show_, desk.show)
        reading = desk.session.reading
        self.show_.setItemText(len(SHOWN) - 1, reading.title or SHOWN[Show.READ])
        item = self.show_.model().index(len(SHOWN) - 1, 0)
        enabled = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        flags = enabled if reading.active else Qt.ItemFlag.NoItemFlags
        self.show_.model().setData(item, flags, Qt.ItemDataRole.UserRole - 1)
        with QSignalBlocker(self.unseen):
            self.unseen.setChecked(desk.blind)
        self.unseen.setEnabled(not reading.reads_blind)

    def show_side(self, side: int) -> None:
        """Tiles are so large now."""
        with QSignalBlocker(self.size_):
            self.size_.setValue(
                min(range(len(SIDES)), key=lambda n: abs(SIDES[n] - side))
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.size_.setVisible(event.size().width() >= ROOM_FOR_SLIDER)

    @Slot()
    def _on_grouping(self) -> None:
        self._desk.wish(grouping=Grouping(self.grouping.currentData()))

    @Slot()
    def _on_order(self) -> None:
        chosen = self.order.currentData()
        self._desk.wish(order=next(o for o in self._desk.orders if o.id == chosen))

    @Slot()
    def _on_shown(self) -> None:
        self._desk.wish(show=Show(self.show_.currentData()))

    @Slot(bool)
    def _on_hidden(self, hidden: bool) -> None:
        self._desk.session.reading.veil(hidden)

    @Slot(int)
    def _on_size(self, step: int) -> None:
        self.sized.emit(SIDES[step])


def _choice(name: str, offered: Iterable[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setFont(font(SMALL))
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    for data, words in offered:
        box.addItem(words, data)
    return box


def _set(box: QComboBox, data: str) -> None:
    row = box.findData(data)
    if row != box.currentIndex():
        box.setCurrentIndex(row)
