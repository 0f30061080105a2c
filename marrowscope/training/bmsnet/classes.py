"""The eight classes of Wu et al. 2020, and which one a source's word means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

CLASSES = (
    "erythroid",
    "blast",
    "myeloid",
    "lymphoid",
    "plasma_cell",
    "monocyte",
    "megakaryocyte",
    "unidentifiable",
)
UNIDENTIFIABLE = CLASSES.index("unidentifiable")

# Lines of the taxonomy by class; what is not listed has no class here.
_LINES: Mapping[str, Sequence[str]] = {
    "erythroid": (
        "proerythroblast",
        "basophilic_erythroblast",
        "polychromatic_erythroblast",
        "orthochromatic_erythroblast",
    ),
    "blast": ("blast",),
    "myeloid": (
        "promyelocyte",
        "myelocyte",
        "metamyelocyte",
        "band",
        "segmented",
        "eosinophil",
        "basophil",
    ),
    "lymphoid": ("lymphocyte",),
    "plasma_cell": ("plasma_cell",),
    "monocyte": ("monocyte", "promonocyte"),
    "megakaryocyte": ("megakaryocyte",),
    "unidentifiable": ("unidentifiable", "other_nucleated", "mast_cell", "macrophage"),
}
# Codes of the MLL and Acevedo sets.
_CODES: Mapping[str, Sequence[str]] = {
    "erythroid": ("ERB",),
    "blast": ("BLA",),
    "myeloid": (
        *("PMO", "NGS", "EOS", "PMY", "MY", "MMY", "IG"),
        *("BNE", "SNE", "NEUTROPHIL", "EO", "BA"),
    ),
    "lymphoid": ("LYT", "LY"),
    "monocyte": ("MON", "MO"),
    "unidentifiable": ("NIF",),
}
CLASS_OF: Mapping[str, int] = {
    word: CLASSES.index(name)
    for table in (_LINES, _CODES)
    for name, words in table.items()
    for word in words
}
