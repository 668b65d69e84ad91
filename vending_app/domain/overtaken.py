"""What became of an order that newer ones on its card overtook: in books that were lost it was settled.

A number is given when the one before is settled. So what a restored copy still waits for was posted or voided since,
and which of the two, the card tells: it carries the order, or its newer orders can follow only one of them. Every order
tells its number, all energy bought and all purchases. A sale adds energy and one purchase; a reversal takes both away;
a void uses up two numbers, the second for the order that makes sure of it with the totals as they were; the order that
ends a supply takes energy away, and is its last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vending_app.domain.card import CardImage, CardWrite, Order, PastOrder
from vending_app.domain.energy import NO_ENERGY, Energy


class Fate(StrEnum):
    """What the card shows of an order that it went on from."""

    POSTED = "posted"
    VOIDED = "voided"
    UNTOLD = "untold"
    """Either may have led to what the card carries: a person must find out."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Where a supply stood after a number."""

    sequence: int
    energy: Energy
    purchases: int


def went_on(image: CardImage, write: CardWrite, order: Order) -> bool:
    """Whether this write's own card carries a proved order of its supply that is newer.

    What stands there is to be written over by nothing that is older.
    """
    later, is_its_card = image.order, image.header is not None and image.header.card == write.card
    return is_its_card and later is not None and later.supply == order.supply and later.sequence > order.sequence


def fate_of(order: Order, before: Totals, image: CardImage, history: Sequence[PastOrder]) -> Fate:
    """What became of a sale or reversal that its card went on from, and that no place of the card carries.

    `before` is where the supply stood without it; `history` what the card remembers, newest first.
    """
    proved = [slot.order for slot in image.slots if slot.order is not None]
    newer = [one for one in proved if one.sequence > order.sequence]
    posted = Totals(order.sequence, order.energy_total, order.purchases)
    # The order that made sure of the void had the next number.
    voided = Totals(order.sequence + 1, before.energy, before.purchases)
    remembered = {past.sequence for past in history}
    was_there = order.sequence in remembered
    may_be_posted = (was_there or not _never_came(order, proved, remembered)) and _leads_to_all(posted, newer)
    may_be_voided = not was_there and _leads_to_all(voided, newer)
    if may_be_posted == may_be_voided:
        return Fate.UNTOLD
    return Fate.POSTED if may_be_posted else Fate.VOIDED


def _never_came(order: Order, proved: Sequence[Order], remembered: set[int]) -> bool:
    """Whether what is older than this order still stands where this one would have gone over it.

    A card with two places keeps the newest order and the one before it; what a card remembers has no holes.
    """
    newest = max(one.sequence for one in proved)
    is_next = newest == order.sequence + 1 and any(one.sequence < order.sequence for one in proved)
    return is_next or (newest in remembered and min(remembered) < order.sequence)


def _leads_to_all(start: Totals, orders: Iterable[Order]) -> bool:
    return all(_leads_to(start, order) for order in orders)


def _leads_to(start: Totals, order: Order) -> bool:
    """Whether an order can stand on the card after the numbers between."""
    numbers, energy = order.sequence - start.sequence, order.energy_total - start.energy
    purchases = order.purchases - start.purchases
    if order.last_purchase > NO_ENERGY:
        return _can_add_up(numbers - 1, energy - order.last_purchase, purchases - 1, before_sale=True)
    if numbers == 0:
        return energy == NO_ENERGY and purchases == 0
    return numbers > 0 and _can_add_up(numbers, energy, purchases, before_sale=False)


def _can_add_up(numbers: int, energy: Energy, purchases: int, *, before_sale: bool) -> bool:
    """Whether so many numbers can have changed the totals so: sales, reversals, voids by twos, and one end.

    What comes before another sale is no end; else the last of them is no sale.
    """
    for reversals in range(max(0, -purchases), numbers + 1):
        sales = purchases + reversals
        others = numbers - reversals - sales
        if others < 0:
            break
        has_end = others % 2 == 1
        is_possible = not has_end if before_sale else reversals + others > 0
        if is_possible and _fits(energy, adds=sales > 0, takes=reversals > 0 or has_end):
            return True
    return False


def _fits(energy: Energy, *, adds: bool, takes: bool) -> bool:
    if adds and takes:
        return True
    return energy > NO_ENERGY if adds else energy < NO_ENERGY if takes else energy == NO_ENERGY
