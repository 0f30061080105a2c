"""Results as files: each appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError


def written_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Have `write` fill a draft beside `path`, then put it in place.

    Raises MarrowScopeError when the folder cannot be written to.
    """
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    if path.parent.is_file():
        raise MarrowScopeError(
            f"{path.parent.name} is a file, so {path.name} cannot be saved in it.",
            "Choose a folder.",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):  # where the folder itself is the trouble
            part.unlink(missing_ok=True)
        raise MarrowScopeError(
            f"{path.name} cannot be written to {path.parent} ({error.strerror}).",
            "Choose another folder, or make room on the disk.",
        ) from error
