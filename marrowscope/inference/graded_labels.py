"""The 34 graded labels of Mori et al. 2020, in the order of their network's outputs.

Order, groups and maxima after the authors' own code (github.com/shizuo-kaji/
MyelodysplasticSyndrome: ``utility/excel2label.py``, ``dataset.py``), names after
Table 1 of the paper. Two labels are called MN there, so names here are qualified.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class GradedLabel:
    """One output: the authors' `code`, its `group` of e, g, m, o, and its `maximum`.

    `id` is the feature's own where the program has such a feature. A maximum of 1 marks
    a kind of cell, 3 a change graded 0 to 3.
    """

    code: str
    id: str
    name: str
    group: str
    maximum: int


def _label(
    code: str, id: str, name: str, maximum: int = 3
) -> tuple[str, str, str, int]:
    return code, id, name, maximum


_E = (
    _label("0e", "e_normal", "Normal erythroblast", 1),
    _label("A", "e_budding", "Nuclear budding"),
    _label("B", "e_bridging", "Internuclear bridging"),
    _label("C", "e_karyorrhexis", "Karyorrhexis"),
    _label("D", "e_multinuclearity", "Multinuclearity"),
    _label("E", "e_megaloblastoid", "Megaloblastoid change"),
    _label("G", "e_vacuolation", "Cytoplasmic vacuolation"),
    _label("X", "e_chromatin", "Abnormal chromatin clumping"),
    _label("Y", "e_howell_jolly", "Howell-Jolly body"),
    _label("giant", "e_giant", "Giant red cell"),
)
_G = (
    _label("0g", "g_normal", "Normal neutrophil", 1),
    _label("J", "g_hyposegmentation", "Nuclear hyposegmentation"),
    _label("K", "g_hypersegmentation", "Nuclear hypersegmentation"),
    _label("L", "g_decreased_granules", "Decreased granules"),
    _label("P", "g_dysplastic_nucleus", "Dysplastic nucleus, not pseudo-Pelger"),
    _label("Q", "g_projections", "Nuclear projections"),
    _label("R", "g_chromatin", "Abnormal chromatin clumping"),
    _label("Z", "g_myeloblast", "Myeloblast", 1),
)
_M = (
    _label("0m", "m_normal", "Normal megakaryocyte", 1),
    _label("S", "m_micromegakaryocyte", "Micromegakaryocyte"),
    _label("T", "m_hypolobation", "Nuclear hypolobation"),
    _label("U", "m_separated_nuclei", "Widely separated nuclei"),
    _label("V", "m_hyperlobulated", "Large, hyperlobulated nucleus"),
)
_O = (
    _label("img", "o_immature_granulocyte", "Immature granulocyte", 1),
    _label("pla", "o_plasma_cell", "Plasma cell", 1),
    _label("lym", "o_lymphocyte", "Lymphocyte", 1),
    _label("mei", "o_dividing_erythrocyte", "Dividing erythrocyte", 1),
    _label("eos", "o_eosinophil", "Eosinophil", 1),
    _label("his", "o_histiocyte", "Histiocyte", 1),
    _label("mon", "o_monocyte", "Monocyte", 1),
    _label("bas", "o_basophil", "Basophil", 1),
    _label("div", "o_mitosis", "Mitosis", 1),
    _label("rbc", "o_red_cell", "Red cell", 1),
    _label("plt", "o_platelet", "Platelet", 1),
)

LABELS: tuple[GradedLabel, ...] = tuple(
    GradedLabel(code, id, name, group, maximum)
    for group, rows in (("e", _E), ("g", _G), ("m", _M), ("o", _O))
    for code, id, name, maximum in rows
)
IDS = tuple(label.id for label in LABELS)
GROUPS: dict[str, slice] = {
    "e": slice(0, 10),
    "g": slice(10, 18),
    "m": slice(18, 23),
    "o": slice(23, 34),
}
MAXIMA: NDArray[np.float32] = np.asarray([x.maximum for x in LABELS], np.float32)
FOCUS = "g_decreased_granules"


def index_of(id: str) -> int:
    """The place of a label among the 34. Raises ValueError when there is none."""
    return IDS.index(id)


def leading_group(outputs: NDArray[np.float32]) -> NDArray[np.intp]:
    """(N,) place in `GROUPS` of the group that holds the highest of outputs (N, 34)."""
    highest = [outputs[:, rows].max(axis=1, initial=0) for rows in GROUPS.values()]
    return np.stack(highest, axis=1).argmax(axis=1)


def gated(outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Outputs (N, 34), every change 0 where its group does not hold the highest output.

    Mori et al. 2020 state it for decreased granules, the one change they studied; the
    other changes are treated alike.
    """
    leading = leading_group(outputs)
    answer = outputs.copy()
    for place, rows in enumerate(GROUPS.values()):
        changes = np.arange(rows.start, rows.stop)[MAXIMA[rows] > 1]
        answer[np.ix_(leading != place, changes)] = 0
    return answer


def rounded(outputs: NDArray[np.float32]) -> NDArray[np.int8]:
    """Grades (N, 34): outputs gated and rounded half up, 0 to 1 or 3."""
    halves_up = np.floor(gated(outputs) + 0.5)
    return np.clip(halves_up, 0, MAXIMA).astype(np.int8)
