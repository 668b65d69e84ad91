"""The parts of a tariff, each beside what it was."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from vending_app.ui.components.table import Column, RowsModel, Table
from vending_app.ui.tariffs.tariff_words import Part
from vending_app.ui.theme import Look

LABEL, BEFORE = 120, 176


class TermsTable(Table):
    """Signals: those of Table. What did not change has nothing in the column before."""

    def __init__(self, look: Look, *, name: str, parent: QWidget | None = None) -> None:
        columns: list[Column[Part]] = [
            Column("", lambda part: part.label, LABEL, muted=True),
            Column("Before", lambda part: part.before if part.is_changed else "", BEFORE, muted=True),
            Column("Then", lambda part: part.after),
        ]
        self.parts: RowsModel[Part] = RowsModel(columns)
        super().__init__(look, self.parts, name=name, parent=parent)
        self.empty = ("", "", "")
        self.shows_focus = True

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Other ones; without the column before where nothing was before."""
        self.parts.show_rows(parts)
        self.setColumnHidden(1, not any(part.is_changed and part.before for part in parts))
