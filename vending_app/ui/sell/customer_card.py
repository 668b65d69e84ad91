"""Who the customer is: name, supply, six facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QWidget

from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, masked, spaced
from vending_app.domain.money import Money
from vending_app.domain.people import SupplyFile
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.surface import Surface
from vending_app.ui.components.tag import draw_tag
from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, Ink
from vending_app.ui.phrases import initials, local, short_day
from vending_app.ui.theme import Look

FIRST = "First purchase"


@dataclass(frozen=True, slots=True)
class LastBought:
    """The purchase before this one."""

    at: datetime
    money: Money
    energy: Energy


@dataclass(frozen=True, slots=True)
class CustomerShown:
    """What the customer card shows."""

    supply: SupplyFile
    card: CardNo | None
    card_says: str
    """Behind the card's number: `the current one`."""
    last: LastBought | None
    today: date

    @property
    def is_first(self) -> bool:
        """The card is here, and nothing was ever bought with it."""
        return self.card is not None and self.last is None and self.supply.buys_first


_GO_FIRST = frozenset({"Tariff", "Card"})


class CustomerCard(Surface):
    """232 high, 184 in a low window; long names end in an ellipsis and stand whole in the tool tip."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.setAccessibleName("Customer")
        self.shown: CustomerShown | None = None
        self.is_low = False
        self.step = "Put a card in the reader, or press F3."

    def show_customer(self, shown: CustomerShown | None, *, step: str = "") -> None:
        """Show somebody, or nobody and what to do next."""
        self.shown = shown
        self.step = step or "Put a card in the reader, or press F3."
        name = shown.supply.customer.name if shown else ""
        self.setToolTip(name)
        self.setAccessibleDescription(", ".join(f"{k} {v}" for k, v, _ in self.facts()) if shown else "nobody")
        self.update()

    def set_low(self, low: bool) -> None:
        """Where little height is left two facts go that no sale asks for; they are on the page of the supply."""
        self.is_low = low
        self.update()

    @property
    def drawn(self) -> list[tuple[str, str, bool]]:
        """The facts that there is room for."""
        return [fact for fact in self.facts() if not (self.is_low and fact[0] in _GO_FIRST)]

    def facts(self) -> list[tuple[str, str, bool]]:
        """Label, value, and whether the cashier must say something about it."""
        shown = self.shown
        if shown is None:
            return []
        supply, narrow = shown.supply, self.is_narrow
        tariff = supply.tariff_name.split(",")[0] if narrow else supply.tariff_name
        return [
            ("Address", supply.customer.address, False),
            ("Meter", spaced(supply.meter.number), False),
            ("Tariff", f"{supply.tariff} {tariff}", False),
            ("Card", self._card_text(shown), False),
            ("Last" if narrow else "Last bought", self._last_text(shown), False),
            ("Arrears", self._arrears_text(supply), bool(supply.arrears)),
        ]

    def _card_text(self, shown: CustomerShown) -> str:
        if shown.card is None:
            return "none yet"
        if self.is_narrow or not shown.card_says:
            return masked(shown.card)
        return f"{masked(shown.card)}, {shown.card_says}"

    def _last_text(self, shown: CustomerShown) -> str:
        last = shown.last
        if last is None:
            return FIRST if shown.is_first else "nothing yet"
        day = short_day(local(last.at).date(), today=shown.today)
        if self.is_narrow:
            return f"{day}, {last.money}"
        return f"{day}   {last.money}   {last.energy} kWh"

    def _arrears_text(self, supply: SupplyFile) -> str:
        if not supply.arrears:
            return "none"
        share = supply.arrears_share_percent
        if self.is_narrow:
            return f"{supply.arrears}, {share} % a sale"
        return f"{supply.arrears}   {share} % of each sale"

    def draw(self, ink: Ink) -> None:
        shown = self.shown
        if shown is None:
            draw_empty(ink, QRectF(self.rect()), icon="user", title="No customer yet", step=self.step)
            return
        self._draw_head(ink, shown)
        indent = 93 if self.is_narrow else 109
        for at, (label, value, warns) in enumerate(self.drawn):
            top = 69.5 + 24 * at
            ink.text(QRectF(17, top, indent - 17, 24), label, face=Face.SMALL, colour=ink.t.muted)
            if value == FIRST:
                draw_tag(ink, indent, top, word=value, icon="plus-circle", name="accent")
                continue
            room = QRectF(indent, top, self.width() - indent - 12, 24)
            colour = ink.t.warn if warns else ink.t.text
            ink.text(room, value, face=Face.SMALL_VALUE, colour=colour, may_elide=True)

    def _draw_head(self, ink: Ink, shown: CustomerShown) -> None:
        name = shown.supply.customer.name
        ink.disc(QPointF(37, 37), 20, fill=ink.t.accent_soft)
        ink.text(QRectF(17, 17, 40, 40), initials(name), face=Face.STRONG, colour=ink.t.accent, align=CENTRE)
        room = self.width() - 69 - 12
        ink.text(QRectF(69, 16, room, 24), name, face=Face.NAME, may_elide=True)
        kind = shown.supply.tariff_name.split(",")[0]
        number = f"supply {spaced(shown.supply.number)}"
        words = number if self.is_narrow else f"{kind}  ·  {number}"
        ink.text(QRectF(69, 37, room, 22), words, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
