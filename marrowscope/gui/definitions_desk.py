"""Changes what a laboratory counts, and has the case in hand counted so at once."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from marrowscope.domain.definitions import Definitions
from marrowscope.gui.jobs import Answer, Failure, Job, Lane, Progress
from marrowscope.gui.messages import problem
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.definitions import (
    change_definitions,
    definitions_in_force,
    record_definitions,
    restore_definitions,
)
from marrowscope.workflow.opening import OpenedCase


@dataclass(frozen=True, slots=True)
class DefinitionsRequest:
    """Count by these from now on; the journal of the case says who wished it.

    None: by the program's own.
    """

    definitions: Definitions | None
    case: OpenedCase | None
    reader: str


def put_in_force(request: DefinitionsRequest, progress: Progress) -> None:
    """Keep the definitions. Raises UnusableSettings when nothing can be counted so."""
    if request.definitions is None:
        restore_definitions()
    else:
        change_definitions(request.definitions)
    definitions_in_force()  # read here, so that the window need not
    if request.case is not None:
        record_definitions(request.case, who=request.reader)


class DefinitionsDesk(QObject):
    """Every panel follows by the session's own event."""

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    @Slot(object)
    def change(self, definitions: Definitions | None) -> None:
        """Count by these; a message says why, where that cannot be.

        None: by the program's own.
        """
        session = self._session
        request = DefinitionsRequest(definitions, session.opened_case, session.reader)
        job = Job(request, put_in_force)
        job.answered.connect(self._on_changed)
        job.failed.connect(self._on_failure)
        session.runner.start(job, Lane.CASE)

    @Slot(object)
    def _on_changed(self, answer: Answer) -> None:
        self._session.recount()

    @Slot(object)
    def _on_failure(self, failure: Failure) -> None:
        self._session.recount()  # kept perhaps, though the case cannot say so
        self._session.say(problem(failure.error, failure.details))
