"""How the reader's buttons look in a theme."""

from __future__ import annotations

from marrowscope.gui.theme import Theme


def style_sheet(theme: Theme) -> str:
    """Flat, raised by one shade; the one primary button in the accent."""
    return f"""
    QPushButton, QToolButton {{
        background: {theme.raised.name()}; color: {theme.text.name()};
        border: 1px solid {theme.hairline.name()}; border-radius: 5px;
        padding: 0 6px; min-height: 24px;
    }}
    QPushButton:hover, QToolButton:hover {{ background: {theme.hover.name()}; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {theme.pressed.name()}; }}
    QPushButton:disabled {{ color: {theme.faint.name()}; }}
    QPushButton:focus, QToolButton:focus {{ border-color: {theme.accent.name()}; }}
    QPushButton:checked {{
        background: {theme.text.name()}; color: {theme.panel.name()};
        border-color: {theme.text.name()};
    }}
    QPushButton[primary="true"] {{
        background: {theme.accent.name()}; color: {theme.accent_text.name()};
        border-color: {theme.accent.name()}; font-weight: 600;
    }}
    QPushButton[primary="true"]:disabled {{
        background: {theme.raised.name()}; color: {theme.faint.name()};
        border-color: {theme.hairline.name()};
    }}
    QPushButton[quiet="true"] {{
        background: transparent; border: none; color: {theme.quiet.name()};
        min-height: 16px; max-height: 16px; padding: 0 0 0 8px;
    }}
    QPushButton[quiet="true"]:hover {{ color: {theme.text.name()}; }}
    QPushButton::menu-indicator, QToolButton::menu-indicator {{ image: none; }}
    """
