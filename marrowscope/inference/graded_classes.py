"""From 34 graded outputs to the eight classes, with probabilities that sum to one.

Changes come on the scale of their grades (`GradeScale`). A cell is of the line whose
output is highest; a change counts for its line as far as it reaches grade 1. Within a
line with dysplasia its highest change says how much of the line's share is dysplastic:
half of it at 0.5, the value at which a grade rounds to 1. Outputs of the granulocyte
line are those of its group but the myeloblast, and the immature granulocyte, eosinophil
and basophil of "other".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_expit, softmax

from marrowscope.inference.grade_scale import HALVES
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
# The changes of the first three, as places among the outputs; groups come alike.
CHANGES = tuple([i for i in rows if MAXIMA[i] > 1] for rows in LINES[:3])
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
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Sharing:
    """How surely outputs speak; both fitted on cells kept out of training.

    `sharpness`: the power to which the lines' scores are raised before they are shared
    out. `decision`: the power to which a change over half a grade is raised to give the
    odds of dysplasia.
    """

    sharpness: float = 1.0
    decision: float = 4.0

    @classmethod
    def of(cls, table: Mapping[str, float]) -> Sharing:
        """From `[mori.sharing]`. Raises ValueError for what is not above 0."""
        values = {name: float(value) for name, value in table.items()}
        strangers = set(values) - {"sharpness", "decision"}
        if strangers or min(values.values(), default=1.0) <= 0:
            raise ValueError(f"[mori.sharing] holds {dict(table)}")
        return cls(**values)


def line_scores(
    outputs: NDArray[np.float32], nothing: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """(N, 5) highest output of each line, up to 1; `nothing` (N,) speaks for "other".

    nothing: that of the outputs themselves unless it is given.
    """
    scores = np.stack([outputs[:, rows].max(axis=1) for rows in LINES], axis=1)
    besides = said_nothing(outputs) if nothing is None else nothing
    scores[:, -1] = np.maximum(scores[:, -1], besides)
    return np.minimum(scores, 1)


def said_nothing(outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N,) how far every output is from its say, 0 to 1."""
    return 1 - np.minimum(outputs.max(axis=1), 1)


def highest_changes(outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, 3) the highest change of each line with dysplasia, of gated outputs."""
    changes = gated(outputs)
    return np.stack([changes[:, rows].max(axis=1) for rows in CHANGES], axis=1)


def class_evidence(
    lines: NDArray[np.float32], changes: NDArray[np.float32], sharing: Sharing
) -> NDArray[np.float32]:
    """(N, 8) log evidence for `CLASSES` of line scores (N, 5) and changes (N, 3).

    It rises with the class's line; with the change for dysplastic classes, against it
    for normal ones.
    """
    said = sharing.sharpness * np.log(np.maximum(lines, _LEAST))
    odds = sharing.decision * np.log(np.maximum(changes, _LEAST) / HALVES[0])
    normal, sick = said[:, :3] + log_expit(-odds), said[:, :3] + log_expit(odds)
    return np.concatenate([normal, sick, said[:, 3:]], axis=1).astype(np.float32)


def class_probabilities(
    outputs: NDArray[np.float32], sharing: Sharing
) -> NDArray[np.float32]:
    """(N, 8) over `CLASSES` from outputs (N, 34) on the scale of grades."""
    changes = highest_changes(outputs)
    evidence = class_evidence(line_scores(outputs), changes, sharing)
    return softmax(evidence, axis=1).astype(np.float32)


def fine_probabilities(
    outputs: NDArray[np.float32], classes: NDArray[np.float32], sharing: Sharing
) -> NDArray[np.float32]:
    """(N, 16) over `FINE`: each class's probability (N, 8) shared by its outputs."""
    scores = np.stack([_said(outputs, labels) for _, labels in FINE.values()], axis=1)
    scores = np.maximum(scores, _LEAST) ** sharing.sharpness
    owner = np.asarray([CLASSES.index(class_id) for class_id, _ in FINE.values()])
    members = (owner[None, :] == np.arange(len(CLASSES))[:, None]).astype(np.float32)
    sums = scores @ members.T  # (N, 8)
    answer = scores / sums[:, owner] * classes[:, owner]
    return answer.astype(np.float32)


def _said(outputs: NDArray[np.float32], labels: tuple[str, ...]) -> NDArray[np.float32]:
    if not labels:
        return said_nothing(outputs)
    return outputs[:, [index_of(name) for name in labels]].max(axis=1)


def telling_label(outputs: NDArray[np.float32], class_index: int) -> int:
    """The output of one cell (34,) that speaks most for one of `CLASSES`."""
    rows = LINES[class_index if class_index < 3 else class_index - 3]
    if class_index in (3, 4, 5):
        rows = [i for i in rows if MAXIMA[i] > 1]
    elif class_index < 3:
        rows = [i for i in rows if MAXIMA[i] == 1]
    return rows[int(outputs[rows].argmax())]
