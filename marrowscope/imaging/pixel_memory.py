"""Memory for pictures that is used again.

A fresh picture's memory comes page by page from the system, which takes as long as
decoding a third of it.
"""

from __future__ import annotations

import ctypes
import math
import weakref
from collections import deque
from threading import RLock

import numpy as np

from marrowscope.domain.geometry import Pixels

SMALL = 64 << 10  # bytes: what is smaller is used again by Python itself
WASTE = 1.25  # how much more than was asked for may be lent
# To an address that a whole vector (32 bytes, or 16) divides libjpeg-turbo writes past
# the processor's cache: what is copied on at once would come back from afar.
VECTOR, BESIDE = 32, 8


class PixelMemory:
    """Lends arrays, and keeps at most `limit` bytes of those given back; thread-safe.

    An array is given back by itself, when neither it nor a view of it is left. None
    begins where a vector does.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._free: deque[bytearray] = deque()
        # The sweep of a cycle may give something back in the midst of either.
        self._lock = RLock()

    @property
    def held(self) -> int:
        """Bytes that wait to be lent."""
        return self._held

    def lend(self, shape: tuple[int, ...]) -> Pixels:
        """An array of bytes whose content is left from before."""
        count = math.prod(shape)
        if count < SMALL:
            return np.empty(shape, np.uint8)
        memory = self._found(count + VECTOR) or bytearray(count + VECTOR)
        begins = (BESIDE - _address(memory)) % VECTOR
        # The base of every view of it, since its own is no array.
        whole = np.frombuffer(memory, np.uint8, count, begins)
        weakref.finalize(whole, self._take_back, memory).atexit = False
        return whole.reshape(shape)

    def _found(self, count: int) -> bytearray | None:
        """The last given back that fits: the processor's cache may still know it."""
        with self._lock:
            for place in range(len(self._free) - 1, -1, -1):
                if count <= len(self._free[place]) <= WASTE * count:
                    memory = self._free[place]
                    del self._free[place]
                    self._held -= len(memory)
                    return memory
        return None

    def _take_back(self, memory: bytearray) -> None:
        with self._lock:
            self._free.append(memory)
            self._held += len(memory)
            while self._held > self._limit:
                self._held -= len(self._free.popleft())


def _address(memory: bytearray) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(memory))


MEMORY = PixelMemory(32 << 20)  # a dozen views of tiles, or two large fields
