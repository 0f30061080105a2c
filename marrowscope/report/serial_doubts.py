"""What stands between two marrows and their comparison, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from marrowscope.domain.serial import Marrow
from marrowscope.domain.typed_facts import read_facts
from marrowscope.report.wording import count_text, printable

_WHEN = ("earlier", "present")


def doubts(then: Marrow, now: Marrow) -> Iterator[str]:
    """Every doubt, the gravest first."""
    yield from _patients(then, now)
    yield from _same_cells(then, now)
    for when, marrow in zip(_WHEN, (then, now), strict=True):
        yield from _specimen(when, marrow)
    for when, marrow in zip(_WHEN, (then, now), strict=True):
        yield from _count(when, marrow)
    yield from _otherwise(then, now)


def _patients(then: Marrow, now: Marrow) -> Iterator[str]:
    was, is_ = (printable(m.words.get("patient", "")).strip() for m in (then, now))
    if not (was and is_):
        yield "Not both cases name their patient: make sure that it is the same one."
    elif was.casefold() != is_.casefold():
        yield f"The patients are called differently: “{was}” then, “{is_}” now."
    if then.last_call > now.last_call > "":
        yield "The case called earlier was read later than this one."


def _same_cells(then: Marrow, now: Marrow) -> Iterator[str]:
    shared = [now.slides[c] for c in now.slides if c in then.slides]
    if shared:
        yield (
            f"Both cases hold {', '.join(map(printable, shared))}: the same cells read"
            " twice, for which counting error says nothing."
        )


def _specimen(when: str, marrow: Marrow) -> Iterator[str]:
    facts = read_facts(marrow.words)
    dilution = facts["dilution"].choice
    if marrow.quality.diluted:
        known = "is" if dilution == "yes" else "may be"
        yield (
            f"The {when} marrow {known} diluted with blood: blasts may be"
            " underestimated, and no difference is put down to the marrow itself."
        )
    if marrow.quality.unassessable:
        yield (
            f"The {when} marrow is stained pale: hypogranularity is not assessable, so"
            " its dysplasia is judged by fewer features."
        )
    if facts["particles"].choice == "none":
        yield f"The {when} marrow shows no particles."


def _count(when: str, marrow: Marrow) -> Iterator[str]:
    if marrow.formal is None:
        yield (
            f"Cells of the {when} marrow were not drawn at random: which were chosen"
            " shapes its percentages, and no test allows for that."
        )
    elif marrow.formal.counted < marrow.formal.target:
        read = f"{count_text(marrow.formal.counted)} of"
        yield (
            f"The formal count of the {when} marrow is not read to its end:"
            f" {read} {count_text(marrow.formal.target)} cells."
        )


def _otherwise(then: Marrow, now: Marrow) -> Iterator[str]:
    was, is_ = (read_facts(m.words)["smear_type"].choice for m in (then, now))
    if was and is_ and was != is_:
        yield f"Another type of smear: {was} then, {is_} now."
    if then.models != now.models:
        yield (
            f"Cells were found by other models: {_models(then)} then, {_models(now)}"
            " now. What a model does not find is in no count."
        )
    if then.definitions and now.definitions and then.definitions != now.definitions:
        yield (
            "The earlier case was last counted by other definitions; here both are"
            f" counted by those in force. Then: {then.definitions}."
        )


def _models(marrow: Marrow) -> str:
    return " and ".join(map(printable, marrow.models)) or "none"
