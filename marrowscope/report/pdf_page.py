"""What stands on every page: case, status, page x of y."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from marrowscope.report.pdf_text import (
    GREY,
    HAIRLINE,
    INK,
    REGULAR,
    SMALL,
    SMALL_NUMBER,
    paragraph,
)

MARGIN = 18 * mm
_WIDTH, _HEIGHT = A4
WIDTH = _WIDTH - 2 * MARGIN  # of what is printed


@dataclass(frozen=True, slots=True)
class Running:
    """The words that run along every page."""

    case_name: str
    status: str
    footer: str


def draw_running(canvas: Canvas, running: Running) -> None:
    """Header and footer, without the page number."""
    top, room = _HEIGHT - 12 * mm, WIDTH
    # Paragraphs, because a case may be named in any script.
    for words, style, left in (
        (running.case_name, SMALL, MARGIN),
        (running.status, SMALL_NUMBER, MARGIN + room / 2),
    ):
        line = paragraph(words[:90], style)
        _, height = line.wrap(room / 2, 30 * mm)
        line.drawOn(canvas, left, top - min(height, 9.4) + 2)
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN, top - 10, _WIDTH - MARGIN, top - 10)
    canvas.setFont(REGULAR, 6.8)
    canvas.setFillColor(GREY)
    canvas.drawString(MARGIN, 10 * mm, running.footer)


class AtFoot(Flowable):
    """Flowables at the foot of what is left of a page; on the next where none is."""

    def __init__(self, parts: Sequence[Flowable]) -> None:
        super().__init__()
        self._parts = parts

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        self.width = aW
        needed = sum(part.wrap(aW, aH)[1] for part in self._parts)
        self.height = max(needed, aH - 1) if aH >= needed else needed
        return self.width, self.height

    def draw(self) -> None:
        heights = [part.wrap(self.width, self.height)[1] for part in self._parts]
        top = sum(heights)
        for part, height in zip(self._parts, heights, strict=True):
            top -= height
            part.drawOn(self.canv, 0, top)


class NumberedPages(Canvas):
    """Holds the pages back until their number is known."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._held: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._held.append(dict(self.__dict__))
        # reportlab's own way to begin a page without writing the last one yet.
        getattr(self, "_startPage")()  # noqa: B009

    def save(self) -> None:
        for number, page in enumerate(self._held, start=1):
            self.__dict__.update(page)
            self.setFont(REGULAR, 6.8)
            self.setFillColor(INK)
            words = f"Page {number} of {len(self._held)}"
            self.drawRightString(_WIDTH - MARGIN, 10 * mm, words)
            super().showPage()
        super().save()
