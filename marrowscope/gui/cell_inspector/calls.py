"""The calls a reader may make of a cell, in the order they are offered."""

from __future__ import annotations

from dataclasses import dataclass

from marrowscope.domain.cells import Cell
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Line, Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary


@dataclass(frozen=True, slots=True)
class Call:
    """Something a reader can say of a cell. `dysplastic` None leaves it unjudged."""

    name: str
    lines: tuple[str, ...]
    lineage: str
    dysplastic: bool | None = None


@dataclass(frozen=True, slots=True)
class CallSection:
    """Calls of one kind, under one heading of the menu."""

    heading: str
    calls: tuple[Call, ...]


def confirmations(
    cell: Cell, vocabulary: ModelVocabulary, taxonomy: Taxonomy, criteria: Criteria
) -> tuple[Call, ...]:
    """Ways to agree with the model, the one that Enter takes first.

    A class wider than its lineage's dysplasia denominator (granulocytes with their
    eosinophils and basophils) is offered as the part that counts first, then line by
    line for the rest, and as the whole class last: cells confirmed as the whole class
    cannot enter the denominator.
    """
    known = vocabulary.of(cell.class_id)
    if not known.lines:  # a person drew the cell
        return ()
    judged = any(c.dysplastic for c in vocabulary.classes if c.lineage == known.lineage)
    dysplastic = known.dysplastic if judged else None
    lines = taxonomy.ordered(known.lines)
    inside, outside = _split(lines, known.lineage, criteria)
    kinds = [inside, *[(line,) for line in outside], lines] if outside else [lines]
    return tuple(_call(kind, taxonomy, dysplastic, whole=lines) for kind in kinds)


def _split(
    lines: tuple[str, ...], lineage: str, criteria: Criteria
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines inside the lineage's dysplasia denominator and those beside it."""
    members = {i for c in criteria.dysplasia if c.lineage == lineage for i in c.lines}
    inside = tuple(i for i in lines if i in members)
    if not inside:
        return lines, ()
    return inside, tuple(i for i in lines if i not in members)


def _call(
    lines: tuple[str, ...],
    taxonomy: Taxonomy,
    dysplastic: bool | None,
    *,
    whole: tuple[str, ...],
) -> Call:
    name = taxonomy.name_of(lines)
    if lines == whole and len(lines) > 1:
        name = f"{name}, kind not given" if _mixed(lines, taxonomy) else name
    return Call(name, lines, taxonomy.lineage_of(lines), dysplastic)


def _mixed(lines: tuple[str, ...], taxonomy: Taxonomy) -> bool:
    """True when some group names a smaller part of these lines."""
    return any(set(g.lines) < set(lines) for g in taxonomy.groups)


def menu(taxonomy: Taxonomy) -> tuple[CallSection, ...]:
    """Every line and series, in the order of the report, without "not a cell".

    Lines that are no cells at all (platelets, red cells) close the menu: calling a
    box one of them takes it out of every count.
    """
    counted = [line for line in taxonomy.lines if line.counted]
    beside = [line for line in taxonomy.lines if not line.counted and line.cell]
    nothing = [
        line for line in taxonomy.lines if not line.cell and line.id != "not_a_cell"
    ]
    series = [g for g in taxonomy.groups if taxonomy.lineage_of(g.lines) != "other"]
    return (
        CallSection("Counted", _lines(counted)),
        CallSection(
            "Series, stage or type not given",
            tuple(
                Call(g.name, taxonomy.ordered(g.lines), taxonomy.lineage_of(g.lines))
                for g in series
            ),
        ),
        CallSection("Beside the count", _lines(beside)),
        CallSection("No nucleated cell", _lines(nothing)),
    )


def _lines(lines: list[Line]) -> tuple[Call, ...]:
    return tuple(Call(line.name, (line.id,), line.lineage) for line in lines)


def can_be_dysplastic(lines: tuple[str, ...], criteria: Criteria) -> bool:
    """True when these lines lie in a lineage's dysplasia denominator."""
    return any(set(lines) <= set(c.lines) for c in criteria.dysplasia)


def all_said(verdict: Verdict, criteria: Criteria) -> bool:
    """True when dysplasia is judged too, where it can be."""
    judged = verdict.dysplastic is not None
    return judged or not can_be_dysplastic(verdict.lines, criteria)


def judged_lines(
    cell: Cell,
    verdict: Verdict | None,
    *,
    vocabulary: ModelVocabulary,
    taxonomy: Taxonomy,
    criteria: Criteria,
) -> tuple[str, ...]:
    """The lines a judgement of dysplasia is about; empty where there is none to make.

    Those already called, else those that confirming would call.
    """
    if verdict is not None:
        lines = taxonomy.ordered(verdict.lines)
    else:
        offered = confirmations(cell, vocabulary, taxonomy, criteria)
        lines = offered[0].lines if offered else ()
    return lines if can_be_dysplastic(lines, criteria) else ()


def kept_judgement(
    verdict: Verdict | None, lines: tuple[str, ...], criteria: Criteria
) -> bool | None:
    """The judgement that survives a call of other lines: only within one lineage."""
    if verdict is None or verdict.dysplastic is None:
        return None
    both = set(verdict.lines) | set(lines)
    same = any(both <= set(c.lines) for c in criteria.dysplasia)
    return verdict.dysplastic if same else None
