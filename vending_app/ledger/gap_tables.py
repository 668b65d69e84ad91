"""What does not add up: all of it empty on a good day (row S15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from vending_app.domain.energy import Energy
from vending_app.domain.report import Column, Opens, Table, Unit, table
from vending_app.ledger.asking import Asking
from vending_app.ledger.books import Books, Row
from vending_app.ledger.cards_ahead import seen_ahead
from vending_app.ledger.codec import day_of
from vending_app.ledger.open_days import desks_of
from vending_app.ledger.parts import journal_parts, supply_parts
from vending_app.ledger.rules_asked import calendar, desks
from vending_app.ledger.sale_reading import open_sales

if TYPE_CHECKING:
    from vending_app.domain.office_rules import Calendar

SILENT_DESK = 7
"""A desk that wrote nothing on so many working days is gone, or its books are not these; one that was given up is not
waited for."""
MOST_SILENT = 400
"""Days looked back at most: what is silent longer is silent."""


def gaps(books: Books, asking: Asking) -> Iterator[Table]:
    parts, rows, chains = supply_parts(books), journal_parts(books), desks_of(books)
    told = asking.tally(2 * len(parts) + len(rows) + len(chains))
    yield waiting(books)
    yield _cards_ahead(books)
    yield _ahead([row for part in told.each(parts) for row in books.all(_TOO_MUCH, part)])
    yield _unexplained(books, told.each(rows))
    yield _missing_receipts(books, [row for desk in told.each(chains) for row in books.tuples(_RECEIPTS, (desk, desk))])
    yield _missing_orders([row for part in told.each(parts) for row in books.tuples(_ORDERS, part)])
    yield _silent_desks(books, asking.today)


_NAME = "SELECT customers.name FROM supplies JOIN customers ON customers.number = customer WHERE supplies.number = ?"


def waiting(books: Books) -> Table:
    """Orders that wait for their card."""
    found = open_sales(books)
    columns = (
        Column("supply", Unit.TEXT),
        Column("customer", Unit.TEXT),
        Column("at", Unit.MOMENT),
        Column("desk", Unit.TEXT),
        Column("order", Unit.COUNT),
        Column("energy", Unit.ENERGY, adds=True),
    )
    rows = (
        (
            sale.intent.order.supply,
            str(books.value(_NAME, (sale.intent.order.supply,))),
            sale.intent.at,
            str(sale.intent.desk),
            sale.intent.order.sequence,
            sale.intent.energy,
        )
        for sale in found
    )
    return table("waiting", columns, rows, (Opens("sale", sale.id) for sale in found))


def _cards_ahead(books: Books) -> Table:
    """Cards with orders that these books never gave, as they were seen: sold by other books, or after a backup."""
    columns = (
        Column("supply", Unit.TEXT),
        Column("customer", Unit.TEXT),
        Column("card", Unit.TEXT),
        Column("at", Unit.MOMENT),
        Column("desk", Unit.TEXT),
        Column("orders-ahead", Unit.COUNT, adds=True),
        Column("too-much", Unit.ENERGY, adds=True),
    )
    rows = (
        (seen.ahead.supply, seen.customer, seen.card, seen.at, str(seen.desk), seen.ahead.orders, seen.ahead.energy)
        for seen in seen_ahead(books)
    )
    return table("cards-ahead", columns, rows)


_TOO_MUCH = """
SELECT * FROM (SELECT supplies.number, customers.name,
    (SELECT max(energy_total_wh) FROM write_backs WHERE supply = supplies.number) AS told,
    (SELECT max(energy_total_wh) FROM sales WHERE supply = supplies.number) AS known
FROM supplies JOIN customers ON customers.number = customer WHERE supplies.number >= ? AND supplies.number <= ?) AS each
WHERE told > coalesce(known, 0) ORDER BY number
"""


def _ahead(found: Sequence[Row]) -> Table:
    """Meters that took more than these books ever wrote on a card: a sale that they do not know, or a forged card."""
    columns = (
        Column("supply", Unit.TEXT),
        Column("customer", Unit.TEXT),
        Column("loaded", Unit.ENERGY),
        Column("written", Unit.ENERGY),
        Column("too-much", Unit.ENERGY, adds=True),
    )
    rows = (
        (row["number"], row["name"], told := Energy(row["told"]), known := Energy(row["known"] or 0), told - known)
        for row in found
    )
    return table("ahead", columns, rows)


TOLERANCE_WH = 100
"""Registers are rounded on their way over the card: less than this is no energy that is gone."""
_UNEXPLAINED = """
SELECT substr(account, 13) AS supply, sum(amount) AS wh FROM postings
WHERE commodity = 'energy' AND account >= 'unexplained:' AND account < 'unexplained;' AND journal > ? AND journal <= ?
GROUP BY account
"""


def _unexplained(books: Books, parts: Iterable[tuple[int, int]]) -> Table:
    """Energy that was bought and neither used nor left."""
    columns = (
        Column("supply", Unit.TEXT),
        Column("customer", Unit.TEXT),
        Column("unexplained", Unit.ENERGY, adds=True),
    )
    held: Counter[str] = Counter()
    for part in parts:
        for supply, wh in books.tuples(_UNEXPLAINED, part):
            held[supply] += int(wh)
    odd = sorted(
        (supply for supply in held if abs(held[supply]) > TOLERANCE_WH), key=lambda one: (-abs(held[one]), one)
    )
    rows = ((supply, str(books.value(_NAME, (supply,))), Energy(held[supply])) for supply in odd)
    return table("unexplained-supplies", columns, rows)


_RECEIPTS = """
SELECT desk, before + 1 AS first, number - 1 AS last FROM (
    SELECT desk, first AS number, lag(last, 1, 0) OVER (PARTITION BY desk ORDER BY first) AS before FROM (
        SELECT receipt_desk AS desk, receipt_number AS first, receipt_number AS last FROM sale_events
        WHERE receipt_desk = ? AND receipt_number IS NOT NULL
        UNION ALL SELECT desk, first, last FROM receipt_gaps WHERE desk = ?) AS given) AS following
WHERE number > before + 1 ORDER BY desk, number
"""


def _missing_receipts(books: Books, found: Sequence[tuple[int, int, int]]) -> Table:
    """Numbers that no receipt has, and that no restored backup accounts for; each leads to the sale beside it."""
    columns = (Column("desk", Unit.TEXT), Column("first", Unit.TEXT), Column("last", Unit.TEXT))
    rows = ((str(desk), f"{desk}-{first:06d}", f"{desk}-{last:06d}") for desk, first, last in found)
    return table("missing-receipts", columns, rows, (_beside(books, *each) for each in found))


_NUMBERED = "SELECT sale FROM sale_events WHERE receipt_desk = ? AND receipt_number"


def _beside(books: Books, desk: int, first: int, last: int) -> Opens | None:
    """The sale whose receipt came before the missing ones at their desk, or the one that came after them."""
    before = books.value(f"{_NUMBERED} < ? ORDER BY receipt_number DESC LIMIT 1", (desk, first))
    sale = before or books.value(f"{_NUMBERED} > ? ORDER BY receipt_number LIMIT 1", (desk, last))
    return Opens("sale", sale) if sale is not None else None


_ORDERS = """
SELECT supply, before + 1 AS first, sequence - 1 AS last FROM (
    SELECT supply, sequence, lag(sequence, 1, 0) OVER (PARTITION BY supply ORDER BY sequence) AS before
    FROM sales WHERE supply >= ? AND supply <= ?) AS following
WHERE sequence > before + 1 ORDER BY supply, sequence
"""


def _missing_orders(found: Sequence[tuple[str, int, int]]) -> Table:
    """Numbers of a supply that no order of these books has: they were given by others, or a row is gone."""
    columns = (Column("supply", Unit.TEXT), Column("first", Unit.COUNT), Column("last", Unit.COUNT))
    return table("sequence-gaps", columns, found)


def _silent_desks(books: Books, today: date) -> Table:
    """Each leads to where it may be given up."""
    columns = (Column("desk", Unit.TEXT), Column("name", Unit.TEXT), Column("last-act", Unit.MOMENT))
    found = ((str(desk.number), desk.name, desk.last_act) for desk in desks(books) if not desk.is_given_up)
    worked = calendar(books)
    # A desk that never did anything is not yet one.
    rows = [row for row in found if row[2] is not None and _is_silent(day_of(row[2]), today, worked)]
    return table("silent-desks", columns, rows, (Opens("desk", number) for number, *_ in rows))


def _is_silent(last: date, today: date, worked: Calendar) -> bool:
    """Days off are no silence."""
    since = (today - timedelta(days=back) for back in range(min((today - last).days, MOST_SILENT)))
    return sum(worked.works_on(day) for day in since) > SILENT_DESK
