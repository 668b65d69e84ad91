"""Two desks at the same books: no number is given twice, nobody writes between another's reading and writing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.ledger.at_work import ANA, AtWork
from tests.ledger.builders import DESK, Counter, add_supply
from tests.ledger.test_proof import problems_after
from vending_app.domain.cash import CashKind
from vending_app.domain.closing import ClosingKind
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import DeskNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.ledger import SqliteFile
from vending_app.ledger.books import Store

OTHER = DeskNo(3)


def impatient(store: Store) -> Store:
    return replace(store, busy_ms=20) if isinstance(store, SqliteFile) else store


@pytest.fixture
def elsewhere(counter: Counter, store: Store) -> Iterator[Counter]:
    """A cashier at the other desk, with a supply of her own."""
    counter.ledger.add_desk(OTHER, name="Desk 3")
    add_supply(counter.ledger, "00000018", "000012345679")
    ledger = AtWork.open(impatient(store), desk=OTHER)
    shift = ledger.open_shift(desk=OTHER, operator=ANA, float_cash=Money(0), at=counter.tick())
    yield Counter(ledger, shift=shift.number, supply=SupplyNo("00000018"), count=500)
    ledger.close()


def sell_there(elsewhere: Counter) -> str:
    intent = replace(elsewhere.intent("10.00"), desk=OTHER)
    elsewhere.ledger.reserve(intent)
    return str(elsewhere.ledger.post(intent.id, at=elsewhere.tick()).receipt)


def test_each_desk_counts_its_own_receipts_and_keeps_its_own_chain(counter: Counter, elsewhere: Counter) -> None:
    elsewhere.issue()
    here = [str(counter.sell("10.00").receipt), str(counter.sell("10.00").receipt)]
    there = [sell_there(elsewhere)]
    here.append(str(counter.sell("10.00").receipt))
    there.append(sell_there(elsewhere))
    assert here == ["2-000001", "2-000002", "2-000003"]
    assert there == ["3-000001", "3-000002"]
    assert counter.ledger.verify().is_ok
    assert counter.ledger.verify() == elsewhere.ledger.verify()


def test_nobody_writes_between_what_a_desk_reads_and_what_it_writes(
    counter: Counter, elsewhere: Counter, store: Store
) -> None:
    """A file has one writer; on a server only this desk's own chain is held, and the other desk goes on."""
    books = counter.ledger._books
    with books.writing():
        number = books.value("SELECT max(number) FROM journal WHERE desk = ?", (DESK,))
        try:
            elsewhere.issue()
        except EnvironmentFault as fault:
            assert (fault.code, isinstance(store, SqliteFile)) == (Code.LEDGER_LOCKED, True)
            elsewhere.count += 1
        else:
            assert not isinstance(store, SqliteFile)
        assert books.value("SELECT max(number) FROM journal WHERE desk = ?", (DESK,)) == number
    assert elsewhere.issue().receipt is None


def test_a_sale_of_one_desk_is_settled_at_another(counter: Counter, elsewhere: Counter) -> None:
    intent = counter.intent("10.00")
    counter.ledger.reserve(intent)
    posted = elsewhere.ledger.post(intent.id, at=counter.tick())
    assert posted.receipt == "3-000001"
    assert counter.ledger.sale(intent.id) == posted
    assert posted.intent.desk == DESK
    assert counter.ledger.post(intent.id, at=counter.tick()) == posted, "the desk that began it learns of it"
    assert counter.ledger.verify().is_ok


def test_a_void_at_another_desk_is_paid_out_of_that_desk_s_drawer(counter: Counter, elsewhere: Counter) -> None:
    gone = counter.ledger.reserve(counter.intent("50.00"))
    cancellation = replace(counter.cancellation_intent(gone), desk=OTHER)
    with pytest.raises(OperatorError) as caught:
        elsewhere.ledger.cancel(gone.id, cancellation)
    assert caught.value.code is Code.CASH_NOT_THERE
    assert [sale.id for sale in counter.ledger.open_sales()] == [gone.id]
    elsewhere.move_cash(CashKind.FROM_SAFE, "60.00")
    elsewhere.ledger.cancel(gone.id, cancellation)
    proof = elsewhere.ledger.verify()
    assert proof.is_ok, proof.problems
    assert (proof.money_minor["till:2"], proof.money_minor["till:3"]) == (150_00, 10_00)


def test_a_day_closes_all_desks_and_not_while_one_has_a_shift_open(counter: Counter, elsewhere: Counter) -> None:
    elsewhere.issue()
    counter.sell("10.00")
    sell_there(elsewhere)
    counter.close_shift("110.00")
    with pytest.raises(OperatorError) as caught:
        counter.ledger.close_period(ClosingKind.DAY, "2025-11-14", at=counter.tick())
    assert (caught.value.code, caught.value.facts) == (Code.PERIOD_HAS_OPEN_SHIFT, {"desk": OTHER})
    elsewhere.close_shift("10.00")
    day = counter.ledger.close_period(ClosingKind.DAY, "2025-11-14", at=counter.tick())
    assert (day.totals.sold, day.totals.count) == (Money(20_00), 2)
    assert [head.desk for head in day.heads] == [DESK, OTHER]
    assert {cell.desk for cell in day.totals.cells} == {DESK, OTHER}
    assert elsewhere.ledger.verify().is_ok


def test_a_desk_whose_rows_are_put_in_another_s_place_is_found(counter: Counter, elsewhere: Counter) -> None:
    elsewhere.issue()
    counter.sell("10.00")
    assert counter.ledger.verify().is_ok
    aside, back = "UPDATE journal SET desk = desk + 100", f"UPDATE journal SET desk = {DESK + OTHER + 100} - desk"
    problems = problems_after(counter.ledger, aside, back)
    assert any("its text was changed after it was written" in problem for problem in problems)
