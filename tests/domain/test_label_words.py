"""Words of data sets, as a laboratory might add to them."""

from __future__ import annotations

import pytest

from marrowscope.domain.label_words import LabelWords, WordMeaning

DATA = {
    "source": [
        {
            "line_of": {"Sternzelle": "segmented"},
            "class_of": {"unreife Granulozyten": "GN", "Kernhaltige": ""},
            "ignored": {"Schrott": "debris"},
        }
    ]
}


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("STERN-ZELLE", WordMeaning("segmented")),
        ("Unreife_Granulozyten", WordMeaning(class_id="GN")),
        ("kernhaltige", WordMeaning()),
        ("Schrott", WordMeaning(ignored=True)),
        ("Myelocytes", WordMeaning("myelocyte")),
        ("red cell", WordMeaning("red_cell", ignored=True)),
        ("megakaryocyte", WordMeaning("megakaryocyte")),
        ("never heard of", None),
    ],
)
def test_a_word_means_what_the_file_or_the_taxonomy_says(taxonomy, word, meaning):
    assert LabelWords.of(DATA, taxonomy).meaning_of(word) == meaning
