"""Selling energy onto the card in the reader (rows S1, C1): read, price, reserve, write, verify, post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from vending_app.domain.card import CardWrite, Order
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import CardNo, DeskNo, ShiftNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Operator, SupplyFile
from vending_app.domain.quote import Quote, quote_for_energy, quote_for_money
from vending_app.domain.sale import Purpose, Sale, SaleIntent, Tender, TenderKind
from vending_app.domain.verdict import Verdict
from vending_app.ports import CardDesk, CardSession, Clock, KeyVault, Ledger, Progress
from vending_app.services.foretelling import order_after, refusal
from vending_app.services.meter_keys import known_to_meter
from vending_app.services.reading import Reading, require_keys
from vending_app.services.use_cases import CardReading, Offered, Sell, SupplyReading
from vending_app.services.writing import Writing

CLOCK_MAY_LAG = timedelta(minutes=10)
"""Desks' clocks differ a little; a day is not a little."""
CASH_TIMES_MAXIMUM = 10
"""Nobody hands over ten times the dearest sale: a card number was read into the cash field."""
REFUSALS: dict[Verdict, Code] = {
    Verdict.FINISH_SALE: Code.SALE_INTERRUPTED,
    Verdict.BLANK: Code.CARD_BLANK,
    Verdict.NOT_OURS: Code.CARD_FOREIGN,
    Verdict.UNREADABLE: Code.CARD_UNREADABLE,
    Verdict.LOCKED: Code.CARD_LOCKED,
    Verdict.TRIES_UNTOLD: Code.CARD_TRIES_UNTOLD,
    Verdict.UNKNOWN_CARD: Code.CARD_UNKNOWN,
    Verdict.NOT_A_CUSTOMER_CARD: Code.CARD_IS_TOOL,
    Verdict.REPLACED: Code.CARD_REPLACED,
    Verdict.WRONG_SUPPLY: Code.CARD_WRONG_SUPPLY,
    Verdict.SUPPLY_CLOSED: Code.SUPPLY_CLOSED,
    Verdict.SUPPLY_ENDED: Code.SUPPLY_ENDED,
    Verdict.MAC_WRONG: Code.CARD_MAC_WRONG,
    Verdict.CARD_AHEAD: Code.CARD_AHEAD,
}


@dataclass(frozen=True, slots=True)
class Selling:
    """The counter sale; one per desk."""

    cards: CardDesk
    ledger: Ledger
    vault: KeyVault
    clock: Clock
    desk: DeskNo
    reading: Reading
    writing: Writing

    def sell(self, session: CardSession, command: Sell, *, operator: Operator, progress: Progress) -> Sale:
        """Sell to the card of this session.

        Raises OperatorError with the reason if anything is refused: then nothing was reserved and nothing written.
        Raises EnvironmentFault clock-wrong if the books are younger than the clock.
        Raises OutcomeUnknown sale-in-doubt if the card left while it was written: the sale waits for that card.
        """
        supply = self.sellable(session, expected=command.supply)
        shift = self.open_shift()
        self._check_clock()
        quote = self._quote(supply, command)
        _check_offered(command.offered, quote)
        tender = command.tender or Tender(TenderKind.CASH, quote.total)
        _check_tender(tender, quote.total, most=supply.tariff.maximum * CASH_TIMES_MAXIMUM)
        self._check_meter(supply, quote.energy)
        intent = self._intent(command, supply, quote, tender, operator=operator, shift=shift)
        return self.writing.reserve_and_write(session, intent, progress=progress)

    def sellable(self, session: CardSession, *, expected: SupplyNo | None) -> SupplyReading:
        """Whose card this is, if its next order may be written. Raises OperatorError with the reason if not."""
        return self._fitting(self.reading.read(session, expected=expected))

    def _fitting(self, card: CardReading) -> SupplyReading:
        refusal = REFUSALS.get(card.verdict)
        if refusal is Code.CARD_LOCKED and card.image.tries:
            raise OperatorError(Code.CARD_LAST_TRY, tries=card.image.tries)
        require_keys(card)
        if refusal is not None or card.reading is None:
            facts = {"card": card.card or "", "sale": card.open_sale.id if card.open_sale else ""}
            raise OperatorError(refusal or Code.CARD_UNKNOWN, **facts)
        return card.reading

    def open_shift(self) -> ShiftNo:
        """Raises OperatorError shift-closed."""
        shift = self.ledger.shift(desk=self.desk)
        if shift is None:
            raise OperatorError(Code.SHIFT_CLOSED)
        return shift.number

    def _check_clock(self) -> None:
        """A clock set back would sell at old prices and open the cheap steps again."""
        now, newest = self.clock(), self.ledger.newest_moment()
        if newest is not None and now < newest - CLOCK_MAY_LAG:
            raise EnvironmentFault(Code.CLOCK_WRONG, now=now.astimezone().strftime("%Y-%m-%d %H:%M"))

    def _quote(self, reading: SupplyReading, command: Sell) -> Quote:
        if command.energy is not None:
            return quote_for_energy(reading.tariff, reading.buyer, command.energy)
        return quote_for_money(reading.tariff, reading.buyer, command.amount or Money(0))

    def _check_meter(self, reading: SupplyReading, energy: Energy) -> None:
        """What the meter would refuse is not sold: the reference meter is asked before money is taken."""
        refused = refusal(reading.foretold(energy), energy, at_most=reading.sell_at_most)
        if refused is not None:
            raise refused

    def _intent(
        self,
        command: Sell,
        reading: SupplyReading,
        quote: Quote,
        tender: Tender,
        *,
        operator: Operator,
        shift: ShiftNo,
    ) -> SaleIntent:
        assert reading.supply.card is not None, "a card that may be sold to is the supply's"
        order = next_order(reading.supply, quote.energy, self)
        return SaleIntent(
            id=command.id,
            purpose=Purpose.SALE,
            order=order,
            write=self.card_write(order, reading.supply.card),
            desk=self.desk,
            operator=operator.name,
            at=order.sold_at,
            shift=shift,
            quote=quote,
            tender=tender,
            request=request_text(command),
        )

    def card_write(self, order: Order, card: CardNo) -> CardWrite:
        """The exact bytes of an order for a card that carries orders already."""
        record = self.cards.codec.encode_order(order, card=card)
        return CardWrite(card=card, record=record, key_version=order.key_version)


def next_order(supply: SupplyFile, energy: Energy, at: Selling) -> Order:
    """The order that this desk would write now."""
    version = known_to_meter(at.vault, at.ledger, supply)
    return order_after(supply, energy, at=at.clock(), desk=at.desk, key_version=version)


def request_text(command: Sell) -> str:
    """What was asked, canonically: repeating an id with other content must be noticed."""
    asked = (
        f"energy_wh={command.energy.wh}"
        if command.energy is not None
        else f"minor={(command.amount or Money(0)).minor}"
    )
    tender = command.tender
    paid = f"{tender.kind.value}={tender.received.minor} ref={tender.reference}" if tender else "exact"
    return f"sell supply={command.supply or 'any'} {asked} {paid}"


def _check_offered(offered: Offered | None, quote: Quote) -> None:
    """Midnight brings new prices while a customer stands at the counter: he hears of them before he pays."""
    if offered is not None and offered != Offered(quote.total, quote.energy):
        raise OperatorError(Code.PRICE_CHANGED, total=quote.total, energy=quote.energy)


def _check_tender(tender: Tender, total: Money, *, most: Money) -> None:
    if tender.received < total:
        raise OperatorError(Code.TENDER_SHORT, total=total, received=tender.received)
    if tender.kind is not TenderKind.CASH and tender.received != total:
        raise OperatorError(Code.TENDER_NOT_EXACT, total=total)
    if tender.received > most:
        raise OperatorError(Code.TENDER_TOO_MUCH, most=most)
