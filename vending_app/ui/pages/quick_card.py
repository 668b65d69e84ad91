"""Five fields for the amounts that stand as buttons on the sell page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from vending_app.domain.errors import VendingError
from vending_app.domain.money import Money
from vending_app.services.desk_settings import QUICK_COUNT, check_quick_amount
from vending_app.ui.components.fields import FigureField
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.sell.form import typed
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

FIELDS_TOP, LOW_TOP, LOW = 84, 48, 230
"""In a card lower than LOW the fields stand where they are explained otherwise."""
FIELD = 48
LONGEST = 7
"""`9999.99`."""


class QuickCard(Surface):
    """Signals: kept(tuple of Money) — five right amounts, other than those shown; told when a field is left."""

    kept = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Quick amounts", parent=parent)
        self.amounts: tuple[Money, ...] = ()
        self.sentence = ""
        self.fields = [self._field(at) for at in range(QUICK_COUNT)]

    def _field(self, at: int) -> FigureField:
        name = f"Quick amount {at + 1}"
        field = FigureField(self.look, label="", name=name, face=Face.CARD_TITLE, parent=self)
        field.setMaxLength(LONGEST)
        field.says_inside = False
        field.editingFinished.connect(self._on_left)
        field.edited.connect(self._on_typed)
        buddy = QLabel(f"&{name}", self)
        buddy.setBuddy(field)
        buddy.hide()
        return field

    # --- shown ------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """What was typed and never kept is gone."""
        self.amounts = ()

    def show_amounts(self, amounts: tuple[Money, ...]) -> None:
        """Show what holds, unless it is what stands here already: then somebody may be typing."""
        if amounts == self.amounts:
            return
        self.amounts = amounts
        for field, amount in zip(self.fields, amounts, strict=True):
            field.setText(typed(amount))
        self._check()

    def set_narrow(self, narrow: bool) -> None:
        super().set_narrow(narrow)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """In one row, beside the practice dock in two."""
        across = 3 if self.is_narrow else QUICK_COUNT
        width = (self.width() - 2 * PADDING - 8 * (across - 1)) / across
        top = LOW_TOP if self.height() < LOW else FIELDS_TOP
        for at, field in enumerate(self.fields):
            row, column = divmod(at, across)
            place(field, PADDING + column * (width + 8), top + row * (FIELD + 8), width, FIELD)

    def draw(self, ink: Ink) -> None:
        room = self.width() - 2 * PADDING
        words = "Money a customer asks for most, as buttons."
        if self.height() >= LOW:
            ink.text(QRectF(PADDING, 48, room, 24), words, colour=ink.t.muted, may_elide=True)
        below = self.fields[-1].geometry().bottom() + 9
        colour, said = (ink.t.bad, self.sentence) if self.sentence else (ink.t.muted, "Enter keeps them.")
        ink.text(QRectF(PADDING, below, room, 24), said, face=Face.SMALL, colour=colour, may_elide=True)

    # --- what a person does -----------------------------------------------------------------------------

    def _check(self) -> tuple[Money, ...]:
        """Mark the fields that are wrong; the amounts, if all are right."""
        right, self.sentence = [], ""
        for field in self.fields:
            sentence = ""
            try:
                amount = Money.parse(field.text())
                check_quick_amount(amount)
                right.append(amount)
            except VendingError as error:
                sentence = trouble(error).sentence
            field.set_wrong(sentence)
            self.sentence = self.sentence or sentence
        self.update()
        return tuple(right) if len(right) == len(self.fields) else ()

    def _on_typed(self, _text: str) -> None:
        if self.sentence:
            self._check()

    def _on_left(self) -> None:
        amounts = self._check()
        if amounts and self.amounts and amounts != self.amounts:
            self.amounts = amounts
            self.kept.emit(amounts)
