"""What is known of the 34 labels of each cell, from whatever somebody said of it.

A label is known where somebody looked for it, or where the kind of cell excludes it.
Labels that no picture at hand shows are known of no cell: they are never learned.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from marrowscope.inference.graded_labels import (
    GROUPS,
    IDS,
    LABELS,
    MAXIMA,
    index_of,
)
from marrowscope.training.datasets.cells import CellArrays
from marrowscope.training.fine_labels import WORDS
from marrowscope.training.labels import CLASSES, FEATURES
from marrowscope.training.reading.labelled import Label

# The kind a line of the taxonomy stands for.
KIND_OF_LINE: Mapping[str, str] = {
    "blast": "g_myeloblast",
    "proerythroblast": "e_normal",
    "basophilic_erythroblast": "e_normal",
    "polychromatic_erythroblast": "e_normal",
    "orthochromatic_erythroblast": "e_normal",
    "band": "g_normal",
    "segmented": "g_normal",
    "promyelocyte": "o_immature_granulocyte",
    "myelocyte": "o_immature_granulocyte",
    "metamyelocyte": "o_immature_granulocyte",
    "eosinophil": "o_eosinophil",
    "basophil": "o_basophil",
    "lymphocyte": "o_lymphocyte",
    "monocyte": "o_monocyte",
    "plasma_cell": "o_plasma_cell",
    "macrophage": "o_histiocyte",
    "platelet": "o_platelet",
    "red_cell": "o_red_cell",
    "mitosis": "o_mitosis",
    "megakaryocyte": "m_normal",
}
# What a class alone says, where the word says nothing.
NORMAL_OF_CLASS = {"EN": "e_normal", "GN": "g_normal", "MN": "m_normal"}
# Shown by drawn or edited cells; the other changes by nothing at hand.
DRAWN_CHANGES = frozenset(FEATURES)
# Cells that an experts' label set of kinds does not name: only absences are known.
NAMELESS = ("NIF", "unidentifiable", "other_nucleated")


def known_of(word: str, class_id: str) -> tuple[np.ndarray, np.ndarray]:
    """Targets and which are known, (34,) each, before grades, of one word and class.

    A dysplastic cell is no normal one of its line, and of which kind it is besides is
    not known: a pale myelocyte is immature as well.
    """
    targets, known = np.zeros(len(IDS), np.float32), np.ones(len(IDS), bool)
    kind = kind_of(word, class_id)
    if kind:
        targets[index_of(kind)] = 1.0
    if class_id == "GD":
        known[index_of("o_immature_granulocyte")] = False
    if kind is None and class_id == "other":
        known[GROUPS["o"]] = False
    for place, label in enumerate(LABELS):
        if label.maximum > 1 and label.id not in DRAWN_CHANGES:
            known[place] = False
    return targets, known


def kind_of(word: str, class_id: str) -> str | None:
    """The kind label of a cell, None for dysplastic and nameless cells.

    `word` is a source's own, or a line.
    """
    if class_id in ("ED", "GD", "MD") or word in NAMELESS:
        return None
    line = word if word in KIND_OF_LINE else WORDS.get(word, (word,))[0]
    return KIND_OF_LINE.get(line) or NORMAL_OF_CLASS.get(class_id)


def label_rows(cells: CellArrays) -> tuple[np.ndarray, np.ndarray]:
    """Targets float32 and known bool, (N, 34) each, of decoded cells.

    What a laboratory graded itself stands above what its word for the cell implies.
    """
    names = np.array(CLASSES)[np.asarray(cells.label)]
    pairs = list(zip(cells.fine.tolist(), names.tolist(), strict=True))
    each = {pair: known_of(*pair) for pair in set(pairs)}
    targets = np.stack([each[pair][0] for pair in pairs])
    known = np.stack([each[pair][1] for pair in pairs])
    columns = [index_of(name) for name in FEATURES]
    targets[:, columns] = cells.grades
    told = np.isfinite(cells.graded)
    targets[told] = np.minimum(cells.graded, MAXIMA)[told]
    return targets, known | told


def label_of(label: Label) -> tuple[np.ndarray, np.ndarray]:
    """Targets and which are known, (34,) each, of what a reader of data says.

    Grades may name any of the 34; what is graded is known, whatever else is said.
    """
    class_id = label.class_id or ""
    targets, known = known_of(label.line or label.word, class_id)
    if not class_id and kind_of(label.line or label.word, "") is None:
        known[:] = False
    for name, grade in label.grades.items():
        if name in IDS:
            place = index_of(name)
            targets[place], known[place] = min(grade, LABELS[place].maximum), True
    return targets, known


def learned(targets: np.ndarray, known: np.ndarray) -> np.ndarray:
    """(34,) True for labels that at least one cell shows."""
    return ((targets > 0) & known).any(axis=0)
