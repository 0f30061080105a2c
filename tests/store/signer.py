"""A process that signs and amends a case until it is killed.

`python -m tests.store.signer CASE`; prints what it was told is stored.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from marrowscope.domain.signing import Amendment, Signature
from marrowscope.store.case_file import CaseFile

ROUNDS = 200


def main(path: Path) -> None:
    with CaseFile.open(path) as case:
        if case.signing().signed:
            case.amend(Amendment("killed", "A", "t"))
        for _ in range(ROUNDS):
            documents = {n: os.urandom(60_000) for n in ("report.pdf", "report.html")}
            one = Signature(0, "A", "read", "t", "a", "f" * 64)
            case.sign(one, documents, as_of=case.changes)
            print("signed", len(case.signing().versions), flush=True)
            case.amend(Amendment("again", "A", "t"))
            print("amended", len(case.signing().versions), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
