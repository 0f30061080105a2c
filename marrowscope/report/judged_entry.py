"""Definitions, thresholds and criteria of the JSON document."""

from __future__ import annotations

from typing import Any

from marrowscope.domain.judging import JudgedCriterion, Part
from marrowscope.domain.threshold_ledger import AgainstThreshold, LedgerEntry
from marrowscope.report.sources import ReportSources
from marrowscope.report.systems import criterion_text


def judged_entry(sources: ReportSources) -> dict[str, Any]:
    """The keys `definitions`, `thresholds` and `systems`; see `report.json`."""
    judged = sources.judged
    return {
        "definitions": [
            {"name": formula.name, "formula": formula.words}
            for formula in sources.formulas
        ],
        "thresholds": [_ledger(entry) for entry in judged.ledger],
        "systems": [
            {
                "id": system.system.id,
                "name": system.system.name,
                "criteria": [_criterion(entry) for entry in system.criteria],
            }
            for system in judged.systems
        ],
    }


def _ledger(entry: LedgerEntry) -> dict[str, Any]:
    share = entry.share
    interval = share.interval
    limits = [100 * interval.low, 100 * interval.high] if share.total else None
    return {
        "line": entry.line,
        "count": share.count,
        "total": share.total,
        "percent": share.percent,
        "interval_95": limits,
        "minimum": entry.minimum,
        "too_few": entry.too_few,
        "diluted": entry.diluted,
        **({"doubt": entry.doubt} if entry.doubt else {}),
        **({"unplaced": entry.unplaced} if entry.unplaced else {}),
        "marks": [_mark(against) for against in entry.against],
    }


def _mark(against: AgainstThreshold) -> dict[str, Any]:
    return {
        "percent": float(against.threshold * 100),
        "observed": against.observed.value,
        "interval": against.interval.value,
        "more_cells": against.more_cells,
    }


def _criterion(entry: JudgedCriterion) -> dict[str, Any]:
    return {
        "text": criterion_text(entry),
        "answer": entry.answer.value,
        "used": [_part(part) for part in entry.parts],
        "source": entry.criterion.source.text,
        "verified": entry.criterion.source.verified,
    }


def _part(part: Part) -> dict[str, Any]:
    used = part.used
    return {
        "of": used.id,
        "value": None if used.value is None else float(used.value),
        "unit": used.unit,
        "said": used.choice,
        "unknown": used.unknown,
        "interval_includes": [float(end) for end in part.open_ends],
    }
