"""Cells of one class to compare with, shown over the smear for as long as wanted."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QVBoxLayout,
    QWidget,
)

from marrowscope.domain.key_map import lines_of
from marrowscope.gui.counting.example_jobs import (
    Example,
    ExamplesRequest,
    find_examples,
)
from marrowscope.gui.focus import ASSUMED_MPP
from marrowscope.gui.jobs import Answer, Job, Lane
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import BASE, GROUP, RELATED, font
from marrowscope.workflow.cell_pictures import SlideAtScale

SIDE = 84
LOOKING = "Looking for cells…"
NONE = "No cell of this class has been called yet."
NONE_BLIND = "None was called so yet; what the model says stays hidden."


class ExamplesCard(QFrame):
    """A card clear of the cell in hand. Those a person called come first."""

    def __init__(self, session: CaseSession, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("floating")
        self._session, self._host = session, parent
        self._asked: ExamplesRequest | None = None
        self.title, self.note = QLabel(), QLabel()
        self.title.setFont(font(BASE, bold=True))
        self.note.setObjectName("quiet")
        self.grid = QGridLayout()
        self.grid.setSpacing(RELATED)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(RELATED, RELATED, RELATED, RELATED)
        column.setSpacing(RELATED)
        column.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        head = QHBoxLayout()
        head.setSpacing(GROUP)
        head.addWidget(self.title)
        head.addWidget(self.note)
        head.addStretch(1)
        column.addLayout(head)
        column.addLayout(self.grid)
        self.hide()

    @Slot(str)
    def look_for(self, target: str) -> None:
        """Show cells of this class as soon as they are read."""
        session = self._session
        lines = lines_of(target, session.taxonomy)
        if lines is None:
            return
        self.title.setText(session.taxonomy.name_of(lines))
        self._fill(())
        request = self._request(target, lines)
        self._asked = request
        self.note.setText(LOOKING if request else NONE)
        self._arrange()
        if request is not None:
            job = Job(request, find_examples)
            job.answered.connect(self._on_found)
            session.runner.start(job, Lane.ASIDE)

    def _request(self, target: str, lines: tuple[str, ...]) -> ExamplesRequest | None:
        session = self._session
        if session.table is None:
            return None
        called = (c for c, v in session.verdicts.items() if v.lines == lines)
        return ExamplesRequest(
            target,
            lines,
            session.table,
            None if session.reading.blind else session.vocabulary,
            tuple(called),
            {
                s.number: SlideAtScale(s.opened.slide, s.working_mpp or ASSUMED_MPP)
                for s in session.slides
            },
        )

    @Slot(object)
    def _on_found(self, answer: Answer) -> None:
        if answer.request is not self._asked or self.isHidden():
            return
        found: tuple[Example, ...] = answer.value
        confirmed = sum(one.confirmed for one in found)
        self._fill(found)
        blind = answer.request.vocabulary is None
        if not found:
            self.note.setText(NONE_BLIND if blind else NONE)
        elif confirmed == len(found):
            self.note.setText("Called so by a reader.")
        elif confirmed:
            self.note.setText(
                f"The first {confirmed} called so by a reader; then the model's surest."
            )
        else:
            self.note.setText("Suggested by the model, the surest first.")
        self._arrange()

    def _fill(self, found: tuple[Example, ...]) -> None:
        while (item := self.grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        room = self._host.width() - 4 * RELATED
        columns = max(1, room // (SIDE + RELATED))
        for number, one in enumerate(found):
            picture = QLabel()
            picture.setPixmap(_pixmap(one))
            picture.setFixedSize(SIDE, SIDE)
            self.grid.addWidget(picture, number // columns, number % columns)

    def _arrange(self) -> None:
        self._column.activate()
        self.adjustSize()
        self.move(RELATED, RELATED)
        self.show()
        self.raise_()


def _pixmap(one: Example) -> QPixmap:
    height, width, _ = one.pixels.shape
    image = QImage(
        one.pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888
    )
    return QPixmap.fromImage(image).scaled(
        SIDE,
        SIDE,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
