"""Long names are told whole where there is room: on an act's card, and where somebody chooses who approves."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.looks import nothing_cut
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, Role
from vending_app.services.key_cases import ShowKeys
from vending_app.ui.books.act_card import ActCard
from vending_app.ui.books.approval_card import ApprovalCard
from vending_app.ui.books.ask import Ask, Deed
from vending_app.ui.components.choice_list import Option
from vending_app.ui.components.pick_list import NOTE_WIDTH, PickList
from vending_app.ui.theme import make_look

NAME = "Maria-Theresia von Hohenberg-Lindenthal zu Altenburg"
READER = "ACS ACR1281 1S Dual Reader [ACR1281 Dual Reader SAM] (0123456789) 00 00"
BOSSES = (
    Operator(OperatorName("maria"), NAME, Role.SUPERVISOR, 6),
    Operator(OperatorName("daniel"), "Daniel Weiss", Role.SUPERVISOR, 6),
)
LOOK = make_look(dark=False, less_motion=True)
DEED = Deed(ShowKeys(), "The keys are shown.")


def asked_of(qtbot: QtBot, value: str, *, high: int) -> ActCard:
    card = ActCard(LOOK)
    qtbot.addWidget(card)
    card.resize(400, high)
    card.show_ask(Ask("Retire a card", "Make it blank", make=lambda _: DEED, facts=(("Reader", value, ""),)))
    return card


def test_a_fact_takes_as_many_lines_as_it_needs(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    short, long = (asked_of(qtbot, value, high=400) for value in ("ACS", READER))
    assert long.button.y() > short.button.y() + 10
    with nothing_cut(caplog):
        long.grab()


def test_a_fact_is_one_row_where_its_lines_would_push_the_buttons_out(qtbot: QtBot) -> None:
    high = asked_of(qtbot, "ACS", high=400).button.geometry().bottom() - 20
    long = asked_of(qtbot, READER, high=high)
    assert long.button.y() == asked_of(qtbot, "ACS", high=high).button.y()
    assert long.button.geometry().bottom() < high


def test_what_is_said_beside_a_name_takes_no_more_than_it_needs(qtbot: QtBot) -> None:
    picks = PickList(LOOK, name="Who")
    qtbot.addWidget(picks)
    picks.resize(420, 80)
    picks.grab()
    picks.show_options([Option("ana", "Ana Moreau", "user", "Cashier")])
    assert picks.columnWidth(1) == NOTE_WIDTH
    picks.show_options([Option("maria", NAME, "user", "Cashier")])
    assert picks.columnWidth(1) < NOTE_WIDTH / 2


def test_a_role_that_all_have_is_not_said_beside_their_names(qtbot: QtBot) -> None:
    card = ApprovalCard(LOOK)
    qtbot.addWidget(card)
    card.resize(440, 500)
    card.show_deed(DEED, BOSSES)
    assert [option.note for option in card.people.options.rows] == ["", ""]
    chief = Operator(OperatorName("irene"), "Irene Novak", Role.ADMINISTRATOR, 0)
    card.show_deed(DEED, (*BOSSES, chief))
    assert [option.note for option in card.people.options.rows] == ["Supervisor", "Supervisor", "Administrator"]
