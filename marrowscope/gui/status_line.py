"""The line at the bottom: where the cursor is, how large, how sure, on what, saved."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from marrowscope.gui.case_state import Changes, SlideEntry
from marrowscope.gui.run_bar.panel import RunBar
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import RELATED, Appearance

NO_POSITION = "–"
LEAST_RUN = 240
SAID_FOR_MS = 3000
RESEARCH = "Research use only"


class StatusLine(QStatusBar):
    """`calibration_wanted`: the user asks for the slide's scale."""

    calibration_wanted = Signal()

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._point: tuple[float, float] | None = None
        self.position, self.magnification = QLabel(NO_POSITION), QLabel()
        self.calibration = QToolButton()
        self.run = RunBar(session, appearance)
        self.device, self.saved, self.research = QLabel(), QLabel(), QLabel(RESEARCH)
        self.research.setToolTip(
            "Suggestions need a reader's confirmation; not for diagnostic procedures."
        )
        self._place()
        self.calibration.clicked.connect(self.calibration_wanted)
        session.changed.connect(self._on_changed)
        self._refresh()

    def _place(self) -> None:
        self.setSizeGripEnabled(False)
        # What a run says may be long; it must not widen the window.
        self.run.setMinimumWidth(LEAST_RUN)
        self.setContentsMargins(8, 0, 8, 0)
        self.position.setMinimumWidth(190)
        self.position.setToolTip("Place of the cursor on the slide")
        self.magnification.setMinimumWidth(120)
        self.calibration.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for widget in (self.position, self.magnification, self.calibration):
            self.addWidget(widget)
        self.addWidget(self.run, 1)
        for widget in (self.device, self.saved, self.research):
            widget.setContentsMargins(RELATED, 0, 0, 0)
            self.addPermanentWidget(widget)

    @Slot(object)
    def show_point(self, point: tuple[float, float] | None) -> None:
        """The level-0 point under the cursor, None when it has left the smear."""
        self._point = point
        self.position.setText(position_text(point, self._session.slide))

    @Slot(str)
    def show_magnification(self, text: str) -> None:
        self.magnification.setText(text)

    @Slot(str)
    def say(self, text: str) -> None:
        """Say for a moment what was just done."""
        self.showMessage(text, SAID_FOR_MS)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        shown = (
            Changes.CASE
            | Changes.SLIDE
            | Changes.CALIBRATION
            | Changes.SAVED
            | Changes.MODEL
            | Changes.RUN
        )
        if change & shown:
            self._refresh()

    def _refresh(self) -> None:
        session, slide = self._session, self._session.slide
        for widget in (self.position, self.magnification, self.calibration):
            widget.setVisible(slide is not None)
        self.saved.setVisible(session.case_path is not None)
        self.calibration.setText(calibration_text(slide))
        self._look(calm=slide is not None and slide.mpp is None)
        self.calibration.setToolTip(calibration_hint(slide))
        self.device.setText(session.device_text)
        self.device.setToolTip("The device the model works on, and how exactly")
        self.saved.setText("Saved" if session.saved else "Saving…")
        if session.case_path is not None:
            self.saved.setToolTip(f"Everything is kept in {session.case_path}")
        self.show_point(self._point)

    def _look(self, *, calm: bool) -> None:
        name = "calm" if calm else "quiet"
        if name != self.calibration.objectName():
            self.calibration.setObjectName(name)
            self.calibration.style().polish(self.calibration)


def position_text(point: tuple[float, float] | None, slide: SlideEntry | None) -> str:
    """ "12,340.5 µm, 8,112.0 µm", or pixels while the slide has no scale."""
    if point is None or slide is None:
        return NO_POSITION
    x, y = point
    if slide.mpp is None:
        return f"{x:,.0f}, {y:,.0f} px"
    return f"{x * slide.mpp:,.1f} µm, {y * slide.mpp:,.1f} µm"


def calibration_text(slide: SlideEntry | None) -> str:
    """What is known of a slide's scale, and how."""
    if slide is None:
        return ""
    if slide.mpp is not None:
        source = slide.opened.mpp_source
        tail = "" if source == "file" else f" ({source})"
        return f"slide {slide.mpp:.3g} µm/px{tail}"
    if slide.working_mpp is None:
        return "uncalibrated"
    return f"uncalibrated · read at {slide.working_mpp:.2g} µm/px"


def calibration_hint(slide: SlideEntry | None) -> str:
    """Where a scale comes from, and what a click does."""
    click = "Click to set the scale of this slide."
    if slide is None or slide.mpp is not None or not slide.certainty:
        return click
    return f"The scale it was read at is {slide.certainty}. {click}"
