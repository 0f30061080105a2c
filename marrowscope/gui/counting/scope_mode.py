"""Counting beside a microscope: when its page is shown, and whose the keys are then."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from marrowscope.domain.key_map import KeyMap
from marrowscope.gui.case_state import Changes
from marrowscope.gui.counting.count_keys import CountKeys
from marrowscope.gui.counting.scope_counter import ScopeCounter
from marrowscope.gui.counting.scope_page import ScopePage
from marrowscope.gui.dialogs.at_the_microscope import MicroscopeDialog
from marrowscope.gui.jobs import Answer, Failure, Job, Lane, Progress
from marrowscope.gui.messages import problem
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import Appearance
from marrowscope.workflow.keying import new_case


def made_case(request: str, progress: Progress) -> Path:
    """Where the new case of that name lies."""
    return new_case(request)


class ScopeMode(QObject):
    """`toggled`: whether the counter is shown in place of the smear. A case without
    slides shows nothing else.
    """

    toggled = Signal(bool)

    def __init__(
        self,
        session: CaseSession,
        window: QMainWindow,
        appearance: Appearance,
        *,
        keys: KeyMap,
    ) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.counter = ScopeCounter(session, keys, self)
        self.page = ScopePage(session, self.counter, appearance)
        self.keys = CountKeys(window)
        self.active = False
        self.counter.left.connect(self._on_left)
        self.page.back_wanted.connect(self._on_left)
        session.changed.connect(self._on_changed)

    @Slot()
    def ask(self) -> None:
        """Ask for the case to count into."""
        name = self._session.case_name if self._session.opened_case else ""
        dialog = MicroscopeDialog(name, self._window)
        dialog.new_wanted.connect(self._make)
        dialog.own_wanted.connect(self.begin)
        dialog.open()

    @Slot(str)
    def _make(self, name: str) -> None:
        job = Job(name, made_case)
        job.answered.connect(self._on_made)
        job.failed.connect(self._on_failure)
        self._session.runner.start(job, Lane.ASIDE)

    @Slot(object)
    def _on_made(self, answer: Answer) -> None:
        self._session.open_paths([answer.value])

    @Slot(object)
    def _on_failure(self, failure: Failure) -> None:
        self._session.say(problem(failure.error, failure.details))

    @Slot()
    def begin(self) -> None:
        """Count into the case in hand."""
        if self._session.opened_case is None:
            return
        self.active = True
        self.counter.desk.begin()
        self.keys.begin(self._window, self.counter)
        self.toggled.emit(True)
        self.page.setFocus()

    @Slot()
    def _on_left(self) -> None:
        """Back to the smear, where there is one."""
        if self.active and self._session.slides:
            self._end()

    def _end(self) -> None:
        self.active = False
        self.keys.end()
        self.toggled.emit(False)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if not change & Changes.CASE:
            return
        session = self._session
        bare = session.opened_case is not None and not session.slides
        if bare and not session.missing:
            self.begin()
        elif self.active:
            self._end()
