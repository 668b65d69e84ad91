"""What a card is, in a sentence and in facts, and what the books say beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from vending_app.services.diagnosis_cases import Comparison
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.details.diagnosis_words import COMPARED, PAST
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

LABEL = 96
SENTENCE, SENTENCE_NARROW, NARROW_BELOW = 66, 86, 320
MOST, LEAST = 28.0, 17.0
MEANING = 52
UNKNOWN = "The books know nothing of this card."
HEADS = ("", "On the card", "In the books")
PAST_HEADS = (PAST, "Bought", "On")
MOST_ROW = 40.0
Cells = tuple[str, str, str]


class FactsCard(Surface):
    """Label and value, one under the other, below one or two sentences."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="In words", parent=parent)
        self.sentence = ""
        self.facts: tuple[tuple[str, str], ...] = ()

    def show_facts(self, sentence: str, facts: Sequence[tuple[str, str]]) -> None:
        """Another card."""
        self.sentence, self.facts = sentence, tuple(facts)
        self.setAccessibleDescription("; ".join((sentence, *(f"{label}: {value}" for label, value in facts))))
        self.update()

    def draw(self, ink: Ink) -> None:
        wide = self.width() - 2 * PADDING
        high = SENTENCE_NARROW if self.width() < NARROW_BELOW else SENTENCE
        ink.paragraph(QRectF(PADDING, 44, wide, high), self.sentence, face=Face.VALUE, from_top=True)
        top = 44.0 + high + 8
        step = max(LEAST, min(MOST, (self.height() - top - 8) / max(len(self.facts), 1)))
        for label, value in self.facts:
            ink.text(QRectF(PADDING, top, LABEL, step), label, face=Face.SMALL, colour=ink.t.muted)
            row = QRectF(PADDING + LABEL, top, wide - LABEL, step)
            ink.text(row, value, face=Face.SMALL_VALUE, may_elide=True)
            top += step


class FieldsCard(Surface):
    """Room for the fields of a card, and below them what the one that is looked at means."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Field by field", parent=parent)
        self.meaning = ""

    def show_meaning(self, meaning: str) -> None:
        """Of another field."""
        self.meaning = meaning
        self.update()

    def draw(self, ink: Ink) -> None:
        top = self.height() - MEANING
        ink.rule(PADDING, self.width() - PADDING, top)
        row = QRectF(PADDING, top + 4, self.width() - 2 * PADDING, MEANING - 8)
        ink.paragraph(row, self.meaning, face=Face.SMALL, colour=ink.t.muted)


class BesideCard(Surface):
    """The card and the books, line by line; what differs stands out."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Beside the books", parent=parent)
        self.compared: tuple[Comparison, ...] = ()
        self.past: tuple[Cells, ...] = ()

    def show_compared(self, compared: Sequence[Comparison], past: Sequence[Cells] = ()) -> None:
        """Another card; below it the orders that it remembers, where they have no other place."""
        self.compared, self.past = tuple(compared), tuple(past)
        differing = sum(not each.is_equal for each in compared)
        says = "1 differs" if differing == 1 else f"{differing} differ" if differing else "equal"
        self.set_title("Beside the books", says if compared else "")
        self.update()

    def draw(self, ink: Ink) -> None:
        top = 44.0
        if not self.compared:
            row = QRectF(PADDING, top, self.width() - 2 * PADDING, 40)
            ink.paragraph(row, UNKNOWN, face=Face.SMALL, colour=ink.t.muted, from_top=True)
            top += 40
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
