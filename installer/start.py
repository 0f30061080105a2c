"""Where the built program begins."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path


def hand_back_library_path() -> None:
    """Let programs we start (a PDF viewer) find the system's libraries, not ours."""
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)


def write_somewhere() -> None:
    """A Windows program without a console has no streams; what is said goes nowhere."""
    nowhere = Path(os.devnull)
    sys.stdout = sys.stdout or nowhere.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or nowhere.open("w", encoding="utf-8")


if __name__ == "__main__":
    # The phantom draws in worker processes, which start this program again.
    multiprocessing.freeze_support()
    hand_back_library_path()
    write_somewhere()
    # After freeze_support: a worker process needs nothing of the command line.
    from marrowscope.cli.main import main

    main()
