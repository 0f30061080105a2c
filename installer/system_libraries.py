"""Check, before anything is installed, the few things pip cannot bring.

Run by make with the system's own Python, so standard library only. Names what is
missing in one sentence with the exact apt-get line, and as root installs it.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys

MINIMUM = (3, 11)
# What Qt loads to draw at all, and what it needs on an X display besides.
DRAWING = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
DISPLAY = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
}


def loads(library: str) -> bool:
    """True when the dynamic linker finds the library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages() -> list[str]:
    """Debian packages to install, in a stable order."""
    if not sys.platform.startswith("linux"):
        return []
    on_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    wanted = {**DRAWING, **(DISPLAY if on_screen else {})}
    missing = [package for name, package in wanted.items() if not loads(name)]
    if not importlib.util.find_spec("ensurepip"):
        missing.append("python3-venv")
    return missing


def main() -> int:
    if sys.version_info < MINIMUM:
        found = ".".join(map(str, sys.version_info[:3]))
        print(
            f"MarrowScope needs Python 3.11 or newer, and this is {found}. "
            "Install a newer one and say: make PYTHON=python3.12 run",
            file=sys.stderr,
        )
        return 2
    packages = missing_packages()
    if not packages:
        return 0
    return _install(packages)


def _install(packages: list[str]) -> int:
    line = f"apt-get install -y {' '.join(packages)}"
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not root or not shutil.which("apt-get"):
        print(
            f"System libraries are missing ({', '.join(packages)}). "
            f"Install them with: sudo {line}",
            file=sys.stderr,
        )
        return 2
    print(f"System libraries are missing; installing them with: {line}", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run([*line.split(), "-qq"], check=False, env=environment)
    still = missing_packages()
    if still:
        print(f"Still missing: {', '.join(still)}.", file=sys.stderr)
        return done.returncode or 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
