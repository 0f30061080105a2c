"""Buttons as on a nosepiece; zoom factors alone while a slide has no scale."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from marrowscope.gui.slide_view.magnification import (
    FACTORS,
    OBJECTIVES,
    objective_of,
    scale_of,
    zoom_text,
)
from marrowscope.gui.theme import GROUP


class ObjectiveBar(QFrame):
    """`wished` carries a scale (screen pixels per level-0 pixel), 0 for the whole."""

    wished = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("floating")
        self._mpp: float | None = None
        self._buttons = QButtonGroup(self)
        self._buttons.idClicked.connect(self._on_click)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(2)
        self._fit = QToolButton(self)
        self._fit.setText("Fit")
        self._fit.setToolTip("The whole slide (0)")
        self._fit.clicked.connect(self._on_fit)
        row.addWidget(self._fit)
        for number in range(len(OBJECTIVES)):
            button = QToolButton(self)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._buttons.addButton(button, number)
            row.addWidget(button)
        self._fit.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._digital = QLabel("digital", self)
        self._digital.setObjectName("badge")
        self._digital.setToolTip("Enlarged beyond the pixels of the slide")
        row.addWidget(self._digital)
        self.calibrate(None)

    def calibrate(self, mpp: float | None) -> None:
        """Microns per level-0 pixel of the slide shown, None when uncalibrated."""
        self._mpp = mpp
        for number, button in enumerate(self._buttons.buttons()):
            hint = f"As by a {OBJECTIVES[number]}x objective"
            if mpp is None:
                hint = f"Slide pixels on screen pixels, {zoom_text(FACTORS[number])}"
            button.setToolTip(f"{hint} ({number + 1})")
        self._name(tight=False)
        self.adjustSize()

    def place(self, view: QSize) -> None:
        """Stand at the bottom of a view, in its middle; with fewer letters on the
        buttons where it has no room for more."""
        self._shorten(view.width() - 2 * GROUP)
        down = view.height() - self.height() - GROUP
        self.move((view.width() - self.width()) // 2, down)

    def _shorten(self, width: int) -> None:
        self._name(tight=False)
        # The badge comes and goes while the bar stays where it is.
        badge = 2 * self._digital.sizeHint().width() if self._digital.isHidden() else 0
        if self.sizeHint().width() + badge > width:
            self._name(tight=True)
        self.adjustSize()

    def _name(self, *, tight: bool) -> None:
        for number, button in enumerate(self._buttons.buttons()):
            whole = f"{OBJECTIVES[number]}x"
            if self._mpp is None:
                whole = zoom_text(FACTORS[number])
            button.setProperty("tight", tight)
            button.style().polish(button)
            # Only another text makes Qt measure a button anew.
            button.setText("")
            button.setText(whole.rstrip(" %x") if tight else whole)

    def scale_at(self, number: int) -> float:
        """The scale of button `number`, counted from 0."""
        if self._mpp is None:
            return FACTORS[number]
        return scale_of(OBJECTIVES[number], self._mpp)

    def show_scale(self, scale: float, device_ratio: float) -> None:
        """Press in the button that matches; say when pixels are only enlarged."""
        shown = scale if self._mpp is None else objective_of(scale, self._mpp)
        steps = FACTORS if self._mpp is None else OBJECTIVES
        self._buttons.setExclusive(False)
        for number, button in enumerate(self._buttons.buttons()):
            button.setChecked(abs(shown / steps[number] - 1) < 0.02)
        digital = scale * device_ratio > 1.02
        if self._digital.isHidden() == digital:
            self._digital.setVisible(digital)
            self.adjustSize()

    @Slot(int)
    def _on_click(self, number: int) -> None:
        self.wished.emit(self.scale_at(number))

    @Slot()
    def _on_fit(self) -> None:
        self.wished.emit(0.0)
