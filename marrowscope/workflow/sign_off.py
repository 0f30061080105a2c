"""Sign a report, amend it, and read the versions that were signed."""

from __future__ import annotations

import getpass
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from marrowscope.domain.definitions import Formula
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.signing import Amendment, Signature, SigningState
from marrowscope.report.content import with_signing
from marrowscope.report.json import differential
from marrowscope.report.signing import content_sha256
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.definitions import record_definitions
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.reporting import (
    DIFFERENTIAL,
    REPORT,
    report_content,
    signing_of,
    write_content,
    write_documents,
)
from marrowscope.workflow.reviewing import now
from marrowscope.workflow.sign_checks import Check, checks
from marrowscope.workflow.writing import written_together


@dataclass(frozen=True, slots=True)
class BeforeSigning:
    """A case about to be signed: its versions so far, and what the checks found."""

    state: SigningState
    found: tuple[Check, ...]


def look_before_signing(case: OpenedCase) -> BeforeSigning:
    """Run the checks on the case as it stands."""
    sources = report_content(case, pictured=False).sources
    return BeforeSigning(case.file.signing(), checks(case, sources))


def sign(case: OpenedCase, *, name: str, meaning: str) -> SigningState:
    """Sign the case as it stands; from then on it is read-only.

    What the checks found and nothing was done about is printed with the signature.
    Raises MarrowScopeError without a name, for a case without any confirmed cell, for
    a signed one, and where the case changed meanwhile.
    """
    file, as_of = case.file, case.file.changes
    if not name.strip():
        raise MarrowScopeError("A signature needs a name.", "Give yours in full.")
    content = report_content(case)
    found = checks(case, content.sources)
    forbidding = next((check for check in found if check.forbids), None)
    if forbidding is not None:
        raise MarrowScopeError(forbidding.what, forbidding.advice)
    state, at = file.signing(), content.sources.made_at
    digest = content_sha256(differential(content))
    number = len(state.versions) + 1
    account = getpass.getuser()
    signature = Signature(number, name.strip(), meaning, at, account, digest)
    told = replace(
        signing_of(file, content),
        signature=signature,
        still_open=tuple(check.what for check in found),
    )
    with tempfile.TemporaryDirectory() as folder:
        write_content(with_signing(content, told), Path(folder))
        documents = {p.name: p.read_bytes() for p in sorted(Path(folder).iterdir())}
    file.sign(signature, documents, as_of=as_of)
    return file.signing()


def amend(case: OpenedCase, *, reason: str) -> SigningState:
    """Open a signed case again; its signed version stays readable for ever.

    Raises MarrowScopeError without a reason, and for a case that is not signed.
    """
    if not reason.strip():
        raise MarrowScopeError(
            "An amendment needs a reason.", "Say what has to change, and why."
        )
    who = getpass.getuser()
    case.file.amend(Amendment(reason.strip(), who, now()))
    record_definitions(case, who=who)  # may be others since it was signed
    return case.file.signing()


def formulas_signed(file: CaseFile) -> tuple[Formula, ...]:
    """By what the signed version in force was counted; () where none is signed."""
    signed = file.signing().signed
    if signed is None:
        return ()
    document = json.loads(file.signed_documents(signed.number)[DIFFERENTIAL])
    return tuple(
        Formula(one["name"], one["formula"]) for one in document["definitions"]
    )


def save_version(file: CaseFile, number: int, folder: Path) -> tuple[Path, ...]:
    """Write the files of a signed version into a folder, byte for byte as signed.

    Raises MarrowScopeError where there is no such version, or the folder cannot be
    written to.
    """
    documents = file.signed_documents(number)
    if not documents:
        raise MarrowScopeError(
            f"There is no signed version {number} of this case.",
            f"It has {len(file.signing().versions)}.",
        )
    with written_together(folder, REPORT) as draft:
        write_documents(documents, draft)
    return tuple(folder / name for name in documents)


def is_unaltered(file: CaseFile, signature: Signature) -> bool:
    """True where what is kept of a signed version has the hash it was signed by."""
    data = file.signed_documents(signature.number).get(DIFFERENTIAL, b"{}")
    document: Mapping[str, Any] = json.loads(data)
    return content_sha256(document) == signature.sha256
