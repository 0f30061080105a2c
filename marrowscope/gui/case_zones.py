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

    def asks_for(self, slide: int, mpp: float) -> bool:
        """True where this is what somebody wants to know."""
        return self.slide.number == slide and self.mpp == mpp


def look_for_zones(request: ZonesRequest, progress: Progress) -> ZoneMap | None:
    """The slide's zones, kept in the case; None for a photo and when cancelled."""
    return zones_of(request.case.file, request.slide, request.mpp, progress.token)


class CaseZones(QObject):
    """Zone maps by slide, for as long as a case is open. Looked for once per scale.

    One slide at a time: what nobody looks at any more keeps nobody waiting.
    """

    changed = Signal()

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._known: dict[int, tuple[float, ZoneMap | None]] = {}  # slide: mpp, zones
        self._job: Job | None = None
        self.wanted = False

    def of(self, slide: int) -> ZoneMap | None:
        """The zones of a slide; None before they are known, or where none are."""
        return self._known[slide][1] if slide in self._known else None

    def looking(self, slide: int) -> bool:
        """True while a slide's zones are being looked for."""
        return self._job is not None and self._job.request.slide.number == slide

    def forget(self) -> None:
        """Another case is in hand."""
        self.stop()
        self._known = {}

    def stop(self) -> None:
        """Look no further; what is known stays."""
        if self._job is not None:
            self._runner.withdraw(self._job)
            self._job.cancel()
            self._job = None

    def look_for(self, case: OpenedCase | None, entry: SlideEntry | None) -> None:
        """Look for the zones of the slide shown, where they are wanted and unknown."""
        mpp = entry.working_mpp if entry is not None else None
        if not self.wanted or case is None or entry is None or mpp is None:
            self.stop()
            return
        known = self._known.get(entry.number)
        if known is not None and known[0] == mpp:
            return
        if self._job is not None and self._job.request.asks_for(entry.number, mpp):
            return
        self.stop()
        self._known.pop(entry.number, None)
        self._job = Job(ZonesRequest(case, entry.opened, mpp), look_for_zones)
        self._job.answered.connect(self._on_found)
        self._job.ended.connect(self._on_ended)
        self._runner.start(self._job, Lane.ASIDE)

    @Slot(object)
    def _on_found(self, answer: Answer) -> None:
        request: ZonesRequest = answer.request
        if self._job is not None and self._job.request is request:
            self._known[request.slide.number] = request.mpp, answer.value
            self.changed.emit()

    @Slot(object)
    def _on_ended(self, job: Job) -> None:
        if job is self._job:
            self._job = None
