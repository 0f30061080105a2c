"""What an export says of the models that read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from marrowscope.inference.bundle import load_bundle
from marrowscope.workflow.reporting import accuracy_sentence
from tests.inference.tiny_bundle import tiny_bundle


def test_the_accuracy_line_names_the_model_and_what_it_was_measured_on(
    tmp_path: Path,
) -> None:
    model = load_bundle(tiny_bundle(tmp_path))
    figures = {
        "note": "Optimistic.",
        "real_marrow": {"cells": 1955, "macro_f1": 0.8431},
        "speed": {"seconds": 3},
    }
    said = accuracy_sentence(replace(model, card=replace(model.card, accuracy=figures)))
    assert said == (
        f"{model.identity.name}: Measured on real marrow, 1,955 cells: macro-F1 0.84."
        " Optimistic."
    )


def test_a_model_without_figures_has_no_accuracy_line(tmp_path: Path) -> None:
    model = load_bundle(tiny_bundle(tmp_path))
    assert (
        accuracy_sentence(replace(model, card=replace(model.card, accuracy={}))) == ""
    )
