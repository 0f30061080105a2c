"""What the window remembers between two sittings: its layout, theme, recent files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QSize
from PySide6.QtWidgets import QStyle, QWidget

from marrowscope.gui.slide_view.slide_memory import SlideMemory
from marrowscope.gui.theme import ThemeChoice
from marrowscope.workflow import places

MOST_RECENT = 10
LAYOUT_VERSION = 5


@dataclass(frozen=True, slots=True)
class Recent:
    """Something that was open: what a user calls it, and what opens it again."""

    name: str
    path: Path


def first_size(window: QWidget) -> QSize:
    """Of a window never laid out: what its screen has room for with title bar."""
    bar = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    room = window.screen().availableSize() - QSize(0, 2 * bar)
    return QSize(1440, 900).boundedTo(room)


class WindowMemory:
    """Settings in an INI file of the user's own folder."""

    def __init__(self, folder: Path | None = None) -> None:
        path = (folder or places.data_folder()) / "window.ini"
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
    def model(self) -> str:
        """The model that was chosen last; empty when none ever was."""
        return str(self._settings.value("model", ""))

    @model.setter
    def model(self, name: str) -> None:
        self._settings.setValue("model", name)

    @property
    def atlas(self) -> str:
        """The atlas that cells were compared with last; empty for none."""
        return str(self._settings.value("atlas", ""))

    @atlas.setter
    def atlas(self, name: str) -> None:
        self._settings.setValue("atlas", name)

    @property
    def key_map(self) -> str:
        """The keys that cells were counted with last; empty when none ever were."""
        return str(self._settings.value("key_map", ""))

    @key_map.setter
    def key_map(self, name: str) -> None:
        self._settings.setValue("key_map", name)

    @property
    def wheel_inverted(self) -> bool:
        """Whether the smear is enlarged by turning the wheel towards the reader."""
        return bool(self._settings.value("wheel_inverted", False, bool))

    @wheel_inverted.setter
    def wheel_inverted(self, inverted: bool) -> None:
        self._settings.setValue("wheel_inverted", inverted)

    @property
    def gallery(self) -> tuple[str, str, str]:
        """How cells were grouped and ordered on the wall, and how large; or empty."""
        grouping, order, side = (str(self._settings.value("gallery")) + "||").split(
            "|"
        )[:3]
        return grouping, order, side

    @gallery.setter
    def gallery(self, wished: tuple[str, str, str]) -> None:
        self._settings.setValue("gallery", "|".join(wished))

    @property
    def recent(self) -> list[Recent]:
        """What was opened lately, newest first."""
        value = self._settings.value("recent", [])
        entries = [value] if isinstance(value, str) else list(value or [])  # type: ignore
        parts = [str(entry).split("\t", 1) for entry in entries]
        return [Recent(name, Path(path)) for name, path in (p for p in parts if p[1:])]

    def remember(self, opened: Recent) -> None:
        """Put this first among the recent ones."""
        known = [r for r in self.recent if r.path != opened.path]
        kept = [f"{r.name}\t{r.path}" for r in [opened, *known]][:MOST_RECENT]
        self._settings.setValue("recent", kept)

    def forget_recent(self) -> None:
        self._settings.setValue("recent", [])

    @property
    def recent_commands(self) -> list[str]:
        """Words of what was done by the palette lately, newest first."""
        value = self._settings.value("commands", [])
        return [value] if isinstance(value, str) else [str(v) for v in value or []]  # type: ignore

    def remember_command(self, words: str) -> None:
        """Put this first among the commands done lately."""
        known = [known for known in self.recent_commands if known != words]
        self._settings.setValue("commands", [words, *known][:MOST_RECENT])

    @property
    def slides(self) -> SlideMemory:
        """Where the reader was, and has looked, on the slides seen lately."""
        return SlideMemory(str(self._settings.value("slides", "")))

    @slides.setter
    def slides(self, remembered: SlideMemory) -> None:
        self._settings.setValue("slides", remembered.text)

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
