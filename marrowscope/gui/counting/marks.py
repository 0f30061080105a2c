"""Marks of dysplasia on the way to a call: a grade, features by their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.dysplasia_features import WHOLE_CELL, DysplasiaFeatures
from marrowscope.domain.key_map import KeyMap
from marrowscope.domain.review import Verdict
from marrowscope.gui.cell_inspector.calls import can_be_dysplastic

HIGHEST = 3

# Whether a called cell is dysplastic once its grades are these.
Judge = Callable[[Verdict, Mapping[str, int]], bool | None]


@dataclass(frozen=True, slots=True)
class Marks:
    """`grade` of the whole cell, None while nobody gave one; `features`: how often
    each feature's key was pressed, which is its grade."""

    grade: int | None = None
    features: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.grade is not None or bool(self.features)

    def pressed(self, key: str) -> Marks:
        """One grade more of the feature of this key; after the highest, none."""
        now = (self.features.get(key, 0) + 1) % (HIGHEST + 1)
        rest = {k: grade for k, grade in self.features.items() if k != key}
        return replace(self, features={**rest, key: now} if now else rest)

    def graded(self, grade: int) -> Marks:
        """The whole cell graded."""
        return replace(self, grade=grade)

    def grades(
        self, lineage: str, key_map: KeyMap, known: DysplasiaFeatures
    ) -> dict[str, int]:
        """By feature, as far as this lineage has them; the whole cell's own last."""
        found: dict[str, int] = {}
        for key, grade in self.features.items():
            feature = key_map.feature(key, lineage, known)
            if feature is not None:
                found[feature] = grade
        return found if self.grade is None else {**found, WHOLE_CELL: self.grade}


def marks_of(
    grades: Mapping[str, int], key_map: KeyMap, known: DysplasiaFeatures
) -> Marks:
    """The marks that a stored call carries, by the keys of this map."""
    features = {
        key: grade
        for feature, grade in grades.items()
        if grade and (key := _key(feature, key_map, known))
    }
    return Marks(grades.get(WHOLE_CELL), features)


def keyless(
    grades: Mapping[str, int], key_map: KeyMap, known: DysplasiaFeatures
) -> dict[str, int]:
    """Of a stored call the grades of features that no key of this map gives."""
    return {
        feature: grade
        for feature, grade in grades.items()
        if feature != WHOLE_CELL and not _key(feature, key_map, known)
    }


def _key(feature: str, key_map: KeyMap, known: DysplasiaFeatures) -> str:
    return (key_map.key_of(feature) or "") if feature in known else ""


def is_dysplastic(grades: Mapping[str, int], *, spaced: bool) -> bool:
    """What Space and the grades say together."""
    return spaced or any(grade > 0 for grade in grades.values())


def by_grades(verdict: Verdict, grades: Mapping[str, int]) -> bool:  # noqa: ARG001
    """A reader who grades the cell says it by the grade, whatever was said before."""
    return is_dysplastic(grades, spaced=False)


class SaidApart:
    """What a reader said of cells' dysplasia apart from any mark, by cell number.

    A cell that was called dysplastic stays so when its last mark goes, one that marks
    alone made dysplastic does not. Of cells that came with marks the call stands.
    """

    def __init__(self) -> None:
        self._said: dict[int, bool | None] = {}

    def note(self, cells: Iterable[int], judged: bool | None) -> None:
        """These were called so, whatever marks came with the call."""
        self._said.update(dict.fromkeys(cells, judged))

    def judged(self, verdict: Verdict, grades: Mapping[str, int]) -> bool | None:
        """Whether a cell is dysplastic once its features are these."""
        if not is_dysplastic(verdict.grades, spaced=False):
            self._said[verdict.cell] = verdict.dysplastic
        if is_dysplastic(grades, spaced=False):
            return True
        return self._said.get(verdict.cell, verdict.dysplastic)


def judgement(
    lines: tuple[str, ...],
    grades: Mapping[str, int],
    criteria: Criteria,
    *,
    spaced: bool,
    judging: bool,
) -> bool | None:
    """Whether a cell of these lines is called dysplastic; None leaves it open.

    `judging`: a plain key says "not dysplastic" of a cell that could be.
    """
    if not can_be_dysplastic(lines, criteria):
        return None
    if is_dysplastic(grades, spaced=spaced):
        return True
    return False if judging or grades else None
