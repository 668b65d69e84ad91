"""Tables of what stands open now, and of what was done in a month one by one (row P1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Table, Unit, table
from vending_app.ledger.asking import Asking
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import day_of, time_text
from vending_app.ledger.journal import INTENT
from vending_app.ledger.parts import supply_parts

_WHO = """
SELECT supplies.number, customers.name, customers.phone, coalesce(areas.name, '') AS area,
    coalesce(areas.code, '') AS code, meter, opened_on, state,
    supplies.arrears_share_percent AS share
FROM supplies JOIN customers ON customers.number = customer LEFT JOIN areas ON areas.code = area
"""
_IN_PART = "supplies.number >= ? AND supplies.number <= ?"
"""Of one part of all supplies."""
_WHOSE = (
    Column("supply", Unit.TEXT),
    Column("customer", Unit.TEXT),
    Column("phone", Unit.TEXT),
    Column("area", Unit.TEXT),
)


ARREARS_OF = "arrears:"
"""What the account of a supply's arrears begins with."""


def arrears(books: Books, asking: Asking) -> Iterator[Table]:
    owed: dict[str, int] = {}
    paid: dict[str, str] = {}
    found: list[Row] = []
    for part in asking.each(supply_parts(books)):
        owed |= _owing(books, *part)
        paid |= dict(books.tuples(_PAID, part))
        found += [row for row in books.all(f"{_WHO} WHERE {_IN_PART}", part) if row["number"] in owed]
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


_PAID = """
SELECT supply, max(at) FROM payments WHERE supply >= ? AND supply <= ? AND kind = 'arrears' GROUP BY supply
"""


def _owing(books: Books, first: str, last: str) -> dict[str, int]:
    """By supply the accounts of arrears that are not empty, by their index."""
    asked = (
        f"SELECT account, sum(amount) AS minor FROM postings WHERE {books.of_one_supply} "
        "AND account >= ? AND account <= ? GROUP BY account HAVING sum(amount) > 0"
    )
    found = books.tuples(asked, (f"{ARREARS_OF}{first}", f"{ARREARS_OF}{last}"))
    return {account.removeprefix(ARREARS_OF): int(minor) for account, minor in found}


_LAST = f"""
SELECT supplies.number,
    (SELECT max(event.at) FROM sales JOIN sale_events AS event ON event.sale = id AND event.state = 'posted'
     WHERE supply = supplies.number AND purpose = 'sale') AS bought,
    (SELECT max(write_backs.at) FROM write_backs WHERE supply = supplies.number) AS told
FROM supplies WHERE supplies.state = 'open' AND {_IN_PART}
"""


def silent(books: Books, asking: Asking) -> Iterator[Table]:
    """Open supplies that were there already, and that have not bought or not told anything since."""
    since = asking.today - timedelta(days=asking.asked.days)
    found = []
    for part in asking.each(supply_parts(books)):
        who = {row["number"]: row for row in books.all(f"{_WHO} WHERE {_IN_PART}", part)}
        for number, bought, told in books.tuples(_LAST, part):
            supply, last_bought, last_told = who[number], _day(bought), _day(told)
            opened = date.fromisoformat(supply["opened_on"])
            if opened <= since and min(last_bought or opened, last_told or opened) <= since:
                found.append((supply, last_bought, last_told, (asking.today - (last_bought or opened)).days))
    found.sort(key=lambda one: (-one[3], one[0]["number"]))
    columns = (
        *_WHOSE,
        Column("last-purchase", Unit.DAY),
        Column("write-back-came", Unit.DAY),
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
    bounds, parts = _bounds(asking.period), supply_parts(books)
    told = asking.tally(1 + len(parts))
    found = [row for _ in told.each([_STOCK]) for row in books.tuples(_STOCK, bounds)]
    yield table("stock", columns, ((datetime.fromisoformat(at), str(desk), *rest) for at, desk, *rest in found))
    yield _fees([row for part in told.each(parts) for row in books.all(_ISSUED, (*bounds, *part))])


_ISSUED = """
SELECT event.at, event.journal, cards.number, cards.supply, customers.name AS customer, generation, reserved.body
FROM cards JOIN sale_events AS event ON event.sale = cards.sale AND event.state = 'posted'
JOIN sales ON sales.id = cards.sale JOIN journal AS reserved ON reserved.id = sales.journal
JOIN supplies ON supplies.number = cards.supply JOIN customers ON customers.number = customer
WHERE event.at >= ? AND event.at < ? AND cards.supply >= ? AND cards.supply <= ?
"""


ISSUED = (
    Column("at", Unit.MOMENT),
    Column("supply", Unit.TEXT),
    Column("customer", Unit.TEXT),
    Column("card", Unit.TEXT),
    Column("issued-for", Unit.WORD),
    Column("fee", Unit.MONEY, adds=True),
)


def _fees(issued: list[Row]) -> Table:
    """Cards that were issued, why, and what was asked for them; by the clock."""
    issued.sort(key=lambda row: (row["at"], row["journal"]))
    found = [(row, json.loads(row["body"])[INTENT]) for row in issued]
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
