"""Who signed a report, what that means, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

MEANINGS = (
    "I read this marrow and report it",
    "I reviewed this report and approve it",
    "I am responsible for this report",
)


@dataclass(frozen=True, slots=True)
class Amendment:
    """Why a signed version was opened again; `at` is UTC, ISO 8601."""

    reason: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A signed version of a report, numbered from 1.

    `account`: who was logged in. `sha256`: of what was signed, in hexadecimals.
    `amended`: None while nobody has opened it again.
    """

    number: int
    name: str
    meaning: str
    at: str
    account: str
    sha256: str
    amended: Amendment | None = None


@dataclass(frozen=True, slots=True)
class SigningState:
    """Every signed version of a case, oldest first."""

    versions: tuple[Signature, ...] = ()

    @property
    def signed(self) -> Signature | None:
        """The version in force; None while the case may be changed."""
        last = self.versions[-1] if self.versions else None
        return last if last is not None and last.amended is None else None

    @property
    def amends(self) -> Signature | None:
        """The version that the one being written, or in force, amends."""
        earlier = self.versions[:-1] if self.signed else self.versions
        return earlier[-1] if earlier else None
