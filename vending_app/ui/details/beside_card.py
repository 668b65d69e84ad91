"""What the books say beside a card, line by line, and why they do not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from vending_app.services.diagnosis_cases import Comparison, Diagnosis
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.details.diagnosis_words import COMPARED, PAST, beside_remark, why_uncompared
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink, wrapped_height
from vending_app.ui.theme import Look

HEADS = ("", "On the card", "In the books")
PAST_HEADS = (PAST, "Bought", "On")
MOST_ROW = 40.0
Cells = tuple[str, str, str]


class BesideCard(Surface):
    """The card and the books, line by line; what differs stands out."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Beside the books", parent=parent)
        self.compared: tuple[Comparison, ...] = ()
        self.past: tuple[Cells, ...] = ()
        self.why_not = ""
        """Said where nothing is compared."""

    def show_compared(self, found: Diagnosis, past: Sequence[Cells] = ()) -> None:
        """Another card; below it the orders that it remembers, where they have no other place."""
        self.compared, self.past = found.compared, tuple(past)
        self.why_not = "" if found.compared else why_uncompared(found)
        self.set_title("Beside the books", beside_remark(found))
        self.setAccessibleDescription(self.why_not)

    def draw(self, ink: Ink) -> None:
        top = 44.0
        if not self.compared:
            wide = self.width() - 2 * PADDING
            row = QRectF(PADDING, top, wide, wrapped_height(self.why_not, Face.SMALL, wide))
            ink.paragraph(row, self.why_not, face=Face.SMALL, colour=ink.t.muted, from_top=True)
            top = row.bottom() + 8
        rows = self._rows()
        step = min(MOST_ROW, (self.height() - top - 8) / max(len(rows), 1))
        for at, (cells, differs) in enumerate(rows):
            is_head = cells in (HEADS, PAST_HEADS)
            self._draw_row(ink, top + at * step, step, cells, is_head=is_head, differs=differs)

    def _rows(self) -> list[tuple[Cells, bool]]:
        """Each with whether it differs."""
        rows = [(self._cells(each), not each.is_equal) for each in self.compared]
        rows = [(HEADS, False), *rows] if rows else rows
        return [*rows, (PAST_HEADS, False), *((past, False) for past in self.past)] if self.past else rows

    @staticmethod
    def _cells(each: Comparison) -> Cells:
        return COMPARED[each.what], each.on_card or "–", each.in_books or "–"

    def _draw_row(self, ink: Ink, top: float, step: float, cells: Cells, *, is_head: bool, differs: bool) -> None:
        wide = (self.width() - 2 * PADDING) / 3
        face = Face.CAPTION_STRONG if is_head else Face.SMALL_STRONG if differs else Face.SMALL_VALUE
        for at, cell in enumerate(cells):
            colour = ink.t.muted if is_head or at == 0 else ink.t.bad if differs else ink.t.text
            place = QRectF(PADDING + at * wide, top, wide - 8, step)
            ink.text(place, cell, face=face if at or is_head else Face.SMALL, colour=colour, may_elide=True)
