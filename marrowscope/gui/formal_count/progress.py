"""A count that was fixed: how far it is, smear by smear, and what can be read now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from marrowscope.domain.count_state import CountState
from marrowscope.gui.case_state import RunState
from marrowscope.gui.formal_count.model import (
    DRAWING,
    UNDER_WAY,
    ListRow,
    fixed_words,
    list_rows,
    notes,
    number_words,
    smear_rows,
)
from marrowscope.gui.run_bar.track import RunTrack
from marrowscope.gui.theme import (
    BASE,
    GROUP,
    LARGE,
    RELATED,
    SMALL,
    STEP,
    Appearance,
    font,
)


class CountProgress(QWidget):
    """`wanted` carries the list to read, "" for none; `blindness`: hide the class."""

    wanted = Signal(str)
    blindness = Signal(bool)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self.target = QLabel(), QLabel()
        self.fixed, self.notes = QLabel(), QLabel()
        self.track = RunTrack(appearance)
        self.blind = QCheckBox("Hide the model’s class until a cell is called")
        self.blind.setChecked(True)
        self.smears, self.lists = QGridLayout(), QGridLayout()
        self.buttons: dict[str, QPushButton] = {}
        self._words: dict[str, QLabel] = {}
        self._names: tuple[str, ...] = ()
        self._numbers: list[QLabel] = []
        self._shown: tuple[object, ...] = ()
        self._place()
        self.blind.clicked.connect(self.blindness)

    def _place(self) -> None:
        self.number.setFont(font(LARGE, bold=True))
        self.number.setObjectName("title")
        for label in (self.target, self.fixed, self.notes):
            label.setObjectName("quiet")
            label.setFont(font(SMALL))
        self.fixed.setWordWrap(True)
        self.notes.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.number)
        head.addWidget(self.target, 1, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(RELATED)
        column.addLayout(head)
        column.addWidget(self.track)
        for grid in (self.smears, self.lists):
            grid.setHorizontalSpacing(RELATED)
            grid.setVerticalSpacing(STEP)
            grid.setColumnStretch(0, 1)
            column.addLayout(grid)
            column.addSpacing(GROUP - RELATED)
        column.addWidget(self.blind)
        column.addWidget(self.notes)
        column.addWidget(self.fixed)

    def show_state(
        self,
        state: CountState,
        *,
        reading: str,
        drawing: bool,
        run: RunState,
        target: int | None,
    ) -> None:
        """How far it is. `reading`: the list in hand, "" while none is. While `run` is
        active, what is there now says nothing of what is missing.
        """
        done, of = number_words(state)
        self.number.setText(done)
        self.target.setText(of)
        self.track.show_fraction(state.counted / state.target, running=True)
        self.fixed.setText(fixed_words(state))
        said = [DRAWING] if drawing else []
        said += [UNDER_WAY] if run.active else notes(state, run, target)
        self.notes.setText("\n".join(said))
        self.notes.setVisible(bool(self.notes.text()))
        shown = (smear_rows(state), list_rows(state), reading, drawing)
        if shown != self._shown:
            self._shown = shown
            self._show_smears(smear_rows(state))
            self._show_lists(list_rows(state), reading, drawing=drawing)

    def _show_smears(self, rows: Sequence[tuple[str, str]]) -> None:
        """New labels only for other smears: every call changes their words alone."""
        names = tuple(name for name, _ in rows)
        if names != self._names:
            self._names = names
            _clear(self.smears)
            self._numbers = [_label("", BASE) for _ in rows]
            for row, (name, number) in enumerate(
                zip(names, self._numbers, strict=True)
            ):
                self.smears.addWidget(_label(name, BASE), row, 0)
                self.smears.addWidget(number, row, 1, Qt.AlignmentFlag.AlignRight)
        for number, (_, words) in zip(self._numbers, rows, strict=True):
            number.setText(words)

    def _show_lists(
        self, rows: Sequence[ListRow], reading: str, *, drawing: bool
    ) -> None:
        if [one.which for one in rows] != list(self.buttons):
            self._make_lists(rows)
        for one in rows:
            button, here = self.buttons[one.which], one.which == reading
            self._words[one.which].setText(one.words)
            button.setText("End" if here else "Read")
            button.setProperty("list", "" if here else one.which)
            button.setEnabled(not drawing)

    def _make_lists(self, rows: Sequence[ListRow]) -> None:
        _clear(self.lists)
        self.buttons, self._words = {}, {}
        for row, one in enumerate(rows):
            words, quiet = QVBoxLayout(), _label(one.words, SMALL)
            quiet.setObjectName("quiet")
            words.setSpacing(0)
            words.addWidget(_label(one.name, BASE))
            words.addWidget(quiet)
            button = QPushButton("Read")
            button.clicked.connect(self._on_read)
            self.buttons[one.which], self._words[one.which] = button, quiet
            self.lists.addLayout(words, row, 0)
            self.lists.addWidget(button, row, 1)

    @Slot()
    def _on_read(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self.wanted.emit(sender.property("list"))


def _label(words: str, size: int) -> QLabel:
    label = QLabel(words)
    label.setFont(font(size))
    label.setMinimumWidth(20)
    return label


def _clear(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        inside, widget = item.layout(), item.widget()
        if inside is not None:
            _clear(inside)
        if widget is not None:
            widget.hide()
            widget.deleteLater()
