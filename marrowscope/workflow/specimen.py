"""What a reader writes about the specimen: the report's own fields, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from marrowscope.domain.days import read_day
from marrowscope.domain.typed_facts import OF_DAYS, read_facts
from marrowscope.report.specimen_fields import (
    FINDINGS,
    PATIENT,
    QUALITY,
    SPECIMEN,
    TYPED,
    SpecimenField,
)
from marrowscope.workflow.opening import OpenedCase

_DAYS = frozenset(fact.id for fact in OF_DAYS)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its fields."""

    title: str
    fields: tuple[SpecimenField, ...]


def specimen_sections() -> tuple[Section, ...]:
    """Every field a reader may fill in; name, date and signature belong to signing."""
    named = (
        *(("Patient", PATIENT), ("Specimen", SPECIMEN)),
        ("How good the specimen is", QUALITY),
        *(("For the criteria", TYPED), ("Findings", FINDINGS)),
    )
    return tuple(Section(title, fields) for title, fields in named)


def unreadable_words(field: str, words: str) -> str:
    """Why the words of a fact cannot be read; "" where they can, or need not be."""
    said = read_facts({field: words}).get(field)
    return said.problem if said else ""


def unknown_words(field: str) -> str:
    """What is printed of a fact while nothing is written: never "absent", never 0."""
    return read_facts({})[field].fact.unknown


def read_specimen(case: OpenedCase) -> dict[str, str]:
    """What was written so far, by field."""
    return case.file.specimen()


def write_specimen(
    case: OpenedCase, fields: Mapping[str, str], *, reader: str
) -> dict[str, str]:
    """Store what is new and journal it; returns everything that is written now."""
    known = case.file.specimen()
    kept = {field: _as_kept(field, words) for field, words in fields.items()}
    new = {k: v for k, v in kept.items() if v != known.get(k, "")}
    if new:
        case.file.set_specimen(new, reader, datetime.now(UTC).isoformat())
    return case.file.specimen()


def _as_kept(field: str, words: str) -> str:
    """Days year first, however they were written; what is no day stays as it is."""
    day = read_day(words) if field in _DAYS else None
    return day.isoformat() if day else words.strip()
