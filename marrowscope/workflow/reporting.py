"""Export a case: report, cells and differential, from one content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from marrowscope import __version__
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted, Extent, counted_rows, of_slide
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.geometry import Box
from marrowscope.domain.likeness import likeness_by_slide
from marrowscope.domain.regions import around
from marrowscope.imaging.display_colour import AS_THE_FILE_SAYS, said_of
from marrowscope.inference.bundle import Bundle
from marrowscope.report.content import ReportContent, compose
from marrowscope.report.csv import write_cells
from marrowscope.report.html import write_html
from marrowscope.report.json import write_differential
from marrowscope.report.pdf import write_pdf
from marrowscope.report.sources import (
    ExampleCell,
    ReportedRegion,
    ReportedSlide,
    ReportSources,
)
from marrowscope.store.case_file import CaseFile
from marrowscope.store.case_runs import StoredRun
from marrowscope.store.case_slides import StoredSlide
from marrowscope.workflow import places
from marrowscope.workflow.cell_pictures import (
    example_cells,
    read_mpp,
    slides_at_scale,
)
from marrowscope.workflow.counting import Counts, count, judged_counts
from marrowscope.workflow.definitions import formulas_in_force
from marrowscope.workflow.formal_count import CellsOfCase, state_of
from marrowscope.workflow.megakaryocytes import reported_searches
from marrowscope.workflow.models import list_models
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.photos import reported_photos
from marrowscope.workflow.regions import counted_in_case
from marrowscope.workflow.reviewing import now
from marrowscope.workflow.running import area_read
from marrowscope.workflow.slide_names import slide_names
from marrowscope.workflow.writing import written_whole
from marrowscope.workflow.zones import zone_shares


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

    Each file appears whole or not at all. Raises MarrowScopeError when the folder
    cannot be written to.
    """
    content = report_content(case)
    file = case.file
    table = _counted_cells(file.cells(outlines=False), file)
    files = ReportFiles(
        pdf=folder / "report.pdf",
        html=folder / "report.html",
        cells=folder / "cells.csv",
        differential=folder / "differential.json",
        notices=content.notices,
    )

    def cells(path: Path) -> None:
        write_cells(
            table,
            file.vocabulary(),
            file.verdicts(),
            path,
            taxonomy=places.load_taxonomy(),
            slides=slide_names(file.slides()),
            unassessable=content.sources.judged.quality.unassessable,
            keyed=file.keyed(),
        )

    written_whole(files.cells, cells)
    written_whole(files.differential, lambda path: write_differential(content, path))
    resources = places.resources()
    written_whole(
        files.html, lambda path: write_html(content, path, resources=resources)
    )
    written_whole(files.pdf, lambda path: write_pdf(content, path, resources=resources))
    return files


def write_json(answer: Mapping[str, object], path: Path) -> None:
    """A result as a JSON file, whole or not at all."""
    text = json.dumps(answer, ensure_ascii=False, indent=1, default=float)
    written_whole(path, lambda part: part.write_text(text + "\n", encoding="utf-8"))


def report_content(case: OpenedCase, *, pictured: bool = True) -> ReportContent:
    """The content of a case's report as it stands now; words alone in a second less."""
    file, cells = case.file, CellsOfCase.of(case.file)
    specimen = file.specimen()
    vocabulary, formal = cells.vocabulary, case.file.formal_count()
    counted = counted_in_case(file, cells.table, vocabulary) if vocabulary else None
    counts = _counts(cells, counted, specimen, formal)
    cells = replace(cells, table=_counted_cells(cells.table, file))
    runs = {run.slide: run for run in file.counted_runs()}
    return compose(
        ReportSources(
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
            slides=_reported_slides(case, cells.table, runs, counted),
            runs=tuple(run.provenance for run in runs.values()),
            card=_card(runs),
            examples=_examples(case, cells, runs) if pictured else (),
            unmatched=len(file.unmatched_verdicts()),
            photos=reported_photos(file),
            searches=reported_searches(file),
            megakaryocytes=cells.megakaryocytes(),
            formal=None if formal is None else state_of(file, formal, cells),
            apart=counts.apart,
        )
    )


def _counts(
    cells: CellsOfCase,
    counted: Counted | None,
    specimen: Mapping[str, str],
    formal: FormalCount | None,
) -> Counts:
    return count(
        *(cells.table, cells.verdicts, cells.vocabulary),
        *(places.load_taxonomy(), places.load_criteria()),
        counted=counted,
        specimen=specimen,
        formal=formal,
    )


def _examples(
    case: OpenedCase, cells: CellsOfCase, runs: Mapping[int, StoredRun]
) -> tuple[ExampleCell, ...]:
    if cells.vocabulary is None:
        return ()
    table, taxonomy = cells.table, places.load_taxonomy()
    slides = slides_at_scale(case, runs.values())
    return example_cells(table, cells.verdicts, cells.vocabulary, taxonomy, slides)


def _counted_cells(table: CellTable, file: CaseFile) -> CellTable:
    regions = file.regions()
    return table.select(counted_rows(table, regions)) if regions else table


def _reported_slides(
    case: OpenedCase,
    table: CellTable,
    runs: Mapping[int, StoredRun],
    counted: Counted | None,
) -> tuple[ReportedSlide, ...]:
    met = table.slide[~table.sought]
    found, likeness, shown = [], likeness_by_slide(table), _displays(case)
    slides = case.file.slides()
    names = slide_names(slides)
    extent = counted.extent if counted else Extent(case.file.regions())
    for stored in slides:
        identity, run = stored.identity, runs.get(stored.number)
        plan = run.provenance.plan if run else {}
        found.append(
            ReportedSlide(
                number=stored.number,
                name=names[stored.number],
                width=identity.width,
                height=identity.height,
                mpp=identity.mpp,
                mpp_source=identity.mpp_source,
                cells=int(np.count_nonzero(met == stored.number)),
                working_mpp=read_mpp(run) if run else None,
                working_certainty=str(plan.get("mpp_certainty", "")),
                region=_box_read(plan),
                regions=_reported_regions(extent, stored.number, _mpp(stored, run)),
                fields=len(run.fields) if run else 0,
                fields_read=len(run.done) if run else 0,
                fields_failed=len(run.failed) if run else 0,
                likeness=likeness.get(stored.number),
                zones=zone_shares(case.file, stored.number),
                target=_target(run),
                target_met=_target(run) is not None
                and run is not None
                and run.finished,
                display=shown.get(stored.number, ""),
            )
        )
    return tuple(found)


def _displays(case: OpenedCase) -> dict[int, str]:
    """How the slides at hand were shown, in words."""
    colours = case.file.displays()
    return {
        opened.number: said_of(
            colours.get(opened.number, AS_THE_FILE_SAYS), opened.slide.profile
        )
        for opened in case.slides
    }


def _target(run: StoredRun | None) -> int | None:
    said = run.provenance.plan.get("target") if run else None
    return said if isinstance(said, int) else None


def _mpp(stored: StoredSlide, run: StoredRun | None) -> float | None:
    return stored.identity.mpp or (read_mpp(run) if run else None)


def _box_read(plan: Mapping[str, object]) -> Box | None:
    area = area_read(plan)
    return None if area is None else around(area)


def _reported_regions(
    extent: Extent, slide: int, mpp: float | None
) -> tuple[ReportedRegion, ...]:
    return tuple(
        ReportedRegion(
            name=region.name,
            included=region.included,
            area_mm2=None if mpp is None else region.area_mm2(mpp),
            cells=extent.cells.get(region.id, 0),
        )
        for region in of_slide(extent.regions, slide)
    )


def _models_used(runs: Mapping[int, StoredRun]) -> list[Bundle]:
    """The models that read, as far as their folders are here."""
    used = {run.provenance.model.sha256 for run in runs.values()}
    here = [model for model in list_models() if isinstance(model, Bundle)]
    return [model for model in here if model.identity.sha256 in used]


def _card(runs: Mapping[int, StoredRun]) -> tuple[str, ...]:
    """Sentences of the cards of the models that read."""
    return tuple(
        sentence
        for model in _models_used(runs)
        for sentence in (
            model.card.summary,
            *model.card.trained_on,
            *model.card.limits,
            accuracy_sentence(model),
        )
        if sentence
    )


def accuracy_sentence(model: Bundle) -> str:
    """How good a model was measured to be, as its bundle says; "" when it does not."""
    figures = [
        f"{name.replace('_', ' ')}, {said['cells']:,} cells: macro-F1 "
        f"{said['macro_f1']:.2f}"
        for name, said in model.card.accuracy.items()
        if isinstance(said, dict) and {"cells", "macro_f1"} <= said.keys()
    ]
    note = str(model.card.accuracy.get("note", ""))
    measured = f"Measured on {'; '.join(figures)}." if figures else ""
    said = " ".join(words for words in (measured, note) if words)
    return f"{model.identity.name}: {said}" if said else ""
