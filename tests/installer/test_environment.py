"""An environment is left alone when complete, completed when not, never half done."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from installer import environment
from installer.environment import (
    BROKEN_OFF,
    STAMP,
    Stamp,
    complete,
    is_complete,
    main,
    must_start_anew,
    read_stamp,
    wanted_stamp,
)
from tests.conftest import ROOT


@pytest.fixture
def made(tmp_path: Path) -> Stamp:
    """What an environment with the extra `dev` says of itself."""
    return wanted_stamp(tmp_path / ".venv", ["dev"])


def test_more_extras_than_asked_for_do_no_harm(tmp_path: Path, made: Stamp) -> None:
    assert is_complete(made, wanted_stamp(tmp_path / ".venv", []))
    assert not is_complete(made, wanted_stamp(tmp_path / ".venv", ["installer"]))


def test_changed_pins_are_installed_into_what_there_is(
    tmp_path: Path, made: Stamp
) -> None:
    older = {**made, "pins": "another"}
    assert not is_complete(older, made)
    assert not must_start_anew(tmp_path, older, made)


@pytest.mark.parametrize("what", ["place", "python"])
def test_a_moved_checkout_or_another_python_starts_anew(
    tmp_path: Path, made: Stamp, what: str
) -> None:
    assert must_start_anew(tmp_path, {**made, what: "another"}, made)


def test_a_broken_off_set_up_starts_anew(tmp_path: Path, made: Stamp) -> None:
    (tmp_path / BROKEN_OFF).touch()
    assert must_start_anew(tmp_path, {}, made)


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "\x00"])
def test_a_spoilt_stamp_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / STAMP).write_text(text, encoding="utf-8")
    assert read_stamp(tmp_path) == {}


def test_a_complete_environment_is_not_touched(
    tmp_path: Path, made: Stamp, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / ".venv"
    folder.mkdir()
    (folder / STAMP).write_text(json.dumps(made), encoding="utf-8")
    complete(folder, ["dev"])
    assert [p.name for p in folder.iterdir()] == [STAMP]
    assert capsys.readouterr().out == ""


def test_a_failure_is_one_sentence_and_leaves_its_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in environment.PINS:
        (tmp_path / name).touch()
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no python"))
    assert main([".venv"]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert (tmp_path / ".venv" / BROKEN_OFF).is_file()
    assert not (tmp_path / ".venv" / STAMP).exists()


def test_the_script_runs_with_nothing_but_the_standard_library() -> None:
    code = "import runpy; runpy.run_path('installer/environment.py')"
    words = [sys.executable, "-I", "-S", "-c", code]
    subprocess.run(words, check=True, cwd=ROOT)
