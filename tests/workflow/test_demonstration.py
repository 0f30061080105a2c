"""A reading set against a drawn truth: what counts as found, named and agreed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.workflow.demonstration import compare
from tests.domain.cells_of import cells_of


def drawn(class_id: str, x: float) -> dict[str, object]:
    return {"box": [x, 10, 20, 20], "class": class_id}


def test_every_cell_found_and_named_agrees_wholly(
    lee_vocabulary: ModelVocabulary,
) -> None:
    table = cells_of(lee_vocabulary, {"EN": 3})
    truth = {"cells": [drawn("EN", 30.0 * i) for i in range(3)], "doubtful": []}
    agreement = compare(table, lee_vocabulary, truth)
    assert (agreement.recall, agreement.precision) == (1, 1)
    assert agreement.class_agreement == 1


def test_one_cell_found_twice_costs_precision(lee_vocabulary: ModelVocabulary) -> None:
    table = cells_of(lee_vocabulary, {"EN": 2})
    table = replace(table, box=np.repeat(table.box[:1], 2, axis=0))
    truth = {"cells": [drawn("EN", 0)], "doubtful": []}
    assert compare(table, lee_vocabulary, truth).precision == pytest.approx(0.5)


def test_what_nobody_could_read_neither_rewards_nor_punishes(
    lee_vocabulary: ModelVocabulary,
) -> None:
    table = cells_of(lee_vocabulary, {"EN": 2})
    truth = {
        "cells": [drawn("EN", 0)],
        "doubtful": [{"box": [28, 8, 26, 26], "why": "smudged"}],
    }
    agreement = compare(table, lee_vocabulary, truth)
    assert (agreement.recall, agreement.precision) == (1, 1)


def test_a_suggested_share_outside_the_drawn_interval_does_not_agree(
    lee_vocabulary: ModelVocabulary,
) -> None:
    table = cells_of(lee_vocabulary, {"EN": 50, "ED": 50})
    cells = [drawn("ED" if i < 10 else "EN", 30.0 * i) for i in range(100)]
    truth = {"cells": cells, "doubtful": []}
    found = compare(table, lee_vocabulary, truth).dysplasia[0]
    assert found.drawn.count == 10
    assert not found.agrees


def test_nothing_found_is_zero_recall_not_an_error(
    lee_vocabulary: ModelVocabulary,
) -> None:
    table = cells_of(lee_vocabulary, {})
    truth = {"cells": [drawn("EN", 0)], "doubtful": []}
    agreement = compare(table, lee_vocabulary, truth)
    assert (agreement.found, agreement.recall, agreement.precision) == (0, 0, 0)
