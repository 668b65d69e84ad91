"""The daily sales report: what a day came to by all that its sales share, and what was not a plain sale (row P1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from vending_app.domain.closing import Totals
from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Table, Unit, table
from vending_app.ledger.act_tables import day_approvals, differences, undone
from vending_app.ledger.asking import Asking
from vending_app.ledger.books import Books
from vending_app.ledger.day_rows import sums_of
from vending_app.ledger.fold import COMMERCE, Stretch, fold
from vending_app.ledger.gap_tables import waiting
from vending_app.ledger.period_tables import SOLD, earned, sales_that_share, shares
from vending_app.ledger.running import stretches


def day(books: Books, asking: Asking) -> Iterator[Table]:
    """Everything that stands in the rows of one day, of all desks or of one."""
    today = asking.today.isoformat()
    found = [each for each in stretches(books, asking.period, today=today) if _is_asked(each, asking)]
    totals = sum((fold(books, [each]) for each in asking.each(found)), Totals())
    yield hours(books, asking.period, found)
    yield from shares(books, asking.period, totals)
    yield _lines(totals)
    yield undone(books, found)
    yield day_approvals(books, found)
    yield differences(books, found)
    if asking.period == today:
        yield waiting(books)


LINES = (Column("kind-of-line", Unit.WORD), Column("line", Unit.TEXT), Column("amount", Unit.MONEY, adds=True))
_KINDS = {"taxes": "tax", "levies": "levy"}


def _lines(totals: Totals) -> Table:
    """What was charged, by the kind of its line, and what was paid of arrears."""
    rows: list[tuple[str, str, Money]] = []
    for each in earned(totals):
        for name, amount in each.rows:
            assert isinstance(amount, Money), "that is what is charged"
            rows.append((_KINDS[each.key], str(name), amount) if each.key in _KINDS else (str(name), "", amount))
    recovered = sums_of(totals).arrears
    return table("lines", LINES, rows + ([("arrears", "", recovered)] if recovered else []))


def _is_asked(stretch: Stretch, asking: Asking) -> bool:
    return asking.asked.by != "desk" or str(stretch.desk) == asking.asked.of


def hours(books: Books, period: str, found: Sequence[Stretch]) -> Table:
    """Sales and reversals by the clock of the office, each hour leading to its sales."""
    sums: dict[int, Counter[str]] = {}
    for stretch in found:
        for row in books.all(COMMERCE, stretch):
            hour = datetime.fromisoformat(f"{row['hour']}:00:00+00:00").astimezone().hour
            of_hour = sums.setdefault(hour, Counter())
            of_hour["sales"] += row["times"] if row["purpose"] == "sale" else 0
            of_hour["wh"] += row["energy_wh"]
            of_hour["minor"] += row["total_minor"]
    told = [(hour, sums[hour]) for hour in sorted(sums)]
    rows = ((f"{hour:02d}:00", each["sales"], Energy(each["wh"]), Money(each["minor"])) for hour, each in told)
    opens: Iterator[Opens] = (sales_that_share(period, "hour", str(hour)) for hour, _ in told)
    return table("hours", (Column("hour", Unit.TEXT), *SOLD), rows, opens)
