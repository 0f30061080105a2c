"""Build the program without Python: one folder, a portable .tar.gz and a .deb.

Run by `make installer` inside .venv-installer, with PyInstaller. The built program then
draws, reads and reports the demonstration from an empty home, or the build fails.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from installer.debian_package import pack_debian
from marrowscope import __version__

ROOT = Path(__file__).resolve().parents[1]
BUILD, DIST = ROOT / "build", ROOT / "dist"
FOLDER = DIST / "marrowscope"
# Patterns under the folder: what must be there, and what must never come along.
NEEDED = (
    "_internal/marrowscope/_resources/taxonomy.toml",
    "_internal/marrowscope/_resources/fonts/*.ttf",
    "_internal/marrowscope/_resources/fonts/*Arabic*.ttf",
    "_internal/marrowscope/_resources/counting_zone/zones.npz",
    "_internal/marrowscope/_resources/sounds/target.wav",
    "_internal/marrowscope/_models/lee/*.onnx",
    "_internal/**/libopenslide*",
    "_internal/imagecodecs/_jpeg8*",
    "_internal/PySide6/Qt/plugins/platforms/libqoffscreen.so",
    "_internal/PySide6/Qt/plugins/platforms/libqxcb.so",
    "_internal/PySide6/Qt/plugins/platforms/libqwayland.so",
)
FORBIDDEN = ("torch", "torchvision", "pytest", "_pytest", "hypothesis", "PyInstaller")
WRITTEN = (
    *("case.marrow", "report.pdf", "report.html", "cells.csv", "differential.json"),
    *("window.png", "agreement.json"),
)


def freeze() -> None:
    """Make the one-folder program with PyInstaller."""
    spec = ROOT / "installer" / "marrowscope.spec"
    subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=ERROR"),
            *("--distpath", str(DIST), "--workpath", str(BUILD), str(spec)),
        ],
        check=True,
        cwd=ROOT,
    )


def faults(folder: Path) -> list[str]:
    """What the folder lacks, and what it should not have; a line each."""
    lacking = [f"no {p}" for p in NEEDED if not any(folder.glob(p))]
    inside = folder / "_internal"
    unwanted = [f"{n} came along" for n in FORBIDDEN if (inside / n).exists()]
    return lacking + unwanted


def demonstrate(program: Path) -> None:
    """Run the headless demonstration from an empty home and a strange folder."""
    with tempfile.TemporaryDirectory(prefix="Knochenmark 骨髄 ") as temporary:
        home, elsewhere = Path(temporary) / "home", Path(temporary) / "else where"
        home.mkdir()
        elsewhere.mkdir()
        environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        words = [str(program), "demo", "--headless", "--out", "demo"]
        done = subprocess.run(words, check=False, cwd=elsewhere, env=environment)
        if done.returncode:
            sys.exit(f"The built program's demonstration ended with {done.returncode}.")
        out = elsewhere / "demo"
        absent = [name for name in WRITTEN if not (out / name).is_file()]
        if absent:
            sys.exit(f"The built program did not write {', '.join(absent)}.")
        shutil.copytree(out, BUILD / "demo", dirs_exist_ok=True)


def pack_portable(folder: Path) -> Path:
    """The folder as a .tar.gz that runs from anywhere, without installing."""
    name = f"marrowscope-{__version__}-linux-{platform.machine()}"
    path = DIST / f"{name}.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=6) as archive:
        archive.add(folder, arcname=name, filter=_nobodys)
        archive.add(ROOT / "LICENSE", f"{name}/LICENSE", filter=_nobodys)
    return path


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whoever built it, the archive's files belong to root."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def megabytes(path: Path) -> float:
    """Size of a file, or of all files under a folder, links not counted."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(f.lstat().st_size for f in files if not f.is_symlink()) / 1e6


def main() -> None:
    """Build, look inside, try, pack; stop at the first that fails."""
    if not sys.platform.startswith("linux"):
        sys.exit("Here only the Linux packages are built; see installer/README.md.")
    os.chdir(ROOT)
    freeze()
    found = faults(FOLDER)
    if found:
        sys.exit("The built program is not as it should be: " + "; ".join(found))
    demonstrate(FOLDER / "marrowscope")
    made = [FOLDER, pack_portable(FOLDER)]
    if shutil.which("dpkg-deb"):
        made.append(pack_debian(FOLDER, work=BUILD / "debian", out=DIST))
    else:
        print("No .deb: dpkg-deb is not on this system.")
    for path in made:
        print(f"{path.relative_to(ROOT)}  {megabytes(path):.0f} MB")


if __name__ == "__main__":
    main()
