"""Reports tell what the books hold: a month its days, who owes, who is silent, where the energy is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.ledger.at_work import ANA, STAFF, an_approval
from tests.ledger.builders import DESK, SUPPLY, Counter, a_write_back, add_supply
from tests.ledger.strangers import attack
from tests.ledger.test_closings import a_day
from tests.ledger.test_proof import move_and_end
from vending_app.domain.card_ahead import CardAhead
from vending_app.domain.closing import ClosingKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import Area
from vending_app.domain.report import Opens, Report, Row, Table
from vending_app.domain.report_asked import ReportAsked, ReportKind, period_beside
from vending_app.domain.sale import TenderKind

MONTH = "2025-11"
NOWHERE = SupplyNo("00000018")
"""A supply without an area."""


def report(counter: Counter, kind: ReportKind, period: str = "", *, days: int = 60) -> Report:
    return counter.ledger.report(ReportAsked(kind, period, days), now=counter.now)


def named(report: Report, key: str) -> Table:
    return next(table for table in report.tables if table.key == key)


def cells(table: Table, column: str) -> list[object]:
    at = [each.key for each in table.columns].index(column)
    return [row[at] for row in table.rows]


def two_days(counter: Counter) -> None:
    """One that is closed, and one that runs with a reversal in it."""
    counter.sell("50.00")
    counter.sell("20.00", tender=TenderKind.BANK_CARD)
    counter.close_shift("150.00")
    counter.ledger.close_period(ClosingKind.DAY, counter.now.date().isoformat(), at=counter.tick())
    counter.now += timedelta(days=1)
    counter.open_shift()
    counter.sell("30.00")
    counter.reverse(counter.sell("10.00"))


def test_a_month_tells_each_closed_day_and_what_runs_once(counter: Counter) -> None:
    two_days(counter)
    month = report(counter, ReportKind.MONTH, MONTH)
    days = named(month, "days")
    (closed,) = counter.ledger.closings(ClosingKind.DAY, limit=5)
    assert not month.is_closed
    assert cells(days, "z") == ["1", "running"]
    assert cells(days, "takings") == [closed.totals.sold, Money(30_00)]
    assert cells(days, "cashless") == [Money(20_00), Money(0)]
    assert cells(days, "reversals") == [0, 1]
    assert days.sums is not None
    assert days.sums[2] == 4
    assert days.sums[4] == Money(100_00)
    assert cells(days, "energy")[0] == closed.perpetual_energy


@pytest.mark.parametrize("key", ["cashiers", "desks", "tariffs", "tenders"])
def test_every_share_adds_up_to_the_same(counter: Counter, key: str) -> None:
    two_days(counter)
    for kind, period in ((ReportKind.MONTH, MONTH), (ReportKind.YEAR, MONTH[:4])):
        whole = report(counter, kind, period)
        assert _sold(whole.tables[0]) == _sold(named(whole, key))


def _sold(table: Table) -> Row:
    keys = [column.key for column in table.columns]
    assert table.sums is not None
    return tuple(table.sums[keys.index(key)] for key in ("sales", "energy", "takings"))


def test_a_year_adds_up_its_months(counter: Counter) -> None:
    two_days(counter)
    counter.close_shift("140.00")
    counter.ledger.close_period(ClosingKind.DAY, counter.now.date().isoformat(), at=counter.tick())
    counter.now += timedelta(days=30)
    a_day(counter, counter.now.date().isoformat(), "60.00")
    year = report(counter, ReportKind.YEAR, MONTH[:4])
    months = named(year, "months")
    assert cells(months, "month") == [MONTH, period_beside(MONTH, 1)]
    for month in cells(months, "month"):
        whole = report(counter, ReportKind.MONTH, str(month))
        assert _sold(whole.tables[0])[2] in cells(months, "takings")


def test_taxes_are_what_was_posted(counter: Counter) -> None:
    two_days(counter)
    taxes = report(counter, ReportKind.TAXES, MONTH)
    held = counter.ledger.verify().money_minor
    told = {
        **{f"tax:{row[0]}": row[1] for row in named(taxes, "taxes").rows},
        **{f"levy:{row[0]}": row[1] for row in named(taxes, "levies").rows},
    }
    assert told
    assert told == {name: Money(-minor) for name, minor in held.items() if name.startswith(("tax:", "levy:"))}
    assert ("energy-charge", Money(-held["income:energy"])) in named(taxes, "charges").rows


def test_who_owes_is_told_until_he_has_paid(counter: Counter) -> None:
    before = counter.file().arrears
    (row,) = named(report(counter, ReportKind.ARREARS), "arrears").rows
    assert (row[0], row[-1]) == (SUPPLY, before)
    while counter.file().arrears:
        counter.sell("50.00")
    assert named(report(counter, ReportKind.ARREARS), "arrears").rows == ()


def test_who_buys_and_brings_his_card_is_not_silent(counter: Counter) -> None:
    counter.now += timedelta(days=100)
    (row,) = named(report(counter, ReportKind.SILENT, days=60), "silent").rows
    assert row[0] == SUPPLY
    assert row[-3:-1] == (None, None)
    counter.sell("50.00")
    (row,) = named(report(counter, ReportKind.SILENT, days=60), "silent").rows
    assert row[-3:] == (counter.now.astimezone().date(), None, 0)
    found = a_write_back(1, total="100.00", used="20.00")
    counter.ledger.harvest(found, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(64), at=counter.tick())
    assert named(report(counter, ReportKind.SILENT, days=60), "silent").rows == ()
    counter.now += timedelta(days=61)
    assert len(named(report(counter, ReportKind.SILENT, days=60), "silent").rows) == 1


def test_all_energy_that_was_sold_lies_somewhere(counter: Counter) -> None:
    two_days(counter)
    found = a_write_back(1, total="100.00", used="20.00")
    counter.ledger.harvest(found, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(64), at=counter.tick())
    areas = named(report(counter, ReportKind.ENERGY), "areas")
    held = counter.ledger.verify().energy_wh
    card, meter, used, odd = (held.get(f"{place}:{SUPPLY}", 0) for place in ("card", "meter", "used", "unexplained"))
    told = dict(zip([column.key for column in areas.columns], areas.rows[0], strict=True))
    assert (told.pop("area"), told.pop("supplies")) == ("", 1)
    assert told == {
        "sold": Energy(-held["office"]),
        "loaded": Energy(meter + used + odd),
        "used": Energy(used),
        "in-the-field": Energy(card + meter),
        "unexplained": Energy(odd),
        "on-cards": Energy(card),
        "in-meters": Energy(meter),
    }


def filled(report: Report) -> dict[str, tuple[Row, ...]]:
    return {table.key: table.rows for table in report.tables if table.rows}


def test_on_a_good_day_nothing_is_amiss(counter: Counter) -> None:
    two_days(counter)
    assert filled(report(counter, ReportKind.GAPS)) == {}


def test_a_sale_that_waits_for_its_card_is_amiss_until_it_is_settled(counter: Counter) -> None:
    waiting = counter.ledger.reserve(counter.intent("10.00"))
    ((supply, *_, energy),) = filled(report(counter, ReportKind.GAPS))["waiting"]
    assert (supply, energy) == (SUPPLY, waiting.intent.energy)
    counter.ledger.post(waiting.id, at=counter.tick())
    assert filled(report(counter, ReportKind.GAPS)) == {}


def test_a_meter_that_took_more_than_was_ever_written_is_amiss(counter: Counter) -> None:
    sold = counter.sell("50.00").intent.order.energy_total
    found = replace(a_write_back(1, total="100.00", used="20.00"), energy_total=sold + Energy(1))
    counter.ledger.harvest(found, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(64), at=counter.tick())
    (row,) = filled(report(counter, ReportKind.GAPS))["ahead"]
    assert (row[0], row[2:]) == (SUPPLY, (sold + Energy(1), sold, Energy(1)))


def test_a_card_ahead_is_amiss_until_its_supply_has_ended(counter: Counter) -> None:
    """Noted of the supplies that are about to be entered: what matters is what came after the note."""
    carried = CardAhead(SupplyNo("00000001"), 3, Energy(90_000), 1, Energy(40_000))
    ends = [replace(carried, supply=SupplyNo(number)) for number in ("00000001", "00000002")]
    for at, ahead in enumerate([*ends, replace(carried, supply=SUPPLY)]):
        counter.ledger.note_ahead(CardNo(f"00077000000{at}"), ahead, at=counter.tick())
    told = filled(report(counter, ReportKind.GAPS))["cards-ahead"]
    assert [row[0] for row in told] == ["00000001", "00000002", SUPPLY]
    move_and_end(counter)
    assert {supply.number for supply in counter.ledger.find_supplies("Hoffmann")} > {ahead.supply for ahead in ends}
    ((supply, name, card, _, desk, *by),) = filled(report(counter, ReportKind.GAPS))["cards-ahead"]
    assert (supply, name, card, desk) == (SUPPLY, "Amara Okafor", "000770000002", str(DESK))
    assert by == [2, Energy(50_000)]
    assert counter.ledger.verify().is_ok


def test_energy_that_is_nowhere_is_amiss(counter: Counter) -> None:
    counter.sell("50.00")
    found = a_write_back(1, total="100.00", used="20.00")
    told = replace(found, remaining=found.remaining - Energy(7_000))
    counter.ledger.harvest(told, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(64), at=counter.tick())
    held = counter.ledger.verify().energy_wh[f"unexplained:{SUPPLY}"]
    assert held
    (row,) = filled(report(counter, ReportKind.GAPS))["unexplained-supplies"]
    assert (row[0], row[2]) == (SUPPLY, Energy(held))


@pytest.mark.parametrize(("gone", "beside"), [("= 2", 0), ("< 3", 2)])
def test_a_receipt_that_is_gone_is_amiss_and_opens_the_sale_beside_it(counter: Counter, gone: str, beside: int) -> None:
    sales = [counter.sell(amount) for amount in ("10.00", "20.00", "30.00")]
    hidden = "UPDATE sale_events SET receipt_desk = NULL, receipt_number = NULL WHERE receipt_number"
    attack(counter.ledger._books, f"{hidden} {gone}")
    missing = named(report(counter, ReportKind.GAPS), "missing-receipts")
    first = f"{DESK}-00000{2 if gone == '= 2' else 1}"
    assert missing.rows == ((str(DESK), first, f"{DESK}-000002"),)
    assert missing.opened(0) == Opens("sale", sales[beside].id)


def test_a_desk_that_says_nothing_for_a_week_is_amiss(counter: Counter) -> None:
    counter.sell("10.00")
    counter.now += timedelta(days=8)
    (row,) = filled(report(counter, ReportKind.GAPS))["silent-desks"]
    assert row[0] == str(DESK)
    counter.sell("10.00")
    assert filled(report(counter, ReportKind.GAPS)) == {}


def test_approvals_of_a_month_tell_who_asked_and_who_allowed(counter: Counter) -> None:
    waiting = counter.ledger.reserve(counter.intent("10.00"))
    with counter.ledger.acting_as(Authority(ANA, Act.VOID, an_approval(Act.VOID, at=counter.now))):
        counter.ledger.void(waiting.id, reason="not on the card", at=counter.tick())
    (row,) = named(report(counter, ReportKind.APPROVALS, MONTH), "approvals").rows
    names = {operator.name: operator.full_name for operator in counter.ledger.operators()}
    assert row[1:] == ("void", names[ANA], names[STAFF[Role.SUPERVISOR].name])
    assert named(report(counter, ReportKind.APPROVALS, period_beside(MONTH, -1)), "approvals").rows == ()


def test_blank_cards_of_a_month_tell_what_came(counter: Counter) -> None:
    with counter.ledger.acting_as(Authority(STAFF[Role.TECHNICIAN].name, Act.CARD_STOCK)):
        counter.ledger.receive_cards(200, reference="L-7", at=counter.tick())
    table = named(report(counter, ReportKind.CARDS, MONTH), "stock")
    assert table.rows[-1][1:4] == (str(DESK), "receive", 200)
    assert table.rows[-1][5] == "L-7"
    assert table.sums is not None
    assert table.sums[3] == table.rows[-1][4] == counter.ledger.card_stock(limit=1).here


def test_what_is_no_period_is_refused(counter: Counter) -> None:
    with pytest.raises(OperatorError) as refused:
        report(counter, ReportKind.APPROVALS, "' OR 1=1 --")
    assert refused.value.code is Code.REPORT_PERIOD


def test_an_area_is_told_by_its_name(counter: Counter) -> None:
    with counter.ledger.acting_as(Authority(STAFF[Role.TECHNICIAN].name, Act.RECORDS)):
        counter.ledger.enter_area(Area("E1", "Eastfield", "T-04"), reason="new", at=counter.tick())
        terms = counter.ledger.terms(SUPPLY)
        counter.ledger.change_terms(SUPPLY, replace(terms, area="E1"), reason="there", at=counter.tick())
    assert cells(named(report(counter, ReportKind.ENERGY), "areas"), "area") == ["Eastfield"]


def east(counter: Counter) -> None:
    """Two areas of one name; Amara's supply hangs in the first, another in none."""
    with counter.ledger.acting_as(Authority(STAFF[Role.TECHNICIAN].name, Act.RECORDS)):
        for code in ("E1", "E2"):
            counter.ledger.enter_area(Area(code, "East", "T-04"), reason="new", at=counter.tick())
        terms = counter.ledger.terms(SUPPLY)
        counter.ledger.change_terms(SUPPLY, replace(terms, area="E1"), reason="there", at=counter.tick())
    with counter.ledger.setting_up():
        add_supply(counter.ledger, NOWHERE, "000012345679", name="Ines Duarte")


def test_two_areas_of_one_name_are_two(counter: Counter) -> None:
    east(counter)
    table = named(report(counter, ReportKind.ENERGY), "areas")
    opened = table.opened([row[0] for row in table.rows].index("East"))
    assert opened is not None
    assert opened.asked == ReportAsked(ReportKind.ENERGY, area="E1")


def test_every_area_opens_its_supplies_which_add_up_to_its_line(counter: Counter) -> None:
    two_days(counter)
    found = a_write_back(1, total="100.00", used="20.00")
    counter.ledger.harvest(found, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(64), at=counter.tick())
    east(counter)
    counter.supply = NOWHERE
    counter.sell("7.00")
    areas = named(report(counter, ReportKind.ENERGY), "areas")
    assert cells(areas, "area") == ["East", ""]
    for row, opens in zip(areas.rows, areas.opens, strict=True):
        assert opens is not None
        assert opens.asked is not None
        (supplies,) = counter.ledger.report(opens.asked, now=counter.now).tables
        assert [column.key for column in supplies.columns[3:]] == [column.key for column in areas.columns[2:]]
        assert supplies.sums is not None
        assert supplies.sums[3:] == row[2:]
        assert len(supplies.rows) == row[1]
        assert all(isinstance(wh, Energy) and wh for wh in (row[2], row[5]))
        assert supplies.opened(0) == Opens("supply", NOWHERE if row[0] == "" else SUPPLY)


def test_what_hangs_nowhere_opens_its_supplies_in_the_balance_too(counter: Counter) -> None:
    east(counter)
    losses = named(report(counter, ReportKind.LOSSES), "losses")
    opens = losses.opened(cells(losses, "area-code").index(""))
    assert opens is not None
    assert opens.asked is not None
    assert cells(counter.ledger.report(opens.asked, now=counter.now).tables[0], "supply") == [NOWHERE]


@pytest.mark.parametrize("kind", [ReportKind.ENERGY, ReportKind.LOSSES])
def test_an_area_that_is_not_there_is_said(counter: Counter, kind: ReportKind) -> None:
    with pytest.raises(OperatorError) as refused:
        counter.ledger.report(ReportAsked(kind, area="E9"), now=counter.now)
    assert refused.value.code is Code.AREA_UNKNOWN
