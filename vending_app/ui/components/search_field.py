"""A field that finds while somebody types, with the table below it on the arrow keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from vending_app.ui.components.fields import TextField
from vending_app.ui.components.table import Table

SEARCH_AFTER_MS = 40
"""After the last key: less than anybody notices, enough to skip the middle of a fast word."""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class SearchField(TextField):
    """Signals: wanted() — somebody stopped typing; Qt's returnPressed."""

    wanted = Signal()

    def __init__(self, table: Callable[[], Table], *, hint: str, parent: QWidget) -> None:
        super().__init__(name="Find", hint=hint, parent=parent)
        self._table = table
        self._buddy = QLabel("&Find", parent)
        self._buddy.setBuddy(self)
        self._buddy.hide()
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SEARCH_AFTER_MS)
        self._wait.timeout.connect(self.wanted)
        self.textEdited.connect(self._on_typed)

    @property
    def asked(self) -> str:
        """What is looked for."""
        return self.text().strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _STEPS.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
            return
        table = self._table()
        last = len(table.rows_model.rows) - 1
        table.selectRow(max(0, min(table.currentIndex().row() + move, last)))

    def _on_typed(self, _text: str) -> None:
        self._wait.start()
