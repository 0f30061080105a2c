"""From 34 graded outputs to the eight classes, with probabilities that sum to one.

A cell is of the line whose output is highest. Within a line with dysplasia its highest
change says how much of the line's share is dysplastic: half of it at 0.5, the value at
which a grade rounds to 1. Outputs of the granulocyte line are those of its group but
the myeloblast, and the immature granulocyte, eosinophil and basophil of "other".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marrowscope.inference.graded_labels import GROUPS, MAXIMA, gated, index_of

CLASSES = ("EN", "GN", "MN", "ED", "GD", "MD", "blast", "other")
_BLAST = index_of("g_myeloblast")
_OF_OTHER_GRANULOCYTES = ("o_immature_granulocyte", "o_eosinophil", "o_basophil")
_GRANULOCYTES = [index_of(name) for name in _OF_OTHER_GRANULOCYTES]
_ERYTHROID = list(range(GROUPS["e"].start, GROUPS["e"].stop))
_GRANULOCYTIC = [i for i in range(GROUPS["g"].start, GROUPS["g"].stop) if i != _BLAST]
_MEGAKARYOCYTIC = list(range(GROUPS["m"].start, GROUPS["m"].stop))
_OTHER = [
    i for i in range(GROUPS["o"].start, GROUPS["o"].stop) if i not in _GRANULOCYTES
]
# The outputs that speak for each of five lines, in this order.
LINES: tuple[list[int], ...] = (
    _ERYTHROID,
    _GRANULOCYTIC + _GRANULOCYTES,
    _MEGAKARYOCYTIC,
    [_BLAST],
    _OTHER,
)
# Finer answers under the classes, with the outputs that speak for each; none speak for
# a cell that nothing else fits.
FINE: dict[str, tuple[str, tuple[str, ...]]] = {
    "erythroblast": ("EN", ("e_normal",)),
    "neutrophil": ("GN", ("g_normal",)),
    "immature_granulocyte": ("GN", ("o_immature_granulocyte",)),
    "eosinophil": ("GN", ("o_eosinophil",)),
    "basophil": ("GN", ("o_basophil",)),
    "megakaryocyte": ("MN", ("m_normal",)),
    "dysplastic_erythroblast": ("ED", ("e_normal",)),
    "dysplastic_granulocyte": ("GD", ("g_normal",)),
    "dysplastic_megakaryocyte": ("MD", ("m_normal",)),
    "blast": ("blast", ("g_myeloblast",)),
    "lymphocyte": ("other", ("o_lymphocyte",)),
    "monocyte": ("other", ("o_monocyte",)),
    "plasma_cell": ("other", ("o_plasma_cell",)),
    "histiocyte": ("other", ("o_histiocyte",)),
    "platelet": ("other", ("o_platelet", "o_red_cell")),
    "unidentifiable": ("other", ()),
}
FINE_IDS = tuple(FINE)
_LEAST = 1e-4


def line_scores(outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, 5) highest output of each line; what speaks for none speaks for "other"."""
    scores = np.stack([outputs[:, rows].max(axis=1) for rows in LINES], axis=1)
    scores[:, -1] = np.maximum(scores[:, -1], _nothing(outputs))
    return scores


def _nothing(outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N,) how far every output is from its say, 0 to 1."""
    return 1 - np.minimum(outputs.max(axis=1), 1)


def class_probabilities(
    outputs: NDArray[np.float32], *, sharpness: float
) -> NDArray[np.float32]:
    """(N, 8) over `CLASSES` from raw outputs (N, 34).

    `sharpness`: the power to which scores are raised before they are shared out; fitted
    on cells kept out of training.
    """
    scores = np.maximum(line_scores(outputs), _LEAST) ** sharpness
    shares = scores / scores.sum(axis=1, keepdims=True)
    changes = gated(outputs)
    answer = np.zeros((len(outputs), len(CLASSES)), np.float32)
    for place in range(3):
        sick = _dysplastic_share(changes[:, LINES[place]], LINES[place], sharpness)
        answer[:, place] = shares[:, place] * (1 - sick)
        answer[:, place + 3] = shares[:, place] * sick
    answer[:, 6:] = shares[:, 3:]
    return answer / answer.sum(axis=1, keepdims=True)


def _dysplastic_share(
    changes: NDArray[np.float32], rows: list[int], sharpness: float
) -> NDArray[np.float32]:
    graded = MAXIMA[rows] > 1
    highest = np.clip(changes[:, graded].max(axis=1), _LEAST, 1 - _LEAST)
    yes, no = highest**sharpness, (1 - highest) ** sharpness
    return yes / (yes + no)


def fine_probabilities(
    outputs: NDArray[np.float32], classes: NDArray[np.float32], *, sharpness: float
) -> NDArray[np.float32]:
    """(N, 16) over `FINE`: each class's probability (N, 8) shared by its outputs."""
    scores = np.stack([_said(outputs, labels) for _, labels in FINE.values()], axis=1)
    scores = np.maximum(scores, _LEAST) ** sharpness
    owner = np.asarray([CLASSES.index(class_id) for class_id, _ in FINE.values()])
    members = (owner[None, :] == np.arange(len(CLASSES))[:, None]).astype(np.float32)
    sums = scores @ members.T  # (N, 8)
    answer = scores / sums[:, owner] * classes[:, owner]
    return answer.astype(np.float32)


def _said(outputs: NDArray[np.float32], labels: tuple[str, ...]) -> NDArray[np.float32]:
    if not labels:
        return _nothing(outputs)
    return outputs[:, [index_of(name) for name in labels]].max(axis=1)


def telling_label(outputs: NDArray[np.float32], class_index: int) -> int:
    """The output of one cell (34,) that speaks most for one of `CLASSES`."""
    rows = LINES[class_index if class_index < 3 else class_index - 3]
    if class_index in (3, 4, 5):
        rows = [i for i in rows if MAXIMA[i] > 1]
    elif class_index < 3:
        rows = [i for i in rows if MAXIMA[i] == 1]
    return rows[int(outputs[rows].argmax())]
