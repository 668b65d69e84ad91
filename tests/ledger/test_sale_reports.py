"""A day whole, down to each of its sales; what was undone, by whom; what each step brought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.ledger.at_work import ANA, STAFF, AtWork, an_approval
from tests.ledger.builders import DESK, SUPPLY, Counter, add_supply
from tests.ledger.strangers import attack
from tests.ledger.test_books_page import closed_supply, fee
from tests.ledger.test_reports import MONTH, named, report, two_days
from vending_app.domain.closing import ClosingKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.payment import PaymentKind
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.report import Cell, Opens, Report, Table
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.domain.sale import Sale, TenderKind
from vending_app.ledger.books import Store
from vending_app.ui.day import leads

OTHER = DeskNo(3)
SHARES = ("hours", "cashiers", "desks", "tariffs", "tenders")


def opened(counter: Counter, asked: ReportAsked) -> Table:
    (table,) = counter.ledger.report(asked, now=counter.now).tables
    return table


def column(table: Table, key: str) -> list[Cell]:
    at = [each.key for each in table.columns].index(key)
    return [row[at] for row in table.rows]


def money(cells: list[Cell]) -> Money:
    return sum((cell for cell in cells if isinstance(cell, Money)), ZERO)


def void(counter: Counter) -> Sale:
    sale = counter.ledger.reserve(counter.intent("10.00"))
    with counter.ledger.acting_as(
        Authority(ANA, Act.VOID, an_approval(Act.VOID, at=counter.now, approval_id="e" * 32))
    ):
        counter.ledger.void(sale.id, reason="not on the card", at=counter.tick())
    return sale


def day_of(counter: Counter) -> Report:
    return report(counter, ReportKind.DAY, counter.now.date().isoformat())


def test_every_line_of_a_day_leads_to_the_sales_that_it_adds_up(counter: Counter) -> None:
    two_days(counter)
    (closed,) = counter.ledger.closings(ClosingKind.DAY, limit=5)
    today = counter.now.date().isoformat()
    for period, takings in ((closed.period, closed.totals.sold), (today, Money(30_00))):
        day = report(counter, ReportKind.DAY, period)
        assert day.is_closed is (period == closed.period)
        for key in SHARES:
            lines = named(day, key)
            assert money(column(lines, "takings")) == takings
            for line, opens in zip(lines.rows, lines.opens, strict=True):
                assert opens is not None
                assert opens.asked is not None
                sales = opened(counter, opens.asked)
                assert money(column(sales, "takings")) == line[3]
                assert sum(isinstance(cell, Money) and cell > ZERO for cell in column(sales, "takings")) == line[1]


def booked(counter: Counter, table: Table) -> dict[str, Money]:
    """For each line what was booked behind it in all, by the account that it opens."""
    found = {}
    for opens in table.opens:
        assert opens is not None
        assert opens.asked is not None
        found[opens.asked.of] = money(column(opened(counter, opens.asked), "amount"))
    return found


def test_every_charge_leads_to_what_was_booked_on_it(counter: Counter) -> None:
    two_days(counter)
    for _ in range(4):
        fee(counter)
    closed_supply(counter)
    today = counter.now.date().isoformat()
    lines = named(report(counter, ReportKind.DAY, today), "lines")
    assert {"income:energy", "income:fee", "arrears", "tax:VAT"} <= set(booked(counter, lines))
    assert list(booked(counter, lines).values()) == column(lines, "amount")
    for each in report(counter, ReportKind.TAXES, MONTH).tables:
        assert list(booked(counter, each).values()) == column(each, "amount")


def test_what_was_booked_is_told_act_by_act(counter: Counter) -> None:
    sold = counter.sell("20.00")
    fee(counter)
    closed_supply(counter)
    today = counter.now.date().isoformat()
    paid = opened(counter, ReportAsked(ReportKind.SALES, today, by="account", of="arrears"))
    assert column(paid, "line-of") == ["sale", "sale", "payment", "settlement"]
    assert column(paid, "receipt")[0] == sold.receipt
    assert paid.opens[0] == Opens("sale", sold.id)
    assert paid.opens[2:] == (Opens("supply", SUPPLY), Opens("supply", SUPPLY))


@pytest.mark.parametrize(
    ("by", "of"),
    [
        *(("cashier", "Ana Moreau"), ("tender", "Cash"), ("tariff", "h2"), ("weekday", "7")),
        *(
            ("hour", "99"),
            ("desk", "1"),
            ("shift", "99"),
            ("shift", "9" * 40),
            ("shift", "²"),
            ("account", "tax:vat"),
            ("account", "till:1"),
            ("line", "H2/2024-01-01/step/1"),
            ("line", "H9/2024-01-01/step/1/Step 1"),
        ),
    ],
)
def test_what_the_books_do_not_know_is_no_filter(counter: Counter, by: str, of: str) -> None:
    with pytest.raises(OperatorError) as refused:
        opened(counter, ReportAsked(ReportKind.SALES, MONTH, by=by, of=of))
    assert refused.value.code is Code.REPORT_FILTER


@pytest.mark.parametrize("desk", [99, -1, 10**30])
@pytest.mark.parametrize("kind", [ReportKind.SALES, ReportKind.DAY])
def test_a_desk_that_is_none_of_these_books_is_said(counter: Counter, kind: ReportKind, desk: int) -> None:
    with pytest.raises(OperatorError) as refused:
        counter.ledger.report(ReportAsked(kind, "2025-11-14", desk=desk), now=counter.now)
    assert refused.value.code is Code.REPORT_FILTER


@pytest.fixture
def elsewhere(counter: Counter, store: Store) -> Iterator[Counter]:
    """Desk 3, which sells to another supply and finishes what desk 2 began."""
    counter.ledger.add_desk(OTHER, name="Desk 3")
    add_supply(counter.ledger, "00000018", "000012345679")
    ledger = AtWork.open(store, desk=OTHER)
    shift = ledger.open_shift(desk=OTHER, operator=ANA, float_cash=ZERO, at=counter.tick())
    yield Counter(ledger, now=counter.now, shift=shift.number, supply=SupplyNo("00000018"), count=500)
    ledger.close()


def test_a_day_of_one_desk_leads_to_what_that_desk_did(counter: Counter, elsewhere: Counter) -> None:
    counter.sell("50.00")
    begun_here = counter.ledger.reserve(counter.intent("20.00"))
    elsewhere.ledger.post(begun_here.id, at=elsewhere.tick())
    intent = replace(elsewhere.intent("7.00"), desk=OTHER)
    elsewhere.ledger.reserve(intent)
    elsewhere.ledger.post(intent.id, at=elsewhere.tick())
    today = counter.now.date().isoformat()
    for desk, takings in ((DESK, Money(50_00)), (OTHER, Money(27_00))):
        day = counter.ledger.report(ReportAsked(ReportKind.DAY, today, desk=desk), now=counter.now)
        for key in SHARES:
            lines = named(day, key)
            assert money(column(lines, "takings")) == takings
            for line, opens in zip(lines.rows, lines.opens, strict=True):
                assert opens is not None
                assert opens.asked is not None
                assert opens.asked.desk == desk
                sold = opened(counter, opens.asked)
                assert money(column(sold, "takings")) == line[3]
                assert set(column(sold, "desk")) == {str(desk)}
        assert list(booked(counter, named(day, "lines")).values()) == column(named(day, "lines"), "amount")
    whole = report(counter, ReportKind.DAY, today)
    for line, opens in zip(named(whole, "desks").rows, named(whole, "desks").opens, strict=True):
        assert opens is not None
        assert opens.asked is not None
        assert money(column(opened(counter, opens.asked), "takings")) == line[3]


def test_every_figure_of_the_page_of_a_day_leads_to_what_it_adds_up(counter: Counter, elsewhere: Counter) -> None:
    counter.now = counter.now.replace(hour=8)
    counter.sell("50.00")
    counter.now = counter.now.replace(hour=11)
    counter.sell("25.00", tender=TenderKind.BANK_CARD)
    counter.reverse(counter.sell("20.00"))
    elsewhere.now = counter.now
    intent = replace(elsewhere.intent("7.00"), desk=OTHER)
    elsewhere.ledger.reserve(intent)
    elsewhere.ledger.post(intent.id, at=elsewhere.tick())
    counter.ledger.pay(counter.payment(PaymentKind.ARREARS, "5.00"), request="arrears")
    today = counter.now.date()
    for desk in (None, DESK, OTHER):
        day = counter.ledger.day_report(today, desk=desk, today=today)
        sums = day.sums
        assert _opened_sums(counter, leads.sales_of(day))[1:] == (sums.energy, sums.takings)
        assert _opened_sums(counter, leads.sold_until(day))[0] == sums.sales
        assert sum(hour.sales for hour in day.hours) == sums.sales
        for hour in day.hours:
            assert _opened_sums(counter, leads.sold_in(day, hour.hour)) == (hour.sales, hour.energy_sold, hour.sold)
        until = day.until(11)
        assert _opened_sums(counter, leads.sold_until(day, 11))[::2] == (until.sales, until.takings)
        for row in day.cashiers:
            assert _opened_sums(counter, leads.of_cashier(day, row))[1:] == (row.energy, row.takings)
        for kind, amount in day.tenders.items():
            assert _opened_sums(counter, leads.paid_by(day, kind))[2] == amount
        assert _opened_sums(counter, leads.taken_back(day))[2] == day.taken_back
        paid = leads.arrears(day).asked
        assert paid is not None
        assert money(column(opened(counter, paid), "amount")) == sums.arrears


def _opened_sums(counter: Counter, opens: Opens) -> tuple[int, Energy, Money]:
    """How many lines a figure leads to, their energy and their money."""
    assert opens.asked is not None
    sold = opened(counter, opens.asked)
    energy = sum(cell.wh for cell in column(sold, "energy") if isinstance(cell, Energy))
    return len(sold.rows), Energy(energy), money(column(sold, "takings"))


def test_an_approval_leads_to_what_it_was_given_for(counter: Counter) -> None:
    gone = void(counter)
    closed_supply(counter)
    given = [named(day_of(counter), "approvals"), named(report(counter, ReportKind.APPROVALS, MONTH), "approvals")]
    assert given[0] == given[1]
    assert column(given[0], "act") == ["void", "close-supply"]
    assert given[0].opens == (Opens("sale", gone.id), Opens("supply", SUPPLY))


def test_a_day_adds_up_with_a_reversal_in_it(counter: Counter) -> None:
    """The page of the day, its report, and its sales one by one tell the same."""
    two_days(counter)
    today = counter.now.date()
    page = counter.ledger.day_report(today, desk=None, today=today)
    assert sum((hour.takings for hour in page.hours), ZERO) == page.sums.takings == Money(30_00)
    assert sum(hour.sales for hour in page.hours) == page.sums.sales
    # What is usual is told of sales alone, and so is what is set beside it.
    assert (page.until(24).takings, page.until(24).sales) == (Money(40_00), 2)
    assert sum((hour.sold for hour in page.hours), ZERO) == Money(40_00)
    sold_energy = opened(counter, ReportAsked(ReportKind.SALES, today.isoformat()))
    wh = [cell.wh for cell in column(sold_energy, "energy") if isinstance(cell, Energy)]
    assert sum(hour.energy.wh for hour in page.hours) == sum(wh)
    assert sum(hour.energy_sold.wh for hour in page.hours) == sum(each for each in wh if each > 0)
    told = named(day_of(counter), "hours")
    assert column(told, "takings") == [hour.takings for hour in page.hours]
    sold = opened(counter, ReportAsked(ReportKind.SALES, today.isoformat()))
    assert money(column(sold, "takings")) == page.sums.takings


def test_an_order_that_is_gone_is_amiss(counter: Counter) -> None:
    for amount in ("10.00", "20.00"):
        counter.sell(amount)
    skipped = "UPDATE sales SET sequence = sequence + 3 WHERE journal = (SELECT max(journal) FROM sales)"
    attack(counter.ledger._books, skipped)
    (row,) = named(report(counter, ReportKind.GAPS), "sequence-gaps").rows
    # The card had the first order, the sales the next two.
    assert row[1:] == (3, 5)


def test_a_corrected_tender_is_asked_for_by_what_it_is_now(counter: Counter) -> None:
    wrong = counter.sell("20.00")
    counter.correct_tender(wrong, TenderKind.MOBILE)
    day = day_of(counter)
    tenders = named(day, "tenders")
    assert column(tenders, "tender") == ["mobile"]
    assert tenders.opens[0] is not None
    assert tenders.opens[0].asked is not None
    (row,) = opened(counter, tenders.opens[0].asked).rows
    assert row[1] == wrong.receipt


def test_what_was_taken_back_is_paid_by_no_tender_and_its_refund_by_its_own(counter: Counter) -> None:
    """A reversal is no cash that went: its money is due, and goes the way it is refunded."""
    for amount in ("40.00", "20.00"):
        counter.reverse(counter.sell(amount, tender=TenderKind.BANK_CARD))
    counter.sell("30.00")
    held = counter.ledger.verify().money_minor
    counter.ledger.pay(counter.payment(PaymentKind.REFUND, "40.00", tender=TenderKind.BANK_CARD), request="one")
    counter.ledger.pay(counter.payment(PaymentKind.REFUND, "5.00"), request="two")
    today = counter.now.date()
    tenders = {"cash": Money(30_00), "card": Money(60_00), "taken-back": Money(-60_00)}
    refunds = {"cash": Money(5_00), "card": Money(40_00)}
    for kind, period in ((ReportKind.DAY, today.isoformat()), (ReportKind.MONTH, MONTH), (ReportKind.YEAR, MONTH[:4])):
        told = report(counter, kind, period)
        for key, expected in (("tenders", tenders), ("refunds", refunds)):
            table = named(told, key)
            assert dict(zip(column(table, "tender"), column(table, table.columns[-1].key), strict=True)) == expected
            for opens in table.opens:
                assert opens is not None
                assert opens.asked is not None
                assert opens.asked.of in expected
                opened_ = opened(counter, opens.asked)
                assert money(column(opened_, "amount" if key == "refunds" else "takings")) == expected[opens.asked.of]
    (month,) = named(report(counter, ReportKind.MONTH, MONTH), "days").rows
    assert month[4:8] == (Money(30_00), Money(30_00), Money(60_00), Money(-60_00))
    page = counter.ledger.day_report(today, desk=None, today=today)
    assert page.tenders == {TenderKind.CASH: Money(30_00), TenderKind.BANK_CARD: Money(60_00)}
    assert page.taken_back == Money(-60_00)
    # As the accounts tell it: refunds leave the till and the bank, reversals do not.
    then = counter.ledger.verify().money_minor
    assert held[f"till:{DESK}"] - then[f"till:{DESK}"] == 5_00
    assert held["clearing:card"] - then["clearing:card"] == 40_00


def test_refunds_of_a_day_are_those_of_its_rows(counter: Counter) -> None:
    counter.reverse(counter.sell("40.00"))
    counter.ledger.pay(counter.payment(PaymentKind.REFUND, "10.00"), request="one")
    counter.close_shift("130.00")
    day = counter.now.date().isoformat()
    counter.ledger.close_period(ClosingKind.DAY, day, at=counter.tick())
    counter.open_shift()
    # The clock still shows the day that was closed.
    counter.ledger.pay(counter.payment(PaymentKind.REFUND, "3.00"), request="two")
    refunds = named(report(counter, ReportKind.DAY, day), "refunds")
    assert refunds.rows == (("cash", 1, Money(10_00)),)
    (opens,) = refunds.opens
    assert opens is not None
    assert opens.asked is not None
    (row,) = opened(counter, opens.asked).rows
    assert row[4] == Money(10_00)
    assert named(report(counter, ReportKind.MONTH, MONTH), "refunds").rows == (("cash", 2, Money(13_00)),)


def test_a_month_and_a_year_lead_to_their_sales_too(counter: Counter) -> None:
    two_days(counter)
    for period in (MONTH, MONTH[:4]):
        cashiers = opened(counter, ReportAsked(ReportKind.SALES, period, by="cashier", of=ANA))
        assert money(column(cashiers, "takings")) == Money(100_00)
        assert len(cashiers.rows) == 5
    month = report(counter, ReportKind.MONTH, MONTH)
    assert money(column(named(month, "weekdays"), "takings")) == Money(70_00)
    weekdays = named(month, "weekdays")
    for line, opens in zip(weekdays.rows, weekdays.opens, strict=True):
        assert opens is not None
        assert opens.asked is not None
        assert money(column(opened(counter, opens.asked), "takings")) == line[3]
    # As closings tell hours: sales alone; each leads to just those.
    hours = named(month, "sold-hours")
    assert money(column(hours, "sold-for")) == Money(110_00)
    for line, opens in zip(hours.rows, hours.opens, strict=True):
        assert opens is not None
        assert opens.asked is not None
        assert money(column(opened(counter, opens.asked), "takings")) == line[2]


def test_what_was_undone_tells_who_asked_who_allowed_and_leads_to_its_sale(counter: Counter) -> None:
    gone = void(counter)
    wrong = counter.sell("40.00")
    counter.reverse(wrong)
    kept = counter.sell("20.00")
    counter.correct_tender(kept, TenderKind.MOBILE)
    for is_copy in (False, True):
        counter.ledger.mark_printed(kept.id, at=counter.tick(), is_copy=is_copy)
    table = named(day_of(counter), "undone")
    assert column(table, "undoing") == ["void", "reversal", "tender", "reprint"]
    assert [opens and opens.key for opens in table.opens] == [gone.id, wrong.id, kept.id, kept.id]
    assert column(table, "receipt") == ["", wrong.receipt, kept.receipt, kept.receipt]
    names = {operator.name: operator.full_name for operator in counter.ledger.operators()}
    boss = names[STAFF[Role.SUPERVISOR].name]
    # These books let a supervisor reverse and correct by himself.
    assert column(table, "cashier") == [names[ANA], boss, boss, names[ANA]]
    assert column(table, "approved-by") == [boss, "", "", ""]
    assert column(named(day_of(counter), "approvals"), "approved-by") == [boss]


def test_each_person_is_told_by_what_he_did(counter: Counter) -> None:
    void(counter)
    counter.reverse(counter.sell("40.00"))
    counter.sell("20.00")
    counter.close_shift("159.00", reason="one coin")
    told: dict[Cell, dict[str, Cell]] = {}
    for table in report(counter, ReportKind.OPERATORS, MONTH).tables:
        for row in table.rows:
            told.setdefault(row[0], {}).update(zip([each.key for each in table.columns], row, strict=True))
    names = {operator.name: operator.full_name for operator in counter.ledger.operators()}
    ana, boss = told[names[ANA]], told[names[STAFF[Role.SUPERVISOR].name]]
    assert (ana["sales"], ana["voids"], ana["reversals"], ana["wrong-counts"]) == (2, 1, 0, 1)
    # These books let a supervisor reverse by himself.
    assert boss["reversals"] == 1
    assert ana["difference"] == Money(-1_00)
    assert (ana["asked-for"], ana["allowed"]) == (1, 0)
    assert (boss["asked-for"], boss["allowed"]) == (0, 1)


def test_each_figure_of_a_person_is_told_act_by_act(counter: Counter) -> None:
    gone = void(counter)
    wrong = counter.sell("40.00")
    counter.reverse(wrong)
    kept = counter.sell("20.00")
    counter.correct_tender(kept, TenderKind.MOBILE)
    counter.ledger.mark_printed(kept.id, at=counter.tick(), is_copy=True)
    word = an_approval(Act.DRAWER, at=counter.now, approval_id="b" * 32)
    with counter.ledger.acting_as(Authority(ANA, Act.DRAWER, word)):
        counter.ledger.note_drawer_opened(operator=ANA, reason="change for the queue", at=counter.tick())
    counter.ledger.record_login(ANA, succeeded=False, at=counter.tick(), desk=DESK)
    counter.ledger.pay(counter.payment(PaymentKind.REFUND, "40.00"), request="refund")
    torn = counter.ledger.reserve(counter.intent("15.00"))
    counter.ledger.mark_in_doubt(torn.id, reason="torn", at=counter.tick())
    counter.ledger.post(torn.id, at=counter.tick())
    counter.close_shift("134.00", reason="one coin")
    counter.open_shift()
    left_alone = counter.ledger.reserve(counter.intent("10.00"))
    everybody = report(counter, ReportKind.OPERATORS, MONTH).tables
    at = {
        "interrupted": ("interrupted", ""),
        "voids": ("undone", "void"),
        "reversals": ("undone", "reversal"),
        "refunds": ("undone", "refund"),
        "corrections": ("undone", "tender"),
        "copies": ("undone", "reprint"),
        "drawer": ("drawer-openings", ""),
        "wrong-counts": ("differences", ""),
        "asked-for": ("asked-approvals", ""),
        "allowed": ("allowed-approvals", ""),
        "failed-logins": ("failed-tries", ""),
    }
    compared: set[str] = set()
    for table in everybody:
        for row, opens in zip(table.rows, table.opens, strict=True):
            assert opens is not None
            assert opens.asked is not None
            his = counter.ledger.report(opens.asked, now=counter.now)
            assert his.of == row[0]
            for figure, each in zip(row, table.columns, strict=True):
                if each.key not in at:
                    continue
                key, what = at[each.key]
                acts = named(his, key)
                told = column(acts, "undoing").count(what) if what else len(acts.rows)
                assert told == figure, each.key
                compared |= {each.key} if figure else set()
    assert compared == at.keys()
    ana = next(opens for opens in everybody[0].opens if opens and opens.asked and opens.asked.of == ANA)
    assert ana.asked is not None
    his = counter.ledger.report(ana.asked, now=counter.now)
    undone = named(his, "undone")
    torn_ones = named(his, "interrupted")
    assert torn_ones.opens == (Opens("sale", torn.id), Opens("sale", left_alone.id))
    assert column(torn_ones, "came-to") == ["posted", "waiting"]
    leads = dict(zip(column(undone, "undoing"), undone.opens, strict=True))
    assert (leads["void"], leads["reprint"]) == (Opens("sale", gone.id), Opens("sale", kept.id))
    whole = named(day_of(counter), "undone")
    assert whole.opens[column(whole, "undoing").index("refund")] == Opens("supply", SUPPLY)
    (sold,) = his.tables[0].opens
    assert sold is not None
    assert sold.asked is not None
    assert {opens.key for opens in opened(counter, sold.asked).opens if opens} >= {wrong.id, kept.id}


def test_acts_are_asked_of_a_person_alone(counter: Counter) -> None:
    for by, of in (("desk", "1"), ("cashier", "nobody"), ("cashier", "")):
        with pytest.raises(OperatorError) as refused:
            counter.ledger.report(ReportAsked(ReportKind.OPERATORS, MONTH, by=by, of=of), now=counter.now)
        assert refused.value.code is Code.REPORT_FILTER


def test_steps_bring_all_that_was_taken(counter: Counter) -> None:
    two_days(counter)
    counter.sell("90.00")
    (table,) = report(counter, ReportKind.STEPS, MONTH).tables
    sold = opened(counter, ReportAsked(ReportKind.SALES, MONTH))
    assert table.sums is not None
    assert table.sums[-1] == money(column(sold, "takings")) == Money(190_00)
    for row, opens in zip(table.rows, table.opens, strict=True):
        assert opens is not None
        assert opens.asked is not None
        charges = opened(counter, opens.asked)
        assert money(column(charges, "amount")) == row[-1]
        assert sum(cell.wh for cell in column(charges, "energy") if isinstance(cell, Energy)) == (
            row[-2].wh if isinstance(row[-2], Energy) else 0
        )
    is_step = [str(line).startswith("Step") for line in column(table, "line")]
    energy = [cell for cell, step in zip(column(table, "energy"), is_step, strict=True) if step]
    assert sum(cell.wh for cell in energy if isinstance(cell, Energy)) == sum(
        cell.wh for cell in column(sold, "energy") if isinstance(cell, Energy)
    )


def test_a_wrong_count_and_a_sale_that_waits_stand_in_their_day(counter: Counter) -> None:
    counter.close_shift("99.00", reason="one coin")
    counter.open_shift()
    waiting = counter.ledger.reserve(counter.intent("10.00"))
    day = day_of(counter)
    (difference,) = named(day, "differences").rows
    assert difference[3:] == (Money(100_00), Money(99_00), Money(-1_00), "one coin")
    table = named(day, "interrupted")
    assert [opens and opens.key for opens in table.opens] == [waiting.id]
    assert column(table, "came-to") == ["waiting"]
    counter.ledger.mark_in_doubt(waiting.id, reason="torn", at=counter.tick())
    assert column(named(day_of(counter), "interrupted"), "came-to") == ["waiting"]
    counter.ledger.post(waiting.id, at=counter.tick())
    assert column(named(day_of(counter), "interrupted"), "came-to") == ["posted"]


def test_a_card_is_told_with_why_and_its_fee(counter: Counter) -> None:
    (row,) = named(report(counter, ReportKind.CARDS, MONTH), "issued-cards").rows
    assert row[4:] == ("first", ZERO)
