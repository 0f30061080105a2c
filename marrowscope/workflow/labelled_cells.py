"""Labelled cells wherever they are kept: folders of crops, confirmed case files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from marrowscope.domain.errors import MarrowScopeError, UnusableModel
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.label_words import WordMeaning
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.evaluation.labelled_folders import pictures_by_folder
from marrowscope.inference.atlas import Label
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.ready_made import GIVEN, CutsPictures, PictureScale
from marrowscope.workflow import places
from marrowscope.workflow.cell_pictures import picture_of_row, slides_at_scale
from marrowscope.workflow.classifying import camera_scales, read_picture
from marrowscope.workflow.models import open_reader
from marrowscope.workflow.opening import CASE_SUFFIX, OpenedCase, open_stored
from marrowscope.workflow.reviewing import NOT_A_CELL

SEED = 1


@dataclass(frozen=True, slots=True)
class LabelledCell:
    """A cell not yet cut out; `cut` answers None where its picture cannot be read."""

    label: Label
    cut: Callable[[], Pixels | None]


def labelled_cells(
    path: Path, bundle: Bundle, mpp: float | None, opened: ExitStack
) -> Iterator[LabelledCell]:
    """The labelled cells of a folder or of a case file, which `opened` closes.

    `mpp`: microns per pixel of a folder's pictures; by default as their red cells say.
    Raises MarrowScopeError where there are none to read, UnusableModel for a model
    that does not look at single cells.
    """
    if path.suffix == CASE_SUFFIX:
        return _of_case(opened.enter_context(closing(open_stored(path))), bundle)
    return _of_folder(path, bundle, mpp)


def _of_folder(path: Path, bundle: Bundle, mpp: float | None) -> Iterator[LabelledCell]:
    reader = open_reader(bundle.name, device="cpu")
    if not isinstance(reader, CutsPictures):
        raise UnusableModel(
            f"The model {bundle.name} does not cut single cells out of pictures.",
            "Choose a model that classifies crops, such as lee.",
        )
    pictures = pictures_by_folder(path)
    scales = {} if mpp else camera_scales([p for p, _ in pictures], reader)
    for picture, word in pictures:
        label = label_of_word(word, bundle.vocabulary)
        if label is not None:
            yield LabelledCell(label, _Cutting(picture, reader, mpp, scales))


@dataclass(frozen=True, slots=True)
class _Cutting:
    """Cuts the cell out of a ready-made picture."""

    picture: Path
    reader: CutsPictures
    mpp: float | None
    scales: dict[tuple[int, int], PictureScale]

    def __call__(self) -> Pixels | None:
        try:
            pixels, own = read_picture(self.picture)
        except MarrowScopeError:
            return None
        mpp = self.mpp or own
        height, width = pixels.shape[:2]
        scale = PictureScale(mpp, GIVEN) if mpp else self.scales[height, width]
        return self.reader.crop_of(pixels, scale)


def label_of_word(word: str, vocabulary: ModelVocabulary) -> Label | None:
    """What a folder's name means; None for a word that names no nucleated cell.

    A word that nobody has listed is taken as it is written.
    """
    meaning = places.load_label_words().meaning_of(word)
    if meaning is None:
        return Label(word, "other")
    return None if meaning.ignored else _of_meaning(meaning, word, vocabulary)


def _of_meaning(meaning: WordMeaning, word: str, vocabulary: ModelVocabulary) -> Label:
    if meaning.line is not None:
        line = places.load_taxonomy().line(meaning.line)
        return Label(line.name, line.lineage)
    classes = {known.id: known for known in vocabulary.classes}
    known = classes.get(meaning.class_id or "")
    return Label(known.name, known.lineage) if known else Label(word, "other")


def _of_case(case: OpenedCase, bundle: Bundle) -> Iterator[LabelledCell]:
    taxonomy = places.load_taxonomy()
    table, verdicts = case.file.cells(), case.file.verdicts()
    slides = slides_at_scale(case, case.file.counted_runs())
    size = bundle.crop.size
    for row, cell in enumerate(table.id.tolist()):
        label = _label_of(verdicts.get(cell), taxonomy)
        if label is not None:
            cut = partial(picture_of_row, table, row, slides, size)
            yield LabelledCell(label, cut)


def _label_of(verdict: Verdict | None, taxonomy: Taxonomy) -> Label | None:
    if verdict is None or verdict.lines == NOT_A_CELL:
        return None
    name = taxonomy.name_of(verdict.lines)
    name = f"{name}, dysplastic" if verdict.dysplastic else name
    return Label(name, taxonomy.lineage_of(verdict.lines))


def drawn(found: Iterable[LabelledCell], most: int) -> list[LabelledCell]:
    """At most so many of each label, at random, in the order they were found in."""
    by_label: dict[Label, list[LabelledCell]] = defaultdict(list)
    for cell in found:
        by_label[cell.label].append(cell)
    generator = np.random.default_rng(SEED)
    drawn: list[LabelledCell] = []
    for cells in by_label.values():
        few = generator.permutation(len(cells))[:most]
        drawn += [cells[i] for i in sorted(few)]
    return drawn
