"""Example cells of a report, cut from the slides of a real case file."""

from __future__ import annotations

from pathlib import Path

from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.workflow.cell_pictures import example_cells, slides_at_scale
from marrowscope.workflow.opening import open_case
from marrowscope.workflow.reviewing import called, record
from tests.gui.panel_cases import written_case


def test_confirmed_examples_stand_in_the_order_of_the_report(
    tmp_path: Path, lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy
) -> None:
    path = written_case(tmp_path, lee_vocabulary, ["GN", "EN", "blast"])
    case = open_case([path])
    table = case.file.cells()
    for cell, line in zip(
        table.id, ("segmented", "promyelocyte", "blast"), strict=True
    ):
        record(case.file, [called(int(cell), [line], reader="R")])
    slides = slides_at_scale(case, case.file.counted_runs())
    verdicts = case.file.verdicts()
    found = example_cells(table, verdicts, lee_vocabulary, taxonomy, slides)
    case.close()
    names = [example.name for example in found]
    assert names == [
        *("EN", "GN", "blast"),
        *("Blasts", "Promyelocytes", "Segmented neutrophils"),
    ]
    assert {example.picture.shape for example in found} == {(128, 128, 3)}
