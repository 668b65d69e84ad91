"""What is open in the books now, counted for the page where a working day begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

from vending_app.domain.money import ZERO
from vending_app.domain.sale import Purpose
from vending_app.domain.start import SOON, OpenEnd, Todo
from vending_app.ledger import card_stock, inspections, route_reads, search, supplies
from vending_app.ledger.books import Books
from vending_app.ledger.codec import day_of
from vending_app.ledger.running import open_days_of
from vending_app.ledger.sale_reading import open_sales
from vending_app.ledger.tariff_counts import COUNTS


def open_ends(books: Books, asked: frozenset[Todo], *, today: date) -> tuple[OpenEnd, ...]:
    """What is asked for and open, in one state of the books."""
    with books.reading():
        return tuple(end for what, make in _MAKERS.items() if what in asked for end in make(books, today))


def _waiting(books: Books, _: date) -> Iterator[OpenEnd]:
    """Sales, and cards that are being issued; a supply that has ended keeps nobody waiting."""
    found = [sale for sale in open_sales(books) if not sale.intent.carried and sale.intent.purpose is not Purpose.ISSUE]
    if found:
        amount = sum((sale.amount for sale in found), ZERO)
        key = found[0].id if len(found) == 1 else ""
        yield OpenEnd(Todo.WAITING, len(found), amount, found[0].customer_name, day_of(found[0].intent.at), key)


def _day_open(books: Books, today: date) -> Iterator[OpenEnd]:
    """The earliest day on which something was booked that no day closing has."""
    oldest = next(open_days_of(books, today=today)).day
    if oldest < today:
        yield OpenEnd(Todo.DAY_OPEN, on=oldest)


_SHIFTS = """
SELECT shifts.desk, shifts.at, full_name FROM shifts JOIN operators ON operators.name = shifts.operator
WHERE NOT EXISTS (SELECT 1 FROM shift_closings WHERE shift = shifts.number) ORDER BY shifts.number
"""


def _shift_open(books: Books, today: date) -> Iterator[OpenEnd]:
    found = [row for row in books.all(_SHIFTS) if day_of(datetime.fromisoformat(row["at"])) < today]
    if found:
        on = day_of(datetime.fromisoformat(found[0]["at"]))
        yield OpenEnd(Todo.SHIFT_OPEN, len(found), name=found[0]["full_name"], on=on)


_LOCKED = """
SELECT full_name FROM operators WHERE is_active = 0 AND 'lockout' = (SELECT verb FROM operator_changes
    WHERE operator_changes.name = operators.name ORDER BY journal DESC LIMIT 1) ORDER BY name
"""
_NEW_SECRET = "SELECT full_name FROM operators WHERE is_active = 1 AND must_change = 1 ORDER BY name"


def _named(what: Todo, sql: str) -> Callable[[Books, date], Iterator[OpenEnd]]:
    """Everybody whom a query names."""

    def make(books: Books, _: date) -> Iterator[OpenEnd]:
        found = books.tuples(sql)
        if found:
            yield OpenEnd(what, len(found), name=found[0][0])

    return make


_ENDING = """
SELECT supplies.number, customers.name, ends_on FROM supplies JOIN customers ON customers.number = customer
WHERE ends_on >= ? AND ends_on <= ? AND state = 'open' ORDER BY ends_on, supplies.id
"""


MOST_PREPARED = 1000
"""Nobody counts more cards than that in a day."""


def _prepared(books: Books, _: date) -> Iterator[OpenEnd]:
    found = search.find_supplies(books, "", limit=MOST_PREPARED, is_waiting=True)
    if found:
        first = found[0]
        yield OpenEnd(Todo.PREPARED, len(found), name=first.customer, key=first.number if len(found) == 1 else "")


def _ending(books: Books, today: date) -> Iterator[OpenEnd]:
    found = books.tuples(_ENDING, (today.isoformat(), (today + SOON).isoformat()))
    if found:
        number, name, on = found[0]
        key = number if len(found) == 1 else ""
        yield OpenEnd(Todo.ENDING, len(found), name=name, on=date.fromisoformat(on), key=key)


def _blank_cards(books: Books, _: date) -> Iterator[OpenEnd]:
    stock = card_stock.stock(books, limit=0)
    if stock.is_low:
        yield OpenEnd(Todo.BLANK_CARDS, stock.here)


_TOOLS = f"""
SELECT full_name, expires_on FROM tool_cards JOIN operators ON operators.name = carrier
WHERE expires_on < ? AND {route_reads.IS_OUT} ORDER BY expires_on
"""


def _tools_out(books: Books, today: date) -> Iterator[OpenEnd]:
    found = books.tuples(_TOOLS, (today.isoformat(),))
    if found:
        yield OpenEnd(Todo.TOOLS_OUT, len(found), name=found[0][0], on=date.fromisoformat(found[0][1]))


def _route(books: Books, _: date) -> Iterator[OpenEnd]:
    """Of all lists; a meter that waits on two is one."""
    routes = inspections.open_routes(books)
    if routes:
        waiting = {supply for route in routes for supply in route.waiting}
        yield OpenEnd(Todo.ROUTE, len(waiting), on=routes[-1].on)


_TARIFFS = f"""
SELECT code, valid_from FROM tariffs WHERE valid_from > ? AND valid_from <= ? AND {COUNTS} ORDER BY valid_from, code
"""


def _tariff(books: Books, today: date) -> Iterator[OpenEnd]:
    for code, since in books.tuples(_TARIFFS, (today.isoformat(), (today + SOON).isoformat())):
        on = date.fromisoformat(since)
        yield OpenEnd(Todo.TARIFF, name=supplies.tariff(books, code, on=on).name, on=on, key=code)


_MAKERS: Mapping[Todo, Callable[[Books, date], Iterator[OpenEnd]]] = {
    Todo.WAITING: _waiting,
    Todo.DAY_OPEN: _day_open,
    Todo.SHIFT_OPEN: _shift_open,
    Todo.LOCKED: _named(Todo.LOCKED, _LOCKED),
    Todo.NEW_SECRET: _named(Todo.NEW_SECRET, _NEW_SECRET),
    Todo.PREPARED: _prepared,
    Todo.ENDING: _ending,
    Todo.BLANK_CARDS: _blank_cards,
    Todo.TOOLS_OUT: _tools_out,
    Todo.ROUTE: _route,
    Todo.TARIFF: _tariff,
}
