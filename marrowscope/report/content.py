"""One content model for every form of the report: what is printed, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from marrowscope.report import specimen_fields as fields
from marrowscope.report.confirmed import ConfirmedPart, confirmed_part
from marrowscope.report.counted_map import CountedMap
from marrowscope.report.megakaryocytes import MegakaryocytePart, megakaryocyte_part
from marrowscope.report.notices import LEARNED_DYSPLASIA, RESEARCH_USE, notices
from marrowscope.report.origin import ModelLine, SlideLine, model_lines, slide_lines
from marrowscope.report.pictures import jpeg
from marrowscope.report.serial import SerialPart, serial_part
from marrowscope.report.signing import (
    ReportedSigning,
    SigningPart,
    signing_part,
    status_text,
)
from marrowscope.report.sources import ExampleCell, ReportSources
from marrowscope.report.specimen_fields import SpecimenField
from marrowscope.report.suggested import SuggestedPart, suggested_part
from marrowscope.report.systems import CriteriaPart, criteria_part
from marrowscope.report.thresholds import ThresholdRow, threshold_rows
from marrowscope.report.unflagged import yield_lines
from marrowscope.report.wording import count_text, date_text, printable

TITLE = "Bone marrow aspirate"
NOT_GIVEN = "not given"


@dataclass(frozen=True, slots=True)
class ExampleGroup:
    """Pictures (JPEG) of cells of one class or line, of one layer."""

    name: str
    confirmed: bool
    pictures: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PrintedMap:
    """Where the counted cells of a slide lie, as a JPEG."""

    words: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything a report prints. `sources` holds the numbers behind the words.

    `statements`: what the program says itself where no card does. `references`: lists
    and criteria with their versions, as label and text. `definitions`: name, formula.
    `unflagged`: what reading cells that nothing was suspected of found, in sentences.
    """

    title: str
    case_name: str
    status: str
    made: str
    research_use: str
    notices: tuple[str, ...]
    head: tuple[SpecimenField, ...]
    conclusion: SpecimenField
    details: tuple[SpecimenField, ...]
    described: tuple[SpecimenField, ...]
    findings: tuple[SpecimenField, ...]
    signature: tuple[SpecimenField, ...]
    confirmed: ConfirmedPart
    suggested: SuggestedPart | None
    unflagged: tuple[str, ...]
    maps: tuple[PrintedMap, ...]
    megakaryocytes: MegakaryocytePart | None
    thresholds: tuple[ThresholdRow, ...]
    criteria: CriteriaPart
    definitions: tuple[tuple[str, str], ...]
    examples: tuple[ExampleGroup, ...]
    slides: tuple[SlideLine, ...]
    models: tuple[ModelLine, ...]
    card: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    statements: tuple[str, ...]
    earlier: SerialPart | None
    signing: SigningPart
    sources: ReportSources

    @property
    def running(self) -> str:
        """The case and whose it is, for the head of every page."""
        known = {field.id: field.value for field in self.head}
        whose = (known[name] for name in ("patient", "patient_number", "accession"))
        said = (words for words in whose if words not in ("", NOT_GIVEN))
        return " · ".join(dict.fromkeys((self.case_name, *said)))


def compose(sources: ReportSources) -> ReportContent:
    """The content of a report; nothing in it depends on the clock or on files."""
    sources = _shown(sources)
    return ReportContent(
        title=TITLE,
        case_name=sources.case_name,
        status=status_text(sources.signing),
        made=date_text(sources.made_at),
        research_use=RESEARCH_USE,
        notices=notices(sources),
        head=fields.head(sources.specimen),
        conclusion=fields.conclusion(sources.specimen),
        details=fields.details(sources.specimen),
        described=fields.described(sources.specimen),
        findings=fields.findings(sources.specimen),
        signature=fields.signature_of(sources.signing.signature),
        confirmed=confirmed_part(sources),
        suggested=suggested_part(sources),
        unflagged=yield_lines(sources),
        maps=tuple(_map(one) for one in sources.maps),
        megakaryocytes=megakaryocyte_part(sources),
        thresholds=threshold_rows(sources),
        criteria=criteria_part(sources.judged),
        definitions=tuple((f.name, f.words) for f in sources.formulas),
        examples=_groups(sources.examples),
        slides=slide_lines(sources),
        models=model_lines(sources),
        card=tuple(dict.fromkeys(sources.card)),
        references=_references(sources),
        statements=_statements(sources.card),
        earlier=_earlier(sources),
        signing=signing_part(sources.signing),
        sources=sources,
    )


def _earlier(sources: ReportSources) -> SerialPart | None:
    if sources.earlier is None:
        return None
    return serial_part(
        *(sources.earlier, sources.taxonomy, sources.criteria),
        cells=sources.earlier_cells,
    )


def with_signing(content: ReportContent, signing: ReportedSigning) -> ReportContent:
    """The same content, signed or amended so; all else in it stays as it is."""
    shown = _to_read(content) if signing.signature else content
    return replace(
        shown,
        status=status_text(signing),
        signature=fields.signature_of(signing.signature),
        signing=signing_part(signing),
        sources=replace(content.sources, signing=signing),
    )


def _to_read(content: ReportContent) -> ReportContent:
    """Without lines to write on: what is signed is complete."""
    missing = (f if f.value else replace(f, value=NOT_GIVEN) for f in content.head)
    return replace(
        content,
        head=tuple(missing),
        details=fields.to_read(content.details),
        described=fields.to_read(content.described),
        findings=fields.to_read(content.findings),
    )


def _shown(sources: ReportSources) -> ReportSources:
    """The same with every name as a page can show it; names come from anywhere."""
    return replace(
        sources,
        case_name=printable(sources.case_name),
        specimen={k: printable(words) for k, words in sources.specimen.items()},
        slides=tuple(replace(s, name=printable(s.name)) for s in sources.slides),
    )


def _references(sources: ReportSources) -> tuple[tuple[str, str], ...]:
    taxonomy, criteria = sources.taxonomy, sources.criteria
    found = [
        ("Cell lines counted", f"version {taxonomy.version}, {taxonomy.source}"),
        ("Criteria", f"version {criteria.version}"),
        ("Program", f"MarrowScope {sources.program}"),
    ]
    if sources.vocabulary:
        found.append(("Called dysplastic when", sources.vocabulary.dysplasia_rule))
    return tuple(found)


def _statements(card: Sequence[str]) -> tuple[str, ...]:
    # Cards word it more exactly; a sentence said twice is read by nobody.
    said = any("drawn or edited cells" in sentence for sentence in card)
    return () if said else (LEARNED_DYSPLASIA,)


def _groups(examples: Sequence[ExampleCell]) -> tuple[ExampleGroup, ...]:
    pictures: dict[tuple[bool, str], list[bytes]] = {}
    for example in examples:
        key = (not example.confirmed, example.name)
        pictures.setdefault(key, []).append(jpeg(example.picture))
    return tuple(
        ExampleGroup(name, not suggested, tuple(found))
        for (suggested, name), found in sorted(
            pictures.items(), key=lambda entry: entry[0][0]
        )
    )


def _map(one: CountedMap) -> PrintedMap:
    cells = "1 cell" if one.cells == 1 else f"{count_text(one.cells)} cells"
    return PrintedMap(f"{printable(one.name)}: {cells}", jpeg(one.picture))
