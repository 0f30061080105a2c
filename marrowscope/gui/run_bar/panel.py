"""The run bar: one line and a thin track; pause, go on, stop."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.run_bar.model import RunLine, run_line
from marrowscope.gui.run_bar.track import RunTrack
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import BASE, RELATED, Appearance, font


class RunBar(QWidget):
    """Follows the session's run; hidden while there is nothing to say."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._appearance = session, appearance
        self.phase, self.details, self.time_left = QLabel(), QLabel(), QLabel()
        self.track = RunTrack(appearance)
        self.pause_button = QPushButton("Pause")
        self.stop_button = QPushButton("Stop")
        self._place()
        self._dress()
        self.pause_button.clicked.connect(self._on_pause)
        self.stop_button.clicked.connect(session.cancel)
        session.changed.connect(self._on_changed)
        appearance.changed.connect(self._dress)
        self._show(run_line(session.run))

    def _place(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(RELATED, 0, RELATED, 0)
        row.setSpacing(RELATED)
        self.track.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for widget in (self.phase, self.track, self.details, self.time_left):
            row.addWidget(widget)
        for button, tip in (
            (self.pause_button, "Hold the reading after the field in hand"),
            (self.stop_button, "Stop; what was read is kept and can be continued"),
        ):
            button.setToolTip(tip)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)

    def _dress(self) -> None:
        theme = self._appearance.theme
        tones = {
            self.phase: (theme.text, BASE),
            self.details: (theme.quiet, BASE),
            self.time_left: (theme.quiet, BASE),
        }
        for label, (colour, size) in tones.items():
            label.setFont(font(size))
            label.setStyleSheet(f"color: {colour.name()}")

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.CASE | Changes.RUN | Changes.CELLS):
            self._show(run_line(self._session.run))

    def _show(self, line: RunLine) -> None:
        self.phase.setText(line.phase)
        self.details.setText(line.details)
        self.time_left.setText(line.time_left)
        self.time_left.setVisible(bool(line.time_left))
        self.details.setVisible(bool(line.details))
        self.track.show_fraction(line.fraction, running=line.running)
        self.track.setVisible(line.running)
        self.pause_button.setVisible(line.running)
        self.stop_button.setVisible(line.running)
        self.pause_button.setEnabled(line.can_pause)
        self.stop_button.setEnabled(line.can_stop)
        self.pause_button.setText("Go on" if line.paused else "Pause")
        self.setVisible(line.visible)

    @Slot()
    def _on_pause(self) -> None:
        if run_line(self._session.run).paused:
            self._session.resume()
        else:
            self._session.pause()
