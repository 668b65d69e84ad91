"""Taking a window down at the end of a test."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent

from vending_app.ui.main_window import MainWindow


def take_down(window: MainWindow) -> None:
    """At once: the next window would dress each widget of one that is only promised to go."""
    window.bridge.close()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
