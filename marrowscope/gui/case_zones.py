"""The zones of the case's slides, looked for on a worker when somebody wants them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.gui.case_state import SlideEntry
from marrowscope.gui.jobs import Answer, Job, JobRunner, Lane, Progress
from marrowscope.imaging.counting_zone.zone_map import ZoneMap
from marrowscope.workflow.opening import OpenedCase, OpenedSlide
from marrowscope.workflow.zones import zones_of


@dataclass(frozen=True, slots=True)
class ZonesRequest:
    """A slide of a case, and the microns per level-0 pixel to believe."""

    case: OpenedCase
    slide: OpenedSlide
    mpp: float


def look_for_zones(request: ZonesRequest, progress: Progress) -> ZoneMap | None:
    """The slide's zones, kept in the case; None for a photo."""
    return zones_of(request.case.file, request.slide, request.mpp)


class CaseZones(QObject):
    """Zone maps by slide, for as long as a case is open. Looked for once per scale."""

    changed = Signal()

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._asked: dict[int, ZonesRequest] = {}
        self._known: dict[int, ZoneMap | None] = {}
        self.wanted = False

    def of(self, slide: int) -> ZoneMap | None:
        """The zones of a slide; None before they are known, or where none are."""
        return self._known.get(slide)

    def looking(self, slide: int) -> bool:
        """True while a slide's zones are being looked for."""
        return slide in self._asked and slide not in self._known

    def forget(self) -> None:
        """Another case is in hand."""
        self._asked, self._known = {}, {}

    def look_for(self, case: OpenedCase | None, entry: SlideEntry | None) -> None:
        """Look for the zones of the slide shown, where they are wanted and unknown."""
        if not self.wanted or case is None or entry is None:
            return
        mpp = entry.working_mpp
        if mpp is None:
            return
        request, known = (
            ZonesRequest(case, entry.opened, mpp),
            self._asked.get(entry.number),
        )
        if known is not None and known.mpp == mpp:
            return
        self._asked[entry.number] = request
        self._known.pop(entry.number, None)
        job = Job(request, look_for_zones)
        job.answered.connect(self._on_found)
        self._runner.start(job, Lane.ASIDE)

    @Slot(object)
    def _on_found(self, answer: Answer) -> None:
        request: ZonesRequest = answer.request
        if self._asked.get(request.slide.number) is request:
            self._known[request.slide.number] = answer.value
            self.changed.emit()
