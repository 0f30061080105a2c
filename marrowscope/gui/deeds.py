"""What the window's actions do: dialogs opened, intents handed to the session."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QMainWindow, QMessageBox

from marrowscope.gui.dialogs.calibrate import CalibrateDialog
from marrowscope.gui.dialogs.reading_matter import (
    PageDialog,
    about_page,
    keys_page,
    model_page,
)
from marrowscope.gui.dialogs.specimen import SpecimenDialog
from marrowscope.gui.display_colour.dialog import DisplayColourDialog
from marrowscope.gui.jobs import Answer, Job, Lane
from marrowscope.gui.messages import Message
from marrowscope.gui.photo_map.dialog import PhotoMapDialog
from marrowscope.gui.report_deeds import ReportDeeds
from marrowscope.gui.report_desk import ReportDesk, reports_in
from marrowscope.gui.rules.deeds import RulesDeeds
from marrowscope.gui.session import CaseSession
from marrowscope.gui.side_by_side.pair import SlidePair
from marrowscope.gui.slide_view.tools.white_point import WhitePoint
from marrowscope.gui.specimen_desk import SpecimenDesk
from marrowscope.gui.theme import Appearance
from marrowscope.gui.window_memory import WindowMemory
from marrowscope.workflow import places
from marrowscope.workflow.regions import SUFFIX
from marrowscope.workflow.specimen import specimen_sections

SLIDE_FILTER = (
    "Slides, photos and cases (*.svs *.tif *.tiff *.ndpi *.mrxs *.scn *.bif *.svslide"
    " *.vms *.vmu *.czi *.dcm *.png *.jpg *.jpeg *.bmp *.webp *.marrow);;All files (*)"
)

PALETTE_KEYS = ("Ctrl+L", "Ctrl+K")
TOO_SOON = Message(
    "The regions were left out: they go onto the slide that is shown.",
    "Drop their file once more when its slide is open.",
)
SAVED = Message("All is saved: every call is kept as soon as it is made.")
SAVING = Message("The last calls are being saved at this moment.")
NO_MODEL = Message("The model is still being looked up.", "Try again in a moment.")


class Deeds(QObject):
    """One method per deed that is more than one intent of the session."""

    def __init__(
        self,
        session: CaseSession,
        pair: SlidePair,
        memory: WindowMemory,
        window: QMainWindow,
        appearance: Appearance,
    ) -> None:
        super().__init__(window)
        self._appearance = appearance
        self._session, self._pair = session, pair
        self._memory, self._window = memory, window
        self.dialogs: list[QDialog] = []
        self.rules = RulesDeeds(session, appearance, window)
        self._report = ReportDesk(session, self)
        self.report = ReportDeeds(session, window, appearance)
        self._desk = SpecimenDesk(session, self)
        self._desk.fetched.connect(self._on_specimen)

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
        """Open what was chosen; regions go onto the slide shown."""
        outlines = [path for path in paths if path.suffix.lower() == SUFFIX]
        others = [path for path in paths if path not in outlines]
        if outlines and not others and self._session.slide is not None:
            self._outline(outlines)
        elif paths:
            self._memory.remember_folder(paths[0].parent)
            self._session.open_paths(others or paths)
            if outlines and others:
                self._session.say(TOO_SOON)

    def _outline(self, files: list[Path]) -> None:
        if self._session.fixed is not None:
            self._session.say(self._session.fixed)
            return
        for path in files:
            self._session.import_regions(path)

    @Slot()
    def find_slide(self) -> None:
        """Ask where a slide of the case lies now."""
        missing = self._session.missing
        if not missing:
            return
        lost = missing[0].path
        if lost.suffix:
            name, _ = QFileDialog.getOpenFileName(
                self._window, f"Find {lost.name}", str(self._memory.folder())
            )
        else:
            name = QFileDialog.getExistingDirectory(
                self._window, f"Find {lost.name}", str(self._memory.folder())
            )
        if name:
            self._memory.remember_folder(Path(name).parent)
            self._session.find_slide(Path(name))

    @Slot()
    def tell_saved(self) -> None:
        """Whoever presses Ctrl+S by habit learns that nothing is lost, or stored."""
        kept = SAVED if self._session.saved else SAVING
        self._session.say(self._session.fixed or kept)

    @Slot()
    def choose_report_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self._window, "Save the report in", str(self._memory.folder())
        )
        if name:
            self._look_before_saving(Path(name))

    def _look_before_saving(self, folder: Path) -> None:
        job = Job(folder, reports_in)
        job.answered.connect(self._on_looked)
        self._session.runner.start(job, Lane.ASIDE)

    @Slot(object)
    def _on_looked(self, answer: Answer) -> None:
        """Nothing is replaced without having been asked for."""
        folder: Path = answer.request
        if not answer.value or self.may_replace(folder.name, answer.value):
            self._report.save(folder)

    def may_replace(self, folder: str, names: tuple[str, ...]) -> bool:
        """Ask whether these files may be replaced."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(f"“{folder}” already holds a report.")
        box.setInformativeText(f"It would be replaced: {', '.join(names)}.")
        replace = box.addButton("Replace", QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(cancel)
        box.exec()
        return box.clickedButton() is replace

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
        ruler = self._pair.active.red_cell_ruler
        dialog.measuring.connect(ruler.measure)
        ruler.measured.connect(dialog.take_measure)
        self._show(dialog)

    @Slot()
    def show_colours(self) -> None:
        """Sliders for how the slide's colours are shown."""
        if self._session.slide is None:
            return
        dialog = DisplayColourDialog(self._session, self._window)
        white_point = WhitePoint(self._pair.active)
        dialog.picking.connect(white_point.pick)
        white_point.picked.connect(dialog.take_point)
        white_point.ended.connect(dialog.stop_picking)
        dialog.destroyed.connect(white_point.deleteLater)
        self._show(dialog)

    @Slot()
    def show_photo_map(self) -> None:
        """How the photos of the case lie; one map is enough."""
        for dialog in self.dialogs:
            if isinstance(dialog, PhotoMapDialog):
                dialog.activateWindow()
                return
        self._show(PhotoMapDialog(self._session, self._appearance, self._window))

    @Slot()
    def specimen(self) -> None:
        """Ask what is there to be said of the specimen."""
        self._desk.fetch()

    @Slot(dict)
    def _on_specimen(self, known: dict[str, str]) -> None:
        sections, theme = specimen_sections(), self._appearance.theme
        dialog = SpecimenDialog(sections, known, theme, self._window)
        dialog.written.connect(self._desk.store)
        self._show(dialog)

    @Slot()
    def show_about(self) -> None:
        self._show(PageDialog("About MarrowScope", about_page(), self._window))

    @Slot()
    def show_keys(self) -> None:
        page = keys_page(self._window.menuBar(), palette=PALETTE_KEYS[0])
        self._show(PageDialog("Keys and mouse", page, self._window, height=720))

    @Slot()
    def show_model_card(self) -> None:
        bundle = self._session.bundle
        if bundle is None:
            self._session.say(self._session.model_problem or NO_MODEL)
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
    def remove_cells(self) -> None:
        self._session.remove_cells()

    @Slot()
    def merge_cells(self) -> None:
        self._session.merge_cells()

    @Slot()
    def undo(self) -> None:
        self._session.undo()

    @Slot()
    def redo(self) -> None:
        self._session.redo()
