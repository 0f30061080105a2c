"""Regions in the case: kept through every change, every change in the journal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import (
    ForeignClass,
    Region,
    RegionKind,
    outlined,
    rectangle,
)
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import SLIDE

GOLDEN = Path(__file__).parents[1] / "golden" / "case_v6.marrow"
FREE = outlined([(0.5, 0.25), (100, 3), (60, 80.125)])


def test_regions_come_back_as_they_were_drawn(case: CaseFile, case_path: Path) -> None:
    slide = case.add_slide(SLIDE, Path("a.svs"))
    thin = Region(slide, "Dünn 薄", RegionKind.INCLUDE, FREE)
    clot = Region(slide, "Clot", RegionKind.EXCLUDE, rectangle(Box(5, 5, 20, 20)))
    thin = replace(thin, classed=ForeignClass("Tumor: Stroma", (200, 0, 9)))
    case.change_regions([thin, clot], who="Dr. Ørsted")
    case.close()
    with CaseFile.open(case_path) as again:
        assert again.regions() == (thin, clot)


def test_every_change_of_a_region_is_in_the_journal(case: CaseFile) -> None:
    slide = case.add_slide(SLIDE, Path("a.svs"))
    drawn = Region(slide, "Region 1", RegionKind.INCLUDE, rectangle(Box(1, 2, 30, 40)))
    case.change_regions([drawn], who="Dr A")
    case.change_regions([drawn], who="Dr A")
    named = replace(drawn, name="Thin", kind=RegionKind.EXCLUDE)
    case.change_regions([named], who="Dr B")
    case.change_regions([], [drawn.id, "unknown"], who="Dr A")
    assert case.regions() == ()
    told = [(e.who, e.what, e.was, e.became) for e in case.journal()][1:]
    place = "30 × 40 px at x 1, y 2, 4 corners"
    first, last = f"“Region 1”, counted, {place}", f"“Thin”, left out, {place}"
    assert told == [
        ("Dr A", "slide 1: region “Region 1” added", "", first),
        ("Dr B", "slide 1: region “Region 1” changed", first, last),
        ("Dr A", "slide 1: region “Thin” removed", last, ""),
    ]


@pytest.mark.parametrize("read_only", [True, False])
def test_a_case_of_version_6_knows_its_regions(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.read_bytes())
    with CaseFile.open(path, read_only=read_only) as case:
        thin, clot = case.regions()
        assert (thin.name, thin.kind, thin.shape) == ("Dünn", RegionKind.INCLUDE, FREE)
        assert clot.id == "00000000-0000-4000-8000-000000000002"
        assert clot.box == Box(5, 5, 20, 20)


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5])
def test_an_older_case_takes_regions(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.with_name(f"case_v{version}.marrow").read_bytes())
    with CaseFile.open(path) as case:
        assert case.regions() == ()
        case.change_regions([Region(1, "New", RegionKind.INCLUDE, FREE)], who="Dr A")
        assert [region.name for region in case.regions()] == ["New"]
