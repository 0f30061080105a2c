"""A report with a bit of everything, the same on every machine and every day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from marrowscope.domain.call_tally import call_tally, unplaced
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.count_state import CountState, count_state
from marrowscope.domain.criteria import DYSPLASIA_LINEAGES, Criteria
from marrowscope.domain.definitions import Definitions
from marrowscope.domain.differential import (
    confirmed_differential,
    confirmed_ratio,
    confirmed_share,
    confirmed_tally,
    suggested_differential,
)
from marrowscope.domain.dysplasia import confirmed_dysplasia, suggested_dysplasia
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.geometry import Box
from marrowscope.domain.judging import CaseJudged, judge_case
from marrowscope.domain.provenance import DeviceUse, ModelIdentity, Provenance
from marrowscope.domain.review import Verdict
from marrowscope.domain.systems import Systems
from marrowscope.domain.tally import Tally
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.report.sources import ExampleCell, ReportedSlide, ReportSources
from tests.conftest import ERYTHROID, GRANULOCYTIC, ROOT
from tests.domain.cells_of import cells_of

SMUDGED = ("smudged_nucleus",)
AT = "2026-11-21T05:00:00+00:00"
FOUND = {"EN": 300, "GN": 520, "MN": 25, "ED": 42, "GD": 58, "MD": 9, "blast": 61}
FOUND["other"] = 140
CALLED: Mapping[tuple[str, ...], tuple[int, int]] = {
    # lines: (cells, dysplastic ones)
    ("blast",): (31, 0),
    ("promyelocyte",): (20, 1),
    ("myelocyte",): (60, 3),
    ("metamyelocyte",): (40, 2),
    ("band",): (55, 5),
    ("segmented",): (70, 12),
    ("eosinophil",): (14, 0),
    ("monocyte",): (12, 0),
    ("proerythroblast",): (4, 1),
    ("polychromatic_erythroblast",): (90, 8),
    ERYTHROID: (60, 9),
    GRANULOCYTIC: (8, 0),
    ("lymphocyte",): (40, 0),
    ("plasma_cell",): (6, 0),
    ("unidentifiable",): (9, 0),
    ("megakaryocyte",): (19, 6),
    ("smudged_nucleus",): (11, 0),
}


def verdicts(
    called: Mapping[tuple[str, ...], tuple[int, int]] = CALLED,
) -> list[Verdict]:
    """One reader's calls; every third dysplastic cell is a grade 1."""
    said: list[Verdict] = []
    for lines, (cells, dysplastic) in called.items():
        for index in range(cells):
            grades = {"e_budding": 1 if index % 3 == 0 else 2}
            said.append(
                Verdict(
                    cell=len(said) + 1,
                    lines=lines,
                    dysplastic=index < dysplastic,
                    reader="Dr. Ørsted",
                    at=AT,
                    grades=grades if index < dysplastic else {},
                )
            )
    return said


def found(vocabulary: ModelVocabulary) -> CellTable:
    """What the model found, as a table; a few rows are awkward on purpose."""
    table = cells_of(vocabulary, FOUND, {"e_budding": 1.4, "g_decreased_granules": 2})
    table.box[0] = (-0.5, 123456.75, 31.25, 28)
    table.cut[0] = True
    return table


def sources(
    vocabulary: ModelVocabulary,
    taxonomy: Taxonomy,
    criteria: Criteria,
    *,
    calls: Sequence[Verdict],
    table: CellTable | None,
    specimen: Mapping[str, str] = MappingProxyType({}),
) -> ReportSources:
    """Sources counted as the workflow counts them."""
    bare = ReportSources(
        case_name="Fall 2026-117 “Ørsted” 病例",
        made_at=AT,
        program="0.1.0",
        taxonomy=taxonomy,
        criteria=criteria,
        confirmed=confirmed_differential(call_tally(calls), taxonomy),
        confirmed_dysplasia=confirmed_dysplasia(call_tally(calls), criteria),
        confirmed_blasts=confirmed_share(
            call_tally(calls), criteria.blast_lines, taxonomy
        ),
        ratio=confirmed_ratio(call_tally(calls), criteria.myeloid_erythroid),
        judged=judged_calls(calls, taxonomy, criteria, specimen),
        formulas=Definitions.of(taxonomy, criteria).formulas(taxonomy, criteria),
        specimen=specimen,
    )
    if table is None:
        return bare
    tally = Tally.of(table, vocabulary)
    return replace(
        bare,
        vocabulary=vocabulary,
        suggested=suggested_differential(tally, vocabulary, taxonomy),
        suggested_dysplasia=suggested_dysplasia(tally, vocabulary, DYSPLASIA_LINEAGES),
    )


def judged_calls(
    calls: Sequence[Verdict],
    taxonomy: Taxonomy,
    criteria: Criteria,
    specimen: Mapping[str, str],
) -> CaseJudged:
    """Calls and typed-in facts against the shipped criteria."""
    path = ROOT / "resources" / "classification.toml"
    blasts = confirmed_share(call_tally(calls), criteria.blast_lines, taxonomy)
    return judge_case(
        blasts,
        confirmed_dysplasia(call_tally(calls), criteria),
        specimen,
        blasts_of_all=blasts,
        maybe_blasts=unplaced(call_tally(calls), criteria.blast_lines),
        criteria=criteria,
        systems=Systems.of(tomllib.loads(path.read_text("utf-8"))).systems,
    )


def formal(calls: Sequence[Verdict], criteria: Criteria) -> CountState:
    """A count of two smears that holds all these calls but the last five.

    Six of its cells are still to be read; five of each smear were not read blind.
    """
    inside = [call.cell for call in calls[:-5]]
    said = {call.cell: call for call in calls}
    void = [c for c in inside if said[c].lines[0] in ("megakaryocyte", *SMUDGED)]
    later = range(9001, 9007)
    cells = {1: (*inside[::2], *later), 2: tuple(inside[1::2])}
    drawn = FormalCount(
        target=sum(map(len, cells.values())) - len(void),
        seed=117,
        who="Dr. Ørsted",
        at=AT,
        draws=tuple((smear, cell) for smear, some in cells.items() for cell in some),
        on_top={"erythroid": tuple(range(9101, 9147))},
        blind=frozenset(inside[10:]),
    )
    return count_state(
        *(drawn, said, criteria),
        void=void,
        giants=[],
        names={1: "smear 1.svs", 2: "Foto 病 (2).png"},
    )


def full_sources(
    vocabulary: ModelVocabulary, taxonomy: Taxonomy, criteria: Criteria
) -> ReportSources:
    """Everything at once: two slides, one uncalibrated, half a specimen's words."""
    plain = sources(
        vocabulary,
        taxonomy,
        criteria,
        calls=verdicts(),
        table=found(vocabulary),
        specimen={
            "patient": "Иванова, Мария & <Söhne>",
            "site": "posterior iliac crest, left",
            "ease": "easy",
            "cellularity": "particles normocellular; trails rich in cells " * 3,
            "blood_blasts": "1,5 %",
            "ring_sideroblasts": "18 of 100",
            "haemoglobin": "8.9",
            "neutrophils": "many",
        },
    )
    return replace(
        plain,
        formal=formal(verdicts(), criteria),
        apart=confirmed_tally(call_tally(verdicts()[-5:]), taxonomy),
        slides=(
            ReportedSlide(
                number=1,
                name="smear 1.svs",
                width=98_304,
                height=65_536,
                mpp=0.25,
                mpp_source="file",
                cells=1_015,
                region=Box(4096, 2048, 8192, 8192),
                fields=64,
                fields_read=62,
                fields_failed=2,
            ),
            ReportedSlide(
                number=2,
                name="Foto 病 (2).png",
                width=1920,
                height=1080,
                mpp=None,
                mpp_source="",
                cells=140,
                working_mpp=0.1031,
                working_certainty="proposed from red cells",
                fields=6,
                fields_read=4,
            ),
        ),
        runs=(
            Provenance(
                model=ModelIdentity("lee", "0.1.0", "lee", "0123456789abcdef" * 4),
                device=DeviceUse("cuda", "cpu"),
                program="0.1.0",
                started="2026-11-21T04:10:00+00:00",
                finished="2026-11-21T04:12:30+00:00",
            ),
        ),
        card=(
            "Trained on real cell crops of two public sets and on drawn smears.",
            "Measured on 400 held-out real crops: macro-F1 0.71.",
        ),
        unmatched=3,
    )


def pictures(count: int) -> list[np.ndarray]:
    """Small pictures, no two alike."""
    spread = np.random.default_rng(3).integers(0, 255, (count, 48, 48, 3), np.uint8)
    return list(spread)


def with_examples(plain: ReportSources) -> ReportSources:
    """The same with a picture of each layer."""
    one, two, three = pictures(3)
    return replace(
        plain,
        examples=(
            ExampleCell("Erythroblast (EN)", one),
            ExampleCell("Blast (blast)", two),
            ExampleCell("Segmented neutrophils", three, confirmed=True),
        ),
    )
