"""From what a user points at to a case: names, scales, folders that refuse."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from marrowscope.domain.errors import UnreadableInput, UnusableCase
from marrowscope.imaging.slide import Slide
from marrowscope.workflow.opening import open_case, open_stored
from marrowscope.workflow.places import model_folders
from marrowscope.workflow.slide_names import names_apart, slide_names


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("MARROWSCOPE_HOME", str(home))
    return home


def photo(path: Path, *, grey: int = 200) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((40, 60, 3), grey, np.uint8)).save(path)
    return path


def test_a_folder_of_photos_is_a_case_of_the_folders_name(tmp_path: Path) -> None:
    folder = tmp_path / "Müller 12.3"
    photo(folder / "2.png")
    photo(folder / "10.png", grey=100)
    case = open_case([folder])
    assert case.file.name == "Müller 12.3"
    assert [s.path.name for s in case.slides] == ["2.png", "10.png"]
    case.close()


def test_one_photo_is_a_case_of_its_own_name(tmp_path: Path) -> None:
    case = open_case([photo(tmp_path / "smear.png")])
    assert case.file.name == "smear"
    case.close()


@pytest.mark.parametrize("mpp", [0.0, -5.0, 352.9, float("nan")])
def test_a_scale_no_microscope_has_is_refused_before_anything_is_made(
    tmp_path: Path, mpp: float
) -> None:
    made = tmp_path / "case.marrow"
    with pytest.raises(UnreadableInput, match="not a scale"):
        open_case([photo(tmp_path / "smear.png")], case=made, mpp=mpp)
    assert not made.exists()


def test_a_folder_for_cases_that_cannot_be_made_is_said(
    tmp_path: Path, own_home: Path
) -> None:
    own_home.write_text("a file stands in the way")
    with pytest.raises(UnusableCase, match="cannot be used"):
        open_case([photo(tmp_path / "smear.png")])


def test_a_slide_is_met_before_its_case_and_readable_without_one(
    tmp_path: Path, own_home: Path
) -> None:
    own_home.write_text("a file stands in the way")
    path, met = tmp_path / "smear.tif", list[Slide]()
    grey = np.full((600, 600, 3), 200, np.uint8)
    tifffile.imwrite(path, grey, tile=(128, 128), compression="jpeg")
    with pytest.raises(UnusableCase):
        open_case([path, photo(tmp_path / "second.png")], met=met.append)
    (slide,) = met
    assert slide.identity.name == "smear.tif"
    assert abs(int(slide.read(100, 100, 8, 8, level=0).mean()) - 200) < 2


def test_a_case_open_elsewhere_is_called_by_its_slides_name(tmp_path: Path) -> None:
    smear = photo(tmp_path / "smear.png")
    first = open_case([smear])
    with pytest.raises(UnusableCase) as told:
        open_case([smear])
    first.close()
    assert told.value.what == "The case of smear is already open in another window."
    assert "reading only" not in told.value.advice


def test_photos_of_one_file_name_are_called_with_their_folders(tmp_path: Path) -> None:
    folders = [tmp_path / "monday" / "a", tmp_path / "monday" / "b"]
    photos = [photo(f / "106.png", grey=i) for i, f in enumerate(folders)]
    alone = photo(tmp_path / "107.png", grey=9)
    copy, broken = tmp_path / "c" / "106.png", tmp_path / "d" / "106.png"
    for path, content in ((copy, photos[0].read_bytes()), (broken, b"none")):
        path.parent.mkdir()
        path.write_bytes(content)
    with closing(open_case([*photos, alone, copy, broken])) as case:
        names = slide_names(case.file.slides())
        assert list(names.values()) == ["a/106.png", "b/106.png", "107.png"]
        assert case.file.slide_copies() == [(1, "c/106.png")]
        assert [f.error.what.split()[0] for f in case.failures] == ["d/106.png"]


def test_folders_are_named_as_far_up_as_they_differ() -> None:
    named = [("1.png", Path(f"/smears/{day}/photos/1.png")) for day in ("mo", "tu")]
    assert names_apart(named) == ["mo/photos/1.png", "tu/photos/1.png"]


def test_a_case_finds_its_slides_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo(tmp_path / "smear.png")
    monkeypatch.chdir(tmp_path)
    open_case([Path("smear.png")], case=tmp_path / "case.marrow").close()
    monkeypatch.chdir(tmp_path.root)
    with closing(open_stored(tmp_path / "case.marrow")) as case:
        assert [s.path for s in case.slides] == [tmp_path / "smear.png"]


def test_a_models_folder_is_no_case_of_pictures(tmp_path: Path) -> None:
    photo(tmp_path / "ours" / "reliability.png")
    (tmp_path / "ours" / "bundle.toml").write_text("")
    with pytest.raises(UnreadableInput, match="ours is a model") as said:
        open_case([tmp_path / "ours"])
    assert f"Copy the folder to {tmp_path / 'home' / 'models'}" in said.value.advice
    (shipped,) = [f for f in model_folders() if f.is_dir()]
    with pytest.raises(UnreadableInput, match="lee is a model") as said:
        open_case([shipped / "lee"])
    assert said.value.advice == "Choose it under Model > Read with."
    smear = photo(tmp_path / "smear.png", grey=90)
    with closing(open_case([smear, tmp_path / "ours"])) as case:
        assert [opened.path for opened in case.slides] == [smear]
        assert len(case.failures) == 1
