"""Days as a person writes them; what could be read as two days is not read at all."""

from __future__ import annotations

import re
from datetime import date

# Not by strftime, which follows the machine's language.
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTS = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})\.?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
WANTED = "a day such as 2026-11-19 or 19 November 2026"


def read_day(words: str) -> date | None:
    """2026-11-19, 19.11.2026, 19 Nov 2026, November 19, 2026; None for all else.

    03/04/2026 is one day in Britain and another in America: it is not guessed.
    """
    words = " ".join(words.split())
    if match := _YEAR_FIRST.fullmatch(words):
        return _day(match[1], match[2], match[3])
    if match := _DOTS.fullmatch(words):
        return _day(match[3], match[2], match[1])
    if match := _DAY_MONTH.fullmatch(words):
        return _day(match[3], _month(match[2]), match[1])
    if match := _MONTH_DAY.fullmatch(words):
        return _day(match[3], _month(match[1]), match[2])
    return None


def day_words(day: date) -> str:
    """19 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _month(name: str) -> int:
    """Its number; 0 for no month's name."""
    short = name.casefold()
    begun = (n for n, m in enumerate(MONTHS, 1) if m.casefold().startswith(short))
    return next(begun, 0)


def _day(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
