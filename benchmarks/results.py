"""One table of figures per benchmark, in ``benchmarks/results.md``.

The environment variable BENCH_RESULTS names another file, for runs that are not meant
to be kept.
"""

from __future__ import annotations

import operator
import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

RESULTS = Path(
    os.environ.get("BENCH_RESULTS", str(Path(__file__).with_name("results.md")))
)
_HEADER = (
    "| measure | ours, ms (95th) | against, ms (95th) | ratio | goal | reached |\n"
    "|---|---|---|---|---|---|"
)
_GOAL = re.compile(r"(<=|>=|<|>) ([\d.]+) (x|ms)")
_COMPARED = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


@dataclass(frozen=True)
class Row:
    """One measure: seconds of each round, ours and what it is set against.

    `goal`: such as ">= 6 x" (of the ratio) or "<= 50 ms" (of our 95th percentile).
    """

    what: str
    ours: Sequence[float]
    against: Sequence[float]
    goal: str

    @property
    def ratio(self) -> float:
        """How many times faster ours is, median against median."""
        return float(np.median(self.against) / np.median(self.ours))

    @property
    def reached(self) -> bool | None:
        """None for a goal that is no figure."""
        meant = _GOAL.match(self.goal)
        if meant is None:
            return None
        high = 1e3 * float(np.percentile(self.ours, 95))
        value = self.ratio if meant[3] == "x" else high
        return _COMPARED[meant[1]](value, float(meant[2]))

    def line(self) -> str:
        """The row of the table."""
        ours, against = _times(self.ours), _times(self.against)
        return (
            f"| {self.what} | {ours} | {against} | {self.ratio:.2f} x | {self.goal} "
            f"| {_WORDS[self.reached]} |"
        )


@dataclass(frozen=True)
class Fact:
    """A measure in another unit, or set against nothing; `value` is in words."""

    what: str
    value: str
    goal: str = ""
    reached: bool | None = None

    def line(self) -> str:
        """The row of the table."""
        return (
            f"| {self.what} | {self.value} | | | {self.goal} | {_WORDS[self.reached]} |"
        )


_WORDS = {True: "yes", False: "**no**", None: ""}


def _times(seconds: Sequence[float]) -> str:
    middle, high = 1e3 * np.percentile(seconds, (50, 95))
    return f"{middle:.2f} ({high:.2f})"


def write_section(title: str, rows: Sequence[Row | Fact]) -> None:
    """Print the table and put it in place of the section of that title."""
    table = "\n".join([_HEADER, *(row.line() for row in rows)])
    section = f"## {title}\n\n{_machine()}\n\n{table}\n"
    print(section)
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.is_file() else "# Measured\n"
    found = re.search(rf"(?ms)^## {re.escape(title)}$.*?(?=^## |\Z)", text)
    if found:
        text = text[: found.start()] + section + "\n" + text[found.end() :]
    else:
        text = f"{text.rstrip()}\n\n{section}"
    RESULTS.write_text(text.rstrip() + "\n", encoding="utf-8")


def _machine() -> str:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return (
        f"{date.today()}, {os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}, load {load:.1f} at the end."
    )
