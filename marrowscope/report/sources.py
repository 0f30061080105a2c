"""What a report is made of: domain values, handed in by the workflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from marrowscope.domain.area_spread import AreaSpread
from marrowscope.domain.count_state import CountState
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.definitions import Formula
from marrowscope.domain.differential import (
    ConfirmedDifferential,
    ConfirmedRow,
    Ratio,
    SuggestedDifferential,
)
from marrowscope.domain.dysplasia import ConfirmedDysplasia, SuggestedDysplasia
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.domain.judging import CaseJudged
from marrowscope.domain.likeness import Likeness
from marrowscope.domain.megakaryocytes import Megakaryocyte
from marrowscope.domain.provenance import Provenance
from marrowscope.domain.serial import Comparison
from marrowscope.domain.statistics import Share
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.unflagged import Yield
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.report.counted_map import CountedMap
from marrowscope.report.signing import ReportedSigning

UNSIGNED = ReportedSigning()


@dataclass(frozen=True, slots=True)
class ReportedRegion:
    """One region of a slide. `cells` lie in it, counted or (not `included`) left out.

    `area_mm2` is None where the slide has no scale.
    """

    name: str
    included: bool
    area_mm2: float | None
    cells: int


@dataclass(frozen=True, slots=True)
class ReportedSlide:
    """One slide or photo as the report names it.

    `mpp`: microns per level-0 pixel, None while uncalibrated; `mpp_source` says who
    gave it. `working_mpp` is what the reading believed and `working_certainty` why
    ("known", "proposed from red cells", "assumed"). `region`: level-0 pixels
    around what was read, None for all of the slide; `regions`: what was counted or left
    out of it. Fields are counted, not listed. `likeness`: how
    many of its cells look unlike the training pictures; None where not measured.
    `zones`: percent of the smear by zone id, empty where none were looked for.
    `target`: cells after which the reading ended, best fields first; None: no such.
    `display`: how its colours were shown to the reader, "" for as stored.
    `target_met`: such a reading has come to its end, though fields were left unread.
    """

    number: int
    name: str
    width: int
    height: int
    mpp: float | None
    mpp_source: str
    cells: int
    working_mpp: float | None = None
    working_certainty: str = ""
    region: Box | None = None
    regions: tuple[ReportedRegion, ...] = ()
    fields: int = 0
    fields_read: int = 0
    fields_failed: int = 0
    likeness: Likeness | None = None
    zones: Mapping[str, float] = field(default_factory=dict)
    target: int | None = None
    target_met: bool = False
    display: str = ""


@dataclass(frozen=True, slots=True)
class ReportedPhotos:
    """How the photos of one smear lie, by slide number.

    `groups` of photos that hang together, the largest first. `near_duplicates`: two
    photos and the part of the smaller one's area both show. `copies`: names of files
    with the same content as a photo. `apart`: photos not compared with all others.
    `seen_again`: cells not counted since another photo shows them better.
    """

    groups: tuple[tuple[int, ...], ...]
    near_duplicates: tuple[tuple[int, int, float], ...] = ()
    copies: tuple[tuple[int, str], ...] = ()
    apart: tuple[int, ...] = ()
    seen_again: int = 0


@dataclass(frozen=True, slots=True)
class ReportedSearch:
    """A search for megakaryocytes over one slide: places looked at, some in vain."""

    slide: int
    candidates: int
    failed: int = 0


@dataclass(frozen=True, slots=True)
class ExampleCell:
    """A cell's picture (H, W, 3) with the name of its class or line.

    `confirmed` when a person said so; suggested and confirmed are never shown together.
    """

    name: str
    picture: Pixels
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class ReportSources:
    """Everything `content.compose` needs.

    `judged`: the confirmed shares against thresholds and criteria; `formulas`: the
    laboratory's definitions as printed. `made_at`: UTC, ISO 8601. `specimen`: the
    doctor's words by field id (see `specimen_fields`). `runs`: provenance of every
    reading that is counted.
    `card`: sentences of the model's card: what it was trained and measured on, limits.
    `unmatched`: earlier calls whose cell the newest reading does not show. `photos`:
    None for a case that is no set of photos. `searches`: smears over which
    megakaryocytes were sought; `megakaryocytes`: all of the case, however found.
    `formal`: the count that was drawn, whose cells alone are `confirmed`; `apart`:
    calls that it does not hold, or of cells picked out. `yields`: of unflagged cells.
    `spreads`: what other fields would have given; `maps`: where counted cells lie.
    `earlier`: the comparison with an earlier marrow that a reader put in, with a few of
    this marrow's cells by line in `earlier_cells`.
    `calls_sha256`: of every call in force, whole and in its order.
    `second_reader`: how a second reader agrees, in sentences; empty without one.
    """

    case_name: str
    made_at: str
    program: str
    taxonomy: Taxonomy
    criteria: Criteria
    confirmed: ConfirmedDifferential
    confirmed_dysplasia: tuple[ConfirmedDysplasia, ...]
    confirmed_blasts: Share
    ratio: Ratio
    judged: CaseJudged
    formulas: tuple[Formula, ...]
    suggested: SuggestedDifferential | None = None
    suggested_dysplasia: tuple[SuggestedDysplasia, ...] = ()
    vocabulary: ModelVocabulary | None = None
    specimen: Mapping[str, str] = field(default_factory=dict)
    slides: tuple[ReportedSlide, ...] = ()
    runs: tuple[Provenance, ...] = ()
    card: tuple[str, ...] = ()
    examples: tuple[ExampleCell, ...] = ()
    unmatched: int = 0
    photos: ReportedPhotos | None = None
    searches: tuple[ReportedSearch, ...] = ()
    megakaryocytes: tuple[Megakaryocyte, ...] = ()
    formal: CountState | None = None
    apart: tuple[ConfirmedRow, ...] = ()
    yields: tuple[Yield, ...] = ()
    spreads: tuple[AreaSpread, ...] = ()
    maps: tuple[CountedMap, ...] = ()
    calls_sha256: str = ""
    second_reader: tuple[str, ...] = ()
    earlier: Comparison | None = None
    earlier_cells: Mapping[str, tuple[Pixels, ...]] = field(default_factory=dict)
    signing: ReportedSigning = UNSIGNED
