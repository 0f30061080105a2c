"""Whether the case in hand is signed: it can then be read and not changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from marrowscope.domain.signing import Signature, SigningState


class CaseSigning(QObject):
    """`state` holds every signed version of the case."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = SigningState()

    @property
    def signed(self) -> Signature | None:
        """The version in force; None while the case may be changed."""
        return self.state.signed

    def take(self, state: SigningState) -> None:
        """This is how the case file stands now."""
        if state != self.state:
            self.state = state
            self.changed.emit()
