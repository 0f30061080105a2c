"""What the Report menu does: look at the report, sign it, amend it, read versions."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QMainWindow

from marrowscope.gui.dialogs.sign import AmendDialog, SignDialog, VersionsDialog
from marrowscope.gui.serial.dialog import SerialDialog
from marrowscope.gui.session import CaseSession
from marrowscope.gui.sign_desk import SignDesk
from marrowscope.gui.theme import Appearance
from marrowscope.workflow.sign_off import BeforeSigning


class ReportDeeds(QObject):
    """One method per entry of the menu; `dialog` is the one that was opened last."""

    def __init__(
        self, session: CaseSession, window: QMainWindow, appearance: Appearance
    ) -> None:
        super().__init__(window)
        self._appearance = appearance
        self._session, self._window = session, window
        self.dialog: QDialog | None = None
        self.desk = SignDesk(session, self)
        self.desk.looked.connect(self._on_looked)
        self.desk.laid_out.connect(self._on_laid_out)

    @Slot()
    def preview(self) -> None:
        """The report as it stands, in the system's own viewer."""
        self.desk.lay_out()

    @Slot()
    def compare(self) -> None:
        """This marrow beside the patient's earlier one."""
        theme = self._appearance.theme
        self._show(SerialDialog(self._session, theme, self._window))

    @Slot()
    def sign(self) -> None:
        """Run the checks, then ask for name and meaning."""
        self.desk.look()

    @Slot()
    def amend(self) -> None:
        """Ask why the signed case is to be opened again."""
        signed = self._session.signing.signed
        if signed is not None:
            dialog = AmendDialog(signed, self._window)
            dialog.decided.connect(self.desk.amend)
            self._show(dialog)

    @Slot()
    def versions(self) -> None:
        """List what was signed."""
        dialog = VersionsDialog(self._session.signing.state.versions, self._window)
        dialog.wanted.connect(self.desk.lay_out)
        self._show(dialog)

    @Slot(object)
    def _on_looked(self, before: BeforeSigning) -> None:
        dialog = SignDialog(before, self._window)
        dialog.decided.connect(self.desk.sign)
        self._show(dialog)

    @Slot(object)
    def _on_laid_out(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.destroyed.connect(self._on_gone)
        self.dialog = dialog
        dialog.show()

    @Slot()
    def _on_gone(self) -> None:
        self.dialog = None
