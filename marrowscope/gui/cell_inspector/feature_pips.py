"""Named dysplasia features with their grades, 0 to 3, as pips."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from marrowscope.gui.cell_inspector.model import HIGHEST_GRADE, FeatureGrade
from marrowscope.gui.layer_painting import draw_text
from marrowscope.gui.theme import RELATED, SMALL, Appearance

ROW, PIP, GAP, FIGURE = 18.0, 3.25, 12.0, 28.0


class FeaturePips(QWidget):
    """One row per feature: name, three pips, the grade as the model gave it."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.features: tuple[FeatureGrade, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.update)

    def show_features(self, features: tuple[FeatureGrade, ...]) -> None:
        """Paint these features from top to bottom."""
        changed = len(features) != len(self.features)
        self.features = features
        words = ", ".join(f"{f.name} grade {f.pips}" for f in features)
        self.setAccessibleName(f"Features: {words}")
        if changed:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, int(ROW * len(self.features)))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, int(ROW * len(self.features)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, feature in enumerate(self.features):
            row = QRectF(0, index * ROW, self.width(), ROW)
            self._draw_feature(painter, row, feature)
        painter.end()

    def _draw_feature(
        self, painter: QPainter, row: QRectF, feature: FeatureGrade
    ) -> None:
        theme = self._appearance.theme
        tone = theme.text if feature.pips else theme.quiet
        pips = row.right() - FIGURE - RELATED - HIGHEST_GRADE * GAP
        name = QRectF(row.left(), row.top(), pips - row.left() - RELATED, ROW)
        draw_text(painter, name, feature.name, size=SMALL, colour=tone)
        draw_text(painter, row, feature.text, size=SMALL, colour=tone, right=True)
        if not feature.assessable:
            return
        for pip in range(HIGHEST_GRADE):
            filled = pip < feature.pips
            painter.setPen(QPen(theme.quiet if filled else theme.hairline, 1.25))
            painter.setBrush(theme.quiet if filled else Qt.BrushStyle.NoBrush)
            centre = QPointF(pips + GAP * (pip + 0.5), row.center().y())
            painter.drawEllipse(centre, PIP, PIP)
