"""What steps are called: the words after "Undo:" in the menu and in the journal."""

from __future__ import annotations

from collections.abc import Sequence

from marrowscope.domain.call_tally import Call, call_tally
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy

_SAID = {"unidentifiable": "cannot classify", "not_a_cell": "not a cell"}


def cells_said(count: int) -> str:
    """How many cells, in words."""
    return "1 cell" if count == 1 else f"{count:,} cells"


def name_of_calls(verdicts: Sequence[Verdict], taxonomy: Taxonomy) -> str:
    """Such as "14 cells to myelocyte" or "3 cells called" where calls differ."""
    some = cells_said(len({verdict.cell for verdict in verdicts}))
    said = {_words(call, taxonomy) for call in call_tally(verdicts)}
    return f"{some} {said.pop()}" if len(said) == 1 else f"{some} called"


def _words(call: Call, taxonomy: Taxonomy) -> str:
    if call.lines[0] in _SAID and len(call.lines) == 1:
        return f"to “{_SAID[call.lines[0]]}”"
    named = call.lines[0].replace("_", " ")
    if len(call.lines) > 1:
        named = taxonomy.name_of(call.lines).lower()
    judged = {None: "", True: ", dysplastic", False: ", not dysplastic"}
    graded = "" if call.highest is None else f", grade {call.highest}"
    return f"to {named}{judged[call.dysplastic]}{graded}"
