"""Opening what is no longer where it was: its case is known, and asks for it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError, UnreadableInput
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from marrowscope.workflow.opening import CASE_SUFFIX, Met, OpenedCase, open_case

log = logging.getLogger(__name__)


def open_or_recall(paths: Sequence[Path], met: Met | None = None) -> OpenedCase:
    """As `open_case`; for one slide or folder that is gone, the case it was read in.

    That case names the slide among its failures. Raises what `open_case` raises, also
    where no case of this machine knows the slide.
    """
    try:
        return open_case(paths, met=met)
    except UnreadableInput:
        lost = len(paths) == 1 and not paths[0].exists()
        case = case_that_held(paths[0]) if lost else None
        if case is None:
            raise
        return open_case([case], met=met)


def case_that_held(path: Path) -> Path | None:
    """The case, changed last, of a slide that lay at `path` or in it; None for none."""
    cases = list(places.cases_folder().glob(f"*{CASE_SUFFIX}"))
    cases.sort(key=lambda one: one.stat().st_mtime, reverse=True)
    return next((case for case in cases if _holds(case, path.absolute())), None)


def _holds(case: Path, lost: Path) -> bool:
    try:
        with CaseFile.open(case, read_only=True) as file:
            known = [slide.path for slide in file.slides()]
    except MarrowScopeError as error:
        log.info("a case that cannot be asked for a lost slide: %s", error.what)
        return False
    return any(lost == path or lost in path.parents for path in known)
