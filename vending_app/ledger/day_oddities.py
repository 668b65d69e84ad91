"""What is odd about a day: read along the chains of its desks, the most urgent first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from vending_app.domain.day import DayOddity, Oddity
from vending_app.domain.ids import DeskNo, MeterNo, SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.ledger.act_tables import WRONG_COUNTS, why
from vending_app.ledger.books import Books, Row
from vending_app.ledger.fold import Stretch, within
from vending_app.ledger.rules_asked import limits
from vending_app.ledger.sale_reading import open_sales
from vending_app.ledger.sale_rows import receipt_no

_WITHIN = within("line")

_UNPRINTED = f"""
SELECT event.at, sale, total_minor, receipt_desk, receipt_number, customers.name AS customer
FROM journal AS line JOIN sale_events AS event ON event.journal = line.id AND event.state = 'posted'
JOIN sales ON sales.id = sale JOIN supplies ON supplies.number = supply JOIN customers ON customers.number = customer
WHERE {_WITHIN} AND receipt_number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM prints WHERE prints.sale = sales.id)
ORDER BY line.number
"""
_REVERSALS = f"""
SELECT event.at, event.sale, undone.total_minor, receipt_desk, receipt_number, customers.name AS customer,
    reserved.body, coalesce(approvers.full_name, '') AS approver
FROM journal AS line JOIN sale_events AS event ON event.journal = line.id AND event.reverses IS NOT NULL
JOIN sales AS undone ON undone.id = event.reverses
JOIN supplies ON supplies.number = undone.supply JOIN customers ON customers.number = customer
JOIN sales AS reversal ON reversal.id = event.sale JOIN journal AS reserved ON reserved.id = reversal.journal
LEFT JOIN approvals ON approvals.id = reserved.approval LEFT JOIN operators AS approvers ON approvers.name = approver
WHERE {_WITHIN} ORDER BY line.number
"""
_VOIDS = f"""
SELECT event.at, sale, total_minor, event.reason, line.desk, customers.name AS customer,
    coalesce(approvers.full_name, '') AS approver
FROM journal AS line JOIN sale_events AS event ON event.journal = line.id AND event.state = 'voided'
JOIN sales ON sales.id = sale JOIN supplies ON supplies.number = supply JOIN customers ON customers.number = customer
LEFT JOIN approvals ON approvals.id = line.approval LEFT JOIN operators AS approvers ON approvers.name = approver
WHERE {_WITHIN} AND purpose = 'sale' ORDER BY line.number
"""
_METERS = f"""
SELECT told.at, told.supply, told.meter, told.body, (SELECT earlier.body FROM write_backs AS earlier
    WHERE earlier.supply = told.supply AND earlier.running < told.running ORDER BY running DESC LIMIT 1) AS before
FROM journal AS line JOIN write_backs AS told ON told.journal = line.id
WHERE {_WITHIN} ORDER BY line.number
"""


def oddities_of(books: Books, stretches: Sequence[Stretch], *, is_running: bool) -> tuple[DayOddity, ...]:
    """By urgency, and by the clock; sales that wait belong to the day that runs."""
    found = list(_waiting(books, stretches)) if is_running else []
    for sql, told in _QUESTIONS:
        for stretch in stretches:
            found += [each for row in books.all(sql, stretch) if (each := told(row)) is not None]
    least = limits(books).count_difference.minor
    found = [odd for odd in found if odd.kind is not Oddity.DIFFERENCE or abs(odd.amount.minor) > least]
    order = list(Oddity)
    return tuple(sorted(found, key=lambda odd: (order.index(odd.kind), odd.at)))


def _waiting(books: Books, stretches: Sequence[Stretch]) -> Iterator[DayOddity]:
    desks = {stretch.desk for stretch in stretches}
    for sale in open_sales(books):
        if sale.intent.desk in desks and sale.intent.quote is not None:
            yield DayOddity(
                Oddity.INTERRUPTED,
                sale.intent.at,
                sale.amount,
                sale.customer_name,
                desk=sale.intent.desk,
                sale=sale.id,
                supply=sale.intent.order.supply,
            )


def _difference(row: Row) -> DayOddity:
    return DayOddity(
        Oddity.DIFFERENCE,
        _at(row),
        Money(row["counted_minor"] - row["expected_minor"]),
        row["full_name"],
        row["reason"],
        desk=DeskNo(row["desk"]),
        shift=ShiftNo(row["shift"]),
    )


def _unprinted(row: Row) -> DayOddity:
    return DayOddity(
        Oddity.UNPRINTED, _at(row), Money(row["total_minor"]), row["customer"], sale=SaleId(row["sale"]),
        receipt=receipt_no(row["receipt_desk"], row["receipt_number"]),
    )  # fmt: skip


def _reversal(row: Row) -> DayOddity:
    return DayOddity(
        Oddity.REVERSAL, _at(row), Money(row["total_minor"]), row["customer"], why(row), approver=row["approver"],
        sale=SaleId(row["sale"]), receipt=receipt_no(row["receipt_desk"], row["receipt_number"]),
    )  # fmt: skip


def _void(row: Row) -> DayOddity:
    return DayOddity(
        Oddity.VOID, _at(row), Money(row["total_minor"] or ZERO.minor), row["customer"], row["reason"],
        row["approver"], desk=DeskNo(row["desk"]), sale=SaleId(row["sale"]),
    )  # fmt: skip


def _meter(row: Row) -> DayOddity | None:
    """What its counters rose by since the write-back before."""
    now, before = json.loads(row["body"]), json.loads(row["before"] or "{}")
    illegal, cover = (now[name] - before.get(name, 0) for name in ("illegal_cards", "tamper_events"))
    if illegal <= 0 and cover <= 0:
        return None
    return DayOddity(
        Oddity.METER, _at(row), supply=SupplyNo(row["supply"]), meter=MeterNo(row["meter"]),
        illegal_cards=max(illegal, 0), cover=max(cover, 0),
    )  # fmt: skip


_QUESTIONS: tuple[tuple[str, Callable[[Row], DayOddity | None]], ...] = (
    (_METERS, _meter),
    (WRONG_COUNTS, _difference),
    (_UNPRINTED, _unprinted),
    (_REVERSALS, _reversal),
    (_VOIDS, _void),
)


def _at(row: Row) -> datetime:
    return datetime.fromisoformat(row["at"])
