"""The slide that is about to be shown, made ready while its case is still read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView


def foresee(view: SlideView) -> None:
    """Opening has begun, has met its first slide or its cells, or has ended."""
    coming = view.session.coming
    view.loader.hold(view.session.opening and coming is None)
    if view.entry is not None or not view.follows:
        return
    view.loader.show(coming)
    view.cells.foresee(view.session.coming_cells)
    if coming is not None:
        size = coming.identity.width, coming.identity.height
        place, room = view.place_of(coming), _room(view)
        start = view.navigator.beginning(size, place, room=room)
        view.loader.look(start, view.devicePixelRatioF())


def _room(view: QWidget) -> QSize:
    """The size it will have: a page that is not shown yet is not laid out."""
    around = view
    while not around.isVisible() and (parent := around.parentWidget()) is not None:
        around = parent
    return around.size()
