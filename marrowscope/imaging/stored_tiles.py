"""The tiles of a TIFF page as they lie in its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from threading import local

from tifffile import TiffPage

from marrowscope.imaging.file_pieces import FilePieces

LARGEST_TILE = 64 << 20  # bytes
# Neighbours are read at once, as many as the processor's cache holds beside a picture.
LONGEST_RUN = 256 << 10  # bytes
WIDEST_GAP = 4 << 10  # bytes: what writers put between tiles, read along


# A tile's bytes lie between start and end of the memory. (A plain tuple: a named one
# takes as long to make as to find its tile.)
StoredTile = tuple[bytearray, int, int]  # memory, start, end
_Piece = tuple[int, int, int]  # a tile's number, start and end in the file


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

    def each(
        self, numbers: Iterable[int], *, ahead: int
    ) -> Iterator[tuple[int, StoredTile]]:
        """Number and bytes of those of rising numbers that the file stores, each until
        the next is asked for; `ahead` bytes before it are free, and all of its memory
        may be changed.

        Raises OSError or ValueError when the file is gone or cannot be right.
        """
        offsets, counts = self._offsets, self._counts
        run, begin, end = list[_Piece](), 0, 0
        for number in numbers:
            offset, count = offsets[number], counts[number]
            if not count:
                continue
            if count > LARGEST_TILE:
                raise ValueError("a tile is larger than any can be")
            follows = 0 <= offset - end <= WIDEST_GAP
            if run and (not follows or offset + count - begin > LONGEST_RUN):
                yield from self._read(run, ahead)
                run = []
            if not run:
                begin = offset
            end = offset + count
            run.append((number, offset, end))
        if run:
            yield from self._read(run, ahead)

    def _read(
        self, run: Sequence[_Piece], ahead: int
    ) -> Iterator[tuple[int, StoredTile]]:
        """Neighbours of the file, read at once."""
        begin, last = run[0][1], run[-1][2]
        memory = _MEMORY.room(ahead + last - begin)
        self._file.read_into(memoryview(memory)[ahead : ahead + last - begin], begin)
        shift = ahead - begin
        for number, start, end in run:
            yield number, (memory, start + shift, end + shift)
