"""Small cases for the panels: tables, calls, and a real case file to open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from marrowscope.domain.cell_table import SALIENCY_SIZE, CellTable
from marrowscope.domain.geometry import Box
from marrowscope.domain.provenance import DeviceUse, ModelIdentity, Provenance
from marrowscope.domain.review import Verdict
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.workflow.opening import open_case

MODEL = ModelIdentity("lee", "0", "lee", "0" * 64)
SIDE, FIRST = 640, 20


def table_of(
    vocabulary: ModelVocabulary, classes: Sequence[str], *, grade: float = 2.0
) -> CellTable:
    """One cell of each class named, in a row, ids from 1; 0.8 for its class."""
    count, known = len(classes), vocabulary.class_ids
    probabilities = np.full((count, len(known)), 0.2 / (len(known) - 1), np.float32)
    for row, name in enumerate(classes):
        probabilities[row, known.index(name)] = 0.8
    boxes = [
        (FIRST + 60 * (i % 10), FIRST + 60 * (i // 10), 48, 44) for i in range(count)
    ]
    saliency = np.zeros((count, SALIENCY_SIZE, SALIENCY_SIZE), np.uint8)
    saliency[:, 3:5, 3:5] = 255
    return CellTable(
        classes=known,
        features=vocabulary.feature_ids,
        id=np.arange(1, count + 1, dtype=np.int64),
        slide=np.ones(count, np.int32),
        box=np.asarray(boxes, np.float32).reshape(count, 4),
        probabilities=probabilities,
        grades=np.full((count, len(vocabulary.features)), grade, np.float32),
        detection_score=np.full(count, 0.7, np.float32),
        cut=np.zeros(count, np.bool_),
        saliency=saliency,
        fine=np.zeros((count, 0), np.float32),
        strangeness=np.full(count, np.nan, np.float32),
        sought=np.zeros(count, np.bool_),
        drawn=np.zeros(count, np.bool_),
        outline=(None,) * count,
    )


def calls(*spec: tuple[Sequence[str], int, int | None]) -> dict[int, Verdict]:
    """(lines, how many, how many of them dysplastic or None) as verdicts by cell."""
    made: list[Verdict] = []
    for lines, count, dysplastic in spec:
        for number in range(count):
            judged = None if dysplastic is None else number < dysplastic
            made.append(Verdict(len(made) + 1, tuple(lines), judged, "R", "2026-11-21"))
    return {verdict.cell: verdict for verdict in made}


def written_case(
    folder: Path,
    vocabulary: ModelVocabulary,
    classes: Sequence[str],
    *,
    model: ModelIdentity = MODEL,
) -> Path:
    """A case file in `folder` whose one photo was read and has these cells."""
    noise = np.random.default_rng(4).integers(120, 255, (SIDE, SIDE, 3))
    photo = folder / "field.png"
    cv2.imwrite(str(photo), noise.astype(np.uint8))
    case = open_case([photo], case=folder / "panels.marrow", mpp=0.25)
    said = Provenance(
        model,
        DeviceUse("auto", "CPU"),
        "0",
        "2026-11-21T04:00:00",
        plan={"mpp": 0.25, "mpp_certainty": "known"},
    )
    number = case.slides[0].number
    run = case.file.begin_run(number, said, vocabulary, fields=[Box(0, 0, SIDE, SIDE)])
    case.file.add_field(run, 0, table_of(vocabulary, classes))
    case.file.finish_run(run)
    path = case.file.path
    case.close()
    return path
