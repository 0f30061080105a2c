"""The .deb: the built folder under /opt, with command, desktop entry and icon."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from installer.system_libraries import DRAWING, WAYLAND, X_DISPLAY
from marrowscope import __version__

ROOT = Path(__file__).resolve().parents[1]
DESCRIPTION = """\
reads bone marrow smears
 Finds, names and counts nucleated cells on scanned smears and field photos,
 and says how sure each percentage is. For research use only.
"""
# The folder carries the small X libraries itself; these it takes from the system.
CARRIED = ("libxcb-", "libxkbcommon-x11")


def depends() -> str:
    """The control file's Depends; a package since renamed counts under both names."""
    # The C library it was built with, or a newer one: "glibc 2.36".
    glibc = (os.confstr("CS_GNU_LIBC_VERSION") or "glibc 2.36").split()[1]
    packages = {**DRAWING, **X_DISPLAY, **WAYLAND}.values()
    own = [name for name in packages if not name.startswith(CARRIED)]
    return ", ".join(
        f"{name} | {name}t64" if name == "libglib2.0-0" else name
        for name in (f"libc6 (>= {glibc})", "libstdc++6", "libxcb1", *own)
    )


def control(kilobytes: int, architecture: str) -> str:
    """The text of DEBIAN/control."""
    return (
        "Package: marrowscope\n"
        f"Version: {__version__}\n"
        "Section: science\n"
        "Priority: optional\n"
        f"Architecture: {architecture}\n"
        f"Installed-Size: {kilobytes}\n"
        f"Depends: {depends()}\n"
        "Recommends: xdg-utils\n"
        # Patients' and files' names come in every script.
        "Suggests: fonts-noto-core, fonts-noto-cjk\n"
        "Maintainer: The MarrowScope developers <marrowscope@localhost>\n"
        f"Description: {DESCRIPTION}"
    )


def pack_debian(folder: Path, *, work: Path, out: Path) -> Path:
    """Lay the tree out in `work` and pack it; returns the .deb's path in `out`."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work / "opt" / "marrowscope", symlinks=True)
    share = "usr/share"
    _place(work, "installer/marrowscope.desktop", f"{share}/applications")
    mime = "installer/marrowscope-mime.xml"
    _place(work, mime, f"{share}/mime/packages", name="marrowscope.xml")
    icons = f"{share}/icons/hicolor"
    _place(work, "resources/icons/marrowscope.svg", f"{icons}/scalable/apps")
    _place(work, "resources/icons/marrowscope.png", f"{icons}/512x512/apps")
    _place(work, "LICENSE", f"{share}/doc/marrowscope", name="copyright")
    (work / "usr" / "bin").mkdir(parents=True)
    # Relative, so that it also holds in a system mounted elsewhere.
    link = work / "usr" / "bin" / "marrowscope"
    link.symlink_to("../../opt/marrowscope/marrowscope")
    architecture = _told("dpkg", "--print-architecture")
    text = control(_kilobytes(work), architecture)
    (work / "DEBIAN").mkdir()
    (work / "DEBIAN" / "control").write_text(text, encoding="utf-8")
    path = out / f"marrowscope_{__version__}_{architecture}.deb"
    # Every system with so new a C library reads zstd; xz takes six times as long.
    words = ["--root-owner-group", "-Zzstd", "-z10", "--build", str(work), str(path)]
    subprocess.run(["dpkg-deb", *words], check=True, stdout=subprocess.DEVNULL)
    return path


def _place(tree: Path, source: str, folder: str, *, name: str = "") -> None:
    (tree / folder).mkdir(parents=True, exist_ok=True)
    to = tree / folder / (name or Path(source).name)
    shutil.copyfile(ROOT / source, to)
    to.chmod(0o644)


def _kilobytes(tree: Path) -> int:
    return sum(f.lstat().st_size for f in tree.rglob("*") if f.is_file()) // 1024


def _told(*words: str) -> str:
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return done.stdout.strip()
