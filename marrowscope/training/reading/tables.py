"""Tables of crops: ``manifest.csv``, and Mori's file name with 34 grades."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from marrowscope.inference.graded_labels import IDS, LABELS
from marrowscope.training.reading.labelled import (
    Label,
    LabelledCrop,
    LabelledData,
    Problem,
)
from marrowscope.training.reading.words import meaning_of

MANIFEST_COLUMNS = {"path", "source_label"}
_NORMAL = {
    "e_normal": "EN",
    "g_normal": "GN",
    "m_normal": "MN",
    "g_myeloblast": "blast",
}
_DYSPLASTIC = {"e": "ED", "g": "GD", "m": "MD"}
_LINES = {
    "g_myeloblast": "blast",
    "m_normal": "megakaryocyte",
    "o_plasma_cell": "plasma_cell",
    "o_lymphocyte": "lymphocyte",
    "o_eosinophil": "eosinophil",
    "o_monocyte": "monocyte",
    "o_basophil": "basophil",
    "o_histiocyte": "macrophage",
    "o_mitosis": "mitosis",
    "o_red_cell": "red_cell",
    "o_platelet": "platelet",
}
_NO_CELLS = ("o_red_cell", "o_platelet")


def read_manifest(path: Path) -> LabelledData:
    """A CSV with the columns path, source_label and, where known, dataset, split,
    patient, mpp, and any of Mori's 34 labels; paths count from the table's folder."""
    crops, problems = [], []
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            word = row["source_label"]
            meaning = meaning_of(word)
            if meaning is None:
                problems.append(Problem(path.parent / row["path"], _unknown(word)))
            elif not meaning.ignored:
                label = meaning.label(word, _grades(row))
                crops.append(_manifest_crop(path, row, label))
    return LabelledData(tuple(crops), problems=tuple(problems))


def _grades(row: Mapping[str, str]) -> dict[str, float]:
    return {name: float(row[name]) for name in IDS if row.get(name)}


def _manifest_crop(path: Path, row: Mapping[str, str], label: Label) -> LabelledCrop:
    return LabelledCrop(
        path.parent / row["path"],
        label,
        row.get("dataset") or path.parent.name,
        patient=row.get("patient") or None,
        split=row.get("split") or None,
        mpp=float(row["mpp"]) if row.get("mpp") else None,
    )


def _unknown(word: str) -> str:
    return f"“{word}” is no class that is known: add it to label_words.toml."


def read_graded(path: Path) -> LabelledData:
    """Mori's table: file name, then 34 grades in the order of the network's outputs
    (clinical.md 3.4); a header is skipped."""
    crops, problems = [], []
    with path.open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.reader(file), start=1):
            picture = path.parent / (row[0].strip() if row else "")
            try:
                grades = [float(value) for value in row[1:]]
            except ValueError:
                if number > 1:
                    problems.append(Problem(picture, f"Line {number} holds no grades."))
                continue
            fault = _fault(grades)
            if fault:
                problems.append(Problem(picture, f"Line {number}: {fault}"))
            else:
                crops.append(LabelledCrop(picture, graded_label(grades), path.stem))
    return LabelledData(tuple(crops), problems=tuple(problems))


def is_graded(row: Sequence[str]) -> bool:
    """True for a line of such a table."""
    return len(row) == 1 + len(LABELS)


def _fault(grades: Sequence[float]) -> str | None:
    if len(grades) != len(LABELS):
        return f"{len(grades)} grades where there must be {len(LABELS)}."
    for value, label in zip(grades, LABELS, strict=True):
        if not 0 <= value <= label.maximum:
            return f"{label.name} is {value:g}, outside 0 to {label.maximum}."
    return None


def graded_label(grades: Sequence[float]) -> Label:
    """The label of one cell: every grade by its id, and the class they amount to."""
    said = {g.id: value for g, value in zip(LABELS, grades, strict=True)}
    first = max(said, key=lambda name: said[name])
    line = next((_LINES[name] for name in _LINES if said[name] > 0), None)
    return Label(first, line, _class_of(said), said)


def _class_of(said: Mapping[str, float]) -> str | None:
    """ED, GD or MD for any graded change of that group, else what is normal there."""
    if any(said[name] > 0 for name in _NO_CELLS):
        return None
    for name, class_id in _NORMAL.items():
        if said[name] > 0:
            return class_id
    for label in LABELS:
        if label.group in _DYSPLASTIC and label.maximum > 1 and said[label.id] > 0:
            return _DYSPLASTIC[label.group]
    if said["o_eosinophil"] or said["o_basophil"] or said["o_immature_granulocyte"]:
        return "GN"
    return "other" if any(said.values()) else None
