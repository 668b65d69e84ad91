"""What was done besides plain sales: undone, corrected, printed again, approved, counted wrong; by person (row P1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Table, Unit, table
from vending_app.ledger.asking import Asking
from vending_app.ledger.books import Books
from vending_app.ledger.fold import Stretch
from vending_app.ledger.period_tables import sales_that_share
from vending_app.ledger.running import stretches
from vending_app.ledger.sale_rows import receipt_no

_WITHIN = "line.desk = ? AND line.number > ? AND line.number <= ?"
_WHO = """
LEFT JOIN operators ON operators.name = line.operator
LEFT JOIN approvals ON approvals.id = line.approval LEFT JOIN operators AS approvers ON approvers.name = approver
"""
_OF_A_SALE = f"""
JOIN supplies ON supplies.number = sales.supply JOIN customers ON customers.number = customer {_WHO}
LEFT JOIN sale_events AS posted ON posted.sale = sales.id AND posted.is_final = 1
"""
_HEAD = """
    coalesce(operators.full_name, '') AS cashier, coalesce(approvers.full_name, '') AS approver,
    customers.name AS customer
"""
_UNDONE = {
    "void": f"""
SELECT event.at, sales.id AS sale, posted.receipt_desk, posted.receipt_number, total_minor, event.reason, {_HEAD}
FROM journal AS line JOIN sale_events AS event ON event.journal = line.id AND event.state = 'voided'
JOIN sales ON sales.id = event.sale {_OF_A_SALE} WHERE {_WITHIN} AND purpose = 'sale' ORDER BY line.number
""",
    # A reversal is posted once its card is written; who asked for it, and who allowed it, stands where it was reserved.
    "reversal": f"""
SELECT event.at, sales.id AS sale, posted.receipt_desk, posted.receipt_number, sales.total_minor, '' AS reason, {_HEAD}
FROM journal AS written JOIN sale_events AS event ON event.journal = written.id AND event.reverses IS NOT NULL
JOIN sales ON sales.id = event.reverses JOIN sales AS reversal ON reversal.id = event.sale
JOIN journal AS line ON line.id = reversal.journal {_OF_A_SALE}
WHERE {_WITHIN.replace("line.", "written.")} ORDER BY written.number
""",
    "refund": f"""
SELECT payments.at, '' AS sale, payments.desk AS receipt_desk, payments.number AS receipt_number,
    amount_minor AS total_minor, payments.reason, {_HEAD}
FROM journal AS line JOIN payments ON payments.journal = line.id AND payments.kind = 'refund'
JOIN supplies ON supplies.number = payments.supply JOIN customers ON customers.number = customer {_WHO}
WHERE {_WITHIN} ORDER BY line.number
""",
    "tender": f"""
SELECT corrected.at, sales.id AS sale, posted.receipt_desk, posted.receipt_number, total_minor, corrected.reason,
    {_HEAD}
FROM journal AS line JOIN tender_corrections AS corrected ON corrected.journal = line.id
JOIN sales ON sales.id = corrected.sale {_OF_A_SALE} WHERE {_WITHIN} ORDER BY line.number
""",
    "reprint": f"""
SELECT prints.at, sales.id AS sale, posted.receipt_desk, posted.receipt_number, total_minor, '' AS reason, {_HEAD}
FROM journal AS line JOIN prints ON prints.journal = line.id AND is_copy = 1
JOIN sales ON sales.id = prints.sale {_OF_A_SALE} WHERE {_WITHIN} ORDER BY line.number
""",
}


UNDONE = (
    Column("at", Unit.MOMENT),
    Column("undoing", Unit.WORD),
    Column("receipt", Unit.TEXT),
    Column("customer", Unit.TEXT),
    Column("amount", Unit.MONEY),
    Column("cashier", Unit.TEXT),
    Column("approved-by", Unit.TEXT),
    Column("reason", Unit.TEXT),
)


def undone(books: Books, found: Sequence[Stretch]) -> Table:
    """Voids, reversals, refunds, corrected tenders and copies, by the clock; each leads to its sale."""
    rows = [
        {**row, "what": what} for what, sql in _UNDONE.items() for stretch in found for row in books.all(sql, stretch)
    ]
    rows.sort(key=lambda row: row["at"])
    told = (
        (
            datetime.fromisoformat(row["at"]),
            row["what"],
            receipt_no(row["receipt_desk"], row["receipt_number"]) if row["receipt_number"] else "",
            row["customer"],
            Money(row["total_minor"]),
            row["cashier"],
            row["approver"],
            row["reason"] or "",
        )
        for row in rows
    )
    return table("undone", UNDONE, told, (Opens("sale", row["sale"]) if row["sale"] else None for row in rows))


_INTERRUPTED = f"""
SELECT event.at, sales.id, customers.name, sales.desk, energy_wh, total_minor, coalesce(settled.state, 'waiting')
FROM journal AS line JOIN sale_events AS event ON event.journal = line.id AND event.state = 'in_doubt'
JOIN sales ON sales.id = event.sale JOIN supplies ON supplies.number = supply
JOIN customers ON customers.number = customer
LEFT JOIN sale_events AS settled ON settled.sale = sales.id AND settled.is_final = 1
WHERE {_WITHIN} ORDER BY line.number
"""
_UNTOUCHED = f"""
SELECT sales.at, sales.id, customers.name, sales.desk, energy_wh, total_minor, 'waiting'
FROM journal AS line JOIN sales ON sales.journal = line.id
    AND EXISTS (SELECT 1 FROM open_sales WHERE open_sales.sale = sales.id)
JOIN supplies ON supplies.number = supply JOIN customers ON customers.number = customer
WHERE {_WITHIN} AND NOT EXISTS (SELECT 1 FROM sale_events WHERE sale_events.sale = sales.id) ORDER BY line.number
"""
INTERRUPTED = (
    Column("at", Unit.MOMENT),
    Column("customer", Unit.TEXT),
    Column("desk", Unit.TEXT),
    Column("energy", Unit.ENERGY),
    Column("amount", Unit.MONEY),
    Column("came-to", Unit.WORD),
)


def interrupted(books: Books, found: Sequence[Stretch]) -> Table:
    """Sales and cards that were torn on the way, and what became of them; also those that wait since."""
    rows = [row for sql in (_INTERRUPTED, _UNTOUCHED) for stretch in found for row in books.tuples(sql, stretch)]
    rows.sort()
    told = (
        (datetime.fromisoformat(at), name, str(desk), Energy(wh), Money(minor or 0), became)
        for at, _, name, desk, wh, minor, became in rows
    )
    return table("interrupted", INTERRUPTED, told, (Opens("sale", sale) for _, sale, *_ in rows))


_APPROVALS = f"""
SELECT approvals.at, approvals.act, operators.full_name AS asking, approvers.full_name AS allowing
FROM journal AS line {_WHO} WHERE {_WITHIN} AND approvals.id IS NOT NULL ORDER BY line.number
"""
APPROVALS = (
    Column("at", Unit.MOMENT),
    Column("act", Unit.WORD),
    Column("asked-by", Unit.TEXT),
    Column("approved-by", Unit.TEXT),
)


def day_approvals(books: Books, found: Sequence[Stretch]) -> Table:
    rows = [row for stretch in found for row in books.tuples(_APPROVALS, stretch)]
    return table("approvals", APPROVALS, ((datetime.fromisoformat(at), *rest) for at, *rest in sorted(rows)))


_DIFFERENCES = f"""
SELECT closing.at, closing.shift, full_name, line.desk, expected_minor, counted_minor, coalesce(reason, '') AS reason
FROM journal AS line JOIN shift_closings AS closing ON closing.journal = line.id
JOIN shifts ON shifts.number = closing.shift JOIN operators ON operators.name = shifts.operator
WHERE {_WITHIN} AND counted_minor <> expected_minor ORDER BY line.number
"""


DIFFERENCES = (
    Column("at", Unit.MOMENT),
    Column("cashier", Unit.TEXT),
    Column("desk", Unit.TEXT),
    Column("expected", Unit.MONEY),
    Column("counted", Unit.MONEY),
    Column("difference", Unit.MONEY, adds=True),
    Column("reason", Unit.TEXT),
)


def differences(books: Books, found: Sequence[Stretch]) -> Table:
    """Shifts that were counted with too much or too little; each leads to its Z."""
    rows = [row for stretch in found for row in books.tuples(_DIFFERENCES, stretch)]
    told = (
        (datetime.fromisoformat(at), who, str(desk), Money(due), Money(had), Money(had - due), why)
        for at, _, who, desk, due, had, why in rows
    )
    return table("differences", DIFFERENCES, told, (Opens("shift", str(shift)) for _, shift, *_ in rows))


# --- by person -------------------------------------------------------------------------------------------

_COUNTED = {
    "sales": """SELECT sales.operator, count(*) FROM journal AS line
        JOIN sale_events AS event ON event.journal = line.id AND event.state = 'posted'
        JOIN sales ON sales.id = event.sale AND purpose = 'sale' WHERE {within} GROUP BY 1""",
    "voids": "SELECT line.operator, count(*) FROM journal AS line WHERE {within} AND kind = 'void' GROUP BY 1",
    "reversals": """SELECT sales.operator, count(*) FROM journal AS line
        JOIN sale_events AS event ON event.journal = line.id AND event.reverses IS NOT NULL
        JOIN sales ON sales.id = event.sale WHERE {within} GROUP BY 1""",
    "refunds": "SELECT line.operator, count(*) FROM journal AS line WHERE {within} AND kind = 'refund' GROUP BY 1",
    "corrections": "SELECT line.operator, count(*) FROM journal AS line WHERE {within} AND kind = 'tender' GROUP BY 1",
    "copies": """SELECT line.operator, count(*) FROM journal AS line
        JOIN prints ON prints.journal = line.id AND is_copy = 1 WHERE {within} GROUP BY 1""",
    "drawer": "SELECT line.operator, count(*) FROM journal AS line WHERE {within} AND kind = 'drawer' GROUP BY 1",
    "asked-for": "SELECT approvals.operator, count(*) FROM journal AS line "
    "JOIN approvals ON approvals.id = line.approval WHERE {within} GROUP BY 1",
    "allowed": "SELECT approver, count(*) FROM journal AS line "
    "JOIN approvals ON approvals.id = line.approval WHERE {within} GROUP BY 1",
    "failed-logins": """SELECT logins.operator, count(*) FROM journal AS line
        JOIN logins ON logins.journal = line.id AND succeeded = 0 WHERE {within} GROUP BY 1""",
    "wrong-counts": """SELECT shifts.operator, count(*) FROM journal AS line
        JOIN shift_closings AS closing ON closing.journal = line.id AND counted_minor <> expected_minor
        JOIN shifts ON shifts.number = closing.shift WHERE {within} GROUP BY 1""",
}
"""Columns of the report: how often each person did it, in a stretch."""
_DIFFERENCE = f"""
SELECT shifts.operator, sum(counted_minor - expected_minor) FROM journal AS line
JOIN shift_closings AS closing ON closing.journal = line.id JOIN shifts ON shifts.number = closing.shift
WHERE {_WITHIN} GROUP BY 1
"""


_WHO_IS = (Column("operator", Unit.TEXT), Column("role", Unit.WORD))
_UNDID = ("sales", "voids", "reversals", "refunds", "corrections", "copies", "drawer")
_HELD = ("wrong-counts", "asked-for", "allowed", "failed-logins")
OPERATORS = (*_WHO_IS, *(Column(what, Unit.COUNT, adds=True) for what in _UNDID))
OPERATORS_HELD = (
    *_WHO_IS,
    *(Column(what, Unit.COUNT, adds=True) for what in _HELD),
    Column("difference", Unit.MONEY, adds=True),
)


def operators(books: Books, asking: Asking) -> Iterator[Table]:
    """Who did what in a month: what is no plain sale, beside how much he sold."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for stretch in asking.each(stretches(books, asking.period, today=asking.today.isoformat())):
        for what, sql in (*_COUNTED.items(), ("difference", _DIFFERENCE)):
            for who, times in books.tuples(sql.format(within=_WITHIN), stretch):
                sums[who or ""][what] += int(times)
    names = {row["name"]: (row["full_name"], row["role"]) for row in books.all("SELECT * FROM operators ORDER BY name")}
    known = [who for who in names if who in sums]
    opens = [sales_that_share(asking.period, "cashier", who) for who in known]
    undid = ((*names[who], *(sums[who][what] for what in _UNDID)) for who in known)
    yield table("operators", OPERATORS, undid, opens)
    held = ((*names[who], *(sums[who][what] for what in _HELD), Money(sums[who]["difference"])) for who in known)
    yield table("operators-held", OPERATORS_HELD, held, opens)
