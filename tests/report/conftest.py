"""Sources of a full report and of an empty one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.report.sources import ReportSources
from tests.conftest import ROOT
from tests.domain.marrows import two_marrows
from tests.report import report_parts


@pytest.fixture
def resources() -> Path:
    return ROOT / "resources"


@pytest.fixture
def full(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy, criteria: Criteria
) -> ReportSources:
    parts = report_parts.full_sources(lee_vocabulary, taxonomy, criteria)
    return replace(parts, earlier=two_marrows(taxonomy, criteria))


@pytest.fixture
def empty(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy, criteria: Criteria
) -> ReportSources:
    """A case in which nothing has been read or confirmed."""
    return report_parts.sources(
        lee_vocabulary, taxonomy, criteria, calls=[], table=None
    )


@pytest.fixture
def counted(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy, criteria: Criteria
) -> Callable[..., ReportSources]:
    """Sources for so many cells found by class and called by lines."""

    def make(found=None, called=None) -> ReportSources:
        table = None
        if found is not None:
            table = report_parts.cells_of(lee_vocabulary, found)
        calls = report_parts.verdicts(called or {})
        return report_parts.sources(
            lee_vocabulary, taxonomy, criteria, calls=calls, table=table
        )

    return make


@pytest.fixture
def with_slides(full: ReportSources) -> Callable[..., ReportSources]:
    """The full report with its first slide changed."""

    def make(**changes) -> ReportSources:
        return replace(full, slides=(replace(full.slides[0], **changes),), unmatched=0)

    return make
