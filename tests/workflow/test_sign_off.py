"""A report signed: checked before, kept whole, read-only, amended for a reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from marrowscope.domain.errors import MarrowScopeError, SignedCase
from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import Region, RegionKind, rectangle
from marrowscope.domain.review import Edit, MissedCell
from marrowscope.domain.signing import MEANINGS
from marrowscope.imaging.display_colour import AS_THE_FILE_SAYS
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.formal_count import formal_count
from marrowscope.workflow.keying import keying
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.reporting import export_report
from marrowscope.workflow.reviewing import called, record
from marrowscope.workflow.sign_off import (
    amend,
    is_unaltered,
    look_before_signing,
    save_version,
    sign,
)
from tests.store.case_parts import SLIDE, VOCABULARY, begun, cells_at, provenance, strip

NAME = "Dr. Ørsted 病"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[OpenedCase]:
    """400 cells of one slide that lies nowhere, 250 of them called."""
    file = CaseFile.create(tmp_path / "case.marrow", name="Fall 7")
    slide = file.add_slide(SLIDE, Path("gone.svs"))
    run = file.begin_run(slide, provenance(mpp=0.25), VOCABULARY, strip(1))
    file.add_field(run, 0, cells_at([(i * 70.0, 0) for i in range(400)]))
    calls = [
        called(c, ("polychromatic_erythroblast",), reader="A", dysplastic=c < 25)
        for c in range(1, 251)
    ]
    record(file, calls)
    yield OpenedCase(file, (), ())
    file.close()


EDITS: dict[str, Callable[[CaseFile], object]] = {
    "a call": lambda f: record(f, [called(1, ("blast",), reader="B")]),
    "an undo": lambda f: f.undo("A"),
    "a box": lambda f: f.edit(
        Edit("x", "A", "t", missed=(MissedCell(1, Box(0, 0, 9, 9)),))
    ),
    "the specimen": lambda f: f.set_specimen({"site": "x"}, "A", "t"),
    "the scale": lambda f: f.calibrate(1, 0.3, "typed"),
    "a region": lambda f: f.change_regions(
        [Region(1, "R", RegionKind.EXCLUDE, rectangle(Box(0, 0, 9, 9)))], who="A"
    ),
    "a reading": begun,
    "a count": lambda f: formal_count(f, reader="A"),
    "colours": lambda f: f.set_display(1, AS_THE_FILE_SAYS, who="A"),
    "another slide": lambda f: f.add_slide(replace(SLIDE, content="b"), Path()),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_signed_case_refuses_every_edit_in_a_sentence(
    case: OpenedCase, edit: str
) -> None:
    sign(case, name=NAME, meaning=MEANINGS[0])
    before = case.file.journal()
    with pytest.raises(SignedCase, match="is signed, so nothing in it is changed"):
        EDITS[edit](case.file)
    assert case.file.journal() == before


def test_what_was_signed_is_kept_byte_for_byte_and_says_who_and_when(
    case: OpenedCase, tmp_path: Path
) -> None:
    state = sign(case, name=NAME, meaning=MEANINGS[1])
    signed = state.signed
    assert signed is not None
    out = tmp_path / "out"
    out.mkdir()
    export_report(case, out)
    document = json.loads((out / "differential.json").read_text("utf-8"))
    own = {k: v for k, v in document.items() if k not in ("status", "signing")}
    plain = json.dumps(own, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(plain.encode()).hexdigest() == signed.sha256
    assert document["signing"]["signed"]["name"] == NAME
    page = (out / "report.html").read_text("utf-8")
    for words in (NAME, MEANINGS[1], signed.sha256, "Signed by"):
        assert words in page
    kept = case.file.signed_documents(1)
    assert all((out / name).read_bytes() == data for name, data in kept.items())
    assert is_unaltered(case.file, signed)
    with case.file._ledger.reading() as db:
        db.execute("DROP TRIGGER signatures_stay")
        db.execute("UPDATE signatures SET sha256 = 'f'")
    assert not is_unaltered(case.file, case.file.signing().versions[0])


def test_an_amendment_tells_from_and_to_and_keeps_the_signed_version(
    case: OpenedCase, tmp_path: Path
) -> None:
    with pytest.raises(MarrowScopeError, match="not signed"):
        amend(case, reason="too early")
    sign(case, name=NAME, meaning=MEANINGS[0])
    first = case.file.signed_documents(1)
    with pytest.raises(MarrowScopeError, match="needs a reason"):
        amend(case, reason="  ")
    assert amend(case, reason="blasts called anew").signed is None
    record(case.file, [called(c, ("blast",), reader="A") for c in range(200, 251)])
    case.file.set_specimen({"site": "sternum"}, "A", "t")
    export_report(case, tmp_path)
    page = (tmp_path / "report.html").read_text("utf-8")
    for words in ("Amendment, not signed", "blasts called anew", "0 of 250", "51 of"):
        assert words in page
    state = sign(case, name="Dr. B", meaning=MEANINGS[2])
    assert [v.number for v in state.versions] == [1, 2]
    assert case.file.signed_documents(1) == first
    document = json.loads(case.file.signed_documents(2)["differential.json"])
    assert document["status"].startswith("Amended, version 2, signed by Dr. B")
    changed = {
        c["name"]: (c["was"], c["now"])
        for c in document["signing"]["amends"]["changes"]
    }
    assert changed["Anatomic site"] == ("–", "sternum")
    assert changed["Polychromatic erythroblasts"] == ("250", "199")
    assert is_unaltered(case.file, state.versions[1])
    with pytest.raises(MarrowScopeError, match="no signed version 3"):
        save_version(case.file, 3, tmp_path)


def test_the_checks_say_what_is_open_and_what_to_do(case: OpenedCase) -> None:
    found = look_before_signing(case).found
    line = "Erythroid dysplasia, 9.6 %: undecided, the interval includes 10 %"
    assert any(check.what.startswith(line) for check in found)
    formal_count(case.file, target=100, seed=1, reader="A")
    record(case.file, [called(7, ("unidentifiable",), reader="A")])
    found = look_before_signing(case).found
    said = " ".join(check.what for check in found)
    for words in (
        "of the formal count have not been called",
        "Megakaryocytic dysplasia: 0 of 30 cells, too few to assess",
        "1 cell has been left as not classifiable",
        "quality: particles, diluted with blood, stain",
    ):
        assert words in said
    assert all(check.advice.endswith(".") and not check.forbids for check in found)
    state = sign(case, name=NAME, meaning=MEANINGS[0])
    document = json.loads(case.file.signed_documents(1)["differential.json"])
    assert document["signing"]["still_open"] == [check.what for check in found]
    assert state.signed is not None


def test_cells_that_were_not_drawn_or_not_found_are_told_before_signing(
    case: OpenedCase,
) -> None:
    def told() -> str:
        return " ".join(check.what for check in look_before_signing(case).found)

    more = [called(c, ("blast",), reader="A") for c in range(251, 311)]
    assert "Only 250 cells have been confirmed" in told()
    record(case.file, more)
    assert "were not drawn at random" in told()
    formal_count(case.file, target=500, reader="A")
    assert "not drawn at random" not in told()
    assert "100 cells of the formal count have not been found, of 500" in told()


def test_cells_met_at_the_microscope_need_no_draw(case: OpenedCase) -> None:
    first = case.file.last_keyed() - 1
    one = keying(first, ["blast"], smear="S1", reader="B")
    cells = range(first, first - 500, -1)
    calls = tuple(replace(one.verdicts[0], cell=cell) for cell in cells)
    case.file.edit(replace(one, verdicts=calls, keyed=dict.fromkeys(cells, "S1")))
    case.file.undo("A")
    found = look_before_signing(case).found
    assert not any("not drawn at random" in check.what for check in found)


def test_where_dilution_leaves_a_line_open_it_is_told_before_signing(
    case: OpenedCase,
) -> None:
    words = {"dilution": "suspected", "aspirated": "2026-03-02"}
    case.file.set_specimen(words, "A", "2026-11-21T05:00:00+00:00")
    said = [check.what for check in look_before_signing(case).found]
    (told,) = [what for what in said if "below cannot be told" in what]
    assert told.startswith("Erythroid dysplasia, 9.6 %")
    assert "diluted with blood" in told


def test_on_a_pale_stain_nobody_is_asked_again_about_granules(case: OpenedCase) -> None:
    alone = [
        replace(
            called(cell, ("band",), reader="A", dysplastic=True),
            grades={"g_decreased_granules": 3},
        )
        for cell in (301, 302)
    ]
    unsaid = called(303, ("band",), reader="A")
    record(case.file, [*alone, unsaid])
    words = {"stain": "pale", "aspirated": "2026-03-02"}
    case.file.set_specimen(words, "A", "2026-11-21T05:00:00+00:00")
    found = {one.what: one.advice for one in look_before_signing(case).found}
    word = "Granulocytic: 1 cell confirmed without a word on dysplasia."
    assert found[word] == "Say whether they are dysplastic."
    hidden = "Granulocytic: 2 cells called dysplastic for granules alone, not counted"
    (told,) = [what for what in found if what.startswith(hidden)]
    assert "other features" in found[told]


def test_without_a_confirmed_cell_or_a_name_nothing_is_signed(tmp_path: Path) -> None:
    with CaseFile.create(tmp_path / "empty.marrow", name="empty") as file:
        case = OpenedCase(file, (), ())
        with pytest.raises(MarrowScopeError, match="No cell has been confirmed"):
            sign(case, name=NAME, meaning=MEANINGS[0])
        with pytest.raises(MarrowScopeError, match="needs a name"):
            sign(case, name=" ", meaning=MEANINGS[0])
        assert file.signing().versions == ()


def test_days_that_cannot_be_are_named_before_signing(case: OpenedCase) -> None:
    def said(**words: str) -> str:
        case.file.set_specimen(words, "A", "2026-11-21T05:00:00+00:00")
        return " ".join(check.what for check in look_before_signing(case).found)

    assert "The date of aspiration is not given." in said()
    assert "“3/4/2026” cannot be read" in said(aspirated="3/4/2026")
    assert "1 May 2999 is still to come" in said(aspirated="2999-05-01")
    early = said(aspirated="2026-03-02", received="2026-03-01", birth="1950-01-01")
    assert "Date received lies before the date of aspiration." in early
    assert "ate of aspiration" not in said(received="2026-03-02")
