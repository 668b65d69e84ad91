"""Locking: by F11 or because nobody is there; the page underneath stays as it was left. And one's own secret."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.people import LOCK_MINUTES
from vending_app.services.people_cases import ChangeSecret
from vending_app.services.use_cases import LogIn, LogOut, ReadCard, ShowDesk
from vending_app.ui.idle import MS_A_MINUTE, IdleWatch
from vending_app.ui.sell.stage import Stage

OWN = "482915"


def half_typed(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("37.5")


def locks(person: Person) -> None:
    person.presses(Qt.Key.Key_F11)
    assert person.window.is_locked
    person.waits_until(lambda: person.asked(LogOut))


def comes_back(person: Person, secret: str = values.PIN) -> None:
    person.types(secret)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: not person.window.is_locked)


# --- the page underneath ---------------------------------------------------------------------------------


def test_whoever_comes_back_finds_the_very_page_and_field_he_left(cashier: Person) -> None:
    half_typed(cashier)
    cashier.presses(Qt.Key.Key_Return)
    cash = cashier.window.sell.payment.cash
    assert QApplication.focusWidget() is cash
    cashier.types("40")
    reads = len(cashier.asked(ReadCard))
    locks(cashier)
    comes_back(cashier)
    assert cashier.stage() is Stage.READY
    assert cashier.window.sell.amount.field.text() == "37.5"
    assert cash.text() == "40"
    assert QApplication.focusWidget() is cash
    assert len(cashier.asked(ReadCard)) == reads, "nothing was touched"


def test_another_page_is_found_again_too(cashier: Person) -> None:
    cashier.presses(Qt.Key.Key_F3)
    cashier.types("mill")
    locks(cashier)
    comes_back(cashier)
    assert cashier.window.shell.current == "supplies"
    assert cashier.window.supplies.field.text() == "mill"


def test_a_card_that_moved_meanwhile_is_read_again(cashier: Person) -> None:
    half_typed(cashier)
    locks(cashier)
    cashier.takes_card_out()
    cashier.hand.put_in()
    cashier.waits_until(lambda: any(state.card_present for state in cashier.window._readers))
    reads = len(cashier.asked(ReadCard))
    comes_back(cashier)
    cashier.waits_until(lambda: len(cashier.asked(ReadCard)) > reads)
    cashier.waits_for(Stage.READY)
    assert cashier.window.sell.amount.field.text() == "37.5"


def test_a_role_that_changed_meanwhile_finds_only_what_it_may(make_person: MakeWindow) -> None:
    cashier = make_person()
    cashier.logs_in()
    cashier.window.go("shift")
    locks(cashier)
    cashier.counter.operators = (replace(values.ANA, role=values.PETRA.role),)
    comes_back(cashier)
    assert cashier.window.shell.current == "start"


def test_the_lock_says_whose_work_waits_and_shows_nothing_of_it(cashier: Person) -> None:
    half_typed(cashier)
    locks(cashier)
    assert cashier.window.login.waiting == values.ANA
    assert not cashier.window.shell.isVisible()
    comes_back(cashier)
    assert cashier.window.login.waiting is None


def test_without_anything_typed_another_person_comes_in_at_once(cashier: Person) -> None:
    locks(cashier)
    cashier.presses(Qt.Key.Key_Right)
    comes_back(cashier)
    assert cashier.window.operator == values.BEN


def test_a_warning_is_for_one_person_and_ends_with_another_tile(cashier: Person) -> None:
    half_typed(cashier)
    locks(cashier)
    cashier.waits_until(lambda: cashier.window.login.greeting)
    cashier.presses(Qt.Key.Key_Right)
    cashier.types(values.PIN)
    cashier.presses(Qt.Key.Key_Return)
    assert "half typed" in cashier.window.login.sentence
    cashier.presses(Qt.Key.Key_Left)
    assert cashier.window.login.sentence == ""
    comes_back(cashier)
    assert cashier.window.sell.amount.field.text() == "37.5"
    assert [asked.name for asked in cashier.asked(LogIn)] == [values.ANA.name] * 2  # type: ignore[attr-defined]


# --- nobody there ----------------------------------------------------------------------------------------


def test_a_desk_that_nobody_touches_locks_itself(cashier: Person) -> None:
    assert cashier.window.idle.timer.interval() == LOCK_MINUTES * MS_A_MINUTE
    half_typed(cashier)
    cashier.window.idle.timer.start(1)
    cashier.waits_until(lambda: cashier.window.is_locked)
    cashier.window.idle.timer.setInterval(MS_A_MINUTE)
    comes_back(cashier)
    assert cashier.window.sell.amount.field.text() == "37.5"


@pytest.mark.parametrize("touch", [Qt.Key.Key_1, Qt.Key.Key_F1])
def test_every_touch_begins_the_minutes_anew(cashier: Person, touch: Qt.Key) -> None:
    cashier.window.idle.timer.stop()
    cashier.presses(touch)
    assert cashier.window.idle.timer.isActive()


def test_a_card_that_is_being_written_is_not_locked_away(cashier: Person) -> None:
    cashier.counter.hold = threading.Event()
    half_typed(cashier)
    cashier.presses(Qt.Key.Key_F12)
    cashier.waits_for(Stage.WRITING)
    cashier.window.idle.idle.emit()
    assert not cashier.window.is_locked
    assert cashier.window.idle.timer.isActive()
    cashier.counter.hold.set()
    cashier.waits_for(Stage.DONE)


def test_the_office_may_choose_other_minutes_or_never_to_lock(cashier: Person) -> None:
    cashier.counter.lock_minutes = 2
    cashier.window.bridge.submit(ShowDesk())
    cashier.waits_until(lambda: cashier.window.idle.timer.interval() == 2 * MS_A_MINUTE)
    cashier.counter.lock_minutes = 0
    cashier.window.bridge.submit(ShowDesk())
    cashier.waits_until(lambda: cashier.window.desk and cashier.window.desk.lock_minutes == 0)
    cashier.presses(Qt.Key.Key_1)
    assert not cashier.window.idle.timer.isActive()


# --- one's own secret ------------------------------------------------------------------------------------


@pytest.fixture
def newcomer(make_person: MakeWindow) -> Person:
    """Ana, whose PIN was given to her by the administrator."""
    person = make_person(scene.Counter(operators=(replace(values.ANA, must_change=True), values.BEN)))
    person.waits_until(lambda: person.window.login.greeting)
    person.types(values.PIN)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.login.own)
    return person


def types_own(person: Person, first: str, second: str) -> None:
    for typed in (first, second):
        person.types(typed)
        person.presses(Qt.Key.Key_Return)


def test_whoever_got_his_pin_from_somebody_else_chooses_his_own_first(newcomer: Person) -> None:
    assert newcomer.window.is_locked
    types_own(newcomer, OWN, OWN)
    newcomer.waits_until(lambda: not newcomer.window.is_locked)
    (asked,) = newcomer.asked(ChangeSecret)
    assert asked == ChangeSecret(old=values.PIN, new=OWN)
    assert newcomer.window.login.own is None


def test_two_that_differ_are_asked_again_and_nothing_is_sent(newcomer: Person) -> None:
    types_own(newcomer, OWN, "730264")
    assert newcomer.window.login.sentence == "The two are not the same. Type a new PIN."
    assert newcomer.asked(ChangeSecret) == []
    types_own(newcomer, OWN, OWN)
    newcomer.waits_until(lambda: not newcomer.window.is_locked)


def test_one_that_is_easy_to_guess_is_refused_in_words_and_asked_again(newcomer: Person) -> None:
    newcomer.counter.refuses[ChangeSecret] = OperatorError(Code.SECRET_WEAK, reason="all figures alike")
    types_own(newcomer, "111111", "111111")
    newcomer.waits_until(lambda: newcomer.window.login.sentence)
    assert "all figures alike" in newcomer.window.login.sentence
    newcomer.counter.refuses.clear()
    types_own(newcomer, OWN, OWN)
    newcomer.waits_until(lambda: not newcomer.window.is_locked)


def test_somebody_else_may_come_in_instead(newcomer: Person) -> None:
    newcomer.presses(Qt.Key.Key_Right)
    assert newcomer.window.login.own is None
    comes_back(newcomer)
    assert newcomer.window.operator == values.BEN


def test_the_step_tells_no_secret_in_its_text(newcomer: Person) -> None:
    assert values.PIN not in repr(newcomer.window.login.own)


def test_only_between_begin_and_end_somebody_is_there(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    watch = IdleWatch(field)
    watch.set_minutes(1)
    seen = [_is_seen(watch, field)]
    watch.begin()
    seen.append(_is_seen(watch, field))
    watch.end()
    seen.append(_is_seen(watch, field))
    assert seen == [False, True, False]


def _is_seen(watch: IdleWatch, field: QLineEdit) -> bool:
    watch.timer.stop()
    QTest.keyClick(field, Qt.Key.Key_A)
    return watch.timer.isActive()
