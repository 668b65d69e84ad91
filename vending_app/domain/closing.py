"""Closings: what a period came to, bound to every desk's journal and signed, so that it cannot be told otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vending_app.domain.cash import CashMovement
from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo, OperatorName
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Shift
from vending_app.domain.sale import Purpose, Sale, TenderKind

FINGERPRINT_FIGURES = 8


class ClosingKind(StrEnum):
    """What is closed: a shift of one desk, or a day, a month, a year of the office."""

    SHIFT = "shift"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"

    @property
    def parts(self) -> ClosingKind | None:
        """The closings that this kind adds up; a shift and a day add up the journal itself."""
        return _PARTS.get(self)


_PARTS = {ClosingKind.MONTH: ClosingKind.DAY, ClosingKind.YEAR: ClosingKind.MONTH}


@dataclass(frozen=True, slots=True)
class Cell:
    """Sales and reversals that share a desk, cashier, purpose, tariff and tender."""

    desk: DeskNo
    operator: OperatorName
    purpose: Purpose
    tariff: str
    tender: TenderKind | None
    """None for a reversal, which is paid out by itself."""
    count: int
    energy: Energy
    total: Money

    @property
    def key(self) -> tuple[int, str, str, str, str]:
        """What cells are told apart by."""
        return self.desk, self.operator, self.purpose.value, self.tariff, self.tender.value if self.tender else ""

    @property
    def is_empty(self) -> bool:
        """Nothing is left of it. Corrections alone may leave money without a count, or the other way round."""
        return not (self.count or self.energy.wh or self.total.minor)

    def __add__(self, other: Cell) -> Cell:
        assert self.key == other.key, "only cells of one key add up"
        sums = (self.count + other.count, self.energy + other.energy, self.total + other.total)
        return Cell(self.desk, self.operator, self.purpose, self.tariff, self.tender, *sums)


@dataclass(frozen=True, slots=True)
class Hour:
    """Sales in one hour of UTC."""

    begins: datetime
    count: int
    total: Money


@dataclass(frozen=True, slots=True)
class Totals:
    """What happened in a period: commerce by cell and hour, postings by account, acts by kind."""

    cells: tuple[Cell, ...] = ()
    hours: tuple[Hour, ...] = ()
    money: Mapping[str, int] = field(default_factory=dict)
    """Minor units by account, those of one supply under their class alone: `income:energy`, `till:2`, `arrears`."""
    energy: Mapping[str, int] = field(default_factory=dict)
    """Watt-hours by account class."""
    acts: Mapping[str, int] = field(default_factory=dict)
    """How often each kind of act was done."""

    @property
    def sold(self) -> Money:
        """Sales less reversals."""
        return sum((cell.total for cell in self.cells), ZERO)

    @property
    def energy_sold(self) -> Energy:
        return Energy(sum(cell.energy.wh for cell in self.cells))

    @property
    def count(self) -> int:
        """How many sales, without reversals."""
        return sum(cell.count for cell in self.cells if cell.purpose is Purpose.SALE)

    def of_tender(self, kind: TenderKind) -> Money:
        """What was paid by it."""
        return sum((cell.total for cell in self.cells if cell.tender is kind), ZERO)

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            cells=_cells((*self.cells, *other.cells)),
            hours=_hours((*self.hours, *other.hours)),
            money=_sums(self.money, other.money),
            energy=_sums(self.energy, other.energy),
            acts=_sums(self.acts, other.acts),
        )

    def less(self, other: Totals) -> Totals:
        """Without what `other` tells; cells and hours of which nothing is left are gone."""
        cells = tuple(
            Cell(c.desk, c.operator, c.purpose, c.tariff, c.tender, -c.count, -c.energy, -c.total) for c in other.cells
        )
        hours = tuple(Hour(hour.begins, -hour.count, -hour.total) for hour in other.hours)
        taken = [{name: -amount for name, amount in sums.items()} for sums in (other.money, other.energy, other.acts)]
        left = self + Totals(cells, hours, *taken)
        return Totals(
            cells=tuple(cell for cell in left.cells if not cell.is_empty),
            hours=tuple(hour for hour in left.hours if hour.count),
            money=left.money,
            energy=left.energy,
            acts={name: times for name, times in left.acts.items() if times},
        )


def _cells(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    found: dict[tuple[int, str, str, str, str], Cell] = {}
    for cell in cells:
        found[cell.key] = found[cell.key] + cell if cell.key in found else cell
    return tuple(found[key] for key in sorted(found))


def _hours(hours: Iterable[Hour]) -> tuple[Hour, ...]:
    found: dict[datetime, Hour] = {}
    for hour in hours:
        before = found.get(hour.begins, Hour(hour.begins, 0, ZERO))
        found[hour.begins] = Hour(hour.begins, before.count + hour.count, before.total + hour.total)
    return tuple(found[begins] for begins in sorted(found))


def _sums(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    names = sorted({*one, *other})
    return {name: one.get(name, 0) + other.get(name, 0) for name in names}


@dataclass(frozen=True, slots=True)
class Head:
    """How far a desk's journal reached when something was closed."""

    desk: DeskNo
    since: int
    """Number of the last row that an earlier closing of this kind covers; 0 before the first."""
    until: int
    """Number of the last row that this one covers."""
    hash: str
    """Of that row, in hexadecimal."""
    root: str = ""
    """Merkle root over the hashes of the rows after `since` up to `until` (RFC 6962), in hexadecimal; empty in a
    closing that adds up others."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A period that accepts nothing any more; what comes later belongs to the next one."""

    kind: ClosingKind
    desk: DeskNo | None
    """Of a shift; the others close the whole office."""
    number: int
    """Without gaps by kind and desk: what a Z is called by."""
    period: str
    """The shift's number, `2026-11-25`, `2026-11` or `2026`."""
    at: datetime
    operator: OperatorName
    totals: Totals
    perpetual: Money
    """All that was ever sold up to here, reversals taken off."""
    perpetual_energy: Energy
    heads: tuple[Head, ...]
    parts: tuple[str, ...]
    """SHA-256 of the text of each closing that a month or a year adds up."""
    previous: str
    """SHA-256 of the text of the closing before it, in hexadecimal; empty for the first."""
    text: str
    """What is signed: the canonical JSON of all of the above (docs/books.md)."""
    signature: bytes
    """Ed25519, 64 bytes."""
    key: bytes
    """The public key it was signed under, 32 bytes."""

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        """What is printed: enough to tell this closing from a forged one, short enough to read out."""
        return self.digest[:FINGERPRINT_FIGURES].upper()


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """What an X shows at any time, and a Z for good."""

    shift: Shift
    totals: Totals
    movements: tuple[CashMovement, ...]
    paid_in: Money
    """Arrears and other payments in cash."""
    paid_out: Money
    """Refunds in cash."""
    expected: Money | None
    """What should lie in the drawer; None while the count is to be blind."""
    open_sales: tuple[Sale, ...]
    """Of this shift, waiting for their cards."""
    signed: frozenset[str] = frozenset()
    """Those of them that a supervisor signed for, by sale id."""
    closing: Closing | None = None
    """The Z; None for an X."""
