"""A marrow that another is compared with, as JSON text kept in that one's case."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Sequence
from typing import Any

from marrowscope.domain.call_tally import Call, CallTally
from marrowscope.domain.serial import CountRead, Marrow
from marrowscope.domain.sorted_calls import SortedCalls

_PLAIN = ("name", "definitions", "last_call", "signed_by")


def to_text(marrow: Marrow) -> str:
    """One line of JSON; the same marrow always gives the same text."""
    read = marrow.formal
    data = {
        **{key: getattr(marrow, key) for key in _PLAIN},
        "met": _rows(marrow.calls.met),
        "judged": {name: _rows(some) for name, some in marrow.calls.judged.items()},
        "words": dict(marrow.words),
        "formal": read and {"counted": read.counted, "target": read.target},
        "models": list(marrow.models),
        "slides": dict(marrow.slides),
        "pictures": {
            line: [b64encode(one).decode("ascii") for one in some]
            for line, some in marrow.pictures.items()
        },
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def from_text(text: str) -> Marrow:
    """The marrow again, as far as a comparison asks."""
    data = json.loads(text)
    judged = {name: _tally(rows) for name, rows in data["judged"].items()}
    return Marrow(
        calls=SortedCalls(_tally(data["met"]), judged),
        words=data["words"],
        formal=CountRead(**data["formal"]) if data["formal"] else None,
        models=tuple(data["models"]),
        slides=data["slides"],
        # Kept since 21 November 2026; a marrow put in before has none.
        pictures={
            line: tuple(map(b64decode, some))
            for line, some in data.get("pictures", {}).items()
        },
        **{key: data[key] for key in _PLAIN},
    )


def _rows(calls: CallTally) -> list[list[Any]]:
    rows = [[*call, number] for call, number in calls.items()]
    return sorted(rows, key=lambda row: json.dumps(row))


def _tally(rows: Sequence[Sequence[Any]]) -> Counter[Call]:
    told = Counter[Call]()
    for lines, dysplastic, grades, keyed, number in rows:
        graded = tuple((feature, grade) for feature, grade in grades)
        told[Call(tuple(lines), dysplastic, graded, keyed)] = number
    return told
