"""What is unlike the training is told by its look, in every family."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.domain.geometry import Box, Pixels
from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.catalogue import load_reader
from marrowscope.inference.familiarity import Familiarity, strangeness_of
from marrowscope.inference.preprocess import CropSpec, cut_crop
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import DrawnField, draw_field
from tests.conftest import ROOT

MPP = 0.25
FAMILIES = ("lee", "mori", "bmsnet")


@cache
def field() -> DrawnField:
    return draw_field(SmearPlan(width=768, height=768, mpp=MPP, cells=9, seed=771))


def crops_of(pixels: Pixels) -> list[Pixels]:
    """The drawn cells as they are cut from this version of their field."""
    boxes = [Box(*map(float, cell["box"])) for cell in field().truth["cells"]]
    return [cut_crop(pixels, box, mpp=MPP, spec=CropSpec()) for box in boxes]


def green(pixels: Pixels) -> Pixels:
    hue, saturation, value = cv2.split(cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV))
    turned = ((hue.astype(int) + 100) % 180).astype(np.uint8)
    mixed = cv2.merge([turned, saturation, value])
    return cv2.cvtColor(mixed, cv2.COLOR_HSV2RGB).astype(np.uint8)


def inverted(pixels: Pixels) -> Pixels:
    return (255 - pixels).astype(np.uint8)


@pytest.fixture(scope="module", params=FAMILIES)
def bundle_folder(request: pytest.FixtureRequest) -> Path:
    return ROOT / "models" / str(request.param)


def known_of(folder: Path) -> Familiarity:
    known = load_bundle(folder).familiarity
    assert known is not None
    return known


def test_a_drawn_smear_is_familiar(bundle_folder: Path) -> None:
    strange = known_of(bundle_folder).strangeness(crops_of(field().pixels))
    assert (strange > 1).mean() < 0.2


@pytest.mark.parametrize("change", [green, inverted])
def test_other_colours_are_unlike_the_training(bundle_folder: Path, change) -> None:
    strange = known_of(bundle_folder).strangeness(crops_of(change(field().pixels)))
    assert (strange > 1).mean() > 0.8


def test_a_model_that_cannot_tell_marks_nothing() -> None:
    assert np.isnan(strangeness_of(crops_of(field().pixels), None)).all()


def test_no_picture_has_no_strangeness(bundle_folder: Path) -> None:
    assert known_of(bundle_folder).strangeness([]).shape == (0,)


def test_every_finding_carries_how_strange_it_looks(bundle_folder: Path) -> None:
    reader = load_reader(load_bundle(bundle_folder), device="cpu", threads=1)
    factor = MPP / reader.spec.mpp
    pixels = cv2.resize(field().pixels, None, fx=factor, fy=factor)
    (found,) = reader.read([pixels.astype(np.uint8)])
    sure = [f.strangeness for f in found if f.score >= reader.min_score]
    assert len(sure) >= 5
    assert (np.asarray(sure) <= 1).mean() > 0.7
