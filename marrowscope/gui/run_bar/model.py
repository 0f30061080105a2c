"""The run in words: cells so far, fields, time left."""

from __future__ import annotations

from dataclasses import dataclass

from marrowscope.gui.case_state import Phase, RunState

PHASE_WORDS = {
    Phase.NONE: "",
    Phase.PREPARING: "Preparing …",
    Phase.READING: "Reading",
    Phase.PAUSED: "Paused",
    Phase.STOPPING: "Stopping …",
    Phase.STOPPED: "Stopped, what was read is kept",
    Phase.FINISHED: "Read",
}


SEEKING = "Seeking megakaryocytes"
_UNITS = {False: ("field", "fields"), True: ("place", "places")}


@dataclass(frozen=True, slots=True)
class RunLine:
    """What the bar prints. `fraction` is None while nobody can say how far it is."""

    phase: str
    details: str
    time_left: str
    fraction: float | None
    running: bool
    can_pause: bool
    can_stop: bool
    paused: bool

    @property
    def visible(self) -> bool:
        return bool(self.phase)


def _seeks(run: RunState) -> bool:
    return run.seeking and run.phase is Phase.READING


def run_line(run: RunState) -> RunLine:
    """The run's state, ready to print."""
    return RunLine(
        phase=SEEKING if _seeks(run) else PHASE_WORDS[run.phase],
        details=_details(run),
        time_left=_left(run),
        fraction=run.done / run.total if run.total else None,
        running=run.active,
        can_pause=run.phase in (Phase.READING, Phase.PAUSED),
        can_stop=run.active and run.phase is not Phase.STOPPING,
        paused=run.phase is Phase.PAUSED,
    )


def _details(run: RunState) -> str:
    if not run.total:
        return ""
    parts = [
        _counted(run.cells, "cell", "cells"),
        f"{run.done:,} of {_counted(run.total, *_UNITS[run.seeking])}",
    ]
    if run.failed:
        parts.append(f"{_counted(run.failed, 'field', 'fields')} could not be read")
    return " · ".join(parts)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _left(run: RunState) -> str:
    if run.phase is not Phase.READING or run.seconds_left is None:
        return ""
    return f"{duration_text(run.seconds_left)} left"


def duration_text(seconds: float) -> str:
    """A time nobody needs to the second: "under 5 s", "40 s", "3 min", "1 h 20 min"."""
    if seconds < 5:
        return "under 5 s"
    if seconds < 55:
        return f"{5 * round(seconds / 5):.0f} s"
    minutes = max(round(seconds / 60), 1)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
