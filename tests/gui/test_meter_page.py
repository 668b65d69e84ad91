"""The meter on screen, with real cards, books and meters behind it: every row about the meter can be watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from tests.gui.beside import Beside
from tests.gui.taking_down import take_down
from tests.gui.waiting import wait_until
from vending_app import app, practice
from vending_app.domain.card import MeterStatus, WriteBack
from vending_app.domain.energy import Energy
from vending_app.practice import PracticeCounter
from vending_app.practice_street import FOREIGN, HOUSEHOLDS
from vending_app.services.drill_list import AMARA, BLANK
from vending_app.services.practice_cases import PracticeState
from vending_app.ui.bridge import DeskBridge, Finished
from vending_app.ui.main_window import MainWindow
from vending_app.ui.practice.dock import PracticeDock
from vending_app.ui.practice.meter_page import MeterPage
from vending_app.ui.practice.wall_card import MONTH_A_MINUTE
from vending_app.ui.sell.stage import Stage
from vending_app.ui.start import wear
from vending_app.ui.theme import make_look

WAIT_MS, WATCH_MS = 10_000, 50


@dataclass
class Resident:
    """Somebody at the practice window who goes home with the card."""

    window: MainWindow
    training: PracticeCounter
    bot: QtBot
    acts: list[object] = field(default_factory=list)
    done: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dock.acted.connect(self.acts.append)
        self.window.bridge.finished.connect(self.on_finished)

    def on_finished(self, finished: Finished) -> None:
        self.done.append(finished.use_case)

    @property
    def page(self) -> MeterPage:
        assert self.window.shell.meter is not None
        return self.window.shell.meter

    @property
    def dock(self) -> PracticeDock:
        assert self.window.shell.dock is not None
        return self.window.shell.dock

    @property
    def state(self) -> PracticeState:
        assert self.dock.state is not None
        return self.dock.state

    def clicks(self, button: QAbstractButton) -> None:
        """Press what has the focus, by keyboard, and wait until the dock has answered."""
        button.setFocus()
        asked = len(self.acts)
        QTest.keyClick(button, Qt.Key.Key_Space)
        self.waits_for_answer(asked)

    def waits_for_answer(self, asked: int) -> None:
        """To the one act that was asked for after so many; others may be answered meanwhile."""
        (act,) = self.acts[asked:]
        self.waits_until(lambda: any(each is act for each in self.done))

    def presses(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def types(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)
        self.presses(Qt.Key.Key_Return)

    def waits_until(self, happens: Callable[[], object]) -> None:
        wait_until(self.bot, happens, timeout_ms=WAIT_MS)

    def puts_in_reader(self, card: str) -> None:
        at = next(at for at, each in enumerate(self.state.tray) if each.key == card)
        self.dock.tray.turn(at // 6 - self.dock.tray.page)
        self.clicks(self.dock.tray._buttons[at])

    def puts_in_meter(self) -> None:
        self.clicks(self.page.card.put)

    def switches(self, appliance: str) -> None:
        self.clicks(self.page.load.chips[appliance])

    def runs_time(self, speed: int) -> None:
        """Choose how fast time runs, by the arrow keys."""
        segments = self.page.wall.speed._segments
        for _ in segments:
            chosen = next(each for each in segments if each.isChecked())
            if self.dock.speed != speed:
                chosen.setFocus()
                QTest.keyClick(chosen, Qt.Key.Key_Right if self.dock.speed < speed else Qt.Key.Key_Left)
        assert self.dock.speed == speed

    def lives(self, seconds: int = 1) -> None:
        """Let so many seconds pass on the clock on the wall."""
        for _ in range(seconds):
            asked = len(self.acts)
            self.dock._on_tick()
            self.waits_for_answer(asked)

    def lives_until(self, relay: str) -> None:
        for _ in range(400):
            if self.page.device.relay_word() == relay:
                return
            self.lives()
        raise AssertionError(f"the relay never said {relay}")

    def display(self) -> str:
        page = self.page.device.page
        return f"{page.caption} {page.figure} {page.unit}".rstrip() if page else ""

    def inquires(self) -> dict[str, str]:
        """Turn all pages of the display by its key."""
        self.page.device.setFocus()
        seen: dict[str, str] = {}
        self.presses(Qt.Key.Key_Right)
        while (page := self.page.device.page) is not None and page.caption not in seen:
            seen[page.caption] = f"{page.figure} {page.unit}".rstrip()
            self.presses(Qt.Key.Key_Right)
        return seen

    def counter_shown(self, label: str) -> str:
        return dict(self.page.card.counters)[label]

    def comes_to_the_office(self, card: str = AMARA) -> WriteBack:
        """The card goes back into the reader of the desk; what the office has read from it."""
        before = self.window.flow.read
        self.puts_in_reader(card)
        self.waits_until(lambda: self.window.flow.read not in {None, before})
        assert self.window.flow.read is not None
        told = self.window.flow.read.image.write_back
        assert told is not None
        return told

    def sells(self, amount: str) -> None:
        """A sale by keyboard, from the card in the reader to the written card."""
        self.waits_until(lambda: self.window.flow.stage is Stage.READY)
        self.window.press("F2")
        self.types(amount)
        self.types("500")
        self.waits_until(lambda: self.window.flow.stage is Stage.DONE)


@pytest.fixture
def resident(qtbot: QtBot, own_practice: Path) -> Iterator[Resident]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    wear(application, make_look(dark=False, less_motion=True))
    with practice.open_practice(own_practice, waits=False) as training:
        cards = training.counter.outside.cards
        bridge = DeskBridge(training.do, lambda known: cards.watch(known, timeout_ms=WATCH_MS))
        window = MainWindow(bridge, new_id=app.new_id, beside=Beside(), practice=True, less_motion=True)
        try:
            bridge.start()
            window.begin()
            window.show()
            window.activateWindow()
            qtbot.waitActive(window)
            wait_until(qtbot, lambda: window.is_furnished)
            yield at_home(Resident(window, training, qtbot))
        finally:
            take_down(window)


def at_home(someone: Resident) -> Resident:
    """Logged in, with an open shift, before the meter of the first house; time passes only when the test says so."""
    window = someone.window
    someone.dock.stop()
    someone.waits_until(lambda: window.login.greeting and someone.dock.state)
    someone.types(practice.PIN)
    someone.waits_until(lambda: not window.is_locked and window.shell.current == "shift")
    someone.types("100")
    someone.waits_until(lambda: window.shift is not None)
    someone.presses(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert window.shell.current == "meter"
    return someone


def test_s4_the_card_carries_energy_to_the_meter_and_registers_home(resident: Resident) -> None:
    resident.puts_in_reader(AMARA)
    resident.presses(Qt.Key.Key_Escape)
    resident.sells("50")
    resident.presses(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    before = resident.state.meter
    assert before is not None
    resident.puts_in_meter()
    after = resident.state.meter
    assert after is not None
    assert resident.display() == f"CREDITED 0{(after.remaining - before.remaining).plain} kWh"
    resident.switches("kettle")
    resident.lives(6)
    resident.puts_in_meter()
    used = resident.state.meter
    assert used is not None
    told = resident.comes_to_the_office()
    assert (told.energy_total, told.purchases) == (used.energy_total, before.purchases + 1)
    assert (told.used_total, told.remaining) == (used.used_total, used.remaining)
    assert told.used_total == before.used_total + Energy(3800)


def test_s6_an_overload_opens_the_relay_and_the_card_closes_it(resident: Resident) -> None:
    resident.switches("kettle")
    assert resident.page.device.relay_word() == "closed"
    resident.switches("welder")
    assert resident.page.device.relay_word() == "overload"
    assert (resident.page.load.remark, resident.counter_shown("Overload trips")) == ("11.3 kW, limit 8.0 kW", "1")
    resident.switches("welder")
    assert resident.page.device.relay_word() == "overload"
    resident.puts_in_reader(AMARA)
    resident.puts_in_meter()
    assert resident.page.device.relay_word() == "closed"


def test_s7_the_alarm_shows_at_the_level_that_the_card_brought(resident: Resident) -> None:
    resident.clicks(resident.page.street.tiles[2])
    assert (resident.state.meter_of, resident.page.device.tags) == ("Tomás Herrera", ())
    assert resident.inquires()["ALARM LEVEL"] == "0020.00 kWh"
    resident.runs_time(MONTH_A_MINUTE)
    resident.lives()
    assert resident.state.meter is not None
    assert resident.state.meter.remaining < Energy(20_000)
    assert resident.page.device.tags == ("ALARM",)
    assert "ALARM" in resident.page.device.accessibleName()


def test_s8_it_trips_once_at_the_second_level_and_the_card_closes_it(resident: Resident) -> None:
    resident.lives_until("low credit")
    assert resident.display() == "REMAINING 0010.00 kWh"
    resident.puts_in_reader(AMARA)
    resident.puts_in_meter()
    assert resident.page.device.relay_word() == "closed"
    resident.lives(3)
    assert resident.page.device.relay_word() == "closed"
    assert resident.counter_shown("Trips at low credit") == "1"


def test_s9_at_zero_it_opens_until_there_is_credit_and_counts_what_ran_past(resident: Resident) -> None:
    resident.runs_time(MONTH_A_MINUTE)
    resident.lives_until("low credit")
    resident.puts_in_reader(AMARA)
    resident.puts_in_meter()
    resident.lives_until("at zero")
    assert resident.inquires()["PAST ZERO"] == "1 Wh"
    resident.puts_in_meter()
    assert resident.page.device.relay_word() == "at zero"
    resident.presses(Qt.Key.Key_Escape)
    resident.puts_in_reader(AMARA)
    resident.sells("20")
    resident.presses(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    resident.puts_in_meter()
    assert resident.page.device.relay_word() == "closed"


def test_s10_what_was_used_past_zero_comes_home_to_the_office(resident: Resident) -> None:
    fatima = next(at for at, house in enumerate(HOUSEHOLDS) if house.key == "fatima")
    resident.clicks(resident.page.street.tiles[fatima])
    assert (resident.page.device.relay_word(), resident.display()) == ("at zero", "REMAINING -002.00 kWh")
    told = resident.comes_to_the_office("fatima")
    assert told.remaining == Energy(-2000)
    assert told.zero_crossing > Energy(2000)
    assert MeterStatus.AT_ZERO in told.status
    reading = resident.window.flow.read
    assert reading is not None
    assert reading.reading is not None
    assert reading.reading.write_back == told


def test_s12_the_card_in_the_meter_and_the_card_at_the_desk_say_the_same(resident: Resident) -> None:
    resident.puts_in_reader(AMARA)
    resident.puts_in_meter()
    assert resident.display() == "NOTHING NEW 0018.40 kWh"
    assert resident.page.remark == "card in: Amara Okafor"
    shown = resident.inquires()
    told = resident.comes_to_the_office()
    assert shown["TOTAL BOUGHT"] == f"{told.energy_total.plain} kWh"
    assert shown["PURCHASES"] == str(told.purchases)
    assert shown["USED"] == f"{told.used_total.plain} kWh"
    assert shown["REMAINING"] == f"00{told.remaining.plain} kWh"
    assert resident.window.flow.read is not None
    order = resident.window.flow.read.image.order
    assert order is not None
    assert shown["LAST PURCHASE"] == f"0{order.last_purchase.plain} kWh"
    assert set(shown) >= {"ALARM LEVEL", "TRIP LEVEL", "POWER LIMIT", "DATE", "TIME"}


def test_s14_registers_survive_without_mains(resident: Resident) -> None:
    before = resident.inquires()
    resident.clicks(resident.page.wall.mains)
    assert (resident.display(), resident.page.device.relay_word()) == ("", "no mains")
    resident.lives(2)
    resident.puts_in_reader(AMARA)
    resident.puts_in_meter()
    assert resident.display() == ""
    resident.clicks(resident.page.wall.mains)
    after = resident.inquires()
    assert {name: after[name] for name in ("REMAINING", "USED", "TOTAL BOUGHT", "PURCHASES")} == {
        name: before[name] for name in ("REMAINING", "USED", "TOTAL BOUGHT", "PURCHASES")
    }
    assert resident.counter_shown("Power failures") == "1"


def test_s15_an_illegal_card_and_an_opened_cover_reach_the_office(resident: Resident) -> None:
    for card, code in ((FOREIGN, "E-01"), (BLANK, "E-01"), ("bakery", "E-03")):
        resident.puts_in_reader(card)
        resident.clicks(resident.page.street.tiles[0])
        resident.puts_in_meter()
        assert resident.display() == f"CARD REFUSED {code}"
    resident.clicks(resident.page.wall.cover)
    assert "COVER" in resident.page.device.tags
    resident.puts_in_reader(AMARA)
    resident.puts_in_meter()
    told = resident.comes_to_the_office()
    assert (told.illegal_cards, told.tamper_events) == (3, 1)
    assert MeterStatus.COVER_OPEN in told.status


def test_the_display_cycles_by_itself_and_a_card_goes_in_and_out_of_the_slot(resident: Resident) -> None:
    assert resident.display().startswith("REMAINING")
    resident.page.device._on_cycle()
    assert resident.display().startswith("TOTAL BOUGHT")
    resident.puts_in_reader(AMARA)
    resident.puts_in_meter()
    assert (resident.state.in_meter, resident.state.in_reader) == (AMARA, None)
    resident.page.device._on_cycle()
    assert resident.display().startswith("NOTHING NEW"), "what was told of the card stays for a while"
    resident.clicks(resident.page.card.pull)
    assert resident.state.in_meter is None


def test_the_street_has_ten_meters_each_with_its_own_life(resident: Resident) -> None:
    seen = set()
    for tile in resident.page.street.tiles:
        resident.clicks(tile)
        assert resident.state.meter is not None
        seen.add((resident.state.meter.meter, resident.display()))
    assert len(seen) == len(HOUSEHOLDS) == 10
    lights = [tile.accessibleName() for tile in resident.page.street.tiles]
    assert sum("relay open" in name for name in lights) >= 1
    assert sum("light" in name for name in lights) >= 5


def test_a_lamp_counts_second_by_second_in_real_time(resident: Resident) -> None:
    resident.clicks(resident.page.street.tiles[0])
    resident.page.load.slider.chosen.emit(0)
    resident.waits_until(lambda: resident.state.load_w == 0)
    resident.switches("lamp")
    before = resident.state.meter
    resident.runs_time(1)
    resident.lives(3)
    assert resident.page.wall.remark.startswith("meter time")
    resident.runs_time(60)
    resident.lives(1)
    after = resident.state.meter
    assert before is not None
    assert after is not None
    assert after.used_total - before.used_total == Energy(1)
