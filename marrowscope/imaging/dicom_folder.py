"""DICOM slides are folders: which files of a folder are one slide."""

from __future__ import annotations

import re
from pathlib import Path

PREAMBLE = 128
HEADER = 64 << 10
# Series Instance UID (0020,000E), explicit value representation, little endian.
_SERIES = re.compile(rb"\x20\x00\x0e\x00UI(..)", re.DOTALL)


def is_dicom(path: Path) -> bool:
    """True when the file begins as DICOM does. Raises OSError."""
    with path.open("rb") as file:
        return file.read(PREAMBLE + 4)[PREAMBLE:] == b"DICM"


def series_of(path: Path) -> bytes:
    """The series a DICOM file belongs to; its own name when none is found."""
    with path.open("rb") as file:
        header = file.read(HEADER)
    found = _SERIES.search(header)
    if found is None:
        return path.name.encode()
    length = int.from_bytes(found.group(1), "little")
    return header[found.end() : found.end() + length].rstrip(b"\0 ")


def dicom_slides(files: list[Path]) -> list[list[Path]]:
    """The DICOM files among these, one list for each series, in the order given."""
    series: dict[bytes, list[Path]] = {}
    for path in files:
        if is_dicom(path):
            series.setdefault(series_of(path), []).append(path)
    return list(series.values())
