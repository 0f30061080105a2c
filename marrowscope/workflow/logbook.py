"""The log: the full story of a failure, without a patient's name.

File names and folders often hold names or numbers of patients, so messages name slides
by their number in the case or by content, and records passing through here have paths
of the user's files taken out.
"""

from __future__ import annotations

import logging
import re
from logging.handlers import RotatingFileHandler
from types import TracebackType

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.workflow import places

SAID = "(said to the user)"
_Raised = (
    tuple[type[BaseException], BaseException, TracebackType | None]
    | tuple[None, None, None]
)
_QUOTED_FILE = re.compile(
    r"""(['"“])[^'"“”\n]*\.(?:svs|tiff?|ndpi|mrxs|scn|bif|dcm|png|jpe?g|bmp|webp|marrow)\1?""",
    re.IGNORECASE,
)
_PATH = re.compile(r"(?:/|[A-Za-z]:\\)(?:[^\s'\"“”:]+[/\\])+[^\s'\"“”:,]+")


class WithoutNames(logging.Formatter):
    """Formats a record and replaces paths and file names of the user by "<file>".

    Sentences meant for the user name the file they are about, so an exception's own
    words are left out wherever they are ours; where it happened stays.
    """

    def format(self, record: logging.LogRecord) -> str:
        return strip_names(super().format(record))

    def formatException(self, ei: _Raised) -> str:
        text, error = super().formatException(ei), ei[1]
        while error is not None:
            if isinstance(error, MarrowScopeError):
                text = text.replace(str(error), SAID)
            error = error.__cause__ or error.__context__
        return text


def strip_names(text: str) -> str:
    """The text without paths and quoted file names; our own code's paths stay."""
    text = _QUOTED_FILE.sub("<file>", text)
    return _PATH.sub(_keep_own, text)


def _keep_own(match: re.Match[str]) -> str:
    path = match.group()
    own = "marrowscope" in path and path.endswith(".py")
    return path if own or "site-packages" in path else "<file>"


def start_log(*, level: int = logging.INFO) -> None:
    """Write to the log file from now on; without a writable folder, to nothing."""
    root = logging.getLogger()
    root.setLevel(level)
    try:
        places.log_file().parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            places.log_file(), maxBytes=2_000_000, backupCount=3, encoding="utf-8"
        )
    except OSError:
        root.addHandler(logging.NullHandler())
        return
    handler.setFormatter(
        WithoutNames("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    root.addHandler(handler)
