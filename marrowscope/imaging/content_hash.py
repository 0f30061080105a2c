"""A slide's name by what is in it: fast for gigabytes, the same wherever it lies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.pixel_memory import MEMORY

WHOLE_BELOW = 8 << 20
END = 1 << 20
SAMPLE = 16 << 10
SAMPLES = 64
_HEAD = 8  # bytes of the size


def file_hash(path: Path) -> str:
    """SHA-256 of a file's size and content, as hex.

    Files up to 8 MiB are read whole. Of larger ones the first and the last MiB and 64
    samples of 16 KiB evenly between them are read, 3 MiB in all, so that two large
    files are taken for one only if they differ nowhere in those 3 MiB and have the
    same length. Raises OSError.
    """
    return hash_aside(path)()


def hash_aside(path: Path) -> Callable[[], str]:
    """The same, computed while the slide is opened; what is returned waits for it.

    The file is read before this returns. Raises OSError.
    """
    sampled = _sampled(path)
    aside = ThreadPoolExecutor(1, thread_name_prefix="marrowscope-hash")
    computed = aside.submit(_digest, sampled)
    aside.shutdown(wait=False)  # its thread ends with the hash
    return computed.result


def _sampled(path: Path) -> Pixels:
    """The file's size and what is read of its content, as bytes in a row."""
    size = path.stat().st_size
    places = _places(size)
    found = MEMORY.lend((_HEAD + sum(length for _, length in places),))
    view = found.data
    view[:_HEAD] = size.to_bytes(_HEAD, "little")
    end = _HEAD
    with path.open("rb", buffering=0) as file:
        for offset, length in places:
            file.seek(offset)
            if file.readinto(view[end : end + length]) < length:
                raise OSError("the file became shorter while it was read")
            end += length
    return found


def _digest(sampled: Pixels) -> str:
    # At one go: between many, each would wait for the thread that opens the slide.
    return hashlib.sha256(sampled.data).hexdigest()


def files_hash(paths: Iterable[Path]) -> str:
    """One hash for a slide of several files, whatever their names and order."""
    return joined_hash(sorted(file_hash(path) for path in paths))


def joined_hash(parts: Iterable[str]) -> str:
    """One hash of several hashes, in the order given."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _places(size: int) -> list[tuple[int, int]]:
    if size <= WHOLE_BELOW:
        return [(at, min(END, size - at)) for at in range(0, size, END)]
    gap = (size - 2 * END - SAMPLE) / (SAMPLES - 1)
    between = [(END + int(i * gap), SAMPLE) for i in range(SAMPLES)]
    return [(0, END), *between, (size - END, END)]
