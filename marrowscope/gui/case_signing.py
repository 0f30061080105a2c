"""Whether the case in hand is signed: it can then be read and not changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from marrowscope.domain.definitions import Formula
from marrowscope.domain.signing import Signature, SigningState


class CaseSigning(QObject):
    """`state` holds every signed version of the case.

    `by`: the definitions that the version in force was counted by.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state, self.by = SigningState(), tuple[Formula, ...]()

    @property
    def signed(self) -> Signature | None:
        """The version in force; None while the case may be changed."""
        return self.state.signed

    def differs_from(self, formulas: tuple[Formula, ...]) -> bool:
        """True where the case was signed by other definitions than these."""
        return self.signed is not None and self.by != formulas

    def take(self, state: SigningState, by: tuple[Formula, ...] = ()) -> None:
        """This is how the case file stands now."""
        if (state, by) != (self.state, self.by):
            self.state, self.by = state, by
            self.changed.emit()
