"""With two readers the pages where cards are made say which card lies in which; with one they say nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.at_window import Petra, at_window
from tests.gui.looks import looked_at, make_low
from tests.services.desk_of import a_desk
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.domain.ids import ReaderName
from vending_app.services.choices import DeskChoices
from vending_app.services.reader_cases import InReader, LookInReaders, ReadersLooked
from vending_app.ui.components.rail import CARDS, SELL, TOOLS
from vending_app.ui.reader_words import lines_of

LEFT, RIGHT = ReaderName("ACS ACR39U ICC Reader 00 00"), ReaderName("HID OMNIKEY 3x21 Smart Card Reader 01 00")
OWNER = "card •••• 0001 of Amara Okafor"


@pytest.fixture
def petra(qtbot: QtBot, tmp_path: Path) -> Iterator[Petra]:
    """Amara's card lies in the left one."""
    with at_window(qtbot, tmp_path, names=(LEFT, RIGHT)) as there:
        yield there


def told(petra: Petra) -> list[tuple[str, str]]:
    return [(line.reader, line.words) for line in petra.window.cards.readers.lines]


@pytest.mark.parametrize("is_low", [False, True])
def test_each_reader_tells_what_lies_in_it(petra: Petra, caplog: pytest.LogCaptureFixture, is_low: bool) -> None:
    window = petra.window
    if is_low:
        make_low(window)
        window.dress(DeskChoices(dark=True, less_motion=True))
    window.go(CARDS.key)
    left, right = "ACS ACR39U ICC Reader", "HID OMNIKEY 3x21 Smart Card Reader"
    petra.until(lambda: told(petra) == [(left, OWNER), (right, "no card")])
    petra.desk.readers.insert(EmulatedCard.blank(), RIGHT)
    petra.until(lambda: told(petra) == [(left, OWNER), (right, "blank card")])
    looked_at(window, caplog, f"two-readers-cards-{'low-dark' if is_low else 'light'}")
    window.go(TOOLS.key)
    petra.until(lambda: window.tools.facts.readers.lines)
    looked_at(window, caplog, f"two-readers-tools-{'low-dark' if is_low else 'light'}")
    petra.desk.readers.plug(is_in=False, reader=RIGHT)
    petra.until(lambda: told(petra) == [])
    assert window.cards.readers.wanted_height == 0


def test_a_card_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    with a_desk(tmp_path, names=(RIGHT, LEFT)) as desk:
        torn = EmulatedCard.blank()
        torn.arm(Fault(FaultKind.PULL_BEFORE, 1))
        desk.readers.insert(torn, LEFT)
        looked = desk.counter.do(LookInReaders())
    assert isinstance(looked, ReadersLooked)
    amaras, other = lines_of(looked)
    assert amaras.words == OWNER
    assert (other.tone, looked.readers[1].read) == ("bad", None)


def test_nobody_is_asked_where_nobody_looks(petra: Petra) -> None:
    petra.window.go(SELL.key)
    petra.desk.readers.insert(EmulatedCard.blank(), RIGHT)
    petra.until(lambda: sum(state.card_present for state in petra.window._readers) == 2)
    assert told(petra) == []


def test_two_readers_of_one_kind_are_told_apart_by_their_number() -> None:
    other = ReaderName("ACS ACR39U ICC Reader 01 00")
    assert lines_of(ReadersLooked((InReader(LEFT),))) == ()
    both = lines_of(ReadersLooked((InReader(LEFT), InReader(other))))
    assert [line.reader for line in both] == [LEFT, other]
