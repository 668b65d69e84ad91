"""The one-glance judgement of a card against the ledger: a closed set, one sentence each in `ui/words.py`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from vending_app.domain.card import CardImage, CardKind, ImageState, RecordState
from vending_app.domain.card_ahead import hides_order, unknown_order
from vending_app.domain.ids import SupplyNo
from vending_app.domain.people import CardRecord, CardState, SupplyFile, SupplyState
from vending_app.domain.sale import Sale


class Verdict(StrEnum):
    """What the counter says of a card; the value is what the command line prints."""

    READY = "ready"
    FINISH_SALE = "finish-sale"
    BLANK = "blank"
    NOT_OURS = "not-ours"
    UNREADABLE = "unreadable"
    LOCKED = "locked"
    """Readable, but never to be written again: none of its tries is left, or only the last, which is kept."""
    TRIES_UNTOLD = "tries-untold"
    """It could be written, but not at this reader, which does not tell how many tries it has left."""
    UNKNOWN_CARD = "unknown-card"
    NOT_A_CUSTOMER_CARD = "not-a-customer-card"
    REPLACED = "replaced"
    WRONG_SUPPLY = "wrong-supply"
    SUPPLY_CLOSED = "supply-closed"
    SUPPLY_ENDED = "supply-ended"
    """A temporary supply after its last day."""
    KEYS_MISSING = "keys-missing"
    """Its orders were made, or are kept, under a key version that this vault does not hold."""
    MAC_WRONG = "mac-wrong"
    ORDER_LOST = "order-lost"
    """No valid order on the card although the ledger posted one: the next order repairs it, selling is safe."""
    ORDER_BEHIND = "order-behind"
    """An older image than the ledger's: the next order repairs it, selling is safe."""
    CARD_AHEAD = "card-ahead"
    """The card carries an order that this ledger does not know: nothing may be sold."""

    @property
    def may_sell(self) -> bool:
        """Whether the next order may be written on this card."""
        return self in {Verdict.READY, Verdict.ORDER_LOST, Verdict.ORDER_BEHIND}


_BY_IMAGE = {
    ImageState.BLANK: Verdict.BLANK,
    ImageState.FOREIGN: Verdict.NOT_OURS,
    ImageState.UNREADABLE: Verdict.UNREADABLE,
}


def judge(
    image: CardImage,
    *,
    record: CardRecord | None,
    supply: SupplyFile | None,
    open_sale: Sale | None,
    expected: SupplyNo | None = None,
    today: date | None = None,
) -> Verdict:
    """The verdict in the order of precedence: the card itself, its place in the ledger, then its order; last, of a card
    that would be written, whether its chip and this reader let anybody: a dead card is dead with all its tries, too.

    `open_sale` is the undecided sale whose stored bytes belong on this card, if there is one; it comes before
    a locked chip, because a card that carries the bytes already settles it without a try;
    `expected` is the supply that the cashier has open, if he chose one.
    """
    about = _judge_card(image, record=record, supply=supply, open_sale=open_sale, expected=expected, today=today)
    needs_code = about.may_sell or about is Verdict.BLANK
    if image.is_locked and (needs_code or about is Verdict.MAC_WRONG):
        return Verdict.LOCKED
    return Verdict.TRIES_UNTOLD if image.is_untold and needs_code else about


def _judge_card(
    image: CardImage,
    *,
    record: CardRecord | None,
    supply: SupplyFile | None,
    open_sale: Sale | None,
    expected: SupplyNo | None,
    today: date | None,
) -> Verdict:
    if open_sale is not None and open_sale.intent.write.issues_card and image.state is not ImageState.UNREADABLE:
        return Verdict.FINISH_SALE
    if image.state in _BY_IMAGE:
        return _BY_IMAGE[image.state]
    if image.header is not None and image.header.kind is not CardKind.USER:
        return Verdict.NOT_A_CUSTOMER_CARD
    if record is None or supply is None:
        return Verdict.UNKNOWN_CARD
    if record.state in {CardState.REPLACED, CardState.RETIRED}:
        return Verdict.REPLACED
    if expected is not None and expected != supply.number:
        return Verdict.WRONG_SUPPLY
    if hides_order(image, supply.sequence):
        return Verdict.KEYS_MISSING
    if open_sale is not None:
        return Verdict.FINISH_SALE
    if supply.state is not SupplyState.OPEN:
        return Verdict.SUPPLY_CLOSED
    if supply.ends_on is not None and today is not None and today > supply.ends_on:
        return Verdict.SUPPLY_ENDED
    return _judge_orders(image, supply)


def _judge_orders(image: CardImage, supply: SupplyFile) -> Verdict:
    order = image.order
    if unknown_order(image, supply) is not None:
        return Verdict.CARD_AHEAD
    if order is None:
        return _without_order({slot.state for slot in image.slots})
    if order.supply != supply.number or order.meter != supply.meter.number:
        return Verdict.MAC_WRONG
    if order.energy_total != supply.energy_total or order.sequence < supply.order_sequence:
        return Verdict.ORDER_BEHIND
    return Verdict.READY


def _without_order(states: set[RecordState]) -> Verdict:
    """One bad record beside a good one is wear or damage, and the next order overwrites it; here none is good."""
    if RecordState.NO_KEY in states:
        return Verdict.KEYS_MISSING
    return Verdict.MAC_WRONG if RecordState.BAD_MAC in states else Verdict.ORDER_LOST
