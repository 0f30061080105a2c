"""Brightness, contrast, gamma, white and the file's profile: for the eye alone."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.case_state import Changes, SlideEntry
from marrowscope.gui.display_colour.sliders import Gamma, Share
from marrowscope.gui.display_colour.white import WhiteRequest, find_white
from marrowscope.gui.jobs import Answer, Failure, Job, Lane
from marrowscope.gui.messages import problem
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import GROUP, RELATED, STEP
from marrowscope.imaging.display_colour import (
    AS_THE_FILE_SAYS,
    DisplayColour,
    usable_profile,
)

NOTE = "For your eye alone: the model always reads the untouched pixels."
PROFILE = "Colours as the file's ICC profile says"
NO_PROFILE = "This file carries no ICC profile of its colours."
AS_SCANNED, PICK, PICKING = "as scanned", "Pick", "Click on bare glass…"


class DisplayColourDialog(QDialog):
    """Non-modal, beside the smear. `picking`: the next click is on bare glass."""

    picking = Signal(bool)

    def __init__(self, session: CaseSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle("Colours of the slide")
        self.brightness, self.contrast = Share("Brightness"), Share("Contrast")
        self.gamma = Gamma("Gamma")
        self.white = QLabel()
        self.white.setObjectName("quiet")
        self.automatic, self.pick = QPushButton("Automatic"), QPushButton(PICK)
        self.pick.setCheckable(True)
        self.unbalanced = QPushButton("As scanned")
        self.profile = QCheckBox(PROFILE)
        self.reset = QPushButton("Reset")
        self._place()
        self._connect()
        self._show()

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
        column.setSpacing(GROUP)
        column.addLayout(self._grid())
        column.addWidget(self.profile)
        note = QLabel(NOTE)
        note.setObjectName("quiet")
        note.setWordWrap(True)
        column.addWidget(note)
        buttons = QDialogButtonBox()
        buttons.addButton(self.reset, QDialogButtonBox.ButtonRole.ResetRole)
        close = buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(RELATED)
        grid.setVerticalSpacing(RELATED)
        for row, slider in enumerate((self.brightness, self.contrast, self.gamma)):
            slider.place(grid, row)
        grid.addWidget(QLabel("White"), 3, 0)
        grid.addWidget(self.white, 3, 1, 1, 2)
        choices = QHBoxLayout()
        choices.setSpacing(STEP)
        for button in (self.automatic, self.pick, self.unbalanced):
            button.setAutoDefault(False)
            choices.addWidget(button)
        choices.addStretch(1)
        grid.addLayout(choices, 4, 1, 1, 2)
        return grid

    def _connect(self) -> None:
        for slider in (self.brightness, self.contrast, self.gamma):
            slider.moved.connect(self._on_moved)
        self.profile.clicked.connect(self._on_profile)
        self.automatic.clicked.connect(self._on_automatic)
        self.pick.toggled.connect(self._on_pick)
        self.unbalanced.clicked.connect(self._on_unbalanced)
        self.reset.clicked.connect(self._on_reset)
        self._session.changed.connect(self._on_changed)
        self.finished.connect(self._on_finished)

    @property
    def _entry(self) -> SlideEntry | None:
        return self._session.slide

    @property
    def _colour(self) -> DisplayColour:
        entry = self._entry
        return self._session.colours_of(entry.number if entry else None)

    # What is shown ---------------------------------------------------------------

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & (Changes.CASE | Changes.SLIDE | Changes.COLOURS):
            self._show()

    def _show(self) -> None:
        colour, entry = self._colour, self._entry
        self.brightness.show_amount(colour.brightness)
        self.contrast.show_amount(colour.contrast)
        self.gamma.show_amount(colour.gamma)
        self.white.setText(_white_text(colour))
        self.unbalanced.setEnabled(colour.white is not None)
        has = entry is not None and usable_profile(entry.opened.slide.profile)
        self.profile.setEnabled(has)
        self.profile.setChecked(has and colour.profile)
        self.profile.setText(PROFILE if has else NO_PROFILE)
        self.reset.setEnabled(colour != AS_THE_FILE_SAYS)
        self.setEnabled(entry is not None)

    # What a reader wishes --------------------------------------------------------

    def _wish(self, colour: DisplayColour) -> None:
        if self._entry is not None:
            self._session.show_colours(self._entry.number, colour)

    @Slot()
    def _on_moved(self) -> None:
        self._wish(
            replace(
                self._colour,
                brightness=self.brightness.amount,
                contrast=self.contrast.amount,
                gamma=self.gamma.amount,
            )
        )

    @Slot(bool)
    def _on_profile(self, wanted: bool) -> None:
        # White was found in other colours.
        self._wish(replace(self._colour, profile=wanted, white=None))

    @Slot()
    def _on_unbalanced(self) -> None:
        self._wish(replace(self._colour, white=None))

    @Slot()
    def _on_reset(self) -> None:
        self._wish(AS_THE_FILE_SAYS)

    # White -----------------------------------------------------------------------

    @Slot()
    def _on_automatic(self) -> None:
        self._find(None)

    @Slot(bool)
    def _on_pick(self, wanted: bool) -> None:
        self.pick.setText(PICKING if wanted else PICK)
        self.picking.emit(wanted)

    @Slot(float, float)
    def take_point(self, x: float, y: float) -> None:
        """Bare glass lies at this level-0 point."""
        if self.pick.isChecked():
            self.pick.setChecked(False)
            self._find((x, y))

    @Slot()
    def stop_picking(self) -> None:
        """Another tool was taken up."""
        self.pick.setChecked(False)

    def _find(self, place: tuple[float, float] | None) -> None:
        entry = self._entry
        if entry is None:
            return
        profile = self._colour.profile
        request = WhiteRequest(entry.number, entry.opened.slide, profile, place)
        job = Job(request, find_white)
        job.answered.connect(self._on_white)
        job.failed.connect(self._on_failure)
        self._session.runner.start(job, Lane.ASIDE)

    @Slot(object)
    def _on_white(self, answer: Answer) -> None:
        request: WhiteRequest = answer.request
        colour = self._session.colours_of(request.number)
        if colour.profile == request.profile:
            wished = replace(colour, white=answer.value)
            self._session.show_colours(request.number, wished)

    @Slot(object)
    def _on_failure(self, failure: Failure) -> None:
        self._session.say(problem(failure.error, failure.details))

    @Slot()
    def _on_finished(self) -> None:
        self.picking.emit(False)


def _white_text(colour: DisplayColour) -> str:
    if colour.white is None:
        return AS_SCANNED
    red, green, blue = colour.white
    return f"red {red} · green {green} · blue {blue}"
