"""What the inspector says of the selected cell, as text and numbers ready to paint."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from marrowscope.domain.cells import Cell
from marrowscope.domain.likeness import is_unlike
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import LINEAGES, Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary

HIGHEST_GRADE = 3
LEAST = 0.01
CUT_MARK = "cut by the edge of the picture"
UNLIKE_MARK = "looks unlike the training images"
NOTHING_SELECTED = "Click a cell on the smear to look at it."
NOT_ASSESSABLE = "not assessable"
NOT_REVIEWED = "Not reviewed yet"
NOT_FOUND = "Nothing: drawn by hand"
HIDDEN = "Hidden until called"


@dataclass(frozen=True, slots=True)
class ClassShare:
    """One class and its probability from 0 to 1."""

    name: str
    lineage: str
    share: float
    first: bool

    @property
    def percent(self) -> str:
        return probability_text(self.share)


@dataclass(frozen=True, slots=True)
class FeatureGrade:
    """A named dysplasia feature; `pips` 0 to 3 are the rounded grade.

    Not `assessable`: the specimen does not show it, whatever the model says.
    """

    name: str
    grade: float
    assessable: bool = True

    @property
    def pips(self) -> int:
        return min(max(round(self.grade), 0), HIGHEST_GRADE) if self.assessable else 0

    @property
    def text(self) -> str:
        return f"{self.grade:.1f}" if self.assessable else NOT_ASSESSABLE


@dataclass(frozen=True, slots=True)
class CellReading:
    """The model's answer about one cell, beside the reader's call of it.

    `no_answer` stands where the model's answer is not. `verdict` is empty while nobody
    has judged the cell. `size` is in microns, or in pixels with the word
    "uncalibrated".
    """

    cell: int
    title: str
    lineage: str
    dysplastic: bool
    model_says: str
    score: str
    detection: str
    size: str
    cut: str
    unlike: str
    classes: tuple[ClassShare, ...]
    features: tuple[FeatureGrade, ...]
    verdict: str
    verdict_by: str
    verdict_lineage: str
    relation: str
    no_answer: str = NOT_FOUND

    @property
    def reviewed(self) -> bool:
        return bool(self.verdict)


def reading(
    cell: Cell,
    verdict: Verdict | None,
    *,
    features: tuple[str, ...],
    vocabulary: ModelVocabulary,
    taxonomy: Taxonomy,
    mpp: float | None,
    unassessable: Collection[str] = (),
    hidden: bool = False,
) -> CellReading:
    """Put the cell into words. `features` are the columns of its grades, in order.

    `mpp` is microns per level-0 pixel, None when the slide is uncalibrated.
    `unassessable`: features that the specimen does not show. `hidden`: the cell is
    veiled, since it is read blind.
    """
    known = vocabulary.of(cell.class_id)
    return CellReading(
        cell=cell.id,
        title=f"Cell {cell.id:,}",
        lineage=known.lineage,
        dysplastic=known.dysplastic,
        model_says=known.name,
        score="" if cell.drawn else probability_text(cell.class_score),
        detection="" if cell.drawn else f"detection {cell.detection_score:.2f}",
        size=size_text(cell, mpp),
        cut=CUT_MARK if cell.cut else "",
        unlike=UNLIKE_MARK if is_unlike(cell.strangeness) else "",
        classes=() if cell.drawn else class_shares(cell, vocabulary),
        features=feature_grades(
            cell, known.lineage, features, vocabulary, unassessable=unassessable
        ),
        verdict=verdict_text(verdict, taxonomy) if verdict else "",
        verdict_by=_signed(verdict) if verdict else "",
        verdict_lineage=taxonomy.lineage_of(verdict.lines) if verdict else "",
        relation=""
        if verdict is None or hidden
        else relation(verdict, cell, vocabulary),
        no_answer=HIDDEN if hidden else NOT_FOUND,
    )


def probability_text(share: float) -> str:
    """Whole percent; nothing possible prints as 0 and nothing doubtful as 100."""
    if 0 < share < LEAST:
        return "< 1 %"
    if 1 - LEAST < share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def size_text(cell: Cell, mpp: float | None) -> str:
    """The box's width and height."""
    width, height = cell.box.width, cell.box.height
    if mpp is None:
        return f"{width:.0f} × {height:.0f} px, uncalibrated"
    return f"{width * mpp:.1f} × {height * mpp:.1f} µm"


def class_shares(cell: Cell, vocabulary: ModelVocabulary) -> tuple[ClassShare, ...]:
    """Every class in the order of the lineages, so that each keeps its place."""
    pairs = list(zip(vocabulary.classes, cell.probabilities, strict=True))
    pairs.sort(key=lambda pair: (LINEAGES.index(pair[0].lineage), pair[0].dysplastic))
    return tuple(
        ClassShare(known.name, known.lineage, float(p), known.id == cell.class_id)
        for known, p in pairs
    )


def worth_showing(
    shares: tuple[ClassShare, ...],
) -> tuple[tuple[ClassShare, ...], str]:
    """Classes of 1 % or more and the first, in their order; a word on the rest."""
    shown = tuple(s for s in shares if s.first or s.share >= LEAST)
    rest = len(shares) - len(shown)
    if not rest:
        return shown, ""
    return shown, f"{rest} other{'' if rest == 1 else 's'} below 1 %"


def feature_grades(
    cell: Cell,
    lineage: str,
    features: tuple[str, ...],
    vocabulary: ModelVocabulary,
    *,
    unassessable: Collection[str] = (),
) -> tuple[FeatureGrade, ...]:
    """The named features of the cell's own lineage, those seen first.

    None for lineages without any.
    """
    column = {feature: index for index, feature in enumerate(features)}
    graded = [
        FeatureGrade(f.name, float(cell.grades[column[f.id]]), f.id not in unassessable)
        for f in vocabulary.features
        if f.lineage == lineage and f.id in column
    ]
    return tuple(sorted(graded, key=lambda feature: not feature.pips))


def verdict_text(verdict: Verdict, taxonomy: Taxonomy) -> str:
    """The reader's call in words: "Myelocytes, dysplastic"."""
    name = taxonomy.name_of(verdict.lines)
    words = {True: ", dysplastic", False: ", not dysplastic", None: ""}
    return name + words[verdict.dysplastic]


def _signed(verdict: Verdict) -> str:
    moment = verdict.at[:16].replace("T", " ")
    return f"{verdict.reader or 'reader'}, {moment} UTC"


def relation(verdict: Verdict, cell: Cell, vocabulary: ModelVocabulary) -> str:
    """How the reader's call stands to the model's answer, in words."""
    known = vocabulary.of(cell.class_id)
    if not known.lines:
        return "missed by the model"
    if not set(verdict.lines) <= set(known.lines):
        return "differs from the model"
    if verdict.dysplastic is None and known.dysplastic:
        return "agrees on the series, not judged for dysplasia"
    if verdict.dysplastic in (None, known.dysplastic):
        return "agrees with the model"
    return "differs from the model on dysplasia"
