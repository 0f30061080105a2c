"""differential.json: the numbers of a report for other programs.

Keys::

    format        "marrowscope-differential", with `format_version`
    case, made, status, program, research_use, notices
    taxonomy      version, source            criteria   version
    model         list of name, version, family, sha256, device {requested, actual,
                  precision}, program, started, finished: one per reading
    trained_on    sentences of the model's card
    slides        list of number, name, width, height (level-0 pixels), mpp (null:
                  uncalibrated), mpp_source, working_mpp, working_certainty, region
                  ([x, y, width, height] around what was read, or null), cells, fields,
                  fields_read, fields_failed; where known: regions (name, included,
                  area_mm2, cells), zones (percent of the smear by zone), target (cells
                  after which the reading ends), target_met, display (how
                  its colours were shown to the reader)
    suggested     the model's layer, null before any reading; no interval, no verdict:
        title, total, denominator, rule
        rows, outside   lists of lines, name, classes, count, total, percent
        not_separated   lines the model cannot tell; they have no count
        dysplasia       list of lineage, dysplastic, without_grade_1, total, percent,
                        percent_without_grade_1, denominator
    confirmed     the reader's layer:
        total, minimum, target, drawn_at_random (the cells of a formal count alone)
        rows            list of lines, name, count, total, percent, interval_95
        series          the same for cells called by series, stage not given
        outside         tallies beside the count: lines, name, count
        dysplasia       list of lineage, dysplastic, total, percent, interval_95,
                        standing, threshold_percent, without_grade_1,
                        percent_without_grade_1, denominator, minimum, unjudged,
                        unplaced
        blasts          count, total, percent, interval_95, denominator, minimum,
                        unplaced (where any: called without their stage), marks:
                        list of percent, standing
        myeloid_erythroid  numerator, denominator, value (null: not calculable), formula
    formal_count  null where none was drawn: target, seed, who, at, counted, to_read,
                  replaced, missing, blind (called before the model's class was shown),
                  picked (called in review or a sorted gallery), lines (cells by line,
                  lines of a series joined by /), smears (name, drawn, counted, lines),
                  lineages (lineage, minimum, on_top, called, to_read), apart (calls
                  outside it: lines, name, count)
    unflagged_read_blind  only where cells were drawn: lineage, unflagged, drawn,
                  called, dysplastic, of, belonged_elsewhere, interval_95
    definitions   list of name, formula: what was counted, as printed
    thresholds    list of line (blast or lineage), count, total, percent, interval_95,
                  minimum, too_few, diluted, doubt (only where the share may be higher
                  than counted: why), marks: list of percent, observed (below / at or
                  above), interval (excludes / includes), more_cells (null: over
                  1,000); no marks where there are too few cells, none above the share
                  where there is a doubt
    systems       list of id, name, criteria: list of text, answer (met / not met /
                  cannot tell), used (list of of, value, unit, said, unknown), source,
                  verified
    sampled       only where fields were drawn at random: draws (fields, seed), total
                  and denominator (cells identified), rows (classes, lines, name, count,
                  percent), blasts (count, total, percent, marks: percent, reached)
    photos        only for photos of one smear: seen_again (cells not counted, since
                  another photo shows them better), groups (slide numbers of photos that
                  hang together), near_duplicates (first, second, shared: of the smaller
                  one's area), copies (slide, name), not_compared (slide numbers)
    megakaryocytes  only where they were sought over the whole smear: searches (slide,
                  candidates, failed), cells (id, slide, box, dysplastic, found,
                  source); in no percentage
    earlier_marrow  only where a reader compared with one: then, now, aspirated (then,
                  now: a day, year first, null where not given), doubts, test,
                  lines (part, key, name, of, then, now: count, total, percent,
                  interval_95; points, p, p_adjusted (null: not tested),
                  verdict), in_neither; the shares of part "M : E" are of its numerator
                  in both its counts
    calls_sha256  of every call in force, see `workflow.sign_off`
    second_reader  only where there is one: how both agree, in sentences
    signing       only where it was ever signed: signed (version, name, meaning, at,
                  account, sha256; null for an amendment that is not signed yet),
                  still_open (what the checks before signing still found), amends (the
                  version before, reason, changes: name, was, now); sha256 is of this
                  document without `status` and `signing`, keys sorted, no spaces
    specimen      the doctor's words by field; empty ones are left out
    not_assessable  features that the specimen does not show: its stain is pale

Percentages are exact, from 0 to 100, null when nothing was counted. `interval_95` is
[low, high] in percent, the exact binomial sampling error alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from marrowscope.domain.differential import ConfirmedRow, SuggestedRow
from marrowscope.domain.dysplasia import ConfirmedDysplasia, SuggestedDysplasia
from marrowscope.domain.geometry import Box
from marrowscope.domain.provenance import Provenance
from marrowscope.domain.statistics import Share
from marrowscope.report.content import ReportContent
from marrowscope.report.formal import count_entry
from marrowscope.report.judged_entry import judged_entry
from marrowscope.report.megakaryocytes import megakaryocyte_entry
from marrowscope.report.photos import photo_entry
from marrowscope.report.sampled import sampled_entry
from marrowscope.report.serial_entry import earlier_entry
from marrowscope.report.signing import signing_entry
from marrowscope.report.sources import ReportedSlide, ReportSources
from marrowscope.report.unflagged import unflagged_entry

FORMAT, FORMAT_VERSION = "marrowscope-differential", 1
Entry = dict[str, object]
_ONLY_WHERE_KNOWN = ("regions", "zones", "target", "target_met", "display")


def write_differential(content: ReportContent, path: Path) -> None:
    """Write the document, UTF-8, two spaces deep."""
    text = json.dumps(differential(content), ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def differential(content: ReportContent) -> Entry:
    """The document, as plain lists and dictionaries."""
    sources = content.sources
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "case": content.case_name,
        "calls_sha256": sources.calls_sha256,
        **_second_reader(sources),
        "made": sources.made_at,
        "status": content.status,
        "program": sources.program,
        "research_use": content.research_use,
        "notices": list(content.notices),
        "taxonomy": {
            "version": sources.taxonomy.version,
            "source": sources.taxonomy.source,
        },
        "criteria": {"version": sources.criteria.version},
        "model": [_run(run) for run in sources.runs],
        "trained_on": list(content.card),
        "slides": [_slide(slide) for slide in sources.slides],
        "suggested": _suggested(sources),
        "confirmed": _confirmed(sources),
        **count_entry(sources),
        **unflagged_entry(sources),
        **judged_entry(sources),
        **sampled_entry(sources),
        **photo_entry(sources),
        **megakaryocyte_entry(sources),
        **earlier_entry(content.earlier),
        **signing_entry(sources.signing),
        "specimen": dict(sources.specimen),
        "not_assessable": sorted(sources.judged.quality.unassessable),
    }


def _second_reader(sources: ReportSources) -> Entry:
    """The JSON's `second_reader`; empty without one."""
    said = list(sources.second_reader)
    return {"second_reader": said} if said else {}


def _run(run: Provenance) -> Entry:
    return {
        **asdict(run.model),
        "device": asdict(run.device),
        "program": run.program,
        "started": run.started,
        "finished": run.finished,
    }


def _slide(slide: ReportedSlide) -> Entry:
    said = {**asdict(slide), "region": _box(slide.region)}
    for name in _ONLY_WHERE_KNOWN:
        if not said[name]:
            del said[name]
    return said


def _box(box: Box | None) -> list[float] | None:
    return None if box is None else [box.x, box.y, box.width, box.height]


def _suggested(sources: ReportSources) -> Entry | None:
    said = sources.suggested
    if said is None:
        return None
    return {
        "title": said.title,
        "total": said.total,
        "denominator": said.denominator,
        "rule": sources.vocabulary.dysplasia_rule if sources.vocabulary else "",
        "rows": [_suggested_row(row) for row in said.rows],
        "outside": [_suggested_row(row) for row in said.outside],
        "not_separated": list(said.unseparated),
        "dysplasia": [_suggested_dysplasia(e) for e in sources.suggested_dysplasia],
    }


def _suggested_row(row: SuggestedRow) -> Entry:
    return {**asdict(row), "percent": row.percent}


def _suggested_dysplasia(entry: SuggestedDysplasia) -> Entry:
    return {
        "lineage": entry.lineage,
        "dysplastic": entry.dysplastic,
        "without_grade_1": entry.above_grade_1,
        "total": entry.total,
        "percent": entry.percent,
        "percent_without_grade_1": entry.percent_above_grade_1,
        "denominator": entry.denominator,
    }


def _confirmed(sources: ReportSources) -> Entry:
    said, criteria, ratio = sources.confirmed, sources.criteria, sources.ratio
    blasts = sources.confirmed_blasts
    ledger = next(e for e in sources.judged.ledger if e.line == "blast")
    threshold = float(criteria.dysplasia_threshold * 100)
    return {
        "total": said.total,
        **_keyed(said.keyed),
        "minimum": criteria.count_minimum,
        "target": sources.formal.target if sources.formal else criteria.count_target,
        "drawn_at_random": sources.formal is not None,
        "rows": [_confirmed_row(row) for row in said.rows],
        "series": [_confirmed_row(row) for row in said.series],
        "outside": [_tally(row) for row in said.outside],
        "dysplasia": [
            {**_confirmed_dysplasia(e), "threshold_percent": threshold}
            for e in sources.confirmed_dysplasia
        ],
        "blasts": {
            **_share(blasts),
            "denominator": criteria.blast_denominator.words,
            "minimum": criteria.blast_minimum,
            **({"unplaced": ledger.unplaced} if ledger.unplaced else {}),
            "marks": [
                {"percent": float(m * 100), "standing": ledger.standing(m).value}
                for m in criteria.blast_marks
            ],
        },
        "myeloid_erythroid": {**asdict(ratio), "value": ratio.value},
    }


def _confirmed_row(row: ConfirmedRow) -> Entry:
    return {
        "lines": list(row.lines),
        "name": row.name,
        **_share(row.share),
        **_keyed(row.keyed),
    }


def _keyed(cells: int) -> Entry:
    """Cells counted beside a microscope, where there are any."""
    return {"keyed": cells} if cells else {}


def _tally(row: ConfirmedRow) -> Entry:
    # Beside the count: a number of cells, a share of nothing.
    said = {"lines": list(row.lines), "name": row.name, "count": row.share.count}
    return {**said, **_keyed(row.keyed)}


def _share(share: Share) -> Entry:
    interval = share.interval
    limits = [100 * interval.low, 100 * interval.high] if share.total else None
    return {
        "count": share.count,
        "total": share.total,
        "percent": share.percent,
        "interval_95": limits,
    }


def _confirmed_dysplasia(entry: ConfirmedDysplasia) -> Entry:
    share = _share(entry.share)
    return {
        "lineage": entry.lineage,
        "dysplastic": share.pop("count"),
        **share,
        "standing": entry.standing.value,
        "without_grade_1": entry.share_above_grade_1.count,
        "percent_without_grade_1": entry.share_above_grade_1.percent,
        "denominator": entry.criterion.denominator,
        "minimum": entry.criterion.minimum_cells,
        "unjudged": entry.unjudged,
        "unplaced": entry.unplaced,
        **_keyed(entry.keyed),
    }
