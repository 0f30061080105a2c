"""The command palette: type a few letters, Enter does it, Escape goes back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QLabel,
    QLineEdit,
    QListView,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.command_palette.commands import (
    Command,
    cell_command,
    commands,
    offers,
)
from marrowscope.gui.command_palette.offer_model import OfferModel
from marrowscope.gui.command_palette.row_painting import ROW, ROW_SIZE, paint_offer
from marrowscope.gui.painted_rows import PaintedRows
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import LARGE, RELATED, SMALL, Appearance, font
from marrowscope.gui.window_memory import WindowMemory

WIDTH, MOST_ROWS = 600, 10
ASK = "Type a command, a slide or a cell's number"
NOTHING = "Nothing is called that. Try another word."
HINT = "↑ ↓  choose      Enter  do it      Esc  back"
SHADE = QColor(0, 0, 0, 64)
STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -MOST_ROWS,
    Qt.Key.Key_PageDown: MOST_ROWS,
}


class CommandPalette(QWidget):
    """Lies over the whole window while it is open; a click beside it closes it."""

    def __init__(
        self,
        window: QMainWindow,
        session: CaseSession,
        *,
        memory: WindowMemory,
        appearance: Appearance,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._memory = window, session, memory
        self._known: list[Command] = []
        self._before: QWidget | None = None
        self.field = QLineEdit()
        self.rows = OfferModel(self)
        self.list = QListView()
        self.nothing = QLabel(NOTHING)
        self._frame = QFrame(self)
        self._lay_out(appearance)
        self.field.textChanged.connect(self._on_typed)
        self.list.clicked.connect(self._on_clicked)
        self.field.installEventFilter(self)
        window.installEventFilter(self)
        self.hide()

    def _lay_out(self, appearance: Appearance) -> None:
        self._frame.setObjectName("palette")
        shadow = QGraphicsDropShadowEffect(self._frame)
        shadow.setBlurRadius(48)
        shadow.setOffset(0, 12)
        shadow.setColor(QColor(0, 0, 0, 110))
        self._frame.setGraphicsEffect(shadow)
        self.field.setFont(font(LARGE))
        self.field.setPlaceholderText(ASK)
        self.field.setAccessibleName("Command")
        self.list.setModel(self.rows)
        self.list.setItemDelegate(
            PaintedRows(
                paint_offer, size=ROW_SIZE, appearance=appearance, parent=self.list
            )
        )
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("Commands")
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.nothing.setObjectName("quiet")
        self.nothing.setContentsMargins(16, 12, 16, 12)
        hint = QLabel(HINT)
        hint.setObjectName("hint")
        hint.setFont(font(SMALL))
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        for part in (self.field, self.list, self.nothing, hint):
            column.addWidget(part)

    # Opening and closing ---------------------------------------------------------

    @Slot()
    def toggle(self) -> None:
        """Open, or close when it is open."""
        if self.isVisible():
            self.leave()
        else:
            self._open("")

    @Slot()
    def open_for_cell(self) -> None:
        """Open for the number of a cell."""
        self._open("cell ")

    def _open(self, typed: str) -> None:
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._known = commands(self._window.menuBar(), self._session)
        self.field.setText(typed)
        self._on_typed(typed)
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Close, and give the focus back to where it was."""
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def _place(self) -> None:
        self.setGeometry(self._window.rect())
        shown = min(max(self.rows.rowCount(), 1), MOST_ROWS)
        self.list.setFixedHeight(shown * ROW + RELATED)
        width = min(WIDTH, self.width() - 2 * RELATED)
        height = self._frame.sizeHint().height()
        left, top = (self.width() - width) // 2, max(self.height() // 8, 40)
        self._frame.setGeometry(left, top, width, height)

    def sizeHint(self) -> QSize:
        return self._window.size()

    # Choosing --------------------------------------------------------------------

    @Slot(str)
    def _on_typed(self, typed: str) -> None:
        found = offers(typed, self._known, recent=self._memory.recent_commands)
        if (cell := cell_command(self._session, typed)) is not None:
            found = [*offers("", [cell], recent=()), *found]
        self.rows.show(found)
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.list.setCurrentIndex(self.rows.index(0))
        self._place()

    def _on_clicked(self) -> None:
        self._do()

    def _do(self) -> None:
        """Do what is chosen; what cannot be done now stays where it is."""
        row = self.list.currentIndex().row()
        if not 0 <= row < len(self.rows.offers):
            return
        command = self.rows.offers[row].command
        if not command.possible:
            return
        self.leave()
        self._memory.remember_command(command.words)
        command.do()

    def _step(self, by: int) -> None:
        last = self.rows.rowCount() - 1
        row = self.list.currentIndex().row()
        around = {(0, -1): last, (last, 1): 0}
        row = around.get((row, by), min(max(row + by, 0), last))
        self.list.setCurrentIndex(self.rows.index(row))

    # Events ----------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Asked by no name of our own: when a window is let go, these go first.
        if isinstance(watched, QMainWindow):
            if event.type() is QEvent.Type.Resize and self.isVisible():
                self._place()
            return False
        return isinstance(event, QKeyEvent) and self._on_key(event)

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if key in STEPS:
            self._step(STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do()
        elif key is Qt.Key.Key_Escape:
            self.leave()
        else:
            # Tab would lead out of the palette, which is all there is now.
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), SHADE)
        painter.end()
