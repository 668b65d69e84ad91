"""A card that carries more than the books know stands among the gaps: once, until they know it or it is so no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tests.services.desk_of import DeskOf
from tests.services.test_restoring import at, paper_of
from tests.services.test_restoring import lost as lost  # noqa: PLC0414 - a fixture
from vending_app.bench.world import CASHIER, SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.domain.card import Order
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code
from vending_app.domain.ids import CardNo, SaleId
from vending_app.domain.money import Money
from vending_app.domain.records import CardEnd
from vending_app.domain.report import Row
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.domain.verdict import Verdict
from vending_app.ledger import DeskLedger
from vending_app.services.diagnosis_cases import DiagnoseCard
from vending_app.services.keeping_cases import ReenterCard
from vending_app.services.report_cases import ShowReport
from vending_app.services.supply_cases import ReissueCard
from vending_app.services.use_cases import ReadCard, SaleDone, Sell

SLOT_A, SLOT_B = 0x30, 0x70


def ahead(desk: DeskOf) -> tuple[Row, ...]:
    """The rows of the table of cards, as a supervisor is told them."""
    before, desk.counter.operator = desk.counter.operator, SUPERVISOR
    report = desk.counter.do(ShowReport(ReportAsked(ReportKind.GAPS)))
    desk.counter.operator = before
    (found,) = [each.rows for each in report.tables if each.key == "cards-ahead"]  # type: ignore[attr-defined]
    return tuple(found)


def rows_of(desk: DeskOf) -> int:
    """How many rows the journal has."""
    ledger = desk.counter.outside.ledger
    assert isinstance(ledger, DeskLedger)
    return int(ledger._books.value("SELECT count(*) FROM journal"))


def put_on_card(desk: DeskOf, order: Order) -> None:
    """As another office's program would have: the books hear nothing of it."""
    card = desk.counter.outside.ledger.supply(SUPPLY, today=desk.counter.reading.today()).card
    assert card is not None
    write(desk, card, (SLOT_B, desk.world.codec.encode_order(order, card=card)))


def write(desk: DeskOf, card: CardNo, *told: tuple[int, bytes]) -> None:
    assert desk.card.opens(desk.world.vault, card=card, key_version=1)
    for place, data in told:
        desk.card.put(place, data)
    desk.reinsert()


def order_on(desk: DeskOf) -> Order:
    order = desk.read().image.order
    assert order is not None
    return order


def sold_elsewhere(desk: DeskOf) -> Order:
    """Three more orders and 500 kWh, of which these books know nothing."""
    order = order_on(desk)
    more = replace(order, sequence=order.sequence + 3, energy_total=order.energy_total + Energy(500_000))
    put_on_card(desk, more)
    return more


@pytest.mark.parametrize("asked", [ReadCard(), DiagnoseCard(), Sell(SaleId("0" * 32), amount=Money(1000))])
def test_whoever_reads_it_leaves_one_line_of_it(desk: DeskOf, asked: object) -> None:
    desk.sell("50.00")
    more = sold_elsewhere(desk)
    assert ahead(desk) == ()
    before = desk.counter.outside.clock()
    if isinstance(asked, Sell):
        assert desk.refusal(asked) is Code.CARD_AHEAD
    else:
        desk.counter.do(asked)
    after = desk.counter.outside.clock()
    told, noted = ahead(desk), rows_of(desk)
    for operator in (CASHIER, TECHNICIAN):
        desk.counter.operator = operator
        reading = desk.read()
    assert ahead(desk) == told
    assert rows_of(desk) == noted
    ((supply, customer, card, moment, told_at, orders, energy),) = told
    assert reading.verdict is Verdict.CARD_AHEAD
    assert reading.reading is not None
    assert (supply, customer, card) == (SUPPLY, reading.reading.supply.customer.name, reading.card)
    assert isinstance(moment, datetime)
    assert before <= moment <= after
    assert (told_at, orders, energy) == (str(desk.counter.outside.desk), 3, Energy(500_000))
    assert more.sequence == reading.reading.supply.sequence + 3
    assert desk.counter.outside.ledger.verify().is_ok


def test_what_it_carries_later_takes_the_place_of_what_it_carried(desk: DeskOf) -> None:
    more = sold_elsewhere(desk)
    desk.read()
    put_on_card(desk, replace(more, sequence=more.sequence + 1, energy_total=more.energy_total + Energy(70)))
    desk.read()
    ((*_, orders, energy),) = ahead(desk)
    assert (orders, energy) == (4, Energy(500_070))


def test_it_goes_once_a_later_reading_finds_it_level(desk: DeskOf) -> None:
    known = desk.sell("50.00").sale.intent.order
    sold_elsewhere(desk)
    desk.read()
    assert len(ahead(desk)) == 1
    put_on_card(desk, known)
    assert desk.read().verdict is Verdict.READY
    assert ahead(desk) == ()
    sold_elsewhere(desk)
    desk.read()
    assert len(ahead(desk)) == 1


def test_a_card_that_cannot_be_read_well_takes_nothing_back(desk: DeskOf) -> None:
    sold_elsewhere(desk)
    desk.read()
    card = desk.read().card
    assert card is not None
    write(desk, card, (SLOT_A, bytes(64)), (SLOT_B, bytes(64)))
    assert desk.read().image.order is None
    assert len(ahead(desk)) == 1


def test_a_number_that_is_given_again_here_is_not_the_order_on_the_card(desk: DeskOf) -> None:
    order = order_on(desk)
    put_on_card(desk, replace(order, sequence=order.sequence + 1, energy_total=Energy(500_000)))
    desk.read()
    desk.counter.operator = TECHNICIAN
    desk.readers.pull()
    desk.readers.insert(EmulatedCard.blank())
    desk.counter.do(ReissueCard(desk.world.new_id(), SUPPLY, CardEnd.BROKEN))
    assert len(ahead(desk)) == 1


def test_books_that_were_put_back_tell_it_until_the_sales_are_entered(lost: tuple[DeskOf, list[SaleDone]]) -> None:
    old, later = lost
    with old.world.open(old.readers) as counter:
        desk = at(old, counter)
        desk.read()
        ((*_, orders, energy),) = ahead(desk)
        assert (orders, energy) == (2, sum((one.sale.intent.energy for one in later), Energy(0)))
        counter.operator = SUPERVISOR
        counter.do(ReenterCard(desk.world.new_id(), amount=Money(5000)))
        assert ahead(desk) == ()


def test_papers_that_are_entered_settle_it_too(lost: tuple[DeskOf, list[SaleDone]]) -> None:
    old, later = lost
    with old.world.open(old.readers) as counter:
        desk = at(old, counter)
        desk.read()
        counter.operator = SUPERVISOR
        counter.do(paper_of(desk, later[0]))
        assert len(ahead(desk)) == 1
        counter.do(paper_of(desk, later[1]))
        assert ahead(desk) == ()
