"""A case file at hand: made, opened, let go.

Thread rule: it may be called from any thread; calls wait for one another (see
`ledger`). They wait for the disk too, so the window calls from the one worker that
owns the file and never from its own thread.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
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
        if read_only:
            return cls._read(real, opening.to_read)
        opening.refuse_protected(real)
        window = OneWindow(real)
        try:
            ledger = Ledger(opening.to_write(real), real, read_only=False)
        except BaseException:
            window.release()
            raise
        log.info("case opened")
        return cls(ledger, window)

    @classmethod
    def look_at(cls, path: Path) -> Self:
        """Open a case for reading only, as it stands at this moment.

        It is read from a private copy, so that it stays one state of the case for as
        long as it is open, whoever goes on writing. Raises UnusableCase as `open`.
        """
        opening.look(path)
        return cls._read(path.resolve(), opening.to_look_at)

    @classmethod
    def _read(cls, real: Path, connect: Callable[[Path], sqlite3.Connection]) -> Self:
        ledger = Ledger(connect(real), real, read_only=True)
        log.info("case opened for reading only")
        return cls(ledger, None)

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

    def copy_to(self, path: Path, *, who: str) -> None:
        """Write a case of its own at `path`, with all that this one holds.

        Its journal tells who copied it and from where. Raises UnusableCase when the
        file exists or cannot be made.
        """
        with self._ledger.reading() as db:
            opening.appear(
                path,
                lambda draft: opening.write_copy(draft, db, of=self.path, who=who),
            )

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
