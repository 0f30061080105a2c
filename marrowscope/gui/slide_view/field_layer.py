"""The field in hand while a run goes on."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.layers import Scene
from marrowscope.gui.slide_view.marks_painting import paint_field


class FieldLayer:
    """Paints the field that was read last."""

    def __init__(self, session: CaseSession) -> None:
        self._session = session

    def paint(self, painter: QPainter, scene: Scene) -> None:
        run = self._session.run
        if run.active and run.field is not None and run.slide == scene.slide:
            paint_field(painter, run.field, scene.frame, scene.appearance.theme)
