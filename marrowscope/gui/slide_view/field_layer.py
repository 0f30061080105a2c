"""The field in hand while a run goes on."""

from __future__ import annotations

from functools import partial

from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.layers import Drawing, Scene
from marrowscope.gui.slide_view.marks_painting import paint_field


class FieldLayer:
    """Paints the field that was read last."""

    def __init__(self, session: CaseSession) -> None:
        self._session = session

    def drawing(self, scene: Scene) -> Drawing | None:
        run, theme = self._session.run, scene.appearance.theme
        if not run.active or run.field is None or run.slide != scene.slide:
            return None
        field, view = run.field, scene.frame
        return partial(paint_field, field=field, viewport=view, theme=theme)
