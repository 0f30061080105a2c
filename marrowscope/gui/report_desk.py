"""Has the report of the case in hand written, and says where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from marrowscope.gui.asking import ask_of_case
from marrowscope.gui.jobs import Answer, Progress
from marrowscope.gui.messages import Message
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.reporting import export_report


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Write the report of a case into a folder."""

    case: OpenedCase
    folder: Path


def reports_in(request: Path, progress: Progress) -> tuple[str, ...]:
    """Names of report files that a folder holds already."""
    names = ("report.pdf", "report.html", "cells.csv", "differential.json")
    return tuple(name for name in names if (request / name).exists())


def write_report(request: ReportRequest, progress: Progress) -> Path:
    """The folder, with report and tables in it."""
    export_report(request.case, request.folder)
    return request.folder


class ReportDesk(QObject):
    """Writes reports; every outcome is said by the session."""

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def save(self, folder: Path) -> None:
        """Write report and tables into a folder; a message follows."""
        case = self._session.opened_case
        if case is None:
            return
        self._session.keep_colours()
        request = ReportRequest(case, folder)
        ask_of_case(self._session, request, write_report, self._on_saved)

    @Slot(object)
    def _on_saved(self, answer: Answer) -> None:
        folder: Path = answer.value
        self._session.say(
            Message(f"The report is saved in {folder.name}.", place=folder)
        )
