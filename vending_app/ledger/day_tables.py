"""The daily sales report: what a day came to by all that its sales share, and what was not a plain sale (row P1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vending_app.domain.closing import Totals
from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Table, Unit, table
from vending_app.ledger.account_tables import ARREARS
from vending_app.ledger.act_tables import approvals, differences, interrupted, undone
from vending_app.ledger.asking import Asking
from vending_app.ledger.books import Books
from vending_app.ledger.day_rows import hours_of, sums_of
from vending_app.ledger.fold import Stretch, fold
from vending_app.ledger.period_tables import SOLD, earned, sales_that_share, shares
from vending_app.ledger.running import asked_stretches

STAGES = 6
"""How often the rows of a day are gone through."""


def day(books: Books, asking: Asking) -> Iterator[Table]:
    """Everything that stands in the rows of one day, of all desks or of one."""
    found = [each for each in asked_stretches(books, asking) if _is_asked(each, asking)]
    told = asking.tally(STAGES * len(found))
    totals = sum((fold(books, [each]) for each in told.each(found)), Totals())
    yield hours(books, asking.period, told.each(found))
    yield from shares(books, asking.period, totals)
    yield _lines(asking.period, totals)
    yield undone(books, told.each(found))
    yield interrupted(books, told.each(found))
    yield approvals(books, told.each(found))
    yield differences(books, told.each(found))


LINES = (Column("kind-of-line", Unit.WORD), Column("line", Unit.TEXT), Column("amount", Unit.MONEY, adds=True))
_KINDS = {"taxes": "tax", "levies": "levy"}


def _lines(period: str, totals: Totals) -> Table:
    """What was charged, by the kind of its line, and what was paid of arrears."""
    rows: list[tuple[str, str, Money]] = []
    opens: list[Opens | None] = []
    for each in earned(period, totals):
        for name, amount in each.rows:
            assert isinstance(amount, Money), "that is what is charged"
            rows.append((_KINDS[each.key], str(name), amount) if each.key in _KINDS else (str(name), "", amount))
        opens += each.opens
    recovered = sums_of(totals).arrears
    if recovered:
        rows.append((ARREARS, "", recovered))
        opens.append(sales_that_share(period, "account", ARREARS))
    return table("lines", LINES, rows, opens)


def _is_asked(stretch: Stretch, asking: Asking) -> bool:
    return asking.asked.by != "desk" or str(stretch.desk) == asking.asked.of


def hours(books: Books, period: str, found: Iterable[Stretch]) -> Table:
    """Sales less reversals by the clock of the office, each hour leading to them."""
    told = hours_of(books, found)
    rows = ((f"{each.hour:02d}:00", each.sales, each.energy, each.takings) for each in told)
    opens: Iterator[Opens] = (sales_that_share(period, "hour", str(each.hour)) for each in told)
    return table("hours", (Column("hour", Unit.TEXT), *SOLD), rows, opens)
