"""Beside the life of a supply: where its energy is, its cards, and what happened last."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from vending_app.domain.energy import NO_ENERGY
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
from vending_app.ui.supply.entry_words import said_detail, said_energy, said_kind
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
        is_alive = shown.supply.closed_on is None
        low = is_alive and balance.in_meter <= shown.supply.parameters.alarm_1
        seen = f"In the meter, {day_and_month(local(last.meter_time).date())}" if last else "In the meter"
        rows = [
            ("Energy bought, kWh", str(balance.bought), ""),
            ("Used", str(balance.used), ""),
            (seen, str(balance.in_meter), "warn" if low and last else ""),
            ("On the card, not yet taken", str(balance.on_card), ""),
            self._odd(),
            ("Paid in all", self._money(balance.paid), ""),
        ]
        owed = ("Arrears", self._money(balance.arrears), "warn" if balance.arrears > ZERO else "")
        due = ("To be paid back", self._money(balance.refund_due), "warn")
        return [*rows, due if balance.refund_due > ZERO else owed]

    def _odd(self) -> tuple[str, str, str]:
        """What no figure explains; after the end what a meter took although it had gone back."""
        assert self.shown is not None, "drawn after it was shown"
        balance = self.shown.life.balance
        if balance.loaded_after_end:
            return "Loaded after the end", str(balance.loaded_after_end), "bad"
        return "Unexplained", str(balance.unexplained), "bad" if balance.unexplained else ""

    def _verdict(self) -> tuple[str, str, str]:
        """Word, icon and tone of the tag."""
        assert self.shown is not None, "drawn after it was shown"
        balance = self.shown.life.balance
        if balance.adds_up:
            return "adds up", "check-circle-fill", "ok"
        return f"{balance.loaded_after_end or balance.unexplained} kWh open", "warning-fill", "bad"

    @property
    def agreement(self) -> str:
        """What was agreed about the arrears; empty without an agreement."""
        share = self.shown.terms.arrears_share_percent if self.shown is not None else 0
        return f"agreement: {share} % of each purchase" if share else ""

    def draw(self, ink: Ink) -> None:
        if self.shown is None:
            return
        right = self.width() - PADDING
        word, icon, name = self._verdict()
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
        count = max(1, min(len(self.cards), CARDS_SHOWN, int(self.height() - 49) // 53))
        for at, card in enumerate(self.cards[:count]):
            self._draw_card(ink, 49 + 53 * at, card, is_last=at == count - 1)
        words = "Re-issuing ends the current card. The credit stays with the supply: nothing is lost."
        top = 49 + 53 * count - 4
        if not self.is_closed and top + 76 + 8 <= self.height():
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

    KWH, MONEY = 236, 116
    """How far from the right edge these columns end, beside what was left."""
    NARROW_BELOW = 720
    """Money goes first."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Latest entries", parent=parent)
        self.events: tuple[LifeEvent, ...] = ()
        self.detail = ""

    def show_life(self, shown: LifeShown) -> None:
        told = [event for event in shown.life.events if event.kind not in {"record"}]
        self.events = tuple(reversed(told))[:ENTRIES_SHOWN]
        self.set_title("Latest entries", f"{len(shown.life.events)} in all")

    @property
    def _has_money(self) -> bool:
        return self.width() >= self.NARROW_BELOW

    @property
    def _kwh_end(self) -> float:
        """Where the energy ends."""
        return self.width() - PADDING - (self.KWH if self._has_money else self.MONEY)

    def draw(self, ink: Ink) -> None:
        right = self.width() - PADDING
        self._caption(ink, PADDING, "When", LEFT)
        self._caption(ink, PADDING + 112, "Entry", LEFT)
        self._caption(ink, self._kwh_end - 100, "kWh", RIGHT)
        if self._has_money:
            self._caption(ink, right - self.MONEY - 100, "Money", RIGHT)
        self._caption(ink, right - 100, "kWh left", RIGHT)
        for at, event in enumerate(self.events[: max(0, int(self.height() - 61)) // 29]):
            top = 61 + 29 * at
            ink.rule(PADDING, right, top)
            self._draw_entry(ink, top, event)
        if not self.events:
            ink.text(QRectF(PADDING, 66, right - PADDING, 29), "Nothing has happened yet.", colour=ink.t.muted)

    @staticmethod
    def _caption(ink: Ink, left: float, words: str, align: Qt.AlignmentFlag) -> None:
        ink.text(QRectF(left, 38, 100, 20), words, face=Face.CAPTION, colour=ink.t.muted, align=align)

    def _draw_entry(self, ink: Ink, top: float, event: LifeEvent) -> None:
        right, row, end = self.width() - PADDING, 29, self._kwh_end
        when = f"{day_and_month(local(event.at).date())} {clock(event.at)}"
        ink.text(QRectF(PADDING, top, 108, row), when, colour=ink.t.muted)
        used = ink.text(
            QRectF(PADDING + 112, top, 200, row), said_kind(event.kind, event.text), face=Face.STRONG, may_elide=True
        )
        x = PADDING + 112 + max(120, used + 12)
        words = said_detail(event.kind, event.sequence, event.state, event.text)
        if end - 110 > x:
            ink.text(QRectF(x, top, end - 110 - x, row), words, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
        ink.text(QRectF(end - 140, top, 140, row), said_energy(event.kind, event.energy), face=Face.VALUE, align=RIGHT)
        if event.money and self._has_money:
            money = QRectF(right - self.MONEY - 100, top, 100, row)
            ink.text(money, str(event.money), face=Face.VALUE, align=RIGHT)
        left = str(event.remaining) if event.remaining is not None else ""
        ink.text(QRectF(right - 100, top, 100, row), left, face=Face.STRONG, align=RIGHT)
