"""What a machine lacks is named before anything is installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from installer import system_libraries
from installer.system_libraries import (
    DRAWING,
    WAYLAND,
    X_DISPLAY,
    missing_packages,
    wanted_libraries,
)
from tests.conftest import ROOT


def test_without_a_display_only_drawing_is_asked_for() -> None:
    assert wanted_libraries({}) == DRAWING


def test_each_display_asks_for_its_own_libraries() -> None:
    assert set(X_DISPLAY) <= set(wanted_libraries({"DISPLAY": ":0"}))
    assert set(WAYLAND) <= set(wanted_libraries({"WAYLAND_DISPLAY": "wayland-0"}))


def test_a_library_that_is_nowhere_is_named_by_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nowhere = {"libnowhere.so.7": "libnowhere7"}
    monkeypatch.setattr(system_libraries, "DRAWING", nowhere)
    assert missing_packages()[-1] == "libnowhere7"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_another_user_gets_one_sentence_with_the_apt_line(tmp_path: Path) -> None:
    # The real script in a process of its own, as a user who may not install.
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 99\n", encoding="utf-8")
    (tmp_path / "apt-get").chmod(0o755)
    code = (
        "import os, sys; os.geteuid = lambda: 1000\n"
        "from installer import system_libraries as s\n"
        "s.DRAWING = {'libnowhere.so.7': 'libnowhere7'}\n"
        "sys.exit(s.main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path)},
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert re.search(r"sudo apt-get install -y .*libnowhere7$", done.stderr.strip())
    assert done.stdout == ""


def test_the_script_runs_with_nothing_but_the_standard_library() -> None:
    code = "import runpy; runpy.run_path('installer/system_libraries.py')"
    words = [sys.executable, "-I", "-S", "-c", code]
    subprocess.run(words, check=True, cwd=ROOT)
