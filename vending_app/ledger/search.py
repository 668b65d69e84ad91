"""Finding a supply while somebody types: accents, case, spaces and hyphens ignored, any part of anything.

Each supply has one folded text, indexed by its trigrams. Three letters and more are looked up there;
one or two letters are looked for in the order of the supplies until enough are found.
"""

from __future__ import annotations

from vending_app.domain.folding import folded
from vending_app.domain.ids import CardNo, MeterNo, SupplyNo
from vending_app.domain.people import SupplyLine, SupplyState
from vending_app.ledger.books import Books, Row

_CURRENT_CARD = """
    (SELECT cards.number FROM cards JOIN sales ON sales.id = cards.sale
     JOIN sale_events ON sale_events.sale = sales.id AND sale_events.state = 'posted'
     WHERE cards.supply = supplies.number ORDER BY sales.sequence DESC LIMIT 1)
"""
_LINES = f"""
SELECT supplies.number, customers.name, customers.address, supplies.meter, supplies.tariff, supplies.state,
    {_CURRENT_CARD} AS card
FROM supplies JOIN customers ON customers.number = supplies.customer
"""


def index_supply(books: Books, supply: SupplyNo) -> None:
    """Write what a supply can be found by; inside the transaction that changed it."""
    row = books.one(
        "SELECT supplies.id, supplies.number, supplies.meter, customers.number AS customer, name, address, phone"
        " FROM supplies JOIN customers ON customers.number = supplies.customer WHERE supplies.number = ?",
        (supply,),
    )
    assert row is not None, "only a supply that is there is indexed"
    put_text(books, row, cards=_cards(books, supply))


def index_customer(books: Books, customer: str) -> None:
    """What a customer can be found by: his supplies tell it, or a text of his own while he has none."""
    row = books.one(
        "SELECT number, name, address, phone, (SELECT 1 FROM supplies WHERE customer = customers.number LIMIT 1) AS has"
        " FROM customers WHERE number = ?",
        (customer,),
    )
    assert row is not None, "only a customer who is there is indexed"
    fields = [row["number"], row["name"], row["address"], _figures(row["phone"])]
    books.put_customer_text(customer, "" if row["has"] else "\n".join(map(folded, fields)))


def index_all(books: Books) -> None:
    """Every supply, and every customer without one, anew, in books that were filled from elsewhere."""
    for row in books.all("SELECT number FROM supplies ORDER BY id"):
        index_supply(books, row["number"])
    alone = "SELECT number FROM customers WHERE NOT EXISTS (SELECT 1 FROM supplies WHERE customer = customers.number)"
    for row in books.all(alone):
        index_customer(books, row["number"])


def _cards(books: Books, supply: SupplyNo) -> list[str]:
    return [row["number"] for row in books.all("SELECT number FROM cards WHERE supply = ?", (supply,))]


def put_text(books: Books, row: Row, *, cards: list[str]) -> None:
    """The folded text of one supply. Fields are parted by a line, which nobody types."""
    numbers = [row["meter"], row["customer"], _figures(row["phone"])]
    fields = [row["number"], row["name"], row["address"], *numbers, *cards]
    books.put_search_text(row["id"], "\n".join(map(folded, fields)))


def _figures(phone: str) -> str:
    return "".join(figure for figure in phone if figure.isdigit())


def supplies_by(books: Books, column: str, value: str, *, limit: int) -> tuple[SupplyLine, ...]:
    """Those with this value in one of their own columns: the living first, then the newest."""
    # Of an area there may be half of the office: in the order of its index, which sorts nothing.
    living = "CASE supplies.state WHEN 'closed' THEN 1 ELSE 0 END, supplies.id DESC"
    order = f"ORDER BY {'supplies.id' if column == 'area' else living} LIMIT ?"
    return _lines(books, f"{_LINES} WHERE supplies.{column} = ? {order}", (value, limit))


_WAITING = """supplies.state IN ('prepared', 'open') AND NOT EXISTS (
    SELECT 1 FROM cards JOIN sale_events ON sale_events.sale = cards.sale AND sale_events.state = 'posted'
    WHERE cards.supply = supplies.number)
"""
_ALL = 2**31 - 1


def find_supplies(books: Books, text: str, *, limit: int, is_waiting: bool = False) -> tuple[SupplyLine, ...]:
    """Supplies that have every typed word somewhere, in the order of their numbers; only those that wait for a card."""
    words = list(dict.fromkeys(folded(text).split()))
    tests = [_WAITING] if is_waiting else []
    values: tuple[object, ...] = ()
    if words:
        chosen, values = books.found_ids(words, limit=_ALL if is_waiting else limit)
        tests.append(f"supplies.id IN ({chosen})")
    where = f"WHERE {' AND '.join(tests)}" if tests else ""
    return _lines(books, f"{_LINES} {where} ORDER BY supplies.id LIMIT ?", (*values, limit))


def _lines(books: Books, sql: str, parameters: tuple[object, ...]) -> tuple[SupplyLine, ...]:
    return tuple(
        SupplyLine(
            number=SupplyNo(row["number"]),
            customer=row["name"],
            address=row["address"],
            meter=MeterNo(row["meter"]),
            tariff=row["tariff"],
            state=SupplyState(row["state"]),
            card=CardNo(row["card"]) if row["card"] else None,
        )
        for row in books.all(sql, parameters)
    )
