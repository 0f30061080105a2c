"""Cells sought at low power are in no percentage, whatever anybody calls them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.megakaryocytes import MICRO, megakaryocytes
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.megakaryocytes_panel.model import row_text
from marrowscope.workflow.counting import count
from marrowscope.workflow.reviewing import called
from tests.domain.cells_of import cells_of


def test_a_sought_cell_is_judged_for_dysplasia_alone(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy, criteria: Criteria
) -> None:
    table = cells_of(lee_vocabulary, {"GN": 4, "MN": 1, "MD": 2})
    sought = np.array([False] * 5 + [True] * 2)
    table = replace(table, sought=sought)
    calls = {
        1: called(1, ["myelocyte"], reader="a"),
        6: called(6, ["blast"], reader="a"),
        7: called(7, ["megakaryocyte"], reader="a", dysplastic=True),
    }
    counts = count(table, calls, lee_vocabulary, taxonomy, criteria)
    assert counts.suggested is not None
    assert counts.suggested.total == 4
    assert sum(row.count for row in counts.suggested.outside) == 1
    assert counts.confirmed.total == 1
    assert counts.confirmed.outside == ()
    assert counts.confirmed_blasts.count == 0
    (said,) = [d for d in counts.suggested_dysplasia if d.lineage == "megakaryocytic"]
    assert (said.dysplastic, said.total) == (2, 3)
    judged = {d.lineage: d.share for d in counts.confirmed_dysplasia}["megakaryocytic"]
    assert (judged.count, judged.total) == (1, 1)
    # On the list stand those that are megakaryocytes still.
    listed = megakaryocytes(table, calls, lee_vocabulary, taxonomy)
    assert [(one.cell, one.sought, one.confirmed) for one in listed] == [
        (5, False, False),
        (7, True, True),
    ]


def test_a_micromegakaryocyte_met_in_a_field_is_listed_as_one(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy
) -> None:
    table = cells_of(lee_vocabulary, {"GD": 1, "MN": 1, "MD": 4})
    small = lee_vocabulary.feature_ids.index(MICRO)
    grades = np.zeros_like(table.grades)
    grades[:, small] = [2, 2, 2, 0, 2, 0]  # MN is not dysplastic: no grade counts
    grown = {"m_separated_nuclei": 1}
    calls = {
        5: called(5, ["megakaryocyte"], reader="a", dysplastic=True, grades=grown),
        6: called(6, ["megakaryocyte"], reader="a", dysplastic=True, grades={MICRO: 2}),
    }
    table = replace(table, grades=grades)
    listed = megakaryocytes(table, calls, lee_vocabulary, taxonomy)
    assert [one.cell for one in listed if one.micro] == [3, 6]
    assert not any(one.sought for one in listed)
    assert row_text(listed[1], 2) == "2  micromegakaryocyte, suggested\nmet in a field"
