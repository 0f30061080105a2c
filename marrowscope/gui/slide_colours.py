"""In which colours each slide of the case is shown; kept in the case when at rest."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from marrowscope.gui.case_jobs import DisplayRequest, store_display
from marrowscope.gui.jobs import Job, JobRunner, Lane
from marrowscope.imaging.display_colour import AS_THE_FILE_SAYS, DisplayColour
from marrowscope.workflow.opening import OpenedCase

REST_MS = 1_500  # a slider that moves is not stored at every step


class SlideColours(QObject):
    """By slide number. `failed` carries a Failure when the case cannot keep them."""

    failed = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._case: OpenedCase | None = None
        self._colours: dict[int, DisplayColour] = {}
        self._unstored: dict[int, str] = {}  # slide: who wished it
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.store)

    def begin(self, case: OpenedCase, colours: Mapping[int, DisplayColour]) -> None:
        """Take up a case with what its file holds."""
        self._rest.stop()
        self._case, self._colours = case, dict(colours)
        self._unstored.clear()

    def of(self, slide: int | None) -> DisplayColour:
        """How that slide is shown; as the file says where nobody wished otherwise."""
        if slide is None:
            return AS_THE_FILE_SAYS
        return self._colours.get(slide, AS_THE_FILE_SAYS)

    def wish(self, slide: int, colour: DisplayColour, *, who: str) -> bool:
        """Show that slide so; False when it is shown so already."""
        if colour == self.of(slide):
            return False
        self._colours[slide] = colour
        self._unstored[slide] = who
        self._rest.start()
        return True

    @Slot()
    def store(self) -> None:
        """Keep in the case what was wished since the last time."""
        self._rest.stop()
        case, unstored = self._case, dict(self._unstored)
        self._unstored.clear()
        if case is None or case.file.read_only:
            return
        for slide, who in unstored.items():
            request = DisplayRequest(case, slide, self._colours[slide], who)
            job = Job(request, store_display)
            job.failed.connect(self.failed)
            self._runner.start(job, Lane.CASE)
