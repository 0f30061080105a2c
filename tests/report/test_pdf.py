"""The printed report: pages, words, any script, no display."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from marrowscope.report import pdf_script, pdf_text
from marrowscope.report.content import compose
from marrowscope.report.pdf import write_pdf
from marrowscope.report.sources import ExampleCell, ReportSources
from tests.conftest import ROOT
from tests.report.report_parts import pictures, with_examples

PROGRAMMERS_WORDS = (
    *("None", "nan", "inference", "bounding", "ROI", "dtype", "null", "True", "False"),
    *("onnx", "tensor", "traceback", "{", "}", "_"),
)


def pages_of(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return texts


@pytest.fixture
def printed(full: ReportSources, resources: Path, tmp_path: Path) -> list[str]:
    path = tmp_path / "Bericht 病例.pdf"
    write_pdf(compose(with_examples(full)), path, resources=resources)
    return pages_of(path)


def test_every_page_names_the_case_its_status_and_its_number(
    printed: list[str],
) -> None:
    for number, text in enumerate(printed, start=1):
        assert "Fall 2026-117 “Ørsted” 病例" in text
        assert "Preliminary, not signed" in text
        assert f"Page {number} of {len(printed)}" in text
        assert "For research use only" in text


def test_the_first_page_answers_alone_and_a_full_report_takes_six(
    printed: list[str],
) -> None:
    assert len(printed) == 6
    first = " ".join(printed[0].split())
    for answer in (
        *("Иванова, Мария & <Söhne>", "posterior iliac crest, left", "Conclusion"),
        *("not read to its end: 519 of 525", "M : E ratio", "Erythroid dysplasia"),
        *("12 % (7–18)", "5 %: undecided", "sampling error alone", "Signature"),
    ):
        assert answer in first, answer
    assert "Suggested, not reviewed" not in first
    assert "Thresholds" in printed[1]
    assert "Compared with an earlier marrow" in "".join(printed[3:5])
    one = next(page for page in printed if "WHO 2016" in page)
    assert all(name in one for name in ("Criteria side by side", "ICC 2022", "IPSS-R"))


def test_no_page_holds_only_some_lines_because_the_criteria_need_one_of_their_own(
    full: ReportSources, resources: Path, tmp_path: Path
) -> None:
    content = compose(with_examples(full))
    short = replace(
        content,
        findings=content.findings[:3],
        described=content.described[:2],
        unflagged=("Nothing was found.",) * 8,  # which fill the second page
    )
    path = tmp_path / "report.pdf"
    write_pdf(short, path, resources=resources)
    second, third, fourth = pages_of(path)[1:4]
    assert "Criteria side by side" not in second
    assert "Nothing was found." in third
    assert all(name in third for name in ("Criteria side by side", "WHO 2022"))
    assert all(name in fourth for name in ("ICC 2022", "IPSS-R", "Compared with"))


def test_thresholds_and_criteria_are_printed_with_their_numbers(
    printed: list[str],
) -> None:
    text = " ".join(" ".join(printed).split())
    for phrase in (
        *("at or above 5 %", "includes 5 %", "cannot be settled by counting"),
        *("below 20 %", "excludes 20 %", "154 of 200, too few cells"),
        *("31 of 519: 6.0 % (4.1–8.4)", "18 of 100: 18 % (11–27)", "not looked for"),
        *("Marrow blasts 5 to < 10 %", "cannot tell", "not verified", "no diagnosis"),
        *("“many” cannot be read", "(granulocytes and precursors + monocytic cells"),
    ):
        assert phrase in text, phrase


def test_the_report_names_everything_it_must(printed: list[str]) -> None:
    text = " ".join(" ".join(printed).split())
    for phrase in (
        *("Suggested, not reviewed", "Confirmed by a reader", "not separated by this"),
        *("Иванова, Мария & <Söhne>", "Anatomic site", "Ease of aspiration"),
        *("M : E ratio", "1.8 : 1", "blasts left out", "of 525 (at least 300)"),
        *("12 % (7–18)", "9.4 % (6–14)", "too few cells to assess (154 of 200)"),
        *("without grade 1", "10.0 % of GN + GD", "5 %: undecided"),
        *("0123456789abcdef" * 4, "cpu, fp32 (asked for: cuda)", "MarrowScope 0.1.0"),
        *("uncalibrated", "2.05 × 2.05 mm", "2026-11-1", "Signature", "Conclusion"),
        *("no clinical validation", "macro-F1 0.71", "Example cells"),
        "earlier confirmations have no cell",
    ):
        assert phrase in text, phrase


def test_not_one_programmers_word_is_printed(printed: list[str]) -> None:
    text = " ".join(printed)
    assert not [word for word in PROGRAMMERS_WORDS if word in text]


def test_an_empty_case_has_a_report_too(
    empty: ReportSources, resources: Path, tmp_path: Path
) -> None:
    path = tmp_path / "empty.pdf"
    write_pdf(compose(empty), path, resources=resources)
    text = " ".join(pages_of(path))
    assert "No cell has been confirmed yet." in text
    assert "not calculable" in text
    assert not [word for word in PROGRAMMERS_WORDS if word in text]


@pytest.mark.parametrize(
    "name",
    [
        "山田 花子 やまだ ヤマダ",
        "김철수",
        "𠮷野家",
        "שרה כהן",
        "محمد علي",
        "สมชาย",
        "नमस्ते",
        "🩸🧬",
        "a\x00b\x1b[31m\u202e\ud800 c",
        "e\u0301 <b>&amp;</b> <img src='x'>",
        "ﬁ" * 400,
        "line\nbreak",
    ],
)
def test_a_name_in_any_script_is_printed(
    full: ReportSources, resources: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "x.pdf"
    slides = (replace(full.slides[0], name=name),)
    odd = replace(full, case_name=name, specimen={"patient": name}, slides=slides)
    write_pdf(compose(odd), path, resources=resources)
    assert len(pages_of(path)) >= 4


def test_names_the_font_knows_and_those_a_fallback_knows_are_kept(
    resources: Path,
) -> None:
    pdf_text.register_fonts(resources / "fonts")
    assert pdf_text.marked_up("Žofie Ελένη") == "Žofie Ελένη"
    assert pdf_text.marked_up("A 病 <b>") == (
        'A <font name="STSong-Light">病</font> &lt;b&gt;'
    )
    assert "HeiseiKakuGo" in pdf_text.marked_up("カ")
    assert "HYGothic" in pdf_text.marked_up("김")


@pytest.mark.parametrize("name", ["محمد عبد الله", "שלום כהן", "क्षेत्री", "สมชาย ใจดี"])
def test_a_name_whose_letters_must_be_shaped_is_drawn_as_one_piece(
    resources: Path, name: str
) -> None:
    pdf_text.register_fonts(resources / "fonts")
    marked = pdf_text.marked_up(f"Slide {name} <1>")
    assert marked.startswith('Slide <img src="data:image/png;base64,')
    assert marked.endswith("/> &lt;1&gt;")
    assert marked.count("<img") == 1


def test_joined_letters_are_not_the_letters_one_by_one() -> None:
    fonts = ROOT / "resources" / "fonts"
    joined = pdf_script.drawn("لله", fonts, 10, "#000000")
    apart = pdf_script.drawn("ل\u200cل\u200cه", fonts, 10, "#000000")
    assert joined != apart


def test_a_letter_no_font_here_knows_leaves_a_mark(resources: Path) -> None:
    pdf_text.register_fonts(resources / "fonts")
    assert pdf_text.marked_up("Dr. ন") == f"Dr. {pdf_text.UNKNOWN}"


def test_long_words_and_many_slides_and_pictures_find_room(
    full: ReportSources, resources: Path, tmp_path: Path
) -> None:
    path = tmp_path / "long.pdf"
    photos = tuple(
        replace(full.slides[1], number=i, name=f"{'x' * 90}{i}.png") for i in range(120)
    )
    examples = tuple(
        ExampleCell(f"{'Class ' * 9}{i}", picture, confirmed=i % 2 == 0)
        for i, picture in enumerate(pictures(60))
    )
    words = {field: "many words " * 1500 for field in ("history", "conclusion")}
    long = replace(full, slides=photos, examples=examples, specimen=words)
    write_pdf(compose(long), path, resources=resources)
    texts = pages_of(path)
    assert "p119" in " ".join(texts) or "119.png" in " ".join(texts)


def test_the_same_content_gives_the_same_bytes(
    full: ReportSources, resources: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "1.pdf", tmp_path / "2.pdf"
    for path in (one, two):
        write_pdf(compose(with_examples(full)), path, resources=resources)
    assert one.read_bytes() == two.read_bytes()


ERYTHROID, GRANULOCYTIC = (0xD5, 0x5E, 0x00), (0x00, 0x72, 0xB2)


def filled(page: np.ndarray, colour: tuple[int, int, int]) -> int:
    """How many pixels have the colour (red, green, blue) of a lineage."""
    off = abs(page.astype(int)[..., 2::-1] - colour)
    return int(np.count_nonzero((off < 6).all(axis=-1)))


def test_the_two_layers_do_not_look_alike(
    full: ReportSources, resources: Path, tmp_path: Path
) -> None:
    path = tmp_path / "x.pdf"
    write_pdf(compose(full), path, resources=resources)
    document = pypdfium2.PdfDocument(path)
    texts = pages_of(path)
    (later,) = [i for i, t in enumerate(texts) if "Suggested, not reviewed" in t]
    first, other = (document[i].render(scale=2).to_numpy() for i in (0, later))
    document.close()
    assert filled(first, GRANULOCYTIC) > 1000, "confirmed is solid"
    assert filled(first, ERYTHROID) == 0, "154 of 200 are too few for a filled bar"
    assert filled(other, GRANULOCYTIC) == filled(other, ERYTHROID) == 0, "pale"


def test_neither_qt_nor_a_display_is_needed(resources: Path) -> None:
    script = (
        "import sys, marrowscope.report.pdf, marrowscope.report.html;"
        "sys.exit(any(m.startswith(('PySide6', 'tkinter')) for m in sys.modules))"
    )
    bare = {k: v for k, v in os.environ.items() if "DISPLAY" not in k}
    env = {**bare, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", script], env=env).returncode == 0
