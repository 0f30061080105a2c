"""What a person says of a cell, kept beside the model's answer and never over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Verdict:
    """One reader's call of one cell.

    `lines` are the taxonomy lines the call covers: one for an exact call, several when
    the reader named only the series ("erythroblast, stage not given"). `dysplastic` is
    None while nobody has judged it. `grades` holds the features the reader graded, 0
    to 3. `at` is UTC, ISO 8601.
    """

    cell: int
    lines: tuple[str, ...]
    dysplastic: bool | None
    reader: str
    at: str
    grades: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("a verdict names at least one line")


def latest(verdicts: Iterable[Verdict]) -> dict[int, Verdict]:
    """The last verdict of each cell, in the order given."""
    return {verdict.cell: verdict for verdict in verdicts}
