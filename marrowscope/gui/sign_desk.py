"""Has the case checked, signed, amended, and its versions laid out to be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTemporaryDir, Signal, Slot

from marrowscope.domain.definitions import Formula
from marrowscope.domain.signing import SigningState
from marrowscope.gui.asking import ask_of_case
from marrowscope.gui.jobs import Answer, Progress
from marrowscope.gui.messages import Message
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.reporting import PDF, report_content, write_content
from marrowscope.workflow.sign_off import (
    BeforeSigning,
    amend,
    formulas_signed,
    look_before_signing,
    save_version,
    sign,
)

SIGNING = Message("The report is being written and signed…")
SIGNED = Message("The report is signed. The case can be read, and not changed.")
AMENDING = Message(
    "The case can be changed again; the signed version is kept.",
    "Sign again when you are done.",
)


@dataclass(frozen=True, slots=True)
class SignRequest:
    """Sign a case with this name and meaning."""

    case: OpenedCase
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class AmendRequest:
    """Open a signed case again."""

    case: OpenedCase
    reason: str


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A report to look at: as it stands, or the signed version of that number."""

    case: OpenedCase
    version: int | None
    folder: Path


def look(request: OpenedCase, progress: Progress) -> BeforeSigning:
    """What the checks find."""
    return look_before_signing(request)


Signed = tuple[SigningState, tuple[Formula, ...]]  # versions, and counted by what


def sign_case(request: SignRequest, progress: Progress) -> Signed:
    """Sign; the versions the case has then."""
    state = sign(request.case, name=request.name, meaning=request.meaning)
    return state, formulas_signed(request.case.file)


def amend_case(request: AmendRequest, progress: Progress) -> Signed:
    """Amend; the versions the case has then."""
    state = amend(request.case, reason=request.reason)
    return state, formulas_signed(request.case.file)


def pages(request: PageRequest, progress: Progress) -> Path:
    """The PDF of a report, in a folder of its own."""
    if request.version is None:
        write_content(report_content(request.case), request.folder)
    else:
        save_version(request.case.file, request.version, request.folder)
    return request.folder / PDF


class SignDesk(QObject):
    """`looked` carries what is to be known before signing, `laid_out` a PDF's path."""

    looked = Signal(object)
    laid_out = Signal(object)

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._folders: list[QTemporaryDir] = []

    def look(self) -> None:
        """Run the checks; `looked` follows."""
        self._session.keep_colours()
        case = self._session.opened_case
        if case is not None:
            ask_of_case(self._session, case, look, self._on_looked)

    def sign(self, name: str, meaning: str) -> None:
        """Sign the case; a message follows."""
        case = self._session.opened_case
        if case is not None:
            self._session.say(SIGNING)  # every page is written: some seconds
            ask_of_case(
                self._session,
                SignRequest(case, name, meaning),
                sign_case,
                self._on_signed,
            )

    def amend(self, reason: str) -> None:
        """Open the case again; a message follows."""
        case = self._session.opened_case
        if case is not None:
            ask_of_case(
                self._session, AmendRequest(case, reason), amend_case, self._on_amended
            )

    def lay_out(self, version: int | None = None) -> None:
        """Have a report written to look at, by default as it stands now."""
        case = self._session.opened_case
        if case is not None:
            # Gone with the window: a report at a place nobody chose must not stay.
            self._folders.append(QTemporaryDir())
            request = PageRequest(case, version, Path(self._folders[-1].path()))
            ask_of_case(self._session, request, pages, self._on_laid_out)

    @Slot(object)
    def _on_looked(self, answer: Answer) -> None:
        if answer.request is self._session.opened_case:
            self.looked.emit(answer.value)

    @Slot(object)
    def _on_signed(self, answer: Answer) -> None:
        self._take(answer, SIGNED)

    @Slot(object)
    def _on_amended(self, answer: Answer) -> None:
        self._take(answer, AMENDING)

    def _take(self, answer: Answer, message: Message) -> None:
        if answer.request.case is self._session.opened_case:
            self._session.signing.take(*answer.value)
            self._session.say(message)

    @Slot(object)
    def _on_laid_out(self, answer: Answer) -> None:
        self.laid_out.emit(answer.value)
