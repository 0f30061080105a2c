"""What a user points at: files and folders, and those that hold no slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError, UnreadableInput
from marrowscope.imaging.opening import find_slides
from marrowscope.inference.bundle import FILE_NAME as BUNDLE_FILE
from marrowscope.workflow import places


@dataclass(frozen=True, slots=True)
class FailedInput:
    """An input that could not be opened, and why.

    `slide`: its number, where it is one of the case's own that was moved or changed.
    """

    path: Path
    error: MarrowScopeError
    slide: int | None = None


def slides_in(paths: Sequence[Path], failures: list[FailedInput]) -> list[Path]:
    """Slides and photos, each once; inputs that hold none are added to `failures`."""
    found: list[Path] = []
    for path in paths:
        try:
            _refuse_model(path)
            found += find_slides(path)
        except MarrowScopeError as error:
            failures.append(FailedInput(path, error))
    return list(dict.fromkeys(found))


def _refuse_model(path: Path) -> None:
    """A model's folder holds pictures too, and none of them is of a smear."""
    if not (path / BUNDLE_FILE).is_file():
        return
    homes = places.model_folders()
    known = path.absolute().parent in homes
    copy = f"Copy the folder to {homes[0]}, start MarrowScope again and "
    advice = f"{'' if known else copy}choose it under Model > Read with."
    raise UnreadableInput(
        f"{path.name} is a model and holds no slide.", advice[0].upper() + advice[1:]
    )
