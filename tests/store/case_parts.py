"""Small awkward parts of a case, the same for every test and for killed processes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.geometry import Box
from marrowscope.domain.provenance import (
    DeviceUse,
    ModelIdentity,
    Provenance,
    SlideIdentity,
)
from marrowscope.domain.review import Edit, Verdict
from marrowscope.domain.vocabulary import Feature, ModelClass, ModelVocabulary
from marrowscope.store.case_file import CaseFile, StoredRun

SLIDE = SlideIdentity("sha256:aa", "Präparat 病 1.svs", 4000, 3000, 0.25)
VOCABULARY = ModelVocabulary(
    classes=(
        ModelClass("EN", "Erythroblast", ("proerythroblast",), "erythroid", False),
        ModelClass("ED", "Dysplastic", ("proerythroblast",), "erythroid", True),
    ),
    features=(
        Feature("e_budding", "Nuclear budding", "erythroid"),
        Feature("e_bridging", "Internuclear bridging", "erythroid"),
        Feature("e_vacuolation", "Vacuolation", "erythroid"),
    ),
    dysplasia_rule="the most probable class is ED",
)


def provenance(sha256: str = "f" * 64, **plan: object) -> Provenance:
    return Provenance(
        model=ModelIdentity("lee", "0.1.0", "lee", sha256),
        device=DeviceUse("cuda", "cpu"),
        program="0.1.0",
        started="2026-11-21T04:00:00+00:00",
        plan=plan,
    )


def cells_at(corners: list[tuple[float, float]], *, size: float = 60.0) -> CellTable:
    """Square cells whose answers differ from cell to cell; every third one is bare."""
    count = len(corners)
    spread = np.arange(1, count + 1, dtype=np.float32)
    boxes = np.asarray([(x, y, size, size) for x, y in corners], np.float32)
    first = 1 / (1 + spread)
    return CellTable(
        classes=VOCABULARY.class_ids,
        features=VOCABULARY.feature_ids,
        id=np.full(count, -1, np.int64),
        slide=np.zeros(count, np.int32),
        box=boxes.reshape(-1, 4),
        probabilities=np.stack([first, 1 - first], axis=1).astype(np.float32),
        grades=np.outer(spread % 4, [1, 0.5, 0]).astype(np.float32),
        detection_score=(0.5 + first / 2).astype(np.float32),
        cut=spread % 2 == 0,
        saliency=np.arange(count * 64, dtype=np.uint8).reshape(count, 8, 8),
        fine=np.zeros((count, 0), np.float32),
        strangeness=np.full(count, np.nan, np.float32),
        sought=np.zeros(count, np.bool_),
        drawn=np.zeros(count, np.bool_),
        outline=tuple(
            None
            if i % 3 == 2
            else np.asarray([(x, y), (x + size, y), (x, y + size + i)], np.float32)
            for i, (x, y) in enumerate(corners)
        ),
    )


def call(case: CaseFile, verdicts: Sequence[Verdict]) -> None:
    """Store calls, one step for each reader."""
    for reader in dict.fromkeys(v.reader for v in verdicts):
        own = tuple(v for v in verdicts if v.reader == reader)
        case.edit(Edit(f"{len(own)} called", reader, own[0].at, verdicts=own))


def withdraw(case: CaseFile, cell: int, reader: str) -> None:
    """Take back what a reader said of a cell."""
    case.edit(Edit("call taken back", reader, "later", withdrawn=(cell,)))


def strip(fields: int, *, width: float = 500.0) -> list[Box]:
    """Fields side by side."""
    return [Box(i * width, 0, width, width) for i in range(fields)]


def begun(case: CaseFile, *, fields: int = 3) -> StoredRun:
    """A run over the only slide of a case."""
    slide = case.add_slide(SLIDE, Path("Präparat 病 1.svs"))
    return case.begin_run(slide, provenance(), VOCABULARY, strip(fields))
