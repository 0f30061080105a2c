"""Which cores read tiles where there are no more cores than readers.

Linux wakes a reader on the core of the thread that woke it, and moves it to the idle
one only milliseconds later, when its tile is decoded: two readers shared one core of
two, and together took longer than one alone. On a core of its own each reads at full
speed (`benchmarks.tiles`). It costs little: tiles go to whoever is free, so a reader
whose core is wanted by others reads fewer. Other systems spread threads by themselves.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle


def core_each(readers: int) -> Callable[[], None]:
    """What each of so many threads calls first: it takes a core of its own.

    Where there are cores to spare it stays free: the system finds an idle one at once.
    """
    allowed = os.sched_getaffinity(0) if sys.platform == "linux" else set[int]()
    following = cycle(sorted(allowed))

    def take_one() -> None:
        if sys.platform == "linux" and len(allowed) == readers:
            with suppress(OSError):
                os.sched_setaffinity(threading.get_native_id(), {next(following)})

    return take_one
