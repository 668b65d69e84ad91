"""Readings of feeders stay as they were entered, and the balance is what they, the sales and the write-backs tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.ledger.at_work import ANA, STAFF, an_approval
from tests.ledger.builders import SUPPLY, Counter, a_write_back
from tests.ledger.test_reports import cells, named, report
from vending_app.domain.area_reading import AreaReading, ReadingMark
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import Area, FinalReading, ReadingHow
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.domain.returned import NOTHING

DECEMBER, JANUARY = date(2025, 12, 1), date(2026, 1, 1)


def read(on: date, wh: int, mark: ReadingMark = ReadingMark.READING, point: str = "T-04") -> AreaReading:
    return AreaReading("E1", point, on, Energy(wh), mark, 40, "")


def enter(counter: Counter, *readings: AreaReading, by: Role = Role.TECHNICIAN) -> None:
    with counter.ledger.acting_as(Authority(STAFF[by].name, Act.READINGS)):
        counter.ledger.enter_readings(readings, at=counter.tick())


@pytest.fixture
def eastfield(counter: Counter) -> Counter:
    """Amara's supply hangs in an area."""
    with counter.ledger.acting_as(Authority(STAFF[Role.TECHNICIAN].name, Act.RECORDS)):
        counter.ledger.enter_area(Area("E1", "Eastfield", "T-04"), reason="new", at=counter.tick())
        terms = counter.ledger.terms(SUPPLY)
        counter.ledger.change_terms(SUPPLY, replace(terms, area="E1"), reason="there", at=counter.tick())
    return counter


def test_a_correction_counts_and_what_it_corrects_stays(eastfield: Counter) -> None:
    enter(eastfield, read(DECEMBER, 9_000), read(JANUARY, 12_000))
    enter(eastfield, read(DECEMBER, 10_000), by=Role.SUPERVISOR)
    ledger = eastfield.ledger
    assert ledger.area_readings("E1") == (read(DECEMBER, 10_000), read(JANUARY, 12_000))
    assert ledger._books.value("SELECT count(*) FROM area_readings") == 3
    enter(eastfield, read(DECEMBER, 0, ReadingMark.WITHDRAWN))
    assert ledger.area_readings() == (read(JANUARY, 12_000),)
    assert ledger.verify().problems == ()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (read(JANUARY, 9_999), Code.READING_LOWER),
        (read(date(2025, 11, 1), 10_001), Code.READING_LOWER),
        (replace(read(JANUARY, 12_000), area="E9"), Code.AREA_UNKNOWN),
        (read(JANUARY, 0, ReadingMark.WITHDRAWN), Code.RECORD_REFUSED),
    ],
)
def test_what_cannot_be_is_refused_with_all_that_came_with_it(
    eastfield: Counter, wrong: AreaReading, code: Code
) -> None:
    enter(eastfield, read(DECEMBER, 10_000))
    with pytest.raises(OperatorError) as refused:
        enter(eastfield, read(DECEMBER, 5, point="T-05"), wrong)
    assert refused.value.code is code
    assert eastfield.ledger.area_readings() == (read(DECEMBER, 10_000),)


def test_the_first_of_a_new_counter_may_show_less(eastfield: Counter) -> None:
    enter(eastfield, read(DECEMBER, 10_000), read(DECEMBER, 50, ReadingMark.FIRST), read(JANUARY, 40_050))
    assert [one.register.wh for one in eastfield.ledger.area_readings()] == [10_000, 50, 40_050]


def test_a_month_that_is_not_told_is_refused(eastfield: Counter) -> None:
    with pytest.raises(OperatorError) as refused:
        eastfield.ledger.report(ReportAsked(ReportKind.LOSSES, "2020-01", area="E1"), now=eastfield.now)
    assert refused.value.code is Code.REPORT_PERIOD


def test_a_cashier_enters_none(eastfield: Counter) -> None:
    with eastfield.ledger.acting_as(Authority(ANA, Act.READINGS)), pytest.raises(OperatorError) as refused:
        eastfield.ledger.enter_readings([read(DECEMBER, 1)], at=eastfield.tick())
    assert refused.value.code is Code.PERMISSION_DENIED


# --- the balance -----------------------------------------------------------------------------------------


def told(counter: Counter, running: int, used: str, at: datetime) -> None:
    """A card comes by with what the meter counted until then."""
    found = replace(a_write_back(running, total="100.00", used=used), meter_time=at)
    counter.now = max(counter.now, at)
    counter.ledger.harvest(
        found, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(63) + bytes([running]), at=at
    )


def a_winter(counter: Counter) -> Energy:
    """December: 40 kWh were delivered, 30 kWh used; what was sold then, without what was taken back."""
    counter.now = datetime(2025, 12, 1, 8, tzinfo=UTC)
    told(counter, 1, "20.00", datetime(2025, 12, 1, 9, tzinfo=UTC))
    sold = counter.sell("50.00").intent.energy
    counter.reverse(counter.sell("10.00"))
    told(counter, 2, "50.00", datetime(2026, 1, 1, 9, tzinfo=UTC))
    counter.sell("20.00")
    enter(counter, read(DECEMBER, 100_000), read(JANUARY, 140_000))
    counter.now = datetime(2026, 1, 20, 9, tzinfo=UTC)
    return sold


def test_a_month_stands_side_by_side_and_agrees_with_the_accounts(eastfield: Counter) -> None:
    sold = a_winter(eastfield)
    made = report(eastfield, ReportKind.LOSSES)
    months = named(made, "loss-months")
    december = dict(zip((column.key for column in months.columns), months.rows[-1], strict=True))
    assert december == {
        "area-code": "E1",
        "area": "Eastfield",
        "month": "2025-12",
        "delivered": Energy(40_000),
        "sold": sold,
        "used": Energy(30_000),
        "loss": Energy(10_000),
        "loss-share": 25_00,
        "covered": 100_00,
    }
    (row,) = named(made, "losses").rows
    assert row[2:] == (*(december[key] for key in ("delivered", "used", "loss", "loss-share", "sold")), 1, 1)
    assert cells(months, "delivered")[:-1] == [None] * 11
    # The meter began two years before its first write-back: nobody knows when it counted what it had by then.
    assert cells(months, "covered")[:-1] == [0] * 11
    assert cells(months, "used")[:-1] == [Energy(0)] * 11
    assert named(made, "standing-out").rows == ()


def test_a_counter_that_was_mistyped_is_named_with_what_it_blanks(eastfield: Counter) -> None:
    a_winter(eastfield)
    enter(eastfield, read(date(1900, 1, 1), 1, point="P9"))
    for asked in (ReportAsked(ReportKind.LOSSES), ReportAsked(ReportKind.LOSSES, area="E1")):
        made = eastfield.ledger.report(asked, now=eastfield.now)
        assert cells(named(made, "loss-months"), "delivered") == [None] * 12
        assert named(made, "unread").rows == (("E1", "Eastfield", "P9", date(1900, 1, 1), None),)


def test_an_area_opens_down_to_its_supplies(eastfield: Counter) -> None:
    a_winter(eastfield)
    made = eastfield.ledger.report(ReportAsked(ReportKind.LOSSES, area="E1"), now=eastfield.now)
    supplies = named(made, "loss-supplies")
    ((supply, _, _, used, last),) = supplies.rows
    assert (supply, last) == (SUPPLY, date(2026, 1, 1))
    months = named(made, "loss-months")
    assert used == Energy(sum(one.wh for one in cells(months, "used") if isinstance(one, Energy)))


def test_the_year_of_all_areas_is_what_the_accounts_hold(eastfield: Counter) -> None:
    a_winter(eastfield)
    eastfield.now = datetime(2026, 2, 3, 9, tzinfo=UTC)
    months = named(report(eastfield, ReportKind.LOSSES), "loss-months")
    sold = sum(one.wh for one in cells(months, "sold") if isinstance(one, Energy))
    assert sold == -eastfield.ledger.verify().energy_wh["office"]


def test_use_of_a_closed_supply_is_told_to_its_end(eastfield: Counter) -> None:
    a_winter(eastfield)
    at = datetime(2026, 2, 1, 9, tzinfo=UTC)
    authority = Authority(
        STAFF[Role.TECHNICIAN].name,
        Act.CLOSE_SUPPLY,
        replace(an_approval(Act.CLOSE_SUPPLY, at=at), operator=STAFF[Role.TECHNICIAN].name),
    )
    with eastfield.ledger.acting_as(authority):
        reading = FinalReading(ReadingHow.HAND, Energy(70_000), Energy(0))
        eastfield.ledger.settle(SUPPLY, reading, price=lambda _: NOTHING, reason="moved", at=at)
    eastfield.now = datetime(2026, 3, 3, 9, tzinfo=UTC)
    months = named(report(eastfield, ReportKind.LOSSES), "loss-months")
    assert cells(months, "used")[-3:] == [Energy(30_000), Energy(20_000), Energy(0)]
    assert cells(months, "covered")[-3:] == [100_00, 100_00, 100_00]
