"""Shipped is what loses too little to matter and gains enough; the rest is said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime.quantization")

from marrowscope.inference.bundle import load_bundle  # noqa: E402
from marrowscope.training.precision.deciding import Trial, trials  # noqa: E402
from marrowscope.training.precision.judging import Judged, Loss, loss  # noqa: E402
from marrowscope.training.precision.making import Made  # noqa: E402
from marrowscope.training.precision.shipping import remove_variants, ship  # noqa: E402
from marrowscope.training.precision.telling import table, write_section  # noqa: E402
from tests.inference.tiny_bundle import tiny_bundle  # noqa: E402

SAME = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32)


def figures(f1: float, ap: float = 90.0, chances: np.ndarray = SAME) -> Judged:
    return Judged({"blood": f1}, {"blood": 2.0}, {"fields": ap}, chances)


def made(folder: Path, role: str, precision: str, *, ms: float, size: int) -> Made:
    ending = "" if precision == "fp32" else f".{precision}"
    path = folder / f"{role}{ending}.onnx"
    if not path.exists():
        path.write_bytes(bytes(size))
    return Made(role, precision, path, ms)


@pytest.fixture
def networks(tmp_path: Path) -> list[Made]:
    """Two networks: int8 of the first is fast, of the second slower than fp32."""
    return [
        made(tmp_path, "locator", "fp32", ms=10, size=1000),
        made(tmp_path, "locator", "int8", ms=5, size=300),
        made(tmp_path, "locator", "fp16", ms=12, size=500),
        made(tmp_path, "classifier", "fp32", ms=10, size=1000),
        made(tmp_path, "classifier", "int8", ms=11, size=300),
        made(tmp_path, "classifier", "fp16", ms=12, size=980),
    ]


def roles(tried: Sequence[Trial]) -> list[list[str]]:
    return [[network.role for network in trial.networks] for trial in tried]


def test_int8_that_is_slower_is_not_even_tried(networks: list[Made]) -> None:
    tried = trials(networks, figures(90), lambda _: figures(90), precision="int8")
    assert roles(tried) == [["locator"]]
    assert tried[0].against == ""


def test_fp16_that_saves_no_room_is_not_tried(networks: list[Made]) -> None:
    tried = trials(networks, figures(90), lambda _: figures(90), precision="fp16")
    assert roles(tried) == [["locator"]]


@pytest.mark.parametrize(
    ("coarse", "why"),
    [
        (figures(89.49), "macro-F1 falls by 0.51 points"),
        (figures(90, ap=89.4), "AP50 falls by 0.60 points"),
        (figures(89.5, ap=89.5), ""),
        (figures(95, ap=99), ""),
    ],
)
def test_half_a_point_is_the_most_that_may_be_lost(
    networks: list[Made], coarse: Judged, why: str
) -> None:
    (tried,) = trials(networks, figures(90), lambda _: coarse, precision="int8")
    assert tried.against == why


def test_fp16_must_name_the_same_cells(networks: list[Made]) -> None:
    other = np.array([[0.4, 0.6], [0.2, 0.8]], np.float32)
    coarse = figures(90, chances=other)
    (tried,) = trials(networks, figures(90), lambda _: coarse, precision="fp16")
    assert tried.against == "names 50.0% of the cells otherwise"


def test_when_all_together_lose_too_much_each_is_tried_alone(tmp_path: Path) -> None:
    both = [
        made(tmp_path, role, precision, ms=ms, size=9)
        for role in ("locator", "classifier")
        for precision, ms in (("fp32", 10), ("int8", 4))
    ]

    def judge(tried: Sequence[Made]) -> Judged:
        spoilt = any(network.role == "locator" for network in tried)
        return figures(80 if spoilt else 90)

    tried = trials(both, figures(90), judge, precision="int8")
    assert roles(tried) == [["locator", "classifier"], ["locator"], ["classifier"]]
    assert [bool(trial.against) for trial in tried] == [True, True, False]


def test_a_cell_no_longer_found_counts_against_agreement() -> None:
    lost = SAME.copy()
    lost[0] = np.nan
    found = loss(figures(90), figures(90, chances=lost))
    assert found.agreement == 0.5
    assert found.farthest == 0.0


def test_the_worst_set_counts() -> None:
    one = Judged({"blood": 90.0, "marrow": 80.0}, {}, {}, SAME)
    other = Judged({"blood": 99.0, "marrow": 79.0}, {}, {}, SAME)
    assert loss(one, other).macro_f1 == pytest.approx(1.0)


def shipped(folder: Path, *, against: str = "") -> list[Made]:
    """Ship the tiny bundle's classifier, called int8."""
    whole = [
        Made(role, "fp32", folder / f"{role}.onnx", 2.0)
        for role in ("locator", "classifier")
    ]
    copy = folder.parent / "classifier.int8.onnx"
    copy.write_bytes(whole[1].path.read_bytes())
    coarse = Made("classifier", "int8", copy, 1.0, ("/conv",))
    lost = Loss(-0.1, 0.25, 1.0, 0.01)
    trial = Trial("int8", (coarse,), figures(90), lost, against)
    ship(folder, [trial], whole)
    return [*whole, coarse]


def test_what_is_shipped_is_found_by_the_program(tmp_path: Path) -> None:
    folder = tiny_bundle(tmp_path)
    before = (folder / "bundle.toml").read_text("utf-8")
    shipped(folder)
    bundle = load_bundle(folder)
    (variant,) = bundle.variants["classifier"]
    assert (variant.precision, variant.devices) == ("int8", ("cpu",))
    assert variant.path.name == "classifier.int8.onnx"
    assert bundle.variants["locator"] == ()
    assert bundle.card.accuracy
    after = (folder / "bundle.toml").read_text("utf-8")
    assert after.index("[variants.") < after.index("\n[accuracy]")
    shipped(folder)
    assert (folder / "bundle.toml").read_text("utf-8") == after
    remove_variants(folder)
    assert (folder / "bundle.toml").read_text("utf-8").split() == before.split()
    assert not (folder / "classifier.int8.onnx").exists()


def test_what_did_not_pass_leaves_no_file_behind(tmp_path: Path) -> None:
    folder = tiny_bundle(tmp_path)
    shipped(folder)
    shipped(folder, against="AP50 falls by 3.00 points")
    assert load_bundle(folder).variants["classifier"] == ()
    assert not (folder / "classifier.int8.onnx").exists()


def test_the_table_says_what_was_tried_and_why_it_is_not_shipped(
    tmp_path: Path, networks: list[Made]
) -> None:
    bad = trials(networks, figures(90), lambda _: figures(80), precision="int8")
    text = "\n".join(table(networks, figures(90), bad))
    assert "| locator.int8.onnx |" in text
    assert "no: macro-F1 falls by 10.00 points" in text
    assert "no: gains too little" in text
    widths = {line.count("|") for line in text.splitlines()}
    assert len(widths) == 1


def test_a_section_is_written_in_place_of_the_older_one(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    path.write_text("# Card\n\nText.\n\n## Precision\n\nold\n\n## Limits\n\nMany.\n")
    write_section(path, "Precision", "new")
    write_section(path, "Further", "more")
    text = path.read_text("utf-8")
    assert "old" not in text
    assert text.startswith("# Card\n\nText.\n\n## Precision\n\nnew\n\n## Limits\n")
    assert text.endswith("## Further\n\nmore\n")


def test_a_bundle_begun_like_another_takes_no_variants_over(tmp_path: Path) -> None:
    begin = pytest.importorskip("marrowscope.training.bundle_stamp").begin
    folder = tiny_bundle(tmp_path)
    shipped(folder)
    begin(tmp_path / "ours", folder)
    assert "[variants." not in (tmp_path / "ours" / "bundle.toml").read_text("utf-8")
