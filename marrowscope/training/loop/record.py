"""The figures of every round, in one table and two plots."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from marrowscope.evaluation.figures import COLOURS, save, style
from marrowscope.workflow.places import resources

TABLE = "rounds.csv"


@dataclass(frozen=True, slots=True)
class Round:
    """One look at all labels, after the decisions of the round before.

    `agreement`: share of labels that the model names without having seen them.
    `likely_wrong`: labels that look wrong by confident learning. `kept_out`: accuracy
    on cells that are never trained on, None where none were given. `kept`, `changed`
    and `untold` count the decisions taken before this look.
    """

    number: int
    cells: int
    disagreements: int
    shown: int
    likely_wrong: float
    agreement: float
    surprise: float
    kept_out: float | None = None
    kept: int = 0
    changed: int = 0
    untold: int = 0


COLUMNS = tuple(field.name for field in fields(Round))


def read_rounds(folder: Path) -> list[Round]:
    """The rounds so far."""
    path = folder / TABLE
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [_round(row) for row in csv.DictReader(file)]


def _round(row: dict[str, str]) -> Round:
    kept_out = float(row["kept_out"]) if row["kept_out"] else None
    whole = {name: int(row[name]) for name in ("number", "cells", "disagreements")}
    more = {name: int(row[name]) for name in ("shown", "kept", "changed", "untold")}
    shares = ("likely_wrong", "agreement", "surprise")
    parts = {name: float(row[name]) for name in shares}
    return Round(**whole, **more, **parts, kept_out=kept_out)


def write_rounds(rounds: Sequence[Round], folder: Path) -> list[Path]:
    """``rounds.csv`` and the plots of it; all their paths."""
    path = folder / TABLE
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for one in rounds:
            rows.writerow([_text(value) for value in astuple(one)])
    return [path, *draw_rounds(rounds, folder)]


def _text(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def draw_rounds(rounds: Sequence[Round], folder: Path) -> list[Path]:
    """Agreement and labels in doubt by round, each as PNG and SVG."""

    def agreement(axes: Axes) -> None:
        _line(axes, rounds, [100 * r.agreement for r in rounds], 0, "with the labels")
        if all(one.kept_out is not None for one in rounds):
            right = [100 * (one.kept_out or 0.0) for one in rounds]
            _line(axes, rounds, right, 2, "with cells kept out")
        axes.set(ylabel="Agreement, %", title="The model agrees")
        axes.legend(loc="lower right")

    def doubts(axes: Axes) -> None:
        _line(axes, rounds, [r.disagreements for r in rounds], 0, "disagreements")
        _line(axes, rounds, [r.likely_wrong for r in rounds], 1, "likely wrong")
        _line(axes, rounds, [r.changed for r in rounds], 2, "just changed")
        axes.set(ylabel="Labels", title="Labels in doubt")
        axes.set_ylim(bottom=0)
        axes.legend(loc="upper right")

    with style(resources() / "fonts"):
        return [
            save(agreement, folder / "agreement", size=(4.8, 3.2)),
            save(doubts, folder / "doubts", size=(4.8, 3.2)),
        ]


def _line(
    axes: Axes, rounds: Sequence[Round], values: Sequence[float], nth: int, name: str
) -> None:
    numbers = [one.number for one in rounds]
    axes.plot(numbers, values, color=COLOURS[nth], marker="o", ms=4, label=name)
    axes.set_xlabel("Round")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
