"""What every command says to a terminal: sentences, a progress bar, JSON alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from marrowscope.domain.errors import MarrowScopeError

UNUSABLE, PARTLY = 2, 3
# Progress and sentences go to stderr: stdout is for results a program may read.
console = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """One sentence for the user."""
    console.print(text, markup=False)


def fail(error: MarrowScopeError) -> NoReturn:
    """Say what is wrong and what to do, and leave with exit code 2."""
    say(str(error))
    sys.exit(UNUSABLE)


def make_folder(out: Path) -> None:
    """Make the folder results are wanted in. Raises MarrowScopeError when it cannot."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MarrowScopeError(
            f"The folder {out} cannot be made ({error.strerror}).",
            "Choose another folder with --out.",
        ) from error


def print_json(answer: Any) -> None:
    """Results as JSON, alone on stdout."""
    if is_dataclass(answer) and not isinstance(answer, type):
        answer = asdict(answer)
    json.dump(answer, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


@contextmanager
def progress(words: str) -> Iterator[Progress]:
    """A bar with rate and time left, on a terminal only."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        bar.add_task(words, total=None, note="")
        yield bar
