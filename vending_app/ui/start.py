"""Setting the application up before the window: style, fonts, palette, style sheet."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStyleFactory

from vending_app.ui.fonts import Face, font
from vending_app.ui.icons import app_icon
from vending_app.ui.theme import Look, make_look, palette, style_sheet


def make_application(
    *, dark: bool = False, less_motion: bool = False, argv: Sequence[str] | None = None
) -> QApplication:
    """The QApplication, made or found, with the look of the counter on it."""
    found = QApplication.instance()
    made = found if isinstance(found, QApplication) else QApplication(list(argv if argv is not None else sys.argv[:1]))
    made.setApplicationName("Vending")
    made.setWindowIcon(app_icon())
    wear(made, make_look(dark=dark, less_motion=less_motion))
    return made


def wear(application: QApplication, look: Look) -> None:
    """Fusion with our own palette and the one style sheet.

    From left to right, whatever the desktop says: words are English and every place is absolute, and text that alone
    is drawn from right to left turns meter numbers round (`5678 1234 0000`). Names keep the direction of their script.
    """
    application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    application.setStyle(QStyleFactory.create("Fusion"))
    application.setFont(font(Face.BODY))
    recolour(application, look)


def recolour(application: QApplication, look: Look) -> None:
    """What is light or dark about it; the rest stays, because each part goes through all widgets that are there."""
    application.setPalette(palette(look))
    application.setStyleSheet(style_sheet(look))
