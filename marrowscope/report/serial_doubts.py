"""What stands between two marrows and their comparison, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from marrowscope.domain.days import day_words
from marrowscope.domain.serial import Marrow
from marrowscope.domain.typed_facts import read_facts
from marrowscope.report.wording import count_text, printable

_WHEN = ("earlier", "present")


def doubts(then: Marrow, now: Marrow) -> Iterator[str]:
    """Every doubt, the gravest first."""
    yield from _patients(then, now)
    yield from _order(then, now)
    yield from _same_cells(then, now)
    for when, marrow in zip(_WHEN, (then, now), strict=True):
        yield from _specimen(when, marrow)
    for when, marrow in zip(_WHEN, (then, now), strict=True):
        yield from _count(when, marrow)
    yield from _otherwise(then, now)


def _patients(then: Marrow, now: Marrow) -> Iterator[str]:
    names, numbers = (
        _both(then, now, field) for field in ("patient", "patient_number")
    )
    if not (all(names) or all(numbers)):
        yield "Not both cases name their patient: make sure that it is the same one."
    if all(names) and names[0].casefold() != names[1].casefold():
        yield f"The patients are called differently: {_then_and_now(names)}."
    if all(numbers) and numbers[0] != numbers[1]:
        yield f"The patients have different numbers: {_then_and_now(numbers)}."
    births = _both(then, now, "birth")
    if all(births) and births[0] != births[1]:
        yield f"The patients have different dates of birth: {_then_and_now(births)}."


def _both(then: Marrow, now: Marrow, field: str) -> tuple[str, str]:
    was, is_ = (printable(m.words.get(field, "")).strip() for m in (then, now))
    return was, is_


def _then_and_now(words: tuple[str, str]) -> str:
    return f"“{words[0]}” then, “{words[1]}” now"


def _order(then: Marrow, now: Marrow) -> Iterator[str]:
    was, is_ = then.aspirated, now.aspirated
    if was and is_:
        if was > is_:
            yield "The marrow called earlier was aspirated after this one."
        elif was == is_:
            yield f"Both marrows were aspirated on {day_words(was)}."
        return
    missing = [when for when, day in zip(_WHEN, (was, is_), strict=True) if not day]
    which = f"the {missing[0]} marrow" if len(missing) == 1 else "both marrows"
    yield (
        f"The date of aspiration of {which} is not given: make sure which was taken"
        " first."
    )
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
            " its granulocytes are judged by fewer features, and not compared."
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
