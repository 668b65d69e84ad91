"""A process of its own that ends at its first paint: the counter's log-in page, or a bare window beside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PASSPHRASE = "a start is measured"


def bare() -> None:
    """The floor: the least that a PySide6 program does to show a window."""
    from PySide6.QtWidgets import QApplication, QWidget  # noqa: PLC0415 - what is measured

    application = QApplication(sys.argv[:1])
    widget = QWidget()
    widget.resize(1366, 768)
    widget.show()
    application.processEvents()


def counter(data: Path) -> None:
    """The program from its first import to the painted log-in page with its operators, as the verb counter does it."""
    from vending_app import app  # noqa: PLC0415 - what is measured

    keys = app.start_unsealing(data, PASSPHRASE)
    from vending_app import window  # noqa: PLC0415 - what is measured

    with (
        app.open_office(data, passphrase=str, unsealing=keys) as office,
        window.opened(
            office.counter.do,
            office.desk,
            office.counter.outside.preferences,
            books=office.ledger.elsewhere(),
            practice=False,
        ) as opened,
    ):
        opened.window.show()
        while opened.window.login.greeting is None:
            opened.application.processEvents()
        # Painted now, before the window goes on to build what lies behind the page.
        opened.window.repaint()
        # Closing waits for the card watcher; a start is measured, not an end.
        os._exit(0)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if sys.argv[1] == "bare":
        bare()
    else:
        counter(Path(sys.argv[2]))
