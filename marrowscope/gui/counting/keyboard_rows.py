"""Where keys lie on a keyboard, so that what is painted looks like the one at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QLocale, QRectF
from PySide6.QtGui import QGuiApplication

QWERTY = ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
QWERTZ = ("qwertzuiopü+", "asdfghjklöä#", "yxcvbnm,.-")
AZERTY = ("azertyuiop^$", "qsdfghjklmù*", "wxcvbn,;:!")
_BY_LANGUAGE = {
    QLocale.Language.German: QWERTZ,
    QLocale.Language.French: AZERTY,
}
OFFSETS = (0.0, 0.25, 0.6)  # of a key's width, as the rows of a keyboard are shifted
GAP = 4.0

Rows = Sequence[Sequence[str]]


def keyboard() -> tuple[str, ...]:
    """The rows of letters of the keyboard in use, as far as the system tells."""
    language = QGuiApplication.inputMethod().locale().language()
    return _BY_LANGUAGE.get(language, QWERTY)


def used_rows(keys: Iterable[str], rows: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The rows as far right as any key of them is used.

    Keys that this keyboard does not have close the last row.
    """
    wanted = list(dict.fromkeys(keys))
    found = []
    for row in rows:
        last = max((row.index(key) for key in wanted if key in row), default=-1)
        found.append(tuple(row[: last + 1]))
    strange = tuple(key for key in wanted if not any(key in row for row in rows))
    found[-1] = (*found[-1], *strange)
    return tuple(found)


def key_places(
    rows: Rows, width: float, height: float, *, top: float = 0.0
) -> dict[str, QRectF]:
    """Where each key is painted, in an area of `width`; `height` of one key."""
    shifts = zip(rows, OFFSETS, strict=True)
    columns = max((len(row) + shift for row, shift in shifts if row), default=1.0)
    step = (width + GAP) / columns
    found: dict[str, QRectF] = {}
    for number, (row, shift) in enumerate(zip(rows, OFFSETS, strict=True)):
        y = top + number * (height + GAP)
        for column, key in enumerate(row):
            found[key] = QRectF((shift + column) * step, y, step - GAP, height)
    return found
