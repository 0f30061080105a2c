"""Counting beside a microscope: a case without slides, cells counted by keys alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from marrowscope.domain.errors import UnusableCase
from marrowscope.domain.review import Edit
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from marrowscope.workflow.opening import CASE_SUFFIX
from marrowscope.workflow.reviewing import called, now
from marrowscope.workflow.step_names import name_of_calls


def new_case(name: str) -> Path:
    """Make a case without slides and say where it lies.

    Raises UnusableCase for an empty name, and where no file can be made.
    """
    if not name.strip():
        raise UnusableCase("The case has no name.", "Say what the specimen is called.")
    folder = places.cases_folder()
    plain = re.sub(r"[^\w]+", "_", name.strip()).strip("_")[:40] or "microscope"
    path = folder / f"{plain}_{datetime.now():%Y%m%d_%H%M%S_%f}{CASE_SUFFIX}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableCase(
            f"The folder {folder} for the case cannot be used ({error.strerror}).",
            "Make it writable, or set MARROWSCOPE_HOME to a folder of your own.",
        ) from error
    CaseFile.create(path, name=name.strip()).close()
    return path


def keying(
    cell: int,
    lines: Sequence[str],
    *,
    smear: str,
    reader: str,
    dysplastic: bool | None = None,
    grades: Mapping[str, int] | None = None,
) -> Edit:
    """A cell seen in the microscope and counted; `cell`: a number not given before."""
    verdict = called(cell, lines, reader=reader, dysplastic=dysplastic, grades=grades)
    named = name_of_calls([verdict], places.load_taxonomy())
    name = f"keyed {named}"
    return Edit(name, reader, now(), verdicts=(verdict,), keyed={cell: smear})
