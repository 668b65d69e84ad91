"""The drawer and the shift through the counter: who may, what is told when, and what closes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.ledger.at_work import an_approval
from tests.services.desk_of import DeskOf
from vending_app.bench.world import ADMINISTRATOR, CASHIER, MOMENT, SUPERVISOR
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.domain.cash import CashKind, CashMovement, Counted
from vending_app.domain.closing import ShiftReport
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ActId, ApprovalId, OperatorName
from vending_app.domain.money import Money
from vending_app.domain.office_rules import Limits
from vending_app.domain.permissions import Act, Authority
from vending_app.printing.drawer import PULSE, DeviceDrawer
from vending_app.services.book_cases import (
    CloseCountedShift,
    CountCash,
    DrawerOpened,
    ListOpenSales,
    MoveCash,
    OpenDrawer,
    OpenSales,
    ShiftClosed,
    ShowX,
    ShowZ,
    SignOpenSale,
)
from vending_app.services.counter import Counter
from vending_app.services.use_cases import OpenShift


def move(desk: DeskOf, kind: CashKind, amount: str, reason: str = "") -> MoveCash:
    return MoveCash(ActId(desk.world.new_id()), kind, Money.parse(amount), reason)


def approved(desk: DeskOf, request: object, act: Act) -> ApprovalId:
    """The supervisor's word, as it is given with his secret."""
    return desk.counter.approvals.give(request, SUPERVISOR, operator=CASHIER, act=act).id


def close(desk: DeskOf, counted: str, **how: object) -> ShiftClosed:
    desk.counter.do(CountCash(total=Money.parse(counted)))
    closed = desk.counter.do(CloseCountedShift(**how))  # type: ignore[arg-type]
    assert isinstance(closed, ShiftClosed)
    return closed


def test_the_expected_sum_is_told_only_after_the_count(desk: DeskOf) -> None:
    desk.sell("50.00")
    x = desk.counter.do(ShowX())
    assert isinstance(x, ShiftReport)
    assert (x.expected, x.totals.sold) == (None, Money(50_00))
    counted = desk.counter.do(CountCash(pieces=((Money(50_00), 2), (Money(20_00), 2), (Money(5_00), 1))))
    assert isinstance(counted, Counted)
    assert (counted.counted, counted.expected, counted.difference) == (Money(145_00), Money(150_00), Money(-5_00))
    assert desk.refusal(CloseCountedShift()) is Code.DIFFERENCE_NEEDS_REASON
    closed = desk.counter.do(CloseCountedShift(reason="five short"))
    assert isinstance(closed, ShiftClosed)
    assert (closed.shift.reason, closed.closing.number) == ("five short", 1)
    assert desk.refusal(CountCash(total=Money(1))) is Code.SHIFT_CLOSED


def test_a_colleagues_shift_is_closed_by_a_supervisor_alone(desk: DeskOf) -> None:
    desk.sell("50.00")
    desk.counter.operator = SUPERVISOR
    assert close(desk, "150.00").shift.operator == CASHIER.name
    desk.counter.do(OpenShift(Money(100_00)))
    desk.counter.operator = CASHIER
    desk.counter.do(CountCash(total=Money(100_00)))
    assert desk.refusal(CloseCountedShift()) is Code.PERMISSION_DENIED
    assert desk.refusal(CloseCountedShift(hand_to=CASHIER.name)) is Code.PERMISSION_DENIED


def test_the_books_themselves_ask_whose_shift_is_closed(desk: DeskOf) -> None:
    desk.counter.do(CountCash(total=Money(100_00)))
    ledger = desk.counter.outside.ledger
    shift = ledger.shift(desk=desk.counter.outside.desk)
    assert shift is not None
    act = {"operator": SUPERVISOR.name, "reason": "", "handed_to": None, "at": MOMENT}
    with ledger.acting_as(Authority(SUPERVISOR.name, Act.SHIFT)), pytest.raises(OperatorError) as refused:
        ledger.close_shift(shift.number, signer=desk.counter.outside.vault, **act)  # type: ignore[arg-type]
    assert refused.value.code is Code.PERMISSION_DENIED


def test_an_office_that_counts_openly_tells_it_in_the_x(desk: DeskOf) -> None:
    counter = desk.counter
    approval = replace(an_approval(Act.RULES, at=MOMENT), operator=SUPERVISOR.name, approver=ADMINISTRATOR.name)
    with counter.outside.ledger.acting_as(Authority(SUPERVISOR.name, Act.RULES, approval)):
        counter.outside.ledger.keep_rule(Limits(blind_count=False), was=Limits(), at=MOMENT)
    x = counter.do(ShowX())
    assert isinstance(x, ShiftReport)
    assert x.expected == Money(100_00)


def replaced(desk: DeskOf, **outside: object) -> Counter:
    counter = Counter(replace(desk.counter.outside, **outside))  # type: ignore[arg-type]
    counter.operator = CASHIER
    return counter


def test_cash_to_anybody_but_the_safe_needs_a_reason_and_another_person(desk: DeskOf) -> None:
    moved = desk.counter.do(move(desk, CashKind.TO_SAFE, "20.00"))
    assert isinstance(moved, CashMovement)
    paid_out = move(desk, CashKind.PAID_OUT, "10.00", "window cleaner")
    assert desk.refusal(paid_out) is Code.APPROVAL_NEEDED
    without_reason = replace(paid_out, reason=" ")
    given = approved(desk, without_reason, Act.CASH_OVER)
    assert desk.refusal(replace(without_reason, approval=given)) is Code.REASON_MISSING
    done = desk.counter.do(replace(paid_out, approval=approved(desk, paid_out, Act.CASH_OVER)))
    assert isinstance(done, CashMovement)
    assert done.reason == "window cleaner"
    assert close(desk, "70.00").shift.expected == Money(70_00)


@pytest.mark.parametrize("amount", ["0", "-1.00"])
def test_cash_moves_by_more_than_nothing(desk: DeskOf, amount: str) -> None:
    assert desk.refusal(move(desk, CashKind.FROM_SAFE, amount)) is Code.AMOUNT_NOT_POSITIVE


def test_a_supervisor_signs_for_what_waits_and_the_shift_closes(desk: DeskOf) -> None:
    waiting = desk.interrupt(Fault(FaultKind.TEAR, 20))
    desk.counter.do(CountCash(total=Money(150_00)))
    assert desk.refusal(CloseCountedShift()) is Code.SHIFT_HAS_OPEN_SALES
    listed = desk.counter.do(ListOpenSales())
    assert isinstance(listed, OpenSales)
    assert [(entry.sale.id, entry.is_signed) for entry in listed.sales] == [(waiting.id, False)]
    request = SignOpenSale(waiting.id, "customer ran for his bus")
    assert desk.refusal(request) is Code.APPROVAL_NEEDED
    signed = desk.counter.do(replace(request, approval=approved(desk, request, Act.SIGN_OPEN_SALE)))
    assert isinstance(signed, OpenSales)
    assert [entry.is_signed for entry in signed.sales] == [True]
    assert close(desk, "150.00").closing.number == 1
    assert desk.counter.outside.ledger.verify().is_ok


def test_a_drawer_is_handed_to_somebody_who_is_known_and_not_to_oneself(desk: DeskOf) -> None:
    desk.counter.do(CountCash(total=Money(100_00)))
    for name in ("nobody", CASHIER.name):
        assert desk.refusal(CloseCountedShift(hand_to=OperatorName(name))) is Code.HANDOVER_OTHER
    closed = close(desk, "100.00", hand_to=SUPERVISOR.name)
    assert closed.shift.handed_to == SUPERVISOR.name
    assert desk.refusal(OpenShift(Money(100_00))) is Code.HANDOVER_OTHER
    desk.counter.operator = SUPERVISOR
    assert desk.refusal(OpenShift(Money(99_00))) is Code.HANDOVER_DIFFERS
    desk.counter.do(OpenShift(Money(100_00)))


def test_a_z_is_shown_again_as_it_was(desk: DeskOf) -> None:
    assert desk.refusal(ShowZ()) is Code.SHIFT_CLOSED
    desk.sell("50.00")
    closed = close(desk, "150.00")
    z = desk.counter.do(ShowZ())
    assert isinstance(z, ShiftReport)
    assert (z.closing, z.shift, z.expected) == (closed.closing, closed.shift, Money(150_00))
    assert desk.counter.do(ShowZ(closed.shift.number)) == z


def test_a_drawer_opens_with_a_reason_and_is_noted(desk: DeskOf, tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.write_bytes(b"")
    counter = replaced(desk, drawer=DeviceDrawer(str(device)))
    opened = counter.do(OpenDrawer("change for a customer"))
    assert isinstance(opened, DrawerOpened)
    assert device.read_bytes() == PULSE
    assert desk.refusal(OpenDrawer("no drawer here")) is Code.DRAWER_MISSING
    desk.counter = replaced(desk, drawer=DeviceDrawer(str(device)))
    assert desk.refusal(OpenDrawer("  ")) is Code.REASON_MISSING


def test_a_drawer_whose_printer_is_gone_says_so(desk: DeskOf, tmp_path: Path) -> None:
    for device in (str(tmp_path / "gone"), "tcp:127.0.0.1:1", "tcp:nonsense"):
        desk.counter = replaced(desk, drawer=DeviceDrawer(device))
        assert desk.refusal(OpenDrawer("change")) is Code.PRINTER_FAILED
