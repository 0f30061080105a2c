"""Unflagged cells read blind before signing: drawn, kept, and what they yielded."""

from __future__ import annotations

import secrets

from marrowscope.domain.counted import counted_rows
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.unflagged import (
    TO_READ,
    UnflaggedCheck,
    Yield,
    drawn_blind,
    unflagged_rows,
    yields,
)
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.places import load_taxonomy
from marrowscope.workflow.reviewing import now


def unflagged_checks(
    file: CaseFile, *, reader: str, seed: int | None = None, wanted: int = TO_READ
) -> tuple[UnflaggedCheck, ...]:
    """The checks of a case, drawn now for lineages that have none.

    Cells that regions leave out and cells that anybody has called are not drawn.
    `seed`: by default at random. Raises MarrowScopeError where nothing was read, or by
    a model that looks for no dysplasia.
    """
    known = {check.lineage: check for check in file.checks()}
    table, vocabulary = file.cells(outlines=False), file.vocabulary()
    if vocabulary is None or not len(table):
        raise MarrowScopeError("No smear has been read.", "Read the smear first.")
    rows = unflagged_rows(table, vocabulary)
    if not rows:
        raise MarrowScopeError(
            "This model looks for no dysplasia, so that it leaves nothing unflagged.",
            "Read the smear with lee or mori to check what they did not flag.",
        )
    verdicts, within = file.verdicts(), counted_rows(table, file.regions())
    chosen = secrets.randbits(32) if seed is None else seed
    for lineage, own in rows.items():
        cells = table.id[own[within[own]]]
        drawn = drawn_blind(cells, verdicts, chosen, wanted=wanted)
        if lineage not in known and drawn:
            check = UnflaggedCheck(lineage, chosen, len(cells), reader, now(), drawn)
            file.add_check(check)
            known[lineage] = check
    return tuple(known.values())


def check_yields(file: CaseFile) -> tuple[Yield, ...]:
    """What reading unflagged cells of this case has found so far; empty without any."""
    checks = file.checks()
    return yields(checks, file.verdicts(), load_taxonomy()) if checks else ()
