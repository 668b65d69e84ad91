"""The drawer: every coin that is in it has an entry, and the cashier counts before he is told."""

from __future__ import annotations

import pytest

from tests.ledger.at_work import ANA, STAFF
from tests.ledger.builders import DESK, SUPPLY, Counter
from vending_app.domain.cash import CashCount, CashKind
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.money import Money
from vending_app.domain.payment import PaymentKind
from vending_app.domain.people import Role
from vending_app.domain.sale import TenderKind

SAM = STAFF[Role.SUPERVISOR].name


def refused(counter: Counter, counted: str) -> Code:
    with pytest.raises(OperatorError) as caught:
        counter.close_shift(counted)
    return caught.value.code


def held(counter: Counter, account: str) -> int:
    proof = counter.ledger.verify()
    assert proof.is_ok, proof.problems
    return proof.money_minor.get(account, 0)


def test_a_shift_expects_its_float_and_its_cash_and_names_the_difference(counter: Counter) -> None:
    counter.sell("50.00")
    counter.sell("30.00", tender=TenderKind.MOBILE)
    assert counter.shift is not None
    counted = counter.ledger.count_cash(counter.shift, CashCount(Money.parse("149.00")), at=counter.tick())
    assert (counted.expected, counted.difference, counted.times) == (Money(150_00), Money(-1_00), 1)
    shift, z = counter.ledger.close_shift(counter.shift, reason="a coin fell", at=counter.tick())
    assert (shift.expected, shift.counted, shift.sales, shift.reason) == (
        Money(150_00),
        Money(149_00),
        2,
        "a coin fell",
    )
    assert (z.number, z.totals.sold, z.totals.count) == (1, Money(80_00), 2)
    assert z.totals.of_tender(TenderKind.MOBILE) == Money(30_00)
    assert held(counter, "till:2") == 0
    assert held(counter, "cash-difference:2") == 1_00
    assert counter.ledger.shift(desk=DESK) is None


def test_a_difference_without_a_reason_does_not_close(counter: Counter) -> None:
    assert refused(counter, "99.00") is Code.DIFFERENCE_NEEDS_REASON
    assert counter.ledger.shift(desk=DESK) is not None


def test_a_shift_closes_by_a_count_and_only_by_the_newest(counter: Counter) -> None:
    assert counter.shift is not None
    with pytest.raises(OperatorError) as caught:
        counter.ledger.close_shift(counter.shift, at=counter.tick())
    assert caught.value.code is Code.COUNT_MISSING
    counter.ledger.count_cash(counter.shift, CashCount(Money.parse("100.00")), at=counter.tick())
    counter.sell("50.00")
    with pytest.raises(OperatorError) as caught:
        counter.ledger.close_shift(counter.shift, at=counter.tick())
    assert caught.value.code is Code.COUNT_OUTDATED
    counter.close_shift("150.00")


def test_a_shift_is_opened_and_closed_once(counter: Counter) -> None:
    ledger, shift = counter.ledger, counter.shift
    assert shift is not None
    with pytest.raises(OperatorError) as caught:
        ledger.open_shift(desk=DESK, operator=ANA, float_cash=Money(0), at=counter.tick())
    assert caught.value.code is Code.SHIFT_ALREADY_OPEN
    counter.close_shift("100.00")
    with pytest.raises(OperatorError) as caught:
        ledger.close_shift(shift, at=counter.tick())
    assert caught.value.code is Code.SHIFT_CLOSED


def test_cash_moves_between_drawer_and_safe_and_no_more_than_there_is(counter: Counter) -> None:
    counter.move_cash(CashKind.FROM_SAFE, "20.00")
    counter.move_cash(CashKind.TO_SAFE, "70.00")
    counter.move_cash(CashKind.PAID_IN, "5.00")
    assert (held(counter, "till:2"), held(counter, "safe"), held(counter, "paid-in")) == (55_00, -50_00, -5_00)
    with pytest.raises(OperatorError) as caught:
        counter.move_cash(CashKind.TO_SAFE, "55.01")
    assert caught.value.code is Code.CASH_NOT_THERE


def test_the_same_movement_told_twice_moves_once(counter: Counter) -> None:
    movement = counter.move_cash(CashKind.FROM_SAFE, "20.00")
    counter.ledger.move_cash(movement, request="cash from-safe 20.00")
    assert held(counter, "till:2") == 120_00
    with pytest.raises(OperatorError) as caught:
        counter.ledger.move_cash(movement, request="cash from-safe 200.00")
    assert caught.value.code is Code.SALE_ID_REUSED


def test_a_handed_over_drawer_opens_for_its_successor_with_what_was_counted(counter: Counter) -> None:
    ledger = counter.ledger
    counter.sell("50.00")
    counter.close_shift("150.00", handed_to=SAM)
    assert held(counter, "handover:2") == 150_00
    waits = ledger.handed_over(desk=DESK)
    assert waits is not None
    assert (waits.handed_to, waits.counted) == (SAM, Money(150_00))
    for operator, cash, code in ((ANA, "150.00", Code.HANDOVER_OTHER), (SAM, "149.00", Code.HANDOVER_DIFFERS)):
        with pytest.raises(OperatorError) as caught:
            ledger.open_shift(
                desk=DESK, operator=OperatorName(operator), float_cash=Money.parse(cash), at=counter.tick()
            )
        assert caught.value.code is code
    ledger.open_shift(desk=DESK, operator=SAM, float_cash=Money(150_00), at=counter.tick())
    assert (held(counter, "handover:2"), held(counter, "till:2"), held(counter, "safe")) == (0, 150_00, -100_00)
    assert ledger.handed_over(desk=DESK) is None


def test_an_undecided_sale_blocks_the_close_until_a_supervisor_signs_for_it(counter: Counter) -> None:
    waiting = counter.ledger.reserve(counter.intent("10.00"))
    assert refused(counter, "110.00") is Code.SHIFT_HAS_OPEN_SALES
    counter.sign(waiting)
    counter.close_shift("110.00")
    assert [sale.id for sale in counter.ledger.open_sales()] == [waiting.id]
    counter.ledger.post(waiting.id, at=counter.tick())
    assert counter.ledger.verify().is_ok


def test_a_signature_for_a_sale_that_does_not_wait_is_refused(counter: Counter) -> None:
    sold = counter.sell("10.00")
    with pytest.raises(OperatorError) as caught:
        counter.sign(sold)
    assert caught.value.code is Code.SALE_UNKNOWN


def test_an_x_is_blind_or_tells_and_the_z_tells_what_was(counter: Counter) -> None:
    counter.sell("50.00")
    counter.move_cash(CashKind.TO_SAFE, "20.00", reason="safe is nearer")
    assert counter.shift is not None
    blind = counter.ledger.shift_report(counter.shift, is_blind=True)
    told = counter.ledger.shift_report(counter.shift, is_blind=False)
    assert (blind.expected, told.expected) == (None, Money(130_00))
    assert [movement.reason for movement in told.movements] == ["safe is nearer"]
    number = counter.shift
    z = counter.close_shift("130.00")
    report = counter.ledger.shift_report(number, is_blind=True)
    assert (report.closing, report.expected, report.totals.sold) == (z, Money(130_00), Money(50_00))


def test_arrears_are_paid_at_the_counter_and_never_more_than_is_owed(counter: Counter) -> None:
    paid = counter.ledger.pay(counter.payment(PaymentKind.ARREARS, "30.00"), request="arrears")
    assert paid.number == "2-P000001"
    assert counter.file().arrears == Money(34_30)
    assert (held(counter, "till:2"), held(counter, f"arrears:{SUPPLY}")) == (130_00, 34_30)
    with pytest.raises(OperatorError) as caught:
        counter.ledger.pay(counter.payment(PaymentKind.ARREARS, "34.31"), request="arrears")
    assert caught.value.code is Code.PAYMENT_TOO_MUCH
    again = counter.ledger.pay(counter.payment(PaymentKind.ARREARS, "34.30", tender=TenderKind.CHEQUE), request="rest")
    assert again.number == "2-P000002"
    assert held(counter, "clearing:cheque") == 34_30


def test_a_payment_told_twice_is_taken_once(counter: Counter) -> None:
    payment = counter.payment(PaymentKind.ARREARS, "30.00")
    first = counter.ledger.pay(payment, request="arrears")
    assert counter.ledger.pay(payment, request="arrears") == first
    assert held(counter, "till:2") == 130_00


def test_a_tender_is_corrected_while_its_shift_is_open(counter: Counter) -> None:
    sold = counter.sell("50.00")
    corrected = counter.correct_tender(sold, TenderKind.MOBILE)
    assert corrected.tender is not None
    assert (corrected.tender.kind, corrected.tender.received, corrected.change) == (
        TenderKind.MOBILE,
        Money(50_00),
        Money(0),
    )
    assert (held(counter, "till:2"), held(counter, "clearing:mobile")) == (100_00, 50_00)
    with pytest.raises(OperatorError) as caught:
        counter.correct_tender(sold, TenderKind.MOBILE)
    assert caught.value.code is Code.TENDER_SAME
    counter.close_shift("100.00")
    counter.open_shift()
    with pytest.raises(OperatorError) as caught:
        counter.correct_tender(sold, TenderKind.CASH)
    assert caught.value.code is Code.CORRECTION_TOO_LATE


def test_a_corrected_tender_stands_in_the_z_as_it_was_paid(counter: Counter) -> None:
    counter.correct_tender(counter.sell("50.00"), TenderKind.MOBILE)
    counter.sell("20.00")
    z = counter.close_shift("120.00")
    assert (z.totals.of_tender(TenderKind.MOBILE), z.totals.of_tender(TenderKind.CASH)) == (Money(50_00), Money(20_00))
    assert (z.totals.count, z.totals.sold) == (2, Money(70_00))
    assert counter.ledger.verify().is_ok


def test_without_an_open_shift_no_cash_moves(counter: Counter) -> None:
    payment = counter.payment(PaymentKind.ARREARS, "1.00")
    shift = counter.shift
    counter.close_shift("100.00")
    counter.shift = shift
    for act in (
        lambda: counter.move_cash(CashKind.FROM_SAFE, "1.00"),
        lambda: counter.ledger.pay(payment, request="arrears"),
    ):
        with pytest.raises(OperatorError) as caught:
            act()
        assert caught.value.code is Code.SHIFT_CLOSED


def test_a_count_of_pieces_adds_up_and_refuses_less_than_none() -> None:
    counted = CashCount.of_pieces(((Money(50_00), 2), (Money(20), 3), (Money(1), 0)))
    assert (counted.total, counted.pieces) == (Money(100_60), ((Money(50_00), 2), (Money(20), 3)))
    with pytest.raises(OperatorError) as caught:
        CashCount.of_pieces(((Money(50_00), -1),))
    assert caught.value.code is Code.COUNT_NOT_A_NUMBER


def test_an_opened_drawer_is_in_the_journal(counter: Counter) -> None:
    counter.ledger.note_drawer_opened(operator=ANA, reason="change for a customer", at=counter.tick())
    rows = counter.ledger._books.all("SELECT operator, reason FROM drawer_openings")
    assert rows == [{"operator": ANA, "reason": "change for a customer"}]
