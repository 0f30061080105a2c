"""What is different between two versions of a report, from their JSON documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marrowscope.report import specimen_fields as fields

_FIELDS = {
    field.id: field
    for group in (
        *(fields.PATIENT, fields.SPECIMEN, fields.QUALITY),
        *(fields.TYPED, fields.FINDINGS),
    )
    for field in group
}
_NONE = "–"


@dataclass(frozen=True, slots=True)
class Change:
    """One printed entry, from and to; a dash where there was none."""

    name: str
    was: str
    now: str


def changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every entry of the reader's layer and of the specimen that differs."""
    before, after = dict(_entries(was)), dict(_entries(now))
    names = dict.fromkeys([*before, *after])
    return tuple(
        Change(name, before.get(name, _NONE), after.get(name, _NONE))
        for name in names
        if before.get(name, _NONE) != after.get(name, _NONE)
    )


def _entries(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    confirmed = document["confirmed"]
    yield "Nucleated cells counted", str(confirmed["total"])
    yield "Share of blasts", _share(confirmed["blasts"])
    for entry in confirmed["dysplasia"]:
        share = {"count": entry["dysplastic"], **entry}
        said = f"{_share(share)}, {entry['standing']}"
        yield f"{entry['lineage'].capitalize()} dysplasia", said
    ratio = confirmed["myeloid_erythroid"]
    yield "M : E", f"{ratio['numerator']} : {ratio['denominator']}"
    for row in (*confirmed["rows"], *confirmed["series"], *confirmed["outside"]):
        yield row["name"], str(row["count"])
    for system in document["systems"]:
        for one in system["criteria"]:
            yield f"{system['name']}: {one['text']}", one["answer"]
    if "earlier_marrow" in document:
        yield "Compared with", document["earlier_marrow"]["then"]
    for definition in document["definitions"]:
        yield f"Definition: {definition['name']}", definition["formula"]
    for field, words in document["specimen"].items():
        known = _FIELDS.get(field, fields.SpecimenField(field, field))
        yield known.label, fields.said_of(known, words)


def _share(said: Mapping[str, Any]) -> str:
    percent = said["percent"]
    told = "" if percent is None else f" ({percent:.1f} %)"
    return f"{said['count']} of {said['total']}{told}"
