"""How figures, their intervals and published ones stand in a printed table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from marrowscope.domain.statistics import Interval
from marrowscope.evaluation.proportion import Proportion
from marrowscope.evaluation.published import WARNING, Published, of_measure

out = Console(highlight=False)
Row = tuple[str, float | None, Interval | None, Published | None]


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def limits(interval: Interval | None) -> str:
    """Such as 71.2–83.4, in percent."""
    if interval is None:
        return ""
    return f"{percent(interval.low)}–{percent(interval.high)}"


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def number_limits(interval: Interval | None) -> str:
    return "" if interval is None else f"{interval.low:.3f}–{interval.high:.3f}"


def share(name: str, of: Proportion) -> Row:
    """A row of a share with its exact interval."""
    return f"{name} ({of.count} of {of.total})", of.value, of.interval, None


def print_rows(title: str, rows: Sequence[Row]) -> None:
    """Measures under one another: percent, 95 % interval, published."""
    table = Table("", title=escape(title), title_justify="left")
    for head in ("%", "95 %"):
        table.add_column(head, justify="right", no_wrap=True)
    cited = any(published for *_, published in rows)
    if cited:
        table.add_column("published")
    for name, value, interval, published in rows:
        cells = [escape(name), percent(value), limits(interval)]
        table.add_row(*cells, *([cited_as(published)] if cited else []))
    out.print(table)


def cited_as(published: Published | None) -> str:
    """Such as "67.4  Wu 2020", in percent; empty without one."""
    return f"{percent(published.value)}  {published.short}" if published else ""


def value_over_limits(value: float | None, interval: Interval | None) -> str:
    """A percentage, below it its interval in whole percent: for many columns."""
    if interval is None:
        return percent(value)
    low, high = (f"{100 * limit:.0f}" for limit in (interval.low, interval.high))
    return f"{percent(value)}\n[dim]{low}–{high}[/dim]"


def wide_table(title: str, heads: Sequence[str]) -> Table:
    """A table of many narrow columns after one of names."""
    table = Table(box=SIMPLE_HEAD, title=escape(title), title_justify="left")
    table.add_column("", overflow="fold", min_width=9)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    return table


def published_row(
    figures: Sequence[Published], of: str, measures: Sequence[str]
) -> list[str] | None:
    """The published line of a class, in the columns of `measures`; None without one."""
    found = [of_measure(figures, measure, of) for measure in measures]
    known = [one for one in found if one]
    if not known:
        return None
    values = [f"[italic]{percent(one.value)}[/italic]" if one else "" for one in found]
    return [f"[italic]  {known[0].short}[/italic]", *values]


def warn_of_published(figures: Sequence[Published]) -> None:
    """Say once where the published figures are from, and that pictures differ."""
    if not figures:
        return
    out.print(f"[dim]{WARNING}[/dim]")
    for where in dict.fromkeys(f"{one.source}: {one.where}" for one in figures):
        out.print(f"[dim]  {escape(where)}[/dim]")
