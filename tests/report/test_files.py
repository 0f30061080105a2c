"""HTML, CSV and JSON against stored files; everything in them is said twice nowhere."""

from __future__ import annotations

import csv
import json
import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from marrowscope.domain.cell_table import CellTable, concatenate
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.report.content import compose
from marrowscope.report.csv import columns, write_cells
from marrowscope.report.html import page, write_html
from marrowscope.report.json import differential, write_differential
from marrowscope.report.sources import ReportSources
from tests.golden.compare import assert_golden
from tests.report.report_parts import AT, found, with_examples

PICTURE = re.compile(r"data:image/jpeg;base64,[A-Za-z0-9+/=]+")


def test_the_page_is_the_stored_one(full: ReportSources, resources: Path) -> None:
    text = page(compose(with_examples(full)), resources=resources)
    assert len(PICTURE.findall(text)) == 3
    # The bytes of a JPEG belong to the library's version, not to the report.
    assert_golden("report.html", PICTURE.sub("data:image/jpeg;base64,…", text))


def test_the_page_needs_nothing_beside_it(
    full: ReportSources, resources: Path, tmp_path: Path
) -> None:
    path = tmp_path / "Bericht 病例.html"
    write_html(compose(full), path, resources=resources)
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!data:)|https?://|@import", text)
    assert "&lt;Söhne&gt;" in text
    assert "<Söhne>" not in text


def test_an_empty_page_says_what_is_missing(
    empty: ReportSources, resources: Path
) -> None:
    text = page(compose(empty), resources=resources)
    assert "No cell has been confirmed yet." in text
    assert "No slide has been read yet" in text
    assert "not calculable" in text
    assert "None" not in text


def test_a_hundred_photos_stand_in_a_table(
    full: ReportSources, resources: Path
) -> None:
    photos = tuple(replace(full.slides[1], number=i) for i in range(100))
    text = page(compose(replace(full, slides=photos)), resources=resources)
    assert text.count("<td>1,920 × 1,080 px</td>") == 100


def test_the_differential_is_the_stored_one(
    full: ReportSources, tmp_path: Path
) -> None:
    path = tmp_path / "differential.json"
    write_differential(compose(full), path)
    assert_golden("differential.json", path.read_text(encoding="utf-8"))


def test_the_layers_of_the_differential_have_their_own_keys(
    full: ReportSources,
) -> None:
    document = json.loads(json.dumps(differential(compose(full))))
    suggested = json.dumps(document["suggested"])
    assert "interval" not in suggested
    assert "standing" not in suggested
    for entry in document["confirmed"]["dysplasia"]:
        assert {"interval_95", "standing", "denominator", "total"} <= set(entry)
    assert document["confirmed"]["outside"][0] == {
        "lines": ["megakaryocyte"],
        "name": "Megakaryocytes",
        "count": 19,
    }


def test_an_empty_differential_has_no_numbers_where_nothing_was_counted(
    empty: ReportSources,
) -> None:
    document = differential(compose(empty))
    assert document["suggested"] is None
    confirmed = document["confirmed"]
    assert confirmed["blasts"]["percent"] is None
    assert confirmed["blasts"]["interval_95"] is None
    assert confirmed["myeloid_erythroid"]["value"] is None


def few(vocabulary: ModelVocabulary) -> CellTable:
    table = found(vocabulary)
    ends = np.flatnonzero(np.diff(table.class_index, prepend=-1))
    return concatenate([table.select(ends), table.select(ends[:1] + 1)])


CALLS = {
    1: Verdict(1, ("lymphocyte",), None, "A", AT),
    301: Verdict(
        301, ("band", "segmented"), True, "A", AT, {"g_decreased_granules": 1}
    ),
}


def test_the_cells_are_the_stored_ones(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy, tmp_path: Path
) -> None:
    path = tmp_path / "cells.csv"
    slides = {0: 'smear, "1".svs'}
    table = few(lee_vocabulary)
    write_cells(table, lee_vocabulary, CALLS, path, taxonomy=taxonomy, slides=slides)
    assert_golden("cells.csv", path.read_text(encoding="utf-8"))


def test_a_call_changes_what_it_says_and_leaves_the_models_answer(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy, tmp_path: Path
) -> None:
    path = tmp_path / "cells.csv"
    table = few(lee_vocabulary)
    write_cells(table, lee_vocabulary, CALLS, path, taxonomy=taxonomy)
    with path.open(encoding="utf-8", newline="") as file:
        first, second, *_ = csv.DictReader(file)
    assert (first["class"], first["line"], first["lineage"]) == (
        "EN",
        "lymphocyte",
        "lymphoid",
    )
    assert (first["dysplastic"], first["source"]) == ("", "confirmed")
    assert (second["class"], second["line"]) == ("GN", "band/segmented")
    assert (second["dysplastic"], second["g_decreased_granules"]) == ("1", "2.000")


@pytest.mark.parametrize("has_model", [True, False])
def test_no_cells_still_make_a_file_with_a_header(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy, tmp_path: Path, has_model: bool
) -> None:
    known = lee_vocabulary if has_model else None
    features = known.feature_ids if known else ()
    path = tmp_path / "cells.csv"
    table = CellTable.empty(known.class_ids if known else (), features)
    write_cells(table, known, {}, path, taxonomy=taxonomy)
    assert path.read_text(encoding="utf-8") == ",".join(columns(features)) + "\n"


def test_many_cells_are_written_in_reasonable_time(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy, tmp_path: Path
) -> None:
    table = concatenate([found(lee_vocabulary)] * 20)
    began = time.perf_counter()
    path = tmp_path / "cells.csv"
    write_cells(table, lee_vocabulary, {}, path, taxonomy=taxonomy)
    assert time.perf_counter() - began < 5
    assert path.read_text(encoding="utf-8").count("\n") == len(table) + 1
