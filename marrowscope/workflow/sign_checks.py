"""What stands in the way of signing a report, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.days import day_words
from marrowscope.domain.review import Verdict
from marrowscope.domain.threshold_ledger import IntervalSays, LedgerEntry
from marrowscope.domain.typed_facts import OF_DAYS, OF_SPECIMEN, read_facts
from marrowscope.domain.unflagged import unflagged_rows
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.report.notices import (
    uncalibrated,
    unlike,
    unmatched_calls,
    unread_fields,
)
from marrowscope.report.sources import ReportSources
from marrowscope.report.wording import (
    GRANULES_ALONE,
    LINEAGE_NAMES,
    count_text,
    line_name,
    mark_text,
    more_cells_text,
    share_text,
)
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.checking import check_yields
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.reviewing import CANNOT_CLASSIFY
from marrowscope.workflow.second_reading import compare_readings, latest_reading

_STATED = ("particles", "dilution", "stain")
_STATE = "State it under Report, Specimen."
_READ_ON = "Read more cells, or sign with the line left open."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing found: a sentence on what, and one on what to do.

    `forbids`: nothing can be signed before it is done.
    """

    what: str
    advice: str
    forbids: bool = False


def checks(case: OpenedCase, sources: ReportSources) -> tuple[Check, ...]:
    """Everything found, the gravest first; `sources` are of the case as it stands."""
    file = case.file
    verdicts, vocabulary = file.verdicts(), file.vocabulary()
    table = file.cells(outlines=False)
    found = [*_nothing(sources), *_count(sources)]
    if vocabulary is not None:
        found += _blasts(table, verdicts, vocabulary)
        found += _unflagged(file, table, vocabulary)
    found += [check for entry in sources.judged.ledger for check in _line(entry)]
    found += _second_reader(file)
    found += [*_unidentified(verdicts.values()), *_unjudged(sources)]
    found += _of_slides(sources)
    found += [*_unstated(sources.specimen), *_days(sources.specimen)]
    return tuple(found)


def _nothing(sources: ReportSources) -> Iterator[Check]:
    if not sources.confirmed.total:
        yield Check(
            "No cell has been confirmed by a reader.",
            "Read cells first: a suggestion alone is never signed.",
            forbids=True,
        )


def _count(
    sources: ReportSources,
) -> Iterator[Check]:
    count = sources.formal
    if count is not None:
        if count.to_read:
            yield Check(
                f"{_cells(count.to_read)} of the formal count"
                f" {_have(count.to_read)} not been called, of"
                f" {count_text(count.target)}.",
                "Read the count to its end.",
            )
        if count.missing > 0:
            yield Check(
                f"{_cells(count.missing)} of the formal count {_have(count.missing)}"
                f" not been found, of {count_text(count.target)}.",
                "Read more of the smear, or another smear, and draw them.",
            )
        return
    total, least = sources.confirmed.total, sources.criteria.count_minimum
    drawn = "Fix a formal count, drawn at random."
    if 0 < total < least:
        yield Check(
            f"Only {_cells(total)} {_have(total)} been confirmed, of at least"
            f" {count_text(least)}.",
            f"Read more cells. {drawn}",
        )
    elif sources.confirmed.keyed < total:
        yield Check(
            "The cells confirmed were not drawn at random: which were chosen shapes"
            " every percentage.",
            drawn,
        )


def _blasts(
    table: CellTable, verdicts: Mapping[int, Verdict], vocabulary: ModelVocabulary
) -> Iterator[Check]:
    blasts = [i for i, c in enumerate(vocabulary.classes) if c.lineage == "blast"]
    suggested = [
        cell
        for cell, index, drawn in zip(
            table.id.tolist(),
            table.class_index.tolist(),
            table.drawn.tolist(),
            strict=True,
        )
        if index in blasts and not drawn and cell not in verdicts
    ]
    if suggested:
        number = len(suggested)
        yield Check(
            f"{_cells(number)} suggested as blasts {_have(number)} not been looked at.",
            "Look at them in the gallery, and call those that are.",
        )


def _unflagged(
    file: CaseFile, table: CellTable, vocabulary: ModelVocabulary
) -> Iterator[Check]:
    """What the model missed is known from cells that it did not flag alone."""
    blind = "Read the cells drawn for it, blind to the model."
    known = check_yields(file)
    if not known and unflagged_rows(table, vocabulary):
        yield Check(
            "No cells that the model left unflagged were drawn and read blind, so"
            " nothing is known of dysplasia that it missed.",
            blind,
        )
    for one in known:
        if not one.complete:
            unread = one.drawn - one.called
            yield Check(
                f"{LINEAGE_NAMES[one.lineage]}: {_cells(unread)} of"
                f" {count_text(one.drawn)} unflagged ones drawn to be read blind"
                f" {_have(unread)} not been called.",
                blind,
            )


def _second_reader(file: CaseFile) -> Iterator[Check]:
    reading = latest_reading(file)
    if reading is None:
        return
    found = compare_readings(file, reading)
    unread = len(reading.cells) - found.called
    if unread:
        yield Check(
            f"The second reader has not called {_cells(unread)} of"
            f" {count_text(len(reading.cells))}.",
            "Let the second reading come to its end.",
        )
    if found.open_:
        number = len(found.open_)
        yield Check(
            f"The readers disagree about {_cells(number)}.",
            "Settle them under Cells, Adjudicate.",
        )


def _line(entry: LedgerEntry) -> Iterator[Check]:
    share, name = entry.share, line_name(entry.line)
    if entry.too_few:
        cells = f"{count_text(share.total)} of {count_text(entry.minimum)} cells"
        yield Check(f"{name}: {cells}, too few to assess.", _READ_ON)
        return
    percent = share_text(share.count, share.total, entry.thresholds)
    if len(entry.against) < len(entry.thresholds):
        yield Check(
            f"{name}, {percent} %: below cannot be told, since {entry.doubt}.",
            "Look at a better smear, or sign with the line left open.",
        )
    for against in entry.against:
        if against.interval is IntervalSays.INCLUDES:
            mark = mark_text(against.threshold)
            settle = more_cells_text(against.more_cells)
            if against.more_cells is not None:
                settle = f"{settle} would settle it"
            yield Check(
                f"{name}, {percent} %: undecided, the interval includes {mark}"
                f" ({settle}).",
                _READ_ON,
            )


def _unidentified(verdicts: Iterable[Verdict]) -> Iterator[Check]:
    number = sum(v.lines == CANNOT_CLASSIFY for v in verdicts)
    if number:
        yield Check(
            f"{_cells(number)} {_have(number)} been left as not classifiable.",
            "Look at them once more, or have a second reader look.",
        )


def _unjudged(sources: ReportSources) -> Iterator[Check]:
    for entry in sources.confirmed_dysplasia:
        name, hidden = LINEAGE_NAMES[entry.lineage], entry.unassessable
        if unsaid := entry.unjudged - hidden:
            yield Check(
                f"{name}: {_cells(unsaid)} confirmed without a word on dysplasia.",
                "Say whether they are dysplastic.",
            )
        if hidden:
            yield Check(
                f"{name}: {_cells(hidden)} {GRANULES_ALONE}.",
                "Look at them for other features, or read a well stained smear.",
            )


def _of_slides(sources: ReportSources) -> Iterator[Check]:
    scale = "Set the scale of the slide, and read it again where it was another."
    range_ = "Trust calls alone there, or use a model made for this stain and scanner."
    yield from (Check(said, scale) for said in uncalibrated(sources))
    yield from (Check(said, range_) for said in unlike(sources))
    go_on = "Go on reading the smear, or leave these fields out."
    yield from (Check(said, go_on) for said in unread_fields(sources))
    again = "Look at those places and call the cells again."
    yield from (Check(said, again) for said in unmatched_calls(sources))


def _unstated(words: Mapping[str, str]) -> Iterator[Check]:
    names = [f.name.lower() for f in OF_SPECIMEN if f.id in _STATED]
    missing = [
        name
        for name, field in zip(names, _STATED, strict=True)
        if not words.get(field, "").strip()
    ]
    if missing:
        yield Check(
            f"Nothing is said of the specimen's quality: {', '.join(missing)}.",
            _STATE,
        )


def _days(words: Mapping[str, str]) -> Iterator[Check]:
    if not words.get("aspirated", "").strip():
        yield Check("The date of aspiration is not given.", _STATE)
    known = read_facts(words)
    facts = [known[fact.id] for fact in OF_DAYS]
    yield from (
        Check(f"{f.fact.name}: {f.problem}.", _STATE) for f in facts if f.problem
    )
    yield from _impossible([(f.fact.name, f.day) for f in facts if f.day])


def _impossible(days: Sequence[tuple[str, date]]) -> Iterator[Check]:
    """Days to come, and such as lie before what came first."""
    today = datetime.now().astimezone().date()
    for name, day in days:
        if day > today:
            yield Check(f"{name}: {day_words(day)} is still to come.", _STATE)
    for (before, first), (after, then) in pairwise(days):
        if first > then:
            yield Check(f"{after} lies before the {before.lower()}.", _STATE)


def _cells(number: int) -> str:
    return f"{count_text(number)} {'cell' if number == 1 else 'cells'}"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
