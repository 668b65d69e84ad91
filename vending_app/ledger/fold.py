"""What stretches of the desks' journals come to: the fold that a closing stores and a verifier repeats."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from vending_app.domain.closing import Cell, Hour, Totals
from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo, OperatorName
from vending_app.domain.money import Money
from vending_app.domain.sale import Purpose, TenderKind
from vending_app.ledger.books import Books, Row

OF_A_SUPPLY = frozenset({"suspense", "arrears", "refund-due", "card", "meter", "used", "unexplained"})
"""Account classes with one account for each supply; a closing tells their sum."""


class Stretch(NamedTuple):
    """Rows of one desk's journal: those after `since` up to and with `until`."""

    desk: DeskNo
    since: int
    until: int


def last_row(books: Books, desk: DeskNo) -> int:
    """The number of the newest row in a desk's journal; 0 before the first."""
    return int(books.value("SELECT coalesce(max(number), 0) FROM journal WHERE desk = ?", (desk,)))


Sums = Mapping[str, Counter[str]]
"""By commodity, what was posted to each account."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What some rows did, before anything is left out of it: such parts add up to their whole."""

    totals: Totals = field(default_factory=Totals)
    accounts: Sums = field(default_factory=dict)

    def __add__(self, other: Folded) -> Folded:
        return Folded(self.totals + other.totals, _added(self.accounts, other.accounts))

    def told(self) -> Totals:
        """Without cells that corrections have emptied."""
        return replace(self.totals, cells=tuple(cell for cell in self.totals.cells if not cell.is_empty))


def fold(books: Books, stretches: Iterable[Stretch]) -> Totals:
    """All that these rows did."""
    return sum((fold_one(books, stretch).told() for stretch in stretches), Totals())


def fold_one(books: Books, stretch: Stretch) -> Folded:
    """What one stretch did; it may be a part of one that is told."""
    commerce = books.all(COMMERCE, stretch)
    accounts = posted(books, stretch)
    acts = {row["kind"]: row["times"] for row in books.all(_ACTS, stretch)}
    corrected = [_moved(row) for row in books.all(_CORRECTED, stretch)]
    cells = tuple(_cell(row, stretch.desk) for row in (*commerce, *(row for pair in corrected for row in pair)))
    hours = tuple(_hour(row) for row in commerce if row["purpose"] == Purpose.SALE)
    # Adding to nothing merges what differs only in the hour, or only in the supply.
    money, energy = (_by_class(accounts.get(commodity, {})) for commodity in ("money", "energy"))
    return Folded(Totals() + Totals(cells, hours, money, energy, acts), accounts)


def posted(books: Books, stretch: Stretch) -> Sums:
    """What a stretch posted to each account."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for commodity, account, amount in books.tuples(_SUMS, stretch):
        found[commodity][account] = amount
    return found


def count(accounts: Sums) -> int:
    """How many accounts there are."""
    return sum(map(len, accounts.values()))


def add(accounts: dict[str, Counter[str]], more: Sums) -> None:
    """Add to what is known, because a copy of it may be millions of accounts."""
    for commodity, sums in more.items():
        accounts.setdefault(commodity, Counter()).update(sums)


def _added(one: Sums, other: Sums) -> Sums:
    less, more = sorted((one, other), key=count)
    if not less:
        return more
    found = {commodity: Counter(sums) for commodity, sums in more.items()}
    add(found, less)
    return found


def within(row: str, mark: str = "?") -> str:
    """The condition that a row of the journal lies in a stretch, whose three numbers take the places of the marks."""
    return f"{row}.desk = {mark} AND {row}.number > {mark} AND {row}.number <= {mark}"


_WITHIN = within("journal")
_BY_TIME = f"""
SELECT sales.operator, purpose, tariff, tender, substr(sale_events.at, 1, {{letters}}) AS hour, count(*) AS times,
    sum(energy_wh) AS energy_wh, sum(total_minor) AS total_minor
FROM journal JOIN sale_events ON sale_events.journal = journal.id JOIN sales ON sales.id = sale
WHERE {_WITHIN} AND state = 'posted' AND purpose IN ('sale', 'reversal')
GROUP BY sales.operator, purpose, tariff, tender, substr(sale_events.at, 1, {{letters}})
"""
COMMERCE = _BY_TIME.format(letters=13)
COMMERCE_BY_MINUTE = _BY_TIME.format(letters=16)
"""The same, for a clock whose hours are no whole ones of UTC."""
_CORRECTED = f"""
SELECT sales.operator, purpose, tariff, was, tender_corrections.tender AS tender, count(*) AS times,
    sum(energy_wh) AS energy_wh, sum(total_minor) AS total_minor
FROM journal JOIN tender_corrections ON tender_corrections.journal = journal.id JOIN sales ON sales.id = sale
WHERE {_WITHIN} GROUP BY sales.operator, purpose, tariff, was, tender_corrections.tender
"""
"""A tender is corrected in the shift of its sale, at the desk that finished it: both stand in one stretch, or in the
two that midnight makes of a shift."""
_SUMS = f"""
SELECT commodity, account, sum(amount) AS amount
FROM journal JOIN postings ON postings.journal = journal.id WHERE {_WITHIN} GROUP BY account, commodity
"""
_ACTS = f"SELECT kind, count(*) AS times FROM journal WHERE {_WITHIN} GROUP BY kind"


def _moved(row: Row) -> tuple[Row, Row]:
    """What a correction takes from one tender and gives to another."""
    taken = {name: -row[name] for name in ("times", "energy_wh", "total_minor")}
    return {**row, "tender": row["was"], **taken}, row


def _cell(row: Row, desk: DeskNo) -> Cell:
    return Cell(
        desk=desk,
        operator=OperatorName(row["operator"]),
        purpose=Purpose(row["purpose"]),
        tariff=row["tariff"] or "",
        tender=TenderKind(row["tender"]) if row["tender"] else None,
        count=row["times"],
        energy=Energy(row["energy_wh"]),
        total=Money(row["total_minor"]),
    )


def _hour(row: Row) -> Hour:
    return Hour(datetime.fromisoformat(f"{row['hour']}:00:00+00:00"), row["times"], Money(row["total_minor"]))


def _by_class(sums: Mapping[str, int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for account, amount in sums.items():
        found[account_class(account)] += amount
    return {name: found[name] for name in sorted(found)}


def account_class(account: str) -> str:
    """The account itself, or for one of a supply its class."""
    name = account.partition(":")[0]
    return name if name in OF_A_SUPPLY else account
