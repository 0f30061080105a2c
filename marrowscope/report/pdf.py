"""The printed report: A4, no Qt, no display."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
)

from marrowscope.report import confirmed as reader
from marrowscope.report import pdf_fields as fields
from marrowscope.report import pdf_judged as judged
from marrowscope.report import pdf_text as text
from marrowscope.report import suggested as model
from marrowscope.report.content import ReportContent
from marrowscope.report.pdf_cells import examples_section
from marrowscope.report.pdf_first import first_page
from marrowscope.report.pdf_formal import count_section, unflagged_section
from marrowscope.report.pdf_layers import tight
from marrowscope.report.pdf_maps import maps_section
from marrowscope.report.pdf_origin import definitions_section, origin_section
from marrowscope.report.pdf_page import (
    MARGIN,
    WIDTH,
    NumberedPages,
    Running,
    draw_running,
)
from marrowscope.report.pdf_serial import serial_section
from marrowscope.report.pdf_suggested import suggested_layer
from marrowscope.report.pdf_text import paragraph


def write_pdf(content: ReportContent, path: Path, *, resources: Path) -> None:
    """Write the report; `resources` is the folder that holds `fonts`."""
    text.register_fonts(resources / "fonts")
    stream = BytesIO()
    document = BaseDocTemplate(
        stream,
        pagesize=A4,
        title=f"{content.title}: {content.case_name}",
        author="MarrowScope",
        creator=f"MarrowScope {content.sources.program}",
        subject=content.research_use,
        invariant=1,
    )
    frame = Frame(
        MARGIN,
        17 * mm,
        WIDTH,
        A4[1] - 17 * mm - 20 * mm,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    running = Running(content.running, content.status, content.research_use)
    template = PageTemplate(
        "page", [frame], onPage=lambda canvas, _: draw_running(canvas, running)
    )
    document.addPageTemplates([template])
    document.build(list(_story(content)), canvasmaker=NumberedPages)
    path.write_bytes(stream.getvalue())


def _story(content: ReportContent) -> Iterator[Flowable]:
    yield from first_page(content)
    yield PageBreak()
    yield from fields.amendment(content)
    yield from fields.open_when_signed(content)
    yield from fields.specimen(content)
    yield from fields.findings(content)
    yield from judged.thresholds_section(content)
    yield from count_section(content)
    yield from unflagged_section(content)
    yield from fields.second_reader(content)
    yield from judged.criteria_section(content)
    yield from serial_section(content)
    yield from _megakaryocytes(content)
    yield from _suggested(content)
    yield from maps_section(content)
    yield from examples_section(content.examples)
    yield from definitions_section(content)
    yield from origin_section(content)


def _suggested(content: ReportContent) -> Iterator[Flowable]:
    """What the model suggests, unless the first page shows it for want of calls."""
    if content.suggested and content.confirmed.total:
        title = paragraph(content.suggested.title, text.SECTION)
        yield KeepTogether([title, *suggested_layer(content)])


def _megakaryocytes(content: ReportContent) -> Iterator[Flowable]:
    part = content.megakaryocytes
    if part is None:
        return
    rows = [
        [paragraph(reader.HEADING, text.STRONG), paragraph(part.confirmed)],
        [
            paragraph(model.HEADING, text.SUGGESTED),
            paragraph(part.suggested, text.SUGGESTED),
        ],
    ]
    notes = [paragraph(note, text.SMALL) for note in part.notes]
    table = tight(rows, [45 * mm, WIDTH - 45 * mm])
    yield KeepTogether([paragraph(part.heading, text.SECTION), table, *notes])
