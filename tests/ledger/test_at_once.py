"""A plain sale at a server goes out in two round trips; whatever is not as it says is told in the usual words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg.pq.abc import PGresult

from tests.ledger.at_work import ANA, AtWork
from tests.ledger.builders import DESK, SUPPLY, Counter
from tests.postgres import Server
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo
from vending_app.domain.money import Money
from vending_app.domain.people import Operator, OperatorChange, Role
from vending_app.domain.sale import Sale, SaleState
from vending_app.ledger.books import Store
from vending_app.ledger.postgres_wire import Statement, Wire
from vending_app.ledger.witness import Head

OTHER = DeskNo(3)


@pytest.fixture
def store(server: Server, path: Path) -> Iterator[Store]:
    """This module is about the server."""
    with server.books(path.parent) as books:
        yield books


@pytest.fixture
def counter(counter: Counter) -> Counter:
    """After a first sale, so that the desk knows the end of its chain."""
    counter.sell("10.00")
    assert counter.ledger._books.tip is not None
    return counter


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The statements of each round trip."""
    counted: list[list[str]] = []
    trip = Wire.trip

    def counting(wire: Wire, statements: Sequence[Statement], *, wait_ms: int) -> list[PGresult]:
        counted.append([sql for sql, _ in statements])
        return trip(wire, statements, wait_ms=wait_ms)

    monkeypatch.setattr(Wire, "trip", counting)
    return counted


def test_a_sale_that_follows_another_costs_two_round_trips(counter: Counter, trips: list[list[str]]) -> None:
    intent = counter.intent("10.00")
    trips.clear()
    counter.ledger.reserve(intent)
    posted = counter.ledger.post(intent.id, at=counter.tick())
    assert [len(statements) for statements in trips] == [1, 1]
    assert (posted.receipt, posted.customer_name, posted.operator_name) == ("2-000002", "Amara Okafor", "Ana Moreau")
    assert counter.ledger.sale(intent.id) == posted, "it is in the books as it was told"
    assert counter.ledger.verify().problems == ()


def test_both_ways_write_rows_of_the_same_shape(counter: Counter) -> None:
    """The text of the journal holds every row; `verify` compares it with the tables."""
    at_once = counter.sell("10.00")
    counter.ledger._books.tip = None
    ordinary = counter.sell("10.00")
    assert _shapes(counter, at_once) == _shapes(counter, ordinary)
    assert counter.ledger.verify().problems == ()


def _shapes(counter: Counter, sale: Sale) -> list[object]:
    """Kind, person and columns of what a sale left in the journal."""
    rows = counter.ledger._books.all(
        "SELECT kind, body, operator, act, approval FROM journal WHERE body LIKE ? ORDER BY number", (f"%{sale.id}%",)
    )
    bodies = [json.loads(row.pop("body")) for row in rows]
    columns = [[(table, sorted(body[table][0])) for table in body if table.startswith("sale")] for body in bodies]
    return [rows, columns, [sorted(body) for body in bodies]]


# --- what is not as the sale says -------------------------------------------------------------------------


@pytest.fixture
def elsewhere(counter: Counter, store: Store) -> Iterator[Counter]:
    """Another desk with the same customer."""
    counter.ledger.add_desk(OTHER, name="Desk 3")
    with closing(AtWork.open(store, desk=OTHER)) as ledger:
        shift = ledger.open_shift(desk=OTHER, operator=ANA, float_cash=Money(0), at=counter.tick())
        yield Counter(ledger, shift=shift.number, count=500)


def _suspended(_: Counter, elsewhere: Counter) -> None:
    with elsewhere.ledger.setting_up():
        elsewhere.ledger._books.run("UPDATE supplies SET state = 'suspended' WHERE number = ?", (SUPPLY,))


def _held(_: Counter, elsewhere: Counter) -> None:
    elsewhere.ledger.reserve(replace(elsewhere.intent("20.00"), desk=OTHER))


def _sold_to(_: Counter, elsewhere: Counter) -> None:
    sale = elsewhere.ledger.reserve(replace(elsewhere.intent("20.00"), desk=OTHER))
    elsewhere.ledger.post(sale.id, at=elsewhere.tick())


def _locked(_: Counter, elsewhere: Counter) -> None:
    ana = Operator(ANA, "Ana Moreau", Role.CASHIER, 6, is_active=False)
    elsewhere.ledger.change_operator(ana, OperatorChange.LOCK, at=elsewhere.tick())


def _restored(_: Counter, elsewhere: Counter) -> None:
    elsewhere.ledger.note_restored(backup="b", made_at=elsewhere.now, at=elsewhere.tick(), is_older=True)


def _closed(counter: Counter, _: Counter) -> None:
    shift = counter.shift
    counter.close_shift("120.00", reason="miscounted")
    counter.shift = shift


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_suspended, Code.SUPPLY_CLOSED),
        (_held, Code.SALE_INTERRUPTED),
        (_sold_to, Code.LEDGER_BUSY),
        (_locked, Code.PERMISSION_DENIED),
        (_restored, Code.BOOKS_RESTORED),
        (_closed, Code.SHIFT_CLOSED),
    ],
)
def test_what_stands_in_the_way_is_told_in_the_usual_words(
    counter: Counter, elsewhere: Counter, spoil: Callable[[Counter, Counter], None], code: Code
) -> None:
    intent = counter.intent("10.00")
    spoil(counter, elsewhere)
    assert counter.ledger._books.tip is not None, "it is tried at once"
    with pytest.raises(OperatorError) as caught:
        counter.ledger.reserve(intent)
    assert caught.value.code is code
    assert counter.ledger.sale(intent.id) is None
    assert counter.ledger.verify().problems == ()


@pytest.mark.parametrize(("skips", "more_wh", "code"), [(1, 0, Code.CARD_AHEAD), (0, 1, Code.LEDGER_BUSY)])
def test_an_order_that_does_not_follow_the_newest_is_refused(
    counter: Counter, skips: int, more_wh: int, code: Code
) -> None:
    right = counter.intent("10.00")
    total = right.order.energy_total + Energy(more_wh)
    wrong = replace(right, order=replace(right.order, sequence=right.order.sequence + skips, energy_total=total))
    with pytest.raises(OperatorError) as caught:
        counter.ledger.reserve(wrong)
    assert caught.value.code is code
    assert counter.ledger.reserve(right).state is SaleState.PENDING


def test_after_a_void_the_next_sale_goes_the_ordinary_way(counter: Counter) -> None:
    sale = counter.ledger.reserve(counter.intent("10.00"))
    counter.ledger.void(sale.id, reason="customer left", at=counter.tick())
    assert counter.sell("10.00").receipt == "2-000002"
    assert counter.sell("10.00").receipt == "2-000003"
    assert counter.ledger.verify().problems == ()


def test_the_same_sale_again_is_the_same_and_with_another_request_refused(counter: Counter) -> None:
    intent = counter.intent("10.00")
    first = counter.ledger.reserve(intent)
    assert counter.ledger.reserve(intent) == first
    posted = counter.ledger.post(intent.id, at=counter.tick())
    assert counter.ledger.post(intent.id, at=counter.tick()) == posted
    with pytest.raises(OperatorError) as caught:
        counter.ledger.reserve(replace(intent, request="something else"))
    assert caught.value.code is Code.SALE_ID_REUSED
    assert counter.ledger.verify().problems == ()


def test_a_sale_voided_elsewhere_is_not_posted(counter: Counter, elsewhere: Counter) -> None:
    sale = counter.ledger.reserve(counter.intent("10.00"))
    elsewhere.ledger.void(sale.id, reason="not on the card", at=elsewhere.tick())
    with pytest.raises(OperatorError) as caught:
        counter.ledger.post(sale.id, at=counter.tick())
    assert caught.value.code is Code.SALE_ALREADY_RESOLVED
    assert counter.ledger.verify().problems == ()


def test_a_receipt_that_was_given_before_a_restoration_is_not_given_again(counter: Counter, server: Server) -> None:
    sale = counter.ledger.reserve(counter.intent("10.00"))
    database = counter.ledger._books.where.split("/")[3].split("?")[0]
    server.run_sql("INSERT INTO vending.receipt_gaps VALUES (1, 2, 2, 9, '')", database=database)
    assert counter.ledger.post(sale.id, at=counter.tick()).receipt == "2-000010"


def test_two_programs_at_one_desk_sell_by_turns(counter: Counter, store: Store) -> None:
    with closing(AtWork.open(store, desk=DESK)) as twice:
        other = Counter(twice, shift=counter.shift, count=700)
        receipts = [str(one.sell("5.00").receipt) for _ in range(3) for one in (counter, other)]
    assert receipts == [f"2-{at:06d}" for at in range(2, 8)]
    assert counter.ledger.verify().problems == ()


def test_a_desk_that_remembers_another_end_of_its_chain_reads_first(counter: Counter) -> None:
    books = counter.ledger._books
    assert books.tip is not None
    books.tip = Head(books.tip.number, bytes(32))
    assert counter.sell("10.00").receipt == "2-000002"
    assert counter.ledger.verify().problems == ()


def test_what_nothing_holds_open_is_not_posted(counter: Counter, server: Server) -> None:
    """Somebody with a database tool let it go."""
    sale = counter.ledger.reserve(counter.intent("10.00"))
    database = counter.ledger._books.where.split("/")[3].split("?")[0]
    server.run_sql("DELETE FROM vending.open_sales", database=database)
    with pytest.raises(AssertionError, match="open until"):
        counter.ledger.post(sale.id, at=counter.tick())
    found = counter.ledger.sale(sale.id)
    assert found is not None
    assert found.state is SaleState.PENDING


def test_inside_another_act_it_reads_first(counter: Counter, trips: list[list[str]]) -> None:
    intent = counter.intent("10.00")
    trips.clear()
    with counter.ledger.setting_up():
        sale = counter.ledger.reserve(intent)
    assert sale.state is SaleState.PENDING
    assert trips[0][0] == "BEGIN"
