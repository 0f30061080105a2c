"""Type for the page: one open font, and fallbacks so that no name is lost."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

from marrowscope.report import pdf_script
from marrowscope.report.wording import printable

REGULAR, SEMIBOLD, ITALIC = "Plex", "Plex-SemiBold", "Plex-Italic"
_FILES = {
    REGULAR: "IBMPlexSans-Regular.ttf",
    SEMIBOLD: "IBMPlexSans-SemiBold.ttf",
    ITALIC: "IBMPlexSans-Italic.ttf",
}
# Every PDF viewer brings these; they are named in the file, not embedded.
_CHINESE, _JAPANESE, _KOREAN = "STSong-Light", "HeiseiKakuGo-W5", "HYGothic-Medium"

UNKNOWN = "\ufffd"

INK = HexColor("#1b1d21")
GREY = HexColor("#666b72")
PALE = HexColor("#9aa0a7")
HAIRLINE = HexColor("#cfd3d8")
BAND = HexColor("#f3f3f0")


def register_fonts(folder: Path) -> None:
    """Make the font of `folder` (resources/fonts) and the fallbacks known."""
    # ReportLab asks for it before it reads a picture that stands in the text itself.
    rl_config.trustedHosts = ["localhost"]
    known = pdfmetrics.getRegisteredFontNames()
    for name, file in _FILES.items():
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    for name in (_CHINESE, _JAPANESE, _KOREAN):
        if name not in known:
            pdfmetrics.registerFont(UnicodeCIDFont(name))


def _style(name: str, font: str, size: float, lead: float, **more) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=size,
        leading=lead,
        textColor=more.pop("textColor", INK),
        splitLongWords=True,
        **more,
    )


TITLE = _style("title", SEMIBOLD, 17, 21)
SUBTITLE = _style("subtitle", REGULAR, 10.5, 14)
SECTION = _style(
    "section", SEMIBOLD, 11, 14, spaceBefore=10, spaceAfter=4, keepWithNext=1
)
BODY = _style("body", REGULAR, 8.4, 11)
STRONG = _style("strong", SEMIBOLD, 8.4, 11)
NUMBER = _style("number", REGULAR, 8.4, 11, alignment=TA_RIGHT)
STRONG_NUMBER = _style("strong number", SEMIBOLD, 8.4, 11, alignment=TA_RIGHT)
LIGHT_NUMBER = _style("light number", REGULAR, 8.4, 11, alignment=TA_RIGHT)
LIGHT_NUMBER.textColor = GREY
HUNG = _style("hung", REGULAR, 8.4, 11.6, leftIndent=8, firstLineIndent=-8)
LIGHT = _style("light", REGULAR, 8.4, 11, textColor=GREY)
PALE_NUMBER = _style(
    "pale number", REGULAR, 8.4, 11, textColor=PALE, alignment=TA_RIGHT
)
SMALL = _style("small", REGULAR, 7.2, 9.4, textColor=GREY)
SOURCE = _style("source", REGULAR, 6.6, 8.2, textColor=GREY)
SMALL_NUMBER = _style(
    "small number", REGULAR, 7.2, 9.4, textColor=GREY, alignment=TA_RIGHT
)
SUGGESTED = _style("suggested", ITALIC, 8.4, 11, textColor=GREY)
SUGGESTED_NUMBER = _style(
    "suggested number", ITALIC, 8.4, 11, textColor=GREY, alignment=TA_RIGHT
)
SUGGESTED_SMALL = _style("suggested small", ITALIC, 7.2, 9.4, textColor=PALE)
SUGGESTED_MEMBER = _style(
    "suggested member", ITALIC, 7.2, 9.4, textColor=PALE, leftIndent=8
)
SUGGESTED_SMALL_NUMBER = _style(
    "suggested small number", ITALIC, 7.2, 9.4, textColor=PALE, alignment=TA_RIGHT
)


def paragraph(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """Plain text of any script as a paragraph."""
    return Paragraph(marked_up(text, style), style)


def with_reference(text: str, number: int, style: ParagraphStyle = BODY) -> Paragraph:
    """Plain text with the raised number of a source behind it."""
    raised = f'<super size="5.5"><font color="#666b72">\u00a0{number}</font></super>'
    return Paragraph(marked_up(text, style) + raised, style)


def marked_up(text: str, style: ParagraphStyle = BODY) -> str:
    """Text with a fallback wherever the page's own font has no glyph.

    A letter that no font here can draw shows as "\ufffd": visible, never dropped.
    """
    pieces = []
    for piece, complex_script in pdf_script.parts(printable(text)):
        if complex_script:
            pieces.append(_drawn(piece, style))
        else:
            runs = groupby(piece, lambda char: _font_of(char, style.fontName))
            pieces += [_run("".join(chars), name, style) for name, chars in runs]
    return "".join(pieces)


def _drawn(words: str, style: ParagraphStyle) -> str:
    face: Any = pdfmetrics.getFont(REGULAR)
    folder = Path(face.face.filename).parent
    colour = f"#{style.textColor.hexval()[2:]}"
    return pdf_script.drawn(words, folder, style.fontSize, colour)


def _run(text: str, name: str | None, style: ParagraphStyle) -> str:
    if name is not None:
        return f'<font name="{name}">{escape(text)}</font>'
    known: Any = pdfmetrics.getFont(style.fontName)
    glyphs = known.face.charToGlyph
    shown = "".join(c if c == "\n" or ord(c) in glyphs else UNKNOWN for c in text)
    return escape(shown).replace("\n", "<br/>")


def _font_of(char: str, font: str) -> str | None:
    known: Any = pdfmetrics.getFont(font)
    glyphs = known.face.charToGlyph
    if char == "\n" or ord(char) in glyphs:
        return None
    name = unicodedata.name(char, "")
    if name.startswith(("HIRAGANA", "KATAKANA")):
        return _JAPANESE
    if name.startswith("HANGUL"):
        return _KOREAN
    return _CHINESE if name.startswith("CJK") and ord(char) < 0x10000 else None
