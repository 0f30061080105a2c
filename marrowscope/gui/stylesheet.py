"""Qt's own widgets in the theme's clothes: hairlines, one radius, one accent."""

from __future__ import annotations

from marrowscope.gui.theme import SMALL, Theme
from marrowscope.workflow import places

COLOURS = (
    *("window", "panel", "raised", "field", "hairline", "text", "quiet", "faint"),
    *("accent", "accent_text", "calm", "hover", "pressed"),
)


def stylesheet(theme: Theme) -> str:
    """The style sheet of the whole window."""
    colours = {name: getattr(theme, name).name() for name in COLOURS}
    icons = places.resources() / "icons"
    tick, arrow = (
        (icons / name).as_posix()
        for name in ("check-on-accent.svg", "chevron-down-quiet.svg")
    )
    parts = (_FRAME, _BUTTONS, _FIELDS, _CALENDAR, _LISTS, _SCROLL, _FLOATING)
    return "\n".join(parts).format(**colours, small=SMALL, tick=tick, arrow=arrow)


_FRAME = """
QMainWindow, QDialog {{ background: {window}; color: {text}; }}
QMainWindow::separator {{ background: {window}; width: 4px; height: 4px; }}
QMainWindow::separator:hover {{ background: {hairline}; }}
QMenuBar {{ background: {window}; color: {text}; padding: 2px 4px; }}
QMenuBar::item {{ background: transparent; padding: 4px 8px; border-radius: 5px; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {panel}; color: {text}; border: 1px solid {hairline};
    padding: 4px; border-radius: 6px; }}
QMenu::item {{ padding: 5px 28px 5px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {hover}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::separator {{ height: 1px; background: {hairline}; margin: 4px 8px; }}
QMenu::icon {{ padding-left: 8px; }}
QToolBar {{ background: {window}; border: none; padding: 4px 8px; spacing: 4px; }}
QToolBar::separator {{ background: {hairline}; width: 1px; margin: 6px 6px; }}
QStatusBar {{ background: {window}; color: {quiet}; min-height: 28px; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {quiet}; }}
QStatusBar QLabel#strong {{ color: {text}; }}
QStatusBar QPushButton {{ padding: 0 10px; min-height: 18px; }}
QDockWidget {{ color: {quiet}; }}
QDockWidget > QWidget {{ background: {panel}; }}
QWidget#dockTitle {{ background: {panel}; }}
QWidget#dockTitle QLabel {{ color: {quiet}; }}
QWidget#dockTitle QComboBox {{ background: transparent; border-color: transparent;
    padding: 2px 4px; color: {text}; }}
QWidget#dockTitle QComboBox:hover {{ background: {hover}; }}
QWidget#dockTitle QComboBox:focus {{ border-color: {accent}; }}
QWidget#paneHead {{ background: {panel}; border-bottom: 2px solid {hairline}; }}
QWidget#paneHead[active="true"] {{ border-bottom-color: {accent}; }}
QWidget#paneHead QComboBox {{ background: transparent; border-color: transparent;
    padding: 2px 4px; color: {quiet}; }}
QWidget#paneHead[active="true"] QComboBox {{ color: {text}; }}
QWidget#paneHead QComboBox:focus {{ border-color: {accent}; }}
QWidget#paneHead QToolButton {{ padding: 3px; }}
QScrollArea#panel, QWidget#panelBody {{ background: {panel}; border: none; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {hairline};
    padding: 4px 6px; }}
QFrame#countStrip {{ background: {panel}; border: none;
    border-top: 1px solid {hairline}; }}
QFrame#reviewStrip {{ background: {panel}; border: none;
    border-bottom: 1px solid {hairline}; }}
QFrame#countStrip QLabel#strong {{ color: {text}; font-weight: 600; }}
QStatusBar QLabel#mode {{ background: {accent}; color: {accent_text};
    border-radius: 4px; padding: 2px 8px; }}
QTabBar {{ background: {window}; border: none; qproperty-drawBase: 0; }}
QTabBar::tab {{ background: {window}; color: {quiet}; border: none;
    padding: 5px 12px; }}
QTabBar::tab:selected {{ background: {panel}; color: {text}; }}
QTabBar::tab:hover:!selected {{ background: {hover}; }}
QFrame#rule {{ background: {hairline}; border: none; }}
"""

_LISTS = """
QTreeView {{ background: {panel}; color: {text}; border: none; outline: none;
    padding: 0 8px; }}
QTreeView::item {{ height: 26px; border: none; padding: 0 4px; }}
QTreeView::item:hover {{ background: {hover}; }}
QTreeView::item:selected {{ background: {raised}; color: {text}; }}
QTreeView QLineEdit {{ padding: 0 4px; border-radius: 3px; }}
QTreeView QHeaderView, QTreeView QHeaderView::section {{ background: {panel};
    color: {quiet}; border: none; }}
QTreeView QHeaderView::section {{ padding: 2px 6px; }}
"""

_BUTTONS = """
QPushButton {{ background: {raised}; color: {text}; border: 1px solid {hairline};
    border-radius: 5px; padding: 4px 12px; min-height: 18px; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {pressed}; }}
QPushButton:disabled {{ color: {faint}; }}
QPushButton:focus {{ border-color: {accent}; }}
QPushButton:flat {{ background: transparent; border: 1px solid transparent;
    padding: 2px 8px; min-height: 16px; }}
QPushButton:flat:hover {{ background: {hover}; }}
QPushButton:flat:focus {{ border-color: {accent}; }}
QPushButton#primary, QPushButton:default#primary {{ background: {accent};
    color: {accent_text}; border-color: {accent}; font-weight: 600; }}
QPushButton#primary:disabled {{ background: {raised}; color: {faint};
    border-color: {hairline}; }}
QToolButton {{ background: transparent; color: {text}; border: 1px solid transparent;
    border-radius: 5px; padding: 4px 8px; }}
QToolButton:hover {{ background: {hover}; }}
QToolButton:pressed, QToolButton:checked {{ background: {pressed}; }}
QToolButton:disabled {{ color: {faint}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton#primary {{ background: {accent}; color: {accent_text}; font-weight: 600;
    padding: 4px 12px; }}
QToolButton#primary:disabled {{ background: {raised}; color: {faint}; }}
QToolButton#primary:hover:!disabled {{ background: {accent}; }}
QToolButton#quiet {{ color: {quiet}; padding: 2px 6px; }}
QToolButton#calm {{ color: {calm}; padding: 2px 6px; }}
QToolButton::menu-indicator {{ image: none; }}
"""

_FIELDS = """
QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QTextBrowser {{
    background: {field};
    color: {text}; border: 1px solid {hairline}; border-radius: 5px; padding: 4px 8px;
    selection-background-color: {accent}; selection-color: {accent_text}; }}
QAbstractSpinBox QLineEdit {{ border: none; padding: 0 4px; background: transparent;
    color: {text}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{
    border-color: {accent}; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {panel}; color: {text};
    border: 1px solid {hairline}; selection-background-color: {hover};
    selection-color: {text}; }}
QRadioButton, QCheckBox {{ color: {text}; spacing: 8px; padding: 2px 0; }}
QRadioButton::indicator, QCheckBox::indicator, QTreeView::indicator {{
    width: 14px; height: 14px;
    border: 1px solid {faint}; background: {field}; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator, QTreeView::indicator {{ border-radius: 4px; }}
QRadioButton::indicator:checked {{ width: 6px; height: 6px;
    border: 5px solid {accent}; background: {accent_text}; }}
QCheckBox::indicator:checked, QTreeView::indicator:checked {{
    background: {accent}; border-color: {accent};
    image: url("{tick}"); }}
QRadioButton::indicator:disabled, QCheckBox::indicator:disabled {{
    border-color: {hairline}; }}
QRadioButton:disabled, QCheckBox:disabled, QLabel:disabled {{ color: {faint}; }}
QSlider#balance::groove:horizontal {{ height: 4px; border-radius: 2px;
    background: {hairline}; }}
QSlider#balance::handle:horizontal {{ width: 14px; margin: -6px 0; border-radius: 7px;
    background: {text}; border: 1px solid {panel}; }}
QSlider#balance::handle:horizontal:focus {{ border: 1px solid {accent}; }}
QSlider#balance::handle:horizontal:disabled {{ background: {faint}; }}
QListView#rows {{ background: transparent; color: {text}; border: none; outline: 0;
    selection-background-color: {pressed}; selection-color: {text}; }}
QListView#rows::item {{ padding: 3px 2px; border-radius: 4px; }}
QListView#rows::item:hover {{ background: {hover}; }}
QListView#rows::item:selected {{ background: {pressed}; color: {text}; }}
QListView#cards {{ background: transparent; border: none; outline: 0; }}
QLabel#quiet {{ color: {quiet}; }}
QLabel#calm {{ color: {calm}; }}
"""

_CALENDAR = """
QFrame#calendar {{ background: {panel}; border: 1px solid {hairline}; }}
QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {panel}; }}
QCalendarWidget QToolButton {{ color: {text}; font-weight: 600; padding: 3px 8px; }}
QCalendarWidget QAbstractItemView {{ background: {panel}; color: {text};
    alternate-background-color: {panel}; border: none; outline: none;
    selection-background-color: {accent}; selection-color: {accent_text}; }}
QCalendarWidget QAbstractItemView:disabled {{ color: {faint}; }}
"""

_SCROLL = """
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {hairline}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollArea {{ background: transparent; border: none; }}
"""

_FLOATING = """
QFrame#floating {{ background: {panel}; border: 1px solid {hairline};
    border-radius: 8px; }}
QFrame#palette {{ background: {panel}; border: 1px solid {hairline};
    border-radius: 12px; }}
QFrame#palette QLineEdit {{ background: transparent; border: none; border-radius: 0;
    border-bottom: 1px solid {hairline}; padding: 14px 16px; }}
QFrame#palette QListView {{ background: transparent; border: none; padding: 4px; }}
QFrame#palette QLabel#hint {{ color: {faint};
    border-top: 1px solid {hairline}; padding: 7px 16px; }}
QFrame#floating QToolButton {{ padding: 3px 8px; }}
QFrame#floating QToolButton[tight="true"] {{ padding: 3px 4px; }}
QFrame#floating QToolButton:checked {{ background: {text}; color: {panel}; }}
QToolButton#angle {{ background: {panel}; border: 1px solid {hairline};
    border-radius: 8px; padding: 4px 10px 4px 6px; }}
QToolButton#angle:hover {{ background: {hover}; }}
QLabel#badge {{ color: {quiet}; font-size: {small}px; padding: 0 6px; }}
QLabel#card {{ background: {panel}; color: {text}; border: 1px solid {hairline};
    border-radius: 6px; padding: 6px 8px; }}
QFrame#banner {{ background: {raised}; border: none;
    border-bottom: 1px solid {hairline}; }}
QFrame#banner QLabel#advice {{ color: {quiet}; }}
QLabel#title {{ color: {text}; }}
"""
