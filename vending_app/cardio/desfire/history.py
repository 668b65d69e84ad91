"""The history of a customer's card: a record of each order, written with it, and what the records say."""

from __future__ import annotations

from datetime import timedelta

from vending_app.cardio.desfire.plan import HISTORY
from vending_app.cardio.layout import Values, is_erased
from vending_app.cardio.totals1 import EPOCH
from vending_app.cardio.totals1_layout import MAC_SIZE, ORDER
from vending_app.domain.card import PastOrder
from vending_app.domain.energy import Energy


def history_of(order: bytes) -> bytes:
    """The history record of a stored order, which is the whole record with state byte and MAC."""
    told = ORDER.unpack(order[1:-MAC_SIZE])
    return HISTORY.pack(Values({}, {field.name: told.numbers[field.name] for field in HISTORY.fields}))


def past_orders(raw: bytes) -> tuple[PastOrder, ...]:
    """What records of 16 bytes say that stand oldest first, newest first.

    Total: a record that is all 00 or all FF says nothing, nor do bytes behind the last whole one. Nothing proves them
    but the session that they were read in.
    """
    whole = range(0, len(raw) - HISTORY.size + 1, HISTORY.size)
    records = (raw[at : at + HISTORY.size] for at in reversed(whole))
    return tuple(_past_order(record) for record in records if not is_erased(record))


def _past_order(record: bytes) -> PastOrder:
    told = HISTORY.unpack(record).numbers
    return PastOrder(
        sequence=told["sequence"],
        energy_total=Energy.from_card_units(told["energy_total"]),
        last_purchase=Energy.from_card_units(told["last_purchase"]),
        sold_at=EPOCH + timedelta(seconds=told["sold_at"]),
    )
