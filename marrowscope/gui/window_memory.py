"""What the window remembers between two sittings: its layout, theme, recent files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from marrowscope.gui.theme import ThemeChoice
from marrowscope.workflow import places

MOST_RECENT = 10
LAYOUT_VERSION = 1


class WindowMemory:
    """Settings in an INI file of the user's own folder."""

    def __init__(self) -> None:
        path = places.data_folder() / "window.ini"
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def theme(self) -> ThemeChoice:
        try:
            return ThemeChoice(str(self._settings.value("theme", "dark")))
        except ValueError:
            return ThemeChoice.DARK

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._settings.setValue("theme", choice.value)

    @property
    def recent(self) -> list[Path]:
        """What was opened lately and is still there to be named, newest first."""
        value = self._settings.value("recent", [])
        names = [value] if isinstance(value, str) else list(value or [])  # type: ignore
        return [Path(str(name)) for name in names if name]

    def remember(self, paths: Sequence[Path]) -> None:
        """Put these first among the recent ones."""
        known = [p for p in self.recent if p not in paths]
        kept = [str(p) for p in [*paths[:1], *known]][:MOST_RECENT]
        self._settings.setValue("recent", kept)

    def forget_recent(self) -> None:
        self._settings.setValue("recent", [])

    def folder(self) -> Path:
        """Where the user looked last."""
        return Path(str(self._settings.value("folder", str(Path.home()))))

    def remember_folder(self, folder: Path) -> None:
        self._settings.setValue("folder", str(folder))

    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """Geometry and docks, as saved by this version's window."""
        if self._settings.value("layout", 0, int) != LAYOUT_VERSION:
            return None
        geometry = self._settings.value("geometry")
        docks = self._settings.value("docks")
        if not isinstance(geometry, QByteArray) or not isinstance(docks, QByteArray):
            return None
        return geometry, docks

    def keep_layout(self, geometry: QByteArray, docks: QByteArray) -> None:
        self._settings.setValue("layout", LAYOUT_VERSION)
        self._settings.setValue("geometry", geometry)
        self._settings.setValue("docks", docks)
        self._settings.sync()
