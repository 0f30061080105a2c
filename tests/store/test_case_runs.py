"""Slides by content, runs that go on, the specimen's words, the journal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import SLIDE, VOCABULARY, begun, cells_at, provenance, strip

GOLDEN = Path(__file__).parents[1] / "golden" / "case_v5.marrow"
HERE, THERE = Path("/a/x.svs"), Path("/b/renamed 病.svs")


def test_a_slide_is_known_by_its_content_and_not_its_path(case: CaseFile) -> None:
    first = case.add_slide(SLIDE, HERE)
    other = case.add_slide(replace(SLIDE, content="sha256:bb"), HERE)
    assert case.add_slide(replace(SLIDE, name="renamed"), THERE) == first != other
    assert [s.path for s in case.slides()] == [THERE, HERE]
    assert case.slides()[0].identity == SLIDE


def test_a_calibration_stays_when_the_slide_is_opened_again(case: CaseFile) -> None:
    bare = replace(SLIDE, mpp=None, mpp_source="")
    number = case.add_slide(bare, HERE)
    assert case.slides()[0].identity.mpp is None
    case.calibrate(number, 0.23, "typed", who="Dr. A")
    case.add_slide(bare, HERE)
    identity = case.slides()[0].identity
    assert (identity.mpp, identity.mpp_source) == (0.23, "typed")
    last = case.journal()[-1]
    assert (last.who, last.was, last.became) == (
        "Dr. A",
        "uncalibrated",
        "0.23 µm per pixel (typed)",
    )


def test_calibrating_a_slide_that_is_not_there_is_refused(case: CaseFile) -> None:
    with pytest.raises(KeyError):
        case.calibrate(7, 0.2, "typed")


def test_a_run_comes_back_with_everything_a_report_must_name(case: CaseFile) -> None:
    plan = {"mpp": 0.25, "region": [0, 0, 10.5, 10], "min_score": None}
    slide = case.add_slide(SLIDE, HERE)
    made = case.begin_run(slide, provenance(**plan), VOCABULARY, strip(2))
    (stored,) = case.runs()
    assert stored == made
    assert stored.provenance.plan == plan
    case.finish_run(stored)
    (ended,) = case.runs()
    assert ended.finished
    assert ended.provenance.finished is not None


def test_an_unfinished_run_goes_on_and_a_finished_one_does_not(case: CaseFile) -> None:
    run = begun(case)
    sha256 = run.provenance.model.sha256
    case.add_field(run, 1, cells_at([(0, 0)]))
    case.add_failed_field(run, 2, "The tile could not be decoded.")
    again = case.unfinished_run(1, sha256)
    assert again is not None
    assert again.done == {1}
    assert again.failed == {2: "The tile could not be decoded."}
    assert case.unfinished_run(1, "another model") is None
    assert case.unfinished_run(2, sha256) is None
    case.finish_run(run)
    assert case.unfinished_run(1, sha256) is None


def test_a_failed_field_may_be_read_later(case: CaseFile) -> None:
    run = begun(case)
    case.add_failed_field(run, 0, "gone")
    case.add_field(run, 0, cells_at([(0, 0)]))
    assert case.runs()[0].done == {0}
    assert case.runs()[0].failed == {}


def test_slides_read_by_another_model_are_not_counted_together(case: CaseFile) -> None:
    case.add_field(begun(case), 0, cells_at([(0, 0)]))
    two = case.add_slide(replace(SLIDE, content="sha256:bb"), THERE)
    other = replace(VOCABULARY, dysplasia_rule="another rule")
    run = case.begin_run(two, provenance(), other, strip(1))
    case.add_field(run, 0, cells_at([(0, 0), (9, 9)]))
    assert case.cells().slide.tolist() == [two, two]
    assert case.vocabulary() == other
    assert [r.slide for r in case.counted_runs()] == [two]


def test_the_specimen_keeps_the_doctors_words_and_who_changed_them(
    case: CaseFile,
) -> None:
    case.set_specimen({"site": "Beckenkamm", "ease": "leicht"}, "Dr. A", "t1")
    case.set_specimen({"site": "Sternum"}, "Dr. B", "t2")
    case.set_specimen({"ease": ""}, "Dr. B", "t3")
    assert case.specimen() == {"site": "Sternum"}
    changes = [(e.at, e.who, e.what, e.was, e.became) for e in case.journal()[-2:]]
    assert changes == [
        ("t2", "Dr. B", "specimen: site", "Beckenkamm", "Sternum"),
        ("t3", "Dr. B", "specimen: ease", "leicht", ""),
    ]


def test_a_file_name_of_an_older_encoding_still_finds_its_file(case: CaseFile) -> None:
    odd = Path("/a/M\udcfcller.svs")  # latin-1 bytes, as Python hands them out
    case.add_slide(replace(SLIDE, name=odd.name), odd)
    case.add_slide(replace(SLIDE, name=odd.name), odd)
    (slide,) = case.slides()
    assert slide.path == odd
    assert slide.identity.name == "M?ller.svs"
    assert [e.what for e in case.journal()] == ["slide 1 added"]
    case.add_slide(SLIDE, HERE)
    assert case.slides()[0].path == HERE


def test_sought_cells_stand_beside_a_run_and_in_no_field(case: CaseFile) -> None:
    run = begun(case)
    case.add_field(run, 0, cells_at([(10, 10)]))
    assert case.searches() == {}
    case.add_sought(run, cells_at([(900, 900)]))
    case.finish_search(run, candidates=7, failed=1)
    assert case.cells().sought.tolist() == [False, True]
    assert case.searches()[run.number].candidates == 7
    newest = case.runs()[-1]
    assert [len(boxes) for boxes in case.kept_boxes(newest).values()] == [1]


@pytest.mark.parametrize("read_only", [True, False])
def test_a_case_of_version_5_knows_what_was_sought(
    tmp_path: Path, read_only: bool
) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.read_bytes())
    with CaseFile.open(path, read_only=read_only) as case:
        assert case.cells().sought.tolist() == [False, False, True, True]
        (search,) = case.searches().values()
        assert (search.slide, search.candidates, search.failed) == (1, 7, 1)
        zones = case.zone_map(1)
        assert zones is not None
        assert zones.quality.tolist() == [[0, 51, 102], [153, 204, 255]]


@pytest.mark.parametrize("version", [1, 4])
def test_an_older_case_takes_a_search(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.marrow"
    path.write_bytes(GOLDEN.with_name(f"case_v{version}.marrow").read_bytes())
    with CaseFile.open(path) as case:
        assert case.searches() == {}
        case.finish_search(case.runs()[-1], candidates=3, failed=1)
        (search,) = case.searches().values()
        assert (search.candidates, search.failed) == (3, 1)
