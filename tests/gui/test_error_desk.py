"""The error desk: every code of the reference meter has its answer, and an answer leads to its procedure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui import values
from tests.gui.at_window import Petra, at_window
from tests.gui.conftest import MakeWindow, Person
from vending_app.bench.world import CASHIER
from vending_app.domain.card import MeterStatus
from vending_app.domain.meter import MeterDecision, TripReason
from vending_app.domain.people import Role
from vending_app.domain.permissions import may
from vending_app.services.use_cases import ReadCard, ShowHistory
from vending_app.ui.meter_words import ANSWERS, STEPS, Step, answers_for

SIGNS = [*MeterDecision, *(reason for reason in TripReason if reason is not TripReason.NONE), *MeterStatus]


@pytest.mark.parametrize("sign", SIGNS)
def test_everything_the_meter_can_show_has_exactly_one_answer(sign: MeterDecision | TripReason | MeterStatus) -> None:
    assert len([answer for answer in ANSWERS if sign in answer.signs]) == 1


@pytest.mark.parametrize("decision", [each for each in MeterDecision if each.error_code])
def test_a_code_is_found_however_it_is_typed(decision: MeterDecision) -> None:
    code = decision.error_code
    figures = str(int(code[2:]))
    for typed in (code, code.lower(), code.replace("-", ""), f"E{figures}", figures):
        assert answers_for(typed)[0].code == code


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("display dark", "Display dark"),
        ("does nothing", "The card does nothing"),
        ("credit not", "The credit is not there"),
        ("POWER although", "No power although there is credit"),
        ("alárm", "Alarm lamp or sound"),
        ("stolen", "The card is lost, stolen or broken"),
    ],
)
def test_a_symptom_is_found_by_the_words_of_a_customer(typed: str, title: str) -> None:
    assert answers_for(typed)[0].title == title


def test_nothing_typed_shows_all_and_nonsense_nothing() -> None:
    assert answers_for("") == ANSWERS
    assert answers_for("zzz") == ()


@pytest.mark.parametrize("role", list(Role))
def test_every_answer_leads_somewhere_for_every_role_and_nowhere_he_may_not_go(role: Role) -> None:
    operator = values.ANA.__class__(values.ANA.name, "Somebody", role)
    for answer in ANSWERS:
        steps = answer.steps_of(operator)
        assert len(steps) <= 3
        assert all(may(operator, STEPS[step][2]) for step in steps)
    helpless = [answer.title for answer in ANSWERS if not answer.steps_of(operator)]
    assert helpless == [] or role is not Role.CASHIER


@pytest.mark.parametrize("answer", ANSWERS, ids=[answer.title for answer in ANSWERS])
def test_an_answer_keeps_the_house_style(answer: object) -> None:
    texts = [getattr(answer, name) for name in ("cause", "say", "next")]
    assert all(text.endswith(".") for text in texts)
    assert not any(word in " ".join(texts).lower() for word in ("please", "!", "error", "theft", "fraud"))


def test_f1_twice_leads_to_the_desk_and_escape_back_step_by_step(make_person: MakeWindow) -> None:
    person = make_person()
    person.logs_in()
    person.presses(Qt.Key.Key_F1)
    person.presses(Qt.Key.Key_F1)
    assert person.window.shell.current == "errors"
    person.presses(Qt.Key.Key_Escape)
    assert person.window.shell.current == "help"
    person.presses(Qt.Key.Key_Return)
    assert person.window.shell.current == "errors"


def at_the_desk(make_person: MakeWindow) -> Person:
    person = make_person()
    person.logs_in()
    person.puts_card_in(values.a_card())
    person.presses(Qt.Key.Key_F1)
    person.presses(Qt.Key.Key_F1)
    return person


def test_arrows_move_in_the_list_and_enter_begins_the_first_step(make_person: MakeWindow) -> None:
    person = at_the_desk(make_person)
    person.types("e")
    person.presses(Qt.Key.Key_Down)
    answer = person.window.error_flow.page.answer.answer
    assert answer is not None
    assert answer.code == "E-02"
    before = len(person.asked(ReadCard))
    person.presses(Qt.Key.Key_Return)
    assert person.window.shell.current == "sell"
    person.waits_until(lambda: len(person.asked(ReadCard)) > before)


def test_the_supply_of_the_card_is_the_one_that_a_step_is_about(make_person: MakeWindow) -> None:
    person = at_the_desk(make_person)
    assert person.window.error_flow.page.remark == "about supply 0041 7726"
    person.types("fewer kwh")
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.asked(ShowHistory) == [ShowHistory(values.SUPPLY)])


def test_what_fits_nothing_says_so_and_begins_nothing(make_person: MakeWindow) -> None:
    person = at_the_desk(make_person)
    person.types("zzz")
    assert person.window.error_flow.page.answer.answer is None
    person.presses(Qt.Key.Key_Return)
    assert person.window.shell.current == "errors"


@pytest.fixture
def petra(qtbot: QtBot, tmp_path: Path) -> Iterator[Petra]:
    with at_window(qtbot, tmp_path) as petra:
        yield petra


def opens_desk(petra: Petra, typed: str) -> None:
    petra.presses(Qt.Key.Key_F1)
    petra.presses(Qt.Key.Key_F1)
    assert petra.window.shell.current == "errors"
    petra.types(typed)


@pytest.mark.parametrize(
    ("typed", "step", "title"),
    [
        ("lost", Step.REISSUE, "Re-issue card"),
        ("e7", Step.PARAMETERS, "Parameters"),
        ("stand still", Step.METER, "Change meter"),
        ("cover", Step.NOTE, "Note"),
    ],
)
def test_a_step_begins_on_the_page_of_the_supply_at_hand(petra: Petra, typed: str, step: Step, title: str) -> None:
    petra.opens()
    opens_desk(petra, typed)
    card = petra.window.error_flow.page.answer
    assert step in card.steps
    card.buttons[card.steps.index(step)].click()
    petra.asked_for(title)
    assert petra.window.shell.current == "supply"


def test_without_a_supply_at_hand_he_is_found_first_and_the_step_begins_then(petra: Petra) -> None:
    petra.takes_out()
    petra.window.go("setup")
    opens_desk(petra, "lost")
    petra.presses(Qt.Key.Key_Return)
    page = petra.window.supplies
    petra.until(lambda: petra.window.shell.current == "supplies" and page.chosen is not None)
    petra.presses(Qt.Key.Key_Return)
    petra.asked_for("Re-issue card")


def test_whoever_goes_elsewhere_finds_no_step_begun_later(petra: Petra) -> None:
    petra.takes_out()
    petra.window.go("setup")
    opens_desk(petra, "lost")
    petra.presses(Qt.Key.Key_Return)
    petra.window.shell.rail.wanted.emit("setup")
    petra.opens()
    assert petra.window.supply.column.isHidden()


def test_a_cashier_is_offered_nothing_that_a_technician_does(petra: Petra) -> None:
    petra.logs_in(CASHIER)
    petra.opens()
    opens_desk(petra, "lost")
    assert petra.window.error_flow.page.answer.steps == (Step.SUPPLY,)
