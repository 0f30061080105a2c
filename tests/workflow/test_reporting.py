"""What an export says of the models that read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.inference.bundle import load_bundle
from marrowscope.workflow.model_cards import accuracy_sentence
from marrowscope.workflow.reporting import write_json
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


def test_a_file_in_the_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    taken = tmp_path / "report"
    taken.write_text("a note")
    with pytest.raises(MarrowScopeError, match="report is a file, so agreement.json"):
        write_json({}, taken / "agreement.json")
    with pytest.raises(MarrowScopeError, match="agreement.json cannot be written"):
        write_json({}, taken / "below" / "agreement.json")
    assert taken.read_text() == "a note"
