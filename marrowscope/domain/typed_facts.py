"""Facts a reader types in, read exactly: "3,2 %" is 16/5 percent, "18 of 100" a share.

What is empty is unknown, and is never taken for zero or for absent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from marrowscope.domain.days import WANTED, read_day
from marrowscope.domain.statistics import Share

_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%?")
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)")
_SHARE = re.compile(r"(\d+)\s*(?:of|/)\s*(\d+)")


# Hypogranularity cannot be told from granules that took no stain. By feature the line
# whose share may be higher for it.
NEED_STAIN = {"g_decreased_granules": "granulocytic"}
DILUTED = "the specimen may be diluted with blood"
PALE = "decreased granules cannot be assessed on a pale stain"


class FactKind(StrEnum):
    """How the words of a fact are to be read."""

    PERCENT = "percent"  # 0 to 100
    NUMBER = "number"
    SHARE = "share"  # n of m cells
    CHOICE = "choice"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact the criteria may ask for.

    `unknown` is printed while nothing is written. `hint` says how to write it.
    """

    id: str
    name: str
    kind: FactKind
    unit: str = ""
    choices: tuple[str, ...] = ()
    unknown: str = "not typed in"

    @property
    def label(self) -> str:
        """The name over its field, with the unit or the form to write it in."""
        form = "n of m, iron stain" if self.kind is FactKind.SHARE else ""
        more = form or self.unit
        return f"{self.name}, {more}" if more else self.name


LOOKED_FOR = ("seen", "looked for, none seen")

# Days that a report gives, and by which two marrows are put in order.
OF_DAYS = tuple(
    Fact(id_, name, FactKind.DAY, unknown="not given")
    for id_, name in (
        ("birth", "Date of birth"),
        ("aspirated", "Date of aspiration"),
        ("received", "Date received"),
    )
)
# How good the specimen is, and what was seen in it beside the cells that are counted.
OF_SPECIMEN = (
    Fact(
        "particles",
        "Particles",
        FactKind.CHOICE,
        choices=("none", "few", "many"),
        unknown="not stated",
    ),
    Fact(
        "dilution",
        "Diluted with blood",
        FactKind.CHOICE,
        choices=("no", "suspected", "yes"),
        unknown="not stated",
    ),
    Fact(
        "stain",
        "Stain",
        FactKind.CHOICE,
        choices=("adequate", "pale"),
        unknown="not stated",
    ),
    Fact(
        "smear_type",
        "Type of smear",
        FactKind.CHOICE,
        choices=("wedge smear", "particle smear", "squash", "touch imprint", "other"),
        unknown="not stated",
    ),
    Fact(
        "anticoagulant_hours",
        "In anticoagulant",
        FactKind.NUMBER,
        "hours",
        unknown="not stated",
    ),
    *(
        Fact(id_, name, FactKind.CHOICE, choices=LOOKED_FOR, unknown="not looked for")
        for id_, name in (
            ("clumps", "Clumps of cells"),
            ("tumour_cells", "Tumour cells"),
            ("organisms", "Organisms"),
        )
    ),
)
FOR_CRITERIA = (
    Fact("blood_blasts", "Blood blasts", FactKind.PERCENT, "%"),
    Fact(
        "auer_rods",
        "Auer rods",
        FactKind.CHOICE,
        choices=LOOKED_FOR,
        unknown="not looked for",
    ),
    Fact(
        "ring_sideroblasts", "Ring sideroblasts", FactKind.SHARE, unknown="not assessed"
    ),
    Fact("haemoglobin", "Haemoglobin", FactKind.NUMBER, "g/dL"),
    Fact("neutrophils", "Neutrophils", FactKind.NUMBER, "×10⁹/L"),
    Fact("platelets", "Platelets", FactKind.NUMBER, "×10⁹/L"),
    Fact("sf3b1", "SF3B1, allele fraction", FactKind.PERCENT, "%"),
    Fact("del_5q", "del(5q)", FactKind.CHOICE, choices=("present", "not present")),
    Fact(
        "tp53",
        "TP53",
        FactKind.CHOICE,
        choices=("biallelic", "one allele", "not mutated"),
    ),
)
FACTS = (*OF_DAYS, *OF_SPECIMEN, *FOR_CRITERIA)


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact as it was written; `value` in its unit (percent: 0 to 100).

    `problem`: why the words could not be read; a fact with one is unknown.
    """

    fact: Fact
    value: Fraction | None = None
    share: Share | None = None
    choice: str = ""
    day: date | None = None
    problem: str = ""


def read_facts(words: Mapping[str, str]) -> dict[str, ReadFact]:
    """Every fact by its id, out of the specimen's words."""
    return {fact.id: _read(fact, words.get(fact.id, "").strip()) for fact in FACTS}


@dataclass(frozen=True, slots=True)
class Quality:
    """What the specimen allows to be said at all.

    `diluted`: the reader says or suspects blood in it, so that every share may be
    higher than counted. `unassessable`: features that its stain does not show.
    """

    diluted: bool = False
    unassessable: frozenset[str] = frozenset()

    def doubt(self, line: str) -> str:
        """Why a line's share may be higher than counted; "" where nothing says so.

        `line`: a lineage, or "blast".
        """
        if self.diluted:
            return DILUTED
        return PALE if self.stain_hides(line) else ""

    def stain_hides(self, line: str) -> bool:
        """True where the stain does not show some feature of a lineage."""
        return line in {NEED_STAIN.get(feature) for feature in self.unassessable}


def quality(facts: Mapping[str, ReadFact]) -> Quality:
    """What follows from the facts of a specimen; what nobody stated hinders nothing."""
    pale = facts["stain"].choice == "pale"
    return Quality(
        diluted=facts["dilution"].choice in ("suspected", "yes"),
        unassessable=frozenset(NEED_STAIN) if pale else frozenset(),
    )


def _read(fact: Fact, words: str) -> ReadFact:
    if not words:
        return ReadFact(fact)
    if fact.kind is FactKind.CHOICE:
        known = {choice.casefold(): choice for choice in fact.choices}
        said = known.get(words.casefold())
        if said:
            return ReadFact(fact, choice=said)
        return _unread(fact, words, f"one of: {'; '.join(fact.choices)}")
    if fact.kind is FactKind.SHARE:
        return _read_share(fact, words)
    if fact.kind is FactKind.DAY:
        day = read_day(words)
        return ReadFact(fact, day=day) if day else _unread(fact, words, WANTED)
    pattern = _PERCENT if fact.kind is FactKind.PERCENT else _NUMBER
    match = pattern.fullmatch(words)
    value = Fraction(match[1].replace(",", ".")) if match else None
    if value is None or (fact.kind is FactKind.PERCENT and value > 100):
        return _unread(fact, words, f"a number in {fact.unit}")
    return ReadFact(fact, value=value)


def _read_share(fact: Fact, words: str) -> ReadFact:
    match = _SHARE.fullmatch(words)
    count, total = (int(match[1]), int(match[2])) if match else (0, 0)
    if not total or count > total:
        return _unread(fact, words, "n of m erythroblasts, such as 18 of 100")
    share = Share(count, total)
    return ReadFact(fact, value=Fraction(100 * count, total), share=share)


def _unread(fact: Fact, words: str, wanted: str) -> ReadFact:
    return ReadFact(fact, problem=f"“{words}” cannot be read: write {wanted}")
