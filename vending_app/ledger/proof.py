"""Proving the books: the file, the chains, the rows behind them, the balances and the numbers without gaps.

Each check is a function from the books to sentences that name the first bad row; `prove` runs them all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from vending_app.domain.permissions import PERMISSIONS, approves
from vending_app.ledger.authority import WRITES
from vending_app.ledger.books import Books, Row
from vending_app.ledger.closing_proof import check_closings
from vending_app.ledger.codec import Json, canonical
from vending_app.ledger.journal import APPROVALS, FIRST, INTENT, TABLES, digest
from vending_app.ledger.kinds import Kind
from vending_app.ledger.migrations import MIGRATIONS
from vending_app.ledger.operators import state_of
from vending_app.ledger.records_proof import check_ends, check_records
from vending_app.ledger.tables import PRIMARY_KEYS
from vending_app.ports import LedgerProof

Check = Callable[[Books], Iterator[str]]

MOST_PROBLEMS = 50
"""A report is read by a person; what comes after fifty sentences is mostly their consequence."""


def prove(books: Books, *, trusted: bytes | None = None) -> LedgerProof:
    """Run every check on one unchanging state of the books."""
    try:
        with books.reading():
            problems = [problem for check in CHECKS for problem in check(books)]
            problems += check_closings(books, trusted=trusted)
            return LedgerProof(
                entries=books.value("SELECT count(DISTINCT journal) FROM postings"),
                problems=tuple(problems[:MOST_PROBLEMS]),
                money_minor=_balances(books, "money"),
                energy_wh=_balances(books, "energy"),
            )
    except books.unreadable as cause:
        return LedgerProof(0, (f"the books cannot be read: {cause}",), {}, {})


def _balances(books: Books, commodity: str) -> dict[str, int]:
    sums = "SELECT account, sum(amount) AS held FROM postings WHERE commodity = ? GROUP BY account"
    return {row["account"]: row["held"] for row in books.all(sums, (commodity,))}


# --- the file and the chains -----------------------------------------------------------------------------


def check_file(books: Books) -> Iterator[str]:
    """The database's own checks."""
    yield from books.problems()


def check_versions(books: Books) -> Iterator[str]:
    """The steps that made the file are those that this program knows; they stand in no chain."""
    told = [(row["version"], row["reason"]) for row in books.all("SELECT * FROM schema_versions ORDER BY version")]
    if told != [(step.version, step.reason) for step in MIGRATIONS]:
        yield "schema_versions: not the steps that this program knows"


def check_chains(books: Books) -> Iterator[str]:
    """Every row of a desk's journal binds the one before."""
    desk, number, previous = 0, 1, FIRST
    for row in books.stream("SELECT * FROM journal ORDER BY desk, number"):
        if row["desk"] != desk:
            desk, number, previous = row["desk"], 1, FIRST
        if row["number"] != number or row["previous"] != previous or row["hash"] != digest(row):
            yield from _broken(row, number, previous)
        number, previous = row["number"] + 1, row["hash"]


def _broken(row: Row, number: int, previous: bytes) -> Iterator[str]:
    """What is wrong with a row that should have this number and follow that hash."""
    where = f"journal of desk {row['desk']}, row {row['number']}"
    if row["number"] != number:
        yield f"{where}: row {number} is missing before it"
    elif row["previous"] != previous:
        yield f"{where}: it does not follow from the row before it"
    if row["hash"] != digest(row):
        yield f"{where}: its text was changed after it was written"


def check_bodies(books: Books) -> Iterator[str]:
    """What the journal says was written is what the tables hold, no less and no more."""
    written = {table: Written(books.stream(_WRITTEN[table])) for table in _WRITTEN}
    for row in books.stream("SELECT id, desk, number, kind, body FROM journal ORDER BY id"):
        # A row in a table that this kind has no business with is left over at the end, and told then.
        brings = _BRINGS.get(row["kind"], frozenset(written))
        found: Json = {table: rows for table in brings if (rows := written[table].of(row["id"]))}
        if "postings" in found:
            found["postings"] = [list(line.values()) for line in found["postings"]]
        if not _agrees(found, row["body"]):
            yield _difference(row)
    for table, stream in written.items():
        if stream.others():
            yield f"{table}: rows that no journal row brought, {stream.others()} of them"


_BRINGS = {kind.value: (tables - {INTENT}) | {APPROVALS} for kind, tables in TABLES.items()}


def _agrees(found: Json, body: str) -> bool:
    """Whether the tables hold what a journal row says it brought; never for text that this program did not write."""
    try:
        told = {table: rows for table, rows in json.loads(body).items() if table != INTENT}
        # Equal values are equal text; only bytes are told otherwise, and columns that came later.
        is_same = found == told or canonical(found) == canonical(told)
        return is_same or canonical(_filled(found)) == canonical(_filled(told))
    except (ValueError, AttributeError, TypeError, RecursionError):
        return False


def _filled(rows_of: Json) -> Json:
    """Without empty columns: one that came with a later version is empty in older rows, and their text lacks it."""
    return {
        table: [{name: value for name, value in row.items() if value is not None} for row in rows]
        if table != "postings"
        else rows
        for table, rows in rows_of.items()
    }


class Written:
    """The rows of one table in the order of the journal, dealt out page by page."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self._skipped = 0

    def of(self, journal: int) -> list[Row]:
        """The rows of this page; those of pages that are not there are counted."""
        found: list[Row] = []
        while self._next is not None and self._next["journal"] <= journal:
            if self._next.pop("journal") == journal:
                found.append(self._next)
            else:
                self._skipped += 1
            self._next = next(self._rows, None)
        return found

    def others(self) -> int:
        """How many rows belong to no page; asked when all pages were dealt."""
        while self._next is not None:
            self._skipped += 1
            self._next = next(self._rows, None)
        return self._skipped


_WRITTEN = {table: f"SELECT * FROM {table} ORDER BY journal, {key}" for table, key in PRIMARY_KEYS.items()}


def _difference(row: Row) -> str:
    return (
        f"journal of desk {row['desk']}, row {row['number']} ({row['kind']}): "
        "the tables do not hold what was written then"
    )


# --- balances and numbers --------------------------------------------------------------------------------


def check_balances(books: Books) -> Iterator[str]:
    """Every entry sums to zero in both commodities."""
    sums = (
        "SELECT journal, commodity, sum(amount) AS excess FROM postings"
        " GROUP BY journal, commodity HAVING sum(amount) <> 0 ORDER BY journal"
    )
    for row in books.all(sums):
        yield f"the entry of row {row['journal']} of all is out of balance by {row['excess']} in {row['commodity']}"


def check_sales(books: Books) -> Iterator[str]:
    """Each sale is open, or was resolved once."""
    for row in books.all(
        "SELECT id FROM (SELECT sales.journal, sales.id,"
        " (SELECT count(*) FROM sale_events WHERE sale = sales.id AND state <> 'in_doubt') AS final,"
        " (SELECT count(*) FROM open_sales WHERE held IN (supply, card) AND sale = sales.id) AS held"
        " FROM sales) AS counted WHERE 2 * final + held <> 2 ORDER BY journal"
    ):
        yield f"sale {row['id']} is not in exactly one state"


_RECEIPTS = """
SELECT desk, sum(n) AS n, max(last) AS last FROM (
    SELECT receipt_desk AS desk, 1 AS n, receipt_number AS last FROM sale_events WHERE receipt_number IS NOT NULL
    UNION ALL SELECT desk, last - first + 1, last FROM receipt_gaps) AS known
GROUP BY desk
"""
"""Numbers that were given, and those given up when books were restored."""


def check_receipts(books: Books) -> Iterator[str]:
    """Receipt numbers of a desk have no gap, and every posted sale has one."""
    for row in books.all(_RECEIPTS):
        if row["n"] != row["last"]:
            yield f"receipts of desk {row['desk']}: {row['last'] - row['n']} numbers are missing"
    for row in books.all(
        "SELECT sale, purpose, state, receipt_number AS number FROM sale_events JOIN sales ON sales.id = sale"
        " WHERE (receipt_number IS NOT NULL) <> (purpose IN ('sale', 'reversal') AND state = 'posted')"
        " AND sale NOT IN (SELECT sale FROM reentries WHERE proof = 'card')"
    ):
        yield f"sale {row['sale']} is {row['state']} and its receipt number is {row['number']}"


def check_payments(books: Books) -> Iterator[str]:
    """Payment numbers of a desk have no gap."""
    for row in books.all("SELECT desk, count(*) AS n, max(number) AS last FROM payments GROUP BY desk"):
        if row["n"] != row["last"]:
            yield f"payments of desk {row['desk']}: {row['last'] - row['n']} numbers are missing"


def check_sequences(books: Books) -> Iterator[str]:
    """Order sequences of a supply start at 1 and have no gap: a voided one stays used."""
    for row in books.all(
        "SELECT supply, count(*) + coalesce(sum(skipped), 0) AS n, max(sequence) AS last"
        " FROM sales LEFT JOIN reentries ON reentries.sale = sales.id GROUP BY supply"
        " HAVING count(*) + coalesce(sum(skipped), 0) <> max(sequence) ORDER BY supply"
    ):
        yield f"supply {row['supply']}: {row['last'] - row['n']} order sequences are missing"


def check_totals(books: Books) -> Iterator[str]:
    """The total on every posted order is the sum of what was posted up to it."""
    for row in books.all(
        "SELECT supply, sequence, energy_total_wh AS told, sum(energy_wh) OVER"
        " (PARTITION BY supply ORDER BY sequence) AS sold"
        " FROM sales JOIN sale_events ON sale = id AND state = 'posted'"
    ):
        if row["told"] != row["sold"]:
            yield (
                f"supply {row['supply']}, order {row['sequence']}: "
                f"its total is {row['told']} Wh and {row['sold']} Wh were sold"
            )


def check_suspense(books: Books) -> Iterator[str]:
    """Money waits only for sales that are open."""
    waiting = books.all(
        "SELECT supply, sum(total_minor) AS waits FROM open_sales JOIN sales ON sales.id = sale AND held = supply"
        " WHERE purpose = 'sale' GROUP BY supply"
    )
    due = {f"suspense:{row['supply']}": row["waits"] for row in waiting}
    held = "SELECT account, sum(amount) AS held FROM postings WHERE account LIKE 'suspense:%' GROUP BY account"
    for row in books.all(f"{held} ORDER BY account"):
        if -row["held"] != due.get(row["account"], 0):
            yield f"account {row['account']} holds {row['held']}, and no open sale explains it"


# --- people ----------------------------------------------------------------------------------------------


def check_rules(books: Books) -> Iterator[str]:
    """Who may do what is in the books what it is in the program."""
    for row in books.all("SELECT * FROM permissions"):
        act, role = row["act"], row["role"]
        if (row["granted"], row["approves"]) != _RULES.get((act, role)):
            yield f"permissions: {role} and {act} are not as this program has them"
    if books.value("SELECT count(*) FROM permissions") != len(_RULES):
        yield "permissions: not as many rows as this program has"
    told = [(row["act"], row["kind"], row["is_effect"]) for row in books.all("SELECT * FROM act_kinds")]
    if sorted(told) != sorted((act, kind, int(full)) for act, kinds in WRITES.items() for kind, full in kinds.items()):
        yield "act_kinds: not the rows that this program has"


_RULES = {(act, role): (told, int(approves(role, act))) for (act, role), told in PERMISSIONS.items()}


def check_operators(books: Books) -> Iterator[str]:
    """Each operator is what the last change of him says; what he did to himself changed his secret alone."""
    for row in books.all(_AS_TOLD):
        if canonical(state_of(row)) != row["told"]:
            yield f"operator {row['name']}: not as the last change of him says"
    for row in books.all(_CHANGES):
        allowed = _OWN_COLUMNS.get(row["kind"])
        if allowed is not None and not _changed(row) <= allowed:
            yield f"operator {row['name']}: row {row['journal']} changed more than a row of its kind may"
        if row["kind"] == Kind.SECRET and row["operator"] != row["name"]:
            yield f"operator {row['name']}: row {row['journal']} is about the secret of somebody else"


_AS_TOLD = """
SELECT operators.*, after AS told FROM operators JOIN operator_changes AS newest ON newest.name = operators.name
    AND newest.journal = (SELECT max(journal) FROM operator_changes WHERE name = operators.name)
"""
_CHANGES = """
SELECT operator_changes.*, journal.operator, kind FROM operator_changes
    JOIN journal ON journal.id = operator_changes.journal
"""
_OWN_COLUMNS = {
    Kind.SECRET: {"secret", "pin_figures", "must_change", "secret_changed_at"},
    Kind.LOCKOUT: {"is_active"},
}


def _changed(row: Row) -> set[str]:
    try:
        before, after = json.loads(row["before"]), json.loads(row["after"])
        return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    except (ValueError, AttributeError, RecursionError):
        return {"text"}


CHECKS: tuple[Check, ...] = (
    check_file,
    check_versions,
    check_chains,
    check_bodies,
    check_balances,
    check_sales,
    check_receipts,
    check_payments,
    check_sequences,
    check_totals,
    check_suspense,
    check_rules,
    check_operators,
    check_records,
    check_ends,
)
