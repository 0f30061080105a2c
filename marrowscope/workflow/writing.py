"""Results as files: each, and what belongs together, appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError

DRAFT = ".report.part"


def written_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Have `write` fill a draft beside `path`, then put it in place.

    Raises MarrowScopeError when the folder cannot be written to.
    """
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    with _told(path.name, path.parent):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(part)
            os.replace(part, path)
        except OSError:
            with suppress(OSError):  # where the folder itself is the trouble
                part.unlink(missing_ok=True)
            raise


@contextmanager
def written_together(folder: Path, what: str) -> Iterator[Path]:
    """An empty folder inside `folder`; its files are put in place when the block ends.

    Where the block fails, or the program ends meanwhile, none of them is. `what`: how a
    sentence that begins with them calls them. Raises MarrowScopeError when the folder
    cannot be written to.
    """
    draft = folder / DRAFT
    with _told(what, folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(draft, ignore_errors=True)  # of a program that was killed
            draft.mkdir()
            yield draft
            for path in draft.iterdir():
                os.replace(path, folder / path.name)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _told(what: str, folder: Path) -> Iterator[None]:
    """What the file system refuses, in a sentence."""
    if folder.is_file():
        raise MarrowScopeError(
            f"{folder.name} is a file, so nothing can be saved in it.",
            "Choose a folder.",
        )
    try:
        yield
    except OSError as error:
        raise MarrowScopeError(
            f"{what} cannot be written to {folder} ({error.strerror}).",
            "Choose another folder, or make room on the disk.",
        ) from error
