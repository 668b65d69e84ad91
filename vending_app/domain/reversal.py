"""Whether a posted sale may be taken back, and what the meter may already have done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vending_app.domain.card import WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code
from vending_app.domain.money import ZERO, Money
from vending_app.domain.sale import Purpose, Sale, SaleState


class MeterHas(StrEnum):
    """What the newest write-back says of the sale; each has a sentence in `ui/words.py`."""

    LOADED = "loaded"
    """The meter took it: the lower total takes the energy back at the next insertion."""
    NOT_SEEN = "not-seen"
    """The meter had not taken it when it last wrote back. A card pulled out early looks like this too."""
    UNKNOWN = "unknown"
    """The meter never wrote back."""


@dataclass(frozen=True, slots=True)
class ReversalAdvice:
    """What to tell before a reversal; the new order is right whatever the meter did (architecture, idea 1)."""

    sale: Sale
    meter_has: MeterHas
    remaining: Energy | None
    """In the meter by its newest write-back."""
    refusal: Code | None
    """Why it may not be reversed; None if it may."""
    refund_due: Money = ZERO
    """What reversals owe this customer and nobody has paid out."""


def advise(
    sale: Sale,
    *,
    newest: Sale | None,
    write_back: WriteBack | None,
    sold_on: date,
    today: date,
    refund_due: Money = ZERO,
) -> ReversalAdvice:
    """`newest` is the newest standing sale of the supply: only that one may be reversed, in its own month.

    Refusals: sale-unknown (not a posted sale), reversal-not-newest, reversal-too-late (another month: its steps and
    taxes are settled), reversal-used (the meter took it and has less than that left).
    """
    meter_has = _meter_has(sale, write_back)
    remaining = write_back.remaining if write_back else None
    refusal = _refusal(sale, newest, sold_on, today)
    if refusal is None and meter_has is MeterHas.LOADED and remaining is not None and remaining < _energy(sale):
        refusal = Code.REVERSAL_USED
    return ReversalAdvice(sale, meter_has, remaining, refusal, refund_due)


def _meter_has(sale: Sale, write_back: WriteBack | None) -> MeterHas:
    if write_back is None:
        return MeterHas.UNKNOWN
    return MeterHas.LOADED if write_back.sequence >= sale.intent.order.sequence else MeterHas.NOT_SEEN


def _refusal(sale: Sale, newest: Sale | None, sold_on: date, today: date) -> Code | None:
    if sale.state is not SaleState.POSTED or sale.intent.purpose is not Purpose.SALE:
        return Code.SALE_UNKNOWN
    if newest is None or newest.id != sale.id:
        return Code.REVERSAL_NOT_NEWEST
    if (sold_on.year, sold_on.month) != (today.year, today.month):
        return Code.REVERSAL_TOO_LATE
    return None


def _energy(sale: Sale) -> Energy:
    assert sale.intent.quote is not None, "a sale has a price"
    return sale.intent.quote.energy
