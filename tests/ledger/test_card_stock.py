"""Blank cards are counted by everything that moves them, and by nothing else."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.ledger.at_work import ANA, STAFF, AtWork
from tests.ledger.builders import DESK, Counter
from tests.ledger.strangers import attack
from vending_app.domain.card_stock import LOW, CardStock, StockVerb
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import CardEnd
from vending_app.ledger.books import Store


def stock(ledger: AtWork) -> CardStock:
    return ledger.card_stock(limit=20)


def receive(counter: Counter, count: int, *, role: Role = Role.TECHNICIAN) -> None:
    with counter.ledger.acting_as(Authority(STAFF[role].name, Act.CARD_STOCK)):
        counter.ledger.receive_cards(count, reference="DN 4471", at=counter.tick())


def test_cards_that_nobody_entered_are_issued_all_the_same_and_ask_for_a_count(counter: Counter) -> None:
    now = stock(counter.ledger)
    assert (now.here, now.is_counted, now.needs_count) == (-1, False, True)
    counter.reissue(CardEnd.LOST)
    assert stock(counter.ledger).here == -2


def test_each_card_that_was_issued_is_taken_once_by_the_row_that_posts_it(counter: Counter) -> None:
    receive(counter, 100)
    sale = counter.reissue(CardEnd.LOST)
    counter.ledger.post(sale.id, at=counter.tick())
    counter.sell("20.00")
    newest, delivered, first = stock(counter.ledger).moves
    assert (newest.verb, newest.change, newest.level, newest.sale) == (StockVerb.TAKE, -1, 98, sale.id)
    assert (delivered.verb, delivered.change, delivered.level, delivered.reference) == ("receive", 100, 99, "DN 4471")
    assert (first.verb, first.level) == ("take", -1)
    written = "SELECT kind FROM journal JOIN card_stock ON journal.id = journal WHERE sale = ?"
    assert counter.ledger._books.value(written, (sale.id,)) == "post"
    assert counter.ledger.verify().is_ok


def test_an_issue_that_waits_takes_no_card_yet(counter: Counter) -> None:
    waiting = counter.issue_intent()
    counter.ledger.reserve(waiting)
    counter.ledger.mark_in_doubt(waiting.id, reason="card gone", at=counter.tick())
    assert stock(counter.ledger).here == -1
    counter.ledger.post(waiting.id, at=counter.tick())
    assert stock(counter.ledger).here == -2


def test_a_count_puts_the_level_right_and_keeps_the_difference(counter: Counter) -> None:
    with counter.ledger.acting_as(Authority(STAFF[Role.SUPERVISOR].name, Act.CARD_STOCK)):
        counter.ledger.count_cards(40, reason="first count", at=counter.tick())
        counter.ledger.spoil_cards(3, reason="bent", at=counter.tick())
        counter.ledger.count_cards(36, reason="one is missing", at=counter.tick())
    now = stock(counter.ledger)
    assert [(move.verb.value, move.change, move.level) for move in now.moves] == [
        ("count", -1, 36),
        ("spoil", -3, 37),
        ("count", 41, 40),
        ("take", -1, -1),
    ]
    assert (now.moves[0].reason, now.moves[0].operator) == ("one is missing", STAFF[Role.SUPERVISOR].name)
    assert (now.needs_count, now.is_low) == (False, False)
    assert counter.ledger.verify().is_ok


def test_a_box_that_runs_out_is_told_before_it_is_empty(counter: Counter) -> None:
    receive(counter, LOW)
    assert stock(counter.ledger).is_low
    receive(counter, 1)
    assert not stock(counter.ledger).is_low


def test_each_desk_has_its_own_box_and_the_office_all_of_them(counter: Counter, store: Store) -> None:
    receive(counter, 50)
    other = DeskNo(7)
    counter.ledger.add_desk(other, name="Branch")
    with closing(AtWork.open(store, desk=other)) as branch:
        there = Counter(branch, now=counter.now)
        receive(there, 200, role=Role.ADMINISTRATOR)
        now = stock(branch)
        assert (now.desk, now.here, now.office) == (other, 200, 249)
    here = stock(counter.ledger)
    assert (here.desk, here.here, here.office) == (DESK, 49, 249)


def test_a_cashier_enters_no_cards(counter: Counter) -> None:
    with counter.ledger.acting_as(Authority(ANA, Act.CARD_STOCK)), pytest.raises(OperatorError) as caught:
        counter.ledger.receive_cards(9, reference="", at=counter.tick())
    assert caught.value.code is Code.PERMISSION_DENIED
    assert stock(counter.ledger).here == -1


@pytest.mark.parametrize("change", ["level = level + 5", "change = change + 1", "desk = 3"])
def test_a_line_that_was_changed_behind_the_program_is_named(counter: Counter, change: str) -> None:
    receive(counter, 50)
    receive(counter, 50)
    if change.startswith("desk"):
        counter.ledger.add_desk(DeskNo(3), name="Desk 3")
    attack(
        counter.ledger._books, f"UPDATE card_stock SET {change} WHERE journal = (SELECT max(journal) FROM card_stock)"
    )
    assert any("card stock of desk" in problem for problem in counter.ledger.verify().problems)
