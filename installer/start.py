"""Where the built program begins."""

from __future__ import annotations

import multiprocessing

from marrowscope.cli.main import main

if __name__ == "__main__":
    # The phantom draws in worker processes, which start this program again.
    multiprocessing.freeze_support()
    main()
