"""Pages to read: what this program is for, what a model is, which keys there are."""

from __future__ import annotations

import html
import platform
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QMenuBar,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from marrowscope import __version__
from marrowscope.gui.menu_walk import placed_actions
from marrowscope.gui.theme import GROUP
from marrowscope.inference.bundle import Bundle

INTENDED_USE = (
    "MarrowScope finds and names nucleated cells on bone marrow smears and says how "
    "sure each percentage is. It is for research use only and not for use in "
    "diagnostic procedures. What a model suggests is never a result: only cells that "
    "a reader has confirmed are counted as such, with interval and verdict."
)
KEY_COLUMN = 236  # pixels
MOUSE = (
    ("Wheel", "Zoom at the cursor"),
    ("Drag, Space and drag, middle button", "Move the smear; it glides when thrown"),
    ("Ctrl+Shift+wheel, Alt+drag", "Turn freely"),
    ("Double-click", "100x there and back"),
    ("Arrows, Shift+arrows", "A little further, a whole view further"),
    ("Click, Ctrl+click, Shift+drag", "Select, add, select many"),
    ("Esc", "Lay the tool down, let the selection go"),
)
DRAWING = (
    ("Drag, or click corner after corner", "A rectangle or a line by hand; a polygon"),
    ("Double-click or Enter", "Close the polygon"),
    ("Drag a corner or the outline", "Change or move the region in hand"),
    ("Delete, Esc", "Remove it, let it go"),
)
CELLS = (
    ("Click, or drag a box", "Add a missed cell; then the key of its class, or Enter"),
    ("Drag a line", "Split the selected cell where the line runs"),
    ("Drag a handle, or the box", "Redraw the box of the selected cell"),
    ("Esc", "Drop the box, lay the tool down"),
)
MEASURING = (
    ("Drag", "One line"),
    ("Click, click, Enter or double-click", "A line of several sides"),
    ("Click on the first point", "Close it, and measure its area"),
    ("Shift", "At right angles"),
    ("Backspace, Delete, Esc", "The last point, this line, all lines away"),
)
WITHOUT = (
    "What has no key is found by its name: {palette}, a few letters, Enter. The menus "
    "open with Alt and the letter that is underlined."
)


def about_page() -> str:
    """Intended use first, then versions and licences."""
    versions = {
        "MarrowScope": __version__,
        "Python": platform.python_version(),
        "Qt": qVersion(),
        "System": platform.platform(terse=True),
    }
    return "".join(
        [
            "<h2>MarrowScope</h2>",
            _paragraph(INTENDED_USE),
            _table(versions.items()),
            _paragraph(
                "Apache License 2.0. Qt for Python: LGPL-3. OpenSlide: LGPL-2.1. "
                "Icons: Lucide, ISC licence."
            ),
        ]
    )


def keys_page(bar: QMenuBar, *, palette: str) -> str:
    """Every key of every menu, then the mouse; `palette` is the key of the palette."""
    parts = ["<h2>Keys and mouse</h2>", _paragraph(WITHOUT.format(palette=palette))]
    keyed = (placed for placed in placed_actions(bar) if placed.keys)
    for menu, group in groupby(keyed, lambda placed: placed.menus[0]):
        rows = [(" or ".join(placed.keys), placed.words) for placed in group]
        parts += [f"<h3>{html.escape(menu)}</h3>", _table(rows, first=KEY_COLUMN)]
    parts += ["<h3>Mouse and arrows</h3>", _table(MOUSE, first=KEY_COLUMN)]
    parts += ["<h3>While measuring</h3>", _table(MEASURING, first=KEY_COLUMN)]
    parts += ["<h3>While drawing cells</h3>", _table(CELLS, first=KEY_COLUMN)]
    parts += ["<h3>While drawing regions</h3>", _table(DRAWING, first=KEY_COLUMN)]
    return "".join(parts)


def model_page(bundle: Bundle) -> str:
    """The model's card: use, limits, training data, accuracy, identity."""
    card, known = bundle.card, bundle.identity
    parts = [
        f"<h2>{html.escape(card.title)}</h2>",
        _paragraph(card.intended_use),
        "<h3>Limits</h3>",
        _bullets(card.limits),
        "<h3>Learned from</h3>",
        _paragraph(card.summary),
        _bullets(card.trained_on),
        "<h3>Measured accuracy</h3>",
        _table(_flat(card.accuracy)),
        "<h3>When a cell is suggested as dysplastic</h3>",
        _paragraph(bundle.vocabulary.dysplasia_rule),
        "<h3>Identity</h3>",
        _table(
            (
                ("Name", f"{known.name} {known.version}"),
                ("Family", known.family),
                ("SHA-256", known.sha256),
                ("Licence", card.licence),
            )
        ),
    ]
    return "".join(parts)


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _bullets(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(t)}</li>" for t in texts) + "</ul>"


def _table(rows: Iterable[tuple[str, object]], *, first: int = 0) -> str:
    """Two columns; `first` is the least width of the first in pixels."""
    cells = "".join(
        f"<tr><td width='{first}' style='padding-right:16px'>"
        f"{html.escape(str(name))}</td>"
        f"<td>{html.escape(str(value))}</td></tr>"
        for name, value in rows
    )
    return f"<table cellspacing='4'>{cells}</table>"


def _flat(values: Mapping[str, Any], before: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in values.items():
        label = f"{before}{name.replace('_', ' ')}"
        if isinstance(value, Mapping):
            found += _flat(value, f"{label}: ")
        else:
            shown = f"{value:.3g}" if isinstance(value, float) else value
            found.append((label, shown))
    return found


class PageDialog(QDialog):
    """One page of text in a window of its own; never in the way."""

    def __init__(
        self,
        title: str,
        page: str,
        parent: QWidget | None = None,
        *,
        height: int = 480,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(560, height)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
        self.text = QTextBrowser()
        self.text.setHtml(page)
        self.text.setOpenExternalLinks(True)
        column.addWidget(self.text)
        buttons = QDialogButtonBox()
        buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
