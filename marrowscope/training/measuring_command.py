"""The command that measures a bundle anew and writes down what it found.

A family gives how it measures, and how its card is written. Networks, versions of
their weights and lower precisions stay as they are.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from marrowscope.inference.bundle import Bundle, load_bundle
from marrowscope.training.bundle_stamp import stamp
from marrowscope.training.datasets.gathering import Places
from marrowscope.training.precision.telling import TITLE, read_section, write_section
from marrowscope.training.reliability import Judged, draw_reliability

Report = Mapping[str, Any]


class Measured(NamedTuple):
    """All figures of a bundle, and its answers by source for the diagram."""

    report: Report
    judged: Mapping[str, Judged]


class WritesCard(Protocol):
    """Writes the card of the bundle in a folder."""

    def __call__(self, folder: Path, measured: Measured, *, version: str) -> None: ...


class Family(NamedTuple):
    """What differs between the families."""

    measure: Callable[[Bundle, Places], Measured]
    accuracy: Callable[[Report], Mapping[str, object]]  # what bundle.toml keeps of it
    write_card: WritesCard


def publish(folder: Path, family: Family, measured: Measured, *, version: str) -> None:
    """Write the diagram, the card and `[accuracy]` of the bundle in `folder`."""
    draw_reliability(measured.judged, folder)
    family.write_card(folder, measured, version=version)
    stamp(folder, version=version, accuracy=family.accuracy(measured.report))


def measure_bundle(argv: Sequence[str] | None, family: Family, *, told: str) -> None:
    """Measure the bundle that `argv` names, print its figures and publish them."""
    given = _arguments(argv, told)
    places = Places(given.data, given.work, given.masks)
    measured = family.measure(load_bundle(given.bundle), places)
    print(json.dumps(measured.report, indent=1))
    card = given.bundle / "card.md"
    precision = read_section(card, TITLE)
    publish(given.bundle, family, measured, version=given.version)
    if precision:
        write_section(card, TITLE, precision)


def _arguments(argv: Sequence[str] | None, told: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=told)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--masks", type=Path, help="the locator's pseudo-masks")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--version", required=True, help="written into the bundle")
    return parser.parse_args(argv)
