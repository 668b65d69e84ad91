"""A day as its supervisor sees it: what was taken, by whom and when, beside the usual, and what is odd."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import DeskNo, MeterNo, OperatorName, SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import ZERO, Money, nearest_whole
from vending_app.domain.sale import TenderKind


@dataclass(frozen=True, slots=True)
class DaySums:
    """What a day came to; also of a usual one, which is the middle of several."""

    takings: Money = ZERO
    """Sales less reversals."""
    energy: Energy = NO_ENERGY
    sales: int = 0
    arrears: Money = ZERO
    """What customers owed and paid, with sales or by themselves, less what reversals gave back, so that it may be below
    nothing; new debt is no recovery, and takes nothing from it."""

    @property
    def average(self) -> Money:
        """Of a sale, to the nearest smallest coin."""
        return Money(nearest_whole(self.takings.minor, self.sales)) if self.sales else ZERO


@dataclass(frozen=True, slots=True)
class HourSums:
    """One hour by the clock of the office, 0 to 23."""

    hour: int
    takings: Money = ZERO
    sales: int = 0
    energy: Energy = NO_ENERGY
    taken_back: Money = ZERO
    """What the takings would be higher by without reversals, as closings tell an hour."""
    energy_back: Energy = NO_ENERGY
    """The same of the energy."""

    @property
    def sold(self) -> Money:
        """The takings of sales alone."""
        return self.takings + self.taken_back

    @property
    def energy_sold(self) -> Energy:
        """The energy of sales alone."""
        return self.energy + self.energy_back


@dataclass(frozen=True, slots=True)
class CashierSums:
    """What one cashier did at one desk."""

    operator: OperatorName
    name: str
    desk: DeskNo
    sales: int
    energy: Energy
    takings: Money


class Oddity(StrEnum):
    """What is worth a look, the most urgent first."""

    INTERRUPTED = "interrupted"
    """A sale that waits for its card."""
    METER = "meter"
    """A meter tells of illegal cards or an opened cover."""
    DIFFERENCE = "difference"
    """A shift was counted with too much or too little."""
    UNPRINTED = "unprinted"
    """A receipt that was never printed."""
    REVERSAL = "reversal"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class DayOddity:
    """One of them; the fields that its kind has."""

    kind: Oddity
    at: datetime
    amount: Money = ZERO
    name: str = ""
    """Of the customer, or of the cashier of a shift."""
    reason: str = ""
    approver: str = ""
    desk: DeskNo | None = None
    sale: SaleId | None = None
    receipt: str = ""
    shift: ShiftNo | None = None
    supply: SupplyNo | None = None
    meter: MeterNo | None = None
    illegal_cards: int = 0
    cover: int = 0

    @property
    def needs_somebody(self) -> bool:
        """Whether it is open; what was approved is only told."""
        return self.kind not in {Oddity.REVERSAL, Oddity.VOID}


@dataclass(frozen=True, slots=True)
class DayReport:
    """One day, of the whole office or of one desk."""

    day: date
    desk: DeskNo | None
    desks: tuple[DeskNo, ...]
    number: int
    """Of its Z; of a day that runs, the one that comes next."""
    is_closed: bool
    sums: DaySums
    hours: tuple[HourSums, ...]
    """Those in which something was sold, by the clock."""
    cashiers: tuple[CashierSums, ...]
    """The largest takings first."""
    tenders: Mapping[TenderKind, Money]
    """What sales were paid by."""
    taken_back: Money = ZERO
    """By reversals, below nothing; with what sales were paid by it makes the takings."""
    same_days: tuple[DaySums, ...] = ()
    """The same weekday before, oldest first; at most eight."""
    usual: DaySums | None = None
    """The middle of those."""
    usual_hours: Mapping[int, HourSums] | None = None
    usual_by_hour: tuple[DaySums, ...] = ()
    """The middle of the same weekdays until each full hour, 0:00 to 24:00; takings and sales of sales alone."""
    oddities: tuple[DayOddity, ...] = ()
    is_by_clock: bool = False
    """Nothing but what its clock tells: its rows count in the day closed next."""
    closable: date | None = None
    """The day that may be closed now, this one or another: the oldest on which something was booked, or today."""

    def until(self, hour: int) -> DaySums:
        """What this day sold before a full hour, without reversals, as `usual_by_hour` tells it."""
        before = [each for each in self.hours if each.hour < hour]
        return DaySums(sum((each.sold for each in before), ZERO), sales=sum(each.sales for each in before))
