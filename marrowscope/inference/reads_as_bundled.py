"""What every reader tells of itself out of its bundle."""

from __future__ import annotations

from collections.abc import Sequence

from marrowscope.domain.provenance import DeviceUse, ModelIdentity
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.inference.bundle import Bundle, Card


class ReadsAsBundled:
    """The words of a reader that stand in its bundle, and the device it reads on."""

    def __init__(self, bundle: Bundle, *, device: DeviceUse) -> None:
        self._bundle = bundle
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
