"""Readers of tiles do not crowd on one core."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from marrowscope.gui.reader_cores import core_each

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone crowds")


def _cores_of(readers: int) -> list[set[int]]:
    """Where each of so many readers may run."""
    together = threading.Barrier(readers)

    def read(_: int) -> set[int]:
        together.wait(20)
        return os.sched_getaffinity(threading.get_native_id())

    with ThreadPoolExecutor(readers, initializer=core_each(readers)) as pool:
        return list(pool.map(read, range(readers)))


def test_each_reader_takes_a_core_of_its_own_and_no_other_thread_is_bound() -> None:
    allowed = os.sched_getaffinity(0)
    cores = _cores_of(len(allowed))
    assert sorted(next(iter(one)) for one in cores) == sorted(allowed)
    assert {len(one) for one in cores} == {1}
    assert os.sched_getaffinity(0) == allowed


def test_readers_are_free_where_there_are_other_cores() -> None:
    allowed = os.sched_getaffinity(0)
    assert _cores_of(len(allowed) + 1) == [allowed] * (len(allowed) + 1)
