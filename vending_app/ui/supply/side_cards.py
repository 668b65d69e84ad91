"""Beside the life of a supply: where its energy is, its cards, and what happened last."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import masked
from vending_app.domain.money import ZERO, Money
from vending_app.domain.records import CardOfSupply, LifeEvent
from vending_app.services.supply_cases import LifeShown
from vending_app.ui.books.act_card import draw_note
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.plastic import draw_plastic
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.components.tag import draw_tag, tag_width
from vending_app.ui.fonts import Face
from vending_app.ui.paint import LEFT, RIGHT, Ink
from vending_app.ui.phrases import clock, counted, day_and_month, full_day, local
from vending_app.ui.supply.supply_words import CARD_ENDS
from vending_app.ui.theme import Look

ROW, LAST = 31, 6
"""Of the balance: how high a row is, and which one is the last."""
CARDS_SHOWN = 3
ENTRIES_SHOWN = 3


class BalanceCard(Surface):
    """Energy bought, and where it went; what was paid, and what is owed."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Balance", parent=parent)
        self.shown: LifeShown | None = None
        self.currency = ""

    def show_life(self, shown: LifeShown) -> None:
        self.shown = shown
        told = [f"{label} {value}" for label, value, _ in self._rows()]
        self.setAccessibleDescription("; ".join([*told, self.agreement] if self.agreement else told))
        self.update()

    def _money(self, amount: Money) -> str:
        return f"{self.currency} {amount}".strip()

    def _rows(self) -> list[tuple[str, str, str]]:
        """Label, figure, tone."""
        shown = self.shown
        if shown is None:
            return []
        balance, last = shown.life.balance, shown.write_back
        low = balance.in_meter <= shown.supply.parameters.alarm_1
        seen = f"In the meter, {day_and_month(local(last.meter_time).date())}" if last else "In the meter"
        rows = [
            ("Energy bought, kWh", str(balance.bought), ""),
            ("Used", str(balance.used), ""),
            (seen, str(balance.in_meter), "warn" if low and last else ""),
            ("On the card, not yet taken", str(balance.on_card), ""),
            ("Unexplained", str(balance.unexplained), "bad" if balance.unexplained else ""),
            ("Paid in all", self._money(balance.paid), ""),
        ]
        owed = ("Arrears", self._money(balance.arrears), "warn" if balance.arrears > ZERO else "")
        due = ("To be paid back", self._money(balance.refund_due), "warn")
        return [*rows, due if balance.refund_due > ZERO else owed]

    @property
    def agreement(self) -> str:
        """What was agreed about the arrears; empty without an agreement."""
        share = self.shown.terms.arrears_share_percent if self.shown is not None else 0
        return f"agreement: {share} % of each purchase" if share else ""

    def draw(self, ink: Ink) -> None:
        if self.shown is None:
            return
        balance = self.shown.life.balance
        right = self.width() - PADDING
        word = "adds up" if balance.adds_up else f"{balance.unexplained} kWh open"
        icon, name = ("check-circle-fill", "ok") if balance.adds_up else ("warning-fill", "bad")
        draw_tag(ink, right - tag_width(word), 13, word=word, icon=icon, name=name)
        self._draw_shares(ink, QRectF(PADDING, 45, right - PADDING, 9))
        for at, (label, value, colour) in enumerate(self._rows()):
            top = 62 + ROW * at
            tone = getattr(ink.t, colour) if colour else ""
            if at == LAST and self.agreement:
                top -= 6
                self._draw_agreement(ink, top + 24)
            used = ink.text(QRectF(PADDING, top, 210, ROW), label, colour=ink.t.muted)
            figure = QRectF(PADDING + used + 8, top, right - PADDING - used - 8, ROW)
            ink.text(figure, value, face=Face.VALUE, colour=tone, align=RIGHT)
            if at < LAST:
                ink.rule(PADDING, right, top + ROW - 1)

    def _draw_agreement(self, ink: Ink, top: float) -> None:
        """Below the arrears, in small."""
        room = QRectF(PADDING, top, self.width() - 2 * PADDING, 14)
        ink.text(room, self.agreement, face=Face.CAPTION, colour=ink.t.muted)

    def _draw_shares(self, ink: Ink, rect: QRectF) -> None:
        """Used, in the meter, on the card, unexplained, as parts of what was bought."""
        assert self.shown is not None, "drawn after it was shown"
        balance = self.shown.life.balance
        ink.box(rect, fill=ink.t.band, radius=2)
        whole = max(1, balance.bought.wh)
        parts = (
            (balance.used, ink.t.series_2),
            (max(balance.in_meter, NO_ENERGY), ink.t.warn),
            (max(balance.on_card, NO_ENERGY), ink.t.series_1),
            (max(balance.unexplained, NO_ENERGY), ink.t.bad),
        )
        x = rect.left()
        for energy, colour in parts:
            width = min(rect.right() - x, rect.width() * energy.wh / whole)
            if width >= 1:
                ink.box(QRectF(x, rect.top(), width, rect.height()), fill=colour, radius=0)
                x += width


class CardsCard(Surface):
    """The cards of a supply, the dead ones greyed."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Cards", parent=parent)
        self.cards: tuple[CardOfSupply, ...] = ()
        self.is_closed = False

    def show_life(self, shown: LifeShown) -> None:
        self.cards, self.is_closed = shown.life.cards, shown.supply.closed_on is not None
        more = len(self.cards) - CARDS_SHOWN
        self.set_title("Cards", f"{counted(more, 'older one', 'older ones')}" if more > 0 else "")
        self.setAccessibleDescription("; ".join(f"{masked(card.number)} {said_since(card)}" for card in self.cards))

    def draw(self, ink: Ink) -> None:
        right = self.width() - PADDING
        if not self.cards:
            area = QRectF(PADDING, 44, right - PADDING, 150)
            draw_empty(ink, area, icon="identification-card", title="No card yet", step="It is issued on page Cards.")
            return
        for at, card in enumerate(self.cards[:CARDS_SHOWN]):
            self._draw_card(ink, 49 + 53 * at, card, is_last=at == min(len(self.cards), CARDS_SHOWN) - 1)
        words = "Re-issuing ends the current card. The credit stays with the supply: nothing is lost."
        if not self.is_closed:
            top = 49 + 53 * min(len(self.cards), CARDS_SHOWN) - 4
            draw_note(ink, QRectF(PADDING, top, right - PADDING, 76), ("accent", "info", words))

    def _draw_card(self, ink: Ink, top: float, card: CardOfSupply, *, is_last: bool) -> None:
        right = self.width() - PADDING
        is_current = card.until is None and not self.is_closed
        draw_plastic(ink.painter, QRectF(PADDING, top, 56, 36), "blue" if is_current else "grey")
        muted = "" if is_current else ink.t.muted
        word, icon, name = ("current", "check-circle-fill", "ok") if is_current else ("dead", "prohibit", "muted")
        width = tag_width(word)
        room = right - PADDING - 68 - width - 8
        ink.text(QRectF(PADDING + 68, top, room, 18), masked(card.number), face=Face.STRONG, colour=muted)
        ink.text(QRectF(PADDING + 68, top + 18, room, 16), said_since(card), face=Face.SMALL, colour=ink.t.muted)
        draw_tag(ink, right - width, top + 6, word=word, icon=icon, name=name)
        if not is_last:
            ink.rule(PADDING, right, top + 44)


def said_since(card: CardOfSupply) -> str:
    """`since 14 Jan 2025`, or `lost, Feb 2024`."""
    if card.until is None:
        return f"since {full_day(card.since)}"
    why = CARD_ENDS[card.why] if card.why else "replaced"
    return f"{why}, {local(card.until).strftime('%b %Y')}"


class EntriesCard(Surface):
    """What happened last; F6 tells it all."""

    COLUMNS = (("When", 0.0, False), ("Entry", 112.0, False), ("kWh", 640.0, True), ("Money", 760.0, True))

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Latest entries", parent=parent)
        self.events: tuple[LifeEvent, ...] = ()
        self.detail = ""

    def show_life(self, shown: LifeShown) -> None:
        told = [event for event in shown.life.events if event.kind not in {"record"}]
        self.events = tuple(reversed(told))[:ENTRIES_SHOWN]
        self.set_title("Latest entries", f"{len(shown.life.events)} in all")

    def draw(self, ink: Ink) -> None:
        right = self.width() - PADDING
        for caption, x, is_right in self.COLUMNS:
            rect = QRectF(PADDING + x - (100 if is_right else 0), 38, 100, 20)
            ink.text(rect, caption, face=Face.CAPTION, colour=ink.t.muted, align=RIGHT if is_right else LEFT)
        ink.text(QRectF(right - 100, 38, 100, 20), "kWh left", face=Face.CAPTION, colour=ink.t.muted, align=RIGHT)
        for at, event in enumerate(self.events):
            top = 61 + 29 * at
            ink.rule(PADDING, right, top)
            self._draw_entry(ink, top, event)
        if not self.events:
            ink.text(QRectF(PADDING, 66, right - PADDING, 29), "Nothing has happened yet.", colour=ink.t.muted)

    def _draw_entry(self, ink: Ink, top: float, event: LifeEvent) -> None:
        right, row = self.width() - PADDING, 29
        when = f"{day_and_month(local(event.at).date())} {clock(event.at)}"
        ink.text(QRectF(PADDING, top, 108, row), when, colour=ink.t.muted)
        used = ink.text(QRectF(PADDING + 112, top, 200, row), said_entry(event), face=Face.STRONG, may_elide=True)
        detail = QRectF(PADDING + 112 + max(120, used + 12), top, 640 - 112 - max(120, used + 12) - 110, row)
        ink.text(detail, said_detail(event), face=Face.SMALL, colour=ink.t.muted, may_elide=True)
        ink.text(QRectF(PADDING + 500, top, 140, row), said_energy(event), face=Face.VALUE, align=RIGHT)
        money = str(event.money) if event.money else ""
        ink.text(QRectF(PADDING + 660, top, 100, row), money, face=Face.VALUE, align=RIGHT)
        left = str(event.remaining) if event.remaining is not None else ""
        ink.text(QRectF(right - 100, top, 100, row), left, face=Face.STRONG, align=RIGHT)


KINDS = {
    "sale": "Sale",
    "issue": "Card issued",
    "reversal": "Reversal",
    "cancellation": "Cancellation",
    "write-back": "Write-back",
    "payment": "Arrears paid",
    "refund": "Refund",
    "note": "Note",
    "meter-change": "Meter changed",
    "settlement": "Supply closed",
}
_STATES = {"posted": "", "pending": "interrupted", "in_doubt": "interrupted", "voided": "void"}


def said_entry(event: LifeEvent) -> str:
    """`Sale 2-001604`."""
    kind = KINDS.get(event.kind, event.kind)
    return f"{kind} {event.text}".strip() if event.kind in {"sale", "reversal"} else kind


def said_detail(event: LifeEvent) -> str:
    """What more there is to say of it."""
    if event.kind == "write-back":
        return "meter read by the card"
    if event.kind in {"sale", "issue", "reversal", "cancellation"}:
        return ", ".join(part for part in (f"order {event.sequence}", _STATES.get(event.state, event.state)) if part)
    return event.text


def said_energy(event: LifeEvent) -> str:
    """`used 4 794.20`, `+188.19`."""
    if event.kind == "write-back":
        return f"used {event.energy}"
    if event.kind == "cancellation" or not event.energy:
        return ""
    return f"+{event.energy}" if event.energy > Energy(0) else str(event.energy)
