"""What every desk remembers of cards and of the clock, whichever desk learnt it."""

from __future__ import annotations

from tests.ledger.at_work import STAFF, AtWork
from tests.ledger.builders import Counter
from vending_app.domain.card import ANY_BLANK
from vending_app.domain.ids import CardNo, DeskNo
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Authority
from vending_app.ledger.books import Store

CARD, OTHER_CARD = CardNo("000770000001"), CardNo("000770000002")
OTHER_DESK = DeskNo(3)


def test_a_card_that_refused_its_code_is_known_at_every_desk(counter: Counter, store: Store) -> None:
    ledger = counter.ledger
    assert not ledger.code_was_refused(CARD)
    ledger.note_code_refused(CARD, at=counter.tick())
    ledger.note_code_refused(CARD, at=counter.tick())
    ledger.add_desk(OTHER_DESK, name="Desk 3")
    elsewhere = AtWork.open(store, desk=OTHER_DESK)
    assert elsewhere.code_was_refused(CARD)
    assert not elsewhere.code_was_refused(OTHER_CARD)
    assert elsewhere.verify().is_ok
    elsewhere.close()


def test_tries_that_may_be_spent_are_known_at_every_desk(counter: Counter, store: Store) -> None:
    ledger = counter.ledger
    ledger.note_tries_spent(CARD, 1, at=counter.tick())
    ledger.add_desk(OTHER_DESK, name="Desk 3")
    elsewhere = AtWork.open(store, desk=OTHER_DESK)
    assert (elsewhere.tries_spent(CARD), elsewhere.tries_spent(OTHER_CARD)) == (1, 0)
    elsewhere.note_code_refused(CARD, at=counter.tick())
    assert ledger.tries_spent(CARD) == 2
    ledger.note_tries_spent(CARD, 0, at=counter.tick())
    assert elsewhere.tries_spent(CARD) == 0
    assert elsewhere.verify().is_ok
    elsewhere.close()


def test_a_blank_card_that_was_thrown_away_stops_no_other_one(counter: Counter) -> None:
    ledger = counter.ledger
    ledger.note_tries_spent(ANY_BLANK, 2, at=counter.tick())
    ledger.note_tries_spent(CARD, 2, at=counter.tick())
    assert ledger.tries_spent(ANY_BLANK) == 2
    with ledger.acting_as(Authority(STAFF[Role.SUPERVISOR].name, Act.CARD_STOCK)):
        ledger.spoil_cards(1, reason="a strange code", at=counter.tick())
    assert (ledger.tries_spent(ANY_BLANK), ledger.tries_spent(CARD)) == (0, 2)
    ledger.note_tries_spent(ANY_BLANK, 1, at=counter.tick())
    assert ledger.tries_spent(ANY_BLANK) == 1


def test_the_newest_moment_is_that_of_the_last_row_of_any_desk(counter: Counter, store: Store) -> None:
    ledger = counter.ledger
    counter.sell()
    assert ledger.newest_moment() == counter.now
    ledger.add_desk(OTHER_DESK, name="Desk 3")
    elsewhere = AtWork.open(store, desk=OTHER_DESK)
    elsewhere.note_code_refused(CARD, at=counter.tick())
    elsewhere.close()
    assert ledger.newest_moment() == counter.now
