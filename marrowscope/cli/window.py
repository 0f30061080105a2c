"""The one door from the command line to the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from marrowscope.cli.console import fail
from marrowscope.domain.errors import MarrowScopeError


def show(inputs: Sequence[Path], *, start: bool = False) -> int:
    """Open the window; `start` begins to read at once. Returns the exit code."""
    return _app().run(list(inputs), start=start)


def picture(inputs: Sequence[Path], out: Path) -> None:
    """Save a picture (PNG) of the real window on these inputs, without a display."""
    _app().picture(list(inputs), out)


def _app():  # noqa: ANN202
    try:
        from marrowscope.gui import app  # noqa: PLC0415
    except ImportError as error:
        fail(
            MarrowScopeError(
                f"The window cannot start: {error}.",
                "Install the missing library (on Debian: apt-get install -y libegl1 "
                "libgl1 libx11-6 libxkbcommon0 libfontconfig1 libdbus-1-3 "
                "libglib2.0-0 libxcb-cursor0).",
            )
        )
    return app
