"""How a reader is chosen and spoken to, where the chip may be written, and what a sale costs it."""

from __future__ import annotations

import pytest

from tests.cardio.builders import (
    Counter,
    a_codec,
    a_vault,
    a_write,
)
from tests.cardio.scripted import ScriptedLink
from vending_app.cardio.apdu import Answer
from vending_app.cardio.builtin import BUILT_IN, BuiltInReaders
from vending_app.cardio.desk import Desk
from vending_app.cardio.dialects import AcsCcid, PscOutcome, dialect_for
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.emulated.store import FACTORY_STATE
from vending_app.cardio.sle4442 import Sle4442
from vending_app.cardio.writing import runs
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import ReaderName


@pytest.fixture
def counter() -> Counter:
    return Counter()


# --- readers and dialects --------------------------------------------------------------------------------------


def test_no_card_is_said_to_be_absent(counter: Counter) -> None:
    with pytest.raises(OperatorError) as caught, counter.desk.session(BUILT_IN):
        pass
    assert caught.value.code is Code.CARD_ABSENT


def test_a_reader_that_is_not_there_is_gone(counter: Counter) -> None:
    with pytest.raises(EnvironmentFault) as caught, counter.desk.session(ReaderName("Nowhere")):
        pass
    assert caught.value.code is Code.READER_GONE


def test_a_reader_in_use_is_busy(counter: Counter) -> None:
    with counter.session(EmulatedCard.blank()):
        with pytest.raises(EnvironmentFault) as caught, counter.desk.session(BUILT_IN):
            pass
        assert caught.value.code is Code.READER_BUSY


def test_an_unknown_dialect_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(OperatorError) as caught:
        Desk(BuiltInReaders(), codec=a_codec(), vault=a_vault(), entropy=counting(), dialect="klingon")
    assert caught.value.code is Code.READER_DIALECT
    assert caught.value.facts["known"] == "acs, acs-old, omnikey"


@pytest.mark.parametrize("name", ["ACS ACR39U ICC Reader 00 00", "Some Reader 00", "Virtual PCD 00 00"])
def test_an_unknown_reader_is_taken_for_acs_ccid(name: str) -> None:
    assert dialect_for(ReaderName(name)).name == "acs"


@pytest.mark.parametrize(
    ("sw", "outcome"),
    [
        (0x9007, PscOutcome.RIGHT),
        (0x9000, PscOutcome.LOCKED),
        (0x9003, PscOutcome.WRONG),
        (0x9001, PscOutcome.WRONG),
        (0x63C2, PscOutcome.UNCLEAR),
    ],
)
def test_the_answers_of_acs_readers_to_a_code(sw: int, outcome: PscOutcome) -> None:
    """ACR1281U reference manual, PRESENT_CODE: 90 07 correct, 90 00 locked."""
    assert AcsCcid().outcome(Answer(b"", sw), b"\x01\x02\x03") is outcome


# --- the chip's floor and the cost -----------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "size"), [(0, 1), (0x1F, 1), (0x1F, 4), (0xFF, 2), (0x20, 225)])
def test_nothing_is_ever_written_below_the_floor_or_past_the_end(address: int, size: int) -> None:
    sent: list[bytes] = []
    chip = Sle4442(ScriptedLink(sent.append), AcsCcid())
    with pytest.raises(OperatorError) as caught:
        chip.write(address, bytes(size))
    assert caught.value.code is Code.CARD_ADDRESS_REFUSED
    assert not sent


def test_a_reader_that_gives_no_256_bytes_at_once_is_read_in_pieces() -> None:
    memory = bytes(range(256))
    chip = Sle4442(ScriptedLink(lambda apdu: small_read(memory, apdu)), AcsCcid())
    assert chip.read_all() == memory


def small_read(memory: bytes, apdu: bytes) -> bytes:
    address, count = apdu[3], apdu[4]
    return memory[address : address + count] + b"\x90\x00" if count else b"\x67\x00"


def test_a_sale_costs_no_command_and_no_byte_more_than_it_must(counter: Counter) -> None:
    """Select, read, counter, code, proof, state FF, one command a run, state 5A, read back."""
    card = counter.issued_card()
    for sequence in range(2, 8):
        before = card.image
        card.reset_counters()
        counter.carry_out(card, a_write(sequence))
        changed = [at for at in range(256) if before[at] != card.image[at]]
        slot = 0x30 if sequence % 2 else 0x70
        body_runs = list(runs(before[slot + 1 : slot + 64], card.image[slot + 1 : slot + 64]))
        was_used = before[slot] == 0x5A
        fixed = len(("select", "read", "counter", "code", "state 5A", "read back")) + was_used
        assert card.apdus == fixed + len(body_runs) + 1, "the counter once more, to prove the code by its effect"
        assert card.bytes_programmed == len(changed) + 2 * was_used


def test_runs_are_the_stretches_that_differ() -> None:
    assert list(runs(b"abcdef", b"aXYdeZ")) == [(1, b"XY"), (5, b"Z")]
    assert list(runs(b"same", b"same")) == []


def test_the_chips_own_area_is_what_it_was_after_issue_and_sales(counter: Counter) -> None:
    card = counter.issued_card()
    for sequence in (2, 3):
        counter.carry_out(card, a_write(sequence))
    assert card.image[:32] == FACTORY_STATE[:32]
