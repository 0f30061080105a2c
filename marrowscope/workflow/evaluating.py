"""How good is a model on labelled data, by what the program itself answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import FieldRead
from marrowscope.analysis.pipeline import analyse
from marrowscope.analysis.plan import ReadingPlan
from marrowscope.domain.cell_table import CellTable, concatenate
from marrowscope.domain.errors import UnreadableInput, UnusableModel
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.evaluation.crop_levels import (
    CropLevels,
    NamedCrops,
    class_of_word,
    evaluate_crop_levels,
)
from marrowscope.evaluation.detection import evaluate_detections
from marrowscope.evaluation.labelled_folders import no_known_folder, pictures_by_folder
from marrowscope.evaluation.masks import (
    Mask,
    MaskReport,
    evaluate_masks,
    masked_pictures,
)
from marrowscope.evaluation.matching import Predictions
from marrowscope.evaluation.named_cells import FoundAndNamed, evaluate_names, level_of
from marrowscope.evaluation.truth import Truth, load_truth
from marrowscope.evaluation.words import Words
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
from marrowscope.workflow.places import load_label_words, load_taxonomy
from marrowscope.workflow.scale import working_scales


def evaluate_detection(
    truth_file: Path,
    images: Path,
    reader: CellReader,
    *,
    mpp: float | None = None,
    split: str = "test",
) -> FoundAndNamed:
    """Read every picture the truth names in the folder, and compare.

    `mpp` microns per pixel of all pictures; without it each picture's own, or what
    their red cells propose. `split` of a YOLO set. Raises UnreadableInput when a
    picture is missing.
    """
    truth = load_truth(truth_file, split=split)
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
    level = level_of(truth, words_of(reader))
    least = reader.min_score
    named = evaluate_names(
        truth, predictions, level, classes=reader.classes, threshold=least
    )
    return FoundAndNamed(
        evaluate_detections(truth, predictions, threshold=least), named
    )


def words_of(reader: CellReader) -> Words:
    """What labels and this reader's answers mean."""
    return Words(load_label_words(), load_taxonomy(), reader.vocabulary)


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
    return Predictions(
        table.box, table.detection_score, named, probabilities=table.probabilities
    )


def evaluate_crop_folders(
    folder: Path, reader: CellReader, *, mpp: float | None = None
) -> CropLevels:
    """Name every crop of a folder whose sub-folders have known names.

    Raises UnreadableInput when no sub-folder means a class of the model.
    """
    words = words_of(reader)
    pictures = pictures_by_folder(folder)
    meant = {word: class_of_word(word, words) for word in {w for _, w in pictures}}
    known = [(path, word) for path, word in pictures if meant[word] is not None]
    if not known:
        raise no_known_folder(folder, tuple(reader.classes))
    answers = list(classify_pictures([path for path, _ in known], reader, mpp=mpp))
    read = [
        (word, named.answer)
        for (_, word), named in zip(known, answers, strict=True)
        if named.answer is not None
    ]
    outputs = [answer.fine for _, answer in read if answer.fine is not None]
    crops = NamedCrops(
        [word for word, _ in read],
        _rows([answer.probabilities for _, answer in read], len(reader.classes)),
        _rows(outputs, len(reader.vocabulary.fine)),
    )
    return replace(
        evaluate_crop_levels(crops, words),
        left_out=dict(Counter(word for _, word in pictures if meant[word] is None)),
        unreadable=tuple(named.path for named in answers if named.answer is None),
    )


def _rows(answers: Sequence[Any], width: int) -> NDArray[np.float64]:
    """(N, width) of the answers of N crops."""
    return np.asarray(answers, np.float64).reshape(len(answers), width)


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
    pairs = masked_pictures(folder)
    names = [picture.name for picture, _ in pairs]
    return evaluate_masks(_mask_pairs(pairs, reader, mpp), names)


def _mask_pairs(
    pairs: Sequence[tuple[Path, Path]], reader: OutlinesCells, mpp: float | None
) -> Iterator[tuple[Mask, Mask]]:
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
