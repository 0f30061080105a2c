"""The order of classes and features of ``lee``, written once for training."""

from __future__ import annotations

CLASSES = ("EN", "GN", "MN", "ED", "GD", "MD", "blast", "other")

FEATURES = (
    "e_budding",
    "e_bridging",
    "e_karyorrhexis",
    "e_multinuclearity",
    "e_megaloblastoid",
    "e_vacuolation",
    "g_hyposegmentation",
    "g_hypersegmentation",
    "g_decreased_granules",
    "m_micromegakaryocyte",
    "m_hypolobation",
    "m_separated_nuclei",
)

NORMAL_CLASSES = ("EN", "GN", "MN")
DYSPLASTIC_CLASSES = ("ED", "GD", "MD")
LINEAGES = ("erythroid", "granulocytic", "megakaryocytic")
REAL_CLASSES = ("EN", "GN", "blast", "other")
