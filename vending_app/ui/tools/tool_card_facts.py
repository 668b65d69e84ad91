"""A tool card in words: for whom, until when, under whose name, and what came of the last act."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.ids import OperatorName
from vending_app.domain.tool_card import ToolCard
from vending_app.ui.books.act_card import draw_note
from vending_app.ui.components.reader_lines import ReaderLines
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.phrases import day_and_month, local
from vending_app.ui.reader_words import ReaderLine
from vending_app.ui.theme import Look
from vending_app.ui.tools.tool_words import (
    limits_words,
    named_by,
    purpose,
)

TOP, FACT, LIMITS, NOTE = 48.0, 32, 58, 72
NOTHING_IN = ("accent", "clipboard-text", "Put a tool card into the reader and press F12: it is read in.")


class ToolCardFacts(Surface):
    """The chosen card in words, and what came of the last act."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Tool card", parent=parent)
        self.card: ToolCard | None = None
        self.readers = ReaderLines(look, is_stacked=True, parent=self)
        self.names: dict[OperatorName, str] = {}
        self.note = NOTHING_IN

    def show_card(self, card: ToolCard | None) -> None:
        self.card = card
        self.set_title(f"{purpose(card.draft.kind)} {card.number}" if card else "Tool card")
        self._lay_out()
        self.update()

    def show_note(self, note: tuple[str, str, str]) -> None:
        self.note = note
        self.setAccessibleDescription(note[2])
        self.update()

    def show_readers(self, lines: Sequence[ReaderLine]) -> None:
        self.readers.show_lines(lines)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        told, has_limits = self.readers.wanted_height, self.card is not None and self.card.draft.limits is not None
        top = self.height() - told - 8
        self.readers.setGeometry(PADDING, top, self.width() - 2 * PADDING, told)
        # A low window has no room for both: what the card says comes first.
        below = TOP + FACT * len(self.facts()) + (LIMITS if has_limits else 0) + NOTE
        self.readers.setVisible(told > 0 and top >= below)

    def facts(self) -> list[tuple[str, str]]:
        """Label and value."""
        card = self.card
        if card is None:
            return []
        draft = card.draft
        return [
            ("Meter" if draft.mandate.meter else "Area", named_by(draft.mandate)),
            ("Carried by", card.carrier_name),
            (
                "Issued",
                f"{day_and_month(local(draft.at).date())} by {self.names.get(draft.issued_by, draft.issued_by)}",
            ),
            ("Last day", day_and_month(draft.mandate.expires_on)),
            ("Read in", day_and_month(local(card.read_at).date()) if card.read_at else "never"),
        ]

    def draw(self, ink: Ink) -> None:
        right, top = self.width() - PADDING, TOP
        for label, value in self.facts():
            used = ink.text(QRectF(PADDING, top, 120, FACT), label, colour=ink.t.muted)
            room = QRectF(PADDING + used + 12, top, right - PADDING - used - 12, FACT)
            ink.text(room, value, face=Face.STRONG, align=RIGHT, may_elide=True)
            ink.rule(PADDING, right, top + FACT - 1)
            top += FACT
        if self.card is not None and self.card.draft.limits is not None:
            words = limits_words(self.card.draft.limits)
            ink.paragraph(QRectF(PADDING, top + 10, right - PADDING, 48), words, face=Face.SMALL, from_top=True)
            top += LIMITS
        draw_note(ink, QRectF(PADDING, top + 14, right - PADDING, 58), self.note)
