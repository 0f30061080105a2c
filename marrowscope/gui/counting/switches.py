"""The small switches beside the keys."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton

from marrowscope.gui.counting.milestones import STAGES


def judging_switch() -> QToolButton:
    """What a key without Space says."""
    return switch(
        "Judge dysplasia",
        "A key without Space says “not dysplastic”; off: it says nothing of it",
    )


def sound_switch() -> QToolButton:
    """Whether milestones are heard."""
    *first, last = map(str, STAGES)
    numbers = f"{', '.join(first)} and {last}"
    return switch("Sound", f"A quiet sound at {numbers} cells, and at the target")


def switch(words: str, hint: str) -> QToolButton:
    """A switch that is on."""
    button = quiet_button(words, hint)
    button.setCheckable(True)
    button.setChecked(True)
    return button


def quiet_button(words: str, hint: str = "") -> QToolButton:
    """A button that keeps in the background."""
    button = QToolButton()
    button.setText(words)
    button.setToolTip(hint)
    button.setObjectName("quiet")
    return button
