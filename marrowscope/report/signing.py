"""Who signed what a report says, and what an amendment changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marrowscope.domain.signing import Signature
from marrowscope.report.amended import Change
from marrowscope.report.wording import count_text, date_text, day_text, printable

HEADING = "Amended"
OPEN = "Open when signed"
NO_CHANGE = "Nothing that is printed here has changed so far."
_OF_SIGNING = ("status", "signing")


@dataclass(frozen=True, slots=True)
class ReportedSigning:
    """What a report says of signatures.

    `signature`: None for a report that is not signed. `still_open`: what the checks
    before signing still found, as sentences. `amends`: the version before, `changes`
    since it.
    """

    signature: Signature | None = None
    still_open: tuple[str, ...] = ()
    amends: Signature | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class SigningPart:
    """The same as it is printed; empty texts and tuples stay empty.

    `amendment`: which version is amended and why, with `changes` from and to.
    """

    signed: tuple[str, ...] = ()
    still_open: tuple[str, ...] = ()
    amendment: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


def status_text(signing: ReportedSigning) -> str:
    """The words in the head of every page."""
    one, before = signing.signature, signing.amends
    if one is None:
        return "Amendment, not signed" if before else "Preliminary, not signed"
    version = f"Amended, version {one.number}, s" if before else "S"
    return f"{version}igned by {printable(one.name)}, {day_text(one.at)}"


def signing_part(signing: ReportedSigning) -> SigningPart:
    """What is printed of it."""
    return SigningPart(
        signed=tuple(_signed(signing)),
        still_open=signing.still_open if signing.signature else (),
        amendment=tuple(_amendment(signing)),
        changes=tuple(
            Change(c.name, printable(c.was), printable(c.now)) for c in signing.changes
        ),
    )


def _signed(signing: ReportedSigning) -> list[str]:
    one = signing.signature
    if one is None:
        return []
    found = [
        f"Version {one.number}. {printable(one.name)} ({printable(one.account)}):"
        f" “{one.meaning}”. {date_text(one.at)}.",
        f"Content SHA-256 {one.sha256}",
    ]
    if signing.still_open:
        number = len(signing.still_open)
        points = "1 point was" if number == 1 else f"{count_text(number)} points were"
        found.append(f"{points} open when it was signed, listed under “{OPEN}”.")
    return found


def _amendment(signing: ReportedSigning) -> list[str]:
    before = signing.amends
    if before is None or before.amended is None:
        return []
    count = len(signing.changes)
    some = f"{count_text(count)} {'entry' if count == 1 else 'entries'} changed,"
    return [
        f"This report amends version {before.number}, signed by"
        f" {printable(before.name)}, {date_text(before.at)} (content SHA-256"
        f" {before.sha256[:16]}…), which is kept. Reason:"
        f" {printable(before.amended.reason).rstrip('.')}.",
        f"{some} listed under “{HEADING}”." if count else NO_CHANGE,
    ]


def content_sha256(document: Mapping[str, Any]) -> str:
    """Of differential.json without `status` and `signing`, keys sorted, no spaces."""
    signed = {k: v for k, v in document.items() if k not in _OF_SIGNING}
    text = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def signing_entry(signing: ReportedSigning) -> dict[str, Any]:
    """The JSON's `signing`; empty for a report that nobody ever signed."""
    one, before = signing.signature, signing.amends
    if one is None and before is None:
        return {}
    said: dict[str, Any] = {"signed": _one(one), "still_open": [*signing.still_open]}
    if before is not None:
        reason = before.amended.reason if before.amended else ""
        changes = [
            {"name": c.name, "was": c.was, "now": c.now} for c in signing.changes
        ]
        said["amends"] = {**(_one(before) or {}), "reason": reason, "changes": changes}
    return {"signing": said}


def _one(signature: Signature | None) -> dict[str, Any] | None:
    if signature is None:
        return None
    return {
        "version": signature.number,
        "name": signature.name,
        "meaning": signature.meaning,
        "at": signature.at,
        "account": signature.account,
        "sha256": signature.sha256,
    }
