"""Does a slide look like the pictures its model was trained on?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.inference.familiarity import Familiarity
from marrowscope.workflow.cell_pictures import SlideAtScale, picture_of_row

SAMPLE = 150
MOSTLY = 0.5


def unlike_share(
    table: CellTable, slides: Mapping[int, SlideAtScale], known: Familiarity
) -> float:
    """Share of the cells, from 0 to 1, that look unlike every training set.

    Judged on at most 150 cells drawn at random, always the same ones.
    """
    rows = np.random.default_rng(0).permutation(len(table))[:SAMPLE]
    pictures = [
        p for row in rows if (p := picture_of_row(table, int(row), slides)) is not None
    ]
    return float(known.unlike(pictures).mean()) if pictures else 0.0


def unlike_sentence(share: float, cells: int) -> str | None:
    """What a report says when most of the cells look unlike; else None."""
    if share <= MOSTLY:
        return None
    return (
        f"Few or no marrow cells were found: of the {cells:,} places suggested, about "
        f"{100 * share:.0f} % look unlike every picture the model was trained on. This "
        "may not be a smear of bone marrow, or it is stained or scanned in another way."
    )
