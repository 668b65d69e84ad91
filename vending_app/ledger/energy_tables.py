"""Where the energy is that was ever sold: area by area, and supply by supply (row P1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.report import Cell, Column, Opens, Table, Unit, table
from vending_app.domain.report_asked import EVERY_AREA, ReportAsked, ReportKind
from vending_app.ledger.asking import Asking
from vending_app.ledger.books import Books, Row
from vending_app.ledger.parts import journal_parts

_WHO = """
SELECT supplies.number, customers.name AS customer, coalesce(areas.code, '') AS code,
    coalesce(areas.name, '') AS area, state
FROM supplies JOIN customers ON customers.number = customer LEFT JOIN areas ON areas.code = area
ORDER BY supplies.number
"""
_HELD = """
SELECT account, sum(amount) AS wh FROM postings
WHERE commodity = 'energy' AND journal > ? AND journal <= ? GROUP BY account
"""
_PLACES: Mapping[str, tuple[str, ...]] = {
    "sold": ("card", "meter", "used", "unexplained"),
    "loaded": ("meter", "used", "unexplained"),
    "used": ("used",),
    "in-the-field": ("card", "meter"),
    "unexplained": ("unexplained",),
    "on-cards": ("card",),
    "in-meters": ("meter",),
}
"""For each column the account classes of a supply that it adds up: all that was ever sold lies in one of the four."""
_ENERGY = tuple(Column(key, Unit.ENERGY, adds=True) for key in _PLACES)
AREAS = (Column("area", Unit.WORD), Column("supplies", Unit.COUNT, adds=True), *_ENERGY)
SUPPLIES = (Column("supply", Unit.TEXT), Column("customer", Unit.TEXT), Column("supply-state", Unit.WORD), *_ENERGY)
Held = Counter[str]
"""Wh by account class."""


def energy(books: Books, asking: Asking) -> Iterator[Table]:
    """Since the books began, by area, each leading to its supplies; of one or of all these, each leading to its page.

    Raises OperatorError area-unknown.
    """
    who, held = books.all(_WHO), _held(books, asking)
    if asking.asked.area is None:
        yield _areas(who, held)
        return
    here = who
    if asking.asked.area != EVERY_AREA:
        require_area(books, asking.asked.area)
        here = [row for row in who if row["code"] == asking.asked.area]
    rows = ((row["number"], row["customer"], row["state"], *_told(held[row["number"]])) for row in here)
    yield table("energy-supplies", SUPPLIES, rows)


def require_area(books: Books, code: str) -> None:
    """Nothing for those that hang in no area. Raises OperatorError area-unknown."""
    if code and books.value("SELECT 1 FROM areas WHERE code = ?", (code,)) is None:
        raise OperatorError(Code.AREA_UNKNOWN, area=code)


def _held(books: Books, asking: Asking) -> defaultdict[str, Held]:
    """By supply."""
    held: defaultdict[str, Held] = defaultdict(Counter)
    for part in asking.each(journal_parts(books)):
        for account, wh in books.tuples(_HELD, part):
            place, _, supply = account.partition(":")
            held[supply][place] += int(wh)
    return held


def _areas(who: list[Row], held: Mapping[str, Held]) -> Table:
    # By their codes: two areas may have the same name.
    names = {row["code"]: row["area"] for row in who}
    sums: defaultdict[str, Held] = defaultdict(Counter)
    for row in who:
        sums[row["code"]].update(held[row["number"]])
    supplies = Counter(row["code"] for row in who if row["state"] != "closed")
    # What hangs in no area stands last.
    order = sorted(names, key=lambda code: (not code, names[code], code))
    rows = ((names[code], supplies[code], *_told(sums[code])) for code in order)
    opens = (Opens("report", asked=ReportAsked(ReportKind.ENERGY, area=code)) for code in order)
    return table("areas", AREAS, rows, opens)


def _told(held: Held) -> tuple[Cell, ...]:
    return tuple(Energy(sum(held[place] for place in places)) for places in _PLACES.values())
