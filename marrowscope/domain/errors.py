"""Failures a user can read: what is wrong with which thing, and what to do."""

from __future__ import annotations


class MarrowScopeError(Exception):
    """Anything MarrowScope reports to a user.

    `what`: one sentence on what is wrong with which thing. `advice`: one on what to do.
    """

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.what} {self.advice}".strip()


class UnreadableInput(MarrowScopeError):
    """A slide, photo or folder that cannot be read at all."""


class UnreadableRegion(MarrowScopeError):
    """One part of an otherwise readable slide that cannot be decoded."""


class Uncalibrated(MarrowScopeError):
    """Microns per pixel is needed and nobody has given it."""


class UnusableModel(MarrowScopeError):
    """A model folder that is missing, altered, or answers what it should not."""


class UnusableCase(MarrowScopeError):
    """A case file that cannot be opened, written, or is in use elsewhere."""


class ProtectedCase(UnusableCase):
    """A case that may not be written to where it lies; it may be looked at."""


class SignedCase(UnusableCase):
    """A case that was to be changed though it is signed."""


class UnusableSettings(MarrowScopeError):
    """A settings, taxonomy or criteria file that does not say what it must."""
