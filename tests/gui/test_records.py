"""The records page over the real counter: found by typing, shown whole, corrected with what stood before kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.at_window import Petra, at_window
from tests.gui.looks import keep, nothing_cut
from tests.gui.test_pictures import ARABIC, LONG, outside
from vending_app.bench.world import CASHIER, METER, MOMENT, SUPPLY
from vending_app.cardio.builtin import BUILT_IN
from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, MeterNo, SupplyNo
from vending_app.domain.people import Customer, Meter
from vending_app.domain.record_lines import CardStanding, RecordKind
from vending_app.domain.records import Area, CardEnd, FinalReading, MeterState, ReadingHow, Subject
from vending_app.services import supply_cases as ask
from vending_app.services.area_cases import EnterReading
from vending_app.services.choices import DeskChoices
from vending_app.services.record_cases import RecordsFound
from vending_app.services.stock_cases import CountCards, ReceiveCards, RetireCard, SpoilCards
from vending_app.ui.pages.records_page import RecordsPage
from vending_app.ui.records.record_words import changed_fields
from vending_app.ui.sell.stage import Stage

SECOND_METER = MeterNo("000087654321")
NOTHING_LEFT = FinalReading(ReadingHow.HAND, Energy(0), Energy(0))


@pytest.fixture
def petra(qtbot: QtBot, tmp_path: Path) -> Iterator[Petra]:
    with at_window(qtbot, tmp_path) as petra:
        yield petra


def page_of(petra: Petra) -> RecordsPage:
    page = petra.window._pages["records"]
    assert isinstance(page, RecordsPage)
    return page


def looks_at(petra: Petra, kind: RecordKind, text: str = "") -> RecordsPage:
    """As a person does: the place of the rail, the switch, and some letters."""
    page = page_of(petra)
    if petra.window.shell.current != "records":
        petra.window.go("records")
    page.kinds.choose(kind)
    page.kinds.chosen.emit(kind)
    page.field.setFocus()
    page.field.clear()
    if text.isascii():
        petra.types(text)
    else:
        page.field.setText(text)  # the test's keyboard has Latin keys only
    page.field.wanted.emit()
    petra.until(lambda: page.chosen is not None)
    petra.until(lambda: page.record.line is not None and page.record.line == page.chosen)
    return page


def fills(petra: Petra, title: str, *texts: str) -> None:
    """What the column asks, one field after the other."""
    card = page_of(petra).column.card
    petra.until(lambda: card.isVisible() and card.title == title and card.button.isEnabled())
    petra.enters(*texts)


def picks(petra: Petra, key: str) -> None:
    choices = page_of(petra).column.card.choices
    for _ in range(20):
        if choices.key == key:
            break
        petra.presses(Qt.Key.Key_Down)
    assert choices.key == key
    petra.presses(Qt.Key.Key_Return)


def test_a_customer_is_found_by_typing_and_shown_whole_with_his_history(petra: Petra) -> None:
    page = looks_at(petra, RecordKind.CUSTOMER, "okaf")
    line = page.chosen
    assert line is not None
    said = page.record.accessibleDescription()
    assert line.key in said
    petra.presses(Qt.Key.Key_Return)
    petra.until(lambda: petra.window.shell.current == "supply")
    assert petra.window.supply.shown is not None
    assert petra.window.supply.shown.supply.number == SUPPLY


def test_a_correction_keeps_what_stood_before(petra: Petra) -> None:
    page = looks_at(petra, RecordKind.CUSTOMER, "okaf")
    before = page.chosen
    assert before is not None
    page.correct.click()
    fills(petra, "Correct")
    picks(petra, "phone")
    fills(petra, "Correct: Phone", "0170 99", "new phone")
    petra.until(lambda: page.record.history.rows and page.column.is_home)
    told = page.record.history.rows[0]
    assert (told.title, told.why) == ("Phone", "new phone")
    assert "0170 99" in told.detail
    assert petra.books.customer(before.key).phone == "0170 99"
    (change,) = petra.books.record_changes(Subject.CUSTOMER, before.key)
    assert [label for label, _, _ in changed_fields(change.before, change.after)] == ["Phone"]


def test_a_new_customer_is_entered_in_two_steps_and_stands_in_the_list(petra: Petra) -> None:
    page = looks_at(petra, RecordKind.CUSTOMER)
    page.enter.click()
    fills(petra, "New customer, 1 of 2", "Lena Hoffmann", "3 Quay Road")
    fills(petra, "New customer, 2 of 2", "0170 4455", "P-77")
    petra.until(lambda: page.chosen is not None and page.chosen.key == page.field.text())
    looks_at(petra, RecordKind.CUSTOMER, "hoffmann")
    assert "P-77" in page.record.accessibleDescription()
    assert not page.supply.isEnabled(), "he has no supply yet"


def remove_meter(petra: Petra) -> None:
    petra.does(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600, make="Reference")))
    petra.does(ask.ChangeMeter(SUPPLY, SECOND_METER, "display dark", NOTHING_LEFT))


def test_a_removed_meter_comes_back_to_stock_by_keyboard(petra: Petra) -> None:
    remove_meter(petra)
    page = looks_at(petra, RecordKind.METER, METER)
    assert page.back_in.isVisible()
    page.back_in.click()
    fills(petra, "Back to stock", "76.5", "new seal 4471")
    petra.until(lambda: any(meter.number == METER for meter in petra.books.stock()))
    petra.until(lambda: page.chosen is not None and getattr(page.chosen, "state", None) is MeterState.STOCK)
    petra.until(lambda: "76.50" in page.record.accessibleDescription())
    assert page.back_in.isHidden()
    petra.until(lambda: page.record.history.rows)
    assert page.record.history.rows[0].why == "new seal 4471"


def test_a_meter_at_work_is_neither_corrected_nor_taken_into_stock(petra: Petra) -> None:
    page = looks_at(petra, RecordKind.METER, METER)
    assert (page.back_in.isHidden(), page.correct.isEnabled()) == (True, False)


def test_what_is_no_figure_is_told_where_it_was_typed(petra: Petra) -> None:
    petra.does(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
    page = looks_at(petra, RecordKind.METER, "rm-2")
    page.correct.click()
    fills(petra, "Correct")
    picks(petra, "ct_ratio")
    fills(petra, "Correct: CT ratio", "forty", "plate")
    assert "number" in page.column.card.note[2]
    assert petra.books.stock()[0].ct_ratio == 1


def test_cards_tell_what_became_of_them(petra: Petra) -> None:
    petra.blank()
    petra.does(ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.STOLEN))
    page = looks_at(petra, RecordKind.CARD, "okaf")
    standings = [line.standing for line in page.table.rows_model.rows]
    assert standings == [CardStanding.ACTIVE, CardStanding.STOLEN]
    assert (page.correct.isHidden(), page.enter.isHidden()) == (True, True)


def test_an_area_is_entered_with_its_transformer(petra: Petra) -> None:
    page = page_of(petra)
    petra.window.go("records")
    page.kinds.chosen.emit(RecordKind.AREA)
    page.enter.click()
    fills(petra, "Area", "E1", "Eastfield")
    fills(petra, "Area", "T-04")
    petra.until(lambda: page.chosen is not None)
    assert petra.books.areas() == (Area("E1", "Eastfield", "T-04"),)


def test_readings_of_an_area_are_entered_by_keyboard_and_a_wrong_one_is_refused(petra: Petra) -> None:
    petra.does(ask.EnterArea(Area("E1", "Eastfield", "T-04")))
    page = looks_at(petra, RecordKind.AREA, "eastfield")
    petra.until(page.read.isEnabled)
    page.read.click()
    fills(petra, "Another counter", "", "40")
    fills(petra, "Reading of T-04")
    picks(petra, "reading")
    petra.enters("1200.50", "2025-09-01", "")
    petra.until(lambda: page.column.is_home)
    page.read.click()
    fills(petra, "Reading")
    picks(petra, "T-04")
    fills(petra, "Reading of T-04")
    picks(petra, "reading")
    petra.enters("1100", "2025-10-01", "")
    petra.until(lambda: "1 Sep 2025" in page.column.card.accessibleDescription())
    petra.presses(Qt.Key.Key_Escape)
    page.read.click()
    fills(petra, "Reading")
    picks(petra, "T-04")
    fills(petra, "Reading of T-04")
    picks(petra, "reading")
    petra.enters("1300.75", "1.10.2025", "")
    petra.until(lambda: f"{Energy(1_300_750)} kWh on 1 Oct 2025" in page.record.accessibleDescription())
    assert [one.register for one in petra.books.area_readings("E1")] == [Energy(48_020_000), Energy(52_030_000)]
    assert petra.window.shell.toasts.notes[-1].line == f"{Energy(4_010_000)} kWh since 1 Sep 2025."


def test_a_cashier_sees_readings_and_enters_none(petra: Petra) -> None:
    petra.does(ask.EnterArea(Area("E1", "Eastfield", "T-04")))
    petra.does(EnterReading("E1", "T-04", date(2025, 9, 1), Energy(7_000)))
    petra.logs_in(CASHIER)
    page = looks_at(petra, RecordKind.AREA, "eastfield")
    petra.until(lambda: "7.00 kWh" in page.record.accessibleDescription())
    assert page.read.isHidden()


def test_blank_cards_are_received_spoilt_and_counted_by_keyboard(petra: Petra) -> None:
    petra.window.go("cards")
    strip = petra.window.cards.strip
    petra.until(lambda: strip.stock is not None)
    assert "not counted yet" in strip.accessibleDescription()
    strip.button.click()
    page = page_of(petra)
    for key, title, texts in (
        ("receive", "A delivery of cards", ("30", "DN 4471")),
        ("spoil", "Spoilt cards", ("2", "bent")),
        ("count", "Count the cards", ("26", "one is missing")),
    ):
        fills(petra, "Blank cards")
        picks(petra, key)
        fills(petra, title, *texts)
        petra.until(lambda: page.column.is_home)
        page.strip.button.click()
    now = petra.books.card_stock(limit=9)
    assert (now.here, [move.change for move in now.moves]) == (26, [-1, -2, 30, -1])
    assert ("Counted -1, then 26") in page.column.card.ask.facts[0][1]  # type: ignore[union-attr]


def test_half_a_card_and_a_difference_without_a_reason_are_told(petra: Petra) -> None:
    petra.does(ReceiveCards(30))
    page = looks_at(petra, RecordKind.CARD)
    petra.until(lambda: page.strip.stock is not None)
    page.open_stock()
    fills(petra, "Blank cards")
    picks(petra, "count")
    fills(petra, "Count the cards", "28.5", "x")
    assert "number" in page.column.card.note[2]
    page.open_stock()
    fills(petra, "Blank cards")
    picks(petra, "count")
    fills(petra, "Count the cards", "12", "")
    petra.until(lambda: "reason" in page.column.card.note[2])
    assert petra.books.card_stock(limit=1).here == 29


def test_a_card_that_came_back_is_read_before_anybody_approves_that_it_is_made_blank(petra: Petra) -> None:
    old, readers = petra.desk.card, petra.desk.readers
    number = petra.books.supply(SUPPLY, today=MOMENT.date()).card
    petra.blank()
    petra.does(ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.BROKEN))
    readers.pull()
    page = looks_at(petra, RecordKind.CARD)
    petra.until(lambda: page.strip.stock is not None)
    page.open_stock()
    fills(petra, "Blank cards")
    picks(petra, "retire")
    petra.until(lambda: "no card" in page.column.card.note[2].lower())
    readers.insert(old)
    picks(petra, "retire")
    petra.until(lambda: page.column.card.title == "Retire a card" and page.column.card.button.isEnabled())
    page.column.card.button.click()
    petra.until(lambda: not page.column.approval.isHidden())
    assert page.column.deed is not None
    assert page.column.deed.request == RetireCard(number, BUILT_IN)


def test_a_blank_card_is_one_that_was_retired_only_if_somebody_says_its_number(petra: Petra) -> None:
    petra.blank()
    page = looks_at(petra, RecordKind.CARD)
    petra.until(lambda: page.strip.stock is not None)
    page.open_stock()
    fills(petra, "Blank cards")
    picks(petra, "retire")
    petra.until(lambda: page.column.card.title == "Retire a card" and page.column.card.button.isEnabled())
    assert page.column.card.reference.isVisible()
    for typed, number in (("", None), ("0000 7000 0001", CardNo("000070000001"))):
        page.column.card.reference.setText(typed)
        page.column.card.button.click()
        petra.until(lambda: not page.column.approval.isHidden())
        assert page.column.deed is not None
        assert page.column.deed.request == RetireCard(number, BUILT_IN)
        page.column.leave()


def test_an_issue_from_an_empty_box_is_done_and_says_count_the_cards(petra: Petra) -> None:
    petra.does(CountCards(0))
    petra.blank()
    petra.does(ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.BROKEN))
    petra.until(lambda: any(note.title == "Count the cards" for note in petra.window.shell.toasts.notes))
    assert petra.books.card_stock(limit=1).here == -1
    assert "Count the cards" in page_of(petra).strip.accessibleDescription()


def test_whoever_only_sells_may_look_and_change_nothing(petra: Petra) -> None:
    petra.logs_in(CASHIER)
    page = looks_at(petra, RecordKind.CUSTOMER, "okaf")
    assert [page.enter.isHidden(), page.correct.isHidden(), page.back_in.isHidden()] == [True] * 3
    assert page.supply.isVisible()


def test_a_card_that_goes_in_takes_no_field_from_who_types(petra: Petra) -> None:
    petra.takes_out()
    page = looks_at(petra, RecordKind.CUSTOMER, "oka")
    petra.desk.readers.insert(petra.desk.card)
    petra.until(lambda: petra.window.flow.stage is Stage.READY)
    petra.types("f")
    assert page.field.text() == "okaf"


def test_an_answer_that_is_late_is_not_shown(petra: Petra) -> None:
    page = looks_at(petra, RecordKind.CUSTOMER, "okaf")
    shown = page.table.rows_model.rows
    page.show_found(RecordsFound(RecordKind.CUSTOMER, "oka", ()))
    page.show_found(RecordsFound(RecordKind.METER, "okaf", ()))
    assert page.table.rows_model.rows == shown
    page.show_found(RecordsFound(RecordKind.CUSTOMER, "okaf", ()))
    assert (page.table.rows_model.rows, page.record.line) == ((), None)


# --- pictures --------------------------------------------------------------------------------------------


def many(petra: Petra) -> None:
    """People with every kind of name, meters in every state, areas."""
    for name, address in ((LONG, "Flat 4, 1187 Old Harbour and Grain Market Road North"), (ARABIC, "شارع النهر ١٢")):
        petra.does(ask.EnterCustomer(Customer("", name, address, "+44 20 7946 0958", "P-77 4471 9923", LONG)))
    for at in range(14):
        petra.does(ask.EnterCustomer(Customer("", f"Household {at + 1}", f"{at} Mill Lane", f"0170 55{at:02d}")))
        meter = Meter(MeterNo(f"{700_000 + at:012d}"), "RM-2", 1600, 3, 40, 10, make="Reference")
        petra.does(ask.EnterMeter(meter))
        petra.does(ask.EnterArea(Area(f"E{at}", f"Eastfield {at} {LONG if at == 3 else ''}".strip(), f"T-{at:02d}")))
    petra.does(ask.ChangeMeter(SUPPLY, MeterNo(f"{700_003:012d}"), "display dark", NOTHING_LEFT))


def customers(petra: Petra) -> None:
    page = looks_at(petra, RecordKind.CUSTOMER, "featherstone")
    line = page.chosen
    assert line is not None
    known = petra.books.customer(line.key)
    for at in range(6):
        petra.does(
            ask.EnterCustomer(replace(known, phone=f"0170 99{at}", notes=f"Ring twice {at}"), f"he told so {at}")
        )
    looks_at(petra, RecordKind.CUSTOMER)
    page.table.selectRow(next(at for at, each in enumerate(page.table.rows_model.rows) if each.key == line.key))
    petra.until(lambda: len(page.record.history.rows) == 7)


def arabic(petra: Petra) -> None:
    page = looks_at(petra, RecordKind.CUSTOMER, "الخطيب")
    petra.until(lambda: page.record.history.rows)


def meters(petra: Petra) -> None:
    page = looks_at(petra, RecordKind.METER)
    page.table.selectRow(next(at for at, each in enumerate(page.table.rows_model.rows) if each.key == METER))
    petra.until(lambda: page.record.history.rows)


def meter_back(petra: Petra) -> None:
    meters(petra)
    page_of(petra).back_in.click()


def cards(petra: Petra) -> None:
    looks_at(petra, RecordKind.CARD)


def cards_low(petra: Petra) -> None:
    petra.does(CountCards(7, "first count"))
    page = looks_at(petra, RecordKind.CARD)
    petra.until(lambda: page.strip.stock is not None and page.strip.stock.is_low)


def stock_asked(petra: Petra) -> None:
    petra.does(ReceiveCards(200, LONG))
    for at in range(6):
        petra.does(SpoilCards(1, f"bent {at}"))
    page = looks_at(petra, RecordKind.CARD)
    petra.until(lambda: page.strip.stock is not None)
    page.open_stock()


def issuing(petra: Petra) -> None:
    petra.does(CountCards(7, "first count"))
    petra.window.go("cards")
    petra.until(lambda: petra.window.cards.strip.stock is not None)


def supply_agreed(petra: Petra) -> None:
    agreed = replace(petra.books.terms(agreed_supply(petra)), arrears_share_percent=20)
    petra.does(ask.ChangeTerms(agreed_supply(petra), agreed, "agreed on the phone"))
    petra.opens(agreed_supply(petra))


def agreed_supply(petra: Petra) -> SupplyNo:
    """The one that took over in `many`."""
    after = petra.books.life(SUPPLY).after
    assert after is not None
    return after


def statement_asked(petra: Petra) -> None:
    supply_agreed(petra)
    petra.window.supply.statement.click()


def statement_shown(petra: Petra) -> None:
    statement_asked(petra)
    petra.window.supply.column.card.submit()
    petra.until(lambda: petra.window.shell.current == "receipt")


def areas(petra: Petra) -> None:
    page = looks_at(petra, RecordKind.AREA, "featherstone")
    petra.until(lambda: page.record.history.rows)


def area_reading(petra: Petra) -> None:
    for at, point in enumerate(("T-03", "Feeder 12, Grain Market Road North", "F3", "F4", "F5")):
        petra.does(EnterReading("E3", point, date(2025, 9, 1), Energy(48_210_500 * (at + 1)), 40))
    page = looks_at(petra, RecordKind.AREA, "featherstone")
    petra.until(lambda: len(page.record.more) == 4)
    page.read.click()
    fills(petra, "Reading")
    picks(petra, "T-03")
    petra.until(page.column.card.amount.isVisible)


def area_read(petra: Petra) -> None:
    area_reading(petra)
    petra.presses(Qt.Key.Key_Escape)
    petra.until(lambda: page_of(petra).column.is_home)


def correcting(petra: Petra) -> None:
    page = looks_at(petra, RecordKind.CUSTOMER, "featherstone")
    page.correct.click()


def nothing_found(petra: Petra) -> None:
    page = looks_at(petra, RecordKind.METER)
    page.field.setText("zzz")
    page.field.wanted.emit()
    petra.until(lambda: page.chosen is None)


ACTS = (
    customers,
    arabic,
    meters,
    meter_back,
    cards,
    cards_low,
    stock_asked,
    supply_agreed,
    statement_asked,
    statement_shown,
    issuing,
    areas,
    area_reading,
    area_read,
    correcting,
    nothing_found,
)


# One look each: that colours change no place is seen by test_pictures.
@pytest.mark.parametrize(
    ("act", "dark"), [(act, at % 2 == 1) for at, act in enumerate(ACTS)], ids=[act.__name__ for act in ACTS]
)
def test_no_text_is_cut_and_nothing_lies_outside(
    petra: Petra, caplog: pytest.LogCaptureFixture, act: Callable[[Petra], None], dark: bool
) -> None:
    petra.window.dress(replace(DeskChoices(), dark=dark, less_motion=True))
    many(petra)
    with nothing_cut(caplog):
        act(petra)
        petra.window.grab()
        keep(petra.window, f"records-{act.__name__}-{'dark' if dark else 'light'}")
    assert outside(petra.window) == []
