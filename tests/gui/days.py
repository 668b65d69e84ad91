"""The day of the pictures: what three cashiers took, beside the Fridays before, and what is odd about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from tests.gui.values import NOW
from vending_app.domain.day import CashierSums, DayOddity, DayReport, DaySums, HourSums, Oddity
from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo, MeterNo, OperatorName, SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.sale import TenderKind

FRIDAY = NOW.date()
DESKS = (DeskNo(1), DeskNo(2), DeskNo(3))
TAKINGS = {8: 412, 9: 820, 10: 1105, 11: 1240, 12: 690, 13: 585, 14: 932, 15: 1060, 16: 1128}
BACK = {13: 100}
"""What reversals took back in an hour; the takings are less by it."""
USUAL = {8: 455, 9: 775, 10: 985, 11: 1120, 12: 745, 13: 610, 14: 865, 15: 1020, 16: 1000}
FRIDAYS = ((6900, 29_800, 151), (7400, 31_900, 160), (7100, 31_000, 156), (7650, 33_000, 163), (7300, 32_100, 158))


def some_days() -> dict[date, DayReport]:
    """Today, and the day before, which is closed."""
    return {FRIDAY: a_day(), FRIDAY - timedelta(days=1): a_closed_day()}


def a_day(*, oddities: tuple[DayOddity, ...] | None = None) -> DayReport:
    takings = Money(sum(TAKINGS.values()) * 100)
    return DayReport(
        day=FRIDAY,
        desk=None,
        desks=DESKS,
        number=291,
        is_closed=False,
        sums=DaySums(takings, Energy(33_908_160), 168, Money(96_957)),
        hours=tuple(
            replace(_hour(hour, all_), taken_back=Money(BACK.get(hour, 0) * 100)) for hour, all_ in TAKINGS.items()
        ),
        cashiers=(
            _cashier("Ana Moreau", 2, 74, 14_964_200, 351_840),
            _cashier("Ben Adeyemi", 1, 58, 11_932_750, 280_600),
            _cashier("Clara Rossi", 3, 36, 7_011_210, 164_760),
        ),
        tenders={
            TenderKind.CASH: Money(531_440),
            TenderKind.BANK_CARD: Money(189_300),
            TenderKind.MOBILE: Money(86_460),
        },
        taken_back=Money(-sum(BACK.values()) * 100),
        same_days=tuple(_sums(*day) for day in FRIDAYS),
        usual=_sums(7300, 31_900, 158),
        usual_hours={hour: _hour(hour, all_) for hour, all_ in USUAL.items()},
        usual_by_hour=tuple(
            DaySums(Money(before * 100), sales=before // 47)
            for before in (sum(all_ for hour, all_ in USUAL.items() if hour < until) for until in range(25))
        ),
        oddities=some_oddities() if oddities is None else oddities,
        closable=FRIDAY,
    )


def a_closed_day() -> DayReport:
    day, tenders = FRIDAY - timedelta(days=1), {TenderKind.CASH: Money(620_000)}
    return DayReport(day, None, DESKS, 290, True, _sums(6200, 28_000, 140), (), (), tenders)


def an_empty_day(day: date) -> DayReport:
    return DayReport(day, None, DESKS, 291, False, DaySums(), (), (), {}, closable=day)


def some_oddities() -> tuple[DayOddity, ...]:
    """One of each kind."""
    meter, supply = MeterNo("000088112040"), SupplyNo("00417726")
    return (
        DayOddity(Oddity.INTERRUPTED, _at(10, 42), Money(5_000), "Amara Okafor", sale=SaleId("1" * 26)),
        DayOddity(Oddity.METER, _at(9, 50), supply=supply, meter=meter, illegal_cards=4),
        DayOddity(Oddity.DIFFERENCE, _at(12, 1), Money(-250), "Clara Rossi", desk=DeskNo(3), shift=ShiftNo(317)),
        DayOddity(
            Oddity.UNPRINTED, _at(10, 24), Money(1_000), "Yusuf Demir", sale=SaleId("2" * 26), receipt="2-004515"
        ),
        DayOddity(
            Oddity.REVERSAL,
            _at(9, 5),
            Money(3_000),
            "Zoé Wu",
            reason="the card of his neighbour lay in the reader",
            approver="Daniel Weiss",
            receipt="1-003902",
            sale=SaleId("3" * 26),
        ),
        DayOddity(
            Oddity.VOID,
            _at(9, 17),
            Money(2_000),
            "Lin Wei",
            reason="wrong amount",
            desk=DeskNo(1),
            sale=SaleId("4" * 26),
        ),
    )


def _hour(hour: int, whole: int) -> HourSums:
    return HourSums(hour, Money(whole * 100), whole // 47, Energy(whole * 4_253))


def _sums(takings: int, kwh: int, sales: int) -> DaySums:
    return DaySums(Money(takings * 100), Energy(kwh * 1000), sales, Money(takings * 11))


def _cashier(name: str, desk: int, sales: int, wh: int, minor: int) -> CashierSums:
    login = OperatorName(name.lower().replace(" ", "-"))
    return CashierSums(login, name, DeskNo(desk), sales, Energy(wh), Money(minor))


def _at(hour: int, minute: int) -> datetime:
    return NOW.replace(hour=hour, minute=minute, second=0)
