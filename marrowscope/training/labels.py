"""The order of classes and features of ``lee``, as the phantom's truth has them."""

from __future__ import annotations

from marrowscope.phantom.truth import CLASSES, FEATURES

__all__ = [
    "CLASSES",
    "DYSPLASTIC_CLASSES",
    "FEATURES",
    "LINEAGES",
    "NORMAL_CLASSES",
    "REAL_CLASSES",
]

NORMAL_CLASSES = ("EN", "GN", "MN")
DYSPLASTIC_CLASSES = ("ED", "GD", "MD")
LINEAGES = ("erythroid", "granulocytic", "megakaryocytic")
REAL_CLASSES = ("EN", "GN", "blast", "other")
