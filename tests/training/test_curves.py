"""A loss curve is drawn from its table, whole or cut off and resumed."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from marrowscope.training.curves import draw_curve, read_curve  # noqa: E402

pytestmark = pytest.mark.training


def test_a_curve_becomes_a_png_and_an_svg(tmp_path):
    steps = range(100, 1600, 100)
    rows = [f"{s},{9 / s**0.4},{'' if s % 300 else 1 - 50 / s}" for s in steps]
    path = tmp_path / "curve.csv"
    path.write_text("\n".join(["step,loss,score", *rows]))
    assert draw_curve(path).stat().st_size > 5000
    assert "Loss curve" in (tmp_path / "curve.svg").read_text()


def test_of_a_step_written_again_after_a_kill_the_later_counts(tmp_path):
    path = tmp_path / "curve.csv"
    path.write_text("step,loss,score\n10,3.0,\n20,2.5,\n20,2.4,0.5\n")
    assert read_curve(path) == ([(10, 3.0), (20, 2.4)], [(20, 0.5)])
