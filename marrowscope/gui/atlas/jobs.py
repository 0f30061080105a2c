"""What workers do for the atlas: open it, build it, compare a cell with its cells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from marrowscope.domain.geometry import Box
from marrowscope.gui.jobs import Progress
from marrowscope.imaging.slide import Slide
from marrowscope.inference.atlas import Alike, Atlas, Comparison, small_picture
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.crop_features import CropFeatures
from marrowscope.workflow.atlases import build_atlas, open_atlas
from marrowscope.workflow.cell_pictures import cell_picture

ONE_THREAD = 1  # a cell at a time: more would take cores from the run


@dataclass(frozen=True, slots=True, eq=False)
class OpenedAtlas:
    """An atlas ready to compare with. `usual`: see `Atlas.usual`."""

    atlas: Atlas
    features: CropFeatures
    usual: float
    crop_size: int


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """An atlas by name, for the features of a model."""

    name: str
    bundle: Bundle


def opened_atlas(request: OpenRequest, progress: Progress) -> OpenedAtlas:
    """Raises MarrowScopeError when the atlas cannot be used with this model."""
    atlas = open_atlas(request.name, request.bundle)
    features = CropFeatures(request.bundle, threads=ONE_THREAD)
    return OpenedAtlas(atlas, features, atlas.usual(), request.bundle.crop.size)


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """A cell by id; its box in level-0 pixels, `mpp` microns per such pixel."""

    opened: OpenedAtlas
    cell: int
    slide: Slide
    box: Box
    mpp: float


@dataclass(frozen=True, slots=True)
class Compared:
    """What an atlas shows beside a cell; a picture for each of the nearest."""

    cell: int
    atlas: str
    comparison: Comparison
    pictures: tuple[QImage, ...]


def compared(request: CompareRequest, progress: Progress) -> Compared:
    """Compare by the slide's untouched pixels. Raises UnreadableRegion."""
    opened = request.opened
    crop = cell_picture(request.slide, request.box, request.mpp, opened.crop_size)
    features = opened.features.of([crop])[0]
    found = opened.atlas.compare(features, usual=opened.usual, own=small_picture(crop))
    pictures = tuple(_image(one) for one in found.nearest)
    return Compared(request.cell, opened.atlas.name, found, pictures)


def _image(one: Alike) -> QImage:
    return QImage.fromData(one.picture)


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What an atlas shall be made of, and by whose features."""

    name: str
    inputs: tuple[Path, ...]
    model: str


def built_atlas(request: BuildRequest, progress: Progress) -> str:
    """Build it, telling (cells done, cells to do); its name."""
    build_atlas(
        request.name,
        request.inputs,
        model=request.model,
        token=progress.token,
        tell=lambda done, of: progress.report((done, of)),
    )
    return request.name
