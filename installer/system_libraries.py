"""Check, before anything is installed, the few things pip cannot bring.

Run by make with the system's own Python, so standard library only. Names what is
missing in one sentence with the exact apt-get line, and as root installs it.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

MINIMUM = (3, 11)
# From `ldd` of PySide6's libQt6Gui, libQt6Svg, libqoffscreen, libqxcb and libqwayland:
# what is neither in its wheel nor on every Debian system. Packages renamed since (such
# as libglib2.0-0t64) still answer to these names.
DRAWING = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
X_DISPLAY = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def loads(library: str) -> bool:
    """True when the dynamic linker finds the library."""
    # Late, because Debian's smallest Python has no ctypes (python3 is then missing).
    import ctypes  # noqa: PLC0415

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def wanted_libraries(environment: Mapping[str, str]) -> dict[str, str]:
    """Library names and their Debian packages, for the display there is."""
    wanted = dict(DRAWING)
    if environment.get("DISPLAY"):
        wanted |= X_DISPLAY
    if environment.get("WAYLAND_DISPLAY"):
        wanted |= WAYLAND
    return wanted


def missing_packages() -> list[str]:
    """Debian packages to install, in a stable order."""
    if not sys.platform.startswith("linux"):
        return []
    importlib.invalidate_caches()
    if not importlib.util.find_spec("ctypes"):
        return ["python3", "python3-venv", *wanted_libraries(os.environ).values()]
    wanted = wanted_libraries(os.environ)
    missing = [package for name, package in wanted.items() if not loads(name)]
    if not importlib.util.find_spec("ensurepip"):
        missing.insert(0, venv_package())
    return missing


def venv_package() -> str:
    """`python3-venv` for the system's own Python, `python3.13-venv` for another."""
    usual = Path("/usr/bin/python3").resolve()
    running = Path(sys.executable).resolve()
    if running == usual:
        return "python3-venv"
    return f"python3.{sys.version_info.minor}-venv"


def main() -> int:
    """0 when all is there or was installed, else 2 after one sentence."""
    if sys.version_info < MINIMUM:
        found = ".".join(map(str, sys.version_info[:3]))
        return _stop(
            f"MarrowScope needs Python 3.11 or newer, and {sys.executable} is {found}. "
            "Install a newer one and name it: make PYTHON=python3.12 run"
        )
    packages = missing_packages()
    return _install(packages) if packages else 0


def _install(packages: list[str]) -> int:
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not shutil.which("apt-get"):
        return _stop(
            "System packages are missing that Debian and Ubuntu call "
            f"{', '.join(packages)}. Install what your system calls them, then run "
            "make again."
        )
    if not root:
        return _stop(
            f"System packages are missing ({', '.join(packages)}). "
            f"Install them with: sudo apt-get update && sudo {line}"
        )
    print(f"System packages are missing; installing them with: {line}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in ("apt-get update -qq", f"{line} -qq"):
        # Its errors are shown, its "Setting up" of each package is not.
        quiet = subprocess.DEVNULL
        subprocess.run(words.split(), check=False, env=environment, stdout=quiet)
    still = missing_packages()
    if still:
        return _stop(
            f"System packages are still missing ({', '.join(still)}). See above what "
            f"apt-get said, then try: apt-get update && {line}"
        )
    return 0


def _stop(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
