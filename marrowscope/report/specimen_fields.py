"""What a doctor fills in, in the order of an ICSH-style aspirate report.

Order as read in a public implementation that follows the ICSH table; see
docs/clinical.md 1.2. The program never fills any of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from marrowscope.domain.signing import Signature
from marrowscope.domain.typed_facts import FOR_CRITERIA, LOOKED_FOR, OF_SPECIMEN
from marrowscope.report.wording import date_text, printable


@dataclass(frozen=True, slots=True)
class SpecimenField:
    """One field; an empty `value` is printed as a line to write on.

    `choices`: the only words it takes, where there are such.
    """

    id: str
    label: str
    value: str = ""
    choices: tuple[str, ...] = ()


PATIENT = (
    SpecimenField("hospital", "Hospital"),
    SpecimenField("patient", "Patient"),
    SpecimenField("age", "Age"),
    SpecimenField("sex", "Sex"),
    SpecimenField("referring_doctor", "Referring doctor"),
    SpecimenField("procedure", "Procedure"),
    SpecimenField("accession", "Accession number"),
    SpecimenField("physician", "Physician"),
)
SPECIMEN = (
    SpecimenField("history", "Clinical history"),
    SpecimenField("indication", "Indication"),
    SpecimenField("site", "Anatomic site"),
    SpecimenField("ease", "Ease of aspiration"),
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
        replace(known, value=words.get(known.id, "").strip()) for known in fields
    )
