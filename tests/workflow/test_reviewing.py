"""Calls that are stored together, and agreeing with a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from marrowscope.domain.vocabulary import ModelClass
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.reviewing import agreeing, called, record
from tests.store.case_parts import VOCABULARY, begun, cells_at

A, B = "Dr. Ørsted", "Dr. 李"


def test_each_readers_calls_are_a_step_of_ones_own(tmp_path: Path) -> None:
    with CaseFile.create(tmp_path / "case.marrow", name="two readers") as case:
        case.add_field(begun(case), 0, cells_at([(0, 0), (100, 0), (300, 300)]))
        said = [called(c, ["band"], reader=r) for c, r in ((1, A), (2, B), (3, A))]
        steps = record(case, said)
        assert [step.cells for step in steps] == [(1, 3), (2,)]
        case.undo(A)
        assert sorted(case.verdicts()) == [2]
        assert case.history(B).undo
        case.undo(B)
        assert case.verdicts() == {}


def test_agreeing_judges_no_dysplasia_that_the_model_never_tells() -> None:
    blast = ModelClass("blast", "Blast", ("blast",), "blast", False)
    vocabulary = replace(VOCABULARY, classes=(*VOCABULARY.classes, blast))
    cells = cells_at([(0, 0), (100, 0)])
    of_class = {c.class_id: c for c in (cells.cell(0), cells.cell(1))}
    normal, dysplastic = of_class["EN"], of_class["ED"]
    assert agreeing(normal, vocabulary, reader=A).dysplastic is False
    assert agreeing(dysplastic, vocabulary, reader=A).dysplastic is True
    said = agreeing(replace(normal, class_id="blast"), vocabulary, reader=A)
    assert (said.lines, said.dysplastic) == (("blast",), None)
