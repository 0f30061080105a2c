"""What goes into the packages: the .deb's own files, and what a folder must hold."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import tarfile
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from installer import build
from installer.debian_package import control, depends, pack_debian
from installer.system_libraries import DRAWING
from marrowscope import __version__
from tests.conftest import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder like the built program's, as small as may be."""
    program = tmp_path / "marrowscope"
    program.mkdir()
    (program / "marrowscope").write_text("#!/bin/sh\necho it runs\n", encoding="utf-8")
    (program / "marrowscope").chmod(0o755)
    return program


def test_the_control_file_names_what_drawing_needs() -> None:
    text = control(512, "amd64")
    assert f"\nVersion: {__version__}\n" in text
    assert all(package in depends() for package in DRAWING.values())
    # A line that is neither a field nor indented would end the paragraph.
    assert all(re.match(r"[A-Z][\w-]*: \S| \S", line) for line in text.splitlines())
    assert text.endswith("\n")


def test_the_libraries_renamed_since_count_under_both_names() -> None:
    assert "libglib2.0-0 | libglib2.0-0t64" in depends()


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="no dpkg-deb here")
def test_the_unpacked_deb_runs_and_has_its_place_in_the_menu(
    folder: Path, tmp_path: Path
) -> None:
    deb = pack_debian(folder, work=tmp_path / "work", out=tmp_path)
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "-x", str(deb), str(root)], check=True)
    told = subprocess.run(
        [root / "usr/bin/marrowscope"], capture_output=True, text=True, check=True
    )
    assert told.stdout == "it runs\n"
    for name in (
        "usr/share/applications/marrowscope.desktop",
        "usr/share/icons/hicolor/scalable/apps/marrowscope.svg",
        "usr/share/icons/hicolor/512x512/apps/marrowscope.png",
        "usr/share/mime/packages/marrowscope.xml",
        "usr/share/doc/marrowscope/copyright",
    ):
        assert (root / name).stat().st_size > 0


def test_the_portable_archive_unpacks_into_one_folder_of_nobodys(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "DIST", tmp_path)
    with tarfile.open(build.pack_portable(folder)) as archive:
        members = archive.getmembers()
    assert len({m.name.split("/")[0] for m in members}) == 1
    assert {m.uname for m in members} == {"root"}
    assert any(m.name.endswith("/marrowscope") and m.mode & 0o111 for m in members)


def test_a_folder_with_torch_or_without_models_is_refused(folder: Path) -> None:
    (folder / "_internal" / "torch").mkdir(parents=True)
    found = build.faults(folder)
    assert "torch came along" in found
    assert any("_models/lee" in fault for fault in found)


def test_the_desktop_entry_opens_what_the_mime_type_declares() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(ROOT / "installer" / "marrowscope.desktop", encoding="utf-8")
    types = entry["Desktop Entry"]["MimeType"].split(";")
    mime = ElementTree.parse(ROOT / "installer" / "marrowscope-mime.xml").getroot()
    declared = [node.get("type") for node in mime]
    assert set(declared) <= set(types)
    assert entry["Desktop Entry"]["Exec"] == "marrowscope %F"


def test_everything_that_is_installed_is_pinned() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in text.splitlines()
        if "==" in line
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], "pip"]
    for extra in project["project"]["optional-dependencies"].values():
        asked += extra
    # macOS takes onnxruntime where the others take onnxruntime-gpu.
    linux = [line for line in asked if "sys_platform == 'darwin'" not in line]
    names = {re.split(r"[<>=; ]", line)[0].lower() for line in linux}
    assert names - pinned == set()
