"""What a turn of a wheel, or two fingers on a touchpad, ask for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent

NOTCH = 120.0  # Qt's units of one step of a wheel
PIXELS = 60.0  # of two fingers' way on a touchpad, worth one step
DEGREES = 5.0  # the picture is turned by one step


def notches(event: QWheelEvent) -> float:
    """Steps of a wheel, away from the reader positive; fractions from a touchpad."""
    # Qt: under X11 the pixels depend on the driver and cannot be relied on.
    exact = event.hasPixelDelta() and QGuiApplication.platformName() != "xcb"
    delta, unit = (event.pixelDelta(), PIXELS) if exact else (event.angleDelta(), NOTCH)
    # With Alt or Shift held some systems report the wheel as going sideways.
    way = delta.y() or (delta.x() if _sideways(event) else 0)
    return way / unit


def turns(event: QWheelEvent) -> bool:
    """True when the wheel shall turn the picture: Ctrl and Shift are held."""
    held = event.modifiers()
    return bool(
        held & Qt.KeyboardModifier.ControlModifier
        and held & Qt.KeyboardModifier.ShiftModifier
    )


def _sideways(event: QWheelEvent) -> bool:
    keys = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
    return bool(event.modifiers() & keys)
