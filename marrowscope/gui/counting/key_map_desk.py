"""Fetches the key maps, shows them, keeps what is changed and prints the sheet."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from marrowscope.domain.key_map import KeyMap
from marrowscope.gui.counting.key_map_dialog import KeyMapDialog
from marrowscope.gui.counting.key_map_jobs import (
    KeyMapRequest,
    KeyMapsAtHand,
    SheetRequest,
    maps_at_hand,
    print_sheet,
)
from marrowscope.gui.counting.keyboard_rows import keyboard, used_rows
from marrowscope.gui.jobs import Answer, Failure, Job, Lane
from marrowscope.gui.messages import Message, problem, problems
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import Appearance
from marrowscope.gui.window_memory import WindowMemory


class KeyMapDesk(QObject):
    """`chosen` carries the map to count with from now on."""

    chosen = Signal(object)

    def __init__(
        self,
        session: CaseSession,
        memory: WindowMemory,
        appearance: Appearance,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._memory = session, memory
        self._appearance, self._window = appearance, window
        self.dialog: KeyMapDialog | None = None

    @Slot()
    def show(self) -> None:
        """Look which maps there are, and show them."""
        self._start(KeyMapRequest(), self._on_found)

    def _start(self, request: KeyMapRequest, then: object) -> None:
        job = Job(request, maps_at_hand)
        job.answered.connect(then)
        job.failed.connect(self._on_failure)
        self._session.runner.start(job, Lane.ASIDE)

    @Slot(object)
    def _on_found(self, answer: Answer) -> None:
        found: KeyMapsAtHand = answer.value
        if found.wrong:
            self._session.say(problems(found.wrong))
        self.dialog = dialog = KeyMapDialog(
            found.maps, found.own, self._memory.key_map, self._appearance, self._window
        )
        dialog.chosen.connect(self._on_chosen)
        dialog.dropped.connect(self._on_dropped)
        dialog.printed.connect(self._on_print)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    @Slot(object, bool)
    def _on_chosen(self, key_map: KeyMap, changed: bool) -> None:
        self._memory.key_map = key_map.name
        self.chosen.emit(key_map)
        if changed:
            self._start(KeyMapRequest(kept=key_map), self._on_kept)

    @Slot(object)
    def _on_kept(self, answer: Answer) -> None:
        name = answer.request.kept.name
        self._session.say(Message(f"The keys “{name}” are kept."))

    @Slot(str)
    def _on_dropped(self, name: str) -> None:
        self._start(KeyMapRequest(dropped=name), self._on_forgotten)

    @Slot(object)
    def _on_forgotten(self, answer: Answer) -> None:
        name, found = answer.request.dropped, answer.value
        left = next((m for m in found.maps if m.name == name), found.maps[0])
        self._memory.key_map = left.name
        self.chosen.emit(left)
        self._session.say(Message(f"Your keys “{name}” are forgotten."))

    @Slot(object)
    def _on_print(self, key_map: KeyMap) -> None:
        folder = self._memory.folder()
        name, _ = QFileDialog.getSaveFileName(
            self.dialog or self._window,
            "Save the keys as a page",
            str(folder / f"Keys {key_map.name}.pdf"),
            "PDF (*.pdf)",
        )
        if name:
            self.print_to(key_map, Path(name))

    def print_to(self, key_map: KeyMap, path: Path) -> None:
        """Print this map into a file; a message follows."""
        rows = used_rows((*key_map.classes, *key_map.features), keyboard())
        job = Job(SheetRequest(key_map, rows, path), print_sheet)
        job.answered.connect(self._on_printed)
        job.failed.connect(self._on_failure)
        self._session.runner.start(job, Lane.ASIDE)

    @Slot(object)
    def _on_printed(self, answer: Answer) -> None:
        path: Path = answer.value
        self._session.say(Message(f"The keys are saved in {path.name}.", place=path))

    @Slot(object)
    def _on_failure(self, failure: Failure) -> None:
        self._session.say(problem(failure.error, failure.details))
