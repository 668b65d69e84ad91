"""How the energy account of a supply ends: carried to the meter that follows, or returned to the office.

Both begin with what the meter showed last; what is left of card and meter then is all that the customer still has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.keeping import short
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import SupplyState
from vending_app.domain.permissions import Act
from vending_app.domain.records import (
    EnergyLeft,
    FinalReading,
    MeterChange,
    MeterState,
    ReadingHow,
    Settlement,
    Terms,
    limits_on,
)
from vending_app.domain.returned import Worth
from vending_app.domain.sale import SaleIntent
from vending_app.ledger import entries, records, reserving
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import day_of, time_text
from vending_app.ledger.entries import Posting, post_entry
from vending_app.ledger.journal import acting
from vending_app.ledger.keeping import require_settled
from vending_app.ledger.kinds import Kind
from vending_app.ledger.write_backs import last_write_back, used_before

Price = Callable[[Energy], Worth]
"""What energy that goes back is worth to the customer; below zero for energy that he owes."""


@dataclass(frozen=True, slots=True)
class Left(EnergyLeft):
    """Once the last reading is entered; with the lines that enter it."""

    reading: tuple[Posting, ...]


def left_of(books: Books, supply: SupplyNo, reading: FinalReading) -> Left:
    """Used is moved to use, and what the meter's own figures leave over has no explanation."""
    used = reading.used_total - used_before(books, supply)
    if used < NO_ENERGY:
        raise OperatorError(Code.READING_BEHIND, supply=supply, used=used_before(books, supply))
    _check_possible(reading)
    held = Energy(entries.balance(books, entries.in_meter(supply)))
    waits = _on_card(books, supply)
    taken = _taken(reading, held - used, waits)
    stays = held - used + taken
    if reading.how is ReadingHow.HAND and reading.remaining > stays:
        # Nobody alone makes energy by what he types.
        raise OperatorError(Code.READING_BEYOND, supply=supply, most=stays)
    lines = (
        entries.energy(entries.on_card(supply), -taken),
        entries.energy(entries.in_meter(supply), taken - used),
        entries.energy(entries.used(supply), used),
        entries.energy(entries.in_meter(supply), reading.remaining - stays),
        entries.energy(entries.unexplained(supply), stays - reading.remaining),
    )
    return Left(waits - taken, reading.remaining, lines)


MOST = Energy.from_card_units(2**32 - 1)
"""What a register of four bytes can show."""


def _check_possible(reading: FinalReading) -> None:
    if not NO_ENERGY <= reading.used_total <= MOST or not -MOST <= reading.remaining <= MOST:
        raise OperatorError(Code.RECORD_REFUSED, field="reading")


def _taken(reading: FinalReading, held: Energy, waits: Energy) -> Energy:
    """What of the card's energy the meter shows to have taken since its last write-back.

    Read from the card, the write-back itself was posted before. Read by hand, a meter that shows more than it had
    took some of the orders that were waiting.
    """
    if reading.how is ReadingHow.CARD:
        return NO_ENERGY
    return min(waits, max(reading.remaining - held, NO_ENERGY))


def _on_card(books: Books, supply: SupplyNo) -> Energy:
    """Bought and not taken by the meter: by totals, which is what the account holds too."""
    sold = (
        "SELECT energy_total_wh FROM sales JOIN sale_events ON sale = id AND state = 'posted' WHERE supply = ?"
        " ORDER BY sequence DESC LIMIT 1"
    )
    carried = "SELECT carried_wh FROM meter_changes WHERE new_supply = ?"
    bought = Energy(books.value(sold, (supply,)) or books.value(carried, (supply,)) or 0)
    last = last_write_back(books, supply)
    return bought - (last.energy_total if last else NO_ENERGY)


# --- another meter ---------------------------------------------------------------------------------------


def change_meter(
    books: Books,
    old: SupplyNo,
    new_meter: MeterNo,
    reading: FinalReading,
    *,
    price: Price,
    reason: str,
    at: datetime,
    ending: SaleIntent | None = None,
) -> MeterChange:
    """End a supply with its meter and begin another one that has all it had; its first card is issued afterwards.

    `ending` is the order that takes off the old card what is carried; it is reserved in the same transaction.

    Raises OperatorError books-restored, supply-closed, sale-interrupted, reading-behind, meter-unknown,
    meter-installed.
    """
    with books.writing():
        terms, old_meter = _ending(books, old, reading)
        if terms.state is SupplyState.SUSPENDED:
            # Its new card would open the supply that follows.
            raise OperatorError(Code.SUPPLY_CLOSED, supply=old, state=terms.state.value)
        left = left_of(books, old, reading)
        carried = max(left.all, NO_ENERGY)
        fresh = Terms(terms.customer, terms.tariff, terms.parameters, SupplyState.PREPARED, terms.area, terms.ends_on)
        fresh = _with_meter(books, fresh, new_meter, terms.arrears_share_percent)
        _end(books, old, old_meter, reason=reason, at=at)
        paid, day = _charged_until(books, old), day_of(at)
        new = records.enter_supply(
            books, None, new_meter, fresh, opened_on=day, reason=reason, at=at, charged_until=paid
        )
        change = MeterChange(old, new, old_meter, new_meter, reading, carried, reason.strip(), at)
        with acting(books, Kind.METER_CHANGE, at=at) as page:
            page.insert("meter_changes", _change_row(change))
            post_entry(page, [*left.reading, *_carried(books, left, change, price)])
        _reserve(books, ending, left)
    return replace(change, fingerprint=short(page.hash))


def _reserve(books: Books, ending: SaleIntent | None, left: Left) -> None:
    """The last order of a supply that has just ended. Raises OperatorError ledger-busy if something came between."""
    if ending is None:
        return
    if ending.carried != -left.on_card:
        raise OperatorError(Code.LEDGER_BUSY, supply=ending.order.supply)
    reserving.reserve(books, ending)


def _ending(books: Books, supply: SupplyNo, reading: FinalReading) -> tuple[Terms, MeterNo]:
    """The terms and the meter of a supply that may end now."""
    books.lock_supply(supply)
    require_settled(books)
    terms = records.terms_of(books, supply)
    if terms.state is SupplyState.CLOSED:
        raise OperatorError(Code.SUPPLY_CLOSED, supply=supply, state=terms.state.value)
    _check_right(books, reading)
    waiting = books.value("SELECT sale FROM open_sales WHERE held = ?", (supply,))
    if waiting is not None:
        raise OperatorError(Code.SALE_INTERRUPTED, sale=waiting, supply=supply)
    return terms, MeterNo(books.value("SELECT meter FROM supplies WHERE number = ?", (supply,)))


def _check_right(books: Books, reading: FinalReading) -> None:
    """What a dead meter is taken to have shown is two people's word; closing is anyway."""
    act = books.authority.act if books.authority else None
    if reading.how is ReadingHow.ESTIMATE and act not in {Act.ESTIMATE, Act.CLOSE_SUPPLY}:
        raise OperatorError(Code.PERMISSION_DENIED, act=Act.ESTIMATE)


def _with_meter(books: Books, terms: Terms, meter: MeterNo, share: int) -> Terms:
    """The meter is told its own constant and ratios with its first order."""
    row = books.one("SELECT * FROM meters WHERE number = ?", (meter,))
    if row is None:
        raise OperatorError(Code.METER_UNKNOWN, meter=meter)
    own = limits_on(records.meter_of(row), terms.parameters)
    return replace(terms, parameters=own, arrears_share_percent=share)


def _charged_until(books: Books, old: SupplyNo) -> str | None:
    """Months that were paid for, and not reversed, are paid for."""
    paid: str | None = books.value(_PAID_UNTIL, (old,))
    return paid


_PAID_UNTIL = """
SELECT max(months.until) FROM (
    SELECT charged_until AS until FROM sales JOIN sale_events ON sale = id AND state = 'posted'
    WHERE supply = ?1 AND purpose = 'sale' AND NOT EXISTS (SELECT 1 FROM sale_events WHERE reverses = sales.id)
    UNION ALL SELECT charged_until FROM supplies WHERE number = ?1) AS months
"""


def _end(books: Books, supply: SupplyNo, meter: MeterNo, *, reason: str, at: datetime) -> None:
    records.end_supply(books, supply, on=day_of(at), reason=reason, at=at)
    records.move_meter(books, meter, MeterState.REMOVED, reason=f"supply {supply}", at=at)


def _carried(books: Books, left: Left, change: MeterChange, price: Price) -> list[Posting]:
    old, new = change.old, change.new
    owes = Money(entries.balance(books, entries.arrears(old)))
    due = Money(entries.balance(books, entries.refund_due(old)))
    short = min(left.all, NO_ENERGY)
    debt = price(short)
    return [
        entries.energy(entries.on_card(old), -left.on_card),
        entries.energy(entries.in_meter(old), -left.in_meter),
        entries.energy(entries.on_card(new), change.carried),
        # What was used past what was bought is sold now, and owed.
        entries.energy(entries.OFFICE, short),
        *_given_back(debt, old),
        entries.money(entries.arrears(old), -owes),
        entries.money(entries.arrears(new), owes - debt.total),
        entries.money(entries.refund_due(old), -due),
        entries.money(entries.refund_due(new), due),
    ]


def _change_row(change: MeterChange) -> Row:
    return {
        "old_supply": change.old,
        "new_supply": change.new,
        "old_meter": change.old_meter,
        "new_meter": change.new_meter,
        **_reading_row(change.reading),
        "carried_wh": change.carried.wh,
        "reason": change.reason,
        "at": time_text(change.at),
    }


def _reading_row(reading: FinalReading) -> Row:
    return {"how": reading.how.value, "used_total_wh": reading.used_total.wh, "remaining_wh": reading.remaining.wh}


# --- the end ---------------------------------------------------------------------------------------------


def settle(
    books: Books,
    supply: SupplyNo,
    reading: FinalReading,
    *,
    price: Price,
    reason: str,
    at: datetime,
    ending: SaleIntent | None = None,
) -> Settlement:
    """Close a supply: what is left goes back to the office, its price first against arrears, then to the customer.

    `ending` is the order that takes off the card what goes back; it is reserved in the same transaction.

    Raises OperatorError books-restored, supply-closed, sale-interrupted, reading-behind.
    """
    with books.writing():
        _, meter = _ending(books, supply, reading)
        left = left_of(books, supply, reading)
        worth = price(left.all)
        owes = Money(entries.balance(books, entries.arrears(supply)))
        offset = max(min(worth.total, owes), ZERO)
        done = Settlement(supply, reading, left.all, worth.total, offset, reason.strip(), at, worth=worth)
        with acting(books, Kind.SETTLE, at=at) as page:
            page.insert("settlements", _settlement_row(done))
            post_entry(page, [*left.reading, *_returned(left, done)])
        _end(books, supply, meter, reason=reason, at=at)
        _reserve(books, ending, left)
    return replace(done, fingerprint=short(page.hash))


def _returned(left: Left, done: Settlement) -> list[Posting]:
    supply, due = done.supply, max(done.price, ZERO)
    return [
        entries.energy(entries.on_card(supply), -left.on_card),
        entries.energy(entries.in_meter(supply), -left.in_meter),
        entries.energy(entries.OFFICE, left.all),
        *_given_back(done.worth, supply),
        entries.money(entries.refund_due(supply), -(due - done.offset)),
        entries.money(entries.arrears(supply), -done.offset - min(done.price, ZERO)),
    ]


def _given_back(worth: Worth, supply: SupplyNo) -> list[Posting]:
    """From where the sales brought it: a tax on energy that goes back is not owed to anybody any more."""
    return [entries.money(entries.earned(line, supply), line.amount) for line in worth.lines]


def _settlement_row(done: Settlement) -> Row:
    return {
        "supply": done.supply,
        **_reading_row(done.reading),
        "returned_wh": done.returned.wh,
        "price_minor": done.price.minor,
        "offset_minor": done.offset.minor,
        "reason": done.reason,
        "at": time_text(done.at),
    }
