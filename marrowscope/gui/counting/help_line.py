"""One line under the keys: the help, and for a while what has just happened."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QLabel

from marrowscope.gui.counting.milestones import Milestones, stage_text
from marrowscope.gui.theme import SMALL, font

SAID_FOR_MS = 4000


class HelpLine(QLabel):
    """Quiet while it helps, strong while it says something."""

    def __init__(self, help_: str, milestones: Milestones) -> None:
        super().__init__(help_)
        self._help = help_
        self.setObjectName("quiet")
        self.setFont(font(SMALL))
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(SAID_FOR_MS)
        self._quiet.timeout.connect(self._on_quiet)
        milestones.reached.connect(self._on_stage)

    @Slot(str)
    def say(self, words: str) -> None:
        """Say something for a while, in the place of the help."""
        self._show(words, "strong")
        self._quiet.start()

    @Slot(int)
    def _on_stage(self, stage: int) -> None:
        self.say(stage_text(stage))

    @Slot()
    def _on_quiet(self) -> None:
        self._show(self._help, "quiet")

    def _show(self, words: str, manner: str) -> None:
        self.setText(words)
        self.setObjectName(manner)
        self.style().polish(self)
