"""Runs the real program in a process of its own, with a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run(
    *words: str | Path, home: Path, timeout: float = 240
) -> subprocess.CompletedProcess[str]:
    """`marrowscope WORDS`, its output as text; the exit code is not checked."""
    environment = {
        **os.environ,
        "MARROWSCOPE_HOME": str(home / "marrowscope home"),
        "QT_QPA_PLATFORM": "offscreen",
        "COLUMNS": "200",
    }
    return subprocess.run(
        [sys.executable, "-m", "marrowscope.cli.main", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=timeout,
    )
