"""The entries of the specimen form: lines, dates, choices, room for a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDate, QPoint, Qt, Slot
from PySide6.QtGui import QIcon, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from marrowscope.domain.days import day_words, read_day
from marrowscope.gui.icons import icon
from marrowscope.gui.theme import RELATED, SMALL, STEP, Theme, font
from marrowscope.report.specimen_fields import SpecimenField
from marrowscope.workflow.specimen import unreadable_words

LONG = ("history", "conclusion", "blood_film", "cellularity")
LINES = 3
Input = QLineEdit | QPlainTextEdit | QComboBox


class Entry(QWidget):
    """One field. `input` holds the words; what cannot be read is told beneath it."""

    def __init__(self, field: SpecimenField, text: str, theme: Theme) -> None:
        super().__init__()
        self._field = field
        self.input = _input(field, text)
        self.input.setAccessibleName(field.label)
        self.problem = QLabel()
        self.problem.setObjectName("calm")
        self.problem.setFont(font(SMALL))
        self.problem.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(STEP)
        row.addWidget(self.input, 1)
        if field.day and isinstance(self.input, QLineEdit):
            row.addWidget(_CalendarButton(self.input, theme))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addLayout(row)
        column.addWidget(self.problem)
        if isinstance(self.input, QLineEdit):
            self.input.editingFinished.connect(self.check)
        self.check()

    @property
    def words(self) -> str:
        """What stands in it now."""
        if isinstance(self.input, QComboBox):
            return self.input.currentText()
        if isinstance(self.input, QLineEdit):
            return self.input.text()
        return self.input.toPlainText()

    @Slot()
    def check(self) -> None:
        """Tell beneath the field what of its words cannot be read."""
        said = unreadable_words(self._field.id, self.words.strip())
        self.problem.setText(said)
        self.problem.setVisible(bool(said))


def _input(field: SpecimenField, text: str) -> Input:
    if field.choices:
        return _Choice(field.choices, text)
    if field.offered:
        return _Choice(field.offered, text, free=True)
    if field.day:
        return _day_line(text)
    if field.id not in LONG:
        return QLineEdit(text)
    room = QPlainTextEdit(text)
    room.setTabChangesFocus(True)
    lines = room.fontMetrics().lineSpacing() * LINES
    room.setFixedHeight(lines + 2 * RELATED)
    return room


def _day_line(text: str) -> QLineEdit:
    day = read_day(text)
    line = QLineEdit(day_words(day) if day else text)
    line.setPlaceholderText("such as 2026-11-19")
    return line


class _Choice(QComboBox):
    """One of the words or nothing; words written elsewhere are kept as they are.

    `free`: anything else may be written as well.
    """

    def __init__(self, words: Sequence[str], text: str, *, free: bool = False) -> None:
        super().__init__()
        self.setEditable(free)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addItems(list(dict.fromkeys(["", *words, text])))
        self.setCurrentText(text)

    def wheelEvent(self, e: QWheelEvent) -> None:
        # A wheel that scrolls the form must not change what it passes over.
        if self.hasFocus():
            super().wheelEvent(e)
        else:
            e.ignore()


def _calendar(theme: Theme, frame: QFrame) -> QCalendarWidget:
    calendar = QCalendarWidget(frame)
    calendar.setVerticalHeaderFormat(
        QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader
    )
    # No day is an alarm: Qt writes weekends red.
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        plain = calendar.weekdayTextFormat(Qt.DayOfWeek.Monday)
        calendar.setWeekdayTextFormat(day, plain)
    # Qt draws its arrows black on every ground.
    for name, sign in (("prevmonth", "‹"), ("nextmonth", "›")):
        button = calendar.findChild(QToolButton, f"qt_calendar_{name}")
        if isinstance(button, QToolButton):
            button.setIcon(QIcon())
            button.setText(sign)
    head = calendar.headerTextFormat()
    head.setForeground(theme.quiet)
    head.setBackground(theme.panel)
    calendar.setHeaderTextFormat(head)
    return calendar


class _CalendarButton(QToolButton):
    """Opens a calendar beneath a line; the day that is clicked is written into it."""

    def __init__(self, line: QLineEdit, theme: Theme) -> None:
        super().__init__()
        self._line = line
        self.setIcon(icon("calendar", theme))
        self.setToolTip("Choose the day")
        self.setAccessibleName("Choose the day")
        self._frame = QFrame(self, Qt.WindowType.Popup)
        self._frame.setObjectName("calendar")
        self._calendar = _calendar(theme, self._frame)
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(STEP, STEP, STEP, STEP)
        column.addWidget(self._calendar)
        self.clicked.connect(self._on_click)
        self._calendar.clicked.connect(self._on_day)
        self._calendar.activated.connect(self._on_day)

    @Slot()
    def _on_click(self) -> None:
        day = read_day(self._line.text())
        if day:
            self._calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        size = self._frame.sizeHint()
        below = self.mapToGlobal(QPoint(self.width() - size.width(), self.height()))
        self._frame.move(below)
        self._frame.show()
        self._calendar.setFocus()

    @Slot(QDate)
    def _on_day(self, day: QDate) -> None:
        read = read_day(day.toString(Qt.DateFormat.ISODate))
        if read:
            self._line.setText(day_words(read))
            self._line.editingFinished.emit()
        self._frame.hide()
