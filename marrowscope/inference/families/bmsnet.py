"""Wu et al. 2020: one network boxes the cells of a field and names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from marrowscope.domain.cells import Finding
from marrowscope.domain.errors import UnusableModel
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import DeviceUse
from marrowscope.imaging.calibration import propose_crop_mpp
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.familiarity import strangeness_of
from marrowscope.inference.one_stage import (
    NO_GRADES,
    Naming,
    OneStage,
    RawAnswer,
    finding_of,
)
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.preprocess import cut_crop
from marrowscope.inference.reader import FieldSpec
from marrowscope.inference.reads_as_bundled import ReadsAsBundled
from marrowscope.inference.ready_made import (
    ASSUMED,
    RED_CELLS,
    TYPICAL_CELL_UM,
    CropAnswer,
    PictureScale,
)

PROBE = (3, 256, 256)
# Nothing farther from the middle's cell matters; memory stays small at any scale.
FARTHEST_UM = 120.0
BEYOND_UM = 3.0  # how far from the middle the box of the middle's cell may lie


class BMSNetReader(ReadsAsBundled):
    """Implements CellReader itself: one network does both."""

    def __init__(self, bundle: Bundle, network: OneStage, *, device: DeviceUse) -> None:
        super().__init__(bundle, device=device)
        self._network = network
        self.spec: FieldSpec = bundle.field

    def read(self, fields: Sequence[Pixels]) -> list[list[Finding]]:
        """One list of findings per field, in field pixels, whatever their score."""
        return [self._seen(pixels) for pixels in fields]

    def look(self, pixels: Pixels) -> RawAnswer:
        """All the network says of a field, before boxes of one cell are merged."""
        return self._network.raw(pixels)

    def _seen(self, pixels: Pixels) -> list[Finding]:
        """The findings of one field, each with how unlike the training it looks."""
        found, bundle = self._network.find(pixels), self._bundle
        crops = [
            cut_crop(pixels, f.box, mpp=self.spec.mpp, spec=bundle.crop) for f in found
        ]
        strange = strangeness_of(crops, bundle.familiarity).tolist()
        return [replace(f, strangeness=s) for f, s in zip(found, strange, strict=True)]

    def classify(self, pixels: Pixels, scale: PictureScale) -> CropAnswer:
        """Name the cell in the middle of a ready-made picture (H, W, 3)."""
        sized = _at_scale(pixels, scale.mpp / self.spec.mpp, self.spec.mpp)
        raw = self._network.raw(sized)
        row = self._middle_row(raw, sized)
        chances = raw.classes[row] / raw.classes[row].sum()
        sure = raw.object[row] >= self.min_score and scale.source != ASSUMED
        return CropAnswer(
            class_id=self.classes[int(chances.argmax())],
            probabilities=chances,
            grades=NO_GRADES,
            in_range=bool(sure),
            mpp_used=scale.mpp,
            mpp_source=scale.source,
        )

    def scale_of(self, pixels: Pixels) -> PictureScale:
        """The scale after red cells, else after the size of the middle cell."""
        proposal = propose_crop_mpp(pixels)
        if proposal is not None:
            return PictureScale(proposal.mpp, RED_CELLS)
        mpp = 2 * TYPICAL_CELL_UM / max(pixels.shape[:2])
        for _ in range(2):
            sized = _at_scale(pixels, mpp / self.spec.mpp, self.spec.mpp)
            raw = self._network.raw(sized)
            found = finding_of(raw, self._middle_row(raw, sized), sized.shape)
            if found is None:
                break
            size = (found.box.width * found.box.height) ** 0.5 * self.spec.mpp
            mpp *= float(np.clip(TYPICAL_CELL_UM / size, 0.25, 4.0))
        return PictureScale(mpp, ASSUMED)

    def _middle_row(self, raw: RawAnswer, sized: Pixels) -> int:
        """The surest box over the picture's middle, or near it."""
        middle = np.asarray([sized.shape[1] / 2, sized.shape[0] / 2])
        beyond = np.maximum(raw.boxes[:, :2] - middle, middle - raw.boxes[:, 2:])
        away = np.clip(beyond, 0, None).max(axis=1) * self.spec.mpp
        off = np.abs((raw.boxes[:, :2] + raw.boxes[:, 2:]) / 2 - middle).max(axis=1)
        nearness = np.exp(-off * self.spec.mpp / TYPICAL_CELL_UM)
        score = np.where(away < BEYOND_UM, raw.object * nearness, -away)
        return int(score.argmax())


def _at_scale(pixels: Pixels, factor: float, mpp: float) -> Pixels:
    """The middle of a picture, resampled by `factor` to the network's scale `mpp`."""
    side = FARTHEST_UM / mpp / factor
    height, width = pixels.shape[:2]
    top, left = (max(0, int((length - side) / 2)) for length in (height, width))
    near = pixels[top : height - top, left : width - left]
    size = tuple(max(8, round(length * factor)) for length in near.shape[1::-1])
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(near, size, interpolation=way).astype(np.uint8, copy=False)


def load_bmsnet(
    bundle: Bundle,
    *,
    device: str = "auto",
    threads: int = 0,
    naming: Naming | None = None,
) -> BMSNetReader:
    """Load the network. Raises UnusableModel when it does not answer as it must.

    `[bmsnet]` of bundle.toml: `temperature`, `shift` of the classes' logarithms in
    their order, and `views` of each field (`Naming`), unless `naming` says otherwise.
    """
    classes = len(bundle.vocabulary.classes)
    model = OnnxModel(
        bundle.files["network"],
        variants=bundle.variants["network"],
        shapes={
            "boxes": (None, 4),
            "object": (None,),
            "classes": (None, classes),
            "evidence": (classes, None, None),
        },
        probe=PROBE,
        device=device,
        threads=threads,
    )
    network = OneStage(model, bundle.normalisation, naming or _naming(bundle))
    return BMSNetReader(bundle, network, device=model.device)


def _naming(bundle: Bundle) -> Naming:
    try:
        return Naming.of(bundle.options, len(bundle.vocabulary.classes))
    except (TypeError, ValueError) as error:
        raise UnusableModel(
            f"The model “{bundle.name}” does not say usably how its names are read: "
            f"{error}.",
            "Copy the model folder again from where it came.",
        ) from error
