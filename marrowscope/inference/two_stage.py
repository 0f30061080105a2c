"""Find all cells, cut them out, name them all: two networks behind one reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marrowscope.domain.cells import Finding, Identity
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import DeviceUse
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.familiarity import strangeness_of
from marrowscope.inference.preprocess import background_of, cut_crop
from marrowscope.inference.reader import Classifier, FieldSpec, Located, Locator
from marrowscope.inference.reads_as_bundled import ReadsAsBundled
from marrowscope.inference.ready_made import CropAnswer, PictureScale, ReadyMadeNamer


class TwoStageReader(ReadsAsBundled):
    """Implements CellReader. Fields come at the classifier's scale, which is finer.

    `turns_itself`: the classifier looks at a crop in several turns without being asked.
    """

    def __init__(
        self,
        bundle: Bundle,
        locator: Locator,
        classifier: Classifier,
        *,
        device: DeviceUse,
        turns_itself: bool = False,
    ) -> None:
        super().__init__(bundle, device=device)
        self._locator = locator
        self._classifier = classifier
        self._namer = ReadyMadeNamer(
            bundle, locator, classifier, turns_itself=turns_itself
        )
        field = bundle.field
        size = round(field.size * field.mpp / bundle.crop.mpp)
        self.spec = FieldSpec(size, bundle.crop.mpp, field.margin_um)

    def read(self, fields: Sequence[Pixels]) -> list[list[Finding]]:
        """One list of findings per field, in field pixels, whatever their score.

        Border rule of the crops: beyond the field lies the field's own background.
        """
        located = self._locator.locate(fields)
        crop, mpp = self._bundle.crop, self.spec.mpp
        crops = [
            cut_crop(pixels, cell.box, mpp=mpp, spec=crop, fill=background)
            for pixels, cells in zip(fields, located, strict=True)
            if cells
            for background in [background_of(pixels)]
            for cell in cells
        ]
        strange = strangeness_of(crops, self._bundle.familiarity)
        named = zip(self._classifier.identify(crops), strange.tolist(), strict=True)
        return [[_finding(cell, named) for cell in cells] for cells in located]

    def classify(self, pixels: Pixels, scale: PictureScale) -> CropAnswer:
        """Name the cell in the middle of a ready-made picture."""
        return self._namer.name(pixels, scale)

    def crop_of(self, pixels: Pixels, scale: PictureScale) -> Pixels:
        """What the classifier sees of the cell in the middle of a picture."""
        return self._namer.crop(pixels, scale)

    def scale_of(self, pixels: Pixels) -> PictureScale:
        """The scale of a ready-made picture that does not tell its own."""
        return self._namer.scale_of(pixels)


def _finding(cell: Located, named: Iterator[tuple[Identity, float]]) -> Finding:
    identity, strangeness = next(named)
    return Finding(cell.box, cell.score, identity, cell.outline, cell.cut, strangeness)
