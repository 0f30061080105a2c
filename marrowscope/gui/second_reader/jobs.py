"""What a second reading asks the worker of the case for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marrowscope.domain.review import Verdict
from marrowscope.domain.second_reading import SecondReading
from marrowscope.gui.jobs import Progress
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.second_reading import (
    Comparison,
    begin_second_reading,
    compare_readings,
    latest_reading,
)


@dataclass(frozen=True, slots=True)
class BeginRequest:
    """Draw cells for this reader; `sample`: so many, None for all."""

    case: OpenedCase
    reader: str
    sample: int | None


@dataclass(frozen=True, slots=True)
class CallsRequest:
    """The calls of a second reading; with None those in force."""

    case: OpenedCase
    reading: SecondReading | None


def begin(request: BeginRequest, progress: Progress) -> SecondReading:
    """A new second reading."""
    return begin_second_reading(
        request.case.file, reader=request.reader, sample=request.sample
    )


def calls(request: CallsRequest, progress: Progress) -> Mapping[int, Verdict]:
    """By cell."""
    reading = request.reading
    return request.case.file.verdicts(None if reading is None else reading.number)


def latest(request: OpenedCase, progress: Progress) -> Comparison | None:
    """The second reading begun last, held against the first; None before any."""
    reading = latest_reading(request.file)
    return None if reading is None else compare_readings(request.file, reading)
