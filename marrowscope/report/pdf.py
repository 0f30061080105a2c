"""The printed report: A4, no Qt, no display."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageTemplate,
    Spacer,
    Table,
    TableStyle,
)

from marrowscope.domain.differential import FULL_TITLE
from marrowscope.report import confirmed as reader
from marrowscope.report import pdf_fields as fields
from marrowscope.report import pdf_judged as judged
from marrowscope.report import pdf_layers as layers
from marrowscope.report import pdf_text as text
from marrowscope.report.content import ExampleGroup, ReportContent
from marrowscope.report.origin import SlideLine
from marrowscope.report.pdf_formal import count_section, unflagged_section
from marrowscope.report.pdf_maps import maps_section
from marrowscope.report.pdf_page import (
    MARGIN,
    WIDTH,
    NumberedPages,
    Running,
    draw_running,
)
from marrowscope.report.pdf_serial import serial_section
from marrowscope.report.pdf_text import paragraph

_PICTURE = 13 * mm
_MANY = 4  # more slides than this make a table
DATE = text.NUMBER
_AIR = Spacer(0, 5)


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
    running = Running(content.case_name, content.status, content.research_use)
    template = PageTemplate(
        "page", [frame], onPage=lambda canvas, _: draw_running(canvas, running)
    )
    document.addPageTemplates([template])
    document.build(list(_story(content)), canvasmaker=NumberedPages)
    path.write_bytes(stream.getvalue())


def _story(content: ReportContent) -> Iterator[Flowable]:
    yield from _opening(content)
    yield from fields.amendment(content)
    yield from fields.specimen(content)
    title = content.suggested.title if content.suggested else FULL_TITLE
    yield KeepTogether([*_section(title), *layers.differential(content)])
    yield from count_section(content)
    yield KeepTogether([*_section("Blasts and dysplasia"), *layers.bars(content)])
    yield paragraph(
        f"{reader.INTERVAL}: it does not cover the choice of area, dilution with blood,"
        " or disagreement between readers.",
        text.SMALL,
    )
    yield from maps_section(content)
    yield from unflagged_section(content)
    yield from judged.thresholds_section(content)
    yield from serial_section(content)
    yield from judged.criteria_section(content)
    yield from _definitions(content)
    yield from fields.second_reader(content)
    yield from _megakaryocytes(content)
    yield from _findings(content)
    yield from _examples(content.examples)
    yield from _origin(content)


def _section(title: str) -> list[Flowable]:
    return [paragraph(title, text.SECTION)]


def _opening(content: ReportContent) -> Iterator[Flowable]:
    yield paragraph(content.title, text.TITLE)
    names = [paragraph(content.case_name, text.SUBTITLE), paragraph(content.made, DATE)]
    yield layers.tight([names], [WIDTH - 60 * mm, 60 * mm])
    yield Spacer(0, 5)
    rows = [[paragraph(content.research_use, text.STRONG)]]
    rows += [[paragraph(sentence)] for sentence in content.notices]
    style = [
        ("BACKGROUND", (0, 0), (-1, -1), text.BAND),
        ("LINEBEFORE", (0, 0), (0, -1), 1.4, text.INK),
        ("LEFTPADDING", (0, 0), (-1, -1), 7),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
        ("TOPPADDING", (0, 0), (-1, 0), 4),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 4.5),
    ]
    yield Table(rows, [WIDTH], style=TableStyle(style))


def _definitions(content: ReportContent) -> Iterator[Flowable]:
    rows = list(_pairs(*content.definitions))
    table = layers.tight(rows, [34 * mm, WIDTH - 34 * mm])
    yield KeepTogether([*_section("Definitions"), table])


def _megakaryocytes(content: ReportContent) -> Iterator[Flowable]:
    part = content.megakaryocytes
    if part is None:
        return
    rows = [
        [paragraph(reader.HEADING, text.STRONG), paragraph(part.confirmed)],
        [
            paragraph(layers.model.HEADING, text.SUGGESTED),
            paragraph(part.suggested, text.SUGGESTED),
        ],
    ]
    notes = [paragraph(note, text.SMALL) for note in part.notes]
    table = layers.tight(rows, [45 * mm, WIDTH - 45 * mm])
    yield KeepTogether([*_section(part.heading), table, *notes])


def _findings(content: ReportContent) -> Iterator[Flowable]:
    yield KeepTogether(
        [
            *_section("Findings and conclusion"),
            fields.field_list(content.findings),
            Spacer(0, 12),
            fields.signature(content.signature),
            Spacer(0, 4),
            *(paragraph(line, text.SMALL) for line in content.signing.signed),
        ]
    )


def _examples(groups: Sequence[ExampleGroup]) -> Iterator[Flowable]:
    if not groups:
        return
    # The title stays with the first pictures: alone at a page's foot it says nothing.
    title = _section("Example cells")
    for confirmed in (True, False):
        own = [group for group in groups if group.confirmed == confirmed]
        if not own:
            continue
        heading, style = (
            (reader.HEADING, text.STRONG)
            if confirmed
            else (layers.model.HEADING, text.SUGGESTED)
        )
        rows = [_picture_row(group, style) for group in own]
        head = [*title, paragraph(heading, style), Spacer(0, 2)]
        yield KeepTogether([*head, *rows, _AIR])
        title = []


def _picture_row(group: ExampleGroup, style) -> Table:
    room = int((WIDTH - 40 * mm) // (_PICTURE + 1.5 * mm))
    pictures = [
        Image(BytesIO(data), _PICTURE, _PICTURE, kind="proportional")
        for data in group.pictures[:room]
    ]
    cells = [paragraph(group.name, style), *pictures]
    widths = [40 * mm] + [_PICTURE + 1.5 * mm] * len(pictures)
    table = layers.tight([cells], widths)
    table.setStyle(TableStyle([("VALIGN", (0, 0), (0, 0), "MIDDLE")]))
    return table


def _slides(slides: Sequence[SlideLine]) -> Iterator[Flowable]:
    if len(slides) > _MANY:
        yield _slide_table(slides)
        return
    for slide in slides:
        rows = [
            [paragraph(f"{slide.number}  {slide.name}", text.STRONG), ""],
            *_pairs(("Size", slide.size), ("Scale", slide.scale)),
            *_pairs(("Region read", slide.region), ("Reading", slide.reading)),
        ]
        table = layers.tight(rows, [34 * mm, WIDTH - 34 * mm])
        table.setStyle(TableStyle([("SPAN", (0, 0), (1, 0))]))
        yield KeepTogether([table, Spacer(0, 3)])


def _slide_table(slides: Sequence[SlideLine]) -> Table:
    head = ("", "Slide", "Size", "Scale", "Region read", "Reading")
    rows = [[paragraph(word, text.SMALL) for word in head]]
    rows += [
        [
            paragraph(words, text.SMALL)
            for words in (s.number, s.name, s.size, s.scale, s.region, s.reading)
        ]
        for s in slides
    ]
    widths = [8 * mm, 40 * mm, 26 * mm, 50 * mm, 25 * mm, 25 * mm]
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 1.4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.4),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, text.HAIRLINE),
    ]
    return Table(rows, widths, style=TableStyle(style), repeatRows=1)


def _origin(content: ReportContent) -> Iterator[Flowable]:
    yield from _section("Slides and regions read")
    yield from _slides(content.slides)
    yield from _section("How these suggestions came about")
    for model in content.models:
        rows = _pairs(
            ("Model", model.name),
            ("SHA-256", model.sha256),
            ("Device", model.device),
            ("Read", model.read),
        )
        yield layers.tight(list(rows), [34 * mm, WIDTH - 34 * mm])
    yield layers.tight(list(_pairs(*content.references)), [34 * mm, WIDTH - 34 * mm])
    yield Spacer(0, 4)
    for sentence in (*content.card, *content.statements):
        yield paragraph(sentence)
        yield Spacer(0, 1.5)


def _pairs(*pairs: tuple[str, str]) -> Iterator[list[Flowable]]:
    for label, value in pairs:
        yield [paragraph(label, text.SMALL), paragraph(value)]
