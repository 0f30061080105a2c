"""The keyboard as it says and counts, painted; keys can be clicked too."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from marrowscope.gui.counting.key_caps import KeyCap
from marrowscope.gui.counting.key_painting import paint_key
from marrowscope.gui.counting.keyboard_rows import GAP, Rows, key_places
from marrowscope.gui.theme import Appearance

LEAST_KEY, MOST_KEY = 46, 110


class KeyboardView(QWidget):
    """`pressed` carries a key that was clicked, `pressed_dysplastic` a right click."""

    pressed = Signal(str)
    pressed_dysplastic = Signal(str)

    def __init__(
        self, appearance: Appearance, *, height: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance, self._height = appearance, height
        self._rows: Rows = ((), (), ())
        self._caps: Mapping[str, KeyCap] = {}
        self.lit = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Keys of the count")
        appearance.changed.connect(self.update)

    def show_keys(self, rows: Rows, caps: Mapping[str, KeyCap]) -> None:
        """Paint these keys, each where its row has it."""
        before, self._caps = self._caps, caps
        if rows != self._rows:
            self._rows = rows
            self.updateGeometry()
            self.update()
            return
        self._renew({k for k, cap in caps.items() if before.get(k) != cap})

    def light(self, key: str) -> None:
        """This key stands out; "" for none."""
        before, self.lit = self.lit, key
        if key != before:
            self._renew({key, before})

    def _renew(self, keys: set[str]) -> None:
        """Paint these again, and no other."""
        for key, rect in self.places().items() if keys else ():
            if key in keys:
                self.update(rect.toAlignedRect())

    def sizeHint(self) -> QSize:
        high = len(self._rows) * (self._height + GAP) - GAP
        return QSize(self._columns * LEAST_KEY, int(high))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @property
    def _columns(self) -> int:
        return max(len(row) for row in self._rows) + 1

    def places(self) -> dict[str, QRectF]:
        """Where every key is painted; no wider than keys should be."""
        width = min(self.width(), self._columns * MOST_KEY)
        left = (self.width() - width) / 2
        found = key_places(self._rows, width, self._height)
        return {key: rect.translated(left, 0) for key, rect in found.items()}

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for key, rect in self.places().items():
            if not event.region().intersects(rect.toAlignedRect()):
                continue
            cap = self._caps.get(key, KeyCap(key))
            paint_key(painter, rect, cap, self._appearance, lit=key == self.lit)
        painter.end()

    def _at(self, point: QPointF) -> str:
        places = self.places().items()
        return next((key for key, rect in places if rect.contains(point)), "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        key = self._at(event.position())
        if key and event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit(key)
        elif key and event.button() is Qt.MouseButton.RightButton:
            self.pressed_dysplastic.emit(key)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            cap = self._caps.get(self._at(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), cap.hint if cap else "", self)
            return True
        return super().event(event)
