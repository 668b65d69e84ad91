"""One of many, under each other: the printers and the readers of a desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.table import Column, RowsModel, Table
from vending_app.ui.theme import Look


@dataclass(frozen=True, slots=True)
class Option:
    """One row: its key for the program, its icon and name for people, and what is to be said of it."""

    key: str
    name: str
    icon: str
    note: str = ""
    is_there: bool = True
    """False for what is chosen and not connected now."""
    is_chosen: bool = False


def _note_of(option: Option) -> str:
    if not option.is_there:
        return "not connected"
    return "chosen" if option.is_chosen else option.note


def _mark_of(option: Option) -> tuple[str, str]:
    if not option.is_there:
        return "warning-fill", "warn"
    return ("check-circle-fill", "accent") if option.is_chosen else ("", "muted")


class ChoiceList(Table):
    """Arrows move, Enter, Space or a click chooses. Signals: wanted(str) — the key, only of another one."""

    wanted = Signal(str)

    def __init__(self, look: Look, *, name: str, parent: QWidget | None = None) -> None:
        columns: list[Column[Option]] = [
            Column("", lambda row: row.name, mark=lambda row: (row.icon, "text")),
            Column("", _note_of, 170, right=True, mark=_mark_of),
        ]
        self.options: RowsModel[Option] = RowsModel(columns)
        super().__init__(look, self.options, name=name, headed=False, parent=parent)
        self.shows_focus = True
        self.clicked.connect(self._on_clicked)

    def show_options(self, options: Sequence[Option]) -> None:
        """Other options; the cursor stands on the chosen one."""
        if tuple(options) == self.options.rows:
            return
        self.options.show_rows(options)
        self._stand_on_chosen()
        said = [f"{option.name}, {_note_of(option)}" for option in options if option.is_chosen]
        self.setAccessibleDescription("; ".join(said))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._choose(self.chosen)
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._stand_on_chosen()

    def _stand_on_chosen(self) -> None:
        self.selectRow(next((at for at, option in enumerate(self.options.rows) if option.is_chosen), 0))

    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(self.options.rows[index.row()])

    def _choose(self, option: Option | None) -> None:
        if option is not None and not option.is_chosen:
            self.wanted.emit(option.key)
