"""The keyboard while cells are counted: letters are classes, whatever has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from marrowscope.gui.counting.counter import Counter, press
from marrowscope.gui.slide_view.tools.tool import Tool

WRITING = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)
GRADE_KEYS = "0123"
# Shift writes another sign with some keys, so it is not among these.
COMMANDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
# The view's own keys: they move, turn and enlarge the smear in either mode.
MOVING = frozenset("+-=")


class CountKeys(QObject):
    """Takes the keys of one window for a counter; commands and arrows go their way.

    A tool in hand keeps the keys it wants, and so does a field that is written in.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window: QWindow | None = None
        self._counter: Counter | None = None
        self._tool: Tool | None = None
        self._space = False

    def begin(self, window: QWidget, counter: Counter) -> None:
        """Keys of this window are the counter's from now on."""
        self.end()
        self._counter, self._window = counter, window.windowHandle()
        if self._window is not None:
            self._window.installEventFilter(self)

    def end(self) -> None:
        """Keys are the window's own again."""
        if self._window is not None:
            self._window.removeEventFilter(self)
        self._window, self._counter, self._space = None, None, False

    def mind(self, tool: Tool | None) -> None:
        """This tool is in hand: what it wants is its own."""
        self._tool = tool

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.FocusOut:
            self._space = False
        if not isinstance(event, QKeyEvent) or self._counter is None:
            return False
        if not self._is_ours(event):
            return False
        if kind is QEvent.Type.KeyPress:
            self._press(event, self._counter)
        elif kind is QEvent.Type.KeyRelease and event.key() == Qt.Key.Key_Space:
            self._space = self._space and event.isAutoRepeat()
        event.accept()
        return True

    def _is_ours(self, event: QKeyEvent) -> bool:
        if event.modifiers() & COMMANDS or QApplication.activePopupWidget():
            return False
        if isinstance(QApplication.focusWidget(), WRITING):
            return False
        key = Qt.Key(event.key())
        if self._tool is not None and key in self._tool.keys:
            return False
        return key in _OWN or (written(event) != "" and written(event) not in MOVING)

    def _press(self, event: QKeyEvent, counter: Counter) -> None:
        key, again = Qt.Key(event.key()), event.isAutoRepeat()
        if key is Qt.Key.Key_Space:
            self._space = True
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            back = key is Qt.Key.Key_Backtab or _shifted(event)
            counter.step(-1 if back else 1)
        elif again:
            pass  # a key that is held down is one cell
        elif key is Qt.Key.Key_Backspace:
            counter.take_back()
        elif key is Qt.Key.Key_Escape:
            if not counter.hide_examples():
                counter.leave()
        else:
            self._say(written(event), counter, shifted=_shifted(event))

    def _say(self, key: str, counter: Counter, *, shifted: bool) -> None:
        target = counter.key_map.classes.get(key)
        if target is not None and shifted:
            counter.show_examples(target)
        elif press(counter, key, dysplastic=self._space):
            return
        elif key in GRADE_KEYS and key:
            counter.give_grade(int(key))


_OWN = frozenset(
    (
        *(Qt.Key.Key_Space, Qt.Key.Key_Backspace, Qt.Key.Key_Escape),
        *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Enter),
    )
)


def written(event: QKeyEvent) -> str:
    """The character a key writes without Shift; "" for a key that writes none."""
    number = event.key()
    if not 0x20 < number < 0x0100_0000:
        return ""
    return chr(number).lower()


def _shifted(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
