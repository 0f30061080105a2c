"""The small switches beside the keys."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton

JUDGE = "Judge dysplasia"
JUDGE_HINT = "A key without Space says “not dysplastic”; off: it says nothing of it"
SOUND = "Sound"
SOUND_HINT = "A quiet sound at 100, 200 and 500 cells"


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
