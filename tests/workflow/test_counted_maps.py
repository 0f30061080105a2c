"""The map of counted cells shows those that are in a percentage, and no others."""

from __future__ import annotations

from pathlib import Path

from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.workflow.counted_maps import counted_maps
from marrowscope.workflow.opening import open_case
from marrowscope.workflow.reviewing import called, record
from tests.gui.panel_cases import written_case


def test_only_cells_of_a_percentage_are_on_the_map(
    tmp_path: Path, lee_vocabulary: ModelVocabulary
) -> None:
    case = open_case([written_case(tmp_path, lee_vocabulary, ["GN"] * 5)])
    lines = ("blast", "band", "not_a_cell", "megakaryocyte")
    calls = [called(cell, (name,), reader="A") for cell, name in enumerate(lines, 1)]
    record(case.file, calls)
    file = case.file
    (shown,) = counted_maps(case, file.cells(), file.verdicts())
    assert shown.cells == 2
    drawn = FormalCount(2, 7, "A", "2026-11-21", ((0, 2), (0, 3)))
    (shown,) = counted_maps(case, file.cells(), file.verdicts(), formal=drawn)
    assert shown.cells == 1
    case.close()
