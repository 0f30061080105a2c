"""Runs of a model over a slide, and how far each of them came."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from marrowscope.domain.geometry import Box
from marrowscope.domain.provenance import DeviceUse, ModelIdentity, Provenance
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.store import journal, vocabulary_text

_COLUMNS = (
    "number, slide, model_name, model_version, model_family, model_sha256,"
    " device_requested, device_actual, program, started, finished, plan"
)


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run, as it stood when it was asked for.

    `fields` are level-0 boxes, field i at index i; `done` numbers were read to the end
    (with or without cells), `failed` ones could not be read, with the reason.
    """

    number: int
    slide: int
    fields: tuple[Box, ...]
    done: frozenset[int]
    finished: bool
    provenance: Provenance
    failed: dict[int, str] = field(default_factory=dict)


def begin(
    connection: sqlite3.Connection,
    slide: int,
    provenance: Provenance,
    vocabulary: ModelVocabulary,
    fields: Sequence[Box],
) -> int:
    """The number of a new run; nothing of an older one changes."""
    model, device = provenance.model, provenance.device
    number = connection.execute(
        "INSERT INTO runs (slide, model_name, model_version, model_family,"
        " model_sha256, device_requested, device_actual, program, started, plan,"
        " vocabulary) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
        (
            slide,
            model.name,
            model.version,
            model.family,
            model.sha256,
            device.requested,
            device.worked,
            provenance.program,
            provenance.started,
            json.dumps(provenance.plan, ensure_ascii=False),
            vocabulary_text.to_text(vocabulary),
        ),
    ).fetchone()[0]
    connection.executemany(
        "INSERT INTO fields (run, number, x, y, width, height)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(number, i, b.x, b.y, b.width, b.height) for i, b in enumerate(fields)],
    )
    what = f"slide {slide}: reading begun"
    journal.note(connection, what, became=f"{model.name} {model.version}")
    return number


def mark(
    connection: sqlite3.Connection, run: int, number: int, state: str, reason: str = ""
) -> None:
    """Say what became of a field.

    Raises ValueError for a field the run does not have or has read before.
    """
    changed = connection.execute(
        "UPDATE fields SET state = ?, reason = ?"
        " WHERE run = ? AND number = ? AND state != 'read'",
        (state, reason, run, number),
    ).rowcount
    if not changed:
        raise ValueError(f"field {number} of run {run} is not waiting to be read")


def finish(connection: sqlite3.Connection, run: int) -> None:
    """Say that a run came to its end, with or without failed fields."""
    changed = connection.execute(
        "UPDATE runs SET finished = ? WHERE number = ? AND finished IS NULL",
        (journal.now(), run),
    ).rowcount
    if changed:
        journal.note(connection, f"run {run}: reading finished")


def stored(connection: sqlite3.Connection) -> list[StoredRun]:
    """Every run, oldest first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM runs ORDER BY number")
    return [_run(connection, row) for row in rows.fetchall()]


def _run(connection: sqlite3.Connection, row: Sequence[object]) -> StoredRun:
    number, slide = int(row[0]), int(row[1])  # type: ignore[call-overload]
    fields = connection.execute(
        "SELECT x, y, width, height, state, reason, number FROM fields"
        " WHERE run = ? ORDER BY number",
        (number,),
    ).fetchall()
    return StoredRun(
        number=number,
        slide=slide,
        fields=tuple(Box(*f[:4]) for f in fields),
        done=frozenset(f[6] for f in fields if f[4] == "read"),
        finished=row[10] is not None,
        provenance=_provenance(row),
        failed={f[6]: f[5] for f in fields if f[4] == "failed"},
    )


def _provenance(row: Sequence[object]) -> Provenance:
    text = [None if value is None else str(value) for value in row]
    name, version, family, sha256, requested, actual, program, started = (
        str(value) for value in text[2:10]
    )
    return Provenance(
        model=ModelIdentity(name, version, family, sha256),
        device=_device(requested, actual),
        program=program,
        started=started,
        finished=text[10],
        plan=json.loads(str(text[11])),
    )


def _device(requested: str, worked: str) -> DeviceUse:
    """Cases written before networks had a precision say the device alone: fp32."""
    actual, _, precision = worked.partition(", ")
    return DeviceUse(requested, actual, precision or "fp32")


def newest(connection: sqlite3.Connection) -> dict[int, int]:
    """The run whose cells count, by slide: the newest that has read any field.

    Runs of another model than the newest of the case are left aside, since their
    classes cannot be counted together.
    """
    rows = connection.execute(
        "SELECT number, slide, vocabulary FROM runs WHERE EXISTS"
        " (SELECT 1 FROM fields WHERE run = runs.number AND state = 'read')"
        " ORDER BY number"
    ).fetchall()
    return {slide: run for run, slide, said in rows if said == rows[-1][2]}


def vocabulary(connection: sqlite3.Connection) -> ModelVocabulary | None:
    """Of the newest run that has read any field, else of the newest; None: no run."""
    row = connection.execute(
        "SELECT vocabulary FROM runs ORDER BY EXISTS"
        " (SELECT 1 FROM fields WHERE run = runs.number AND state = 'read') DESC,"
        " number DESC LIMIT 1"
    ).fetchone()
    return None if row is None else vocabulary_text.from_text(row[0])
