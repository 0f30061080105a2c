"""The cell inspector: looks at the session's selected cell and makes calls of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from marrowscope.domain.cells import Cell
from marrowscope.domain.review import Verdict
from marrowscope.gui.atlas.desk import AtlasDesk
from marrowscope.gui.case_state import Changes
from marrowscope.gui.cell_inspector.calls import (
    Call,
    confirmations,
    judged_lines,
    kept_judgement,
    menu,
)
from marrowscope.gui.cell_inspector.model import CellReading, reading
from marrowscope.gui.cell_inspector.view import InspectorView
from marrowscope.gui.messages import Message, Tone
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import Appearance
from marrowscope.workflow.reviewing import CANNOT_CLASSIFY

NOT_JUDGED = Message(
    "Dysplasia is judged in erythroblasts, granulocytes and megakaryocytes.",
    "Say first which of them the cell is.",
    Tone.NOTE,
)


class CellInspector(QWidget):
    """The model's answer and the reader's call together; neither hides the other."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._cell: int | None = None
        self.atlas = AtlasDesk(session, self)
        self.view = InspectorView(appearance, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        reader = self.view.reader
        reader.confirmed.connect(self._on_confirmed)
        reader.called.connect(self.take_call)
        reader.judged.connect(self._on_judged)
        reader.not_a_cell.connect(session.call_not_a_cell)
        reader.cannot_classify.connect(self.call_unidentifiable)
        reader.withdrawn.connect(self._on_withdrawn)
        session.changed.connect(self._on_changed)
        self.atlas.changed.connect(self._show_alike)
        self._refresh()
        self._show_training()
        self._show_alike()

    @Slot()
    def toggle_saliency(self) -> None:
        """Show or hide where the model looked (K)."""
        self.view.head.saliency.switch.toggle()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if self._about_another(changes):
            return
        cell = Changes.CASE | Changes.SELECTION | Changes.CELLS | Changes.VERDICTS
        if changes & (Changes.SELECTION | Changes.VERDICTS | Changes.READING):
            self._show_alike()
        seen = Changes.CALIBRATION | Changes.SPECIMEN | Changes.READING
        seen |= Changes.SIGNING
        if changes & (cell | seen):
            self._refresh()
        elif changes & Changes.PICTURE:
            self._show_picture()
        if changes & (Changes.CASE | Changes.MODEL):
            self._show_training()

    def _about_another(self, changes: Changes) -> bool:
        """True when all that is new was said of cells that are not looked at."""
        said = Changes.VERDICTS | Changes.COUNTS | Changes.SAVED
        if not changes & Changes.VERDICTS or changes & ~said:
            return False
        selection = self._session.selection
        return not np.isin(selection, self._session.called_last).any()

    @property
    def _verdict(self) -> Verdict | None:
        cell = self._session.selected
        return self._session.verdicts.get(cell.id) if cell else None

    def _refresh(self) -> None:
        cell = self._session.looked_at
        if cell is None or self._session.vocabulary is None:
            self._cell = None
            self.view.show_reading(None)
            return
        if cell.id != self._cell:
            self._cell = cell.id
            self.view.head.crop.clear()
        others = len(self._session.selection) - 1
        self.view.show_reading(self._reading(cell), others=others)
        self.view.head.crop.show_saliency(cell.saliency)
        self.view.head.saliency.setEnabled(cell.saliency is not None)
        self._offer(cell)
        self.view.allow_calls(self._session.fixed is None)
        self._show_picture()

    def _reading(self, cell: Cell) -> CellReading | None:
        session = self._session
        if session.vocabulary is None or session.table is None:
            return None
        return reading(
            cell,
            self._verdict,
            features=session.table.features,
            vocabulary=session.vocabulary,
            taxonomy=session.taxonomy,
            mpp=self._mpp(cell),
            unassessable=session.specimen.quality.unassessable,
            hidden=session.hides_answer(cell.id),
        )

    def _mpp(self, cell: Cell) -> float | None:
        slides = {entry.number: entry.mpp for entry in self._session.slides}
        return slides.get(cell.slide)

    def _offer(self, cell: Cell) -> None:
        session = self._session
        if session.vocabulary is None:
            return
        calls = confirmations(
            cell, session.vocabulary, session.taxonomy, session.criteria
        )
        verdict = self._verdict
        reader = self.view.reader
        reader.offer(calls, menu(session.taxonomy), reviewed=verdict is not None)
        reader.show_judgement(
            verdict.dysplastic if verdict else None, possible=bool(self._judged_lines())
        )

    def _judged_lines(self) -> tuple[str, ...]:
        session, cell = self._session, self._session.looked_at
        if cell is None or session.vocabulary is None:
            return ()
        if session.hides_answer(cell.id):  # the suggested lines would be an answer
            return ()
        return judged_lines(
            cell,
            self._verdict,
            vocabulary=session.vocabulary,
            taxonomy=session.taxonomy,
            criteria=session.criteria,
        )

    def _show_picture(self) -> None:
        picture, cell = self._session.picture, self._session.selected
        if picture is not None and cell is not None and picture.cell == cell.id:
            self.view.head.crop.show_picture(
                picture.pixels, region=picture.region, mpp=self._mpp(cell)
            )

    @Slot()
    def _show_alike(self) -> None:
        """Labels of cells alike are an answer too: none where answers are hidden."""
        cell, found = self._session.selected, self.atlas.compared
        hidden = cell is None or self._session.hides_answer(cell.id)
        self.view.show_alike(None if hidden else found, self.atlas.building)

    def _show_training(self) -> None:
        bundle, model = self._session.bundle, self._session.model
        if bundle is None or model is None or bundle.identity.sha256 != model.sha256:
            self.view.show_training("", "")
            return
        card = bundle.card
        learned = next(iter(card.limits), card.summary)
        details = "\n".join((card.summary, *card.trained_on, *card.limits))
        self.view.show_training(learned, details)

    @Slot()
    def _on_confirmed(self) -> None:
        self._session.confirm()

    @Slot(object)
    def take_call(self, call: Call) -> None:
        """Say this of the selected cells; a judgement within their lineage is kept."""
        judged = call.dysplastic
        if judged is None:
            judged = kept_judgement(self._verdict, call.lines, self._session.criteria)
        self._session.call(call.lines, dysplastic=judged)

    @Slot(bool)
    def _on_judged(self, dysplastic: bool) -> None:
        lines = self._judged_lines()
        if lines:
            self._session.call(lines, dysplastic=dysplastic)
        elif self._session.selected is not None:
            self._session.say(NOT_JUDGED)
        self._refresh()

    @Slot()
    def call_dysplastic(self) -> None:
        """The cells are dysplastic, of the lines that they are called or suggested."""
        self._on_judged(True)

    @Slot()
    def call_not_dysplastic(self) -> None:
        """The cells are not dysplastic."""
        self._on_judged(False)

    @Slot()
    def call_unidentifiable(self) -> None:
        """Nobody can say what the cells are."""
        self._session.call(CANNOT_CLASSIFY)

    @Slot()
    def _on_withdrawn(self) -> None:
        self._session.withdraw()
