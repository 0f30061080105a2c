"""Several readers' verdicts on the same cells, from tables or from case files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.geometry import Boxes
from marrowscope.domain.review import Verdict
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.evaluation.agreement import (
    MODEL,
    AgreementReport,
    evaluate_agreement,
)
from marrowscope.evaluation.calls import Calls, read_calls
from marrowscope.store.case_file import CaseFile
from marrowscope.store.same_place import partners

CLASS, LINE, DYSPLASIA = "class", "line", "dysplasia"
LEVELS = (CLASS, LINE, DYSPLASIA)
CASE_ENDING = ".marrow"


def evaluate_readers(
    paths: Sequence[Path], *, level: str = CLASS, least_iou: float | None = None
) -> AgreementReport:
    """Kappas of one table of calls, or of the readers of one or more case files.

    `level`, of case files: "class", the model's classes without their dysplasia;
    "line", lines of the differential (a call of a whole series is none);
    "dysplasia", where it was judged. `least_iou`, of tables: see `read_calls`.
    Raises UnreadableInput when there are no two readers, UnusableCase for a case that
    cannot be opened.
    """
    if all(path.suffix == CASE_ENDING for path in paths):
        calls = calls_of_cases(paths, level)
    elif len(paths) == 1:
        calls = read_calls(paths[0], least_iou=least_iou)
    else:
        raise UnreadableInput(
            "Several tables cannot be read together.",
            "Give one table of calls, or case files alone.",
        )
    return evaluate_agreement(
        calls.by_reader, cells=calls.cells, left_out=calls.left_out
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """One case: its cells, the content of its slides, and each reader's verdicts."""

    stem: str
    table: CellTable
    vocabulary: ModelVocabulary
    slides: Mapping[int, tuple[str, str]]  # number: content, name
    verdicts: Mapping[str, Mapping[int, Verdict]]
    models: frozenset[str]


@dataclass(slots=True)
class _Gathered:
    """The called cells of all cases, one entry a place: slide and box, then calls."""

    names: list[str] = field(default_factory=list)
    slide: list[str] = field(default_factory=list)
    box: list[NDArray[np.float32]] = field(default_factory=list)
    calls: dict[str, dict[int, str]] = field(default_factory=dict)

    def places(self, case: _Case, rows: NDArray[np.intp]) -> list[int]:
        """The entry of each of a case's cells; a new one where nobody was before."""
        found = [-1] * len(rows)
        for number, (content, name) in case.slides.items():
            own = np.flatnonzero(case.table.slide[rows] == number)
            boxes = case.table.box[rows[own]]
            known = [i for i, slide in enumerate(self.slide) if slide == content]
            met = partners(boxes, _stacked([self.box[i] for i in known]))
            for place, box, partner in zip(own, boxes, met, strict=True):
                found[place] = (
                    known[partner] if partner >= 0 else self._added(content, name, box)
                )
        return found

    def _added(self, content: str, name: str, box: NDArray[np.float32]) -> int:
        x, y = box[:2] + box[2:] / 2
        self.names.append(f"{name} {x:.0f},{y:.0f}")
        self.slide.append(content)
        self.box.append(box)
        return len(self.names) - 1

    def as_calls(self) -> Calls:
        count = range(len(self.names))
        said = self.calls.items()
        return Calls(
            tuple(self.names),
            {name: tuple(calls.get(i, "") for i in count) for name, calls in said},
        )


def calls_of_cases(paths: Sequence[Path], level: str) -> Calls:
    """Everybody's calls of the cells that anybody called, matched by slide and place.

    The model's are among them unless the cases were read by different models. Readers
    of one name in two cases are told apart by the case. Raises UnreadableInput when
    fewer than two people called anything.
    """
    cases = [_read(path) for path in paths]
    gathered = _Gathered()
    for case in cases:
        rows = _called_rows(case)
        places = gathered.places(case, rows)
        entry = dict(zip(case.table.id[rows].tolist(), places, strict=True))
        for reader, verdicts in case.verdicts.items():
            name = _reader_name(reader, case, cases)
            own = gathered.calls.setdefault(name, {})
            for cell, verdict in verdicts.items():
                own[entry[cell]] = call_of(verdict, level, cases[0].vocabulary)
    if len(gathered.calls) < 2:
        names = ", ".join(case.stem for case in cases)
        raise UnreadableInput(
            f"Fewer than two readers called cells in {names}.",
            "Give the cases of all readers of the same slide.",
        )
    if len(frozenset().union(*(case.models for case in cases))) == 1:
        gathered.calls = {MODEL: _of_model(cases, gathered, level), **gathered.calls}
    return gathered.as_calls()


def _of_model(
    cases: Sequence[_Case], gathered: _Gathered, level: str
) -> dict[int, str]:
    said: dict[int, str] = {}
    for case in cases:
        rows = _called_rows(case)
        answers = answers_of_model(case.table.select(rows), case.vocabulary, level)
        for place, answer in zip(gathered.places(case, rows), answers, strict=True):
            said.setdefault(place, answer)
    return said


def _read(path: Path) -> _Case:
    with CaseFile.open(path, read_only=True) as case:
        vocabulary = case.vocabulary()
        if vocabulary is None:
            raise UnreadableInput(
                f"{path.name} holds no cells.", "Read its slide first: analyse."
            )
        return _Case(
            path.stem,
            case.cells(),
            vocabulary,
            {s.number: (s.identity.content, s.identity.name) for s in case.slides()},
            case.verdicts_by_reader(),
            frozenset(run.provenance.model.sha256 for run in case.counted_runs()),
        )


def _called_rows(case: _Case) -> NDArray[np.intp]:
    called = {cell for verdicts in case.verdicts.values() for cell in verdicts}
    # A cell that a person drew has no answer of the model's to be held against.
    return np.flatnonzero(np.isin(case.table.id, list(called)) & ~case.table.drawn)


def _reader_name(reader: str, case: _Case, cases: Sequence[_Case]) -> str:
    """The reader's name, with the case where several have a reader of that name."""
    shared = sum(reader in other.verdicts for other in cases) > 1
    taken = reader.lower() == MODEL
    return f"{reader} ({case.stem})" if shared or taken or not reader else reader


def _stacked(boxes: Sequence[NDArray[np.float32]]) -> Boxes:
    return np.array(boxes, np.float32).reshape(-1, 4)


def call_of(verdict: Verdict, level: str, vocabulary: ModelVocabulary) -> str:
    """A verdict in one word of that level; empty where it says nothing there."""
    if level == DYSPLASIA:
        return _state(verdict.dysplastic)
    if level == LINE:
        return verdict.lines[0] if len(verdict.lines) == 1 else ""
    return _series(verdict.lines, vocabulary)


def answers_of_model(
    table: CellTable, vocabulary: ModelVocabulary, level: str
) -> Iterator[str]:
    """(N,) the model's answers in words of that level."""
    judged = {c.lineage for c in vocabulary.classes if c.dysplastic}
    told = vocabulary.told_by(table)
    rows = told.answer_rows(table)
    for class_id, row in zip(
        (table.classes[i] for i in table.class_index), rows.tolist(), strict=True
    ):
        known, lines = vocabulary.of(class_id), told.answers[row][1]
        if level == DYSPLASIA:
            yield _state(known.dysplastic if known.lineage in judged else None)
        elif level == LINE:
            yield lines[0] if len(lines) == 1 else ""
        else:
            yield _series(known.lines, vocabulary) or class_id


def _state(dysplastic: bool | None) -> str:
    return {None: "", True: "dysplastic", False: "not dysplastic"}[dysplastic]


def _series(lines: Sequence[str], vocabulary: ModelVocabulary) -> str:
    """The normal class that holds all these lines; a line outside all is itself."""
    for known in vocabulary.classes:
        if not known.dysplastic and set(lines) <= set(known.lines):
            return known.id
    inside = any(set(lines) & set(known.lines) for known in vocabulary.classes)
    return "" if inside or len(lines) > 1 else lines[0]
