"""What was done besides plain sales, act by act: undone, corrected, printed again, approved, counted wrong (row P1)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Table, Unit, table
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import day_of
from vending_app.ledger.fold import Stretch, within
from vending_app.ledger.journal import INTENT
from vending_app.ledger.kinds import Kind
from vending_app.ledger.sale_rows import receipt_no

_WITHIN = within("line")
_WHO = """
LEFT JOIN operators ON operators.name = line.operator
LEFT JOIN approvals ON approvals.id = line.approval LEFT JOIN operators AS approvers ON approvers.name = approver
"""
_OF_A_SALE = f"""
JOIN supplies ON supplies.number = sales.supply JOIN customers ON customers.number = customer {_WHO}
LEFT JOIN sale_events AS posted ON posted.sale = sales.id AND posted.is_final = 1
"""
_HEAD = """
    line.operator AS who, coalesce(operators.full_name, '') AS cashier,
    coalesce(approvers.full_name, '') AS approver, customers.name AS customer, supplies.number AS supply
"""
UNDOING = {
    "void": f"""
SELECT event.at, sales.id AS sale, posted.receipt_desk, posted.receipt_number, total_minor, event.reason, {_HEAD}
FROM journal AS line JOIN sale_events AS event ON event.journal = line.id AND event.state = 'voided'
JOIN sales ON sales.id = event.sale {_OF_A_SALE} WHERE {_WITHIN} AND purpose = 'sale'
""",
    # A reversal is posted once its card is written; who asked for it, why, and who allowed it, stands where it was
    # reserved.
    "reversal": f"""
SELECT event.at, sales.id AS sale, posted.receipt_desk, posted.receipt_number, sales.total_minor, line.body, {_HEAD}
FROM journal AS written JOIN sale_events AS event ON event.journal = written.id AND event.reverses IS NOT NULL
JOIN sales ON sales.id = event.reverses JOIN sales AS reversal ON reversal.id = event.sale
JOIN journal AS line ON line.id = reversal.journal {_OF_A_SALE}
WHERE {within("written")}
""",
    "refund": f"""
SELECT payments.at, '' AS sale, payments.desk AS receipt_desk, payments.number AS receipt_number,
    amount_minor AS total_minor, payments.reason, {_HEAD}
FROM journal AS line JOIN payments ON payments.journal = line.id AND payments.kind = 'refund'
JOIN supplies ON supplies.number = payments.supply JOIN customers ON customers.number = customer {_WHO}
WHERE {_WITHIN}
""",
    "tender": f"""
SELECT corrected.at, sales.id AS sale, posted.receipt_desk, posted.receipt_number, total_minor, corrected.reason,
    {_HEAD}
FROM journal AS line JOIN tender_corrections AS corrected ON corrected.journal = line.id
JOIN sales ON sales.id = corrected.sale {_OF_A_SALE} WHERE {_WITHIN}
""",
    "reprint": f"""
SELECT prints.at, sales.id AS sale, posted.receipt_desk, posted.receipt_number, total_minor, '' AS reason, {_HEAD}
FROM journal AS line JOIN prints ON prints.journal = line.id AND is_copy = 1
JOIN sales ON sales.id = prints.sale {_OF_A_SALE} WHERE {_WITHIN}
""",
}
"""For each kind of undoing the query of its acts within a stretch; `who` is the log-in name of who did it."""


def acts(books: Books, sql: str, found: Iterable[Stretch], who: str = "") -> list[Row]:
    """What a query of acts tells, by the clock; of one person alone if his log-in name is given."""
    return sorted((row for stretch in found for row in _acts_in(books, sql, stretch, who)), key=lambda row: row["at"])


def _acts_in(books: Books, sql: str, stretch: Stretch, who: str) -> list[Row]:
    asked, named = (f"SELECT * FROM ({sql}) AS told WHERE who = ?", (who,)) if who else (sql, ())
    return books.all(asked, (*stretch, *named))


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


def undone(books: Books, found: Iterable[Stretch], who: str = "") -> Table:
    """Voids, reversals, refunds, corrected tenders and copies, by the clock; each leads to its sale, a refund to the
    life of its supply."""
    rows = [
        {**row, "what": what}
        for stretch in found
        for what, sql in UNDOING.items()
        for row in _acts_in(books, sql, stretch, who)
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
            why(row),
        )
        for row in rows
    )
    opens = (Opens("sale", row["sale"]) if row["sale"] else Opens("supply", row["supply"]) for row in rows)
    return table("undone", UNDONE, told, opens)


def why(row: Row) -> str:
    """As it was typed; of a reversal it stands in the intent that reserved it."""
    reason = json.loads(row["body"])[INTENT].get("reason") if "body" in row else row["reason"]
    return reason or ""


_TORN = """
    sales.id AS sale, sales.operator AS who, operators.full_name AS cashier, customers.name AS customer, sales.desk,
    energy_wh, coalesce(total_minor, 0) AS total_minor
"""
_OF_THEM = """
JOIN supplies ON supplies.number = sales.supply JOIN customers ON customers.number = customer
JOIN operators ON operators.name = sales.operator
"""
TORN = f"""
SELECT event.at, {_TORN}, coalesce(settled.state, 'waiting') AS became
FROM journal AS line JOIN sale_events AS event ON event.journal = line.id AND event.state = 'in_doubt'
JOIN sales ON sales.id = event.sale {_OF_THEM}
LEFT JOIN sale_events AS settled ON settled.sale = sales.id AND settled.is_final = 1
WHERE {_WITHIN}
"""
UNTOUCHED = f"""
SELECT sales.at, {_TORN}, 'waiting' AS became
FROM journal AS line JOIN sales ON sales.journal = line.id
    AND EXISTS (SELECT 1 FROM open_sales WHERE open_sales.sale = sales.id) {_OF_THEM}
WHERE {_WITHIN} AND NOT EXISTS (SELECT 1 FROM sale_events WHERE sale_events.sale = sales.id)
"""
"""Reserved and left alone: the program ended before it could say that the outcome is unknown."""
INTERRUPTED = (
    Column("at", Unit.MOMENT),
    Column("customer", Unit.TEXT),
    Column("cashier", Unit.TEXT),
    Column("desk", Unit.TEXT),
    Column("energy", Unit.ENERGY),
    Column("amount", Unit.MONEY),
    Column("came-to", Unit.WORD),
)


def interrupted(books: Books, found: Iterable[Stretch], who: str = "") -> Table:
    """Sales and cards that were torn on the way, and what became of them; also those that wait since."""
    rows = [row for stretch in found for sql in (TORN, UNTOUCHED) for row in _acts_in(books, sql, stretch, who)]
    rows.sort(key=lambda row: (row["at"], row["sale"]))
    told = (
        (
            datetime.fromisoformat(row["at"]),
            row["customer"],
            row["cashier"],
            str(row["desk"]),
            Energy(row["energy_wh"]),
            Money(row["total_minor"]),
            row["became"],
        )
        for row in rows
    )
    return table("interrupted", INTERRUPTED, told, (Opens("sale", row["sale"]) for row in rows))


_OF = "(SELECT {} FROM {} WHERE journal = line.id)"
_LEADS = f"""
coalesce({
    ", ".join(
        _OF.format(*of)
        for of in (
            ("min(sale)", "sale_events"),
            ("id", "sales"),
            ("sale", "tender_corrections"),
            ("sale", "signed_sales"),
            ("sale", "card_repairs"),
        )
    )
}) AS sale,
coalesce({
    ", ".join(
        _OF.format(*of)
        for of in (
            ("supply", "payments"),
            ("supply", "settlements"),
            ("new_supply", "meter_changes"),
            ("supply", "card_retirements"),
        )
    )
}) AS supply,
CASE WHEN line.kind = '{Kind.SHIFT_CLOSE.value}' THEN {_OF.format("shift", "shift_closings")} END AS shift
"""
"""What an act was done to, where that has a page."""
_APPROVAL = f"""
{_LEADS}, approvals.at, approvals.act, operators.full_name AS asking, approvers.full_name AS allowing
FROM journal AS line {_WHO} WHERE {_WITHIN} AND approvals.id IS NOT NULL
"""
ASKED_FOR = f"SELECT approvals.operator AS who, {_APPROVAL}"
ALLOWED = f"SELECT approver AS who, {_APPROVAL}"
"""The same approvals, as acts of who asked and of who allowed."""
APPROVALS = (
    Column("at", Unit.MOMENT),
    Column("act", Unit.WORD),
    Column("asked-by", Unit.TEXT),
    Column("approved-by", Unit.TEXT),
)


def approvals(
    books: Books, found: Iterable[Stretch], who: str = "", *, sql: str = ASKED_FOR, key: str = "approvals"
) -> Table:
    """Approvals that were used, by the clock; each leads to the sale, supply or shift that it was given for, or, where
    that has no page, to its day."""
    rows = acts(books, sql, found, who)
    told = ((datetime.fromisoformat(row["at"]), row["act"], row["asking"], row["allowing"]) for row in rows)
    return table(key, APPROVALS, told, map(_allowed, rows))


def _allowed(row: Row) -> Opens:
    found = (Opens(what, str(row[what])) for what in ("sale", "supply", "shift") if row[what] is not None)
    return next(found, Opens("day", day_of(datetime.fromisoformat(row["at"])).isoformat()))


SHIFT_CLOSING = f"""
JOIN shift_closings AS closing ON line.kind = '{Kind.SHIFT_CLOSE.value}' AND closing.journal = line.id
JOIN shifts ON shifts.number = closing.shift
"""
"""The closing of a shift that a journal row brought; the kind spares every other row a look through all closings."""
WRONG_COUNTS = f"""
SELECT closing.at, closing.shift, shifts.operator AS who, full_name, line.desk, expected_minor, counted_minor,
    coalesce(reason, '') AS reason
FROM journal AS line {SHIFT_CLOSING} JOIN operators ON operators.name = shifts.operator
WHERE {_WITHIN} AND counted_minor <> expected_minor
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


def differences(books: Books, found: Iterable[Stretch], who: str = "") -> Table:
    """Shifts that were counted with too much or too little; each leads to its Z."""
    rows = acts(books, WRONG_COUNTS, found, who)
    return table("differences", DIFFERENCES, map(_difference, rows), (Opens("shift", str(r["shift"])) for r in rows))


def _difference(row: Row) -> tuple[datetime | str | Money, ...]:
    due, had = Money(row["expected_minor"]), Money(row["counted_minor"])
    at = datetime.fromisoformat(row["at"])
    return at, row["full_name"], str(row["desk"]), due, had, had - due, row["reason"]
