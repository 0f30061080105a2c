from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.training.datasets.gathering import (
    CALIBRATION_EVERY,
    Places,
    bilobed,
    kept_out,
    real,
    trained_on,
)
from marrowscope.training.labels import CLASSES
from marrowscope.training.measuring import plain_crop

pytestmark = pytest.mark.training

MANIFEST = """path,dataset,tissue,source_label,fine_label,mds8_class,bmsnet_class,split
a/SNE_1.jpg,acevedo_blood,blood,SNE,segmented,GN,myeloid,train
a/SNE_2.jpg,acevedo_blood,blood,SNE,segmented,GN,myeloid,val
a/SNE_3.jpg,acevedo_blood,blood,SNE,segmented,GN,myeloid,train
"""
ATTRIBUTES = """img_name,label,nucleus_shape
SNE_3.jpg,Neutrophil,segmented-bilobed
SNE_1.jpg,Neutrophil,segmented-multilobed
"""


def test_bilobed_neutrophils_of_the_training_split_are_known(tmp_path: Path) -> None:
    for name in ("cells", "wbcatt"):
        (tmp_path / name).mkdir()
    (tmp_path / "cells" / "manifest.csv").write_text(MANIFEST)
    places = Places(tmp_path, tmp_path / "work")
    assert bilobed(places) is None
    (tmp_path / "wbcatt" / "part.csv").write_text(ATTRIBUTES)
    np.testing.assert_array_equal(bilobed(places), [False, True])


def test_doubtful_cells_are_not_trained_on_but_may_be_kept_out(few_cells) -> None:
    doubtful = np.zeros(len(few_cells), bool)
    doubtful[[0, 1]] = True
    train = trained_on(few_cells, doubtful)
    assert len(train) == len(few_cells) - -(-len(few_cells) // CALIBRATION_EVERY) - 1


def test_what_is_kept_out_is_not_trained_on_and_nothing_is_lost(
    tmp_path, few_cells
) -> None:
    for number in range(60):
        folder = tmp_path / CLASSES[number % len(CLASSES)]
        folder.mkdir(exist_ok=True)
        crop = np.full_like(plain_crop(few_cells.canvas[0]), number)
        cv2.imwrite(str(folder / f"{number}.png"), crop)
    places = Places(tmp_path, tmp_path / "work")
    whole = real(places, "train")
    parts = (trained_on(whole), kept_out(places))
    shades = [set(part.canvas.mean(axis=(1, 2, 3))) for part in parts]
    assert not shades[0] & shades[1]
    assert shades[0] | shades[1] == set(whole.canvas.mean(axis=(1, 2, 3)))
    assert len(parts[1]) == -(-len(whole) // CALIBRATION_EVERY)
