"""The verbs of the counter beside the sale itself: for each the act that must be permitted, and who does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from vending_app.domain.permissions import Act
from vending_app.ports import Progress
from vending_app.services import book_cases as book
from vending_app.services.people_cases import (
    AddOperator,
    ChangeOperator,
    ListOperators,
    LockOperator,
    ResetSecret,
    UnlockOperator,
)
from vending_app.services.till import act_of_closing, act_of_movement

if TYPE_CHECKING:
    from vending_app.services.counter import Counter

ActOf = Act | Callable[[Any], Act]
"""The act of a use case, or how to tell it from what is asked."""
VerbTable = dict[type, tuple[ActOf, Callable[[Any, Progress], object]]]


def till_verbs(counter: Counter) -> VerbTable:
    return {
        book.MoveCash: (act_of_movement, lambda asked, _: counter.till.move(asked)),
        book.OpenDrawer: (Act.DRAWER, lambda asked, _: counter.till.open_drawer(asked)),
        book.CountCash: (Act.SHIFT, lambda asked, _: counter.till.count(asked)),
        book.ShowX: (Act.X_REPORT, lambda _, __: counter.till.x()),
        book.ShowZ: (Act.X_REPORT, lambda asked, _: counter.till.z(asked)),
        book.ShowShiftReport: (Act.X_REPORT, lambda asked, _: counter.reports.show(asked.shift)),
        book.PrintShiftReport: (Act.X_REPORT, lambda asked, _: counter.reports.print(asked.shift)),
        book.CloseCountedShift: (
            lambda asked: _act_of_closing(counter, asked),
            lambda asked, _: _close(counter, asked),
        ),
        book.SignOpenSale: (Act.SIGN_OPEN_SALE, lambda asked, _: counter.till.sign(asked)),
        book.ListOpenSales: (Act.X_REPORT, lambda _, __: counter.till.open_sales()),
    }


def _act_of_closing(counter: Counter, asked: book.CloseCountedShift) -> Act:
    open_here = counter.outside.ledger.shift(desk=counter.outside.desk)
    return act_of_closing(asked, shift=open_here, operator=counter.operator)


def _close(counter: Counter, asked: book.CloseCountedShift) -> book.ShiftClosed:
    """What was done in the shift is in a backup soon; nobody waits for it."""
    closed = counter.till.close(asked)
    counter.outside.backups.shift_closed()
    return closed


def undoing_verbs(counter: Counter) -> VerbTable:
    return {
        book.FindReceipt: (Act.LOOK, lambda asked, _: counter.undoing.find(asked.receipt)),
        book.ShowReversal: (Act.LOOK, lambda asked, _: counter.undoing.advice(asked.sale)),
        book.VoidSale: (Act.VOID, counter.void),
        book.ReverseSale: (Act.REVERSAL, counter.reverse),
        book.PayRefund: (Act.REFUND, lambda asked, _: counter.undoing.pay_refund(asked)),
        book.PayArrears: (Act.SELL, lambda asked, _: counter.undoing.pay_arrears(asked)),
        book.PrintPayment: (Act.PRINT, lambda asked, _: counter.reports.print_payment(asked.payment)),
        book.CorrectTender: (Act.TENDER_CORRECTION, lambda asked, _: counter.undoing.correct_tender(asked)),
    }


def period_verbs(counter: Counter) -> VerbTable:
    return {
        book.ClosePeriod: (
            Act.CLOSE_DAY,
            lambda asked, _: counter.periods.close(asked, operator=counter.at_work.name),
        ),
        book.ListClosings: (Act.X_REPORT, lambda asked, _: counter.periods.list(asked)),
        book.ShowPeriod: (Act.X_REPORT, lambda asked, _: counter.periods.show(asked)),
        book.ProveSale: (Act.VERIFY, lambda asked, _: counter.outside.ledger.proof_of(asked.sale)),
    }


def operator_verbs(counter: Counter) -> VerbTable:
    return {
        ListOperators: (Act.OPERATORS, lambda _, __: counter.operators.all()),
        AddOperator: (Act.OPERATORS, lambda asked, _: counter.operators.add(asked)),
        ChangeOperator: (Act.OPERATORS, lambda asked, _: counter.operators.change(asked)),
        ResetSecret: (Act.OPERATORS, lambda asked, _: counter.operators.reset(asked)),
        LockOperator: (Act.OPERATORS, lambda asked, _: counter.operators.lock(asked.name)),
        UnlockOperator: (Act.OPERATORS, lambda asked, _: counter.operators.unlock(asked.name)),
    }
