"""Tables of what stands open now, and of what was done in a month one by one (row P1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Table, Unit, table
from vending_app.ledger.asking import Asking
from vending_app.ledger.books import Books
from vending_app.ledger.codec import day_of, time_text
from vending_app.ledger.entries import OF_ARREARS
from vending_app.ledger.journal import INTENT

_WHO = """
SELECT supplies.number, customers.name, customers.phone, coalesce(areas.name, '') AS area,
    coalesce(areas.code, '') AS code, meter, opened_on, state,
    supplies.arrears_share_percent AS share
FROM supplies JOIN customers ON customers.number = customer LEFT JOIN areas ON areas.code = area
"""
_WHOSE = (
    Column("supply", Unit.TEXT),
    Column("customer", Unit.TEXT),
    Column("phone", Unit.TEXT),
    Column("area", Unit.TEXT),
)


def arrears(books: Books, asking: Asking) -> Iterator[Table]:
    owed = {account.partition(":")[2]: minor for account, minor in _owing(books)}
    paid = dict(books.tuples("SELECT supply, max(at) FROM payments WHERE kind = 'arrears' GROUP BY supply"))
    found = [row for row in books.all(_WHO) if row["number"] in owed]
    found.sort(key=lambda row: (-owed[row["number"]], row["number"]))
    columns = (
        *_WHOSE,
        Column("share", Unit.COUNT),
        Column("last-payment", Unit.DAY),
        Column("owed", Unit.MONEY, adds=True),
    )
    rows = (
        (
            row["number"],
            row["name"],
            row["phone"],
            row["area"],
            row["share"],
            _day(paid.get(row["number"])),
            Money(owed[row["number"]]),
        )
        for row in found
    )
    yield table("arrears", columns, rows)


def _owing(books: Books) -> list[tuple[str, int]]:
    """Accounts of arrears that are not empty, by their index."""
    asked = (
        f"SELECT account, sum(amount) AS minor FROM postings WHERE {books.of_one_supply} "
        f"AND {OF_ARREARS} GROUP BY account HAVING sum(amount) > 0"
    )
    return [(account, int(minor)) for account, minor in books.tuples(asked)]


_LAST = """
SELECT supplies.number,
    (SELECT max(event.at) FROM sales JOIN sale_events AS event ON event.sale = id AND event.state = 'posted'
     WHERE supply = supplies.number AND purpose = 'sale') AS bought,
    (SELECT max(write_backs.at) FROM write_backs WHERE supply = supplies.number) AS told
FROM supplies WHERE supplies.state = 'open'
"""


def silent(books: Books, asking: Asking) -> Iterator[Table]:
    """Open supplies that were there already, and that have not bought or not told anything since."""
    since = asking.today - timedelta(days=asking.asked.days)
    who = {row["number"]: row for row in books.all(_WHO)}
    found = []
    for number, bought, told in books.tuples(_LAST):
        supply, last_bought, last_told = who[number], _day(bought), _day(told)
        opened = date.fromisoformat(supply["opened_on"])
        if opened <= since and min(last_bought or opened, last_told or opened) <= since:
            found.append((supply, last_bought, last_told, (asking.today - (last_bought or opened)).days))
    found.sort(key=lambda one: (-one[3], one[0]["number"]))
    columns = (
        *_WHOSE,
        Column("last-purchase", Unit.DAY),
        Column("last-write-back", Unit.DAY),
        Column("days-without-purchase", Unit.COUNT),
    )
    yield table(
        "silent",
        columns,
        ((s["number"], s["name"], s["phone"], s["area"], bought, told, days) for s, bought, told, days in found),
    )


def _day(at: str | None) -> date | None:
    return day_of(datetime.fromisoformat(at)) if at else None


# --- lists of a month ------------------------------------------------------------------------------------

_STOCK = """
SELECT at, desk, verb, change, level, reference, reason FROM card_stock WHERE at >= ? AND at < ? ORDER BY journal
"""


def cards(books: Books, asking: Asking) -> Iterator[Table]:
    columns = (
        Column("at", Unit.MOMENT),
        Column("desk", Unit.TEXT),
        Column("stock-verb", Unit.WORD),
        Column("cards", Unit.COUNT, adds=True),
        Column("level", Unit.COUNT),
        Column("reference", Unit.TEXT),
        Column("reason", Unit.TEXT),
    )
    found = books.tuples(_STOCK, bounds := _bounds(asking.period))
    yield table("stock", columns, ((datetime.fromisoformat(at), str(desk), *rest) for at, desk, *rest in found))
    yield _fees(books, bounds)


_ISSUED = """
SELECT event.at, cards.number, cards.supply, customers.name AS customer, generation, reserved.body
FROM cards JOIN sale_events AS event ON event.sale = cards.sale AND event.state = 'posted'
JOIN sales ON sales.id = cards.sale JOIN journal AS reserved ON reserved.id = sales.journal
JOIN supplies ON supplies.number = cards.supply JOIN customers ON customers.number = customer
WHERE event.at >= ? AND event.at < ? ORDER BY event.at, event.journal
"""


ISSUED = (
    Column("at", Unit.MOMENT),
    Column("supply", Unit.TEXT),
    Column("customer", Unit.TEXT),
    Column("card", Unit.TEXT),
    Column("issued-for", Unit.WORD),
    Column("fee", Unit.MONEY, adds=True),
)


def _fees(books: Books, bounds: tuple[str, str]) -> Table:
    """Cards that were issued, why, and what was asked for them."""
    found = [(row, json.loads(row["body"])[INTENT]) for row in books.all(_ISSUED, bounds)]
    rows = (
        (
            datetime.fromisoformat(row["at"]),
            row["supply"],
            row["customer"],
            row["number"],
            intent.get("ends") or "first",
            Money(intent.get("fee_minor", 0)),
        )
        for row, intent in found
    )
    return table("issued-cards", ISSUED, rows, (Opens("supply", row["supply"]) for row, _ in found))


def _bounds(month: str) -> tuple[str, str]:
    """From its first midnight at the office to that of the next one, as the books write moments."""
    first = datetime.strptime(month, "%Y-%m").astimezone()
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1, tzinfo=None).astimezone()
    return time_text(first), time_text(after)
