"""Proving the books: the file, the chains, the rows behind them, the balances and the numbers without gaps.

Each check is a function from the books to sentences that name the first bad row; `prove` shares them out and adds up.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice, pairwise

from vending_app.ledger.allowances import check_allowances
from vending_app.ledger.books import Books, Row
from vending_app.ledger.card_retirements import check_retirements
from vending_app.ledger.card_stock import check_card_stock
from vending_app.ledger.closing_proof import check_closings
from vending_app.ledger.fold import Sums, add
from vending_app.ledger.journal import FIRST, digest
from vending_app.ledger.key_events import check_keys
from vending_app.ledger.migrations import MIGRATIONS
from vending_app.ledger.page_proof import check_pages
from vending_app.ledger.payments import NUMBERS_SKIPPED
from vending_app.ledger.people_proof import check_operators, check_rules
from vending_app.ledger.records_proof import check_ends, check_records
from vending_app.ledger.rule_proof import check_office_rules
from vending_app.ledger.shares import MOST_PROBLEMS, Found, Share, work_off
from vending_app.ledger.tables import PRIMARY_KEYS
from vending_app.ledger.tool_proof import check_tools
from vending_app.ports import LedgerProof

Check = Callable[[Books], Iterator[str]]

BEFORE_ALL = -(1 << 62)
"""Less than the id of any row of the journal."""
SHARE_ROWS = 100_000
"""Rows of the journal that one share is about: seconds of work, so that nobody waits long for the last one. Books
with fewer are proven here, in the time in which other processes start."""


def prove(books: Books, *, trusted: bytes | None = None, helpers: int | None = None) -> LedgerProof:
    """Run every check on one unchanging state of the books, large ones in as many processes as there are cores."""
    opening = books.elsewhere()
    try:
        with books.reading():
            cuts = _cuts(books)
            shares = [*_shares(cuts), *_shares_of_closings(books, cuts[-1], trusted)]
            if helpers is None:
                helpers = (os.cpu_count() or 1) if len(cuts) > 2 else 1
            return _summed(books, cuts[-1], work_off(books, shares, opening=opening, helpers=helpers))
    except books.unreadable as cause:
        return LedgerProof(0, (f"the books cannot be read: {cause}",), {}, {})


def _cuts(books: Books) -> list[int]:
    """Ids after which the journal is divided, from before all to its newest row; counted, because ids may have gaps."""
    cuts = [BEFORE_ALL]
    further = f"SELECT id FROM journal WHERE id > ? ORDER BY id LIMIT 1 OFFSET {SHARE_ROWS - 1}"
    while (cut := books.value(further, (cuts[-1],))) is not None:
        cuts.append(cut)
    newest = books.value("SELECT coalesce(max(id), 0) FROM journal")
    return cuts if cuts[-1] == newest else [*cuts, newest]


def _shares(cuts: Sequence[int]) -> Iterator[Share]:
    yield from (partial(_by, check) for check in FIRST_CHECKS)
    yield from (partial(check_pages, since=since, until=until) for since, until in pairwise(cuts))
    yield from (partial(_by, check) for check in CHECKS)


def _shares_of_closings(books: Books, last: int, trusted: bytes | None) -> Iterator[Share]:
    """What was signed. A day and what was closed since the one before belong together; the last share is what runs."""
    yield partial(_by, partial(check_allowances, trusted=trusted))
    cuts = [BEFORE_ALL]
    for (row,) in books.tuples("SELECT journal FROM closings WHERE kind = 'day' ORDER BY journal"):
        if BEFORE_ALL < row < last and row >= max(cuts[-1], 0) + SHARE_ROWS:
            cuts.append(row)
    for after, until in pairwise([*cuts, last]):
        yield partial(check_closings, trusted=trusted, after=after, last=until, is_running=until == last)


def _by(check: Check, books: Books) -> Found:
    return Found(problems=tuple(islice(check(books), MOST_PROBLEMS)))


def _summed(books: Books, last: int, answers: Iterator[tuple[int, Found]]) -> LedgerProof:
    """All answers in the order of their shares; accounts are added up as they come, because there may be millions."""
    accounts: dict[str, Counter[str]] = {}
    by_place: dict[int, Found] = {}
    for place, answer in answers:
        add(accounts, answer.accounts)
        by_place[place] = replace(answer, accounts={})
    found = [by_place[place] for place in sorted(by_place)]
    problems = [] if _is_chained(found) else list(check_chains(books))
    problems += [problem for part in found for problem in part.problems]
    problems += check_strays(books, last, found)
    problems += check_suspense(books, accounts)
    return LedgerProof(
        entries=sum(part.entries for part in found),
        problems=tuple(problems[:MOST_PROBLEMS]),
        money_minor=_of(accounts, "money"),
        energy_wh=_of(accounts, "energy"),
    )


def _of(accounts: Sums, commodity: str) -> dict[str, int]:
    sums = accounts.get(commodity, Counter())
    return {account: sums[account] for account in sorted(sums)}


# --- the file and the chains -----------------------------------------------------------------------------


def check_file(books: Books) -> Iterator[str]:
    """The database's own checks."""
    yield from books.problems()


def check_versions(books: Books) -> Iterator[str]:
    """The steps that made the file are those that this program knows; they stand in no chain."""
    told = [(row["version"], row["reason"]) for row in books.all("SELECT * FROM schema_versions ORDER BY version")]
    if told != [(step.version, step.reason) for step in MIGRATIONS]:
        yield "schema_versions: not the steps that this program knows"


def _is_chained(found: Iterable[Found]) -> bool:
    """Whether the stretches of each desk's chain, in their order, are one chain from its first row."""
    tips: dict[int, tuple[int, bytes]] = {}
    for part in found:
        if not part.is_chained:
            return False
        for desk, ends in part.ends.items():
            number, previous = tips.get(desk, (0, FIRST))
            if (ends.first_number, ends.first_previous) != (number + 1, previous):
                return False
            tips[desk] = ends.last_number, ends.last_hash
    return True


def check_chains(books: Books) -> Iterator[str]:
    """Every row of a desk's journal binds the one before; asked for words when that is known not to be so."""
    desk, number, previous, is_named = 0, 1, FIRST, False
    for row in books.stream("SELECT * FROM journal ORDER BY desk, number"):
        if row["desk"] != desk:
            desk, number, previous = row["desk"], 1, FIRST
        if row["number"] != number or row["previous"] != previous or row["hash"] != digest(row):
            yield from _broken(row, number, previous)
            is_named = True
        number, previous = row["number"] + 1, row["hash"]
    if not is_named and _has_turned(books):
        yield "journal: the rows of a desk do not stand in the order of their numbers"


def _has_turned(books: Books) -> bool:
    """Whether a desk's ids do not rise with its numbers: a row stands before one that it follows."""
    turned = "SELECT id, lag(id) OVER (PARTITION BY desk ORDER BY number) AS before FROM journal"
    return bool(books.value(f"SELECT count(*) FROM ({turned}) AS pairs WHERE id < before"))


def _broken(row: Row, number: int, previous: bytes) -> Iterator[str]:
    """What is wrong with a row that should have this number and follow that hash."""
    where = f"journal of desk {row['desk']}, row {row['number']}"
    if row["number"] != number:
        yield f"{where}: row {number} is missing before it"
    elif row["previous"] != previous:
        yield f"{where}: it does not follow from the row before it"
    if row["hash"] != digest(row):
        yield f"{where}: its text was changed after it was written"


def check_strays(books: Books, last: int, found: Sequence[Found]) -> Iterator[str]:
    """No table holds a row that no row of the journal, `last` being its newest, says it brought."""
    strays = Counter({table: _outside(books, table, last) for table in PRIMARY_KEYS})
    for part in found:
        strays.update(part.strays)
    yield from (
        f"{table}: rows that no journal row brought, {count} of them" for table, count in strays.items() if count
    )


def _outside(books: Books, table: str, last: int) -> int:
    outside = f"SELECT count(*) FROM {table} WHERE journal > ? OR journal <= ?"
    count: int = books.value(outside, (last, BEFORE_ALL))
    return count


# --- balances and numbers --------------------------------------------------------------------------------


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
    """Payment numbers have no gap but what restorations may have skipped."""
    for row in books.all(_PAYMENT_GAPS):
        times, rest = divmod(row["missing"], NUMBERS_SKIPPED)
        if rest or times > row["restored"]:
            yield f"payments of desk {row['desk']}: {row['missing']} numbers are missing"


_PAYMENT_GAPS = """
SELECT desk, number - before - 1 AS missing,
    (SELECT count(*) FROM restorations WHERE restorations.journal BETWEEN since AND paid.journal) AS restored
FROM (
    SELECT desk, number, journal, lag(number, 1, 0) OVER by_number AS before, lag(journal, 1, 0) OVER by_number AS since
    FROM payments WINDOW by_number AS (PARTITION BY desk ORDER BY number)) AS paid
WHERE number > before + 1 ORDER BY desk, number
"""


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
    for row in books.all(f"SELECT * FROM ({_TOTALS}) AS posted WHERE told <> sold ORDER BY supply, sequence"):
        yield (
            f"supply {row['supply']}, order {row['sequence']}: "
            f"its total is {row['told']} Wh and {row['sold']} Wh were sold"
        )


_TOTALS = """
SELECT supply, sequence, energy_total_wh AS told, sum(energy_wh) OVER (PARTITION BY supply ORDER BY sequence) AS sold
FROM sales JOIN sale_events ON sale = id AND state = 'posted'
"""


def check_suspense(books: Books, accounts: Sums) -> Iterator[str]:
    """Money waits only for sales that are open."""
    waiting = books.all(
        "SELECT supply, sum(total_minor) AS waits FROM open_sales JOIN sales ON sales.id = sale AND held = supply"
        " WHERE purpose = 'sale' GROUP BY supply"
    )
    due = {f"suspense:{row['supply']}": row["waits"] for row in waiting}
    for sums in accounts.values():
        held = ((account, amount) for account, amount in sums.items() if account.startswith("suspense:"))
        for account, amount in sorted(pair for pair in held if -pair[1] != due.get(pair[0], 0)):
            yield f"account {account} holds {amount}, and no open sale explains it"


FIRST_CHECKS: tuple[Check, ...] = (check_file, check_versions)
"""The database's own check takes longest and cannot be divided, so it is begun first."""
CHECKS: tuple[Check, ...] = (
    check_sales,
    check_receipts,
    check_payments,
    check_sequences,
    check_totals,
    check_rules,
    check_operators,
    check_records,
    check_ends,
    check_card_stock,
    check_retirements,
    check_tools,
    check_office_rules,
    check_keys,
)
