"""Drawn cells to train on; without torch nothing here is collected."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

collect_ignore_glob = [] if find_spec("torch") else ["test_*.py"]


@pytest.fixture(scope="session")
def few_cells():
    """A dozen drawn cells, erythroid and granulocytic, half of them dysplastic."""
    from marrowscope.phantom.smear import SmearPlan, draw_field
    from marrowscope.training.datasets.drawn_cells import cells_of_field

    plan = SmearPlan(
        420,
        420,
        12,
        5,
        dysplasia={"e": 0.5, "g": 0.5, "m": 0.0},
        mix={"polychromatic_erythroblast": 2, "segmented": 2, "blast": 1},
    )
    return cells_of_field(draw_field(plan))


@pytest.fixture(scope="session")
def mixture(few_cells):
    from marrowscope.training.datasets.mixture import balanced

    return balanced(few_cells, class_share=np.ones(8), source_share=lambda _: 1.0)
