"""One calm, permanent line above the smear: what must be known of these numbers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import GROUP, RELATED, SMALL, STEP, Appearance, font
from marrowscope.report.wording import date_text
from marrowscope.workflow.definitions import formulas_in_force

OTHER_SCALE = (
    "These cells were read at {read:.3g} µm per pixel; the slide now has {now:.3g}. "
    "Your calls stay when they are read again."
)
MISSING = "{what} It may have been moved; its cells and calls are kept."
SIGNED = (
    "Version {one.number} is signed by {one.name}, {when}: this case can be read, and"
    " not changed."
)
OTHERWISE = (
    "{signed} The laboratory counts otherwise since then: the numbers beside the smear"
    " are not those of the signed report."
)
PROTECTED = (
    "This case can only be looked at: nothing may be written where it lies. You see it"
    " as it was when you opened it."
)
AMENDED = "Version {one.number}, signed by {one.name}, {when}, is being amended."
AMEND, COPY = "Amend…", "Make a copy to work on…"
FIND, READ_AGAIN, SHOW_MAP = "Find the slide…", "Read again", "Photo map"


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, and what can be done about it: a word for the button and its deed."""

    text: str
    button: str = ""
    deed: SignalInstance | None = None


class NoticeLine(QFrame):
    """The weightiest of the session's notices; the others are in its tooltip."""

    find_wanted = Signal()
    reading_wanted = Signal()
    map_wanted = Signal()
    amend_wanted = Signal()
    copy_wanted = Signal()

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._doable: Notice | None = None
        self.words, self.button = QLabel(), QPushButton()
        self.words.setObjectName("calm")
        self.words.setFont(font(SMALL))
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.button.setFont(font(SMALL))
        row = QHBoxLayout(self)
        row.setContentsMargins(GROUP, STEP, RELATED, STEP)
        row.setSpacing(RELATED)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(self._on_click)
        session.changed.connect(self._on_changed)
        self._show(self._all())

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        seldom = (
            Changes.NOTICES
            | Changes.SIGNING
            | Changes.CASE
            | Changes.RUN
            | Changes.OPENING
        )
        if change & (seldom | Changes.CALIBRATION | Changes.SLIDE):
            busy = self._session.run.active or self._session.opening
            self._show([] if busy else self._all())

    def _all(self) -> list[Notice]:
        """What is missing first, why nothing is changed, what is so for good."""
        session = self._session
        missing = [
            Notice(MISSING.format(what=one.error.what), FIND, self.find_wanted)
            for one in session.missing
        ]
        held = [*self._protection(), *self._signing(), *self._other_scale()]
        return [*missing, *held, *map(self._notice, session.notices)]

    def _other_scale(self) -> list[Notice]:
        shown = self._session.slide
        if shown is None or not self._session.read_at_other_scale:
            return []
        other = OTHER_SCALE.format(read=shown.read_mpp, now=shown.mpp)
        return [Notice(other, READ_AGAIN, self.reading_wanted)]

    def _protection(self) -> list[Notice]:
        if not self._session.protected:
            return []
        return [Notice(PROTECTED, COPY, self.copy_wanted)]

    def _signing(self) -> list[Notice]:
        session = self._session
        state = session.signing.state
        if not state.versions:
            return []
        one = state.versions[-1]
        if state.signed is None:
            return [Notice(AMENDED.format(one=one, when=date_text(one.at)))]
        said = SIGNED.format(one=one, when=date_text(one.at))
        if session.signing.differs_from(formulas_in_force()):
            said = OTHERWISE.format(signed=said)
        if session.protected:
            return [Notice(said)]
        return [Notice(said, AMEND, self.amend_wanted)]

    def _notice(self, text: str) -> Notice:
        if text in self._session.notices_of_photos:
            return Notice(text, SHOW_MAP, self.map_wanted)
        return Notice(text)

    def _show(self, notices: list[Notice]) -> None:
        self._doable = next((one for one in notices if one.deed is not None), None)
        self.setVisible(bool(notices))
        if not notices:
            return
        more = len(notices) - 1
        self.words.setText(notices[0].text + (f"  (and {more} more)" if more else ""))
        self.setToolTip("\n\n".join(notice.text for notice in notices))
        self.button.setText(self._doable.button if self._doable else "")
        self.button.setVisible(self._doable is not None)

    @Slot()
    def _on_click(self) -> None:
        if self._doable is not None and self._doable.deed is not None:
            self._doable.deed.emit()
