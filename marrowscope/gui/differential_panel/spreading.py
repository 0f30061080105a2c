"""How far the reported lines vary from field to field, worked out behind the scenes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.area_spread import AreaSpread
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted
from marrowscope.domain.dysplasia import GOOD
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.review import Verdict
from marrowscope.domain.typed_facts import Quality
from marrowscope.gui.case_state import Changes
from marrowscope.gui.jobs import Lane, Progress
from marrowscope.gui.latest_job import LatestJob
from marrowscope.gui.session import CaseSession
from marrowscope.workflow.area import area_spreads
from marrowscope.workflow.fields_read import FieldsRead


@dataclass(frozen=True, slots=True, eq=False)
class SpreadRequest:
    """The calls of now, and the fields their cells may lie in."""

    table: CellTable
    verdicts: Mapping[int, Verdict]
    fields: FieldsRead
    counted: Counted | None
    formal: FormalCount | None
    quality: Quality


def spreads_now(
    request: SpreadRequest, progress: Progress
) -> tuple[SpreadRequest, tuple[AreaSpread, ...]]:
    """What other fields would have given, and what it was asked of."""
    found = area_spreads(
        request.table,
        request.verdicts,
        request.fields,
        counted=request.counted,
        formal=request.formal,
        quality=request.quality,
    )
    return request, found


class Spreading(QObject):
    """`spreads` follow the calls, some milliseconds behind; `changed` says so."""

    changed = Signal()

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.spreads: tuple[AreaSpread, ...] = ()
        self._job = LatestJob(
            session.runner, Lane.ASIDE, spreads_now, self, after=(Lane.CELLS,)
        )
        self._job.answered.connect(self._on_answer)

    def follow(self, changes: Changes) -> None:
        """Work them out anew where calls, cells or regions are others."""
        session = self._session
        if changes & Changes.CASE:
            self._job.drop()
            self.spreads = ()
        table = session.table
        if table is None or not session.verdicts or session.run.active:
            return
        self._job.ask(
            SpreadRequest(
                table,
                dict(session.verdicts),
                session.fields_read,
                session.counted,
                session.formal.count,
                session.counts.quality if session.counts else GOOD,
            )
        )

    @Slot(object)
    def _on_answer(self, answer: tuple[SpreadRequest, tuple[AreaSpread, ...]]) -> None:
        request, spreads = answer
        if request.table is self._session.table and spreads != self.spreads:
            self.spreads = spreads
            self.changed.emit()
