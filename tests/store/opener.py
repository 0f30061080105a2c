"""A process that opens a case until it is killed: `python -m tests.store.opener CASE`.

Prints that it begins, and that the case is open.
"""

from __future__ import annotations

import sys
from pathlib import Path

from marrowscope.store.case_file import CaseFile

if __name__ == "__main__":
    print("opening", flush=True)
    with CaseFile.open(Path(sys.argv[1])):
        print("open", flush=True)
