"""The reader's part of the inspector: the call in force, and the calls to make."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.cell_inspector.button_style import style_sheet
from marrowscope.gui.cell_inspector.call_menu import fill_choices, fill_menu
from marrowscope.gui.cell_inspector.calls import Call, CallSection
from marrowscope.gui.cell_inspector.elided_button import ElidedButton
from marrowscope.gui.theme import BASE, SMALL, STEP, Appearance, font

DYSPLASTIC = {True: ", dysplastic", False: "", None: ""}
JUDGED = {True: ", dysplastic", False: ", not dysplastic", None: ""}


class ReadersPart(QWidget):
    """Buttons only; what they mean for the case is the panel's business."""

    confirmed = Signal()
    called = Signal(object)  # Call
    judged = Signal(bool)
    not_a_cell = Signal()
    cannot_classify = Signal()
    withdrawn = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._calls: tuple[Call, ...] = ()
        self.confirm = ElidedButton("Confirm")
        self.kinds = QToolButton()
        self.normal = QPushButton("Not dysplastic")
        self.dysplastic = QPushButton("Dysplastic")
        self.other = QPushButton("Call it …")
        self.unsure = QPushButton("Cannot classify")
        self.nothing = QPushButton("Not a cell")
        self.back = QPushButton("Withdraw", self)
        self.back.setProperty("quiet", True)
        self.kinds_menu, self.other_menu = QMenu(self), QMenu(self)
        self._place()
        self._explain()
        self._connect()
        self._dress()
        appearance.changed.connect(self._dress)

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        for widgets in (
            (self.confirm, self.kinds),
            (self.normal, self.dysplastic),
            (self.other, self.unsure, self.nothing),
        ):
            row = QHBoxLayout()
            row.setSpacing(STEP)
            for widget in widgets:
                row.addWidget(widget, 0 if widget is self.kinds else 1)
            column.addLayout(row)
        for button in self._buttons():
            button.setFont(font(SMALL if button is self.back else BASE))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            across = QSizePolicy.Policy.Minimum
            if button is self.confirm:
                across = QSizePolicy.Policy.Ignored
            button.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (
            self.confirm,
            self.normal,
            self.dysplastic,
            self.other,
            self.unsure,
            self.nothing,
            self.back,
        )

    def _explain(self) -> None:
        self.kinds.setText("▾")
        self.kinds.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.kinds.setMenu(self.kinds_menu)
        self.other.setMenu(self.other_menu)
        self.normal.setCheckable(True)
        self.dysplastic.setCheckable(True)
        self.kinds.setToolTip("Confirm as another kind the model cannot tell apart")
        self.normal.setToolTip("You judge this cell not dysplastic")
        self.dysplastic.setToolTip("You judge this cell dysplastic")
        self.other.setToolTip("Call the cell by its line or series")
        self.unsure.setToolTip(
            "A nucleated cell nobody can name; it stays in the count"
        )
        self.nothing.setToolTip("Debris, a platelet, an artefact (Del)")
        self.back.setToolTip(
            "Take your call back (Backspace); the model's answer stays"
        )

    def _connect(self) -> None:
        self.confirm.clicked.connect(self.confirmed)
        self.normal.clicked.connect(self._on_normal)
        self.dysplastic.clicked.connect(self._on_dysplastic)
        self.unsure.clicked.connect(self.cannot_classify)
        self.nothing.clicked.connect(self.not_a_cell)
        self.back.clicked.connect(self.withdrawn)
        self.kinds_menu.triggered.connect(self._on_chosen)
        self.other_menu.triggered.connect(self._on_chosen)

    def _dress(self) -> None:
        sheet = style_sheet(self._appearance.theme)
        self.setStyleSheet(sheet)
        self.back.setStyleSheet(sheet)  # it stands elsewhere in the panel
        fill_choices(self.kinds_menu, self._calls, self._appearance)

    def offer(
        self, calls: Sequence[Call], sections: Sequence[CallSection], *, reviewed: bool
    ) -> None:
        """Offer these confirmations, the first on the button, and this menu."""
        if tuple(calls) != self._calls:  # an open menu must not lose its entries
            self._calls = tuple(calls)
            fill_choices(self.kinds_menu, self._calls, self._appearance)
        # Of a cell that a person drew the model has said nothing to agree with.
        self.confirm.setVisible(bool(self._calls))
        for first in self._calls[:1]:
            named = f"{first.name}{DYSPLASTIC[first.dysplastic]}"
            self.confirm.setText(f"Confirm: {named}")
            told = f"Agree: {first.name}{JUDGED[first.dysplastic]} (Enter)"
            self.confirm.setToolTip(told)
        self.confirm.setProperty("primary", not reviewed)
        # Qt looks at properties only when it polishes a widget.
        self.confirm.style().unpolish(self.confirm)
        self.confirm.style().polish(self.confirm)
        self.kinds.setVisible(len(self._calls) > 1)
        self.back.setVisible(reviewed)
        if self.other_menu.isEmpty():
            fill_menu(self.other_menu, sections, self._appearance)

    def show_judgement(self, dysplastic: bool | None, *, possible: bool) -> None:
        """Which of the two judgements is in force; neither while nobody has judged."""
        self.normal.setChecked(dysplastic is False)
        self.dysplastic.setChecked(dysplastic is True)
        self.normal.setEnabled(possible)
        self.dysplastic.setEnabled(possible)

    @Slot()
    def _on_normal(self) -> None:
        self.judged.emit(False)

    @Slot()
    def _on_dysplastic(self) -> None:
        self.judged.emit(True)

    @Slot(QAction)
    def _on_chosen(self, action: QAction) -> None:
        call = action.data()
        if isinstance(call, Call):
            self.called.emit(call)
