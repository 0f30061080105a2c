"""cells.csv: every cell of the newest readings that counts, one row each.

Columns: `id`; `x, y, width, height` in level-0 pixels; `class`, the model's own;
`line`, a taxonomy line, the group of lines that cannot be told apart, or lines joined
by "/"; `class_score, detection_score` from 0 to 1;
`lineage`; `dysplastic` and `cut` as 1 or 0; one column per feature with the model's
grade from 0 to 3; `source`; `slide`; `strangeness`, above 1 where the cell looks unlike
every picture the model was trained on, empty where that was not measured; `sought`, 1
for a megakaryocyte found at low power over the whole smear, which no percentage counts;
`chosen`, why a called cell was picked out (review queue, unflagged cells read blind,
sorted in the gallery), empty for a cell that was met or drawn: what was chosen is in no
percentage either.

`source` says who gave `line`, `lineage` and `dysplastic`: "model", or "confirmed" where
a person called the cell (`dysplastic` is then empty while nobody judged it). `class`,
scores and grades are always the model's: a cell that a person added has none of them,
and its `source` is "drawn" until somebody calls it. A cell counted by a key beside a
microscope has no place either: its `id` is below 0, its `source` "keyed", its `slide`
what the reader called the smear.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelClass, ModelVocabulary

_BEFORE = (
    *("id", "x", "y", "width", "height", "class", "line"),
    *("class_score", "detection_score", "lineage", "dysplastic", "cut"),
)
_AFTER = ("source", "slide", "strangeness", "sought", "chosen")
MODEL, CONFIRMED, DRAWN, KEYED = "model", "confirmed", "drawn", "keyed"


def columns(features: tuple[str, ...]) -> list[str]:
    """The header for a model with these features."""
    return [*_BEFORE, *features, *_AFTER]


def write_cells(
    table: CellTable,
    vocabulary: ModelVocabulary | None,
    verdicts: Mapping[int, Verdict],
    path: Path,
    *,
    taxonomy: Taxonomy,
    slides: Mapping[int, str] | None = None,
    unassessable: Collection[str] = (),
    keyed: Mapping[int, str] | None = None,
) -> None:
    """Write the table; without cells the header alone. `slides`: names by number.

    `unassessable`: features whose grades are left empty, as the specimen hides them.
    `keyed`: cells counted beside a microscope, each with its smear.
    """
    names, hidden = slides or {}, frozenset(unassessable)
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns(table.features))
        if vocabulary is not None:
            rows = _rows(table, vocabulary, verdicts, taxonomy, names)
            writer.writerows(_without(rows, hidden, table.features))
        header = columns(table.features)
        for cell, smear in (keyed or {}).items():
            if cell in verdicts:
                said = _keyed(verdicts[cell], smear, taxonomy)
                writer.writerow([said.get(name, "") for name in header])


def _rows(
    table: CellTable,
    vocabulary: ModelVocabulary,
    verdicts: Mapping[int, Verdict],
    taxonomy: Taxonomy,
    slides: Mapping[int, str],
) -> Iterator[list[object]]:
    told = vocabulary.told_by(table)
    own = [
        _said_by_model(vocabulary.of(class_id), lines, taxonomy)
        for class_id, lines in told.answers
    ]
    best, boxes = table.class_index, table.box.astype(float).round(2)
    answers = told.answer_rows(table)
    scores = zip(
        table.class_score.tolist(), table.detection_score.tolist(), strict=True
    )
    for row, (class_score, detection_score) in enumerate(scores):
        cell, index = int(table.id[row]), int(best[row])
        verdict = verdicts.get(cell)
        by_model = not table.drawn[row]
        line, lineage, dysplastic = own[answers[row]] if by_model else ("", "", "")
        if verdict is not None:
            line, lineage, dysplastic = _said_by_person(verdict, taxonomy)
        yield [
            cell,
            *(f"{value:g}" if abs(value) < 1e5 else value for value in boxes[row]),
            vocabulary.classes[index].id if by_model else "",
            line,
            f"{class_score:.6f}" if by_model else "",
            f"{detection_score:.6f}" if by_model else "",
            lineage,
            dysplastic,
            int(table.cut[row]),
            *(f"{grade:.3f}" if by_model else "" for grade in table.grades[row]),
            CONFIRMED if verdict else MODEL if by_model else DRAWN,
            slides.get(int(table.slide[row]), int(table.slide[row])),
            *(_measured(table.strangeness[row]), int(table.sought[row])),
            verdict.origin if verdict else "",
        ]


def _without(
    rows: Iterator[list[object]], hidden: frozenset[str], features: Sequence[str]
) -> Iterator[list[object]]:
    """The rows, the grades of hidden features left empty."""
    places = [len(_BEFORE) + i for i, name in enumerate(features) if name in hidden]
    for row in rows:
        for place in places:
            row[place] = ""
        yield row


def _keyed(verdict: Verdict, smear: str, taxonomy: Taxonomy) -> dict[str, object]:
    line, lineage, dysplastic = _said_by_person(verdict, taxonomy)
    return {
        "id": verdict.cell,
        "line": line,
        "lineage": lineage,
        "dysplastic": dysplastic,
        "source": KEYED,
        "slide": smear,
    }


def _measured(strangeness: np.float32) -> str:
    return "" if np.isnan(strangeness) else f"{strangeness:.2f}"


def _said_by_model(
    known: ModelClass, lines: tuple[str, ...], taxonomy: Taxonomy
) -> tuple[str, str, object]:
    return _line(lines, taxonomy), known.lineage, int(known.dysplastic)


def _said_by_person(verdict: Verdict, taxonomy: Taxonomy) -> tuple[str, str, object]:
    judged = "" if verdict.dysplastic is None else int(verdict.dysplastic)
    line = _line(verdict.lines, taxonomy)
    return line, taxonomy.lineage_of(verdict.lines), judged


def _line(lines: Sequence[str], taxonomy: Taxonomy) -> str:
    for group in taxonomy.groups:
        if len(lines) > 1 and set(group.lines) == set(lines):
            return group.id
    return "/".join(taxonomy.ordered(lines))
