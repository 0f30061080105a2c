from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from marrowscope.training.datasets.gathering import (
    CALIBRATION_EVERY,
    Places,
    bilobed,
    split_for_calibration,
)

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
    train, kept_out = split_for_calibration(few_cells, doubtful)
    assert len(kept_out) == -(-len(few_cells) // CALIBRATION_EVERY)
    assert len(train) == len(few_cells) - len(kept_out) - 1
