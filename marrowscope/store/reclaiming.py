"""Giving back the room that a migration leaves empty in a case file.

Nothing is ever removed from a case but by a migration, which writes cells anew. The
file is written once more, whole, in one transaction: a process killed meanwhile leaves
it as it was, and the next to open it tries again.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)
_EMPTY = 0.25  # of the file: below, what is gained is not worth the writing


def reclaim(connection: sqlite3.Connection, path: Path) -> None:
    """Make the file as small as what it holds, where much of it is empty.

    Takes seconds for hundreds of megabytes. Where the disk has no room for that, or
    somebody else has the case open, the file stays as it is.
    """
    pages, empty, size = (
        connection.execute(f"PRAGMA {what}").fetchone()[0]
        for what in ("page_count", "freelist_count", "page_size")
    )
    if empty < _EMPTY * pages or not _room_for((pages - empty) * size, path):
        return
    try:
        connection.execute("VACUUM")
        # Until it is folded in, the file is as long as before, and its log beside it.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError:
        log.warning("the case file was not made smaller", exc_info=True)
    else:
        log.info("case file made smaller by %.0f MB", empty * size / 1e6)


def _room_for(size: int, path: Path) -> bool:
    """Room for a draft in the temporary folder and a log beside the case, at ease."""
    folders = (Path(tempfile.gettempdir()), path.absolute().parent)
    return all(shutil.disk_usage(folder).free > 4 * size for folder in folders)
