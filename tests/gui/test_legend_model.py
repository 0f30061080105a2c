"""The legend's entries, without a window."""

from __future__ import annotations

from marrowscope.domain.tally import Tally
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.legend.model import alone, entries, toggled
from tests.gui.panel_cases import table_of


def test_classes_come_in_lineage_order_normal_before_dysplastic(
    lee_vocabulary: ModelVocabulary,
) -> None:
    shown = entries(lee_vocabulary, None)
    order = ["blast", "GN", "GD", "EN", "ED", "MN", "MD", "other"]
    assert [e.class_id for e in shown] == order
    assert entries(None, None) == ()


def test_each_class_counts_its_own_cells(lee_vocabulary: ModelVocabulary) -> None:
    table = table_of(lee_vocabulary, ["GN", "GN", "ED"])
    tally = Tally.of(table, lee_vocabulary)
    counts = {e.class_id: e.count for e in entries(lee_vocabulary, tally) if e.count}
    assert counts == {"GN": 2, "ED": 1}


def test_a_click_hides_and_a_second_click_shows() -> None:
    hidden = toggled(frozenset(), "GN")
    assert hidden == {"GN"}
    assert toggled(hidden, "GN") == frozenset()


def test_alone_hides_all_others_and_twice_shows_all(
    lee_vocabulary: ModelVocabulary,
) -> None:
    hidden = alone(entries(lee_vocabulary, None), "GN")
    assert len(hidden) == 7
    assert "GN" not in hidden
    assert alone(entries(lee_vocabulary, None, hidden), "GN") == frozenset()
