"""Choosing and changing the keys of the count: a drawn keyboard and a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from marrowscope.domain.key_map import KeyMap, shown
from marrowscope.gui.counting.count_keys import written
from marrowscope.gui.counting.key_caps import class_caps, feature_caps
from marrowscope.gui.counting.key_map_editor import Entry, KeyMapEditor
from marrowscope.gui.counting.keyboard_rows import keyboard, used_rows
from marrowscope.gui.counting.keyboard_view import KeyboardView
from marrowscope.gui.counting.marks import Marks
from marrowscope.gui.theme import GROUP, RELATED, Appearance

KEY_HEIGHT = 52
CHOOSE = "Choose a class or feature, then press its new key. Backspace frees a key."
WAITING = "{name}: press its new key, or click it above. Backspace frees it."
FREEING = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class KeyMapDialog(QDialog):
    """`chosen` carries the map to count with (kept first where it `is_changed`);
    `printed` the map to print; `dropped` the name of an own map to forget.
    """

    chosen = Signal(object, bool)
    printed = Signal(object)
    dropped = Signal(str)

    def __init__(
        self,
        maps: Sequence[KeyMap],
        own: frozenset[str],
        current: str,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys of the count")
        self.resize(820, 640)
        self._maps = {one.name: one for one in maps}
        self._own = own
        now = self._maps.get(current, maps[0])
        self.editor = KeyMapEditor(now, self)
        self.names, self.word = QComboBox(), QLabel(CHOOSE)
        self.keys = KeyboardView(appearance, height=KEY_HEIGHT)
        self.list = QTreeWidget()
        self._items: dict[str, tuple[QTreeWidgetItem, Entry]] = {}
        self._place()
        self._connect()
        self._show_names(now.name)
        self._refresh()

    # Parts -----------------------------------------------------------------------

    def _place(self) -> None:
        self.word.setObjectName("quiet")
        self.word.setWordWrap(True)
        self.copy = QPushButton("Copy as…")
        self.drop = QPushButton("Forget mine")
        self.sheet = QPushButton("Save as PDF…")
        head = QHBoxLayout()
        head.addWidget(self.names, 1)
        for button in (self.copy, self.drop, self.sheet):
            button.setAutoDefault(False)
            head.addWidget(button)
        self._fill_list()
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
        column.setSpacing(RELATED)
        column.addLayout(head)
        column.addWidget(self.keys)
        column.addWidget(self.word)
        column.addWidget(self.list, 1)
        column.addWidget(self._buttons())

    def _fill_list(self) -> None:
        self.list.setHeaderHidden(True)
        self.list.setColumnCount(2)
        self.list.setRootIsDecorated(False)
        for group in self.editor.groups():
            heading = QTreeWidgetItem([group.heading, ""])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            heading.setForeground(0, self.palette().placeholderText())
            self.list.addTopLevelItem(heading)
            for entry in group.entries:
                item = QTreeWidgetItem([entry.name, ""])
                heading.addChild(item)
                self._items[entry.target] = (item, entry)
        self.list.expandAll()
        self.list.setColumnWidth(0, 380)
        self.list.installEventFilter(self)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.use = QPushButton("Use these keys")
        self.use.setObjectName("primary")
        self.use.setAutoDefault(False)
        buttons.addButton(self.use, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._on_use)
        buttons.rejected.connect(self.reject)
        return buttons

    def _connect(self) -> None:
        self.names.textActivated.connect(self._on_name)
        self.copy.clicked.connect(self._on_copy)
        self.drop.clicked.connect(self._on_drop)
        self.sheet.clicked.connect(self._on_print)
        self.list.currentItemChanged.connect(self._on_item)
        self.keys.pressed.connect(self._on_clicked)
        self.editor.changed.connect(self._refresh)
        self.editor.refused.connect(self._say)

    # What is chosen --------------------------------------------------------------

    @property
    def entry(self) -> Entry | None:
        """The class or feature whose key is being changed."""
        current = self.list.currentItem()
        known = (entry for item, entry in self._items.values() if item is current)
        return next(known, None)

    def choose(self, target: str) -> None:
        """Take this class or feature in hand."""
        self.list.setCurrentItem(self._items[target][0])

    @Slot()
    def _on_item(self) -> None:
        entry = self.entry
        self._say(WAITING.format(name=entry.name) if entry else CHOOSE)
        self.keys.light(self.editor.key_map.key_of(entry.target) if entry else "")

    @Slot(str)
    def _on_clicked(self, key: str) -> None:
        """A key of the drawing: what it says is taken in hand, or it is given."""
        now, entry = self.editor.key_map, self.entry
        said = [now.classes[key]] if key in now.classes else now.features.get(key, ())
        if (
            entry is not None
            and entry.target not in said
            and (entry.feature or not said)
        ):
            self.editor.give(entry, key)
        elif said:
            self.choose(said[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list's own search by letters would take the new key."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        entry = self.entry
        if entry is None:
            return False
        if event.key() in FREEING:
            self.editor.free(entry)
        elif written(event):
            self.editor.give(entry, written(event))
        else:
            return False
        return True

    @Slot(str)
    def _say(self, words: str) -> None:
        self.word.setText(words)

    @Slot()
    def _refresh(self) -> None:
        editor = self.editor
        for item, entry in self._items.values():
            key = editor.key_map.key_of(entry.target)
            item.setText(1, shown(key) if key else "")
        caps = class_caps(editor.key_map, editor.taxonomy, None)
        caps |= feature_caps(editor.key_map, editor.features, marks=Marks())
        rows = used_rows((*"".join(keyboard()), *caps), keyboard())
        self.keys.show_keys(rows, caps)
        self._on_item()
        self.drop.setEnabled(editor.key_map.name in self._own)

    # Maps ------------------------------------------------------------------------

    def _show_names(self, current: str) -> None:
        self.names.clear()
        self.names.addItems(list(dict.fromkeys((*self._maps, current))))
        self.names.setCurrentText(current)

    @Slot(str)
    def _on_name(self, name: str) -> None:
        if name in self._maps:
            self.editor.take(self._maps[name])

    @Slot()
    def _on_copy(self) -> None:
        name, given = QInputDialog.getText(self, "Copy these keys", "Name:")
        if given and name.strip():
            self.copy_as(name.strip())

    def copy_as(self, name: str) -> None:
        """The same keys as another map."""
        if name in self._maps:
            self._say(f"There is a key map called {name} already. Choose another name.")
            return
        self.editor.rename(name)
        self._show_names(name)

    @Slot()
    def _on_drop(self) -> None:
        self.dropped.emit(self.editor.key_map.name)
        self.accept()

    @Slot()
    def _on_print(self) -> None:
        self.printed.emit(self.editor.key_map)

    @Slot()
    def _on_use(self) -> None:
        self.chosen.emit(self.editor.key_map, self.editor.is_changed)
        self.accept()
