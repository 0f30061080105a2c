"""The table of what was tried: printed, for the card, and for benchmarks/."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from marrowscope.training.precision.deciding import DEVICES, Trial
from marrowscope.training.precision.judging import Judged
from marrowscope.training.precision.making import Made

TITLE = "Precision"  # of the section of a card
HEAD = (
    "| file | MB | ms | times as fast | convolutions in fp32 | macro-F1 | AP50 | "
    "calibration error | same class | farthest probability | shipped |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)
EXPLAINED = (
    "Processor time of one picture (a crop, or the largest training field) on one core "
    "of {processor}, median of {rounds} interleaved rounds. Real cells of `val`, read "
    "as a run reads them; AP50 of TXL-PBC `val` and `marrow_fields`; all in percent. "
    "A precision is shipped where macro-F1 and AP50 fall by at most 0.5 points in "
    "every set; int8 (for processors) where it is 1.1 times as fast, fp16 (for "
    "graphics cards) where it names 99.5 % of cells alike. fp16 was never timed on a "
    "graphics card: none was at hand."
)


def table(
    made: Sequence[Made], exact: Judged, trials: Sequence[Trial]
) -> Iterator[str]:
    """One row per file; those tried together share their figures."""
    whole = {m.role: m for m in made if m.precision == "fp32"}
    yield HEAD
    for one in whole.values():
        figures = [_by_set(v) for v in (exact.macro_f1, exact.ap50, exact.ece)]
        yield _row([one.path.name, *_size(one, one), *figures, "", "", "every device"])
    for trial in trials:
        for one in trial.networks:
            yield _row([one.path.name, *_size(one, whole[one.role]), *_figures(trial)])
    tried = {one.path for trial in trials for one in trial.networks}
    for one in made:
        if one.precision != "fp32" and one.path not in tried:
            why = "no: gains too little"
            size = _size(one, whole[one.role])
            yield _row([one.path.name, *size, "", "", "", "", "", why])


def _figures(trial: Trial) -> list[str]:
    judged = trial.judged
    return [
        *(_by_set(v) for v in (judged.macro_f1, judged.ap50, judged.ece)),
        f"{100 * trial.loss.agreement:.2f}",
        f"{trial.loss.farthest:.3f}",
        f"no: {trial.against}"
        if trial.against
        else ", ".join(DEVICES[trial.precision]),
    ]


def _size(one: Made, whole: Made) -> list[str]:
    faster = "" if one is whole else f"{whole.ms / one.ms:.2f}"
    kept = str(len(one.kept)) if one.precision == "int8" else ""
    return [f"{one.megabytes:.1f}", f"{one.ms:.1f}", faster, kept]


def _by_set(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in values.items())


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def write_section(path: Path, title: str, text: str) -> None:
    """Put `text` under the heading of that title, in place of what stood there."""
    section = f"## {title}\n\n{text.strip()}\n"
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = _section(old, title)
    if found:
        section = old[: found.start()] + section + "\n" + old[found.end() :]
    else:
        section = f"{old.rstrip()}\n\n{section}"
    path.write_text(section.strip() + "\n", encoding="utf-8")


def read_section(path: Path, title: str) -> str:
    """What stands under the heading of that title; empty where there is none."""
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = _section(old, title)
    return found[1].strip() if found else ""


def _section(text: str, title: str) -> re.Match[str] | None:
    """A heading and what follows up to the next one; group 1 lacks the heading."""
    return re.search(rf"(?ms)^## {re.escape(title)}$(.*?)(?=^## |\Z)", text)
