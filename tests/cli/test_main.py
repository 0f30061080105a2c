"""The program as a terminal sees it: words, exit codes, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from marrowscope import __version__
from marrowscope.cli.models import as_words
from marrowscope.cli.phantom import parse_dysplasia
from marrowscope.domain.errors import MarrowScopeError
from tests.cli.program import run


def test_it_says_its_version(tmp_path: Path) -> None:
    done = run("--version", home=tmp_path)
    assert done.returncode == 0
    assert __version__ in done.stdout


def test_help_names_every_command(tmp_path: Path) -> None:
    done = run("--help", home=tmp_path)
    for word in ("analyse", "report", "models", "phantom", "classify", "evaluate"):
        assert word in done.stdout


def test_an_unknown_word_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    done = run("analyze-everything", home=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_slide_that_is_not_there_is_said_and_not_taken_for_a_command(
    tmp_path: Path,
) -> None:
    done = run(tmp_path / "gone.tif", home=tmp_path)
    assert done.returncode == 2
    assert "neither a command nor a file or folder that is there" in done.stderr


def test_usage_names_the_program_as_it_is_typed(tmp_path: Path) -> None:
    done = run("analyse", home=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: marrowscope analyse ")


def test_models_are_listed_in_words() -> None:
    model = {"name": "lee", "version": "1.0", "family": "lee", "sha256": "ab12"}
    assert as_words({**model, "classes": ["EN", "GN"]}).splitlines() == [
        "lee 1.0 (family lee)",
        "  classes  EN GN",
        "  SHA-256  ab12",
    ]
    assert as_words({"name": "lee", "error": "It is gone."}) == "lee: It is gone."


def test_a_drawn_smear_has_its_truth_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "Knochenmark ü.tif"
    size = ("--width", "700", "--height", "500", "--cells", "6", "--seed", "3")
    done = run("phantom", out, *size, home=tmp_path)
    assert done.returncode == 0, done.stderr
    truth = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert len(truth["cells"]) == 6
    assert truth["mpp"] == 0.25


def test_a_dysplasia_nobody_can_understand_is_said(tmp_path: Path) -> None:
    done = run("phantom", tmp_path / "a.tif", "--dysplasia", "much", home=tmp_path)
    assert done.returncode == 2
    assert "e=0.12" in done.stderr
    assert "Traceback" not in done.stderr


def test_shares_are_read_from_their_letters() -> None:
    assert parse_dysplasia("e=0.2, m=0.5") == {"e": 0.2, "m": 0.5}
    with pytest.raises(MarrowScopeError):
        parse_dysplasia("e:0.2")


def test_commands_start_without_the_windows_library(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['PySide6'] = None\n"
        "from marrowscope.cli.main import cli, COMMANDS\n"
        "[cli.get_command(None, c) for c in COMMANDS]"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr


def test_a_laboratory_writes_edits_and_removes_its_definitions(tmp_path: Path) -> None:
    assert run("definitions", "--edit", home=tmp_path).returncode == 0
    file = next(tmp_path.rglob("definitions.toml"))
    text = file.read_text("utf-8")
    file.write_text(text.replace('"all_nucleated"\n', '"non_erythroid"\n'), "utf-8")
    assert "erythroblasts left out" in run("definitions", home=tmp_path).stdout
    file.write_text(text.replace('["blast"]', '["blasst"]'), "utf-8")
    wrong = run("definitions", home=tmp_path)
    assert wrong.returncode == 2
    assert "does not know 'blasst'" in wrong.stderr
    assert "all nucleated" in run("definitions", "--restore", home=tmp_path).stdout
