"""A few cells of one line, of the earlier marrow and of this one, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from marrowscope.domain.geometry import Pixels
from marrowscope.gui.slides_panel.painting import image_of
from marrowscope.gui.theme import GROUP, SMALL, STEP, font
from marrowscope.report.serial_cells import SIDE
from marrowscope.workflow.earlier_cases import PER_LINE

NO_PICTURE = "No picture of such a cell here."


class SerialCells(QWidget):
    """Both sides take equal room, so that nothing moves from line to line."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GROUP)
        self.sides = (_Side("Then"), _Side("Now"))
        for side in self.sides:
            row.addWidget(side, 1)

    def show_cells(
        self, name: str, then: Sequence[Pixels], now: Sequence[Pixels]
    ) -> None:
        """Pictures (S, S, 3) of each marrow's cells of the line called `name`."""
        for side, pictures in zip(self.sides, (then, now), strict=True):
            side.fill(name, pictures)


class _Side(QWidget):
    """`pictures`: how many are shown."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.pictures, self._when = 0, name
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        self._head = QLabel()
        self._head.setObjectName("quiet")
        self._head.setFont(font(SMALL))
        column.addWidget(self._head)
        row = QHBoxLayout()
        row.setSpacing(STEP)
        self._places = [QLabel() for _ in range(PER_LINE)]
        for place in self._places:
            place.setFixedSize(SIDE, SIDE)
            place.hide()
            row.addWidget(place)
        self._none = QLabel(NO_PICTURE)
        self._none.setFixedHeight(SIDE)
        self._none.setObjectName("quiet")
        row.insertWidget(0, self._none)
        row.addStretch(1)
        column.addLayout(row)

    def fill(self, name: str, pictures: Sequence[Pixels]) -> None:
        """Show these, or that there are none."""
        self._head.setText(f"{self._when}: {name}")
        self.pictures = len(pictures)
        self._none.setVisible(not pictures)
        for number, place in enumerate(self._places):
            known = number < len(pictures)
            image = QPixmap.fromImage(image_of(pictures[number])) if known else None
            place.setPixmap(image or QPixmap())
            place.setVisible(known)
