"""What an export says of the models that read, and that it is whole or not there."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.inference.bundle import load_bundle
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import reporting
from marrowscope.workflow.model_cards import accuracy_sentence
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.reporting import export_report, write_json
from tests.conftest import ROOT
from tests.inference.tiny_bundle import tiny_bundle
from tests.store.case_parts import SLIDE, VOCABULARY, cells_at, provenance, strip


def test_the_accuracy_line_names_the_model_and_what_it_was_measured_on(
    tmp_path: Path,
) -> None:
    model = load_bundle(tiny_bundle(tmp_path))
    figures = {
        "note": "Optimistic.",
        "real_marrow": {"cells": 1955, "macro_f1": 0.8431},
        "speed": {"seconds": 3},
    }
    said = accuracy_sentence(replace(model, card=replace(model.card, accuracy=figures)))
    assert said == (
        f"{model.identity.name}: Measured on real marrow, 1,955 cells: macro-F1 0.84."
        " Optimistic."
    )


def test_a_model_without_figures_has_no_accuracy_line(tmp_path: Path) -> None:
    model = load_bundle(tiny_bundle(tmp_path))
    assert (
        accuracy_sentence(replace(model, card=replace(model.card, accuracy={}))) == ""
    )


def test_a_file_in_the_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    taken = tmp_path / "report"
    taken.write_text("a note")
    with pytest.raises(
        MarrowScopeError, match="report is a file, so nothing can be saved"
    ):
        write_json({}, taken / "agreement.json")
    with pytest.raises(MarrowScopeError, match="agreement.json cannot be written"):
        write_json({}, taken / "below" / "agreement.json")
    assert taken.read_text() == "a note"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[OpenedCase]:
    """Three cells of one slide that lies nowhere."""
    file = CaseFile.create(tmp_path / "case.marrow", name="Fall 7")
    slide = file.add_slide(SLIDE, Path("gone.svs"))
    run = file.begin_run(slide, provenance(mpp=0.25), VOCABULARY, strip(1))
    file.add_field(run, 0, cells_at([(i * 70.0, 0) for i in range(3)]))
    yield OpenedCase(file, (), ())
    file.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_disk_that_is_full_midway_leaves_the_report_that_was_there(
    case: OpenedCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    export_report(case, out)
    before = contents(out)
    case.file.set_specimen({"site": "sternum"}, "A", "2026-11-22T05:00:00+00:00")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(reporting, "write_pdf", full)
    with pytest.raises(
        MarrowScopeError, match="report cannot be written to .*No space"
    ):
        export_report(case, out)
    assert contents(out) == before
    assert len(before) == 4


def test_a_program_that_ends_midway_leaves_no_part_of_a_report(
    case: OpenedCase, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    script = (
        "import os, sys; from pathlib import Path\n"
        "from marrowscope.workflow import opening, reporting\n"
        "reporting.write_pdf = lambda *_, **__: os._exit(9)\n"
        "case = opening.open_stored(Path(sys.argv[1]))\n"
        "reporting.export_report(case, Path(sys.argv[2]))"
    )
    asked = [sys.executable, "-c", script, str(case.file.path), str(out)]
    killed = subprocess.run(asked, cwd=ROOT, check=False)
    assert killed.returncode == 9
    assert [path for path in out.iterdir() if not path.name.startswith(".")] == []
    export_report(case, out)
    assert len(contents(out)) == 4, "and what was left of it is gone"
