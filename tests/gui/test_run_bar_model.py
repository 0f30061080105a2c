"""The run in words, without a window."""

from __future__ import annotations

import pytest

from marrowscope.gui.case_state import Phase, RunState
from marrowscope.gui.run_bar.model import duration_text, run_line


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "under 5 s"),
        (38, "40 s"),
        (58, "1 min"),
        (185, "3 min"),
        (4800, "1 h 20 min"),
    ],
)
def test_time_left_is_told_roughly(seconds: float, words: str) -> None:
    assert duration_text(seconds) == words


def test_nothing_is_said_before_a_run() -> None:
    assert not run_line(RunState()).visible


def test_a_run_tells_cells_fields_and_time_left() -> None:
    line = run_line(
        RunState(Phase.READING, done=37, total=144, cells=1204, seconds_left=185)
    )
    assert line.details == "1,204 cells · 37 of 144 fields"
    assert line.time_left == "3 min left"
    assert line.fraction == pytest.approx(37 / 144)
    assert line.can_pause
    assert line.can_stop


def test_while_the_model_loads_it_can_be_stopped_but_not_paused() -> None:
    line = run_line(RunState(Phase.PREPARING))
    assert (line.can_pause, line.can_stop, line.fraction) == (False, True, None)


def test_a_paused_run_tells_no_time_and_can_go_on() -> None:
    line = run_line(RunState(Phase.PAUSED, done=1, total=4, cells=1, seconds_left=9))
    assert (line.time_left, line.paused, line.can_pause) == ("", True, True)
    assert line.details == "1 cell · 1 of 4 fields"


def test_failed_fields_are_named() -> None:
    line = run_line(RunState(Phase.FINISHED, done=9, total=9, failed=1, cells=40))
    assert line.details.endswith("1 field could not be read")
    assert not line.running
