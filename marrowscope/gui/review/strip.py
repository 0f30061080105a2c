"""What the review says above the smear: what is left, why, and how far one is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from marrowscope.gui.review.desk import ReviewDesk
from marrowscope.gui.review.words import (
    AGAIN_BASIS,
    AGAIN_HEAD,
    AGAIN_WHY,
    WAITING,
    again_button,
    basis_text,
    check_headline,
    headline,
    reasons,
    wholes,
)
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import BASE, GROUP, RELATED, SMALL, STEP, font
from marrowscope.report.unflagged import yield_text


class ReviewStrip(QFrame):
    """Seen while the queue, calls of it once more, or unflagged cells are read."""

    def __init__(self, desk: ReviewDesk, session: CaseSession) -> None:
        super().__init__()
        self.setObjectName("reviewStrip")
        self._desk, self._session = desk, session
        self.head, self.why, self.basis = QLabel(), QLabel(), QLabel()
        self.progress, self.end = QLabel(), QPushButton("End review")
        self.again, self.back = QPushButton(), QPushButton("Back to the queue")
        self._place()
        self.end.clicked.connect(desk.end)
        self.again.clicked.connect(desk.again.begin)
        self.back.clicked.connect(desk.begin)
        desk.changed.connect(self._refresh)
        self._refresh()

    def _place(self) -> None:
        self.head.setFont(font(BASE, bold=True))
        for label in (self.why, self.basis, self.progress):
            label.setFont(font(SMALL))
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.basis.setObjectName("quiet")
        self.progress.setObjectName("quiet")
        for button in (self.again, self.back, self.end):
            button.setFont(font(SMALL))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        words = QVBoxLayout()
        words.setSpacing(STEP)
        for label in (self.head, self.why, self.basis):
            label.setWordWrap(True)
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(GROUP, RELATED, RELATED, RELATED)
        row.setSpacing(GROUP)
        row.addLayout(words, 1)
        row.addWidget(self.progress)
        for button in (self.again, self.back, self.end):
            row.addWidget(button)

    @Slot()
    def _refresh(self) -> None:
        desk = self._desk
        looking = desk.again.looking
        self.setVisible(desk.reviewing or desk.checking or looking)
        self._offer()
        if desk.reviewing:
            self._show_queue()
        elif desk.checking:
            self._show_check()
        elif looking:
            reading = self._session.reading
            done = f"{reading.place + 1:,} of {len(reading.cells):,}"
            self._show(AGAIN_HEAD, AGAIN_WHY, AGAIN_BASIS, done)

    def _offer(self) -> None:
        again, reviewing = self._desk.again, self._desk.reviewing
        waiting = len(again.waiting) if reviewing else 0
        self.again.setText(again_button(waiting))
        self.again.setVisible(waiting > 0)
        self.back.setVisible(again.looking)

    def _show_queue(self) -> None:
        order, read = self._desk.order, self._desk.read
        if order is None:
            self._show(WAITING, "", "", "")
            return
        basis = basis_text(self._desk.impact.errors)
        done = f"{read:,} read" if read else ""
        self._show(headline(order, read=read), reasons(order), basis, done)
        self.why.setToolTip(wholes(order, self._session.criteria))

    def _show_check(self) -> None:
        counts = self._session.counts
        found = counts.yields if counts else ()
        drawn, called = sum(y.drawn for y in found), sum(y.called for y in found)
        said = "  ".join(yield_text(one) for one in found if one.complete)
        basis = "Say of each cell what it is, and whether it is dysplastic."
        done = f"{called:,} of {drawn:,} read"
        self._show(check_headline(called, drawn), said, basis, done)

    def _show(self, head: str, why: str, basis: str, done: str) -> None:
        for label, words in (
            (self.head, head),
            (self.why, why),
            (self.basis, basis),
            (self.progress, done),
        ):
            label.setText(words)
            label.setToolTip("")
            label.setVisible(bool(words))
