"""The finer outputs under the eight classes, and what a source's own word allows.

Each output belongs to one class and suggests lines of ``taxonomy.toml``. A word that
is coarser than an output (immature granulocyte, say) allows several of them: training
then asks only for their sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from marrowscope.training.labels import CLASSES


@dataclass(frozen=True, slots=True)
class FineOutput:
    """One output of the network: its class of the eight and its lines.

    One line, or several where it tells no stage, the likeliest first.
    """

    id: str
    name: str
    class_id: str
    lines: tuple[str, ...]


_STAGELESS = {
    "dysplastic_erythroblast": (
        "polychromatic_erythroblast",
        "orthochromatic_erythroblast",
        "basophilic_erythroblast",
        "proerythroblast",
    ),
    "dysplastic_granulocyte": (
        "segmented",
        "band",
        "metamyelocyte",
        "myelocyte",
        "promyelocyte",
    ),
    "dysplastic_megakaryocyte": ("megakaryocyte",),
}
FINE = tuple(
    FineOutput(id_, name, class_id, _STAGELESS.get(id_, (id_,)))
    for class_id, outputs in (
        (
            "EN",
            (
                ("proerythroblast", "Proerythroblast"),
                ("basophilic_erythroblast", "Basophilic erythroblast"),
                ("polychromatic_erythroblast", "Polychromatic erythroblast"),
                ("orthochromatic_erythroblast", "Orthochromatic erythroblast"),
            ),
        ),
        (
            "GN",
            (
                ("promyelocyte", "Promyelocyte"),
                ("myelocyte", "Myelocyte"),
                ("metamyelocyte", "Metamyelocyte"),
                ("band", "Band neutrophil"),
                ("segmented", "Segmented neutrophil"),
                ("eosinophil", "Eosinophil"),
                ("basophil", "Basophil"),
            ),
        ),
        (
            "MN",
            (("megakaryocyte", "Megakaryocyte"),),
        ),
        (
            "ED",
            (("dysplastic_erythroblast", "Dysplastic erythroblast"),),
        ),
        (
            "GD",
            (("dysplastic_granulocyte", "Dysplastic granulocyte"),),
        ),
        (
            "MD",
            (("dysplastic_megakaryocyte", "Dysplastic megakaryocyte"),),
        ),
        (
            "blast",
            (("blast", "Blast"),),
        ),
        (
            "other",
            (
                ("lymphocyte", "Lymphocyte"),
                ("monocyte", "Monocyte"),
                ("plasma_cell", "Plasma cell"),
                ("unidentifiable", "Not identifiable"),
                ("platelet", "Platelet or no cell"),
            ),
        ),
    )
    for id_, name in outputs
)
FINE_IDS = tuple(output.id for output in FINE)
CLASS_INDEX = np.array([CLASSES.index(output.class_id) for output in FINE])  # (K,)

# Lines of the taxonomy that no output suggests.
_CLASS_OF_OTHER_LINES = dict.fromkeys(
    (
        "promonocyte",
        "mast_cell",
        "macrophage",
        "other_nucleated",
        "smudged_nucleus",
        "bare_nucleus",
        "not_a_cell",
        "red_cell",
        "mitosis",
    ),
    "other",
)
_NEUTROPHIL = ("band", "segmented")
# Words of the sources (and of the edits made of them), by the outputs they allow.
WORDS: Mapping[str, Sequence[str]] = {
    "BLA": ("blast",),
    "EOS": ("eosinophil",),
    "EO": ("eosinophil",),
    "LYT": ("lymphocyte",),
    "LY": ("lymphocyte",),
    "MON": ("monocyte",),
    "MO": ("monocyte",),
    "promonocyte": ("monocyte",),
    "NGS": ("segmented",),
    "SNE": ("segmented",),
    "BNE": ("band",),
    "NEUTROPHIL": _NEUTROPHIL,
    "NIF": ("unidentifiable",),
    "PMO": ("promyelocyte",),
    "PMY": ("promyelocyte",),
    "MY": ("myelocyte",),
    "MMY": ("metamyelocyte",),
    "IG": ("promyelocyte", "myelocyte", "metamyelocyte"),
    "BA": ("basophil",),
    "PLATELET": ("platelet",),
    "o_red_cell": ("platelet",),
    "red_cell": ("platelet",),
    "not_a_cell": ("platelet",),
    "granules": _NEUTROPHIL,
    "lobes3": _NEUTROPHIL,
    "lobes4": _NEUTROPHIL,
    "transplant of lobes": _NEUTROPHIL,
}


def allowed(label: int, word: str) -> np.ndarray:
    """(K,) bool: the outputs that are right for a cell of this class and word.

    A word that says nothing finer than the class, or contradicts it, allows the class.
    """
    of_class = label == CLASS_INDEX
    named = np.isin(FINE_IDS, WORDS.get(word, (word,))) & of_class
    return named if named.any() else of_class


def class_of_word(word: str) -> str | None:
    """The class of a source's word, None for a word nobody has listed."""
    known = WORDS.get(word, (word,))[0]
    return FINE[FINE_IDS.index(known)].class_id if known in FINE_IDS else None


def class_of_line(line: str) -> str | None:
    """The class of a normal cell of this line, None where no class holds it."""
    classes = [output.class_id for output in FINE if output.lines == (line,)]
    return classes[0] if classes else _CLASS_OF_OTHER_LINES.get(line)


def allowed_rows(labels: np.ndarray, words: np.ndarray) -> np.ndarray:
    """(N, K) bool of `allowed` for many cells."""
    if not len(labels):
        return np.zeros((0, len(FINE)), bool)
    pairs = list(zip(labels.tolist(), words.tolist(), strict=True))
    each = {pair: allowed(*pair) for pair in set(pairs)}
    return np.stack([each[pair] for pair in pairs])


def groups() -> np.ndarray:
    """(8, K) of 0 and 1: which outputs add up to which class."""
    return (np.arange(len(CLASSES))[:, None] == CLASS_INDEX).astype(np.float32)
