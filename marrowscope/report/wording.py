"""Numbers and names as a report prints them. Rounding never decides."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial

from marrowscope.domain.days import day_words
from marrowscope.domain.statistics import (
    Interval,
    Share,
    Standing,
    percent_text,
    same_side,
)
from marrowscope.domain.taxonomy import Taxonomy

_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_MATURING = {"granulocytic", "monocytic", "erythroid"}
GRANULES_ALONE = "called dysplastic for granules alone, not counted on a pale stain"
LINEAGE_NAMES = {
    "blast": "Blasts",
    "erythroid": "Erythroid",
    "granulocytic": "Granulocytic",
    "megakaryocytic": "Megakaryocytic",
    "monocytic": "Monocytic",
    "lymphoid": "Lymphoid",
    "other": "Other",
}


def line_name(line: str) -> str:
    """What a line that is held against thresholds is called, on every page.

    `line`: "blast", or the lineage whose dysplasia it is.
    """
    named = LINEAGE_NAMES[line]
    return named if line == "blast" else f"{named} dysplasia"


def left_open_text(lines: Collection[str], taxonomy: Taxonomy) -> str:
    """What nobody said of cells called by these lines: a stage, where cells mature.

    Such as erythroblasts of which the stage, and lymphoid cells of which the type, is
    not given; blasts may be one end of any series.
    """
    lineages = {taxonomy.line(line).lineage for line in lines} - {"blast"}
    matures = len(lineages) < 2 and lineages <= _MATURING
    return "stage not given" if matures else "type not given"


def unplaced_text(cells: int) -> str:
    """That blasts may be among cells of which nobody gave the stage."""
    said = f"{count_text(cells)} confirmed only as a wider series, stage not given"
    return f"{said}: blasts may be among them"


def printable(text: str) -> str:
    """Text without what no page can show: control characters, broken encoding.

    Accents are joined to their letters; marks that turn the reading direction go too,
    since they could make a name read as another.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(c for c in composed if c == "\n" or not _hidden(c))


def _hidden(char: str) -> bool:
    turns = unicodedata.bidirectional(char) in _TURNING
    return turns or unicodedata.category(char) in ("Cc", "Cs")


def count_text(count: int) -> str:
    """A number of cells: 1,204."""
    return f"{count:,}"


def mark_text(mark: Fraction) -> str:
    """A threshold in percent: 10 %, 2.5 %."""
    return f"{float(mark * 100):g} %"


def share_text(count: int, total: int, marks: Sequence[Fraction] = ()) -> str:
    """`count` of `total` in percent without the sign; a dash when nothing counted."""
    return percent_text(Share(count, total), tuple(marks))


def interval_text(interval: Interval, marks: Sequence[Fraction] = ()) -> str:
    """Both limits in percent: whole, with decimals where one comes near a mark."""
    limits = (interval.low, interval.high)
    texts = [f"{100 * limit:.0f}" for limit in limits]
    near = any(abs(limit - mark) <= 0.01 for limit in limits for mark in marks)
    for decimals in range(1, 5) if near else ():
        texts = [f"{100 * limit:.{decimals}f}" for limit in limits]
        if all(map(partial(same_side, marks), texts, limits)):
            break
    return "–".join(texts)


def standing_text(standing: Standing, mark: Fraction) -> str:
    """Where a confirmed share stands, in a word."""
    if standing in (Standing.BELOW, Standing.AT_OR_ABOVE):
        return f"{standing.value} {mark_text(mark)}"
    return standing.value


def more_cells_text(more: int | None) -> str:
    """How many more cells would settle a share, rounded up: "about 190 more".

    A guide, not a stopping rule: a count that ends as soon as it pleases is no longer
    the count its interval was made for.
    """
    if more is None:
        return "cannot be settled by counting"
    step = 10 ** max(len(str(more)) - 2, 0)
    return f"about {-(-more // step) * step:,} more" if more else "settled"


def day_text(at: str) -> str:
    """The day of a UTC moment: 21 November 2026."""
    return day_words(_in_utc(at))


def date_text(at: str) -> str:
    """A UTC moment to the minute: 21 November 2026, 05:00 UTC."""
    return f"{day_text(at)}, {_in_utc(at):%H:%M} UTC"


def _in_utc(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment.astimezone(UTC) if moment.tzinfo else moment


def scale_text(mpp: float) -> str:
    """Microns per pixel: 0.25 µm per pixel."""
    return f"{mpp:.4g} µm per pixel"
