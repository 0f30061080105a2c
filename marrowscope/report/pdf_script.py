"""Names in scripts whose letters must be joined, stacked or turned before they stand.

ReportLab sets letters one after the other. Words of these scripts are shaped by
HarfBuzz inside Pillow instead, and stand in the line as small pictures of type.
"""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

FILES = {
    "ARABIC": "IBMPlexSansArabic-Regular.ttf",
    "HEBREW": "IBMPlexSansHebrew-Regular.ttf",
    "DEVANAGARI": "IBMPlexSansDevanagari-Regular.ttf",
    "THAI": "IBMPlexSansThai-Regular.ttf",
}
FINE = 8  # picture pixels to a point: 576 to the inch
# Blocks of Arabic (with its supplement), Hebrew, Devanagari and Thai.
_LETTERS = "\u0590-\u05ff\u0600-\u06ff\u0750-\u077f\u0900-\u097f\u0e00-\u0e7f"
# Words of one name stay together: in Arabic the first of them stands on the right.
_WORDS = re.compile(f"([{_LETTERS}]+(?:[ \u200c\u200d-]+[{_LETTERS}]+)*)")


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it must be drawn."""
    able = bool(features.check("raqm"))
    for place, piece in enumerate(_WORDS.split(text)):
        if piece:
            yield piece, bool(place % 2) and able


@lru_cache(maxsize=256)
def drawn(words: str, folder: Path, size: float, colour: str) -> str:
    """The words as a picture in a paragraph's markup, `size` in points."""
    font = _font(folder / FILES[_script(words)], round(size * FINE))
    left, top, right, bottom = font.getbbox(words, anchor="ls")
    width, height = int(right - left) + 2, int(bottom - top) + 2
    picture = Image.new("RGBA", (width, height))
    where = (1 - left, 1 - top)
    ImageDraw.Draw(picture).text(where, words, font=font, fill=colour, anchor="ls")
    stored = io.BytesIO()
    picture.save(stored, "PNG")
    source = base64.b64encode(stored.getvalue()).decode()
    return (
        f'<img src="data:image/png;base64,{source}" width="{width / FINE:.2f}"'
        f' height="{height / FINE:.2f}" valign="{-(bottom + 1) / FINE:.2f}"/>'
    )


def _script(words: str) -> str:
    name = unicodedata.name(words[0], "")
    return next((script for script in FILES if name.startswith(script)), "ARABIC")


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)
