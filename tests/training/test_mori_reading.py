"""How mori's outputs are read is fitted on cells kept out, and told in its bundle."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

pytest.importorskip("torch")

from marrowscope.inference.grade_scale import GradeScale  # noqa: E402
from marrowscope.inference.graded_classes import (  # noqa: E402
    Sharing,
    class_probabilities,
)
from marrowscope.inference.graded_labels import IDS, MAXIMA, index_of  # noqa: E402
from marrowscope.training.labels import CLASSES, FEATURES  # noqa: E402
from marrowscope.training.mori.bundle import write_reading  # noqa: E402
from marrowscope.training.mori.calibration import fitted_sharing  # noqa: E402
from marrowscope.training.mori.card import accuracy_of, write_card  # noqa: E402
from marrowscope.training.mori.grade_cuts import (  # noqa: E402
    FALSE_CHANGE,
    Graded,
    called,
    fitted_cuts,
)
from marrowscope.training.mori.measuring import granule_counts, two_by_two  # noqa: E402
from marrowscope.training.reliability import (  # noqa: E402
    draw_reliability,
    reliability,
    reliability_table,
)

pytestmark = pytest.mark.training

DG = FEATURES.index("g_decreased_granules")
GN, GD = CLASSES.index("GN"), CLASSES.index("GD")


@pytest.fixture(scope="module")
def lifted() -> Graded:
    """Neutrophils whose outputs stand too high: normals at 0.8, grades at 1.6 to 2.7.

    A hundred real normals, two of them like grade 2, and sixty drawn pale cells.
    """
    rng = np.random.default_rng(4)
    grades = np.zeros((160, len(FEATURES)), np.float32)
    grades[100:, DG] = np.repeat([1, 2, 3], 20)
    outputs = np.full((160, len(IDS)), 0.01, np.float32)
    outputs[:, index_of("g_normal")] = np.where(np.arange(160) < 100, 0.8, 0.3)
    levels = np.array([0.8, 1.6, 2.2, 2.7])[grades[:, DG].astype(int)]
    pale = levels + rng.normal(0, 0.08, 160)
    pale[:2] = 2.2
    outputs[:, index_of("g_decreased_granules")] = pale
    real = np.arange(160) < 100
    source = np.where(real, "blood", "drawn")
    return Graded(outputs, np.where(real, GN, GD), grades, real, source)


def test_cuts_lie_between_what_the_grades_say_and_few_normals_are_called(lifted):
    cuts = fitted_cuts(lifted)
    assert set(cuts) == {"g_decreased_granules"}
    first, second, third = cuts["g_decreased_granules"]
    assert 0.9 < first < second < third < 2.8
    normals = called(lifted.outputs[:100], cuts, list(cuts))
    assert normals.mean() <= FALSE_CHANGE
    assert called(lifted.outputs[120:], cuts, list(cuts)).all()


def test_without_real_cells_the_drawn_normals_set_the_cuts(lifted):
    drawn = Graded(
        lifted.outputs,
        lifted.label,
        lifted.grades,
        np.zeros(160, bool),
        np.full(160, "drawn"),
    )
    assert 0.9 < fitted_cuts(drawn)["g_decreased_granules"][0] < 1.6


def test_outputs_that_tell_classes_apart_are_read_surely(lifted):
    scale = GradeScale.of(fitted_cuts(lifted))
    sharing = fitted_sharing(lifted, scale)
    chances = class_probabilities(scale.read(lifted.outputs), sharing)
    assert (chances.argmax(axis=1) == lifted.label).mean() > 0.97
    assert chances.max(axis=1).mean() > 0.9


def test_the_bundle_says_how_its_outputs_are_read_and_on_what_that_was_fitted(tmp_path):
    path = tmp_path / "bundle.toml"
    path.write_text('family = "mori"\n[mori]\nstop = 1\n\n[[classes]]\nid = "EN"\n')
    for number in (1.0, 2.0):
        cuts = {"e_budding": [number, 2.25, 2.75]}
        write_reading(path, cuts, Sharing(4.0 + number), fitted_on="7 cells kept out")
    told = tomllib.loads(path.read_text())
    assert told["mori"] == {
        "stop": 1,
        "fitting": {"cells": "7 cells kept out"},
        "cuts": {"e_budding": [2.0, 2.25, 2.75]},
        "sharing": {"sharpness": 6.0, "decision": 4.0},
    }
    assert told["classes"] == [{"id": "EN"}]


def test_decreased_granules_are_counted_with_and_without_grade_one():
    true, said = np.zeros((6, len(FEATURES))), np.zeros((6, len(FEATURES)))
    true[:, DG], said[:, DG] = [0, 0, 1, 1, 2, 3], [0, 0.6, 0.2, 1, 2.7, 1]
    counts = granule_counts(true, said)
    assert counts["1-3"]["sensitivity"] == pytest.approx(3 / 4)
    assert counts["2-3"] == two_by_two(
        np.array([0, 0, 1, 1], bool), np.array([0, 0, 1, 0], bool)
    )
    assert counts["confusion"][3] == [0, 1, 0, 0]
    assert counts["two_grades_off"] == pytest.approx(1 / 6)


@pytest.fixture
def judged() -> tuple[np.ndarray, np.ndarray]:
    chances = np.array([[0.95, 0.05], [0.92, 0.08], [0.4, 0.6]])
    return np.array([0, 1, 1]), chances


def test_a_reliability_bin_says_how_many_how_sure_and_how_often_right(judged):
    table = reliability(judged)
    assert [row[0] for row in table] == [1, 2]
    assert table[1] == (2, pytest.approx(0.935), pytest.approx(0.5))
    assert "| blood | 3 |" in reliability_table({"blood": judged})


def test_the_card_carries_tables_and_diagram(tmp_path, judged):
    (tmp_path / "card_notes.md").write_text("A note by hand.\n")
    counts = granule_counts(np.eye(4, len(FEATURES)) * 2, np.eye(4, len(FEATURES)))
    made = {
        **{"cells": 9, "agreement": 0.5, "macro_f1": 0.5, "calibration_error": 0.1},
        "dysplasia": {
            "erythroid": dict.fromkeys(
                ("sensitivity", "specificity", "true_share", "suggested_share"), 0.5
            )
        },
        "auc": {"erythroid": 0.75},
        "sensitivity_by_grade": {"e_budding": [0.25, None, 1.0]},
        "dg": counts,
    }
    stopped = {"cells": 9, "turns": 8.0, "other_class": 0.003, "other_grade": 0.0}
    stopped |= {"seconds_per_cell": 2.0, "seconds_per_cell_stopped": 1.0}
    real = {"cells": 3, "macro_f1": 0.9, "accuracy": 0.9, "calibration_error": 0.04}
    real |= {"recall": {"EN": 1.0}, "false_dysplasia": {"all": 0.01}, "false_dg": 0.02}
    report = {
        "real": {"acevedo_blood": real},
        "edited": made,
        "drawn": made,
        "stopping_real": stopped,
        "stopping_drawn": stopped,
    }
    draw_reliability({"blood": judged}, tmp_path)
    write_card(tmp_path, report, {"blood": judged}, version="9.9.9")
    text = (tmp_path / "card.md").read_text()
    for words in ("9.9.9", "A note by hand", "97.7%", "8.0 of 16 turns", "budding"):
        assert words in text
    assert (tmp_path / "reliability.png").stat().st_size > 5000
    assert accuracy_of(report)["real_blood"]["false_decreased_granules"] == 0.02
    assert MAXIMA.shape == (34,)
