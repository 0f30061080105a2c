"""Kappa of every two readers, with its interval."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes

from marrowscope.evaluation.agreement import AgreementReport
from marrowscope.evaluation.figures.look import COLOURS, save, style


def agreement_figure(
    report: AgreementReport, folder: Path, *, fonts: Path | None = None
) -> list[Path]:
    """Kappa of every two readers with its interval."""
    folder.mkdir(parents=True, exist_ok=True)
    height = 1.2 + 0.34 * len(report.pairs)
    with style(fonts):
        path = folder / "kappa"
        return [save(lambda axes: _kappas(axes, report), path, size=(5.2, height))]


def _kappas(axes: Axes, report: AgreementReport) -> None:
    for row, pair in enumerate(report.pairs):
        if pair.kappa is None:
            continue
        if pair.interval:
            limits = [pair.interval.low, pair.interval.high]
            axes.plot(limits, [row, row], color=COLOURS[0], lw=1.4)
        axes.scatter([pair.kappa], [row], s=24, color=COLOURS[0])
        axes.text(1.03, row, f"{pair.kappa:.3f}", va="center", size=8)
    names = [f"{a} – {b}" for a, b in (pair.readers for pair in report.pairs)]
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(-0.05, 1.0), ylim=(len(names) - 0.5, -0.5), xlabel="kappa")
    axes.set_title("Agreement of readers, with 95 % intervals")
