"""A share drawn against its marks: the 10 % line is the hero.

Confirmed is solid with its interval as a whisker; suggested is pale and hatched and has
none, so that the two can never be taken for one another, in grey print either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from marrowscope.report.confirmed import SCALE_END
from marrowscope.report.pdf_text import GREY, HAIRLINE, INK, REGULAR

COLOURS = {
    "erythroid": HexColor("#D55E00"),
    "granulocytic": HexColor("#0072B2"),
    "megakaryocytic": HexColor("#009E73"),
    "blast": HexColor("#CC79A7"),
}
_BAR, _ROOM, _LABELS = 3.6 * mm, 1.5 * mm, 2.9 * mm


@dataclass(frozen=True, slots=True)
class Whisker:
    """Both limits of an interval and the share within, in percent."""

    low: float
    share: float
    high: float


class ShareBar(Flowable):
    """A bar from 0 to 40 %; `value` and `marks` in percent, None draws the marks alone.

    `whisker` is given for confirmed shares only; where there is no `value` beneath it,
    a point marks its share. Without `solid` the bar is hatched.
    """

    def __init__(
        self,
        value: float | None,
        *,
        lineage: str,
        marks: Sequence[float],
        solid: bool,
        whisker: Whisker | None = None,
    ) -> None:
        super().__init__()
        self._value = value
        self._colour = COLOURS.get(lineage, GREY)
        self._marks = marks
        self._solid = solid
        self._whisker = whisker

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        self.width = aW
        self.height = _BAR + 2 * _ROOM + _LABELS
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        bottom = _LABELS + _ROOM
        self._axis(canvas, bottom)
        if self._value is not None:
            (self._filled if self._solid else self._hatched)(canvas, bottom)
        for mark in self._marks:
            self._mark(canvas, mark)
        if self._whisker:
            self._draw_whisker(canvas, self._whisker, bottom + _BAR / 2)

    def _at(self, percent: float) -> float:
        return self.width * min(max(percent, 0), SCALE_END) / SCALE_END

    def _axis(self, canvas: Canvas, bottom: float) -> None:
        canvas.setStrokeColor(HAIRLINE)
        canvas.setLineWidth(0.4)
        canvas.rect(0, bottom, self.width, _BAR, stroke=1, fill=0)
        canvas.setFont(REGULAR, 5.8)
        canvas.setFillColor(GREY)
        canvas.drawString(0, 0.6, "0")
        canvas.drawRightString(self.width, 0.6, f"{SCALE_END:.0f} %")

    def _filled(self, canvas: Canvas, bottom: float) -> None:
        canvas.setFillColor(self._colour)
        canvas.rect(0, bottom, self._at(self._value or 0), _BAR, stroke=0, fill=1)

    def _hatched(self, canvas: Canvas, bottom: float) -> None:
        end = self._at(self._value or 0)
        pale = Color(*self._colour.rgb(), alpha=0.14)
        canvas.saveState()
        frame = canvas.beginPath()
        frame.rect(0, bottom, end, _BAR)
        canvas.clipPath(frame, stroke=0, fill=0)
        canvas.setFillColor(pale)
        canvas.rect(0, bottom, end, _BAR, stroke=0, fill=1)
        canvas.setStrokeColor(Color(*self._colour.rgb(), alpha=0.55))
        canvas.setLineWidth(0.5)
        step = 1.3 * mm
        for index in range(int((end + _BAR) / step) + 2):
            left = index * step - _BAR
            canvas.line(left, bottom, left + _BAR, bottom + _BAR)
        canvas.restoreState()
        canvas.setStrokeColor(Color(*self._colour.rgb(), alpha=0.6))
        canvas.setLineWidth(0.5)
        canvas.setDash(1.6, 1.2)
        canvas.rect(0, bottom, end, _BAR, stroke=1, fill=0)
        canvas.setDash()

    def _mark(self, canvas: Canvas, mark: float) -> None:
        x = self._at(mark)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.2)
        canvas.line(x, _LABELS, x, self.height)
        canvas.setFillColor(INK)
        canvas.setFont(REGULAR, 5.8)
        canvas.drawCentredString(x, 0.6, f"{mark:g} %")

    def _draw_whisker(self, canvas: Canvas, whisker: Whisker, y: float) -> None:
        low, high = self._at(whisker.low), self._at(whisker.high)
        # White beneath, so that the line is seen on the bar and beside it.
        for colour, width in ((white, 2.2), (INK, 0.9)):
            canvas.setStrokeColor(colour)
            canvas.setLineWidth(width)
            canvas.line(low, y, high, y)
            canvas.line(low, y - 1.1 * mm, low, y + 1.1 * mm)
            if whisker.high <= SCALE_END:
                canvas.line(high, y - 1.1 * mm, high, y + 1.1 * mm)
        if self._value is None:
            canvas.setFillColor(INK)
            canvas.circle(self._at(whisker.share), y, 0.7 * mm, stroke=0, fill=1)
