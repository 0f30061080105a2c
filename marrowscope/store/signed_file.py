"""The part of a case file that signs it: from then on it refuses every edit."""

from __future__ import annotations

from collections.abc import Mapping

from marrowscope.domain.signing import Amendment, Signature, SigningState
from marrowscope.store import case_signing, faults
from marrowscope.store.open_file import OpenFile


class SignedFile(OpenFile):
    """A `CaseFile` as far as it is signed."""

    @property
    def changes(self) -> int:
        """Grows with every change made since the file was opened."""
        with self._ledger.reading() as db:
            return db.total_changes

    def signing(self) -> SigningState:
        """Every signed version, and whether the case may be changed."""
        with self._ledger.reading() as db:
            return case_signing.state(db)

    def sign(
        self, signature: Signature, documents: Mapping[str, bytes], *, as_of: int
    ) -> None:
        """Keep a signature and what was signed, whole or not at all.

        `as_of`: `changes` before the documents were made. Raises UnusableCase where
        anything changed since, and SignedCase for a case that is signed already.
        """
        with self._ledger.writing() as db:
            if db.total_changes != as_of:
                raise faults.changed_meanwhile(self.path.name)
            case_signing.sign(db, signature, documents)

    def amend(self, amendment: Amendment) -> None:
        """Open a signed case again. Raises UnusableCase for one that is not signed."""
        with self._ledger.writing(though_signed=True) as db:
            if not case_signing.is_signed(db):
                raise faults.not_signed(self.path.name)
            case_signing.amend(db, amendment)

    def signed_documents(self, number: int) -> dict[str, bytes]:
        """By name the files of a signed version, as they were signed."""
        with self._ledger.reading() as db:
            return case_signing.documents(db, number)
