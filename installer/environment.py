"""Make, complete or repair one of the project's Python environments.

Run with the system's own Python, so standard library only:

    python3 installer/environment.py FOLDER [EXTRA ...]

Does nothing when the environment already is what pyproject.toml and constraints.txt
ask for. One that was broken off, moved, or made by another Python is made anew; pip
keeps what it downloaded, so that is cheap.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
PINS = ("pyproject.toml", "constraints.txt")
STAMP, BROKEN_OFF = ".complete.json", ".unfinished"
# What would lead pip or the new Python away from the environment.
ASTRAY = (
    *("PIP_CONSTRAINT", "PIP_PREFIX", "PIP_TARGET", "PIP_USER"),
    *("PYTHONHOME", "PYTHONPATH"),
)
Stamp = dict[str, object]


def wanted_stamp(folder: Path, extras: Sequence[str]) -> Stamp:
    """What the environment has to be: where, by which Python, to which pins."""
    pins = b"".join((ROOT / name).read_bytes() for name in PINS)
    return {
        "place": str(folder.absolute()),
        "python": f"{sys.version} {Path(sys.base_prefix).resolve()}",
        "pins": hashlib.sha256(pins).hexdigest(),
        "extras": sorted(extras),
    }


def read_stamp(folder: Path) -> Stamp:
    """What the environment was when last completed; empty when it never was."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_complete(found: Stamp, wanted: Stamp) -> bool:
    """True when nothing has to be done; more extras than asked for do no harm."""
    alike = all(found.get(k) == wanted[k] for k in ("place", "python", "pins"))
    return alike and set(_extras(wanted)) <= set(_extras(found))


def must_start_anew(folder: Path, found: Stamp, wanted: Stamp) -> bool:
    """True when what lies in the folder cannot be built upon."""
    if (folder / BROKEN_OFF).exists():
        return True
    return any(found and found.get(k) != wanted[k] for k in ("place", "python"))


def complete(folder: Path, extras: Sequence[str]) -> None:
    """Bring the environment to its pins. Raises CalledProcessError when pip fails."""
    found, wanted = read_stamp(folder), wanted_stamp(folder, extras)
    if is_complete(found, wanted):
        return
    print(f"Installing Python packages into {folder} (minutes).", flush=True)
    if must_start_anew(folder, found, wanted):
        shutil.rmtree(folder)
    else:
        wanted["extras"] = sorted({*extras, *_extras(found)})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / BROKEN_OFF).touch()
    (folder / STAMP).unlink(missing_ok=True)
    _install(folder, _extras(wanted))
    (folder / STAMP).write_text(json.dumps(wanted, indent=1), encoding="utf-8")
    (folder / BROKEN_OFF).unlink()


def _extras(stamp: Stamp) -> list[str]:
    extras = stamp.get("extras")
    return [str(extra) for extra in extras] if isinstance(extras, list) else []


def _install(folder: Path, extras: Sequence[str]) -> None:
    """The environment itself, the pinned pip, then the package with its extras."""
    clean = {k: v for k, v in os.environ.items() if k not in ASTRAY}
    program = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    python = str(folder.absolute() / program)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pins = ["--constraint", "constraints.txt"]
    package = f".[{','.join(extras)}]" if extras else "."
    for words in (
        [sys.executable, "-m", "venv", str(folder)],
        [*pip, *pins, "--upgrade", "pip"],
        [*pip, *pins, "--build-constraint", "constraints.txt", "--editable", package],
    ):
        subprocess.run(words, check=True, cwd=ROOT, env=clean)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait while another make of this checkout installs."""
    with (ROOT / PINS[0]).open("rb") as file:
        _lock(file)
        yield


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        return
    import fcntl  # noqa: PLC0415 (there is none on Windows)

    # Some network file systems know no locks; installing goes on without.
    with contextlib.suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_EX)


def main(words: Sequence[str]) -> int:
    """0 when the environment is complete, else 2 after one sentence."""
    folder, extras = ROOT / words[0], words[1:]
    try:
        with alone():
            complete(folder, extras)
    except (subprocess.CalledProcessError, OSError) as error:
        why = "see above" if isinstance(error, subprocess.CalledProcessError) else error
        print(
            f"The Python packages could not be installed into {folder} ({why}). "
            "Check the connection to pypi.org and the space on the disk, then run make "
            "again.",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print("Stopped; run make again to finish.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
