"""What the papers say, as the program quotes it."""

from __future__ import annotations

import tomllib

import pytest

from marrowscope.domain.errors import UnusableSettings
from marrowscope.evaluation.published import (
    of_classes,
    of_measure,
    published_figures,
)
from tests.conftest import ROOT

TABLES = ("crops", "masks", "detection", "readers", "cases", "grades")


@pytest.fixture(scope="module")
def data():
    text = (ROOT / "resources" / "published_figures.toml").read_text("utf-8")
    return tomllib.loads(text)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_figures_with_their_source(data, table):
    figures = published_figures(data, table)
    assert figures
    for figure in figures:
        assert 0 < figure.value <= 1
        assert "doi" in figure.where


def test_the_figures_of_the_seeds_are_there(data):
    found = published_figures(data, "detection")
    assert of_measure(found, "average_precision", "cells").value == 0.674
    masks = published_figures(data, "masks")
    assert of_measure(masks, "dice", "cell").value == 0.711
    assert of_measure(masks, "dice", "nucleus") is None


def test_classes_are_set_beside_the_paper_that_has_them(data):
    crops = published_figures(data, "crops")
    lee = of_classes(crops, ["EN", "GN", "MN", "ED", "GD", "MD", "blast", "other"])
    wu = of_classes(crops, ["erythroid", "blast", "myeloid", "lymphoid"])
    assert {one.source for one in lee} == {"Lee 2022"}
    assert {one.source for one in wu} == {"Wu 2020"}
    assert of_classes(crops, ["nothing of the kind"]) == ()


def test_a_figure_nobody_read_in_the_paper_is_marked():
    part = {"table": "masks", "of": "cell", "where": "?", "figures": {"dice": 0.5}}
    source = {"name": "X", "reference": "?", "verified": False, "part": [part]}
    (figure,) = published_figures({"source": [source]}, "masks")
    assert figure.short == "X ?"


def test_a_broken_file_is_one_sentence():
    with pytest.raises(UnusableSettings, match="published"):
        published_figures({"source": [{"name": "X"}]}, "masks")
