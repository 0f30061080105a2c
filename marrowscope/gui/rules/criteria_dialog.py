"""WHO 2016, WHO 2022, ICC 2022 and IPSS-R side by side, beside the facts typed in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from marrowscope.domain.systems import DYSPLASIA
from marrowscope.gui.case_state import Changes
from marrowscope.gui.rules.criteria_desk import CriteriaDesk
from marrowscope.gui.rules.facts_form import FactsForm
from marrowscope.gui.rules.system_view import SystemView
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import GROUP, RELATED, SMALL, STEP, Appearance, font
from marrowscope.report.systems import HEADING, NOT_A_DIAGNOSIS, CriteriaPart

FORM_WIDTH = 236
TOP = Qt.AlignmentFlag.AlignTop


class CriteriaDialog(QDialog):
    """Follows the session: every call and every fact is judged at once."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(HEADING)
        self.resize(1100, 660)
        self._session, self._appearance = session, appearance
        self.desk = CriteriaDesk(session, self)
        self.form = FactsForm()
        self.systems: list[SystemView] = []
        self.sources, self.used = _quiet(""), _quiet("")
        self._grid = QGridLayout()
        row = QHBoxLayout(self)
        row.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
        row.setSpacing(GROUP)
        form = _scrolled(self.form)
        form.setFixedWidth(FORM_WIDTH)
        row.addWidget(form)
        row.addWidget(_scrolled(self._page()), 1)
        self.form.written.connect(self.desk.write)
        self.desk.judged.connect(self.show_part)
        session.changed.connect(self._on_changed)
        self.form.show_words(session.specimen.words)
        self.desk.ask()

    def _page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, RELATED, 0)
        column.setSpacing(GROUP)
        column.addWidget(_quiet(NOT_A_DIAGNOSIS))
        self.used.setObjectName("title")
        column.addWidget(self.used)
        self._grid.setHorizontalSpacing(2 * GROUP)
        self._grid.setVerticalSpacing(GROUP + STEP)
        column.addLayout(self._grid)
        column.addWidget(self.sources)
        column.addStretch(1)
        return page

    @Slot(object)
    def show_part(self, part: CriteriaPart) -> None:
        """Show these answers."""
        if not self.systems:
            self.systems = [SystemView(b, self._appearance) for b in part.systems]
            for place, view in enumerate(self.systems):
                self._grid.addWidget(view, place // 2, place % 2, TOP)
            self._grid.setColumnStretch(0, 1)
            self._grid.setColumnStretch(1, 1)
        for view, block in zip(self.systems, part.systems, strict=True):
            view.show_block(block)
        counted = part.used[: len(DYSPLASIA) + 1]  # what follows them is typed in
        self.used.setText("\n".join(f"{one.name}: {one.words}" for one in counted))
        listed = enumerate(part.sources, start=1)
        self.sources.setText("\n".join(f"[{n}] {source}" for n, source in listed))

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & (Changes.CASE | Changes.SPECIMEN):
            self.form.show_words(self._session.specimen.words)


def _quiet(words: str) -> QLabel:
    label = QLabel(words)
    label.setObjectName("quiet")
    label.setFont(font(SMALL))
    label.setWordWrap(True)
    return label


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area
