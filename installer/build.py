"""Build the program without Python: one folder, a portable .tar.gz and a .deb.

Run by `make installer` inside .venv, with PyInstaller. Then the built program draws,
reads and reports the demonstration from an empty home directory, or the build fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from marrowscope import __version__

ROOT = Path(__file__).resolve().parents[1]
BUILD, DIST = ROOT / "build", ROOT / "dist"
FOLDER = DIST / "marrowscope"
ARCHITECTURE = "amd64"
# What Qt and OpenSlide expect of a Debian desktop; everything else is in the folder.
DEPENDS = (
    "libegl1, libgl1, libxkbcommon0, libfontconfig1, libdbus-1-3, libxcb-cursor0, "
    "libxkbcommon-x11-0, libxcb-icccm4, libxcb-keysyms1, libxcb-shape0, "
    "libxcb-image0, libxcb-render-util0"
)


def freeze() -> None:
    """Make the one-folder program with PyInstaller."""
    spec = ROOT / "installer" / "marrowscope.spec"
    subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"),
            *("--distpath", str(DIST), "--workpath", str(BUILD), str(spec)),
        ],
        check=True,
        cwd=ROOT,
    )


def demonstrate() -> None:
    """Run the headless demonstration from an empty home directory."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        out = Path(home) / "demo"
        program = [str(FOLDER / "marrowscope"), "demo", "--headless", "--out", str(out)]
        subprocess.run(program, check=True, cwd=home, env=environment)
        wanted = ("report.pdf", "window.png", "case.marrow", "cells.csv")
        absent = [name for name in wanted if not (out / name).is_file()]
        if absent:
            sys.exit(f"The built program did not write {', '.join(absent)}.")


def pack_portable() -> Path:
    """The folder as a .tar.gz that runs from anywhere, without installing."""
    path = DIST / f"marrowscope-{__version__}-linux-x86_64.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=6) as archive:
        archive.add(FOLDER, arcname=f"marrowscope-{__version__}")
    return path


def pack_debian() -> Path:
    """A .deb that puts the folder under /opt, with desktop file and icon."""
    tree = BUILD / "debian"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(FOLDER, tree / "opt" / "marrowscope", symlinks=True)
    _place(tree, "installer/marrowscope.desktop", "usr/share/applications")
    _place(
        tree, "resources/icons/marrowscope.svg", "usr/share/icons/hicolor/scalable/apps"
    )
    _place(tree, "LICENSE", "usr/share/doc/marrowscope")
    (tree / "usr" / "bin").mkdir(parents=True)
    (tree / "usr" / "bin" / "marrowscope").symlink_to("/opt/marrowscope/marrowscope")
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(_control(tree), encoding="utf-8")
    path = DIST / f"marrowscope_{__version__}_{ARCHITECTURE}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(path)],
        check=True,
    )
    return path


def _place(tree: Path, source: str, folder: str) -> None:
    (tree / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / source, tree / folder)


def _control(tree: Path) -> str:
    size = sum(f.lstat().st_size for f in tree.rglob("*") if not f.is_dir()) // 1024
    return (
        "Package: marrowscope\n"
        f"Version: {__version__}\n"
        "Section: science\n"
        "Priority: optional\n"
        f"Architecture: {ARCHITECTURE}\n"
        f"Installed-Size: {size}\n"
        f"Depends: {DEPENDS}\n"
        "Maintainer: The MarrowScope developers <marrowscope@localhost>\n"
        "Description: reads bone marrow smears\n"
        " Finds, names and counts nucleated cells on scanned smears and field photos,\n"
        " and says how sure each percentage is. For research use only.\n"
    )


def main() -> None:
    if not sys.platform.startswith("linux"):
        sys.exit("Here only the Linux packages are built; see installer/README.md.")
    os.chdir(ROOT)
    freeze()
    demonstrate()
    for path in (pack_portable(), pack_debian()):
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
