"""The supervisor's day on screen: beside its picture, by keyboard, with each oddity leading to what settles it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from tests.gui import days, scene, values
from tests.gui.conftest import MakeWindow, Person
from tests.gui.looks import keep, nothing_cut
from vending_app.domain.day import DayReport, DaySums, Oddity
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo
from vending_app.domain.money import Money
from vending_app.services.book_cases import ClosePeriod, ListClosings, ShowReversal, ShowShiftReport
from vending_app.services.day_cases import PrintDay, ShowDay, ShowDayPaper
from vending_app.services.supply_cases import ShowLife
from vending_app.services.use_cases import PrintReceipt, VerifyLedger
from vending_app.ui.components.rail import DAY
from vending_app.ui.day.day_words import said_oddity, whole
from vending_app.ui.day.hours_card import grid
from vending_app.ui.day.share_cards import WORDS
from vending_app.ui.day.tiles import tiles_of
from vending_app.ui.fonts import Face
from vending_app.ui.paint import text_width

LONG = "Wilhelmina Alexandra Featherstonehaugh-Cholmondeley"


def on_page(make: MakeWindow, report: DayReport | None = None, **how: bool) -> Person:
    """Daniel, the supervisor, looks at today."""
    counter = scene.Counter(operators=(values.DANIEL,))
    if report is not None:
        counter.days[report.day] = report
    person = make(counter, **how)
    person.logs_in()
    person.window.go(DAY.key)
    person.waits_until(lambda: person.window.rooms.day.report)
    return person


def shown(person: Person) -> DayReport:
    report = person.window.rooms.day.report
    assert report is not None
    return report


def settled(person: Person) -> None:
    person.counter.days[days.FRIDAY] = days.a_day(oddities=())
    person.window.rooms.day.refresh()
    person.waits_until(lambda: not person.window.rooms.day.oddities.buttons)


def _counted_in(person: Person, unit: str) -> None:
    card = person.window.rooms.day.hours
    card.units.choose(unit)
    card.units.chosen.emit(unit)


def day_before(person: Person) -> None:
    person.window.rooms.day.earlier.click()
    person.waits_until(lambda: shown(person).is_closed)


def nothing(person: Person) -> None:
    day_before(person)
    person.window.rooms.day.earlier.click()
    person.waits_until(lambda: not shown(person).sums.sales)


STATES: dict[str, Callable[[Person], None]] = {
    "today": lambda _: None,
    "settled": settled,
    "sales": lambda person: _counted_in(person, "sales"),
    "kwh": lambda person: _counted_in(person, "kwh"),
    "closed": day_before,
    "nothing": nothing,
    "closing": lambda person: person.window.rooms.day.close_day.click(),
}


@pytest.mark.parametrize(("state", "dark"), [(state, at % 2 == 0) for at, state in enumerate(STATES)])
def test_no_text_is_cut(make_person: MakeWindow, caplog: pytest.LogCaptureFixture, state: str, dark: bool) -> None:
    person = on_page(make_person, dark=dark)
    _looked_at(person, caplog, STATES[state], f"day-{state}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("practice", [False, True])
def test_long_names_large_sums_and_many_oddities_have_room(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, practice: bool
) -> None:
    day = days.a_day(oddities=days.some_oddities() * 3)
    cashiers = tuple(replace(row, name=LONG) for row in day.cashiers) * 2
    large = replace(day, cashiers=cashiers, sums=replace(day.sums, takings=Money(12_345_678_90)))
    person = on_page(make_person, large, practice=practice)
    _looked_at(person, caplog, lambda _: None, f"day-long-{'practice' if practice else 'wide'}")


@pytest.mark.parametrize(
    ("wh", "told"),
    [(-309_400, "\N{MINUS SIGN}309"), (-309_500, "\N{MINUS SIGN}310"), (309_499, "309"), (309_500, "310")],
)
def test_energy_sold_is_told_to_the_nearest_kwh(wh: int, told: str) -> None:
    day = days.a_day()
    (tile,) = (each for each in tiles_of(replace(day, sums=replace(day.sums, energy=Energy(wh)))) if each.unit == "kWh")
    assert tile.figure == told


@pytest.mark.parametrize(("value", "unit", "told"), [(38_90, 100, "39"), (38_49, 100, "38"), (73_500, 1000, "74")])
def test_a_bar_of_an_hour_is_the_nearest_whole_one(value: int, unit: int, told: str) -> None:
    assert whole(value, unit) == told


@pytest.mark.parametrize(("takings", "told"), [(209_00, 69_67), (208_99, 69_66), (-1_00, -33)])
def test_an_average_sale_is_told_to_the_nearest_cent(takings: int, told: int) -> None:
    assert DaySums(Money(takings), Energy(0), 3).average == Money(told)


def test_what_waits_since_another_day_has_its_date() -> None:
    (odd,) = (each for each in days.some_oddities() if each.kind is Oddity.INTERRUPTED)
    assert said_oddity(odd, of=days.FRIDAY)[1] == "50.00, Amara Okafor, 10:42"
    assert said_oddity(odd, of=days.FRIDAY + timedelta(days=1))[1] == "50.00, Amara Okafor, 14 Nov 10:42"


def test_an_hour_stands_beside_the_usual_one_as_both_are_told_without_reversals(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    card = person.window.rooms.day.hours
    assert card.title == "Sold by hour"
    told = dict(each.split(" ", 1) for each in card.accessibleDescription().split("; "))
    assert told["13–14"] == str(Money((days.TAKINGS[13] + days.BACK[13]) * 100))
    assert told["12–13"] == str(Money(days.TAKINGS[12] * 100))


@pytest.mark.parametrize(
    ("practice", "takings", "told", "has_bars"),
    [
        (False, 7_972_00, ["Takings", "kWh", "Sales"], True),
        (False, 812_345_678_90, ["Takings", "kWh", "Sales"], False),
        (True, 7_972_00, ["Takings", "Sales"], False),
        (True, 12_345_678_90, ["Takings", "Sales"], False),
        (True, 912_812_345_678_90, ["Takings"], False),
    ],
)
def test_figures_never_run_together(
    make_person: MakeWindow, practice: bool, takings: int, told: list[str], has_bars: bool
) -> None:
    day = days.a_day()
    large = replace(day, sums=replace(day.sums, takings=Money(takings)))
    card = on_page(make_person, large, practice=practice).window.rooms.day.cashiers
    columns = card.columns()
    assert [WORDS[at] for at, _, _ in columns] == told
    assert card.shows_bars is has_bars
    figures = (str(large.sums.sales), str(large.sums.energy), str(large.sums.takings))
    assert all(text_width(figures[at], Face.STRONG) + 10 <= wide for at, _, wide in columns)
    # Each ends where the one at its right begins, and before the last one there is room for a name.
    begins = [right - wide for _, right, wide in columns]
    assert all(right <= begin for (_, right, _), begin in zip(columns[1:], begins, strict=False))
    assert begins[-1] >= 110


def _looked_at(person: Person, caplog: pytest.LogCaptureFixture, act: Callable[[Person], None], name: str) -> None:
    with nothing_cut(caplog):
        act(person)
        person.window.grab()
    keep(person.window, name)


# --- what a supervisor does ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (Oddity.INTERRUPTED, ShowReversal),
        (Oddity.METER, ShowLife),
        (Oddity.DIFFERENCE, ShowShiftReport),
        (Oddity.UNPRINTED, PrintReceipt),
        (Oddity.REVERSAL, ShowReversal),
        (Oddity.VOID, ShowReversal),
    ],
)
def test_each_oddity_leads_to_what_settles_it(make_person: MakeWindow, kind: Oddity, asked: type) -> None:
    (only,) = (odd for odd in days.some_oddities() if odd.kind is kind)
    person = on_page(make_person, days.a_day(oddities=(only,)))
    page = person.window.rooms.day
    (button,) = page.oddities.buttons
    # What was approved is only told: nobody begins there.
    assert page.first is (button if only.needs_somebody else page.earlier)
    person.counter.refuses[asked] = EnvironmentFault(Code.LEDGER_UNAVAILABLE, path="x", reason="y")
    button.setFocus()
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.asked(asked))


def test_what_was_approved_is_told_with_who_approved_it(make_person: MakeWindow) -> None:
    told = tuple(odd for odd in days.some_oddities() if not odd.needs_somebody)
    page = on_page(make_person, days.a_day(oddities=told)).window.rooms.day
    assert "approved by Daniel Weiss" in page.oddities.accessibleDescription()
    assert page.oddities.remark == ""


def test_days_are_gone_through_and_not_past_today(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page = person.window.rooms.day
    assert not page.later.isEnabled()
    day_before(person)
    assert shown(person).day == days.FRIDAY - timedelta(days=1)
    assert page.later.isEnabled()
    assert page.close_day.isHidden()
    page.later.click()
    person.waits_until(lambda: shown(person).day == days.FRIDAY)


def test_a_day_that_was_never_closed_says_where_its_sales_stand(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    empty = replace(days.an_empty_day(days.FRIDAY), is_by_clock=True)
    person.window.rooms.day.hours.show_report(empty, running=None)
    assert person.window.rooms.day.hours.empty[0] == "This day was not closed"
    empty = replace(days.an_empty_day(days.FRIDAY), is_closed=True)
    person.window.rooms.day.hours.show_report(empty, running=None)
    assert person.window.rooms.day.hours.empty[0] == "Nothing sold"


def test_one_desk_is_asked_for_and_stays_chosen(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    person.window.rooms.day.desks.chosen.emit(DeskNo(2))
    person.waits_until(lambda: ShowDay(days.FRIDAY, DeskNo(2)) in person.asked(ShowDay))
    person.window.rooms.day.earlier.click()
    person.waits_until(lambda: ShowDay(days.FRIDAY - timedelta(days=1), DeskNo(2)) in person.asked(ShowDay))


def test_the_day_is_closed_from_its_page(make_person: MakeWindow) -> None:
    person = on_page(make_person, days.a_day(oddities=()))
    page = person.window.rooms.day
    assert page.close_day.text() == "Close day, Z 291"
    page.close_day.click()
    assert "for the rest of today will count tomorrow" in page.column.card.accessibleDescription()
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.asked(ClosePeriod))
    person.waits_until(lambda: page.column.is_home)


def test_today_leads_to_the_day_that_was_left_open(make_person: MakeWindow) -> None:
    left = days.FRIDAY - timedelta(days=1)
    person = on_page(make_person, replace(days.a_day(), closable=left))
    page = person.window.rooms.day
    assert page.close_day.text() == "Close 13 Nov first"
    page.close_day.click()
    person.waits_until(lambda: shown(person).day == left)
    assert not person.asked(ClosePeriod)


def test_where_no_day_may_be_closed_nothing_offers_it(make_person: MakeWindow) -> None:
    """The clock was put back behind the day that was closed last."""
    person = on_page(make_person, replace(days.a_day(), closable=None))
    assert person.window.rooms.day.close_day.isHidden()


def test_what_is_closed_is_behind_its_button_and_esc_comes_back(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    person.window.rooms.day.closings.click()
    person.waits_until(lambda: person.asked(ListClosings))
    assert person.window.shell.current == "closings"
    person.window.press("Esc")
    assert person.window.shell.current == DAY.key


def test_the_paper_is_looked_at_and_printed(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    person.window.rooms.day.pdf.click()
    person.waits_until(lambda: person.window.shell.current == "receipt")
    assert person.asked(ShowDayPaper) == [ShowDayPaper(days.FRIDAY, None)]
    assert person.window.receipt.title == "Friday, 14 November 2025"
    person.counter.refuses[PrintDay] = EnvironmentFault(Code.PRINTER_FAILED, printer="Office", reason="paper")
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.asked(PrintDay))


def test_the_check_of_the_journal_is_told_there(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page = person.window.rooms.day
    page.oddities.check.click()
    person.waits_until(lambda: "in order" in page.oddities.note[2])
    person.counter.refuses[VerifyLedger] = EnvironmentFault(Code.LEDGER_DAMAGED, path="x", reason="y")
    page.oddities.check.click()
    person.waits_until(lambda: page.oddities.note[0] == "bad")


@pytest.mark.parametrize(
    ("most", "expected"), [(0, (1, 1)), (3, (3, 3)), (1240_00, (150_000, 3)), (1000, (1000, 2)), (7, (10, 2))]
)
def test_the_axis_ends_on_a_round_figure(most: int, expected: tuple[int, int]) -> None:
    assert grid(most) == expected
