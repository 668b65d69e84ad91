"""Tool cards at the window, over the real counter: a round is issued, carried, read in, and shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.at_window import Petra, at_window
from vending_app.bench.world import CASHIER, METER, MOMENT, SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.domain.card import CardKind
from vending_app.domain.energy import Energy
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import Money
from vending_app.domain.permissions import Act
from vending_app.domain.records import Area
from vending_app.meter.registers import RegisterFile, Registers
from vending_app.services import supply_cases
from vending_app.services.diagnosis_cases import DiagnoseCard
from vending_app.services.use_cases import Sell
from vending_app.ui.components.rail import SELL, TOOLS
from vending_app.ui.details.diagnosis_words import facts_of
from vending_app.ui.pages.tools_page import ToolsPage
from vending_app.ui.supply.entry_words import said_detail

AREA = "N-3"


@pytest.fixture
def petra(qtbot: QtBot, tmp_path: Path) -> Iterator[Petra]:
    with at_window(qtbot, tmp_path) as petra:
        registers = Registers(METER, area=AREA, time=MOMENT - timedelta(days=9))
        RegisterFile(petra.desk.world.folder / "meter.json", METER).save(registers)
        petra.logs_in(CASHIER)
        petra.does(Sell(petra.desk.world.new_id(), amount=Money.parse("50.00")))
        petra.loads(petra.desk.card)
        petra.logs_in()
        petra.does(supply_cases.EnterArea(Area(AREA, "North 3")))
        yield petra


def page_of(petra: Petra) -> ToolsPage:
    page = petra.window.tools
    petra.window.go(TOOLS.key)
    petra.until(lambda: page.cards is not None)
    return page


def asked_for(petra: Petra, title: str) -> None:
    card = petra.window.tools.column.card
    petra.until(lambda: card.isVisible() and card.title == title and card.button.isEnabled())


def told(petra: Petra, words: str) -> None:
    petra.until(lambda: petra.window.tools.column.is_home and words in petra.window.tools.facts.note[2])


def issues_check_card(petra: Petra) -> EmulatedCard:
    page = page_of(petra)
    fresh = petra.blank()
    page.issues[CardKind.CHECK].setFocus()
    petra.presses(Qt.Key.Key_Space)
    asked_for(petra, "Check card, 1 of 2")
    petra.presses(Qt.Key.Key_Return)
    petra.enters("5")
    asked_for(petra, "Check card, 2 of 2")
    assert page.column.card.choices.key == TECHNICIAN.name, "who asks carries it, unless he says otherwise"
    petra.presses(Qt.Key.Key_Return)
    told(petra, "Check card 1 is written and checked.")
    return fresh


def test_nothing_was_issued_yet_and_the_page_says_what_comes_first(petra: Petra) -> None:
    page = page_of(petra)
    assert page.table.empty[1] == "No tool card was issued yet"
    assert "Check card" in page.table.empty[2]
    assert page.readings.empty[1] == "Nothing came in yet"


def test_a_round_is_issued_carried_and_read_in_by_keyboard(petra: Petra) -> None:
    tool, page = issues_check_card(petra), petra.window.tools
    petra.until(lambda: len(page.model.rows) == 1)
    row = page.model.rows[0]
    assert (row.draft.mandate.area, row.draft.mandate.expires_on) == (AREA, (MOMENT + timedelta(days=4)).date())
    assert page._said_state(row) == "out"
    petra.takes_out()
    petra.desk.world.meter.use(Energy(12_000), power_w=500)
    assert petra.loads(tool) is MeterDecision.COLLECTED
    petra.desk.readers.insert(tool)
    petra.until(lambda: "In the reader: check card 1 of area N-3" in page.facts.note[2])
    petra.presses(Qt.Key.Key_F12)
    told(petra, "1 meter read in from check card 1.")
    petra.until(lambda: len(page.readings_model.rows) == 1)
    reading = page.readings_model.rows[0]
    assert (reading.meter, reading.supply, reading.customer) == (METER, SUPPLY, "Amara Okafor")
    assert reading.used == Energy(12_000)
    petra.until(lambda: page._said_state(page.model.rows[0]) == "read in")
    petra.presses(Qt.Key.Key_F12)
    told(petra, "Nothing new on check card 1")


def test_a_parameter_card_is_two_peoples_word(petra: Petra) -> None:
    page = page_of(petra)
    tool = petra.blank()
    page.issues[CardKind.PARAMETER].click()
    asked_for(petra, "Parameter card, 1 of 4")
    petra.presses(Qt.Key.Key_Return)
    petra.enters("")
    asked_for(petra, "Parameter card, 2 of 4")
    petra.enters("4.50", "30", "")
    asked_for(petra, "Parameter card, 3 of 4")
    petra.enters("", "400")
    asked_for(petra, "Parameter card, 4 of 4")
    petra.presses(Qt.Key.Key_Return)
    column = page.column
    petra.until(lambda: not column.approval.isHidden() and not petra.window.is_busy)
    deed = column.deed
    assert deed is not None
    assert "4.50 kW, alarm 30.00 and 5.00" in deed.sentence
    word = petra.desk.counter.approvals.give(deed.request, SUPERVISOR, operator=TECHNICIAN, act=Act.PARAMETER_CARD)
    column.submit(replace(deed, request=replace(deed.request, approval=word.id)))  # type: ignore[type-var]
    told(petra, "Parameter card 1 is written and checked.")
    assert petra.loads(tool) is MeterDecision.LIMITS_SET
    assert petra.desk.world.meter.view().overload_w == 4_500


def test_a_card_that_left_too_early_is_finished_by_the_same_button(petra: Petra) -> None:
    page = page_of(petra)
    tool = petra.blank()
    page.issues[CardKind.CHECK].click()
    asked_for(petra, "Check card, 1 of 2")
    petra.presses(Qt.Key.Key_Return)
    petra.enters("")
    asked_for(petra, "Check card, 2 of 2")
    tool.arm(Fault(FaultKind.TEAR, 12, Residue.MIXED))
    petra.presses(Qt.Key.Key_Return)
    petra.until(lambda: "Put the same card back" in page.column.card.note[2])
    assert not petra.window.is_busy
    petra.desk.readers.pull()
    petra.desk.readers.insert(tool)
    page.column.card.submit()
    told(petra, "Check card 1 is written and checked.")
    assert len(petra.books.tool_cards()) == 1


def test_a_customers_card_is_told_and_not_touched(petra: Petra) -> None:
    page_of(petra)
    petra.desk.reinsert()
    petra.presses(Qt.Key.Key_F12)
    told(petra, "no tool card of this office")


def test_the_sell_page_and_the_details_know_a_tool_card(petra: Petra) -> None:
    tool = issues_check_card(petra)
    petra.takes_out()
    petra.loads(tool)
    petra.logs_in(CASHIER)
    petra.window.go(SELL.key)
    petra.desk.readers.insert(tool)
    petra.until(lambda: "This is check card 1 of area N-3." in petra.window.sell.banner.says.sentence)
    facts = dict(facts_of(petra.does(DiagnoseCard())))  # type: ignore[arg-type]
    assert (facts["Mandate"], facts["Kind"]) == ("1, area N-3", "check")
    assert facts["Record 1"].startswith("meter 0000 1234 5678")
    assert facts["Record 2"] == "empty"
    assert "Write-back" not in facts


def test_the_life_of_a_supply_says_where_its_meter_was_read(petra: Petra) -> None:
    tool = issues_check_card(petra)
    petra.takes_out()
    petra.loads(tool)
    petra.desk.readers.insert(tool)
    petra.presses(Qt.Key.Key_F12)
    told(petra, "1 meter read in")
    petra.opens()
    shown = petra.window.supply.shown
    assert shown is not None
    details = [
        said_detail(event.kind, event.sequence, event.state, event.text)
        for event in shown.life.events
        if event.kind == "write-back"
    ]
    assert details[-1] == "meter read in the field"
    assert details[0] == "meter read by the card"


def test_each_role_is_offered_what_it_may_issue(petra: Petra) -> None:
    page = page_of(petra)
    petra.logs_in(SUPERVISOR)
    petra.until(page.issues[CardKind.PARAMETER].isHidden)
    assert not page.issues[CardKind.CHECK].isHidden()
    petra.logs_in()
    petra.until(lambda: not page.issues[CardKind.CLEAR].isHidden())


def test_the_slip_of_a_tool_card_is_printed_when_it_went_out_and_again(petra: Petra) -> None:
    page = page_of(petra)
    assert page.slip.isHidden()
    issues_check_card(petra)
    petra.until(page.slip.isVisible)
    papers = petra.desk.world.folder / "receipts"
    for _ in range(2):
        page.slip.click()
        petra.until((papers / "Slip-tool-1.pdf").exists)
        (papers / "Slip-tool-1.pdf").unlink()
