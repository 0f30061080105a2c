"""Cells sought at low power are in no percentage, whatever anybody calls them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.megakaryocytes import megakaryocytes
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
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
