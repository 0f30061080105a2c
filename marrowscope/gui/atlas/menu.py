"""Which atlas to compare with, and ways to a new one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMenu, QMessageBox, QWidget

from marrowscope.gui.atlas.desk import AtlasDesk
from marrowscope.gui.session import CaseSession
from marrowscope.gui.window_memory import WindowMemory
from marrowscope.workflow.atlases import atlas_names, free_name

NONE = "&None"


class AtlasMenu(QMenu):
    """Looked up anew each time it opens: names of a folder's files, read in no time."""

    def __init__(
        self,
        session: CaseSession,
        desk: AtlasDesk,
        memory: WindowMemory,
        parent: QWidget,
    ) -> None:
        super().__init__("&Atlas to compare with", parent)
        self._session, self._desk, self._memory = session, desk, memory
        self._window = parent
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._on_chosen)
        self.aboutToShow.connect(self._fill)
        self._fill()
        desk.changed.connect(self._remember)
        if memory.atlas in self._names:
            desk.choose(memory.atlas)

    @Slot()
    def _fill(self) -> None:
        self.clear()
        self._names = atlas_names()
        for words, name in ((NONE, ""), *((name, name) for name in self._names)):
            action = self.addAction(words)
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(name == self._desk.name)
            self._group.addAction(action)
        self.addSeparator()
        free = self._desk.building is None
        folder = self.addAction("Build from labelled &pictures…", self._choose_folder)
        folder.setEnabled(free)
        case = self.addAction("Build from the &calls of this case", self._take_case)
        case.setEnabled(free and bool(self._session.verdicts))
        stop = self.addAction("&Stop building", self._desk.stop)
        stop.setEnabled(not free)

    @Slot(QAction)
    def _on_chosen(self, action: QAction) -> None:
        self._desk.choose(str(action.data()))

    @Slot()
    def _remember(self) -> None:
        if self._memory.atlas != self._desk.name:
            self._memory.atlas = self._desk.name

    @Slot()
    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self._window,
            "A folder with a sub-folder of pictures for each label",
            str(self._memory.folder()),
        )
        if name:
            self._memory.remember_folder(Path(name).parent)
            self._build(Path(name).name, Path(name))

    @Slot()
    def _take_case(self) -> None:
        path = self._session.case_path
        if path is not None:
            self._build(self._session.case_name, path)

    def _build(self, name: str, source: Path) -> None:
        """Nothing is replaced without having been asked for."""
        taken = set(atlas_names())
        wanted = self.name_for(name, free_name(name, taken)) if name in taken else name
        if wanted:
            self._desk.build(wanted, (source,))

    def name_for(self, taken: str, free: str) -> str:
        """Ask which of both names a new atlas shall have; "" for no atlas."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(f"There is an atlas {taken} already.")
        box.setInformativeText(f"Keep both: the new one is named {free}.")
        both = box.addButton("Keep both", QMessageBox.ButtonRole.AcceptRole)
        replace = box.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(both)
        box.exec()
        names: dict[QAbstractButton, str] = {both: free, replace: taken}
        return names.get(box.clickedButton(), "")
