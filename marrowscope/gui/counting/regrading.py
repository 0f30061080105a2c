"""Marking a cell that was called already: its call is said anew, with the marks."""

from __future__ import annotations

from marrowscope.domain.dysplasia_features import DysplasiaFeatures
from marrowscope.domain.key_map import KeyMap
from marrowscope.domain.review import Verdict
from marrowscope.gui.cell_inspector.calls import can_be_dysplastic
from marrowscope.gui.counting.marks import Judge, Marks, keyless
from marrowscope.gui.session import CaseSession


def regrade(
    session: CaseSession,
    verdict: Verdict,
    marks: Marks,
    judge: Judge,
    *,
    key_map: KeyMap,
    known: DysplasiaFeatures,
) -> str:
    """Call the cell again with these marks; says why where they mean nothing, else "".

    A feature without a key here (another map's, a model's own) stays as it was.
    """
    lines, taxonomy = verdict.lines, session.taxonomy
    if not can_be_dysplastic(lines, session.criteria):
        return f"Dysplasia is not graded in {taxonomy.name_of(lines).lower()}."
    grades = {
        **keyless(verdict.grades, key_map, known),
        **marks.grades(taxonomy.lineage_of(lines), key_map, known),
    }
    dysplastic = judge(verdict, grades)
    session.call(lines, dysplastic=dysplastic, grades=grades, cells=[verdict.cell])
    return ""
