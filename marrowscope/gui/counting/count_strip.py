"""The counter under the smear: what is counted, how far, every key with its number."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.counting.counter import press
from marrowscope.gui.counting.help_line import HelpLine
from marrowscope.gui.counting.key_caps import class_caps, feature_caps
from marrowscope.gui.counting.keyboard_rows import keyboard, used_rows
from marrowscope.gui.counting.keyboard_view import KeyboardView
from marrowscope.gui.counting.smear_counter import SmearCounter
from marrowscope.gui.counting.switches import (
    judging_switch,
    quiet_button,
    sound_switch,
    switch,
)
from marrowscope.gui.theme import BASE, RELATED, STEP, Appearance, font
from marrowscope.workflow import places

KEY_HEIGHT = 48
HELP = (
    "Space + key, right click: dysplastic  ·  0 to 3: grade  ·  Backspace: undo"
    "  ·  Shift + key: examples  ·  Tab: next  ·  Esc: end"
)


class CountStrip(QFrame):
    """Seen in Count mode only. `keys_wanted`: the reader wants other keys."""

    keys_wanted = Signal()

    def __init__(
        self,
        counter: SmearCounter,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("countStrip")
        self._counter = counter
        self.title, self.number = QLabel(), QLabel()
        self.word = HelpLine(HELP, counter.milestones)
        self.keys = KeyboardView(appearance, height=KEY_HEIGHT)
        self._place()
        self._connect()

    def _place(self) -> None:
        self.title.setFont(font(BASE, bold=True))
        self.number.setFont(font(BASE))
        self.word.setMinimumWidth(40)
        head = QHBoxLayout()
        head.setSpacing(RELATED)
        head.addWidget(self.title)
        head.addWidget(self.number)
        head.addStretch(1)
        self.advance = switch("Go on", "The next cell comes after a call")
        self.judging, self.sound = judging_switch(), sound_switch()
        self.edit = quiet_button("Keys…")
        for button in (self.advance, self.judging, self.sound, self.edit):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(RELATED, STEP, RELATED, STEP)
        column.setSpacing(STEP)
        column.addLayout(head)
        column.addWidget(self.keys)
        column.addWidget(self.word)

    def _connect(self) -> None:
        counter = self._counter
        counter.changed.connect(self._refresh)
        counter.said.connect(self.word.say)
        self.keys.pressed.connect(self._on_key)
        self.keys.pressed_dysplastic.connect(self._on_dysplastic_key)
        self.advance.toggled.connect(self._on_switched)
        self.judging.toggled.connect(self._on_switched)
        self.sound.toggled.connect(self._on_switched)
        self.edit.clicked.connect(self.keys_wanted)

    @Slot()
    def _on_switched(self) -> None:
        self._counter.going_on = self.advance.isChecked()
        self._counter.judging = self.judging.isChecked()
        self._counter.milestones.sounding = self.sound.isChecked()

    @Slot(str)
    def _on_key(self, key: str) -> None:
        """A key of the picture that is clicked says what the real one says."""
        press(self._counter, key)

    @Slot(str)
    def _on_dysplastic_key(self, key: str) -> None:
        press(self._counter, key, dysplastic=True)

    @Slot()
    def _refresh(self) -> None:
        if not self.isVisible():
            return
        counter, count = self._counter, self._counter.count
        self.title.setText(counter.title)
        target = f" of {counter.target:,}" if counter.target else ""
        waiting = counter.marks
        graded = "" if waiting.grade is None else f" · grade {waiting.grade}"
        self.number.setText(f"{count.total:,}{target} cells{graded}")
        marks = places.load_criteria().blast_marks
        taxonomy = places.load_taxonomy()
        caps = class_caps(counter.key_map, taxonomy, count, blast_marks=marks)
        caps |= feature_caps(
            counter.key_map, counter.features, lineage=counter.lineage, marks=waiting
        )
        self.keys.light(counter.key_map.key_of(counter.last))
        self.keys.show_keys(used_rows(caps, keyboard()), caps)

    def showEvent(self, event: object) -> None:
        self._refresh()
