"""A case that is only looked at: what is said of it, and the copy that is worked on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow

from marrowscope.gui.actions import Actions
from marrowscope.gui.asking import ask_of_case
from marrowscope.gui.jobs import Answer, Progress
from marrowscope.gui.messages import Message
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.opening import CASE_SUFFIX, OpenedCase
from marrowscope.workflow.protected_cases import copy_to_work_on

COPYING = Message("The copy is being written…")
FILTER = f"Cases (*{CASE_SUFFIX})"


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """Copy a case as it is shown to `path`, at the wish of `reader`."""

    case: OpenedCase
    path: Path
    reader: str


def copy_case(request: CopyRequest, progress: Progress) -> Path:
    """Where the copy lies."""
    return copy_to_work_on(request.case, request.path, who=request.reader)


class ProtectedCaseDeeds(QObject):
    """Asks where the copy shall lie, has it written, and opens it."""

    def __init__(self, session: CaseSession, window: QMainWindow) -> None:
        super().__init__(window)
        self._session, self._window = session, window

    def add_actions(self, actions: Actions) -> None:
        """What menus and keys offer of this."""
        actions.add("work_on_copy", "Make a cop&y to work on…", self.ask)

    @Slot()
    def ask(self) -> None:
        """Ask where the copy shall lie: no other file is replaced by it."""
        case = self._session.opened_case
        if case is None or not self._session.protected:
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            "Make a copy to work on",
            str(_own_folder() / case.file.path.name),
            FILTER,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if name:
            self.copy(Path(name))

    def copy(self, path: Path) -> None:
        """Write the copy there and open it."""
        case = self._session.opened_case
        if case is not None:
            self._session.say(COPYING)
            request = CopyRequest(case, path, self._session.reader)
            ask_of_case(self._session, request, copy_case, self._on_copied)

    @Slot(object)
    def _on_copied(self, answer: Answer) -> None:
        if answer.request.case is self._session.opened_case:
            self._session.open_paths([answer.value])


def _own_folder() -> Path:
    """Where the user's own files lie, as the system says."""
    where = QStandardPaths.StandardLocation.DocumentsLocation
    found = Path(QStandardPaths.writableLocation(where))
    return found if found.is_dir() else Path.home()
