"""The report of a stored case, written again from wherever the case lies."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.store.case_file import CaseFile
from tests.cli.program import run
from tests.inference.tiny_bundle import tiny_bundle


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case read off one photo, with its report not yet written again."""
    tiny_bundle(tmp_path / "marrowscope home" / "models")
    pixels = np.full((400, 500, 3), 230, np.uint8)
    cv2.circle(pixels, (200, 200), 40, (120, 40, 75), -1)
    assert cv2.imwrite(str(tmp_path / "photo.png"), pixels)
    out = tmp_path / "out"
    done = run("analyse", tmp_path / "photo.png", "--out", out, home=tmp_path)
    assert done.returncode == 0, done.stderr
    return out / "case.marrow"


def test_a_case_open_in_a_window_still_gives_its_report(
    case: Path, tmp_path: Path
) -> None:
    with CaseFile.open(case):
        done = run("report", case, "--out", tmp_path / "new" / "again", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new" / "again" / "report.pdf").stat().st_size > 0


def test_a_slide_that_is_gone_is_named_and_the_report_written_all_the_same(
    case: Path, tmp_path: Path
) -> None:
    (tmp_path / "photo.png").unlink()
    done = run("report", case, "--out", tmp_path / "again", home=tmp_path)
    assert done.returncode == 3, done.stderr
    assert "photo.png is not there" in done.stderr
    first = (case.parent / "cells.csv").read_text("utf-8")
    assert (tmp_path / "again" / "cells.csv").read_text("utf-8") == first


def test_a_picture_is_not_taken_for_a_case(case: Path, tmp_path: Path) -> None:
    shutil.rmtree(case.parent)
    done = run("report", tmp_path / "photo.png", home=tmp_path)
    assert done.returncode == 2
    assert "photo.png is not a MarrowScope case" in done.stderr
