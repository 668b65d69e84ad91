"""F1: the five steps of a sale and all keys, on one page; F1 again leads to the error desk."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.verdict import Verdict
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import CENTRE, Ink
from vending_app.ui.theme import Look
from vending_app.ui.words import VERDICTS, trouble

STEPS = (
    ("Card in", "It is read by itself. The banner says in one line what to do."),
    ("Amount, Enter", "Money, or kWh after F4. The parts of the price appear while typing."),
    ("Cash, Enter", "An empty field means exact money. Enter writes the card and prints."),
    ("Wait", "Do not remove the card until the banner is green. It takes about two seconds."),
    ("Card out, change", "The change stays on the screen until the next card is put in."),
)
WORDS = (
    ("F1", "This page; again: what the meter shows"),
    ("F2", "To the amount"),
    ("F3", "Find customer, try a price without a card"),
    ("F4", "Money or kWh"),
    ("F5", "Read the card again"),
    ("F6", "History of this supply"),
    ("F7", "Receipt again, or print the one that is missing"),
    ("F11", "Lock the counter; what is typed stays"),
    ("F12", "Write the card and print"),
    ("Esc", "Back"),
)
SAFE = (
    ("Card out too early", "Put the same card back. The sale is saved; nothing is charged twice."),
    ("Sold, not printed", "The sale stands. Look after the printer, then press F7."),
    ("Reader unplugged", "Plug it in again. The card is read by itself."),
)
TOLD = {
    Verdict.BLANK: Code.CARD_BLANK,
    Verdict.REPLACED: Code.CARD_REPLACED,
    Verdict.WRONG_SUPPLY: Code.CARD_WRONG_SUPPLY,
}
"""What the banner says, and the trouble whose remedy goes with it."""


def said_trouble() -> tuple[tuple[str, str], ...]:
    """First what looks bad and is safe, then the cards that nothing can be sold to."""
    told = tuple((VERDICTS[verdict].title, trouble(OperatorError(code)).remedy) for verdict, code in TOLD.items())
    return (*SAFE, *told, ("Card locked", trouble(OperatorError(Code.CARD_LOCKED)).remedy))


ICONS = (*("shield-check" for _ in SAFE), *(VERDICTS[verdict].icon for verdict in TOLD), "lock-simple")
PITCH = {"keys": 36, "steps": 82, "trouble": 64}


class _Sheet(Surface):
    """Rows of a key or a number, and words."""

    def __init__(
        self, look: Look, *, title: str, rows: tuple[tuple[str, str], ...], form: str, parent: QWidget
    ) -> None:
        super().__init__(look, title=title, parent=parent)
        self.rows, self.form = rows, form
        self.setAccessibleDescription("; ".join(f"{one}: {other}" for one, other in rows))

    def draw(self, ink: Ink) -> None:
        pitch = PITCH[self.form]
        for at, (one, other) in enumerate(self.rows):
            top = 48 + pitch * at
            if self.form == "keys":
                ink.cap(PADDING, top + pitch / 2, one)
                ink.paragraph(QRectF(68, top, self.width() - 76, pitch), other, face=Face.SMALL_VALUE)
            else:
                self._draw_step(ink, at, top, one, other)

    def _draw_step(self, ink: Ink, at: int, top: float, one: str, other: str) -> None:
        if self.form == "steps":
            ink.disc(QPointF(PADDING + 18, top + 30), 18, fill=ink.t.accent_soft)
            ink.text(
                QRectF(PADDING, top + 12, 36, 36), str(at + 1), face=Face.STRONG, colour=ink.t.accent, align=CENTRE
            )
        else:
            colour = ink.t.ok if at < len(SAFE) else ink.t.muted
            ink.icon(QRectF(PADDING + 6, top + 16, 24, 24), ICONS[at], colour)
        room = self.width() - 70 - PADDING
        ink.text(QRectF(70, top + 4, room, 22), one, face=Face.STRONG)
        ink.paragraph(QRectF(70, top + 26, room, 50), other, face=Face.SMALL, colour=ink.t.muted, from_top=True)


class HelpPage(Page):
    """One page; Esc goes back. Signals: meter_wanted() — somebody reports what his meter shows."""

    meter_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Help", can_go_back=True, parent=parent)
        self.steps = _Sheet(look, title="A sale in five steps", rows=STEPS, form="steps", parent=self)
        self.keys = _Sheet(look, title="Keys", rows=WORDS, form="keys", parent=self)
        self.trouble = _Sheet(look, title="When it goes wrong", rows=said_trouble(), form="trouble", parent=self)
        self.meter = Button(look, "What does the meter show?", kind=Kind.PRIMARY, icon="gauge", key="F1", parent=self)
        self.meter.clicked.connect(self.meter_wanted)
        self.verbs = (self.meter,)

    def show_phone(self, hours: str, phone: str) -> None:
        """Whom to call."""
        self.set_title("Help", f"by phone {phone}   ·   {hours}" if phone else "")

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.meter

    def lay_out(self, area: QRectF) -> None:
        third = round((area.width() - 32) / 3)
        for at, sheet in enumerate((self.steps, self.keys, self.trouble)):
            sheet.setGeometry(
                round(area.left()) + at * (third + 16), round(area.top()), third, min(512, round(area.height()))
            )
