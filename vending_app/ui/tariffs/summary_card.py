"""Before new prices are put in force: field by field what was and what will be, and that it stays."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import VendingError
from vending_app.ui.books.act_card import draw_note
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import place_table
from vending_app.ui.paint import Ink
from vending_app.ui.tariffs.tariff_words import STAYS, Part
from vending_app.ui.tariffs.terms_table import TermsTable
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

TOP, NOTE, BUTTON = 46, 76, 48
CAUTION = ("warn", "warning-fill", STAYS)


class SummaryCard(Surface):
    """Signals: confirmed(), left()."""

    confirmed = Signal()
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="What changes", parent=parent)
        self.note = CAUTION
        self.table = TermsTable(look, name="What changes", parent=self)
        self.button = Button(look, "Put in force", kind=Kind.PRIMARY, icon="shield-check", parent=self)
        self.back = Button(look, "Back", key="Esc", parent=self)
        self.button.clicked.connect(self.confirmed)
        self.back.clicked.connect(self.left)

    def show_changes(self, parts: Sequence[Part], *, title: str, remark: str) -> None:
        """Of these prices."""
        self.set_title(title, remark)
        self.table.show_parts(parts)
        self._show_note(CAUTION)

    def show_trouble(self, error: VendingError) -> None:
        """They were refused after all."""
        said = trouble(error)
        self._show_note(("bad", "warning-circle-fill", f"{said.sentence} {said.remedy}"))

    def _show_note(self, note: tuple[str, str, str]) -> None:
        self.note = note
        self.setAccessibleDescription(note[2])
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, y = self.width() - 2 * PADDING, self.height() - PADDING - BUTTON
        place_table(self.table, QRectF(5, TOP, self.width() - 10, y - NOTE - 16 - TOP))
        back = self.back.content_width() + 30
        place(self.back, PADDING, y, back, BUTTON)
        place(self.button, PADDING + back + 8, y, width - back - 8, BUTTON)

    def draw(self, ink: Ink) -> None:
        y = self.height() - PADDING - BUTTON - NOTE - 8
        draw_note(ink, QRectF(PADDING, y, self.width() - 2 * PADDING, 58), self.note)
