"""Cases that may not be written to where they lie: looked at, and copied to work on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from marrowscope.domain.errors import ProtectedCase
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.lost_slides import open_or_recall
from marrowscope.workflow.opening import (
    CASE_SUFFIX,
    Met,
    OpenedCase,
    open_to_look,
)

log = logging.getLogger(__name__)


def open_as_allowed(paths: Sequence[Path], met: Met | None = None) -> OpenedCase:
    """As `open_or_recall`; a case file that may not be written to, to be looked at.

    Raises what `open_or_recall` raises for all else.
    """
    try:
        return open_or_recall(paths, met)
    except ProtectedCase:
        if len(paths) != 1 or paths[0].suffix != CASE_SUFFIX:
            raise
        log.info("the case may not be written to; it is looked at")
        return open_to_look(paths[0], met)


def copy_to_work_on(case: OpenedCase, path: Path, *, who: str) -> Path:
    """Write the case as it is shown to `path`, a case of its own that may be changed.

    Slides that were found elsewhere meanwhile are noted in it. Raises UnusableCase for
    a file that exists, and where it cannot be written.
    """
    path = (
        path if path.suffix == CASE_SUFFIX else path.with_name(path.name + CASE_SUFFIX)
    )
    case.file.copy_to(path, who=who)
    if case.slides:
        with CaseFile.open(path) as copy:
            copy.add_slides([(one.slide.identity, one.path) for one in case.slides])
    return path
