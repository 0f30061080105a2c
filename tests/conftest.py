"""What every test may use: the shared real images, the vocabulary of `lee`."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import Feature, ModelClass, ModelVocabulary

ROOT = Path(__file__).resolve().parents[1]

# The same examples every time, and no clock: a run tells about the change in hand, not
# about luck or a busy machine. New examples: HYPOTHESIS_PROFILE=search make test
settings.register_profile(
    "same",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
ERYTHROID = (
    "proerythroblast",
    "basophilic_erythroblast",
    "polychromatic_erythroblast",
    "orthochromatic_erythroblast",
)
GRANULOCYTIC = (
    "promyelocyte",
    "myelocyte",
    "metamyelocyte",
    "band",
    "segmented",
    "eosinophil",
    "basophil",
)
OTHERS = (
    "mast_cell",
    "promonocyte",
    "monocyte",
    "lymphocyte",
    "plasma_cell",
    "other_nucleated",
    "unidentifiable",
)


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of real images beside the project; the test skips without it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the real images of ../shared are not here")
    return folder


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    text = (ROOT / "resources" / "taxonomy.toml").read_text(encoding="utf-8")
    return Taxonomy.of(tomllib.loads(text))


@pytest.fixture(scope="session")
def criteria(taxonomy: Taxonomy) -> Criteria:
    text = (ROOT / "resources" / "criteria.toml").read_text(encoding="utf-8")
    return Criteria.of(tomllib.loads(text), taxonomy)


@pytest.fixture(scope="session")
def lee_vocabulary() -> ModelVocabulary:
    """Eight classes as in Lee 2022, with one feature for each lineage."""

    def known(class_id: str, lines: tuple[str, ...], lineage: str) -> ModelClass:
        return ModelClass(class_id, class_id, lines, lineage, class_id[-1] == "D")

    return ModelVocabulary(
        classes=(
            known("EN", ERYTHROID, "erythroid"),
            known("GN", GRANULOCYTIC, "granulocytic"),
            known("MN", ("megakaryocyte",), "megakaryocytic"),
            known("ED", ERYTHROID, "erythroid"),
            known("GD", GRANULOCYTIC, "granulocytic"),
            known("MD", ("megakaryocyte",), "megakaryocytic"),
            known("blast", ("blast",), "blast"),
            known("other", OTHERS, "other"),
        ),
        features=(
            Feature("e_budding", "Nuclear budding", "erythroid"),
            Feature("g_decreased_granules", "Decreased granules", "granulocytic"),
            Feature("m_micromegakaryocyte", "Micromegakaryocyte", "megakaryocytic"),
        ),
        dysplasia_rule="the most probable class is ED, GD or MD",
    )
