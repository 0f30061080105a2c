"""Export a case: report, cells and differential, from one content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from marrowscope import __version__
from marrowscope.domain.area_spread import AreaSpread
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted, counted_rows
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.review import Verdict
from marrowscope.domain.typed_facts import Quality
from marrowscope.domain.unflagged import UnflaggedCheck
from marrowscope.report.amended import changes
from marrowscope.report.content import ReportContent, compose, with_signing
from marrowscope.report.counted_map import CountedMap
from marrowscope.report.csv import write_cells
from marrowscope.report.html import write_html
from marrowscope.report.json import differential, write_differential
from marrowscope.report.pdf import write_pdf
from marrowscope.report.serial_csv import is_comparison, write_comparison
from marrowscope.report.signing import ReportedSigning
from marrowscope.report.sources import UNSIGNED, ExampleCell, ReportSources
from marrowscope.store.case_file import CaseFile
from marrowscope.store.case_runs import StoredRun
from marrowscope.workflow import places
from marrowscope.workflow.agreement_words import agreement_told
from marrowscope.workflow.area import area_spreads
from marrowscope.workflow.cell_pictures import (
    example_cells,
    slides_at_scale,
)
from marrowscope.workflow.counted_maps import counted_maps
from marrowscope.workflow.counting import Counts, count, judged_counts
from marrowscope.workflow.definitions import formulas_in_force
from marrowscope.workflow.earlier_cases import kept_side_by_side
from marrowscope.workflow.fields_read import fields_read
from marrowscope.workflow.formal_count import CellsOfCase, state_of
from marrowscope.workflow.megakaryocytes import reported_searches
from marrowscope.workflow.model_cards import cards_of
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.photos import reported_photos
from marrowscope.workflow.regions import counted_in_case
from marrowscope.workflow.reported_slides import reported_slides
from marrowscope.workflow.reviewing import now
from marrowscope.workflow.slide_names import slide_names
from marrowscope.workflow.writing import written_together, written_whole

PDF, HTML, DIFFERENTIAL = "report.pdf", "report.html", "differential.json"
CELLS, COMPARISON = "cells.csv", "earlier_marrow.csv"
REPORT = "The report"


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """What an export wrote, and the notices that stand at the report's top."""

    pdf: Path
    html: Path
    cells: Path
    differential: Path
    notices: tuple[str, ...] = ()


def export_report(case: OpenedCase, folder: Path) -> ReportFiles:
    """Write report.pdf, report.html, cells.csv and differential.json into a folder.

    Beside them earlier_marrow.csv, where the case is compared with an earlier one;
    where it no longer is, the one that an export before left there is taken away.

    Of a signed case the report is the one that was signed, byte for byte. All of them
    appear whole or none. Raises MarrowScopeError when the folder cannot be written to.
    """
    signed = case.file.signing().signed
    files = ReportFiles(
        pdf=folder / PDF,
        html=folder / HTML,
        cells=folder / CELLS,
        differential=folder / DIFFERENTIAL,
    )
    if signed is not None:
        documents = case.file.signed_documents(signed.number)
        document = json.loads(documents[DIFFERENTIAL])
        with written_together(folder, REPORT) as draft:
            write_documents(documents, draft)
            _write_cells(case.file, draft / CELLS, document["not_assessable"])
        _take_away(folder / COMPARISON, kept=COMPARISON in documents)
        return replace(files, notices=tuple(document["notices"]))
    content = report_content(case)
    quality = content.sources.judged.quality
    with written_together(folder, REPORT) as draft:
        _write_composed(content, draft)
        _write_cells(case.file, draft / CELLS, quality.unassessable)
    _take_away(folder / COMPARISON, kept=content.earlier is not None)
    return replace(files, notices=content.notices)


def write_content(content: ReportContent, folder: Path) -> None:
    """The report as PDF, HTML and JSON, from one content; a comparison as CSV too.

    Raises MarrowScopeError when the folder cannot be written to.
    """
    with written_together(folder, REPORT) as draft:
        _write_composed(content, draft)


def write_documents(documents: Mapping[str, bytes], folder: Path) -> None:
    """The files of a signed version, byte for byte. Raises OSError."""
    for name, data in documents.items():
        (folder / name).write_bytes(data)


def _write_composed(content: ReportContent, folder: Path) -> None:
    resources = places.resources()
    write_differential(content, folder / DIFFERENTIAL)
    write_html(content, folder / HTML, resources=resources)
    write_pdf(content, folder / PDF, resources=resources)
    if content.earlier is not None:
        write_comparison(content.earlier, folder / COMPARISON)


def _take_away(table: Path, *, kept: bool) -> None:
    """A comparison that stands in the report no more does not lie beside it either."""
    if not kept and is_comparison(table):
        table.unlink()


def _write_cells(file: CaseFile, path: Path, unassessable: Collection[str]) -> None:
    write_cells(
        _counted_cells(file.cells(outlines=False), file),
        file.vocabulary(),
        file.verdicts(),
        path,
        taxonomy=places.load_taxonomy(),
        slides=slide_names(file.slides()),
        unassessable=unassessable,
        keyed=file.keyed(),
    )


def write_json(answer: Mapping[str, object], path: Path) -> None:
    """A result as a JSON file, whole or not at all."""
    text = json.dumps(answer, ensure_ascii=False, indent=1, default=float)
    written_whole(path, lambda part: part.write_text(text + "\n", encoding="utf-8"))


def report_content(case: OpenedCase, *, pictured: bool = True) -> ReportContent:
    """The content of a case's report as it stands now; words alone in a second less."""
    sources = _sources(case, pictured=pictured)
    earlier = kept_side_by_side(case, pictured=pictured)
    if earlier is not None:
        found, cells = earlier.comparison, earlier.now
        sources = replace(sources, earlier=found, earlier_cells=cells)
    if pictured:
        sources = replace(sources, second_reader=agreement_told(case.file))
    content = compose(sources)
    return with_signing(content, signing_of(case.file, content))


def _sources(case: OpenedCase, *, pictured: bool) -> ReportSources:
    file, cells = case.file, CellsOfCase.of(case.file)
    specimen = file.specimen()
    vocabulary, formal = cells.vocabulary, case.file.formal_count()
    counted = counted_in_case(file, cells.table, vocabulary) if vocabulary else None
    counts = _counts(cells, counted, specimen, formal, file.checks())
    cells = replace(cells, table=_counted_cells(cells.table, file))
    runs = {run.slide: run for run in file.counted_runs()}
    return ReportSources(
        case_name=file.name,
        made_at=now(),
        program=__version__,
        taxonomy=places.load_taxonomy(),
        criteria=places.load_criteria(),
        confirmed=counts.confirmed,
        confirmed_dysplasia=counts.confirmed_dysplasia,
        confirmed_blasts=counts.confirmed_blasts,
        ratio=counts.ratio,
        judged=judged_counts(counts, specimen),
        formulas=formulas_in_force(),
        suggested=counts.suggested,
        suggested_dysplasia=counts.suggested_dysplasia,
        vocabulary=vocabulary,
        specimen=specimen,
        slides=reported_slides(case, cells.table, runs, counted),
        runs=tuple(run.provenance for run in runs.values()),
        card=cards_of(runs),
        examples=_examples(case, cells, runs) if pictured else (),
        unmatched=len(file.unmatched_verdicts()),
        photos=reported_photos(file),
        searches=reported_searches(file),
        megakaryocytes=cells.megakaryocytes(),
        formal=None if formal is None else state_of(file, formal, cells),
        apart=counts.apart,
        yields=counts.yields,
        spreads=_spreads(file, cells, counted, formal, counts.quality),
        maps=_maps(case, cells, counted, formal) if pictured else (),
        calls_sha256=_sha256_of(cells.verdicts.values()) if pictured else "",
    )


def _counts(
    cells: CellsOfCase,
    counted: Counted | None,
    specimen: Mapping[str, str],
    formal: FormalCount | None,
    checks: Sequence[UnflaggedCheck],
) -> Counts:
    return count(
        *(cells.table, cells.verdicts, cells.vocabulary),
        *(places.load_taxonomy(), places.load_criteria()),
        counted=counted,
        specimen=specimen,
        formal=formal,
        checks=checks,
    )


def _spreads(
    file: CaseFile,
    cells: CellsOfCase,
    counted: Counted | None,
    formal: FormalCount | None,
    quality: Quality,
) -> tuple[AreaSpread, ...]:
    said = cells.table, cells.verdicts, fields_read(file)
    return area_spreads(*said, counted=counted, formal=formal, quality=quality)


def _maps(
    case: OpenedCase,
    cells: CellsOfCase,
    counted: Counted | None,
    formal: FormalCount | None,
) -> tuple[CountedMap, ...]:
    return counted_maps(
        case, cells.table, cells.verdicts, counted=counted, formal=formal
    )


def _examples(
    case: OpenedCase, cells: CellsOfCase, runs: Mapping[int, StoredRun]
) -> tuple[ExampleCell, ...]:
    if cells.vocabulary is None:
        return ()
    table, taxonomy = cells.table, places.load_taxonomy()
    slides = slides_at_scale(case, runs.values())
    return example_cells(table, cells.verdicts, cells.vocabulary, taxonomy, slides)


def signing_of(file: CaseFile, content: ReportContent) -> ReportedSigning:
    """What a report of the case as it stands says of signatures: it is not signed."""
    before = file.signing().amends
    if before is None:
        return UNSIGNED
    was = json.loads(file.signed_documents(before.number)[DIFFERENTIAL])
    return ReportedSigning(amends=before, changes=changes(was, differential(content)))


def _sha256_of(verdicts: Iterable[Verdict]) -> str:
    """Of all calls as JSON lines, by cell."""
    digest = hashlib.sha256()
    for v in sorted(verdicts, key=lambda verdict: verdict.cell):
        said = [v.cell, v.lines, v.dysplastic, dict(v.grades), v.reader, v.at]
        digest.update(json.dumps(said, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def _counted_cells(table: CellTable, file: CaseFile) -> CellTable:
    regions = file.regions()
    return table.select(counted_rows(table, regions)) if regions else table
