"""Kappa of every two readers, with its interval."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes

from marrowscope.evaluation.agreement import MODEL, AgreementReport
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
        # The model in a colour of its own, people among themselves in another.
        colour = COLOURS[1 if MODEL in (one.lower() for one in pair.readers) else 0]
        if pair.interval:
            limits = [pair.interval.low, pair.interval.high]
            axes.plot(limits, [row, row], color=colour, lw=1.4)
        axes.scatter([pair.kappa], [row], s=24, color=colour)
        axes.text(1.03, row, f"{pair.kappa:.3f}", va="center", size=8)
    names = [f"{a} – {b}" for a, b in (pair.readers for pair in report.pairs)]
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(_least(report), 1.0), ylim=(len(names) - 0.5, -0.5), xlabel="kappa")
    axes.set_title("Agreement of readers, with 95 % intervals")


def _least(report: AgreementReport) -> float:
    """Where the axis begins: 0, or below the lowest interval where one is negative."""
    lows = [pair.interval.low for pair in report.pairs if pair.interval]
    return min([-0.05, *(low - 0.05 for low in lows)])
