"""A case file at hand: made, opened, let go.

Thread rule: it may be called from any thread; calls wait for one another (see
`ledger`). They wait for the disk too, so the window calls from the one worker that
owns the file and never from its own thread.
"""

from __future__ import annotations

import logging
from pathlib import Path
from types import TracebackType
from typing import Self

from marrowscope.store import journal, opening
from marrowscope.store.journal import JournalEntry
from marrowscope.store.ledger import Ledger
from marrowscope.store.one_window import OneWindow

log = logging.getLogger(__name__)


class OpenFile:
    """An open case, without any of its nouns. Every change is durable at return."""

    def __init__(self, ledger: Ledger, window: OneWindow | None) -> None:
        self._ledger = ledger
        self._window = window

    @classmethod
    def create(cls, path: Path, *, name: str) -> Self:
        """Begin a case. Raises UnusableCase when the file exists or cannot be made."""
        opening.make(path, {"name": name, "created": journal.now()})
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open a case; only one window at a time may open it for writing.

        Raises UnusableCase for a file that is no case, is damaged, is of a newer
        version, may not be written to, or is open in another window.
        """
        opening.look(path)
        real = path.resolve()
        window = None if read_only else OneWindow(real)
        try:
            connect = opening.to_read if read_only else opening.to_write
            ledger = Ledger(connect(real), real, read_only=read_only)
        except BaseException:
            if window:
                window.release()
            raise
        log.info("case opened%s", " for reading only" if read_only else "")
        return cls(ledger, window)

    def close(self) -> None:
        """Let go of the file; harmless when done twice."""
        try:
            self._ledger.close()
        finally:
            if self._window:
                self._window.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        return self._ledger.path

    @property
    def read_only(self) -> bool:
        return self._ledger.read_only

    @property
    def name(self) -> str:
        """What the case is called, whatever its file is called."""
        with self._ledger.reading() as db:
            query = "SELECT value FROM facts WHERE name = 'name'"
            return db.execute(query).fetchone()[0]

    def journal(self) -> list[JournalEntry]:
        """Every change, oldest first: when, who, what, from, to."""
        with self._ledger.reading() as db:
            return journal.entries(db)
