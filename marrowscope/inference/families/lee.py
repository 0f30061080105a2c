"""Lee et al. 2022: a U-Net finds nucleated cells, a classifier names them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import DeviceUse, working_together
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.crop_classifier import CropClassifier
from marrowscope.inference.mask_locator import SHAPES, MaskLocator
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.postprocess import cell_mask
from marrowscope.inference.saliency import MAP_SIZE
from marrowscope.inference.two_stage import TwoStageReader

LOCATOR_PROBE = (3, 64, 64)


class LeeReader(TwoStageReader):
    """A reader of two networks that also outlines what it finds."""

    def __init__(
        self,
        bundle: Bundle,
        locator: MaskLocator,
        classifier: CropClassifier,
        *,
        device: DeviceUse,
    ) -> None:
        super().__init__(bundle, locator, classifier, device=device)
        self._maps = locator.maps

    def mask(self, pixels: Pixels) -> NDArray[np.uint8]:
        """The cells of a picture at the reader's scale, as a mask of its own size.

        0 background, 128 cytoplasm, 255 nucleus.
        """
        bundle = self._bundle
        small = cell_mask(
            self._maps(pixels),
            mpp=bundle.field.mpp,
            thresholds=bundle.thresholds,
        )
        size = pixels.shape[1], pixels.shape[0]
        large = cv2.resize(small, size, interpolation=cv2.INTER_NEAREST)
        return large.astype(np.uint8, copy=False)


def load_lee(bundle: Bundle, *, device: str = "auto", threads: int = 0) -> LeeReader:
    """Load both networks. Raises UnusableModel when one does not answer as it must."""
    locating = OnnxModel(
        bundle.files["locator"],
        variants=bundle.variants["locator"],
        shapes=SHAPES,
        probe=LOCATOR_PROBE,
        device=device,
        threads=threads,
    )
    classifier = crop_classifier(bundle, device=device, threads=threads)
    locator = MaskLocator(
        locating,
        mpp=bundle.crop.mpp,
        network_mpp=bundle.field.mpp,
        normalisation=bundle.normalisation,
        thresholds=bundle.thresholds,
    )
    device_use = working_together(locating.device, classifier.device)
    return LeeReader(bundle, locator, classifier, device=device_use)


def crop_classifier(bundle: Bundle, *, device: str, threads: int) -> CropClassifier:
    """The bundle's classifier alone. Raises UnusableModel like `load_lee`."""
    naming = OnnxModel(
        bundle.files["classifier"],
        variants=bundle.variants["classifier"],
        shapes=_classifier_shapes(bundle.vocabulary),
        probe=(3, bundle.crop.size, bundle.crop.size),
        device=device,
        threads=threads,
    )
    return CropClassifier(
        naming,
        bundle.normalisation,
        views=int(bundle.options.get("views", 1)),
    )


def _classifier_shapes(vocabulary: ModelVocabulary) -> dict[str, tuple[int, ...]]:
    classes = len(vocabulary.classes)
    finer = {"fine": (len(vocabulary.fine),)} if vocabulary.fine else {}
    return {
        "probabilities": (classes,),
        "grades": (len(vocabulary.features),),
        "saliency": (classes, MAP_SIZE, MAP_SIZE),
        **finer,
    }
