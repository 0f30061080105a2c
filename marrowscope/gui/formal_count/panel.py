"""The panel of the formal count: first where it is fixed, then how far it is."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from marrowscope.gui.formal_count.beginning import Beginning
from marrowscope.gui.formal_count.desk import FormalCountDesk
from marrowscope.gui.formal_count.progress import CountProgress
from marrowscope.gui.second_reader.silence import Silence
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import Appearance

MARGIN = 12


class FormalCountPanel(QWidget):
    """It follows its desk; the desk does what it asks."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.desk = FormalCountDesk(session, self)
        self.beginning = Beginning(session.criteria.count_target)
        self.progress = CountProgress(appearance)
        numbers = QWidget()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(numbers)
        around.addWidget(Silence(session, numbers), 1)
        column = QVBoxLayout(numbers)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(self.beginning)
        column.addWidget(self.progress)
        column.addStretch(1)
        self.beginning.wanted.connect(self._on_fix)
        self.progress.wanted.connect(self._on_read)
        self.progress.blindness.connect(self._on_blindness)
        self.desk.changed.connect(self._refresh)
        self._refresh()

    def take_keyboard(self) -> None:
        """Where a count is to be fixed, its target is chosen next."""
        if self.desk.state is None:
            self.beginning.targets.setFocus()

    @Slot()
    def _refresh(self) -> None:
        desk, state = self.desk, self.desk.state
        self.beginning.setVisible(state is None)
        self.progress.setVisible(state is not None)
        if state is None:
            self.beginning.allow(desk.possible, drawing=desk.drawing)
            return
        self.progress.show_state(
            state,
            reading=desk.in_hand,
            drawing=desk.drawing,
            run=self._session.run,
            target=self._session.target,
        )
        self.progress.blind.setChecked(desk.blind)

    @Slot(int, object)
    def _on_fix(self, target: int, seed: int | None) -> None:
        self.desk.fix(target, seed)

    @Slot(str)
    def _on_read(self, which: str) -> None:
        if which:
            self.desk.read(which)
        else:
            self.desk.end()

    @Slot(bool)
    def _on_blindness(self, blind: bool) -> None:
        self.desk.see(blind=blind)
