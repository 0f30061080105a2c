"""Calls whose cell the newest reading does not show: listed, each with its place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.actions import Actions
from marrowscope.gui.asking import ask_of_case
from marrowscope.gui.jobs import Answer, Progress
from marrowscope.gui.messages import Message
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.theme import GROUP, RELATED
from marrowscope.store.case_places import UnmatchedVerdict
from marrowscope.workflow.opening import OpenedCase

NONE = Message("Every call has its cell: the newest reading shows them all.")
NOTE = (
    "The newest reading found no cell where these were called. The calls are kept, and"
    " count for nothing. Click one to see its place; a cell that was missed can be"
    " added there (A)."
)


def calls_without_cell(
    request: OpenedCase, progress: Progress
) -> tuple[UnmatchedVerdict, ...]:
    """Read them off the case's file."""
    return tuple(request.file.unmatched_verdicts())


class LostCallsDialog(QDialog):
    """`place_wanted` carries the call whose place shall be seen."""

    place_wanted = Signal(object)

    def __init__(
        self,
        calls: Sequence[UnmatchedVerdict],
        names: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Calls without a cell")
        self.resize(520, 420)
        note = QLabel(NOTE)
        note.setObjectName("quiet")
        note.setWordWrap(True)
        self.list = QListWidget()
        self.list.setObjectName("rows")
        for one, name in zip(calls, names, strict=True):
            item = QListWidgetItem(name)
            item.setData(Qt.ItemDataRole.UserRole, one)
            self.list.addItem(item)
        self.list.itemClicked.connect(self._on_item)
        self.list.itemActivated.connect(self._on_item)
        buttons = QDialogButtonBox()
        buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
        column.setSpacing(RELATED)
        column.addWidget(note)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)

    @Slot(QListWidgetItem)
    def _on_item(self, item: QListWidgetItem) -> None:
        self.place_wanted.emit(item.data(Qt.ItemDataRole.UserRole))


class LostCalls(QObject):
    """Looks the calls up and shows them over the window."""

    def __init__(self, session: CaseSession, pair: SlidePair, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._pair, self._window = session, pair, window
        self.dialog: LostCallsDialog | None = None

    def add_actions(self, actions: Actions) -> None:
        """What the menu offers of this."""
        actions.add("lost_calls", "Calls &without a cell…", self.show)

    @Slot()
    def show(self) -> None:
        """Look them up; the list follows, or a word that there are none."""
        case = self._session.opened_case
        if case is not None:
            ask_of_case(self._session, case, calls_without_cell, self._on_found)

    @Slot(object)
    def _on_found(self, answer: Answer) -> None:
        calls: tuple[UnmatchedVerdict, ...] = answer.value
        if not calls:
            self._session.say(NONE)
            return
        names = [self._named(one) for one in calls]
        self.dialog = LostCallsDialog(calls, names, self._window)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.place_wanted.connect(self._on_place)
        self.dialog.show()

    def _named(self, one: UnmatchedVerdict) -> str:
        slide, (x, y) = self._session.slide_of(one.slide), one.box.centre
        what = self._session.taxonomy.name_of(one.verdict.lines)
        where = slide.name if slide else f"slide {one.slide}"
        place = f"x {x:,.0f}, y {y:,.0f} px"
        if slide is not None and slide.mpp:
            place = f"x {x * slide.mpp:,.0f}, y {y * slide.mpp:,.0f} µm"
        said = f"{one.verdict.reader}, {one.verdict.at[:10]}"
        return f"{what}  ·  {where}, {place}  ·  {said}"

    @Slot(object)
    def _on_place(self, one: UnmatchedVerdict) -> None:
        self._session.show_slide(one.slide)
        self._pair.active.navigator.reveal(one.box)
