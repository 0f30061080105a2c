"""The look that all figures share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe & Ito 2008: eight colours that colour-blind readers tell apart.
COLOURS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7"),
    *("#E69F00", "#56B4E9", "#5B4B8A", "#8C8C8C"),
)
INK, GREY, PALE = "#20242B", "#9AA1AB", "#DCE1E7"
DPI = 160
SQUARE, WITH_LEGEND = (4.4, 4.2), (6.0, 4.2)
Draw = Callable[[Axes], None]


@contextmanager
def style(fonts: Path | None) -> Iterator[None]:
    """The look of every figure; `fonts`: a folder of fonts to use."""
    look: dict[Any, Any] = {
        "font.family": [*_families(fonts), "DejaVu Sans"],
        "font.size": 9,
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10,
        "axes.titleweight": "semibold",
        "axes.titlelocation": "left",
        "axes.titlepad": 10,
        "axes.prop_cycle": cycler(color=COLOURS),
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "legend.frameon": False,
        "legend.fontsize": 8,
        "svg.fonttype": "none",
        "svg.hashsalt": "marrowscope",
    }
    # Fonts of other scripts have no semibold; matplotlib would say so for each.
    chatter = logging.getLogger("matplotlib.font_manager")
    level = chatter.level
    chatter.setLevel(logging.ERROR)
    try:
        with mpl.rc_context(look):
            yield
    finally:
        chatter.setLevel(level)


def _families(fonts: Path | None) -> list[str]:
    """The families of a folder's fonts, the plain one before those of other scripts."""
    names = set()
    for font in sorted(fonts.glob("*.[ot]tf")) if fonts else ():
        font_manager.fontManager.addfont(font)
        names.add(font_manager.FontProperties(fname=font).get_name())
    return sorted(names, key=lambda name: (len(name), name))


def spoken(name: str) -> str:
    """An id as it is read aloud: blanks for underscores."""
    return name.replace("_", " ")


def save(draw: Draw, path: Path, *, size: tuple[float, float] = SQUARE) -> Path:
    """Draw one figure and write ``path.png`` and ``path.svg``; size in inches."""
    figure = Figure(figsize=size, layout="constrained")
    draw(figure.add_subplot())
    figure.savefig(path.with_suffix(".png"), dpi=DPI)
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})
    return path.with_suffix(".png")


def line_of(number: int) -> dict[str, Any]:
    """Colour and dashes of the nth curve: after eight colours the dashes change."""
    dashes = ("-", (0, (4, 1.5)), (0, (1, 1)))[number // len(COLOURS) % 3]
    return {"color": COLOURS[number % len(COLOURS)], "ls": dashes, "lw": 1.4}


def unit_square(axes: Axes, *, x: str, y: str, title: str) -> None:
    """Both axes from 0 to 1."""
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), xlabel=x, ylabel=y, title=title)
    axes.set_aspect("equal")


def legend_beside(axes: Axes, title: str) -> None:
    """A legend to the right of the axes, where it hides no curve."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            loc="center left",
            bbox_to_anchor=(1.02, 0.5),
            title=title,
            alignment="left",
            title_fontsize=8,
            handlelength=1.6,
        )
