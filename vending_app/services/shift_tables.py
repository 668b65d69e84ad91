"""An X or a Z as tables, for a report on A4, a spreadsheet or another program (row P1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from vending_app.domain.closing import ShiftReport
from vending_app.domain.energy import Energy
from vending_app.domain.money import ZERO
from vending_app.domain.report import Column, Report, Row, Table, Unit, table
from vending_app.domain.report_asked import TAKEN_BACK, ReportAsked, ReportKind
from vending_app.domain.sale import TenderKind

_COUNTED = (
    Column("tender", Unit.WORD),
    Column("times", Unit.COUNT, adds=True),
    Column("energy", Unit.ENERGY, adds=True),
)
_HOURS = (Column("hour", Unit.TEXT), Column("sales", Unit.COUNT, adds=True))
_DRAWER = (
    Column("at", Unit.MOMENT),
    Column("drawer-line", Unit.WORD),
    Column("amount", Unit.MONEY),
    Column("reason", Unit.TEXT),
)
_WAITING = (
    Column("at", Unit.MOMENT),
    Column("customer", Unit.TEXT),
    Column("energy", Unit.ENERGY, adds=True),
    Column("amount", Unit.MONEY, adds=True),
    Column("signed", Unit.WORD),
)


def as_report(made: ShiftReport, *, currency: str, at: datetime) -> Report:
    """The figures of the paper; while the count is to be blind, no sum of cash."""
    tables = (_sales(made), _hours(made), table("shift-drawer", _DRAWER, _drawer(made)), _waiting(made))
    asked = ReportAsked(ReportKind.SHIFT)
    return Report(asked, tables, at, is_closed=made.closing is not None, currency=currency)


def _sales(made: ShiftReport) -> Table:
    """By tender, and what was taken back in a line of its own."""
    is_blind = made.expected is None
    rows: list[Row] = []
    for tender in (*TenderKind, None):
        cells = [cell for cell in made.totals.cells if cell.tender is tender]
        if not cells:
            continue
        # What would tell the cash: the reversals are part of the sum that the paper leaves out.
        is_told = not is_blind or tender not in {TenderKind.CASH, None}
        rows.append(
            (
                tender.value if tender else TAKEN_BACK,
                sum(cell.count for cell in cells),
                Energy(sum(cell.energy.wh for cell in cells)),
                sum((cell.total for cell in cells), ZERO) if is_told else None,
            )
        )
    # A sum of what is told would be taken for the sum of all.
    return table("shift-sales", (*_COUNTED, Column("takings", Unit.MONEY, adds=not is_blind)), rows)


def _hours(made: ShiftReport) -> Table:
    """Sales by the clock at the desk, without reversals; by when an hour of the closing begins there."""
    is_blind = made.expected is None
    rows = (
        (f"{hour.begins.astimezone():%H:%M}", hour.count, None if is_blind else hour.total)
        for hour in made.totals.hours
    )
    return table("sold-hours", (*_HOURS, Column("sold-for", Unit.MONEY, adds=not is_blind)), rows)


def _drawer(made: ShiftReport) -> Iterator[Row]:
    shift, is_blind = made.shift, made.expected is None
    yield shift.opened_at, "float", shift.float_cash, ""
    payments = (("arrears-in", made.paid_in), ("refunds-out", -made.paid_out))
    yield from ((None, word, None if is_blind else amount, "") for word, amount in payments if amount)
    for movement in made.movements:
        amount = movement.amount if movement.kind.is_in else -movement.amount
        yield movement.at, movement.kind.value, amount, movement.reason
    if made.expected is None:
        return
    yield shift.closed_at, "expected", made.expected, ""
    if shift.counted is not None:
        yield shift.closed_at, "counted", shift.counted, ""
        yield shift.closed_at, "difference", shift.counted - made.expected, shift.reason


def _waiting(made: ShiftReport) -> Table:
    rows = (
        (sale.intent.at, sale.customer_name, sale.intent.energy, sale.amount, "yes" if sale.id in made.signed else "no")
        for sale in made.open_sales
    )
    return table("shift-waiting", _WAITING, rows)
