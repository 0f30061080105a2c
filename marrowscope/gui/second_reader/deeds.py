"""What the Cells menu offers of a second reading."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog, QMainWindow

from marrowscope.gui.actions import Actions
from marrowscope.gui.messages import Message
from marrowscope.gui.second_reader.desk import SecondReaderDesk
from marrowscope.gui.second_reader.dialogs import AdjudicateDialog, BeginDialog
from marrowscope.gui.second_reader.self_check import SelfCheck
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.second_reading import Comparison

NONE_YET = Message(
    "Nobody has read this case a second time.", "Begin under Cells, Second reader."
)


class SecondReaderDeeds(QObject):
    """`dialog` is the one that was opened last."""

    def __init__(self, session: CaseSession, window: QMainWindow) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.desk = SecondReaderDesk(session, self)
        self.desk.looked.connect(self._on_looked)
        self.dialog: QDialog | None = None
        self._settling = False
        self.check = SelfCheck(session, self)

    def add_actions(self, actions: Actions) -> None:
        """Begin or go on, and settle what differs."""
        actions.add("second_reader", "Secon&d reader…", self.read)
        actions.add("self_check", "Read 25 cells blind &first", self.check.begin)
        actions.add("adjudicate", "Ad&judicate…", self.adjudicate)

    @Slot()
    def read(self) -> None:
        """Ask who reads a second time."""
        self._settling = False
        self.desk.look()

    @Slot()
    def adjudicate(self) -> None:
        """Show what the readers disagree about, one cell after another."""
        self._settling = True
        self.desk.look()

    @Slot(object)
    def _on_looked(self, known: Comparison | None) -> None:
        if self._settling:
            if known is None:
                self._session.say(NONE_YET)
                return
            self._show(AdjudicateDialog(self._session, known, self._window))
            return
        dialog = BeginDialog(known, self._window)
        dialog.begun.connect(self._on_begun)
        dialog.continued.connect(self.desk.go_on)
        self._show(dialog)

    @Slot(str, int)
    def _on_begun(self, reader: str, sample: int) -> None:
        self.desk.begin(reader, sample or None)

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.destroyed.connect(self._on_gone)
        self.dialog = dialog
        dialog.show()

    @Slot()
    def _on_gone(self) -> None:
        self.dialog = None
