"""Find all cells, cut them out, name them all: two networks behind one reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marrowscope.domain.cells import Finding, Identity
from marrowscope.domain.geometry import Pixels
from marrowscope.inference.familiarity import Familiarity, strangeness_of
from marrowscope.inference.preprocess import CropSpec, background_of, cut_crop
from marrowscope.inference.reader import Classifier, Located, Locator


def read_two_stage(
    fields: Sequence[Pixels],
    locator: Locator,
    classifier: Classifier,
    *,
    crop: CropSpec,
    mpp: float,
    known: Familiarity | None = None,
) -> list[list[Finding]]:
    """Findings of each field (H, W, 3) at `mpp`, in field pixels.

    Border rule of the crops: beyond the field lies the field's own background.
    """
    located = locator.locate(fields)
    crops = [
        cut_crop(pixels, cell.box, mpp=mpp, spec=crop, fill=background)
        for pixels, cells in zip(fields, located, strict=True)
        if cells
        for background in [background_of(pixels)]
        for cell in cells
    ]
    strange = strangeness_of(crops, known)
    named = zip(classifier.identify(crops), strange.tolist(), strict=True)
    return [[_finding(cell, named) for cell in cells] for cells in located]


def _finding(cell: Located, named: Iterator[tuple[Identity, float]]) -> Finding:
    identity, strangeness = next(named)
    return Finding(cell.box, cell.score, identity, cell.outline, cell.cut, strangeness)
