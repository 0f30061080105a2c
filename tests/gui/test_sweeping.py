"""What is left of closed windows is taken apart by the window's thread alone."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from marrowscope.gui.sweeping import FULL_AFTER, Sweeps


class Knot:
    """Garbage that only a sweep finds: it holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def sweeps(qtbot: QtBot) -> Iterator[Sweeps]:
    made = Sweeps()
    yield made
    made.deleteLater()
    gc.enable()


def swept_by(knot: Knot) -> list[int]:
    """Filled with the thread that takes the knot apart."""
    threads = list[int]()
    weakref.finalize(knot, lambda: threads.append(threading.get_ident()))
    return threads


def work(kept: list[list[int]]) -> None:
    """As much as makes Python sweep many times over."""
    kept.extend([] for _ in range(250_000))


def test_a_busy_worker_takes_nothing_apart_and_the_windows_thread_does(
    qtbot: QtBot, sweeps: Sweeps
) -> None:
    threads = swept_by(Knot())
    kept = list[list[int]]()
    worker = threading.Thread(target=work, args=(kept,))
    worker.start()
    worker.join()
    assert len(kept) == 250_000
    assert threads == []
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.get_ident()]


@pytest.mark.parametrize("before", [0, 1])
def test_what_has_grown_old_is_swept_too_and_seldom(
    sweeps: Sweeps, before: int
) -> None:
    for _ in range(before):
        wait_for_a_full_sweep(sweeps, [])
    knot = Knot()
    threads = swept_by(knot)
    grow_old()
    del knot
    wait_for_a_full_sweep(sweeps, threads)
    assert threads == [threading.get_ident()]


def grow_old() -> None:
    """All that is there, and as much as makes a full sweep due."""
    for _ in range(gc.get_threshold()[2] + 1):
        gc.collect(1)


def wait_for_a_full_sweep(sweeps: Sweeps, threads: list[int]) -> None:
    """Nothing old goes before it."""
    grow_old()
    for _ in range(FULL_AFTER - 1):
        sweeps.sweep()
    assert threads == []
    sweeps.sweep()
