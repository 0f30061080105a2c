"""The tiles of a TIFF page as they lie in its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from threading import local
from typing import NamedTuple

from tifffile import TiffPage

from marrowscope.imaging.file_pieces import FilePieces

LARGEST_TILE = 64 << 20  # bytes
# Neighbours are read at once, as many as the processor's cache holds beside a picture.
LONGEST_RUN = 256 << 10  # bytes
WIDEST_GAP = 4 << 10  # bytes: what writers put between tiles, read along


class StoredTile(NamedTuple):
    """A tile by its number; its bytes lie between `start` and `end` of `memory`."""

    number: int
    memory: bytearray
    start: int
    end: int


class _Memory(local):
    """Where each thread has what it read last."""

    def __init__(self) -> None:
        self._memory = bytearray()

    def room(self, count: int) -> bytearray:
        """At least `count` bytes."""
        if len(self._memory) < count:
            self._memory = bytearray(count + count // 2)
        return self._memory


_MEMORY = _Memory()


class StoredTiles:
    """Reads the tiles of a page from `file`, neighbours at once."""

    def __init__(self, page: TiffPage, file: FilePieces) -> None:
        # As they are: pairs of a large slide's take longer to make than its first view.
        self._offsets, self._counts = page.dataoffsets, page.databytecounts
        self._file = file

    def __len__(self) -> int:
        return min(len(self._offsets), len(self._counts))

    @property
    def complete(self) -> bool:
        """True when the file stores every tile."""
        return 0 not in self._counts

    def start_of_first(self, count: int) -> bytes:
        """At most `count` bytes of the first tile stored."""
        number = next((n for n, stored in enumerate(self._counts) if stored), None)
        if number is None:
            return b""
        return self._file.read(self._offsets[number], min(self._counts[number], count))

    def each(self, numbers: Iterable[int], *, ahead: int) -> Iterator[StoredTile]:
        """Those of rising numbers that the file stores, each until the next is asked
        for; `ahead` bytes before it are free, and all of `memory` may be changed.

        Raises OSError or ValueError when the file is gone or cannot be right.
        """
        for run in self._runs(numbers):
            begin, last = self._offsets[run[0]], run[-1]
            count = self._offsets[last] + self._counts[last] - begin
            memory = _MEMORY.room(ahead + count)
            self._file.read_into(memoryview(memory)[ahead : ahead + count], begin)
            for number in run:
                start = self._offsets[number] - begin + ahead
                yield StoredTile(number, memory, start, start + self._counts[number])

    def _runs(self, numbers: Iterable[int]) -> Iterator[Sequence[int]]:
        """The numbers, parted where the file has no neighbours."""
        run, begin, end = list[int](), 0, 0
        for number in numbers:
            offset, count = self._offsets[number], self._counts[number]
            if not count:
                continue
            if count > LARGEST_TILE:
                raise ValueError("a tile is larger than any can be")
            follows = 0 <= offset - end <= WIDEST_GAP
            if run and (not follows or offset + count - begin > LONGEST_RUN):
                yield run
                run = []
            if not run:
                begin = offset
            run.append(number)
            end = offset + count
        if run:
            yield run
