"""What a doctor fills in, in the order of an ICSH-style aspirate report.

Order as read in a public implementation that follows the ICSH table; see
docs/clinical.md 1.2. The program never fills any of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marrowscope.domain.typed_facts import FACTS


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
# What the criteria ask for and no count of these smears can tell; printed beside them.
TYPED = tuple(SpecimenField(f.id, f.label, choices=f.choices) for f in FACTS)
SIGNATURE = (
    SpecimenField("signed_by", "Name"),
    SpecimenField("signed_at", "Date"),
    SpecimenField("signature", "Signature"),
)


def filled(
    fields: Sequence[SpecimenField], words: Mapping[str, str]
) -> tuple[SpecimenField, ...]:
    """The same fields with the doctor's words."""
    return tuple(
        SpecimenField(known.id, known.label, words.get(known.id, "").strip())
        for known in fields
    )
