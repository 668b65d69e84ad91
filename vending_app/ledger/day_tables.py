"""The daily sales report: what a day came to by all that its sales share, and what was not a plain sale (row P1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vending_app.domain.closing import Totals
from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Table, Unit, table
from vending_app.domain.report_asked import ReportAsked
from vending_app.ledger.account_tables import ARREARS
from vending_app.ledger.act_tables import approvals, differences, interrupted, undone
from vending_app.ledger.asking import Asking, sales_of, sales_that_share
from vending_app.ledger.books import Books
from vending_app.ledger.clock_hours import hours_of
from vending_app.ledger.fold import Stretch, fold
from vending_app.ledger.period_tables import SOLD, earned, shares
from vending_app.ledger.recovered import recovered
from vending_app.ledger.refund_tables import refunds
from vending_app.ledger.running import asked_stretches

STAGES = 6
"""How often the rows of a day are gone through."""


def day(books: Books, asking: Asking) -> Iterator[Table]:
    """Everything that stands in the rows of one day, of all desks or of one."""
    found, about = asked_stretches(books, asking), sales_of(asking)
    told = asking.tally(STAGES * len(found))
    totals = sum((fold(books, [each]) for each in told.each(found)), Totals())
    yield hours(books, about, told.each(found))
    yield from shares(books, about, totals)
    yield refunds(books, about, found)
    yield _lines(about, totals, recovered(books, totals, found))
    yield undone(books, told.each(found))
    yield interrupted(books, told.each(found))
    yield approvals(books, told.each(found))
    yield differences(books, told.each(found))


LINES = (Column("kind-of-line", Unit.WORD), Column("line", Unit.TEXT), Column("amount", Unit.MONEY, adds=True))
_KINDS = {"taxes": "tax", "levies": "levy"}


def _lines(about: ReportAsked, totals: Totals, paid: Money) -> Table:
    """What was charged, by the kind of its line, and what was paid of arrears."""
    rows: list[tuple[str, str, Money]] = []
    opens: list[Opens | None] = []
    for each in earned(about, totals):
        for name, amount in each.rows:
            assert isinstance(amount, Money), "that is what is charged"
            rows.append((_KINDS[each.key], str(name), amount) if each.key in _KINDS else (str(name), "", amount))
        opens += each.opens
    if paid:
        rows.append((ARREARS, "", paid))
        opens.append(sales_that_share(about, "account", ARREARS))
    return table("lines", LINES, rows, opens)


def hours(books: Books, about: ReportAsked, found: Iterable[Stretch]) -> Table:
    """Sales less reversals by the clock of the office, each hour leading to them."""
    told = hours_of(books, found)
    rows = ((f"{each.hour:02d}:00", each.sales, each.energy, each.takings) for each in told)
    opens: Iterator[Opens] = (sales_that_share(about, "hour", str(each.hour)) for each in told)
    return table("hours", (Column("hour", Unit.TEXT), *SOLD), rows, opens)
