"""The lines of a customer's statement, by the journal rows that are about his supply.

Every posting on his arrears and on what is due to him belongs to one of the lines, so that the lines sum to the
accounts whatever an act is called.
"""

from __future__ import annotations

from datetime import date, datetime

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.statement import LineOf, Statement, StatementLine
from vending_app.ledger import entries, supplies
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import time_text
from vending_app.ledger.payments import payment_no
from vending_app.ledger.sale_rows import receipt_no

_ACTS = """
SELECT journal, 'write-back' AS kind, 0 AS energy_wh, 0 AS paid_minor, NULL AS desk, NULL AS number,
    used_total_wh AS used_wh, remaining_wh, '' AS text
FROM write_backs WHERE supply = ?1
UNION ALL
SELECT sale_events.journal, purpose, energy_wh, coalesce(total_minor, 0), receipt_desk, receipt_number, NULL, NULL, ''
FROM sales JOIN sale_events ON sale = sales.id AND state = 'posted'
WHERE supply = ?1 AND purpose <> 'cancellation'
UNION ALL
SELECT journal, CASE kind WHEN 'arrears' THEN 'payment' ELSE 'refund' END, 0,
    CASE kind WHEN 'arrears' THEN amount_minor ELSE -amount_minor END, desk, number, NULL, NULL, reason
FROM payments WHERE supply = ?1
UNION ALL
SELECT journal, 'meter-change', 0, 0, NULL, NULL, used_total_wh, remaining_wh, reason FROM meter_changes
WHERE old_supply = ?1 OR new_supply = ?1
UNION ALL
SELECT journal, 'settlement', 0, 0, NULL, NULL, used_total_wh, remaining_wh, reason FROM settlements WHERE supply = ?1
"""
"""Write-backs first: the server takes the type of a column from its first values."""
_MOST_MARKS = 500


def statement(
    books: Books, number: SupplyNo, *, since: tuple[date, datetime], until: tuple[date, datetime], after: int = 0
) -> Statement:
    """From the beginning of a day to the end of another: each day with the moment at which it begins, or ends.

    What stands no later in the journal than row `after` was before it, though on the same day.

    Raises OperatorError supply-unknown.
    """
    with books.reading():
        file = supplies.supply(books, number, today=until[0])
        acts = {row["journal"]: row for row in books.all(_ACTS, (number,))}
        arrears = _posted(books, entries.arrears(number))
        due = _posted(books, entries.refund_due(number))
        times = _times(books, sorted({*acts, *arrears, *due}))
    begin, end = time_text(since[1]), time_text(until[1])
    before = {journal for journal, at in times.items() if at < begin or journal <= after}
    inside = sorted(
        (journal for journal, at in times.items() if journal not in before and at < end),
        key=lambda each: (times[each], each),
    )
    return Statement(
        supply=file,
        since=since[0],
        until=until[0],
        opening=Money(sum(arrears.get(journal, 0) for journal in before)),
        opening_due=-Money(sum(due.get(journal, 0) for journal in before)),
        lines=tuple(
            _line(acts.get(journal), times[journal], arrears.get(journal, 0), due.get(journal, 0)) for journal in inside
        ),
    )


def _posted(books: Books, account: str) -> dict[int, int]:
    """What each journal row posted on one of the accounts `of_one_supply`, in minor units."""
    moved = f"SELECT journal, sum(amount) AS amount FROM postings WHERE account = ? AND {books.of_one_supply}"
    return {row["journal"]: int(row["amount"]) for row in books.all(f"{moved} GROUP BY journal", (account,))}


def _times(books: Books, journals: list[int]) -> dict[int, str]:
    """When each row was written, in the order of the journal."""
    found: dict[int, str] = {}
    for at in range(0, len(journals), _MOST_MARKS):
        some = journals[at : at + _MOST_MARKS]
        rows = books.all(f"SELECT id, at FROM journal WHERE id IN ({', '.join('?' * len(some))}) ORDER BY id", some)
        found |= {row["id"]: row["at"] for row in rows}
    return found


def _line(row: Row | None, at: str, arrears: int, due: int) -> StatementLine:
    moment = datetime.fromisoformat(at)
    if row is None:
        return StatementLine(moment, LineOf.OPENING, arrears=Money(arrears), due=-Money(due))
    of = LineOf(row["kind"])
    return StatementLine(
        moment,
        of,
        document=_document(of, row),
        energy=Energy(row["energy_wh"]) if of in _BUYS else NO_ENERGY,
        # What a reversal gives back is due first, and paid when it is refunded.
        paid=ZERO if of is LineOf.REVERSAL else Money(row["paid_minor"]),
        used=None if row["used_wh"] is None else Energy(row["used_wh"]),
        remaining=None if row["remaining_wh"] is None else Energy(row["remaining_wh"]),
        text=row["text"],
        arrears=Money(arrears),
        due=-Money(due),
    )


_BUYS = frozenset({LineOf.SALE, LineOf.REVERSAL})


def _document(of: LineOf, row: Row) -> str:
    if row["number"] is None:
        return ""
    is_payment = of in {LineOf.PAYMENT, LineOf.REFUND}
    return payment_no(row["desk"], row["number"]) if is_payment else receipt_no(row["desk"], row["number"])
