"""Decoded pixels kept while they fit, the longest unused going first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from marrowscope.domain.geometry import Pixels


class PixelCache:
    """At most `limit` bytes of arrays by key; thread-safe.

    An array larger than the limit is kept alone, so that the picture being looked at
    is not decoded again for every field.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._arrays: OrderedDict[Hashable, Pixels] = OrderedDict()
        self._lock = Lock()

    @property
    def held(self) -> int:
        """Bytes of the arrays kept now."""
        return self._held

    def get(self, key: Hashable) -> Pixels | None:
        """The array of that key, or None when it is not (or no longer) here."""
        with self._lock:
            if key in self._arrays:
                self._arrays.move_to_end(key)
            return self._arrays.get(key)

    def put(self, key: Hashable, array: Pixels) -> None:
        """Keep the array; others are dropped until the rest fits."""
        with self._lock:
            self._drop(key)
            self._arrays[key] = array
            self._held += array.nbytes
            while self._held > self._limit and len(self._arrays) > 1:
                self._drop(next(iter(self._arrays)))

    def forget(self, owner: Hashable) -> None:
        """Drop every array whose key is a tuple that begins with `owner`."""
        with self._lock:
            for key in [k for k in self._arrays if isinstance(k, tuple)]:
                if key[0] == owner:
                    self._drop(key)

    def _drop(self, key: Hashable) -> None:
        array = self._arrays.pop(key, None)
        self._held -= 0 if array is None else array.nbytes
