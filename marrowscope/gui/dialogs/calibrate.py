"""Giving a slide its scale: typed, by optics, by one red cell, or by all of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.case_state import Changes
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import GROUP, RELATED
from marrowscope.imaging.scale import COARSEST_MPP, FINEST_MPP, mpp_from_optics

RED_CELL_UM = 7.2
OBJECTIVES = ("4x", "10x", "20x", "40x", "50x", "60x", "63x", "100x")
SEARCHING = "Looking for red cells on the smear…"
NONE_FOUND = "Too few round red cells were seen to propose a scale."


class CalibrateDialog(QDialog):
    """Non-modal, so that a red cell can be measured on the smear meanwhile.

    `measuring` says whether the next drag on the smear shall be a measurement.
    """

    measuring = Signal(bool)

    def __init__(self, session: CaseSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle("Scale of the slide")
        self.setMinimumWidth(420)
        self._proposed: float | None = None
        self._measured: float | None = None
        self.typed = _number(0.25, FINEST_MPP, COARSEST_MPP, " µm per pixel", 4)
        self.camera = _number(3.45, 0.5, 30.0, " µm", 2)
        self.objective = QComboBox()
        self.objective.addItems(OBJECTIVES)
        self.objective.setCurrentText("100x")
        self.adapter = _number(1.0, 0.1, 4.0, " x", 2)
        self.by_type = QRadioButton("Type the scale")
        self.by_optics = QRadioButton("Camera and objective")
        self.by_cell = QRadioButton("Measure a red cell on the smear (7.2 µm)")
        self.by_proposal = QRadioButton("Take the scale proposed from the red cells")
        self.measure_note, self.proposal_note = QLabel(), QLabel(SEARCHING)
        self.outcome = QLabel()
        self.everywhere = QCheckBox("Use it for every picture of this size in the case")
        self._place()
        self._connect()
        self.by_type.setChecked(True)
        self._begin()

    @property
    def mpp(self) -> float | None:
        """Microns per level-0 pixel by the way that is chosen; None when unknown."""
        if self.by_optics.isChecked():
            objective = float(self.objective.currentText().rstrip("x"))
            return mpp_from_optics(self.camera.value(), objective, self.adapter.value())
        if self.by_cell.isChecked():
            return self._measured
        if self.by_proposal.isChecked():
            return self._proposed
        return self.typed.value()

    @property
    def source(self) -> str:
        """How the value was come by, in the words of a report."""
        ways = {
            self.by_optics: "camera and objective",
            self.by_cell: "red cell measured",
            self.by_proposal: "red cells",
        }
        return next((w for b, w in ways.items() if b.isChecked()), "typed")

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
        column.setSpacing(RELATED)
        for button, inner in (
            (self.by_type, self.typed),
            (self.by_optics, self._optics()),
            (self.by_cell, self.measure_note),
            (self.by_proposal, self.proposal_note),
        ):
            column.addWidget(button)
            column.addWidget(_indented(inner))
        for note in (self.measure_note, self.proposal_note):
            note.setObjectName("quiet")
            note.setWordWrap(True)
        self.measure_note.setText("Draw a line across a round red cell.")
        column.addSpacing(RELATED)
        column.addWidget(self.outcome)
        column.addWidget(self.everywhere)
        self.buttons = QDialogButtonBox()
        self.use = QPushButton("Use this scale")
        self.use.setObjectName("primary")
        self.buttons.addButton(self.use, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        column.addSpacing(RELATED)
        column.addWidget(self.buttons)

    def _optics(self) -> QWidget:
        box = QWidget()
        form = QFormLayout(box)
        form.setContentsMargins(0, 0, 0, 0)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.addRow("Pixel of the camera", self.camera)
        form.addRow("Objective", self.objective)
        form.addRow("Camera adapter", self.adapter)
        return box

    def _connect(self) -> None:
        for button in (self.by_type, self.by_optics, self.by_cell, self.by_proposal):
            button.toggled.connect(self._refresh)
        for number in (self.typed, self.camera, self.adapter):
            number.valueChanged.connect(self._refresh)
        self.objective.currentTextChanged.connect(self._refresh)
        self.by_cell.toggled.connect(self.measuring)
        self.buttons.accepted.connect(self._on_use)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(self._on_finished)
        self._session.scale_proposed.connect(self._on_proposed)
        self._session.changed.connect(self._on_changed)

    def _begin(self) -> None:
        slide = self._session.slide
        self.proposal_note.setText(SEARCHING)
        self.by_proposal.setEnabled(False)
        self._proposed = None
        if slide is not None and slide.mpp is not None:
            self.typed.setValue(slide.mpp)
        self.everywhere.setVisible(len(self._alike()) > 1)
        self.everywhere.setChecked(True)
        self._session.propose_scale()
        self._refresh()

    def _alike(self) -> list[int]:
        slide = self._session.slide
        if slide is None:
            return []
        return [s.number for s in self._session.slides if s.size == slide.size]

    @Slot(float)
    def take_measure(self, pixels: float) -> None:
        """A line was drawn across a red cell, `pixels` level-0 pixels long."""
        if pixels > 0:
            self._measured = RED_CELL_UM / pixels
            self.measure_note.setText(f"The line is {pixels:.1f} pixels long.")
            self._refresh()

    @Slot(object)
    def _on_proposed(self, proposal: tuple[int, float | None]) -> None:
        number, mpp = proposal
        if self._session.slide is None or number != self._session.slide.number:
            return
        self._proposed = mpp
        self.by_proposal.setEnabled(mpp is not None)
        text = (
            NONE_FOUND
            if mpp is None
            else f"The red cells suggest {mpp:.3f} µm per pixel."
        )
        self.proposal_note.setText(text)
        if mpp is not None and self._session.slide.mpp is None:
            self.by_proposal.setChecked(True)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        mpp = self.mpp
        known = mpp is not None and FINEST_MPP <= mpp <= COARSEST_MPP
        self.use.setEnabled(known)
        if known:
            self.outcome.setText(f"<b>{mpp:.4g} µm per pixel</b>")
        elif mpp is None:
            self.outcome.setText("No scale yet.")
        else:
            self.outcome.setText(f"{mpp:.3g} µm per pixel is no microscope's scale.")

    @Slot()
    def _on_use(self) -> None:
        mpp, slide = self.mpp, self._session.slide
        if mpp is not None and slide is not None:
            alike = self._alike() if self.everywhere.isChecked() else [slide.number]
            self._session.calibrate(mpp, source=self.source, slides=alike)
        self.accept()

    @Slot()
    def _on_finished(self) -> None:
        self.measuring.emit(False)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & (Changes.CASE | Changes.SLIDE) and self.isVisible():
            self._measured = None
            self._begin()


def _number(
    value: float, low: float, high: float, unit: str, decimals: int
) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(decimals)
    box.setRange(low, high)
    box.setSingleStep(0.01)
    box.setValue(value)
    box.setSuffix(unit)
    return box


def _indented(inner: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(24, 0, 0, RELATED)
    column.addWidget(inner)
    return holder
