"""What the cashier has typed, and what follows from it: pure values, no widgets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError, VendingError
from vending_app.domain.foreseen import Foreseen
from vending_app.domain.ids import ReaderName, SaleId, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.quote import Quote, quote_for_energy, quote_for_money
from vending_app.domain.sale import Tender, TenderKind
from vending_app.services.foretelling import refusal
from vending_app.services.use_cases import Offered, Sell, SupplyReading


class Unit(Enum):
    """What the amount field counts."""

    MONEY = "money"
    ENERGY = "energy"


@dataclass(frozen=True, slots=True)
class Form:
    """The half-typed sale of one supply."""

    supply: SupplyNo | None = None
    unit: Unit = Unit.MONEY
    amount: str = ""
    tender: TenderKind = TenderKind.CASH
    cash: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a form amounts to."""

    quote: Quote | None = None
    amount_trouble: VendingError | None = None
    cash_trouble: VendingError | None = None
    received: Money | None = None
    """What the customer hands over; None while the cash field is empty."""
    foreseen: Foreseen | None = None
    """What the meter will do with it; None where nobody can say."""

    @property
    def change(self) -> Money | None:
        """What goes back; None until it can be told."""
        if self.quote is None or self.received is None or self.cash_trouble is not None:
            return None
        return self.received - self.quote.total

    @property
    def is_complete(self) -> bool:
        """Whether it could be sold as it stands (an empty cash field means exact money)."""
        return self.quote is not None and self.amount_trouble is None and self.cash_trouble is None


def make_offer(form: Form, reading: SupplyReading) -> Offer:
    """The live offer while typing; troubles are values here, shown at their field."""
    quote, amount_trouble = _quote(form, reading)
    received, cash_trouble = _received(form, quote)
    foreseen = reading.foretold(quote.energy) if quote is not None else None
    if quote is not None:
        amount_trouble = refusal(foreseen, quote.energy, at_most=reading.sell_at_most)
    return Offer(quote, amount_trouble, cash_trouble, received, foreseen)


def _quote(form: Form, reading: SupplyReading) -> tuple[Quote | None, VendingError | None]:
    if not form.amount.strip():
        return None, None
    try:
        if form.unit is Unit.MONEY:
            quote = quote_for_money(reading.tariff, reading.buyer, Money.parse(form.amount))
        else:
            quote = quote_for_energy(reading.tariff, reading.buyer, Energy.parse(form.amount))
    except VendingError as trouble:
        return None, trouble
    return quote, None


def _received(form: Form, quote: Quote | None) -> tuple[Money | None, VendingError | None]:
    if form.tender is not TenderKind.CASH:
        return (quote.total if quote else None), None
    if not form.cash.strip():
        return None, None
    try:
        received = Money.parse(form.cash)
    except VendingError as trouble:
        return None, trouble
    if quote is not None and received < quote.total:
        return received, OperatorError(Code.TENDER_SHORT, total=quote.total, received=received)
    return received, None


def make_sell(form: Form, offer: Offer, *, sale: SaleId, reader: ReaderName | None) -> Sell:
    """The command for a complete offer."""
    assert offer.quote is not None, "only a complete offer is sold"
    assert form.supply is not None, "a sale has a supply"
    received = offer.received if offer.received is not None else offer.quote.total
    by_money = form.unit is Unit.MONEY
    return Sell(
        id=sale,
        supply=form.supply,
        tender=Tender(form.tender, received, form.reference.strip()),
        amount=offer.quote.total if by_money else None,
        energy=None if by_money else offer.quote.energy,
        reader=reader,
        offered=Offered(offer.quote.total, offer.quote.energy),
    )


def days_lasting(reading: SupplyReading, energy: Energy) -> int | None:
    """How many days this energy lasts at the meter's own use; None if that is not known."""
    usage = reading.usage
    if usage is None or usage.per_day is None or usage.per_day.wh <= 0:
        return None
    return energy.wh // usage.per_day.wh


def typed(value: Money | Energy) -> str:
    """An amount as it would be typed: without grouping, without decimals that are zero."""
    text = value.plain
    return text.removesuffix(".00") if value.plain.endswith(".00") else text
