"""One calm, permanent line above the smear: what must be known of these numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import GROUP, SMALL, STEP, Appearance, font

OTHER_SCALE = (
    "These cells were read at {read:.3g} µm per pixel; the slide now has {now:.3g}. "
    "Choose Read smear to read them at the new scale."
)


class NoticeLine(QLabel):
    """The weightiest of the session's notices; the others are in its tooltip."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("calm")
        self.setFont(font(SMALL))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(GROUP, STEP, GROUP, STEP)
        session.changed.connect(self._on_changed)
        self._show(session.notices)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        seldom = Changes.NOTICES | Changes.CASE | Changes.RUN
        if change & (seldom | Changes.CALIBRATION | Changes.SLIDE):
            self._show(() if self._session.run.active else self._all())

    def _all(self) -> tuple[str, ...]:
        """The scale that no longer is first, then what must be said for good."""
        shown = self._session.slide
        if shown is None or not self._session.read_at_other_scale:
            return self._session.notices
        other = OTHER_SCALE.format(read=shown.read_mpp, now=shown.mpp)
        return (other, *self._session.notices)

    def _show(self, notices: tuple[str, ...]) -> None:
        self.setVisible(bool(notices))
        if not notices:
            return
        more = len(notices) - 1
        self.setText(notices[0] + (f"  (and {more} more)" if more else ""))
        self.setToolTip("\n\n".join(notices))
