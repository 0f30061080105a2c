"""Lee et al. 2022: a U-Net finds nucleated cells, a classifier names them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cells import Finding
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import (
    DeviceUse,
    ModelIdentity,
    working_together,
)
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.inference.bundle import Bundle, Card
from marrowscope.inference.crop_classifier import CropClassifier
from marrowscope.inference.mask_locator import SHAPES, MaskLocator
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.postprocess import cell_mask
from marrowscope.inference.reader import FieldSpec
from marrowscope.inference.ready_made import CropAnswer, PictureScale, ReadyMadeNamer
from marrowscope.inference.saliency import MAP_SIZE
from marrowscope.inference.two_stage import read_two_stage

LOCATOR_PROBE = (3, 64, 64)


class LeeReader:
    """Implements CellReader. Fields come at the classifier's scale, which is finer."""

    def __init__(
        self,
        bundle: Bundle,
        locator: MaskLocator,
        classifier: CropClassifier,
        *,
        device: DeviceUse,
    ) -> None:
        self._bundle = bundle
        self._locator = locator
        self._classifier = classifier
        self._namer = ReadyMadeNamer(bundle, locator, classifier)
        field = bundle.field
        size = round(field.size * field.mpp / bundle.crop.mpp)
        self.spec = FieldSpec(size, bundle.crop.mpp, field.margin_um)
        self.device = device

    @property
    def model(self) -> ModelIdentity:
        return self._bundle.identity

    @property
    def vocabulary(self) -> ModelVocabulary:
        return self._bundle.vocabulary

    @property
    def classes(self) -> Sequence[str]:
        return self._bundle.vocabulary.class_ids

    @property
    def min_score(self) -> float:
        return self._bundle.thresholds.min_score

    @property
    def card(self) -> Card:
        return self._bundle.card

    def read(self, fields: Sequence[Pixels]) -> list[list[Finding]]:
        """One list of findings per field, in field pixels, whatever their score."""
        return read_two_stage(
            fields,
            self._locator,
            self._classifier,
            crop=self._bundle.crop,
            mpp=self.spec.mpp,
            known=self._bundle.familiarity,
        )

    def mask(self, pixels: Pixels) -> NDArray[np.uint8]:
        """The cells of a picture at the reader's scale, as a mask of its own size.

        0 background, 128 cytoplasm, 255 nucleus.
        """
        bundle = self._bundle
        small = cell_mask(
            self._locator.maps(pixels),
            mpp=bundle.field.mpp,
            thresholds=bundle.thresholds,
        )
        size = pixels.shape[1], pixels.shape[0]
        large = cv2.resize(small, size, interpolation=cv2.INTER_NEAREST)
        return large.astype(np.uint8, copy=False)

    def classify(self, pixels: Pixels, scale: PictureScale) -> CropAnswer:
        """Name the cell in the middle of a ready-made picture."""
        return self._namer.name(pixels, scale)

    def scale_of(self, pixels: Pixels) -> PictureScale:
        """The scale of a ready-made picture that does not tell its own."""
        return self._namer.scale_of(pixels)


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
    naming = OnnxModel(
        bundle.files["classifier"],
        variants=bundle.variants["classifier"],
        shapes=_classifier_shapes(bundle.vocabulary),
        probe=(3, bundle.crop.size, bundle.crop.size),
        device=device,
        threads=threads,
    )
    locator = MaskLocator(
        locating,
        mpp=bundle.crop.mpp,
        network_mpp=bundle.field.mpp,
        normalisation=bundle.normalisation,
        thresholds=bundle.thresholds,
    )
    classifier = CropClassifier(
        naming,
        bundle.normalisation,
        views=int(bundle.options.get("views", 1)),
    )
    device_use = working_together(locating.device, naming.device)
    return LeeReader(bundle, locator, classifier, device=device_use)


def _classifier_shapes(vocabulary: ModelVocabulary) -> dict[str, tuple[int, ...]]:
    classes = len(vocabulary.classes)
    finer = {"fine": (len(vocabulary.fine),)} if vocabulary.fine else {}
    return {
        "probabilities": (classes,),
        "grades": (len(vocabulary.features),),
        "saliency": (classes, MAP_SIZE, MAP_SIZE),
        **finer,
    }
