"""One of many by arrow key: where the cursor stands is the choice, Enter goes on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.choice_list import Option
from vending_app.ui.components.table import MARK, ROW_HEIGHT, SIDE, Column, RowsModel, Table
from vending_app.ui.fonts import Face
from vending_app.ui.paint import text_width
from vending_app.ui.theme import Look

NOTE_WIDTH, NOTES_FROM = 190, 380


class PickList(Table):
    """Signals, besides those of Table: Qt's selection. `key` is the choice."""

    def __init__(self, look: Look, *, name: str, parent: QWidget | None = None) -> None:
        columns: list[Column[Option]] = [
            Column("", lambda row: row.name, strong=True, mark=lambda row: (row.icon, "text")),
            Column("", lambda row: row.note, NOTE_WIDTH, right=True, muted=True),
        ]
        self.options: RowsModel[Option] = RowsModel(columns)
        super().__init__(look, self.options, name=name, headed=False, parent=parent)
        self.shows_focus = True

    def show_options(self, options: Sequence[Option]) -> None:
        """Other options, the cursor on the chosen one or the first."""
        self.options.show_rows(options)
        self._show_notes()
        self.selectRow(next((at for at, option in enumerate(options) if option.is_chosen), 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_notes()

    def _show_notes(self) -> None:
        """Where there is little room the names need it more."""
        has_notes = any(option.note for option in self.options.rows)
        self.setColumnHidden(1, not has_notes or self.width() < NOTES_FROM)
        longest = max((text_width(option.note, Face.BODY) for option in self.options.rows), default=0)
        names = max((text_width(option.name, Face.STRONG) for option in self.options.rows), default=0)
        # A note longer than usual takes what the names leave of the row, and one that is shorter leaves it to them.
        needed, left = longest + 2 * SIDE, self.viewport().width() - names - MARK - 2 * SIDE
        self.setColumnWidth(1, max(min(NOTE_WIDTH, max(needed, left)), min(needed, left)))

    @property
    def key(self) -> str:
        """What is chosen; empty while there is nothing."""
        option = self.chosen
        return option.key if isinstance(option, Option) else ""

    def height_for(self, most: int) -> int:
        """How high it is with all rows, or `most` of them."""
        return ROW_HEIGHT * max(1, min(len(self.options.rows), most))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
