"""The verbs of the drawer, of shifts and of closings: for each the act that must be permitted, and who does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.domain.permissions import Act
from vending_app.services import book_cases as book
from vending_app.services import use_cases as ask
from vending_app.services.periods import Periods
from vending_app.services.shift_reports import ShiftReports
from vending_app.services.till import Till, act_of_closing, act_of_movement
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def verbs(counter: Counter) -> VerbTable:
    return {
        ask.OpenShift: (Act.SHIFT, lambda asked, _: _till(counter).open(asked.float_cash)),
        book.MoveCash: (act_of_movement, lambda asked, _: _till(counter).move(asked)),
        book.OpenDrawer: (Act.DRAWER, lambda asked, _: _till(counter).open_drawer(asked)),
        book.CountCash: (Act.SHIFT, lambda asked, _: _till(counter).count(asked)),
        book.ShowX: (Act.X_REPORT, lambda _, __: _till(counter).x()),
        book.ShowZ: (Act.X_REPORT, lambda asked, _: _till(counter).z(asked)),
        book.ShowShiftReport: (Act.X_REPORT, lambda asked, _: reports_of(counter).show(asked.shift)),
        book.PrintShiftReport: (Act.X_REPORT, lambda asked, _: reports_of(counter).print(asked.shift)),
        book.CloseCountedShift: (
            lambda asked: _act_of_closing(counter, asked),
            lambda asked, _: _close(counter, asked),
        ),
        book.SignOpenSale: (Act.SIGN_OPEN_SALE, lambda asked, _: _till(counter).sign(asked)),
        book.ListOpenSales: (Act.X_REPORT, lambda _, __: _till(counter).open_sales()),
        book.ClosePeriod: (
            Act.CLOSE_DAY,
            lambda asked, _: _periods(counter).close(asked, operator=counter.at_work.name),
        ),
        book.ListClosings: (Act.X_REPORT, lambda asked, _: _periods(counter).list(asked)),
        book.ShowPeriod: (Act.X_REPORT, lambda asked, _: _periods(counter).show(asked)),
        book.ProveSale: (Act.VERIFY, lambda asked, _: counter.outside.ledger.proof_of(asked.sale)),
    }


def _act_of_closing(counter: Counter, asked: book.CloseCountedShift) -> Act:
    open_here = counter.outside.ledger.shift(desk=counter.outside.desk)
    return act_of_closing(asked, shift=open_here, operator=counter.operator)


def _close(counter: Counter, asked: book.CloseCountedShift) -> book.ShiftClosed:
    """What was done in the shift is in a backup soon; nobody waits for it."""
    closed = _till(counter).close(asked)
    counter.outside.backups.begin()
    return closed


def _till(counter: Counter) -> Till:
    out = counter.outside
    return Till(
        out.ledger,
        out.clock,
        out.desk,
        out.drawer,
        signer=out.vault,
        operator=counter.at_work.name,
        is_blind=out.ledger.limits().blind_count,
    )


def _periods(counter: Counter) -> Periods:
    return Periods(counter.outside.ledger, counter.outside.clock, counter.outside.vault)


def reports_of(counter: Counter) -> ShiftReports:
    out = counter.outside
    return ShiftReports(out.ledger, out.paper, out.printer, out.clock, out.ledger.limits().blind_count)
