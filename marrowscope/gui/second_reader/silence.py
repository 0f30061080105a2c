"""What stands in place of a panel of numbers while a second reader reads."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import GROUP

SILENT = (
    "A second reader is reading, blind to the first reader and to the model."
    " Numbers are shown again when the reading is ended."
)


class Silence(QLabel):
    """Takes the place of a panel whose numbers would tell what others said."""

    def __init__(self, session: CaseSession, instead_of: QWidget) -> None:
        super().__init__(SILENT)
        self._session, self._panel = session, instead_of
        self.setObjectName("quiet")
        self.setWordWrap(True)
        self.setMargin(GROUP)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.hide()
        session.changed.connect(self._on_changed)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.CASE | Changes.VERDICTS):
            aside = self._session.aside
            self._panel.setVisible(not aside)
            self.setVisible(aside)
