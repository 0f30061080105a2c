"""The log tells the whole story but never a patient's name."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from marrowscope.workflow import places
from marrowscope.workflow.logbook import start_log, strip_names


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARROWSCOPE_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "cannot read /home/lab/Mueller Anna/smear.svs",
        "FileNotFoundError: [Errno 2] No such file: '/data/Mueller_1950.svs'",
        r"C:\Users\lab\Mueller\smear.ndpi is gone",
        "could not open “Mueller, Anna 1950.tiff”",
    ],
)
def test_names_of_slides_and_folders_are_taken_out(text: str) -> None:
    assert "Mueller" not in strip_names(text)


def test_the_programs_own_places_in_a_traceback_stay() -> None:
    text = 'File "/opt/marrowscope/domain/cells.py", line 3'
    assert strip_names(text) == text


def test_the_log_is_written_without_names(own_home: Path) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        start_log()
        logging.getLogger("marrowscope.test").warning("gone: /x/Mueller/a.svs")
    finally:
        for handler in set(root.handlers) - set(before):
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
    text = places.log_file().read_text(encoding="utf-8")
    assert "gone: <file>" in text
    assert "Mueller" not in text
