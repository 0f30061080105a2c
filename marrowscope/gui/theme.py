"""How the frame around the smear looks: neutral greys, three type sizes, one accent."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QPalette,
)

from marrowscope.gui.palette import CellPalette, load_cell_palette
from marrowscope.workflow import places

SMALL, BASE, LARGE = 11, 13, 18  # pixels; the only three sizes
STEP, RELATED, GROUP = 4, 8, 16  # pixels; spacing
FONT_FALLBACKS = ["IBM Plex Sans", "Inter", "Segoe UI", "SF Pro Text", "Noto Sans"]


class ThemeChoice(StrEnum):
    """What a user may choose."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of the frame; `calm` is for permanent, unalarming trust marks."""

    name: str
    window: QColor
    panel: QColor
    raised: QColor
    field: QColor
    hairline: QColor
    text: QColor
    quiet: QColor
    faint: QColor
    accent: QColor
    accent_text: QColor
    calm: QColor
    hover: QColor
    pressed: QColor

    @property
    def is_dark(self) -> bool:
        return self.window.lightness() < 128


@lru_cache(maxsize=4)
def load_theme(name: str) -> Theme:
    """Read resources/palettes/<name>.toml; `name` is "dark" or "light"."""
    path = places.resources() / "palettes" / f"{name}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    colours = {key: QColor(value) for key, value in data.items() if key != "name"}
    return Theme(name=data["name"], **colours)


class Appearance(QObject):
    """The theme and cell palette in use. Every panel takes it in its constructor.

    `changed` says: paint yourself again with `theme` and `cells`.
    """

    changed = Signal()

    def __init__(
        self, choice: ThemeChoice = ThemeChoice.DARK, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._choice = choice
        self._theme = load_theme(_resolved(choice))
        self._cells = load_cell_palette()

    @property
    def choice(self) -> ThemeChoice:
        return self._choice

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def cells(self) -> CellPalette:
        return self._cells

    def choose(self, choice: ThemeChoice) -> None:
        """Use another theme from now on."""
        self._choice = choice
        theme = load_theme(_resolved(choice))
        if theme is not self._theme:
            self._theme = theme
            self.changed.emit()


def _resolved(choice: ThemeChoice) -> str:
    if choice is not ThemeChoice.SYSTEM:
        return choice.value
    application = QGuiApplication.instance()
    if isinstance(application, QGuiApplication):
        scheme = application.styleHints().colorScheme()
        if scheme is Qt.ColorScheme.Light:
            return "light"
    return "dark"


@lru_cache(maxsize=1)
def _family() -> str:
    """The shipped open font, else the system's own sans."""
    folder = places.resources() / "fonts"
    for path in sorted(folder.glob("*.[to]tf")) if folder.is_dir() else []:
        QFontDatabase.addApplicationFont(str(path))
    known = set(QFontDatabase.families())
    return next((f for f in FONT_FALLBACKS if f in known), "")


def font(size: int = BASE, *, bold: bool = False) -> QFont:
    """The window's font at one of the three sizes, with figures of equal width."""
    chosen = QFont(_family()) if _family() else QFont()
    chosen.setPixelSize(size)
    chosen.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    chosen.setFeature(QFont.Tag("tnum"), 1)
    return chosen


def qt_palette(theme: Theme) -> QPalette:
    """The theme for Qt's own widgets."""
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.PlaceholderText: theme.faint,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.accent_text,
        role.Link: theme.accent,
        role.Mid: theme.hairline,
    }
    for key, colour in colours.items():
        palette.setColor(key, colour)
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, theme.faint)
    return palette
