"""Jobs: frozen request in, answer out, nothing lost when the window closes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from marrowscope.domain.errors import UnreadableInput
from marrowscope.gui.jobs import Job, JobRunner, Lane, Progress


class Listener(QObject):
    """Collects what a job says, and in which thread it hears it."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.answers: list[Any] = []
        self.failures: list[Any] = []
        self.batches: list[list[Any]] = []
        self.own_thread = True
        job.answered.connect(self._on_answer)
        job.failed.connect(self._on_failure)
        job.reported.connect(self._on_report)

    def _note(self) -> None:
        self.own_thread &= QThread.currentThread() is self.thread()

    @Slot(object)
    def _on_answer(self, answer: Any) -> None:
        self._note()
        self.answers.append(answer)

    @Slot(object)
    def _on_failure(self, failure: Any) -> None:
        self._note()
        self.failures.append(failure)

    @Slot(object)
    def _on_report(self, parts: list[Any]) -> None:
        self._note()
        self.batches.append(parts)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    assert made.close(seconds=5)


def test_an_answer_names_its_request_and_comes_to_the_window_thread(
    qtbot: QtBot, runner: JobRunner
) -> None:
    job = Job(21, lambda request, progress: 2 * request)
    heard = Listener(job)
    runner.start(job, Lane.CASE)
    qtbot.waitUntil(lambda: bool(heard.answers) and not runner.busy)
    assert (heard.answers[0].request, heard.answers[0].value) == (21, 42)
    assert heard.own_thread


def test_thousands_of_parts_come_in_few_batches_and_none_is_lost(
    qtbot: QtBot, runner: JobRunner
) -> None:
    def count(upto: int, progress: Progress) -> None:
        for i in range(upto):
            progress.report(i)

    job = Job(20_000, count)
    heard = Listener(job)
    runner.start(job, Lane.RUN)
    qtbot.waitUntil(lambda: bool(heard.answers))
    assert [i for batch in heard.batches for i in batch] == list(range(20_000))
    assert len(heard.batches) < 50


def test_a_failure_a_user_can_read_stays_as_it_is(
    qtbot: QtBot, runner: JobRunner
) -> None:
    def fail(request: str, progress: Progress) -> None:
        raise UnreadableInput("smear.png is empty.", "Copy it again.")

    job = Job("smear.png", fail)
    heard = Listener(job)
    runner.start(job, Lane.CASE)
    qtbot.waitUntil(lambda: bool(heard.failures))
    assert heard.failures[0].error.advice == "Copy it again."


def test_a_failure_without_a_deeper_cause_has_no_details(
    qtbot: QtBot, runner: JobRunner
) -> None:
    def fail(request: str, progress: Progress) -> None:
        raise UnreadableInput(f"{request} is empty.", "Copy it again.")

    job = Job("a.svs", fail)
    heard = Listener(job)
    runner.start(job, Lane.CASE)
    qtbot.waitUntil(lambda: bool(heard.failures))
    assert heard.failures[0].details == ""


@pytest.mark.usefixtures("expected_log")
def test_a_failure_nobody_foresaw_becomes_one_calm_sentence(
    qtbot: QtBot, runner: JobRunner
) -> None:
    job = Job(0, lambda request, progress: 1 / request)
    heard = Listener(job)
    runner.start(job, Lane.CASE)
    qtbot.waitUntil(lambda: bool(heard.failures))
    assert "ZeroDivisionError" in heard.failures[0].error.what
    assert "Traceback" not in heard.failures[0].error.what


def test_a_verdict_does_not_wait_behind_a_run(qtbot: QtBot, runner: JobRunner) -> None:
    release = threading.Event()
    run = Job("run", lambda request, progress: release.wait(10))
    verdict = Job("verdict", lambda request, progress: "stored")
    heard = Listener(verdict)
    runner.start(run, Lane.RUN)
    runner.start(verdict, Lane.CASE)
    qtbot.waitUntil(lambda: bool(heard.answers), timeout=3000)
    release.set()


def test_a_job_can_wait_for_what_another_lane_is_doing(
    qtbot: QtBot, runner: JobRunner
) -> None:
    order: list[str] = []

    def slow(request: str, progress: Progress) -> None:
        time.sleep(0.2)
        order.append(request)

    runner.start(Job("tile", slow), Lane.TILES)
    closing = Job("close", lambda request, progress: order.append(request))
    runner.start(closing, Lane.CASE, after=[Lane.TILES])
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == ["tile", "close"]


def test_what_may_wait_lets_all_else_on_its_lane_and_others_go_first(
    qtbot: QtBot, runner: JobRunner
) -> None:
    gate, done = threading.Event(), list[str]()

    def work(request: str, progress: Progress) -> None:
        gate.wait(10)
        done.append(request)

    def slow(request: str, progress: Progress) -> None:
        gate.wait(10)
        time.sleep(0.2)
        done.append(request)

    runner.start(Job("tile", work), Lane.TILES)
    runner.start(Job("cells", slow), Lane.CELLS)
    runner.start_last(Job("small picture", work), Lane.TILES, after=[Lane.CELLS])
    for _ in range(8):
        runner.start(Job("tile", work), Lane.TILES)
    gate.set()
    qtbot.waitUntil(lambda: not runner.busy)
    assert done == [*["tile"] * 9, "cells", "small picture"]


def test_closing_stops_what_can_be_stopped_and_does_the_last_thing_last(
    qapp: QApplication,
) -> None:
    runner = JobRunner()
    order: list[str] = []

    def until_cancelled(request: str, progress: Progress) -> None:
        while not progress.token.cancelled:
            time.sleep(0.01)
        order.append(request)

    runner.start(Job("run", until_cancelled), Lane.RUN)
    last = Job("close", lambda request, progress: order.append(request))
    assert runner.close(last, seconds=5)
    assert order == ["run", "close"]


def test_closing_does_not_wait_for_ever(qapp: QApplication) -> None:
    runner = JobRunner()
    begun, release = threading.Event(), threading.Event()

    def wait(request: object, progress: object) -> bool:
        begun.set()
        return release.wait(20)

    runner.start(Job("stuck", wait), Lane.RUN)
    assert begun.wait(20)
    started = time.monotonic()
    assert not runner.close(seconds=0.3)
    assert time.monotonic() - started < 3
    release.set()
    for thread in threading.enumerate():
        if thread.name.startswith("marrowscope-"):
            thread.join(5)


def test_after_closing_nothing_starts(qapp: QApplication) -> None:
    runner = JobRunner()
    assert runner.close(seconds=1)
    runner.start(Job(1, lambda request, progress: request), Lane.CASE)
    assert not runner.busy


def test_a_case_job_waits_no_longer_for_what_closing_has_cancelled(
    qtbot: QtBot,
) -> None:
    """One tile is being read, one waits in line, and the case waits for both."""
    runner = JobRunner()
    gate, order = threading.Event(), []
    readers = runner.tile_readers
    for _ in range(readers):
        runner.start(Job(None, lambda *_: gate.wait(20)), Lane.TILES)
    runner.start(Job(None, lambda *_: order.append("tile")), Lane.TILES)
    after = (Lane.TILES,)
    runner.start(Job(None, lambda *_: order.append("case")), Lane.CASE, after=after)
    threading.Timer(0.3, gate.set).start()
    assert runner.close(Job(None, lambda *_: order.append("closed")), seconds=15)
    assert order[-1] == "closed"
    assert "tile" not in order
