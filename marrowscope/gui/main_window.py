"""The window: docks around the smear, and nothing else of its own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.action_list import add_actions
from marrowscope.gui.action_states import show_states
from marrowscope.gui.actions import Actions
from marrowscope.gui.banner import Banner
from marrowscope.gui.case_state import Changes
from marrowscope.gui.command_palette.panel import CommandPalette
from marrowscope.gui.counting.modes import CountModes
from marrowscope.gui.deeds import PALETTE_KEYS, Deeds
from marrowscope.gui.empty_state import EmptyState
from marrowscope.gui.lost_calls import LostCalls
from marrowscope.gui.menus import PRIMARY, Tools, fill_menus
from marrowscope.gui.notice_line import NoticeLine
from marrowscope.gui.panels import Panels
from marrowscope.gui.protected_case import ProtectedCaseDeeds
from marrowscope.gui.recent_inputs import RecentInputs
from marrowscope.gui.region_deeds import RegionDeeds
from marrowscope.gui.review.desk import ReviewDesk
from marrowscope.gui.review.strip import ReviewStrip
from marrowscope.gui.second_reader.deeds import SecondReaderDeeds
from marrowscope.gui.second_reader.strip import SecondReaderStrip
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.gui.smear_deeds import SmearDeeds
from marrowscope.gui.status_line import StatusLine
from marrowscope.gui.stylesheet import stylesheet
from marrowscope.gui.submenus import Submenus
from marrowscope.gui.target_choice import TargetChoice
from marrowscope.gui.theme import Appearance, qt_palette
from marrowscope.gui.tool_switches import offer_tools
from marrowscope.gui.window_memory import WindowMemory, first_size

ONLY_LOOKED_AT = "{name} (only to be looked at)"


class MainWindow(QMainWindow):
    """Everything a reader sees. It owns no state but its layout."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        memory: WindowMemory | None = None,
    ) -> None:
        super().__init__()
        self.session, self.appearance = session, appearance
        self.memory = memory or WindowMemory()
        self.pair = SlidePair(session, appearance, self.memory.slides)
        self.actions_ = Actions(self, self.pair)
        self.deeds = Deeds(session, self.pair, self.memory, self, appearance)
        self.looking = SmearDeeds(session, self.pair, self)
        outlining = RegionDeeds(session, self.pair, self.memory, self)
        add_actions(self.actions_, self.deeds, self.looking, outlining, session)
        self._offer_deeds()
        self._offer_sides()
        self.empty = EmptyState(
            appearance, [self.actions_["open"], self.actions_["open_folder"]]
        )
        self.status = StatusLine(session, appearance)
        self._arrange()
        self.panels = Panels(self, session, appearance, self.memory)
        self.palette_ = CommandPalette(
            self, session, memory=self.memory, appearance=appearance
        )
        self._add_own_actions()
        look = self.actions_, appearance
        menus = Submenus(self, session, *look, self.panels, self.pair, self.memory)
        self.recent, self.models = menus.recent, menus.models
        fill_menus(self, self.actions_, menus.by_name())
        self.tools = Tools(self, self.actions_, TargetChoice(self.session))
        # Toolbar, smear, panels: the order that they are read in.
        self.setTabOrder(self.tools.last, self.smear)
        self._connect()
        self._dress()
        self._refresh()
        self._recall()
        self.setFocus()

    @property
    def smear(self) -> SlideView:
        """The view that keys and actions are for."""
        return self.pair.active

    def _offer_deeds(self) -> None:
        self.second = SecondReaderDeeds(self.session, self)
        self.second.add_actions(self.actions_)
        self.protected = ProtectedCaseDeeds(self.session, self)
        self.protected.add_actions(self.actions_)

    def _offer_sides(self) -> None:
        actions = self.actions_
        self.pair.offer(actions["synchronise"], actions["side_by_side"])
        for name in ("synchronise", "other_side"):
            actions[name].setEnabled(False)
            actions["side_by_side"].toggled.connect(actions[name].setEnabled)

    # Parts -----------------------------------------------------------------------

    def _arrange(self) -> None:
        self.setWindowTitle("MarrowScope")
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.pair)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Banner(self.session, self.appearance))
        self.notice = NoticeLine(self.session, self.appearance)
        column.addWidget(self.notice)
        column.addWidget(SecondReaderStrip(self.second.desk))
        self.review = ReviewDesk(self.session, self)
        column.addWidget(ReviewStrip(self.review, self.session))
        column.addWidget(self.pages, 1)
        self.counting = CountModes(
            self.session,
            self.pair,
            self,
            self.appearance,
            pages=self.pages,
            memory=self.memory,
        )
        self.counting.smear.name_itself(self.status)
        column.addWidget(self.counting.smear.strip)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)

    def _add_own_actions(self) -> None:
        add = self.actions_.add
        offer_tools(self.actions_, self.pair)
        add(
            "full_screen",
            "&Full screen",
            self._on_full_screen,
            key="F11",
            checked=False,
        )
        self.panels.offer(self.actions_)
        self.panels.offer_gallery(self.actions_, self.counting.smear.counter, self.pair)
        self.panels.gallery.sort_by(self.review.impact)
        self.counting.add_actions(self.actions_)
        self.lost = LostCalls(self.session, self.pair, self)
        self.lost.add_actions(self.actions_)
        self.review.add_actions(self.actions_)
        self.panels.offer_count(self.actions_, self.counting.smear)
        find = self.palette_.toggle
        add("palette", "Find a &command…", find, key=" ".join(PALETTE_KEYS))
        find_cell = self.palette_.open_for_cell
        add("find_cell", "&Find a cell by its number…", find_cell, key="Ctrl+F")
        add("quit", "&Quit", self.close, key="Ctrl+Q")

    def _connect(self) -> None:
        self.session.changed.connect(self._on_changed)
        self.appearance.changed.connect(self._dress)
        self.pair.magnified.connect(self.status.show_magnification)
        self.pair.pointed.connect(self.status.show_point)
        self.looking.told.connect(self.status.say)
        self.status.calibration_wanted.connect(self.deeds.calibrate)
        self.notice.find_wanted.connect(self.deeds.find_slide)
        self.notice.reading_wanted.connect(self.deeds.read_again)
        self.notice.map_wanted.connect(self.deeds.show_photo_map)
        self.notice.amend_wanted.connect(self.deeds.report.amend)
        self.notice.copy_wanted.connect(self.protected.ask)
        self.counting.changed.connect(self._refresh)
        RecentInputs(self.session, self.memory, self.recent, self.empty, self)
        self.models.chosen.connect(self._on_model)
        self.models.show_current(self.session.chosen_model)

    # What changes ----------------------------------------------------------------

    @Slot()
    def _dress(self) -> None:
        theme = self.appearance.theme
        self.setStyleSheet(stylesheet(theme))
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(qt_palette(theme))
        self.actions_.dress(theme, primary=PRIMARY)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE:
            self.memory.slides = self.pair.remembered()
        seldom = (
            Changes.CASE
            | Changes.OPENING
            | Changes.SLIDE
            | Changes.RUN
            | Changes.VERDICTS
            | Changes.HISTORY
            | Changes.SELECTION
            | Changes.REGIONS
            | Changes.SIGNING
            | Changes.READING
        )
        if change & seldom:
            self._refresh()
        if change & Changes.CASE and self.session.slides:
            self.smear.setFocus()

    @Slot()
    def _refresh(self) -> None:
        session = self.session
        scope = self.counting.scope
        page = self.empty if session.slide is None else self.pair
        self.pages.setCurrentWidget(scope.page if scope.active else page)
        self.empty.show_state(opening=session.opening, missing=bool(session.missing))
        self.models.setEnabled(not session.run.active)
        show_states(self.actions_, session)
        self._show_title()

    def _show_title(self) -> None:
        session = self.session
        numbers = [s.number for s in session.slides]
        place = ""
        if session.slide is not None and len(numbers) > 1:
            here = numbers.index(session.slide.number) + 1
            place = f"picture {here} of {len(numbers)}"
        name = session.case_name
        if session.protected:
            name = ONLY_LOOKED_AT.format(name=name)
        self.tools.show_case(name, place)
        self.setWindowTitle(f"{name} – MarrowScope" if name else "MarrowScope")

    @Slot(str)
    def _on_model(self, name: str) -> None:
        self.memory.model = name
        self.models.show_current(name)
        self.session.look_for_model(name)

    @Slot(bool)
    def _on_full_screen(self, full: bool) -> None:
        if full:
            self.showFullScreen()
        else:
            self.showNormal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that no panel has a use for gives the keys back to the smear."""
        if event.key() == Qt.Key.Key_Escape:
            self.smear.setFocus()
        else:
            super().keyPressEvent(event)

    # Dropping and closing --------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        event.acceptProposedAction()
        self.deeds.open(paths)

    def _recall(self) -> None:
        self.actions_["wheel"].setChecked(self.memory.wheel_inverted)
        self.resize(first_size(self))
        layout = self.memory.layout()
        if layout is None:
            self.panels.lay_out_as_first()
            return
        self.restoreGeometry(layout[0])
        self.restoreState(layout[1])

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.actions_["docks"].isChecked():
            self.actions_["docks"].setChecked(False)
        self.memory.slides = self.pair.remembered()
        self.memory.wheel_inverted = self.actions_["wheel"].isChecked()
        self.memory.keep_layout(self.saveGeometry(), self.saveState())
        for dialog in list(self.deeds.dialogs):
            dialog.close()
        self.hide()  # a share that hangs may keep the workers for seconds
        self.session.close()
        event.accept()
