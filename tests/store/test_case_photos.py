"""What a case keeps of its photos: pairs, cells seen again, copies of files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from marrowscope.analysis.photo_matching import is_photo
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.domain.review import Verdict
from marrowscope.imaging.overlap import Overlap
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import (
    VOCABULARY,
    call,
    cells_at,
    provenance,
    strip,
    withdraw,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "case_v4.marrow"
SHIFT = np.array([[1.0, 0.0, -300.0], [0.0, 1.0, 0.0]])


def _photos(case: CaseFile, count: int) -> None:
    """Photos 1 to `count` with one cell each, its id the photo's number."""
    for i in range(1, count + 1):
        identity = SlideIdentity(f"sha256:{i}", f"{i}.png", 640, 480, None)
        slide = case.add_slide(identity, Path(f"/photos/{i}.png"))
        run = case.begin_run(slide, provenance(), VOCABULARY, strip(1))
        case.add_field(run, 0, cells_at([(10.0 * i, 50)]))


@pytest.mark.parametrize("read_only", [True, False])
def test_a_case_of_version_4_knows_its_photos(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.read_bytes())
    with CaseFile.open(path, read_only=read_only) as case:
        (one,) = case.photo_overlaps()
        assert (one.first, one.second, one.shared, one.likeness) == (1, 2, 0.5, 0.75)
        assert one.transform.tolist() == [[1.0, 0.0, -320.0], [0.0, 1.0, 0.5]]
        assert case.compared_photos() == {1: 1, 2: 1}
        assert case.slide_copies() == [(1, "copy of 0.png")]
        assert case.cells().id.tolist() == [2]
        assert case.cells(every=True).id.tolist() == [1, 2]


def test_a_cell_seen_again_is_kept_and_not_counted(tmp_path: Path) -> None:
    with CaseFile.create(tmp_path / "a.marrow", name="a") as case:
        _photos(case, 3)
        case.set_seen_again({3: 1})
        assert case.cells().id.tolist() == [1, 2]
        assert case.cells(3).id.tolist() == []
        assert case.cells(every=True).id.tolist() == [1, 2, 3]
        assert case.seen_again() == {3: 1}
        case.set_seen_again({})
        assert case.cells().id.tolist() == [1, 2, 3]


def test_a_call_on_a_look_that_counts_no_more_speaks_for_the_one_that_does(
    tmp_path: Path,
) -> None:
    with CaseFile.create(tmp_path / "a.marrow", name="a") as case:
        _photos(case, 2)
        said = Verdict(1, ("blast",), None, "Dr A", "2026-11-21T10:00:00+00:00", {})
        call(case, [said])
        case.set_seen_again({1: 2})
        assert list(case.verdicts()) == [2]
        assert case.unmatched_verdicts() == []
        withdraw(case, 2, "Dr A")
        assert case.verdicts() == {}


def test_marks_are_written_into_the_journal_only_when_they_change(
    tmp_path: Path,
) -> None:
    with CaseFile.create(tmp_path / "a.marrow", name="a") as case:
        _photos(case, 2)
        case.set_seen_again({1: 2})
        lines = len(case.journal())
        case.set_seen_again({1: 2})
        assert len(case.journal()) == lines


def test_a_later_comparison_keeps_pairs_of_photos_that_are_away(
    tmp_path: Path,
) -> None:
    with CaseFile.create(tmp_path / "a.marrow", name="a") as case:
        _photos(case, 4)
        case.set_photo_overlaps(
            [Overlap(1, 2, SHIFT, 0.5, 0.9), Overlap(2, 3, SHIFT, 0.5, 0.9)],
            photos=[1, 2, 3],
        )
        case.set_photo_overlaps(
            [Overlap(2, 4, SHIFT, 0.25, 0.9)], photos=[2, 3, 4], unreadable=[1]
        )
        pairs = [(o.first, o.second) for o in case.photo_overlaps()]
        assert pairs == [(1, 2), (2, 4)]
        assert case.compared_photos() == {1: 1, 2: 2, 3: 2, 4: 2}


@pytest.mark.parametrize("read_only", [True, False])
def test_a_slide_of_version_9_goes_by_its_size_alone_for_ever(
    tmp_path: Path, read_only: bool
) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.with_name("case_v9.marrow").read_bytes())
    with CaseFile.open(path, read_only=read_only) as case:
        photo = case.slides()[1].identity
        if not read_only:
            case.add_slide(replace(photo, scanned=True), Path("/elsewhere"))
            other = replace(photo, content="sha256:new", scanned=True)
            case.add_slide(other, Path("/slides/new.tif"))
            assert is_photo(case.slides()[3].identity) is False
        found = [is_photo(stored.identity) for stored in case.slides()[:3]]
        assert found == [True, True, False]
        assert case.compared_photos() == {1: 1, 2: 1}
