"""What a report says of megakaryocytes sought over whole smears: beside the count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marrowscope.domain.megakaryocytes import Megakaryocyte
from marrowscope.report.sources import ReportSources
from marrowscope.report.wording import count_text

HEADING = "Megakaryocytes, sought over the whole smear at low power"
BESIDE = (
    "Listed beside the count, in no percentage of it. Micromegakaryocytes are as small"
    " as lymphocytes: they are not found at low power, only met in the fields read, so"
    " that too few of the list may be dysplastic."
)


@dataclass(frozen=True, slots=True)
class MegakaryocytePart:
    """`suggested` and `confirmed` say how many there are; `notes` how they were found.

    Suggested and confirmed cells are never in one number.
    """

    heading: str
    confirmed: str
    suggested: str
    notes: tuple[str, ...]


def megakaryocyte_part(sources: ReportSources) -> MegakaryocytePart | None:
    """The list in words; None where nothing was sought."""
    if not sources.searches:
        return None
    own = [one for one in sources.megakaryocytes if one.confirmed]
    rest = [one for one in sources.megakaryocytes if not one.confirmed]
    return MegakaryocytePart(
        heading=HEADING,
        confirmed=_confirmed(own),
        suggested=_suggested(rest),
        notes=(_looked(sources), BESIDE),
    )


def megakaryocyte_entry(sources: ReportSources) -> dict[str, Any]:
    """The JSON's `megakaryocytes`; empty where nothing was sought."""
    if not sources.searches:
        return {}
    return {
        "megakaryocytes": {
            "title": HEADING,
            "searches": [
                {"slide": s.slide, "candidates": s.candidates, "failed": s.failed}
                for s in sources.searches
            ],
            "cells": [_entry(one) for one in sources.megakaryocytes],
            "note": BESIDE,
        }
    }


def _entry(one: Megakaryocyte) -> dict[str, Any]:
    return {
        "id": one.cell,
        "slide": one.slide,
        "box": [one.box.x, one.box.y, one.box.width, one.box.height],
        "dysplastic": one.dysplastic,
        "found": "at low power" if one.sought else "in a field read",
        "source": "confirmed" if one.confirmed else "model",
    }


def _suggested(cells: Sequence[Megakaryocyte]) -> str:
    if not cells:
        return "None that nobody has looked at."
    dysplastic = sum(bool(one.dysplastic) for one in cells)
    sought = sum(one.sought for one in cells)
    return (
        f"{count_text(len(cells))}, of them {count_text(dysplastic)} suggested"
        f" dysplastic; {count_text(sought)} found at low power,"
        f" {count_text(len(cells) - sought)} in the fields read."
    )


def _confirmed(cells: Sequence[Megakaryocyte]) -> str:
    if not cells:
        return "None yet."
    judged = [one for one in cells if one.dysplastic is not None]
    dysplastic = sum(bool(one.dysplastic) for one in judged)
    return (
        f"{count_text(len(cells))}; {count_text(dysplastic)} of"
        f" {count_text(len(judged))} judged are dysplastic."
    )


def _looked(sources: ReportSources) -> str:
    candidates = sum(search.candidates for search in sources.searches)
    failed = sum(search.failed for search in sources.searches)
    said = f"{count_text(candidates)} places were looked at"
    return f"{said}; {count_text(failed)} could not be read." if failed else f"{said}."
