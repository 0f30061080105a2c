"""Which count a report shows: fixed and drawn at random beforehand, or neither."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from marrowscope.domain.count_state import CountState, LineageCount
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.report.sources import ReportSources
from marrowscope.report.wording import (
    LINEAGE_NAMES,
    count_text,
    date_text,
    printable,
    share_text,
)

HEADING = "Formal count"
APART = "Called outside the formal count, in no percentage"
PICKED = "Called of cells picked out, in no percentage"
TWO_SMEARS = 500  # from so many on, at least two smears; clinical.md 1.1
TOTAL = "Nucleated cells counted"


@dataclass(frozen=True, slots=True)
class SmearTable:
    """Cells of the count by line and smear: `rows` are a name and one text a smear."""

    smears: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class CountPart:
    """`basis`: in a sentence, which cells the differential is of. `notes`: how they
    were drawn and read. `apart`: name and number of calls that are in no share, under
    `apart_heading`.
    """

    basis: str
    notes: tuple[str, ...] = ()
    smears: SmearTable | None = None
    apart: tuple[tuple[str, str], ...] = ()
    apart_heading: str = APART


def count_part(sources: ReportSources) -> CountPart:
    """What a report says of the count itself."""
    state = sources.formal
    apart = tuple((r.name, count_text(r.share.count)) for r in sources.apart)
    if state is None:
        basis = not_drawn(sources.confirmed.total)
        return CountPart(basis, apart=apart, apart_heading=PICKED)
    return CountPart(
        basis=drawn(state),
        notes=tuple(_notes(state)),
        smears=_smears(state, sources.taxonomy),
        apart=apart,
    )


def not_drawn(total: int) -> str:
    """What percentages are worth without a formal count; "" before any call."""
    if not total:
        return ""
    return (
        f"{_cells(total)} confirmed, not drawn at random: which cells were chosen"
        " shapes these percentages."
    )


def drawn(state: CountState) -> str:
    """How a formal count came about and how far it is."""
    open_ = ", not read to its end" if state.counted < state.target else ""
    read = f"{count_text(state.counted)} of {count_text(state.target)} cells"
    how = f"drawn at random and fixed before reading (seed {state.seed})"
    return f"Formal count{open_}: {read}, {how}."


def _notes(state: CountState) -> Iterator[str]:
    yield f"Fixed by {printable(state.who)}, {date_text(state.at)}."
    if len(state.smears) == 1 and state.target >= TWO_SMEARS:
        yield (
            f"All of one smear: {count_text(TWO_SMEARS)} cells are to be counted on at"
            " least two, where there are two."
        )
    if state.to_read:
        yield f"{_cells(state.to_read)} of the count not read yet."
        if state.picked:
            yield leaning(state)
    if state.replaced:
        yield (
            f"{_cells(state.replaced)} drawn that no differential holds or that are"
            " there no more, replaced by the next of the same draw."
        )
    if state.missing > 0:
        yield f"{_cells(state.missing)} missing: too few were found in the fields read."
    if state.counted:
        yield _blind(state)
    tops = [one for one in state.lineages if one.on_top]
    if tops:
        yield (
            "Drawn on top, to judge dysplasia by and in no share of the differential: "
            + "; ".join(map(_on_top, tops))
            + "."
        )


def leaning(state: CountState) -> str:
    """Why the percentages of a count that is not read to its end are not to be used."""
    were = "was" if state.picked == 1 else "were"
    return (
        f"{count_text(state.picked)} of {count_text(state.counted)} {were} not read in"
        " turn but picked out, in review or a sorted gallery: until the count is read"
        " to its end its percentages lean to such cells."
    )


def _blind(state: CountState) -> str:
    if state.blind == state.counted:
        return "Every cell was called before the model’s class of it was shown."
    return (
        f"{count_text(state.blind)} of {_cells(state.counted)} called before the"
        " model’s class was shown, the others with it in view."
    )


def _on_top(one: LineageCount) -> str:
    read = one.on_top - one.to_read
    return (
        f"{LINEAGE_NAMES[one.lineage].lower()} {count_text(read)} of"
        f" {count_text(one.on_top)} read"
    )


def _cells(count: int) -> str:
    return f"{count_text(count)} {'cell' if count == 1 else 'cells'}"


def _smears(state: CountState, taxonomy: Taxonomy) -> SmearTable | None:
    if len(state.smears) < 2:
        return None
    lines = {tuple(key.split("/")): key for key in state.lines}
    rows = [
        (taxonomy.name_of(one), tuple(_of(smear, lines[one]) for smear in state.smears))
        for one in taxonomy.in_order(lines)
    ]
    totals = tuple(
        f"{count_text(s.counted)} of {count_text(s.drawn)}" for s in state.smears
    )
    names = tuple(printable(s.name) for s in state.smears)
    return SmearTable(names, (*rows, (TOTAL, totals)))


def _of(smear: Any, key: str) -> str:
    count = smear.lines.get(key, 0)
    return f"{count_text(count)} ({share_text(count, smear.counted)} %)"


def count_entry(sources: ReportSources) -> dict[str, Any]:
    """The JSON's `formal_count`; null where none was drawn."""
    state = sources.formal
    if state is None:
        return {"formal_count": None}
    said = asdict(state)
    for name in ("cells", "on_top"):
        del said[name]
    apart = [
        {"lines": list(row.lines), "name": row.name, "count": row.share.count}
        for row in sources.apart
    ]
    return {"formal_count": {**said, "apart": apart}}
