"""The inspection page: the list, the evidence, the route, findings, criteria, and counting beside the counter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from tests.gui import inspections, scene, values
from tests.gui.beside import Beside
from tests.gui.conftest import MakeWindow, Person
from tests.gui.looks import keep, nothing_cut
from tests.sampling.builders import a_record
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import spaced
from vending_app.domain.inspection import Criteria, Criterion, FieldCard, Finding, Outcome, Reason, UseChart
from vending_app.domain.money import NARROW_SPACE, ZERO, Money
from vending_app.sampling.sample import sample_of
from vending_app.services.inspection import count
from vending_app.services.inspection_cases import (
    Counted,
    EnterFinding,
    InspectionShown,
    KeepSample,
    Listed,
    MarkRoute,
    SetCriteria,
    ShowInspection,
)
from vending_app.ui.components.rail import INSPECT, TOOLS
from vending_app.ui.components.table import MARK, SIDE
from vending_app.ui.fonts import Face
from vending_app.ui.inspect.evidence_card import head_lines
from vending_app.ui.inspect.inspect_words import CRITERIA, clause_of, figure_of, said_field, sentence_of, sentences_of
from vending_app.ui.inspect.priority_list import mark_of
from vending_app.ui.inspect.use_chart import MONTHS_SHOWN, UsePicture
from vending_app.ui.paint import Ink, text_width
from vending_app.ui.theme import make_look

LONG = "Wilhelmina Alexandra Featherstonehaugh-Cholmondeley and Daughters Cooperative Bakery"
ARABIC = "عبد الرحمن بن محمد الخطيب"


@pytest.fixture(scope="module")
def listed() -> InspectionShown:
    return inspections.an_inspection()


def on_page(make: MakeWindow, shown: InspectionShown, *, beside: Beside | None = None, **how: bool) -> Person:
    """Daniel, the supervisor, before the list."""
    counter = scene.Counter(inspection=shown, operators=(values.DANIEL,), beside=beside or Beside())
    person = make(counter, **how)
    person.logs_in()
    person.window.go(INSPECT.key)
    person.waits_until(lambda: person.window.rooms.inspect.shown)
    return person


def chosen(person: Person) -> Listed:
    row = person.window.rooms.inspect.list.current
    assert row is not None, "the cursor stands somewhere"
    return row


# --- pictures --------------------------------------------------------------------------------------------


def finding(person: Person) -> None:
    person.presses(Qt.Key.Key_Return)


def criteria(person: Person) -> None:
    person.window.rooms.inspect.criteria.click()


def found(person: Person) -> None:
    shown = person.window.rooms.inspect.shown
    assert shown is not None
    assert shown.sample is not None
    seen = Finding(
        chosen(person).line.supply, Outcome.BYPASS, values.NOW.date(), note="A wire behind the meter. Photographed."
    )
    person.window.bridge.submit(EnterFinding(shown.sample.number, seen))
    person.waits_until(lambda: chosen(person).line.finding)


def counting(person: Person) -> None:
    person.window.rooms.inspect.count.click()
    person.waits_until(lambda: person.window.rooms.inspect.is_counting)


STATES: dict[str, Callable[[Person], None]] = {
    "list": lambda _: None,
    "last": lambda person: person.presses(Qt.Key.Key_End),
    "finding": finding,
    "criteria": criteria,
    "found": found,
    "counting": counting,
}
NAMES = {"plain": inspections.PEOPLE, "long": (LONG,), "arabic": (ARABIC,)}


@pytest.mark.parametrize(("state", "dark"), [(state, at % 2 == 1) for at, state in enumerate(STATES)])
def test_no_text_is_cut(
    make_person: MakeWindow, listed: InspectionShown, caplog: pytest.LogCaptureFixture, state: str, dark: bool
) -> None:
    person = on_page(make_person, listed, dark=dark)
    with nothing_cut(caplog):
        STATES[state](person)
        _picture(person, f"inspect-{state}", dark=dark)


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("practice", [False, True])
def test_names_of_any_kind_have_room(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, kind: str, practice: bool
) -> None:
    shown = inspections.an_inspection(names=NAMES[kind])
    person = on_page(make_person, shown, practice=practice)
    with nothing_cut(caplog):
        _picture(person, f"inspect-{kind}-{'practice' if practice else 'wide'}", dark=False)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("name", "address"), [("Omar Haddad", "12 Garden Lane"), (ARABIC * 2, "Flat 7, 118 Old Railway Station Road")]
)
def test_the_address_has_room_beside_the_route_it_is_on(
    make_person: MakeWindow, listed: InspectionShown, name: str, address: str, dark: bool
) -> None:
    row = replace(listed.lines[2], customer=name, address=address, waits_since=values.NOW.date())
    person = on_page(make_person, replace(listed, lines=(row, *listed.lines[1:])), dark=dark)
    evidence, today = person.window.rooms.inspect.evidence, values.NOW.date()
    assert evidence.row is row
    _picture(person, f"inspect-head-{len(address)}", dark=dark)
    lines = head_lines(row, evidence.head_room, today=today)
    assert lines[0].startswith(f"{address}, {row.area}")
    assert text_width(lines[0], Face.SMALL) <= evidence.head_room
    assert lines[-1].endswith(f"meter {spaced(row.meter)}   ·   on the route of today")
    assert text_width(lines[-1], Face.SMALL) <= evidence.head_room


def test_a_meter_number_gives_way_to_what_is_under_way_and_an_address_to_nothing(listed: InspectionShown) -> None:
    today = values.NOW.date()
    row = replace(listed.lines[2], address="12 Garden Lane", waits_since=today)
    place, told = f"12 Garden Lane, {row.area}", "on the route of today"
    meter = f"meter {spaced(row.meter)}"
    room = text_width(f"{place}   ·   {meter}   ·   {told}", Face.SMALL)
    assert head_lines(row, room, today=today) == (f"{place}   ·   {meter}   ·   {told}",)
    assert head_lines(row, room - 1, today=today) == (place, f"{meter}   ·   {told}")
    assert head_lines(row, text_width(told, Face.SMALL), today=today) == (place, told)
    nowhere = replace(row, address="", area="", waits_since=None)
    assert head_lines(nowhere, 1, today=today) == (meter,)


@pytest.mark.parametrize("dark", [False, True])
def test_what_does_not_add_up_tells_its_money_without_a_fall(
    make_person: MakeWindow, listed: InspectionShown, caplog: pytest.LogCaptureFixture, dark: bool
) -> None:
    """In words for whoever does not see it; a card with nothing at stake says nothing of it."""
    odd = Reason(Criterion.UNEXPLAINED, 50, {"energy_wh": -1_310_000})
    line = replace(listed.lines[0].line, reasons=(odd,), gap=None)
    rows = (replace(listed.lines[0], line=line, at_stake=Money(9_961_35)), replace(listed.lines[1], at_stake=ZERO))
    person = on_page(make_person, replace(listed, lines=rows), dark=dark)
    evidence = person.window.rooms.inspect.evidence
    with nothing_cut(caplog):
        _picture(person, "inspect-stake", dark=dark)
    assert evidence.accessibleDescription().endswith(f"Energy does not add up 50; {Money(9_961_35)} at stake")
    person.presses(Qt.Key.Key_Down)
    assert "at stake" not in evidence.accessibleDescription()


def test_an_empty_list_says_so(make_person: MakeWindow, listed: InspectionShown) -> None:
    assert listed.sample is not None
    person = on_page(make_person, replace(listed, lines=(), sample=replace(listed.sample, lines=(), standing_out=0)))
    _picture(person, "inspect-empty", dark=False)
    assert person.window.rooms.inspect.empty.isVisible()
    assert f"1{NARROW_SPACE}842 supplies" in person.window.rooms.inspect.empty.told[2]


@pytest.mark.parametrize("is_told", [True, False])
def test_neighbours_of_whom_nothing_is_known_in_a_month_are_not_drawn_there(
    qapp: QApplication, listed: InspectionShown, is_told: bool
) -> None:
    shown = listed.lines[0].line.chart
    assert shown is not None
    months = len(shown.months)
    gap = range(months - 8, months - 5)
    middle, low, high = (
        tuple(wh if is_told or at not in gap else -1 for at, wh in enumerate(curve))
        for curve in (shown.middle, shown.low, shown.high)
    )
    chart = UseChart(shown.months, (-1,) * months, middle, low, high, peers=shown.peers)
    image, look = QImage(900, 400, QImage.Format.Format_RGB32), make_look(dark=False, less_motion=True)
    image.fill(QColor(look.tokens.card))
    with Ink(image, look) as ink:
        picture = UsePicture(ink, QRectF(0, 0, 900, 400), chart, fell_in=None)
        picture.draw()
    # Where the month before the unknown ones ends.
    x = round(picture.plot.left() + (MONTHS_SHOWN - 8) * picture.step)
    column = {image.pixelColor(x, y).name() for y in range(round(picture.plot.top()), round(picture.plot.bottom()))}
    assert (QColor(look.tokens.band).name() in column) is is_told


def _picture(person: Person, name: str, *, dark: bool) -> None:
    person.window.grab()
    keep(person.window, f"{name}-{'dark' if dark else 'light'}")


# --- what a supervisor does ------------------------------------------------------------------------------


def test_by_keyboard_a_meter_is_put_on_the_route_and_its_finding_entered(
    make_person: MakeWindow, listed: InspectionShown
) -> None:
    person = on_page(make_person, listed)
    page = person.window.rooms.inspect
    for _ in range(3):
        person.presses(Qt.Key.Key_Down)
    assert page.list.current is listed.lines[3]
    page.evidence.route.setFocus()
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: chosen(person).line.is_on_route)
    assert page.sheet.text() == "Print route sheet, 3 meters"
    page.list.setFocus()
    person.presses(Qt.Key.Key_Return)
    assert not page.column.is_home
    person.presses(Qt.Key.Key_Down)
    page.column.card.reference.setFocus()
    person.types("1234.5")
    page.column.card.reason.setFocus()
    person.types("wire behind the meter")
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.asked(EnterFinding))
    (entered,) = person.asked(EnterFinding)
    assert isinstance(entered, EnterFinding)
    assert entered.finding.outcome is Outcome.BYPASS
    assert str(entered.finding.used).replace("\u202f", "") == "1234.50"
    person.waits_until(lambda: page.column.is_home)
    assert page.list.hasFocus()


def test_a_check_card_is_issued_for_the_area_of_the_route(make_person: MakeWindow, listed: InspectionShown) -> None:
    person = on_page(make_person, listed)
    page, tools = person.window.rooms.inspect, person.window.tools
    assert not page.check.isHidden()
    page.check.click()
    assert person.window.shell.current == TOOLS.key
    person.waits_until(lambda: not tools.column.is_home)
    asked = tools.column.card.ask
    assert asked is not None
    assert asked.title.startswith("Check card")


def test_no_check_card_is_asked_for_while_one_is_out(make_person: MakeWindow, listed: InspectionShown) -> None:
    out = FieldCard(17, "Petra Lind", date(2025, 11, 20))
    lines = tuple(replace(each, card=out) for each in listed.lines)
    person = on_page(make_person, replace(listed, lines=lines))
    assert person.window.rooms.inspect.check.isHidden()
    assert said_field(lines[0], today=values.NOW.date()) == "check card 17, Petra Lind"


def test_a_check_card_that_has_expired_is_told_and_another_one_can_go(
    make_person: MakeWindow, listed: InspectionShown
) -> None:
    out = FieldCard(17, "Petra Lind", date(2025, 11, 13))
    lines = tuple(replace(each, card=out) for each in listed.lines)
    person = on_page(make_person, replace(listed, lines=lines))
    assert person.window.rooms.inspect.check.isVisible()
    assert said_field(lines[0], today=values.NOW.date()) == "check card 17, Petra Lind, expired 13 Nov"


def test_what_a_check_card_read_stands_in_the_finding(make_person: MakeWindow, listed: InspectionShown) -> None:
    """On its day, unless the visit was on another one."""
    person = on_page(make_person, inspections.from_days_ago(listed, 3))
    page = person.window.rooms.inspect
    person.presses(Qt.Key.Key_Down)
    assert said_field(chosen(person), today=values.NOW.date()) == "read 12 Nov"
    person.presses(Qt.Key.Key_Return)
    days = page.column.card.choices.options.rows
    assert [(day.name, day.note) for day in days[:2]] == [("Wednesday", "12 Nov"), ("Friday", "today")]
    page.column.card.submit()
    assert page.column.card.reference.text() == "4812.34"
    page.column.card.submit()
    person.waits_until(lambda: person.asked(EnterFinding))
    (entered,) = person.asked(EnterFinding)
    assert isinstance(entered, EnterFinding)
    assert (entered.finding.on, entered.finding.used) == (date(2025, 11, 12), Energy(4_812_340))


def test_a_finding_of_an_older_list_tells_the_day_of_the_visit(
    make_person: MakeWindow, listed: InspectionShown, caplog: pytest.LogCaptureFixture
) -> None:
    """Entered the morning after; corrected on the day after that, it keeps its day."""
    person = on_page(make_person, inspections.from_days_ago(listed, 2))
    page = person.window.rooms.inspect
    with nothing_cut(caplog):
        finding(person)
        _picture(person, "inspect-day-of-visit", dark=False)
    assert [day.note for day in page.column.card.choices.options.rows] == ["today", "13 Nov", "12 Nov"]
    person.presses(Qt.Key.Key_Down)
    person.presses(Qt.Key.Key_Return)
    page.column.card.submit()
    person.waits_until(lambda: chosen(person).line.finding)
    (entered,) = person.asked(EnterFinding)
    assert isinstance(entered, EnterFinding)
    assert entered.finding.on == date(2025, 11, 13)
    finding(person)
    assert [day.note for day in page.column.card.choices.options.rows] == ["13 Nov", "today", "12 Nov"]


def test_areas_are_gone_through_by_one_button(make_person: MakeWindow, listed: InspectionShown) -> None:
    person = on_page(make_person, listed)
    page = person.window.rooms.inspect
    areas = sorted({row.area for row in listed.lines})
    for area in areas:
        page.areas.click()
        assert page.area == area
        assert {row.area for row in page.list.rows} == {area}
    page.areas.click()
    assert page.list.rows == listed.lines


def test_how_often_a_criterion_was_right_has_room_beside_its_points(
    make_person: MakeWindow, listed: InspectionShown
) -> None:
    person = on_page(make_person, listed)
    criteria(person)
    choices = person.window.rooms.inspect.column.card.choices
    (cover,) = (each for each in choices.options.rows if each.key == Criterion.COVER)
    assert cover.note == "25, proposed 31, 14 of 20 right"
    assert text_width(cover.note, Face.BODY) + 2 * SIDE <= choices.columnWidth(1)
    names = max(text_width(each.name, Face.STRONG) for each in choices.options.rows)
    assert names + MARK + 2 * SIDE <= choices.columnWidth(0)


def test_a_meter_where_nobody_was_there_is_not_told_as_visited(listed: InspectionShown) -> None:
    row, on = listed.lines[0], values.NOW.date()
    told = {
        outcome: mark_of(replace(row, line=replace(row.line, finding=Finding(row.line.supply, outcome, on))))
        for outcome in (Outcome.NO_ACCESS, Outcome.NOTHING, Outcome.BYPASS)
    }
    words = {outcome: mark[1] for outcome, mark in told.items() if mark is not None}
    assert words == {Outcome.NO_ACCESS: "nobody there", Outcome.NOTHING: "visited", Outcome.BYPASS: "found"}


def test_points_are_set_and_a_new_list_is_counted_beside(make_person: MakeWindow, listed: InspectionShown) -> None:
    fresh = Counted(inspections.a_sample(5), 1234)
    person = on_page(make_person, listed, beside=Beside(fresh))
    page = person.window.rooms.inspect
    page.criteria.click()
    options = page.column.card.choices.options.rows
    assert options[0].name == "All as visits propose"
    assert (options[1].name, options[1].note) == ("Drawn by lot", "8 %, 1 of 9 right")
    wanted = next(at for at, option in enumerate(options) if option.key == Criterion.COVER)
    page.column.card.choices.selectRow(wanted)
    person.presses(Qt.Key.Key_Return)
    person.types("44")
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.asked(KeepSample))
    (asked,) = person.asked(SetCriteria)
    assert isinstance(asked, SetCriteria)
    assert asked.criteria.weights[Criterion.COVER] == 44
    assert person.asked(KeepSample) == [KeepSample(fresh)]
    (work,) = person.counter.beside.asked
    assert isinstance(work, partial)
    assert work.func is count
    assert work.keywords["criteria"].weights[Criterion.COVER] == 44
    person.waits_until(lambda: len(page.list.rows) == len(fresh.sample.suspects))
    assert not page.is_counting


@pytest.mark.parametrize("typed", ["", "-1", "ten", "1.5"])
def test_points_that_are_no_number_are_refused_in_words(
    make_person: MakeWindow, listed: InspectionShown, typed: str
) -> None:
    person = on_page(make_person, listed)
    page = person.window.rooms.inspect
    page.criteria.click()
    page.column.card.choices.selectRow(2)
    person.presses(Qt.Key.Key_Return)
    person.types(typed)
    person.presses(Qt.Key.Key_Return)
    assert person.asked(SetCriteria) == []
    assert not page.column.is_home


def without_route(shown: InspectionShown) -> InspectionShown:
    lines = tuple(replace(each, line=replace(each.line, is_on_route=False)) for each in shown.lines)
    return replace(shown, lines=lines)


def all_found(shown: InspectionShown) -> InspectionShown:
    seen = Finding(shown.lines[0].line.supply, Outcome.NOTHING, values.NOW.date())
    lines = tuple(replace(each, line=replace(each.line, finding=seen)) for each in shown.lines)
    return replace(shown, lines=lines)


@pytest.mark.parametrize("done", [without_route, all_found])
def test_an_old_list_is_counted_anew_by_itself_and_can_be_stopped(
    make_person: MakeWindow, listed: InspectionShown, done: Callable[[InspectionShown], InspectionShown]
) -> None:
    person = on_page(make_person, inspections.from_days_ago(done(listed), 13))
    page = person.window.rooms.inspect
    person.waits_until(lambda: page.is_counting)
    assert page.count.text() == "Stop counting"
    page.count.click()
    person.waits_until(lambda: not page.is_counting)
    assert person.asked(KeepSample) == []
    assert len(person.counter.beside.asked) == 1


def test_a_list_that_findings_are_still_to_come_of_stands_on_the_next_day(
    make_person: MakeWindow, listed: InspectionShown
) -> None:
    """With its day and how far it is; its findings are entered; a new one is counted for whoever asks."""
    fresh = Counted(inspections.a_sample(5), 1234)
    person = on_page(make_person, inspections.from_days_ago(listed, 1), beside=Beside(fresh))
    page = person.window.rooms.inspect
    assert person.counter.beside.asked == []
    assert (page.list.title, page.list.remark) == ("List of 13 November", "2 of 2 findings still to come")
    assert page.other.isHidden()
    found(person)
    assert page.list.remark == "1 of 2 findings still to come"
    page.count.click()
    person.waits_until(lambda: len(page.list.rows) == len(fresh.sample.suspects))
    assert page.list.title == "In order of priority"


def test_one_step_leads_to_an_older_list_that_waits_for_findings_and_back(
    make_person: MakeWindow, listed: InspectionShown
) -> None:
    old, older = (inspections.from_days_ago(listed, days, number=8 - days) for days in (2, 320))
    waiting = (*old.open_routes, *older.open_routes)
    newest = inspections.from_days_ago(without_route(listed), 1)
    person = on_page(make_person, replace(newest, open_routes=waiting))
    page = person.window.rooms.inspect
    page.count.click()
    person.waits_until(lambda: not page.is_counting)
    seen = []

    def is_there(shown: InspectionShown) -> bool:
        return page.shown is not None and page.shown.sample == shown.sample

    for shown in (old, older, newest):
        seen.append(page.other.text())
        person.counter.inspection = replace(shown, newest=7, open_routes=waiting)
        page.other.setFocus()
        person.presses(Qt.Key.Key_Return)
        person.waits_until(partial(is_there, shown))
    assert seen == [
        "List of 12 November, 2 findings still to come",
        "List of 29 December 2024, 2 findings still to come",
        "Newest list",
    ]
    assert person.asked(ShowInspection) == [ShowInspection(number) for number in (None, 6, -312, 7)]
    assert len(person.counter.beside.asked) == 1, "no list is counted on the way"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("practice", [False, True])
def test_a_list_that_stands_has_room(
    make_person: MakeWindow, listed: InspectionShown, caplog: pytest.LogCaptureFixture, practice: bool, dark: bool
) -> None:
    old = inspections.from_days_ago(listed, 320, number=5)
    person = on_page(make_person, replace(old, newest=7), dark=dark, practice=practice)
    with nothing_cut(caplog):
        _picture(person, f"inspect-stands-{'practice' if practice else 'wide'}", dark=dark)
        waiting = tuple(replace(each, waits_since=old.open_routes[0].on) for each in without_route(listed).lines[:3])
        person.counter.inspection = replace(listed, lines=waiting + listed.lines[3:], open_routes=old.open_routes)
        person.window.rooms.inspect.other.click()
        person.waits_until(lambda: person.window.rooms.inspect.list.title == "In order of priority")
        assert said_field(waiting[0], today=values.NOW.date()) == "on the route of 29 Dec 2024"
        _picture(person, f"inspect-other-{'practice' if practice else 'wide'}", dark=dark)


@pytest.mark.parametrize(("practice", "told"), [(False, "Counting, 40 %. You can go on working."), (True, "40 %")])
def test_how_far_the_counting_is_is_told_where_it_has_room(
    make_person: MakeWindow, listed: InspectionShown, practice: bool, told: str
) -> None:
    person = on_page(make_person, listed, practice=practice)
    page = person.window.rooms.inspect
    counting(person)
    person.counter.beside.tell(2, 5)
    person.waits_until(lambda: page.remark == told)
    page.count.click()
    person.waits_until(lambda: not page.is_counting)
    person.counter.beside.tell(3, 5)
    assert "%" not in page.remark


def test_a_count_that_fails_is_told_on_the_page(make_person: MakeWindow, listed: InspectionShown) -> None:
    person = on_page(make_person, listed, beside=Beside(EnvironmentFault(Code.LEDGER_DAMAGED, path="x", reason="y")))
    person.window.rooms.inspect.count.click()
    person.waits_until(lambda: not person.window.rooms.inspect.is_counting)
    assert person.window.rooms.inspect.remark
    assert person.window.rooms.inspect.list.rows == listed.lines


def test_a_mark_that_is_refused_is_told(make_person: MakeWindow, listed: InspectionShown) -> None:
    person = on_page(make_person, listed)
    person.counter.refuses[MarkRoute] = OperatorError(Code.SAMPLE_UNKNOWN, number=7)
    person.window.rooms.inspect.evidence.route.click()
    person.waits_until(lambda: any("list" in note.title for note in person.window.shell.toasts.notes))


# --- words -----------------------------------------------------------------------------------------------


def test_every_criterion_has_its_name_and_its_clause(listed: InspectionShown) -> None:
    facts = {"percent": 71, "peers": 9, "times": 2, "days": 94, "energy_wh": -310_000}
    assert set(CRITERIA) == set(Criterion)
    for criterion in Criterion:
        reason = Reason(criterion, 9, {**facts, "since": values.NOW.date()})
        line = replace(listed.lines[0].line, reasons=(reason,))
        assert clause_of(reason)
        assert sentence_of(line).endswith(".")
        assert all(figure_of(line))
    words = "uses 71 % less since November 2025, while its 9 neighbours do not"
    assert clause_of(Reason(Criterion.FELL, 9, {**facts, "since": values.NOW.date()})) == words
    beside: dict[str, int | date] = {**facts, "since": values.NOW.date(), "own_percent": -62, "peers_percent": 4}
    words = "used 62 % less than a year before, while its 9 neighbours used 4 % more"
    assert clause_of(Reason(Criterion.FELL, 9, beside)) == words
    assert clause_of(Reason(Criterion.SILENT, 9, {"days": 94})) == "no purchase for 94 days"
    words = "neither a purchase nor a write-back for 200 days"
    assert clause_of(Reason(Criterion.SILENT, 9, {"days": 200, "ever": 1})) == words
    words = "never bought and never read since it was opened 200 days ago"
    assert clause_of(Reason(Criterion.SILENT, 9, {"days": 200, "ever": 0})) == words
    never = replace(listed.lines[0].line, reasons=(Reason(Criterion.SILENT, 9, {"days": 200, "ever": 0}),))
    assert sentences_of(never)[-1] == "Silent for 200 days."
    assert clause_of(Reason(Criterion.UNEXPLAINED, 9, facts)) == "the meter has 310 kWh more than was ever bought"
    assert Criteria().size == 25


@pytest.mark.parametrize(
    ("own", "others", "words"),
    [
        (6, 70, "used 6 % more than a year before, while its 9 neighbours used 70 % more"),
        (0, 70, "used as much as a year before, while its 9 neighbours used 70 % more"),
        (-40, 0, "used 40 % less than a year before, while its 9 neighbours did not"),
        (2, 2, "used 2 % more than a year before, while its 9 neighbours used as much as before"),
    ],
)
def test_a_fall_beside_neighbours_who_rose_is_told_the_right_way_round(own: int, others: int, words: str) -> None:
    facts: dict[str, int | date] = {"percent": 35, "peers": 9, "since": values.NOW.date()}
    reason = Reason(Criterion.FELL, 9, {**facts, "own_percent": own, "peers_percent": others})
    assert clause_of(reason) == words


def test_a_supply_that_was_never_read_is_told_so(listed: InspectionShown) -> None:
    bought = [(values.NOW.date() - timedelta(days=10 * at), 10_000) for at in range(5, 0, -1)]
    record = a_record(1, readings=(), purchases=bought)
    sample = sample_of([record], Criteria(by_chance_percent=0), today=values.NOW.date())
    (told,) = (reason for reason in sample.suspects[0].reasons if reason.criterion is Criterion.UNREAD)
    line = replace(listed.lines[0].line, reasons=(told,))
    assert clause_of(told) == "bought five times, but no write-back was ever seen"
    assert sentences_of(line)[-1] == "No write-back was ever seen."
    assert figure_of(line) == ("5", "purchases unread")
