"""What a doctor fills in, in the order of an ICSH-style aspirate report.

Order as read in a public implementation that follows the ICSH table; see
docs/clinical.md 1.2. The program never fills any of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from marrowscope.domain.days import day_words, read_day
from marrowscope.domain.signing import Signature
from marrowscope.domain.typed_facts import (
    FOR_CRITERIA,
    LOOKED_FOR,
    OF_DAYS,
    OF_SPECIMEN,
)
from marrowscope.report.wording import date_text, printable


@dataclass(frozen=True, slots=True)
class SpecimenField:
    """One field; an empty `value` is printed as a line to write on.

    `choices`: the only words it takes, where there are such; `offered`: words that are
    usual, where any may be written; `day`: it takes a date.
    """

    id: str
    label: str
    value: str = ""
    choices: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    day: bool = False


_DAYS = {f.id: SpecimenField(f.id, f.name, day=True) for f in OF_DAYS}
PATIENT = (
    SpecimenField("hospital", "Hospital"),
    SpecimenField("patient", "Patient"),
    SpecimenField("patient_number", "Patient number"),
    _DAYS["birth"],
    SpecimenField("age", "Age"),
    SpecimenField("sex", "Sex", offered=("female", "male")),
    SpecimenField("referring_doctor", "Referring doctor"),
    SpecimenField(
        *("procedure", "Procedure"), offered=("aspiration", "aspiration and trephine")
    ),
    SpecimenField("accession", "Specimen number"),
    SpecimenField("request", "Request number"),
    SpecimenField("physician", "Physician"),
)
SPECIMEN = (
    _DAYS["aspirated"],
    _DAYS["received"],
    SpecimenField("history", "Clinical history"),
    SpecimenField("indication", "Indication"),
    SpecimenField(
        *("site", "Anatomic site"),
        offered=(
            *("posterior iliac crest, left", "posterior iliac crest, right"),
            *("anterior iliac crest", "sternum", "tibia"),
        ),
    ),
    SpecimenField(
        *("ease", "Ease of aspiration"), offered=("easy", "difficult", "dry tap")
    ),
    SpecimenField(
        *("stained_with", "Stained with"),
        offered=("May-Grünwald-Giemsa", "Wright-Giemsa", "Wright", "Giemsa"),
    ),
    SpecimenField("blood_count", "Blood count"),
    SpecimenField("blood_film", "Blood film"),
    SpecimenField("cellularity", "Cellularity of particles and trails"),
)
FINDINGS = (
    SpecimenField("erythropoiesis", "Erythropoiesis"),
    SpecimenField("myelopoiesis", "Myelopoiesis"),
    SpecimenField("megakaryocytes", "Megakaryocytes"),
    SpecimenField("lymphocytes", "Lymphocytes"),
    SpecimenField("plasma_cells", "Plasma cells"),
    SpecimenField("other_cells", "Other haemopoietic cells"),
    SpecimenField("abnormal_cells", "Abnormal cells"),
    SpecimenField("iron", "Iron stain"),
    SpecimenField("cytochemistry", "Cytochemistry"),
    SpecimenField("investigations", "Other investigations"),
    SpecimenField("flow", "Flow cytometry"),
    SpecimenField("conclusion", "Conclusion"),
    SpecimenField("classification", "Classification"),
    SpecimenField("disease_code", "Disease code"),
)
# Whose marrow it is and why it was taken: on the first page, beside the numbers.
_HEAD = (
    *("patient", "patient_number", "birth", "sex"),
    *("accession", "aspirated", "site", "indication"),
)
# Words that need the whole width of a page.
_LONG = ("history", "blood_film", "cellularity")
# How far the specimen can be trusted, and what was seen in it beside the count.
QUALITY = (
    *(SpecimenField(f.id, f.label, choices=f.choices) for f in OF_SPECIMEN),
    SpecimenField("beside_the_count", "More beside the count"),
)
# What the criteria ask for and no count of these smears can tell; printed beside them.
TYPED = tuple(SpecimenField(f.id, f.label, choices=f.choices) for f in FOR_CRITERIA)
SIGNATURE = (
    SpecimenField("signed_by", "Name"),
    SpecimenField("signed_at", "Date"),
    SpecimenField("signature", "Signature"),
)


def head(words: Mapping[str, str]) -> tuple[SpecimenField, ...]:
    """Whose marrow it is, of which day and site, and why it was taken."""
    known = {field.id: field for field in (*PATIENT, *SPECIMEN)}
    return filled([known[name] for name in _HEAD], words)


def details(words: Mapping[str, str]) -> tuple[SpecimenField, ...]:
    """What else is said of patient and specimen in a few words, in its order."""
    rest = (f for f in (*PATIENT, *SPECIMEN) if f.id not in (*_HEAD, *_LONG))
    return filled(list(rest), words)


def described(words: Mapping[str, str]) -> tuple[SpecimenField, ...]:
    """What is said of them in sentences; how good the specimen is."""
    long = [field for field in SPECIMEN if field.id in _LONG]
    return (*filled(long, words), *quality_lines(words))


def findings(words: Mapping[str, str]) -> tuple[SpecimenField, ...]:
    """What was found line by line; the conclusion stands apart."""
    return filled([field for field in FINDINGS if field.id != "conclusion"], words)


def conclusion(words: Mapping[str, str]) -> SpecimenField:
    """What the doctor concludes."""
    (said,) = filled([field for field in FINDINGS if field.id == "conclusion"], words)
    return said


def to_read(fields: Sequence[SpecimenField]) -> tuple[SpecimenField, ...]:
    """As a signed report shows them: nobody writes on it any more."""
    return tuple(field for field in fields if field.value)


def signature_of(signature: Signature | None) -> tuple[SpecimenField, ...]:
    """Name, date and what signing meant; lines to write on while nobody signed."""
    if signature is None:
        return SIGNATURE
    said = (printable(signature.name), date_text(signature.at), signature.meaning)
    pairs = zip(SIGNATURE, said, strict=True)
    return tuple(replace(field, value=words) for field, words in pairs)


def quality_lines(words: Mapping[str, str]) -> tuple[SpecimenField, ...]:
    """How good the specimen is and what was seen beside the count, a line each."""
    *known, more = filled(QUALITY, words)
    seen = [f for f in known if f.choices == LOOKED_FOR]
    good = [f"{f.label.lower()}: {f.value}" for f in known if f.value and f not in seen]
    beside = [f"{f.label.lower()}: {f.value or 'not looked for'}" for f in seen]
    stated = "; ".join(good) or "not stated"
    beside += [more.value] if more.value else []
    return (
        SpecimenField("quality", "Quality of the specimen", _sentence(stated)),
        SpecimenField("beside", "Seen beside the count", _sentence("; ".join(beside))),
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def filled(
    fields: Sequence[SpecimenField], words: Mapping[str, str]
) -> tuple[SpecimenField, ...]:
    """The same fields with the doctor's words."""
    return tuple(
        replace(known, value=said_of(known, words.get(known.id, "")))
        for known in fields
    )


def said_of(field: SpecimenField, words: str) -> str:
    """What is printed of a field's words: a day in full, all else as it is written."""
    day = read_day(words) if field.day else None
    return day_words(day) if day else words.strip()
