"""What the window's actions do: dialogs opened, intents handed to the session."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from marrowscope.gui.actions import Actions
from marrowscope.gui.dialogs.calibrate import CalibrateDialog
from marrowscope.gui.dialogs.reading_matter import (
    PageDialog,
    about_page,
    keys_page,
    model_page,
)
from marrowscope.gui.messages import Message, Tone
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.magnification import OBJECTIVES
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.gui.window_memory import WindowMemory
from marrowscope.workflow import places

SLIDE_FILTER = (
    "Slides, photos and cases (*.svs *.tif *.tiff *.ndpi *.mrxs *.scn *.bif *.svslide"
    " *.vms *.vmu *.czi *.dcm *.png *.jpg *.jpeg *.bmp *.webp *.marrow);;All files (*)"
)


class Deeds(QObject):
    """One method per deed that is more than one intent of the session."""

    def __init__(
        self,
        session: CaseSession,
        smear: SlideView,
        memory: WindowMemory,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._smear = session, smear
        self._memory, self._window = memory, window
        self.dialogs: list[QDialog] = []

    # Files -----------------------------------------------------------------------

    @Slot()
    def choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self._window, "Open", str(self._memory.folder()), SLIDE_FILTER
        )
        self.open([Path(name) for name in names])

    @Slot()
    def choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self._window, "Open a folder of photos", str(self._memory.folder())
        )
        self.open([Path(name)] if name else [])

    def open(self, paths: list[Path]) -> None:
        """Open what was chosen; nothing for nothing."""
        if paths:
            self._memory.remember_folder(paths[0].parent)
            self._session.open_paths(paths)

    @Slot()
    def choose_report_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self._window, "Save the report in", str(self._memory.folder())
        )
        if name:
            self._session.export_report(Path(name))

    @Slot()
    def show_log_folder(self) -> None:
        folder = places.log_file().parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # Dialogs ---------------------------------------------------------------------

    @Slot()
    def calibrate(self) -> None:
        """Ask for the scale of the slide shown."""
        if self._session.slide is None:
            return
        dialog = CalibrateDialog(self._session, self._window)
        pointing = self._smear.pointing
        dialog.measuring.connect(pointing.measure)
        pointing.measured.connect(dialog.take_measure)
        self._show(dialog)

    @Slot()
    def show_about(self) -> None:
        self._show(PageDialog("About MarrowScope", about_page(), self._window))

    @Slot()
    def show_keys(self) -> None:
        self._show(PageDialog("Keys and mouse", keys_page(), self._window))

    @Slot()
    def show_model_card(self) -> None:
        bundle = self._session.bundle
        if bundle is None:
            self._session.say(
                Message(
                    "The model's card cannot be read.",
                    "Copy the model folder again from where it came.",
                    Tone.PROBLEM,
                )
            )
            return
        page = model_page(bundle)
        self._show(PageDialog("Model card", page, self._window, height=620))

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_closed)
        self.dialogs.append(dialog)
        dialog.show()

    @Slot()
    def _on_closed(self) -> None:
        self.dialogs = [d for d in self.dialogs if d is not self.sender()]

    # Looking ---------------------------------------------------------------------

    @Slot()
    def zoom_in(self) -> None:
        self._smear.navigator.zoom_to(self._smear.navigator.goal.scale * 1.5)

    @Slot()
    def zoom_out(self) -> None:
        self._smear.navigator.zoom_to(self._smear.navigator.goal.scale / 1.5)

    @Slot()
    def fit(self) -> None:
        self._smear.navigator.fit()

    @Slot()
    def objective(self) -> None:
        """Zoom to the objective that the action's data names by its place."""
        number = self.sender().property("objective")
        self._smear.navigator.zoom_to(self._smear.objectives.scale_at(int(number)))

    @Slot(bool)
    def show_minimap(self, shown: bool) -> None:
        self._smear.show_minimap(shown)

    @Slot(bool)
    def show_scale_bar(self, shown: bool) -> None:
        self._smear.scale_bar_shown = shown
        self._smear.update()

    @Slot()
    def next_cell(self) -> None:
        self._session.select_next(1)

    @Slot()
    def previous_cell(self) -> None:
        self._session.select_next(-1)

    @Slot()
    def next_slide(self) -> None:
        self._turn(1)

    @Slot()
    def previous_slide(self) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        numbers = [s.number for s in self._session.slides]
        if self._session.slide is not None and numbers:
            here = numbers.index(self._session.slide.number)
            self._session.show_slide(numbers[(here + step) % len(numbers)])

    @Slot()
    def clear_selection(self) -> None:
        self._session.select_cell(None)

    # The run and the reader's word -----------------------------------------------

    @Slot()
    def read(self) -> None:
        self._session.start_run()

    @Slot()
    def read_again(self) -> None:
        self._session.start_run(again=True)

    @Slot()
    def pause_or_go_on(self) -> None:
        if self._session.run.phase.value == "paused":
            self._session.resume()
        else:
            self._session.pause()

    @Slot()
    def stop(self) -> None:
        self._session.cancel()

    @Slot()
    def confirm(self) -> None:
        self._session.confirm()

    @Slot()
    def not_a_cell(self) -> None:
        self._session.call_not_a_cell()

    @Slot()
    def withdraw(self) -> None:
        self._session.withdraw()

    @Slot()
    def undo(self) -> None:
        self._session.undo()


def add_actions(actions: Actions, deeds: Deeds, session: CaseSession) -> None:
    """Every action that is not about the window's own parts, in the menus' order."""
    add = actions.add
    add("open", "&Open…", deeds.choose_files, key="Ctrl+O", icon_name="folder-open")
    add("open_folder", "Open &folder…", deeds.choose_folder, key="Ctrl+Shift+O")
    add(
        "export",
        "Save &report…",
        deeds.choose_report_folder,
        key="Ctrl+P",
        icon_name="file-text",
    )
    add("undo", "&Undo", deeds.undo, key="Ctrl+Z", icon_name="undo-2")
    add("clear_selection", "&Clear selection", deeds.clear_selection)
    add("fit", "&Whole slide", deeds.fit, key="0", icon_name="maximize")
    add("zoom_in", "Zoom &in", deeds.zoom_in, key="+")
    add("zoom_out", "Zoom &out", deeds.zoom_out, key="-")
    add("boxes", "&Boxes", session.show_boxes, key="B", checked=True)
    add("minimap", "&Overview", deeds.show_minimap, key="O", checked=True)
    add("scale_bar", "&Scale bar", deeds.show_scale_bar, key="S", checked=True)
    add("read", "&Read smear", deeds.read, key="Ctrl+R", icon_name="play")
    add("read_again", "Read a&gain from the start", deeds.read_again)
    add("pause", "&Pause", deeds.pause_or_go_on, key="Ctrl+Space", icon_name="pause")
    add("stop", "&Stop", deeds.stop, key="Ctrl+.", icon_name="square")
    add("confirm", "&Confirm suggestion", deeds.confirm, key="Return")
    add("not_a_cell", "&Not a cell", deeds.not_a_cell, key="Del")
    add("withdraw", "&Take call back", deeds.withdraw, key="Backspace")
    add("next_cell", "Ne&xt cell", deeds.next_cell, key="N")
    add("previous_cell", "Pre&vious cell", deeds.previous_cell, key="Shift+N")
    add("next_slide", "Next slide", deeds.next_slide, key="PgDown")
    add("previous_slide", "Previous slide", deeds.previous_slide, key="PgUp")
    add("calibrate", "Sca&le of the slide…", deeds.calibrate, icon_name="ruler")
    add("model_card", "&Model card", deeds.show_model_card, icon_name="info")
    add("keys", "&Keys and mouse", deeds.show_keys, key="F1")
    add("log_folder", "Open the &log's folder", deeds.show_log_folder)
    add("about", "&About MarrowScope", deeds.show_about)
    for number, objective in enumerate(OBJECTIVES):
        action = add(
            f"objective_{number}",
            f"{objective}x",
            deeds.objective,
            key=str(number + 1),
        )
        action.setProperty("objective", number)
