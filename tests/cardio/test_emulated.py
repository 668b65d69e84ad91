"""The chip in software behaves as the data sheet says, also when it is torn or its process is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cardio.builders import A_WRITE_BACK, CARD, Counter, a_codec, a_vault, a_write, an_issue
from vending_app.cardio.apdu import Answer, Apdu, MalformedApdu, NoAnswer
from vending_app.cardio.builtin import BUILT_IN, BuiltInReaders
from vending_app.cardio.dialects import AcsCcid
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.store import FACTORY_STATE, FileStore, MemoryStore
from vending_app.cardio.link import CardRemoved, ReaderTrouble
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import ReaderName

ACS = AcsCcid()
TRANSPORT = b"\xff\xff\xff"


def selected(card: EmulatedCard | None = None) -> EmulatedCard:
    card = card or EmulatedCard.blank()
    assert send(card, ACS.select()) == b"\x90\x00"
    return card


def unlocked(card: EmulatedCard | None = None) -> EmulatedCard:
    card = selected(card)
    assert send(card, ACS.present(TRANSPORT)) == b"\x90\x07"
    return card


def send(card: EmulatedCard, apdu: Apdu) -> bytes:
    return card.exchange(apdu.to_bytes())


# --- commands ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("apdu", "raw"),
    [
        (ACS.select(), "FF A4 00 00 01 06"),
        (ACS.read(0, 256), "FF B0 00 00 00"),
        (ACS.read(0x20, 16), "FF B0 00 20 10"),
        (ACS.security(), "FF B1 00 00 04"),
        (ACS.protection(), "FF B2 00 00 04"),
        (ACS.write(0x30, b"\x5a"), "FF D0 00 30 01 5A"),
        (ACS.present(b"\x01\x02\x03"), "FF 20 00 00 03 01 02 03"),
        (ACS.change(TRANSPORT, b"\x01\x02\x03"), "FF D2 00 01 03 01 02 03"),
    ],
)
def test_commands_are_those_of_the_acs_manuals(apdu: Apdu, raw: str) -> None:
    assert apdu.to_bytes() == bytes.fromhex(raw)
    assert Apdu.parse(bytes.fromhex(raw)) == apdu


@given(st.binary(max_size=300))
def test_any_bytes_are_a_command_or_are_refused(raw: bytes) -> None:
    try:
        apdu = Apdu.parse(raw)
    except MalformedApdu:
        return
    assert apdu.to_bytes()[:4] == raw[:4]


@given(st.binary(max_size=40).map(lambda tail: b"\xff" + tail))
def test_a_card_answers_any_command_with_a_status_word(raw: bytes) -> None:
    assert Answer.parse(selected().exchange(raw))


@pytest.mark.parametrize("raw", [b"", b"\x90"])
def test_an_answer_without_status_word_is_no_answer(raw: bytes) -> None:
    with pytest.raises(NoAnswer):
        Answer.parse(raw)


def test_nothing_works_before_the_card_type_is_selected() -> None:
    assert send(EmulatedCard.blank(), ACS.read(0, 256)) == b"\x69\x85"


# --- the chip ------------------------------------------------------------------------------------------------


def test_a_new_card_shows_its_chip_area_and_is_else_empty() -> None:
    """Dump of a new card in pyscard issue 137."""
    image = EmulatedCard.blank().image
    assert image[:8].hex() == "a2131091ffff8115"
    assert image[21:27].hex() == "d27600000400"
    assert set(image[32:]) == {0xFF}


def test_wrong_codes_use_up_the_tries_and_then_nothing_helps() -> None:
    card = selected()
    answers = [send(card, ACS.present(b"\0\0\0")) for _ in range(4)]
    assert answers == [b"\x90\x03", b"\x90\x01", b"\x90\x00", b"\x90\x00"]
    assert send(card, ACS.present(TRANSPORT)) == b"\x90\x00"
    send(card, ACS.write(0x40, b"\x12"))
    assert card.image[0x40] == 0xFF


def test_the_right_code_gives_all_tries_back_and_shows_the_code() -> None:
    card = selected()
    send(card, ACS.present(b"\0\0\0"))
    assert send(card, ACS.security()) == b"\x03\0\0\0\x90\x00"
    send(card, ACS.present(TRANSPORT))
    assert send(card, ACS.security()) == b"\x07\xff\xff\xff\x90\x00"


def test_a_locked_card_takes_a_write_without_a_word_and_does_not_change() -> None:
    card = selected()
    assert send(card, ACS.write(0x40, b"\x12")) == b"\x90\x00"
    assert card.image[0x40] == 0xFF


def test_power_loss_locks_the_card_again() -> None:
    card = unlocked()
    card.power_off()
    selected(card)
    send(card, ACS.write(0x40, b"\x12"))
    assert card.image[0x40] == 0xFF


def test_a_protected_byte_stays_for_ever() -> None:
    card = unlocked()
    send(card, ACS.write(0x10, b"\x77"))
    send(card, Apdu(0xFF, 0xD1, 0x00, 0x10, b"\x78"))
    send(card, ACS.write(0x10, b"\x79"))
    assert card.image[0x10] == 0x79, "another value than the byte's own protects nothing"
    send(card, Apdu(0xFF, 0xD1, 0x00, 0x10, b"\x79"))
    send(card, ACS.write(0x10, b"\x80"))
    assert card.image[0x10] == 0x79
    assert send(card, ACS.protection())[2:3] == b"\x1e"


def test_a_changed_code_replaces_the_old_one() -> None:
    card = unlocked()
    send(card, ACS.change(TRANSPORT, b"\x01\x02\x03"))
    card.power_off()
    selected(card)
    assert send(card, ACS.present(TRANSPORT)) == b"\x90\x03"
    assert send(card, ACS.present(b"\x01\x02\x03")) == b"\x90\x07"


@pytest.mark.parametrize(("old", "new", "us"), [(0xFF, 0x0F, 2500), (0x0F, 0xFF, 5000), (0x0F, 0xF0, 5000)])
def test_clearing_bits_is_quicker_than_erasing(old: int, new: int, us: int) -> None:
    card = unlocked()
    send(card, ACS.write(0x40, bytes([old])))
    card.reset_counters()
    send(card, ACS.write(0x40, bytes([new])))
    assert card.busy_us == us


def test_time_is_passed_for_real_when_asked() -> None:
    passed: list[int] = []
    card = unlocked(EmulatedCard(MemoryStore(), wait=passed.append))
    before = sum(passed)
    send(card, ACS.write(0x40, b"\x00\x00"))
    assert sum(passed) - before == 5000


def test_a_byte_written_with_its_own_value_shows_as_waste() -> None:
    card = unlocked()
    send(card, ACS.write(0x40, b"\xff"))
    assert card.bytes_programmed == 1


# --- faults --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("residue", "left"), [(Residue.OLD, 0x0F), (Residue.ERASED, 0xFF), (Residue.MIXED, 0x0C)])
def test_a_torn_byte_is_left_as_planned_and_the_ones_after_it_are_not_begun(residue: Residue, left: int) -> None:
    card = unlocked()
    send(card, ACS.write(0x40, b"\x0f\x0f\x0f"))
    card.arm(Fault(FaultKind.TEAR, 2, residue))
    assert send(card, ACS.write(0x40, b"\x3c\x3c\x3c")) == b""
    assert card.image[0x40:0x43] == bytes([0x3C, left, 0x0F])
    assert card.is_out


@pytest.mark.parametrize(
    ("at", "residue", "left"),
    [
        (1, Residue.OLD, 0b111),
        (1, Residue.ERASED, 0b111),
        (1, Residue.MIXED, 0b011),
        (2, Residue.OLD, 0b011),
        (2, Residue.MIXED, 0b011),
        (2, Residue.ERASED, 0b111),
    ],
)
def test_presenting_the_code_tears_at_either_of_its_two_programmings(at: int, residue: Residue, left: int) -> None:
    """SLE4442: clear one bit of the error counter, compare, erase the counter."""
    card = selected(EmulatedCard.blank())
    card.arm(Fault(FaultKind.TEAR, at, residue))
    assert send(card, ACS.present(TRANSPORT)) == b""
    card.put_back()
    assert send(selected(card), ACS.security()) == bytes([left, 0, 0, 0]) + b"\x90\x00"


def test_a_wrong_code_programs_the_counter_once_and_a_right_one_twice() -> None:
    card = selected(EmulatedCard.blank())
    send(card, ACS.present(b"\x01\x02\x03"))
    assert card.all_bytes_programmed == 1
    send(card, ACS.present(TRANSPORT))
    assert (card.all_bytes_programmed, card.bytes_programmed) == (3, 0), "main memory is counted by itself"


def test_a_card_pulled_before_a_command_did_not_do_it() -> None:
    card = unlocked()
    card.arm(Fault(FaultKind.PULL_BEFORE, 2))
    assert send(card, ACS.write(0x40, b"\x11")) == b"\x90\x00"
    assert send(card, ACS.write(0x41, b"\x22")) == b""
    assert card.image[0x40:0x42] == b"\x11\xff"


def test_a_card_whose_answer_was_lost_did_it() -> None:
    card = unlocked()
    card.arm(Fault(FaultKind.ANSWER_LOST, 1))
    assert send(card, ACS.write(0x40, b"\x11")) == b""
    assert card.image[0x40] == 0x11
    assert send(card, ACS.read(0, 1)) == b""


def test_a_card_put_back_is_locked_and_has_no_fault_left() -> None:
    card = unlocked()
    card.arm(Fault(FaultKind.PULL_BEFORE, 1))
    send(card, ACS.read(0, 1))
    card.put_back()
    assert send(card, ACS.read(0, 1)) == b"\x69\x85"
    assert len(send(selected(card), ACS.read(0, 256))) == 258


# --- files ---------------------------------------------------------------------------------------------------


def test_a_card_in_a_file_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "card.bin"
    FileStore.blank(path)
    card = unlocked(EmulatedCard.of_file(path))
    send(card, ACS.write(0x40, b"\x12"))
    send(card, ACS.change(TRANSPORT, b"\x01\x02\x03"))
    again = selected(EmulatedCard.of_file(path))
    assert again.image[0x40] == 0x12
    assert send(again, ACS.present(b"\x01\x02\x03")) == b"\x90\x07"
    assert path.stat().st_size == 264


def test_a_new_card_that_cannot_be_put_into_its_file_is_a_typed_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        FileStore.blank(tmp_path / "no such folder" / "card.bin")
    assert caught.value.code is Code.FILE_UNREADABLE


def test_a_bare_dump_is_a_card_with_transport_code_and_is_not_changed_by_reading(tmp_path: Path) -> None:
    path = tmp_path / "card.bin"
    path.write_bytes(FACTORY_STATE[:256])
    card = selected(EmulatedCard.of_file(path))
    send(card, ACS.read(0, 256))
    assert path.stat().st_size == 256
    send(card, ACS.present(TRANSPORT))
    send(card, ACS.write(0x40, b"\x12"))
    assert EmulatedCard.of_file(path).image[0x40] == 0x12
    assert path.stat().st_size == 264


@pytest.mark.parametrize("size", [0, 255, 257, 263, 265, 1024])
def test_a_file_of_another_size_is_no_card(tmp_path: Path, size: int) -> None:
    path = tmp_path / "card.bin"
    path.write_bytes(bytes(size))
    with pytest.raises(OperatorError) as caught:
        EmulatedCard.of_file(path)
    assert caught.value.code is Code.IMAGE_DAMAGED


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        EmulatedCard.of_file(tmp_path / "nothing.bin")
    assert caught.value.code is Code.FILE_UNREADABLE


KILLED_AT_BYTE = """
import os, signal, sys
from pathlib import Path
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.store import FileStore
def die(number):
    if number == 2 + 3:  # the error counter twice, then three bytes
        os.kill(os.getpid(), signal.SIGKILL)
card = EmulatedCard(FileStore(Path(sys.argv[1])), on_byte=die)
for apdu in ("FFA400000106", "FF20000003FFFFFF", "FFD00040050102030405"):
    card.exchange(bytes.fromhex(apdu))
"""


def test_a_killed_process_leaves_exactly_the_bytes_that_were_programmed(tmp_path: Path) -> None:
    path = tmp_path / "card.bin"
    FileStore.blank(path)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED_AT_BYTE, path], check=False, env={**os.environ, "PYTHONPATH": "."}
    )
    assert ended.returncode == -signal.SIGKILL
    assert EmulatedCard.of_file(path).image[0x40:0x45] == b"\x01\x02\x03\xff\xff"


def test_a_campaign_is_told_each_command_before_it_is_done() -> None:
    seen: list[tuple[int, int]] = []
    card = EmulatedCard(MemoryStore(), on_apdu=lambda number: seen.append((number, card.image[0x40])))
    unlocked(card)
    send(card, ACS.write(0x40, b"\x12"))
    assert seen == [(1, 0xFF), (2, 0xFF), (3, 0xFF)]


# --- in a meter ------------------------------------------------------------------------------------------------


@pytest.fixture
def issued() -> EmulatedCard:
    return Counter().issued_card()


RECORD = a_codec().encode_write_back(A_WRITE_BACK, card=CARD)


def test_a_meter_reads_and_writes_back(issued: EmulatedCard) -> None:
    slot = EmulatedMeterSlot(issued, vault=a_vault())
    assert slot.read() == issued.image
    assert slot.write_back(RECORD, card=CARD, key_version=1)
    assert a_codec().decode(issued.image).write_back == A_WRITE_BACK
    issued.reset_counters()
    assert slot.write_back(RECORD, card=CARD, key_version=1)
    assert issued.bytes_programmed == 0, "only bytes that differ are programmed"


def test_a_meter_leaves_a_card_alone_that_has_lost_a_try(issued: EmulatedCard) -> None:
    issued.chip.present(b"\0\0\0")
    assert not EmulatedMeterSlot(issued, vault=a_vault()).write_back(RECORD, card=CARD, key_version=1)
    assert issued.chip.error_counter == 3


def test_a_card_torn_out_of_a_meter_still_holds_its_orders(issued: EmulatedCard) -> None:
    Counter().carry_out(issued, a_write(2))
    before = a_codec().decode(issued.image)
    issued.arm(Fault(FaultKind.TEAR, 20))
    slot = EmulatedMeterSlot(issued, vault=a_vault())
    assert not slot.write_back(RECORD, card=CARD, key_version=1)
    assert slot.read() == b""
    after = a_codec().decode(issued.image)
    assert after.slots == before.slots
    assert after.write_back is None
    issued.put_back()
    assert slot.write_back(RECORD, card=CARD, key_version=1)


# --- the built-in reader -----------------------------------------------------------------------------------------


def test_the_watcher_hears_of_a_card_that_is_put_in_and_taken_out() -> None:
    readers = BuiltInReaders()
    heard: list[bool] = []
    inserted = Event()

    def watch() -> None:
        known = readers.list()
        inserted.set()
        for _ in range(2):
            known = readers.watch(known, timeout_ms=20_000)
            heard.append(known[0].card_present)
            inserted.set()

    watcher = Thread(target=watch)
    watcher.start()
    for act in (lambda: readers.insert(EmulatedCard.blank()), readers.pull):
        assert inserted.wait(20)
        inserted.clear()
        act()
    watcher.join(20)
    assert heard == [True, False]


def test_watching_ends_when_the_time_is_over() -> None:
    readers = BuiltInReaders()
    assert readers.watch(readers.list(), timeout_ms=1) == readers.list()


def test_a_card_thrown_out_by_a_fault_is_absent_until_it_is_put_in_again() -> None:
    counter = Counter()
    card = EmulatedCard.blank()
    card.arm(Fault(FaultKind.PULL_BEFORE, 1))
    with pytest.raises(OperatorError):
        counter.carry_out(card, an_issue())
    assert not counter.readers.list()[0].card_present
    counter.readers.insert(card)
    assert counter.readers.list()[0].card_present


def test_a_card_pulled_from_under_a_link_gives_one_empty_answer_and_then_nothing_until_reconnected() -> None:
    readers = BuiltInReaders()
    card = EmulatedCard.blank()
    readers.insert(card)
    with readers.connect(BUILT_IN) as link:
        readers.pull()
        assert link.transmit(ACS.select().to_bytes()) == b""
        readers.insert(card)
        with pytest.raises(CardRemoved):
            link.transmit(ACS.select().to_bytes())
        link.reconnect()
        assert link.transmit(ACS.select().to_bytes()) == b"\x90\x00"


def test_two_readers_hold_two_cards() -> None:
    names = (ReaderName("left"), ReaderName("right"))
    readers = BuiltInReaders(names)
    card = EmulatedCard.blank()
    readers.insert(card, names[1])
    assert [state.card_present for state in readers.list()] == [False, True]
    assert readers.pull(names[0]) is None
    assert readers.pull(names[1]) is card


def test_a_card_pulled_unwritten_lets_every_other_command_through() -> None:
    card = unlocked()
    card.arm(Fault(FaultKind.PULL_UNWRITTEN))
    before = card.image
    assert send(card, ACS.read(0x20, 16))[-2:] == b"\x90\x00"
    assert send(card, ACS.write(0x30, b"\x5a")) == b""
    assert (card.is_out, card.image) == (True, before)


def test_a_card_pulled_unchecked_took_all_writes_and_shows_none() -> None:
    card = unlocked()
    card.arm(Fault(FaultKind.PULL_UNCHECKED))
    assert send(card, ACS.read(0x20, 16))[-2:] == b"\x90\x00"
    assert send(card, ACS.write(0x30, b"\x5a")) == b"\x90\x00"
    assert send(card, ACS.write(0x31, b"\x12")) == b"\x90\x00"
    assert send(card, ACS.read(0x30, 2)) == b""
    assert (card.is_out, card.image[0x30:0x32]) == (True, b"\x5a\x12")


def test_an_unplugged_reader_is_gone_with_its_card_and_comes_back_with_it() -> None:
    readers = BuiltInReaders()
    card = selected()
    readers.insert(card)
    with readers.connect(BUILT_IN) as link:
        assert link.transmit(ACS.select().to_bytes()) == b"\x90\x00"
        readers.plug(is_in=False)
        assert link.transmit(ACS.read(0, 1).to_bytes()) == b""
    assert readers.list() == ()
    with pytest.raises(ReaderTrouble) as gone, readers.connect(BUILT_IN):
        pass
    assert gone.value.code is Code.READER_GONE
    readers.plug(is_in=True)
    assert [state.card_present for state in readers.list()] == [True]
    assert readers.held_card() is card


def test_a_card_is_swapped_once_at_the_next_connection() -> None:
    readers = BuiltInReaders()
    first, second = EmulatedCard.blank(), EmulatedCard.blank()
    readers.insert(first)
    readers.swap(second)
    assert readers.held_card() is first
    with readers.connect(BUILT_IN):
        assert readers.held_card() is second
    readers.insert(first)
    with readers.connect(BUILT_IN):
        assert readers.held_card() is first
