"""Who did what in a month that is no plain sale: how often each person did it; of one person, act by act (row P1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Row, Table, Unit, table
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.ledger.act_tables import (
    ALLOWED,
    ASKED_FOR,
    SHIFT_CLOSING,
    TORN,
    UNDOING,
    UNTOUCHED,
    WRONG_COUNTS,
    acts,
    approvals,
    differences,
    interrupted,
    undone,
)
from vending_app.ledger.asking import Asking, sales_of, sales_that_share
from vending_app.ledger.books import Books
from vending_app.ledger.fold import Stretch, within
from vending_app.ledger.running import asked_stretches
from vending_app.ports.telling import Tally

_WITHIN = within("line")
_DRAWER = f"""
SELECT opened.at, opened.operator AS who, opened.desk, reason
FROM journal AS line JOIN drawer_openings AS opened ON opened.journal = line.id WHERE {_WITHIN}
"""
_FAILED = f"""
SELECT logins.at, logins.operator AS who, line.desk
FROM journal AS line JOIN logins ON logins.journal = line.id AND succeeded = 0 WHERE {_WITHIN}
"""
_SALES = f"""
SELECT sales.operator AS who FROM journal AS line
JOIN sale_events AS event ON event.journal = line.id AND event.state = 'posted'
JOIN sales ON sales.id = event.sale AND purpose = 'sale' WHERE {_WITHIN}
"""
_COUNTED = (
    ("sales", _SALES),
    ("interrupted", TORN),
    ("interrupted", UNTOUCHED),
    ("voids", UNDOING["void"]),
    ("reversals", UNDOING["reversal"]),
    ("refunds", UNDOING["refund"]),
    ("corrections", UNDOING["tender"]),
    ("copies", UNDOING["reprint"]),
    ("drawer", _DRAWER),
    ("asked-for", ASKED_FOR),
    ("allowed", ALLOWED),
    ("failed-logins", _FAILED),
    ("wrong-counts", WRONG_COUNTS),
)
"""Columns of the report, and the queries whose acts they count: what is counted is what is told act by act."""
_DIFFERENCE = f"""
SELECT shifts.operator, sum(counted_minor - expected_minor) FROM journal AS line {SHIFT_CLOSING}
WHERE {_WITHIN} GROUP BY 1
"""

_WHO_IS = (Column("operator", Unit.TEXT), Column("role", Unit.WORD))
_UNDID = ("sales", "interrupted", "voids", "reversals", "refunds", "corrections", "copies", "drawer")
_HELD = ("wrong-counts", "asked-for", "allowed", "failed-logins")
OPERATORS = (*_WHO_IS, *(Column(what, Unit.COUNT, adds=True) for what in _UNDID))
OPERATORS_HELD = (
    *_WHO_IS,
    *(Column(what, Unit.COUNT, adds=True) for what in _HELD),
    Column("difference", Unit.MONEY, adds=True),
)
ONE = tuple(replace(column, adds=False) for column in OPERATORS)
"""A line by itself has no sum."""
Sums = Mapping[str, Counter[str]]
"""By log-in name how often he did it, by the column of the report."""


def operators(books: Books, asking: Asking) -> Iterator[Table]:
    """Everybody with how often he did it, each line leading to his acts; or one person, act by act."""
    found = asked_stretches(books, asking)
    told = asking.tally(len(found) * (STAGES if asking.asked.by else 1))
    sums = _sums(books, told.each(found))
    names = {row["name"]: (row["full_name"], row["role"]) for row in books.all("SELECT * FROM operators ORDER BY name")}
    if asking.asked.by:
        yield _in_all(asking, sums, names[asking.asked.of])
        yield from _each_act(books, asking.asked.of, found, told)
        return
    known = [who for who in names if who in sums]
    opens = [acts_of(asking.period, who) for who in known]
    yield table("operators", OPERATORS, (_undid(names[who], sums[who]) for who in known), opens)
    yield table("operators-held", OPERATORS_HELD, (_held(names[who], sums[who]) for who in known), opens)


def acts_of(period: str, who: str) -> Opens:
    """What one person did, act by act."""
    return Opens("report", asked=ReportAsked(ReportKind.OPERATORS, period, by="cashier", of=who))


def _sums(books: Books, found: Iterable[Stretch]) -> Sums:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    counted = [
        (what, f"SELECT who, count(*) FROM ({sql}) AS told WHERE who IS NOT NULL GROUP BY who")
        for what, sql in _COUNTED
    ]
    for stretch in found:
        for what, sql in (*counted, ("difference", _DIFFERENCE)):
            for who, times in books.tuples(sql, stretch):
                sums[who][what] += int(times)
    return sums


def _undid(who: Row, sums: Counter[str]) -> Row:
    return (*who, *(sums[what] for what in _UNDID))


def _held(who: Row, sums: Counter[str]) -> Row:
    return (*who, *(sums[what] for what in _HELD), Money(sums["difference"]))


STAGES = 8
"""How often the rows of a month are gone through for one person: for his sums, and for each kind of his acts."""


def _in_all(asking: Asking, sums: Sums, who: Row) -> Table:
    """The line of one person, which leads to his sales one by one."""
    name = asking.asked.of
    his = sums.get(name, Counter())
    return table("in-all", ONE, [_undid(who, his)], [sales_that_share(sales_of(asking), "cashier", name)])


def _each_act(books: Books, name: str, found: Sequence[Stretch], told: Tally) -> Iterator[Table]:
    """Each act that the figures of one person count."""
    yield interrupted(books, told.each(found), name)
    yield undone(books, told.each(found), name)
    yield at_desk("drawer-openings", AT_DESK_WITH_REASON, acts(books, _DRAWER, told.each(found), name))
    yield differences(books, told.each(found), name)
    yield approvals(books, told.each(found), name, key="asked-approvals")
    yield approvals(books, told.each(found), name, sql=ALLOWED, key="allowed-approvals")
    yield at_desk("failed-tries", AT_DESK, acts(books, _FAILED, told.each(found), name))


AT_DESK = (Column("at", Unit.MOMENT), Column("desk", Unit.TEXT))
AT_DESK_WITH_REASON = (*AT_DESK, Column("reason", Unit.TEXT))


def at_desk(name: str, columns: Sequence[Column], rows: Sequence[Mapping[str, object]]) -> Table:
    """Acts of which nothing is known but when, where and perhaps why."""
    others = [column.key for column in columns[1:]]
    told: list[Row] = [(datetime.fromisoformat(str(row["at"])), *(str(row[key]) for key in others)) for row in rows]
    return table(name, columns, told)
