"""Ready-made pictures of one cell: find cell and scale, then name it at true size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box, Pixels
from marrowscope.imaging.calibration import propose_crop_mpp
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.familiarity import strangeness_of
from marrowscope.inference.preprocess import cut_crop
from marrowscope.inference.reader import CellReader, Classifier, Located, Locator

# Median diameter of the cells in the training crops of marrow (12.4) and blood (13.5).
TYPICAL_CELL_UM = 13.0
# Nothing farther from the middle's cell matters; memory stays small at any scale.
FARTHEST_UM = 120.0
ZOOMS = (0.9, 1.0, 1.12)
GIVEN, RED_CELLS, ASSUMED = "given", "red cells", "assumed from the cells' size"


@dataclass(frozen=True, slots=True)
class PictureScale:
    """Microns per pixel of a ready-made picture, and who says so."""

    mpp: float
    source: str


@dataclass(frozen=True, slots=True)
class CropAnswer:
    """The answer about one picture.

    `probabilities` (C,) in the model's order, `fine` (K,) over its finer outputs, None
    for a model without any. `in_range` is False when the scale is
    only assumed, no cell was found in the middle, or the picture looks unlike all that
    the model was trained on.
    """

    class_id: str
    probabilities: NDArray[np.float32]
    grades: NDArray[np.float32]
    in_range: bool
    mpp_used: float
    mpp_source: str
    fine: NDArray[np.float32] | None = None


@runtime_checkable
class NamesPictures(CellReader, Protocol):
    """A reader that also names ready-made pictures of one cell."""

    def classify(self, pixels: Pixels, scale: PictureScale) -> CropAnswer:
        """Name the cell in the middle of a picture (H, W, 3)."""
        ...

    def scale_of(self, pixels: Pixels) -> PictureScale:
        """The scale of a picture that does not tell its own."""
        ...


@runtime_checkable
class OutlinesCells(NamesPictures, Protocol):
    """One that also tells cell and nucleus pixel by pixel."""

    def mask(self, pixels: Pixels) -> NDArray[np.uint8]:
        """0 background, 128 cytoplasm, 255 nucleus, of the picture's own size."""
        ...


@runtime_checkable
class CutsPictures(NamesPictures, Protocol):
    """One that also cuts out of a picture what its classifier sees."""

    def crop_of(self, pixels: Pixels, scale: PictureScale) -> Pixels:
        """The crop (size, size, 3) of the cell in the middle of a picture (H, W, 3)."""
        ...


class ReadyMadeNamer:
    """Names the cell in the middle of pictures whose scale may be unknown.

    `turns_itself`: the classifier looks at a crop from all sides already, so that one
    crop is enough.
    """

    def __init__(
        self,
        bundle: Bundle,
        locator: Locator,
        classifier: Classifier,
        *,
        turns_itself: bool = False,
    ) -> None:
        self._turns_itself = turns_itself
        self._bundle = bundle
        self._locator = locator
        self._classifier = classifier

    def name(self, pixels: Pixels, scale: PictureScale) -> CropAnswer:
        """The answer at true scale, mostly averaged over slightly different crops."""
        sized, cell = self._found(pixels, scale)
        crops = self._crops(sized, _box_of(cell, sized))
        answers = self._classifier.identify(crops)
        mean = np.mean([a.probabilities for a in answers], axis=0)
        finer = [a.fine for a in answers if a.fine is not None]
        return CropAnswer(
            class_id=self._bundle.vocabulary.class_ids[int(mean.argmax())],
            probabilities=mean / mean.sum(),
            grades=np.mean([a.grades for a in answers], axis=0),
            in_range=self._in_range(crops, scale) and cell is not None,
            mpp_used=scale.mpp,
            mpp_source=scale.source,
            fine=np.mean(finer, axis=0) / mean.sum() if finer else None,
        )

    def crop(self, pixels: Pixels, scale: PictureScale) -> Pixels:
        """The crop (size, size, 3) that the classifier would see at true scale."""
        sized, cell = self._found(pixels, scale)
        spec = self._bundle.crop
        return cut_crop(sized, _box_of(cell, sized), mpp=spec.mpp, spec=spec)

    def _found(
        self, pixels: Pixels, scale: PictureScale
    ) -> tuple[Pixels, Located | None]:
        """The picture at the classifier's scale, and the cell in its middle."""
        near = _middle_part(pixels, FARTHEST_UM / scale.mpp)
        sized = _resized(near, scale.mpp / self._bundle.crop.mpp)
        return sized, self._middle_cell(sized)

    def _in_range(self, crops: Sequence[Pixels], scale: PictureScale) -> bool:
        known = self._bundle.familiarity
        unlike = bool((strangeness_of(crops, known) > 1).mean() > 0.5)
        return scale.source != ASSUMED and not unlike

    def scale_of(self, pixels: Pixels) -> PictureScale:
        """The scale after the picture's red cells, else after its middle cell's size.

        The latter takes every cell for one of usual size, so it is good for the median
        of many pictures of one camera, and poor for one.
        """
        proposal = propose_crop_mpp(pixels)
        if proposal is not None:
            return PictureScale(proposal.mpp, RED_CELLS)
        mpp = 2 * TYPICAL_CELL_UM / max(pixels.shape[:2])
        for _ in range(2):
            cell = self._middle_cell(_resized(pixels, mpp / self._bundle.crop.mpp))
            if cell is None:
                break
            size = (cell.box.width * cell.box.height) ** 0.5 * self._bundle.crop.mpp
            mpp *= TYPICAL_CELL_UM / size
        return PictureScale(mpp, ASSUMED)

    def _middle_cell(self, sized: Pixels) -> Located | None:
        middle = np.asarray([sized.shape[1] / 2, sized.shape[0] / 2])
        cells = self._locator.locate([sized])[0]
        inside = [c for c in cells if c.box.contains(*middle)]
        return min(inside or cells, key=lambda c: _distance(c, middle), default=None)

    def _crops(self, sized: Pixels, box: Box) -> list[Pixels]:
        if self._turns_itself:
            spec = self._bundle.crop
            return [cut_crop(sized, box, mpp=spec.mpp, spec=spec)]
        return list(self._variants(sized, box))

    def _variants(self, sized: Pixels, box: Box) -> Iterator[Pixels]:
        spec, (x, y) = self._bundle.crop, box.centre
        for zoom in ZOOMS:
            around = _resized(sized, zoom)
            placed = Box(
                x * zoom - box.width * zoom / 2,
                y * zoom - box.height * zoom / 2,
                box.width * zoom,
                box.height * zoom,
            )
            crop = cut_crop(around, placed, mpp=spec.mpp, spec=spec)
            yield crop
            yield np.ascontiguousarray(crop[:, ::-1])
            yield np.ascontiguousarray(np.rot90(crop))


def _box_of(cell: Located | None, sized: Pixels) -> Box:
    """The cell's box; all of the picture where no cell was found."""
    return cell.box if cell else Box(0, 0, sized.shape[1], sized.shape[0])


def _distance(cell: Located, middle: Sequence[float] | NDArray[np.float64]) -> float:
    x, y = cell.box.centre
    return float(np.hypot(x - middle[0], y - middle[1]))


def _middle_part(pixels: Pixels, side: float) -> Pixels:
    """The middle of a picture, at most about `side` pixels wide and high."""
    height, width = pixels.shape[:2]
    top, left = (max(0, int((length - side) / 2)) for length in (height, width))
    return pixels[top : height - top, left : width - left]


def _resized(pixels: Pixels, scale: float) -> Pixels:
    if abs(scale - 1) < 1e-3:
        return pixels
    size = (
        max(1, round(pixels.shape[1] * scale)),
        max(1, round(pixels.shape[0] * scale)),
    )
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, size, interpolation=way).astype(np.uint8, copy=False)
