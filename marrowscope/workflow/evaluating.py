"""How good is a model on labelled data, by what the program itself answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import FieldRead
from marrowscope.analysis.pipeline import analyse
from marrowscope.analysis.plan import ReadingPlan
from marrowscope.domain.cell_table import CellTable, concatenate
from marrowscope.domain.errors import UnreadableInput, UnusableModel
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.evaluation.crops import CropReport, evaluate_crops
from marrowscope.evaluation.detection import DetectionReport, evaluate_detections
from marrowscope.evaluation.labelled_folders import labelled_crops
from marrowscope.evaluation.masks import (
    Mask,
    MaskReport,
    evaluate_masks,
    masked_pictures,
)
from marrowscope.evaluation.matching import Predictions
from marrowscope.evaluation.truth import Truth, load_truth
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.slide import Slide
from marrowscope.inference.reader import CellReader
from marrowscope.inference.ready_made import OutlinesCells
from marrowscope.workflow.classifying import (
    camera_scales,
    classify_pictures,
    read_picture,
)
from marrowscope.workflow.opening import OpenedSlide
from marrowscope.workflow.scale import working_scales


def evaluate_detection(
    truth_file: Path, images: Path, reader: CellReader, *, mpp: float | None = None
) -> DetectionReport:
    """Read every picture the truth names in the folder, and compare.

    `mpp` microns per pixel of all pictures; without it each picture's own, or what
    their red cells propose. Raises UnreadableInput when a picture is missing.
    """
    return evaluate_truth(load_truth(truth_file), images, reader, mpp=mpp)


def evaluate_truth(
    truth: Truth, images: Path, reader: CellReader, *, mpp: float | None = None
) -> DetectionReport:
    """The same for a truth already at hand, such as another split of a YOLO set."""
    slides = _open_all(truth, images)
    try:
        scales = working_scales(slides)
        predictions = {
            picture.file: _predictions(
                opened.slide, reader, mpp or scales[opened.number].mpp
            )
            for picture, opened in zip(truth.pictures, slides, strict=True)
        }
    finally:
        for opened in slides:
            opened.slide.close()
    return evaluate_detections(truth, predictions, threshold=reader.min_score)


def _open_all(truth: Truth, images: Path) -> list[OpenedSlide]:
    opened: list[OpenedSlide] = []
    for number, picture in enumerate(truth.pictures):
        path = _picture(images, picture.file)
        slide = open_slide(path)
        identity = slide.identity
        opened.append(OpenedSlide(number, path, slide, identity.mpp, "file"))
    return opened


def _picture(images: Path, name: str) -> Path:
    """The picture in the folder, or the folder's name itself when it is one slide."""
    return images if images.is_file() else images / name


def _predictions(slide: Slide, reader: CellReader, mpp: float) -> Predictions:
    # Every finding, also those nobody is shown: average precision needs them.
    plan = ReadingPlan(mpp=mpp, min_score=0.0)
    events = analyse(slide, reader, plan, CancellationToken())
    tables = [e.cells for e in events if isinstance(e, FieldRead)]
    vocabulary = reader.vocabulary
    nothing = CellTable.empty(
        reader.classes, vocabulary.feature_ids, fine=len(vocabulary.fine)
    )
    table = concatenate([nothing, *tables])
    named = tuple(table.classes[i] for i in table.class_index)
    return Predictions(table.box, table.detection_score, named)


def evaluate_crop_folders(
    folder: Path, reader: CellReader, *, mpp: float | None = None
) -> tuple[CropReport, list[Path]]:
    """Name every crop of a folder of class folders; and the pictures not readable."""
    crops = labelled_crops(folder, tuple(reader.classes))
    answers = classify_pictures([path for path, _ in crops], reader, mpp=mpp)
    labels, chances, unreadable = [], [], []
    for (path, label), named in zip(crops, answers, strict=True):
        if named.answer is None:
            unreadable.append(path)
            continue
        labels.append(label)
        chances.append(named.answer.probabilities)
    probabilities = np.asarray(chances).reshape(-1, len(reader.classes))
    return evaluate_crops(labels, probabilities, tuple(reader.classes)), unreadable


def evaluate_mask_folder(
    folder: Path, reader: CellReader, *, mpp: float | None = None
) -> MaskReport:
    """Outline the cells of every picture of a folder and compare with its masks.

    Raises UnusableModel when the reader draws no outlines.
    """
    if not isinstance(reader, OutlinesCells):
        raise UnusableModel(
            f"The model {reader.model.name} draws no outlines.", "Choose lee."
        )
    if not folder.is_dir():
        raise UnreadableInput(f"{folder} is not a folder.", "Give a folder of masks.")
    return evaluate_masks(_mask_pairs(folder, reader, mpp))


def _mask_pairs(
    folder: Path, reader: OutlinesCells, mpp: float | None
) -> Iterator[tuple[Mask, Mask]]:
    pairs = masked_pictures(folder)
    scales = {} if mpp else camera_scales([picture for picture, _ in pairs], reader)
    for picture, mask in pairs:
        true = read_picture(mask)[0][..., 0]
        pixels, own = read_picture(picture)
        scale = mpp or own or scales[pixels.shape[:2]].mpp
        yield true, _found_mask(pixels, reader, scale)


def _found_mask(pixels: Pixels, reader: OutlinesCells, mpp: float) -> Mask:
    height, width = pixels.shape[:2]
    factor = mpp / reader.spec.mpp
    size = max(1, round(width * factor)), max(1, round(height * factor))
    slide = MemorySlide(pixels, mpp=mpp)
    sized = read_resized(slide, Box(0, 0, width, height), width=size[0], height=size[1])
    return _nearest(reader.mask(sized), width, height)


def _nearest(mask: Mask, width: int, height: int) -> Mask:
    rows = (np.arange(height) * mask.shape[0] / height).astype(np.intp)
    columns = (np.arange(width) * mask.shape[1] / width).astype(np.intp)
    return mask[rows][:, columns]
