"""What the window's actions do with regions: draw, remove, take from files, give."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from marrowscope.domain.regions import RegionKind
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.slide_view.tools.region_pen import Manner
from marrowscope.gui.window_memory import WindowMemory
from marrowscope.workflow.regions import SUFFIX

FILTER = f"Regions (*{SUFFIX} *.json);;All files (*)"


class RegionDeeds(QObject):
    """One method per deed."""

    def __init__(
        self,
        session: CaseSession,
        pair: SlidePair,
        memory: WindowMemory,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._pair = session, pair
        self._memory, self._window = memory, window

    @Slot()
    def draw_rectangle(self) -> None:
        self._pair.active.region_tools.draw(Manner.RECTANGLE)

    @Slot()
    def draw_polygon(self) -> None:
        self._pair.active.region_tools.draw(Manner.POLYGON)

    @Slot()
    def draw_freehand(self) -> None:
        self._pair.active.region_tools.draw(Manner.FREEHAND)

    @Slot()
    def turn(self) -> None:
        """Leave the region in hand out of the count, or count it again."""
        if (region := self._session.region) is not None:
            kinds = RegionKind.EXCLUDE, RegionKind.INCLUDE
            kind = kinds[not region.included]
            self._session.change_region(replace(region, kind=kind))

    @Slot()
    def remove(self) -> None:
        self._session.remove_region()

    @Slot()
    def take(self) -> None:
        """Ask for a file of regions for the slide shown."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Take regions from", str(self._memory.folder()), FILTER
        )
        if name:
            self._session.import_regions(Path(name))

    @Slot()
    def give(self) -> None:
        """Ask where regions and cells of the slide shown shall be saved."""
        shown = self._session.slide
        if shown is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            "Save regions and cells as",
            str(self._memory.folder() / f"{Path(shown.name).stem}{SUFFIX}"),
            FILTER,
        )
        if name:
            self._session.export_regions(Path(name))
