"""Readers and cards that lie, garble, hang or are exchanged: what comes through, and what the desk makes of it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest

from tests.cardio.builders import CARD, Counter, a_vault, a_write, an_issue
from vending_app.cardio.apdu import Apdu
from vending_app.cardio.bounded import BoundedWorker
from vending_app.cardio.builtin import BUILT_IN, BuiltInReaders
from vending_app.cardio.desfire.commands import Generation
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.classic import EmulatedClassic
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.link import Link, ReaderTrouble
from vending_app.cardio.totals1_layout import SLOT_B
from vending_app.cardio.watchdog import BoundedLink, Bounds
from vending_app.domain.errors import Code, VendingError

READ = Apdu(0xFF, 0xB0, 0x00, 0x00, expected=256).to_bytes()
SELECT = Apdu(0xFF, 0xA4, 0x00, 0x00, b"\x06").to_bytes()
UIDS = bytes.fromhex("04112233445566"), bytes.fromhex("04AABBCCDDEEFF")
MOST_COMMANDS = 120
"""More than an issue on any chip takes."""
BLANKS: dict[str, Callable[[bytes], SoftwareCard]] = {
    "sle4442": lambda uid: EmulatedCard.blank(),
    "classic": lambda uid: EmulatedClassic.blank(uid=uid[:4]),
    "desfire": lambda uid: EmulatedDesfire.factory(uid, Generation.EV2, entropy=counting()),
}


@pytest.fixture
def counter() -> Counter:
    return Counter()


def blank(chip: str, number: int = 0) -> SoftwareCard:
    return BLANKS[chip](UIDS[number])


def answer(fault: Fault) -> bytes:
    """To the reading of a blank card, which is the second command."""
    card = EmulatedCard.blank()
    card.arm(fault)
    card.exchange(SELECT)
    return card.exchange(READ)


@pytest.mark.parametrize(
    ("kind", "bit", "place"),
    [
        (FaultKind.FLIP_DATA, 0, 0),
        (FaultKind.FLIP_DATA, 1029, 1029),
        (FaultKind.FLIP_DATA, 2047, 2047),
        (FaultKind.FLIP_DATA, 2048, 0),
        (FaultKind.FLIP_STATUS, 0, 2056),
        (FaultKind.FLIP_STATUS, 15, 2055),
        (FaultKind.FLIP_STATUS, 16, 2056),
    ],
)
def test_the_bit_that_is_named_is_wrong_in_the_answer_and_no_other(kind: FaultKind, bit: int, place: int) -> None:
    right, wrong = answer(Fault(kind, 3, bit=bit)), answer(Fault(kind, 2, bit=bit))
    assert len(wrong) == len(right) == 258
    differing = [bit for bit in range(8 * len(wrong)) if (wrong[bit // 8] ^ right[bit // 8]) >> bit % 8 & 1]
    assert differing == [place]


def test_an_answer_loses_its_last_byte_or_all_but_the_first() -> None:
    right = answer(Fault(FaultKind.SHORT, 3))
    assert answer(Fault(FaultKind.SHORT, 2)) == right[:255] + right[256:]
    assert answer(Fault(FaultKind.CUT, 2)) == right[:1]


def test_an_answer_without_data_has_no_bit_of_data_to_lose() -> None:
    card = EmulatedCard.blank()
    card.arm(Fault(FaultKind.FLIP_DATA, 1, bit=3))
    assert card.exchange(SELECT) == b"\x90\x00"


@pytest.mark.parametrize("chip", BLANKS)
def test_a_card_that_lies_has_stored_nothing_and_is_found_out(counter: Counter, chip: str) -> None:
    """Whichever command of an issue it lies about: an issue that is taken for done is done, for the meter too."""
    lied = 0
    for at in range(1, MOST_COMMANDS):
        card = blank(chip)
        card.arm(Fault(FaultKind.LIE, at))
        is_done = issue_is_done(counter, card)
        if not card.faults.is_over:
            break
        card.put_back()
        is_done_again = is_done or issue_is_done(counter, card)
        assert not is_done_again or card.opens(a_vault(), card=CARD, key_version=1), at
        lied += not is_done
    assert lied > 3


@pytest.mark.parametrize("chip", BLANKS)
def test_a_blank_card_that_took_the_place_of_another_never_gets_keys_of_that_one(counter: Counter, chip: str) -> None:
    for at in range(1, MOST_COMMANDS):
        card, other = blank(chip), blank(chip, 1)
        card.stand_in = other
        card.arm(Fault(FaultKind.SWAP_BLANK, at))
        is_done = issue_is_done(counter, card)
        if not card.faults.is_over:
            break
        if is_done:
            assert other.opens(a_vault(), card=CARD, key_version=1), at
    assert at > 5


def issue_is_done(counter: Counter, card: SoftwareCard) -> bool:
    try:
        counter.carry_out(card, an_issue())
    except VendingError:
        return False
    return True


@pytest.mark.parametrize("place", [SLOT_B.address, SLOT_B.address + 16, SLOT_B.end - 1], ids=["state", "body", "mac"])
def test_one_bit_lost_in_reading_does_not_make_the_newest_order_look_torn(counter: Counter, place: int) -> None:
    card = counter.issued_card()
    counter.carry_out(card, a_write(2))
    with counter.session(card) as session:
        card.arm(Fault(FaultKind.FLIP_DATA, 2, bit=8 * place + 5))
        image = session.read()
    assert card.faults.is_over
    assert image.order is not None
    assert image.raw == card.image
    assert image.order == counter.codec.decode(card.image).order


def test_a_card_that_hangs_is_given_up_after_the_bound_and_done_with_when_it_is_taken_out() -> None:
    card, readers = EmulatedCard.blank(), BuiltInReaders()
    readers.insert(card)
    worker = BoundedWorker("test")
    card.arm(Fault(FaultKind.HANG, 1))
    with readers.connect(BUILT_IN) as link:
        bounded: Link = BoundedLink(link, worker, Bounds(answer_ms=20, connect_ms=20))
        with pytest.raises(ReaderTrouble) as caught:
            bounded.transmit(SELECT)
    assert caught.value.code is Code.READER_TIMEOUT
    card.let_go()
    card.put_back()
    with readers.connect(BUILT_IN) as link:
        assert BoundedLink(link, worker, Bounds()).transmit(SELECT) == b"\x90\x00"
    worker.close()


def test_an_answer_that_comes_after_nobody_waits_is_overwritten() -> None:
    """It may show a code: who asked for it would have erased it."""
    goes_on, came = Event(), Event()
    late = bytes(bytearray.fromhex("07AABBCC9000"))

    class Slow:
        atr = b""

        def transmit(self, apdu: bytes) -> bytes:
            goes_on.wait()
            return late

        def reconnect(self) -> None:
            came.set()

    worker = BoundedWorker("test")
    link = BoundedLink(Slow(), worker, Bounds(answer_ms=20, connect_ms=20))
    with pytest.raises(ReaderTrouble):
        link.transmit(SELECT)
    goes_on.set()
    for _ in range(500):
        if late == bytes(6):
            break
        came.wait(0.01)
    assert late == bytes(6)
