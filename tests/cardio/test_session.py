"""A session at the desk: which card may be written, which code is tried, what a break means, what it costs."""

from __future__ import annotations

import pytest

from tests.cardio.builders import (
    CARD,
    OTHER_CARD,
    Counter,
    a_codec,
    a_vault,
    a_write,
    an_issue,
)
from vending_app.cardio.apdu import Answer
from vending_app.cardio.builtin import BUILT_IN, BuiltInReaders
from vending_app.cardio.desk import Desk
from vending_app.cardio.dialects import AcsCcid, PscOutcome, dialect_for
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.store import COUNTER_AT, FACTORY_STATE, PSC_AT, MemoryStore
from vending_app.cardio.link import CardMute, CardReset, Link
from vending_app.cardio.sle4442 import Sle4442, runs
from vending_app.domain.card import CardWrite, ImageState, RecordState
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown
from vending_app.domain.ids import ReaderName

PSC = a_vault().psc(card=CARD, key_version=1)


@pytest.fixture
def counter() -> Counter:
    return Counter()


def with_security(card: EmulatedCard, *, tries: int = 7, psc: bytes = PSC) -> EmulatedCard:
    """The same memory with another error counter and code."""
    return EmulatedCard(MemoryStore(card.image + FACTORY_STATE[256:COUNTER_AT] + bytes([tries]) + psc))


def refusal(counter: Counter, card: EmulatedCard, write: CardWrite) -> OperatorError:
    """What unlocking the card for this write is refused with."""
    with counter.session(card) as session:
        session.read()
        with pytest.raises(OperatorError) as caught:
            session.unlock(write)
    return caught.value


# --- what comes of it --------------------------------------------------------------------------------------


def test_a_blank_card_becomes_a_customers_card_with_its_own_code(counter: Counter) -> None:
    card = counter.issued_card()
    image = counter.codec.decode(card.image)
    assert image.header is not None
    assert image.header.card == CARD
    assert image.slots[0].record == an_issue().record
    assert card.chip.present(PSC)


def test_a_sale_goes_to_the_empty_slot_and_the_next_to_the_older(counter: Counter) -> None:
    card = counter.issued_card()
    for sequence, slot in ((2, "B"), (3, "A"), (4, "B")):
        other = {s.name: s.record for s in counter.codec.decode(card.image).slots}
        counter.carry_out(card, a_write(sequence))
        image = counter.codec.decode(card.image)
        assert image.current is not None
        assert (image.current.name, image.current.record) == (slot, a_write(sequence).record)
        kept = next(s for s in image.slots if s.name != slot)
        assert kept.record == other[kept.name], "the other slot is never touched"


def test_a_slot_gone_bad_is_written_before_the_older_one(counter: Counter) -> None:
    card = counter.issued_card()
    counter.carry_out(card, a_write(2))
    card.chip.present(PSC)
    card.chip.update_main(0x40, b"\x00\x01\x02")
    counter.carry_out(card, a_write(3))
    image = counter.codec.decode(card.image)
    assert [slot.order.sequence for slot in image.slots if slot.order] == [3, 2]


def test_a_record_that_is_there_already_is_written_no_second_time(counter: Counter) -> None:
    card = counter.issued_card()
    counter.carry_out(card, a_write(2))
    card.reset_counters()
    counter.carry_out(card, a_write(2))
    counter.carry_out(card, an_issue())
    assert card.bytes_programmed == 0
    assert card.chip.error_counter == 7


def test_verify_returns_the_card_as_it_is_now(counter: Counter) -> None:
    card = counter.issued_card()
    with counter.session(card) as session:
        session.unlock(a_write(2))
        session.write(a_write(2))
        image = session.verify(a_write(2))
    assert image.raw == card.image
    assert image.current is not None
    assert image.current.state is RecordState.VALID


def test_a_card_tells_whether_it_carries_a_write(counter: Counter) -> None:
    card = counter.issued_card()
    with counter.session(card) as session:
        assert session.carries(an_issue())
        assert not session.carries(a_write(2))
    with counter.session(EmulatedCard.blank()) as session:
        assert not session.carries(an_issue())


def test_verify_says_unknown_of_a_card_that_does_not_carry_it(counter: Counter) -> None:
    with counter.session(counter.issued_card()) as session:
        session.read()
        with pytest.raises(OutcomeUnknown):
            session.verify(a_write(2))


# --- which code is tried -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tries", "code"), [(0b011, Code.CARD_LAST_TRY), (0b001, Code.CARD_LAST_TRY), (0, Code.CARD_LOCKED)]
)
@pytest.mark.parametrize("kind", ["sale", "issue"])
def test_no_code_is_tried_unless_all_three_tries_are_left(counter: Counter, tries: int, code: Code, kind: str) -> None:
    is_issue = kind == "issue"
    start = EmulatedCard.blank() if is_issue else counter.issued_card()
    card = with_security(start, tries=tries, psc=b"\xff\xff\xff" if is_issue else PSC)
    assert refusal(counter, card, an_issue() if is_issue else a_write(2)).code is code
    assert card.chip.error_counter == tries


def test_a_wrong_code_costs_one_try_and_no_more(counter: Counter) -> None:
    card = with_security(counter.issued_card(), psc=b"\x01\x02\x03")
    assert refusal(counter, card, a_write(2)).code is Code.PSC_WRONG
    assert refusal(counter, card, a_write(2)).code is Code.CARD_LAST_TRY
    assert card.chip.error_counter.bit_count() == 2
    assert card.bytes_programmed == 0


def test_a_complete_issue_without_its_mark_is_tried_with_its_own_code_first(counter: Counter) -> None:
    card = counter.issued_card()
    card.chip.present(PSC)
    card.chip.update_main(0xF0, b"\xff")
    counter.carry_out(card, an_issue())
    assert card.image[0xF0] == 0x5A


def test_a_complete_issue_with_a_strange_code_keeps_its_last_try(counter: Counter) -> None:
    issued = counter.issued_card()
    state = bytearray(with_security(issued, psc=b"\x01\x02\x03").image)
    state[0xF0] = 0xFF
    card = EmulatedCard(MemoryStore(bytes(state) + FACTORY_STATE[256:PSC_AT] + b"\x01\x02\x03"))
    assert refusal(counter, card, an_issue()).code is Code.PSC_WRONG
    assert refusal(counter, card, an_issue()).code is Code.CARD_LAST_TRY
    assert card.chip.error_counter.bit_count() == 1


def test_an_issue_that_a_meter_has_used_before_its_mark_was_set_is_still_finished(counter: Counter) -> None:
    card = counter.issued_card()
    card.chip.present(PSC)
    card.chip.update_main(0xF0, b"\xff")
    card.chip.update_main(0xB0, b"\x12" * 64)
    counter.carry_out(card, an_issue())
    assert card.image[0xF0] == 0x5A


class Fickle(EmulatedCard):
    """A card behind a reader that answers one instruction with its own words."""

    def __init__(self, card: EmulatedCard, *, instruction: int, answer: bytes, is_done: bool) -> None:
        super().__init__(MemoryStore(card.image + FACTORY_STATE[256:PSC_AT] + b"\xff\xff\xff"))
        self._instruction = instruction
        self._answer = answer
        self._is_done = is_done

    def exchange(self, apdu: bytes) -> bytes:
        if apdu[1] != self._instruction:
            return super().exchange(apdu)
        if self._is_done:
            super().exchange(apdu)
        return self._answer


def test_a_reader_that_calls_a_wrong_code_right_is_not_believed(counter: Counter) -> None:
    """The card has the transport code, so its own is wrong; the error counter shows it."""
    card = Fickle(counter.issued_card(), instruction=0x20, answer=b"\x90\x07", is_done=True)
    assert refusal(counter, card, a_write(2)).code is Code.PSC_WRONG
    assert card.bytes_programmed == 0


def test_a_code_that_was_not_taken_leaves_an_issue_unfinished(counter: Counter) -> None:
    card = Fickle(EmulatedCard.blank(), instruction=0xD2, answer=b"\x90\x00", is_done=False)
    with pytest.raises(OutcomeUnknown):
        counter.carry_out(card, an_issue())
    assert card.image[0xF0] == 0xFF


def test_a_write_that_was_not_carried_out_is_found_when_read_back(counter: Counter) -> None:
    card = Fickle(counter.issued_card(), instruction=0xD0, answer=b"\x90\x00", is_done=False)
    card.chip.present(b"\xff\xff\xff")
    card.chip.update_psc(PSC)
    with pytest.raises(OutcomeUnknown):
        counter.carry_out(card, a_write(2))


def test_the_last_try_is_kept_also_on_a_card_that_counts_double(counter: Counter) -> None:
    issued = counter.issued_card()
    state = bytearray(issued.image + FACTORY_STATE[256:PSC_AT] + b"\x01\x02\x03")
    state[0xF0] = 0xFF
    card = CountsDouble(MemoryStore(bytes(state)))
    assert refusal(counter, card, an_issue()).code is Code.CARD_LAST_TRY
    assert card.chip.error_counter.bit_count() == 1


class CountsDouble(EmulatedCard):
    """A card that takes two tries for every wrong code."""

    def exchange(self, apdu: bytes) -> bytes:
        answer = super().exchange(apdu)
        return super().exchange(apdu) if apdu[1] == 0x20 and answer != b"\x90\x07" else answer


def test_reading_again_after_unlocking_does_not_write_on_a_locked_chip(counter: Counter) -> None:
    card = counter.issued_card()
    with counter.session(card) as session:
        session.read()
        session.unlock(a_write(2))
        session.read()
        session.write(a_write(2))
        session.verify(a_write(2))


# --- which card may be written -------------------------------------------------------------------------------


def test_a_sale_is_written_on_no_other_card(counter: Counter) -> None:
    other = counter.issued_card(an_issue(OTHER_CARD))
    assert refusal(counter, other, a_write(2)).code is Code.CARD_SWAPPED
    assert other.bytes_programmed == 0


def test_an_issue_is_written_on_no_used_card(counter: Counter) -> None:
    other = counter.issued_card(an_issue(OTHER_CARD))
    assert refusal(counter, other, an_issue()).code is Code.CARD_NOT_BLANK


def test_an_unreadable_card_is_an_image_and_is_not_written(counter: Counter) -> None:
    with counter.session(DeafCard()) as session:
        assert session.read().state is ImageState.UNREADABLE
        with pytest.raises(OperatorError) as caught:
            session.unlock(a_write(2))
    assert caught.value.code is Code.CARD_UNREADABLE


class DeafCard(EmulatedCard):
    """A card of another make: no command of ours means anything to it."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())

    def exchange(self, apdu: bytes) -> bytes:
        return b"\x6d\x00"


def test_a_card_that_powers_up_mute_is_an_unreadable_one() -> None:
    desk = a_desk_on(lambda apdu: _raise(CardMute("no ATR")))
    with desk.session(BUILT_IN) as session:
        assert session.read().state is ImageState.UNREADABLE


# --- what a break means --------------------------------------------------------------------------------------


def test_a_card_pulled_before_anything_was_written_was_only_removed(counter: Counter) -> None:
    card = counter.issued_card()
    with counter.session(card) as session:
        session.read()
        counter.readers.pull()
        with pytest.raises(OperatorError) as caught:
            session.unlock(a_write(2))
    assert caught.value.code is Code.CARD_REMOVED


def test_a_card_pulled_in_the_middle_of_writing_leaves_the_outcome_unknown(counter: Counter) -> None:
    card = counter.issued_card()
    with counter.session(card) as session:
        session.unlock(a_write(2))
        card.arm(Fault(FaultKind.ANSWER_LOST, 2))
        with pytest.raises(OutcomeUnknown) as caught:
            session.write(a_write(2))
        assert caught.value.code is Code.SALE_IN_DOUBT
        with pytest.raises(OutcomeUnknown):
            session.verify(a_write(2))


def test_after_a_reset_by_another_program_the_card_is_identified_again(counter: Counter) -> None:
    card = counter.issued_card()
    desk = a_desk_on(ResetOnce(card, at=3))
    with desk.session(BUILT_IN) as session:
        session.read()
        session.unlock(a_write(2))
        session.write(a_write(2))
        session.verify(a_write(2))
    assert counter.codec.decode(card.image).current is not None


def test_a_card_swapped_during_a_reset_is_not_written(counter: Counter) -> None:
    other = counter.issued_card(an_issue(OTHER_CARD))
    desk = a_desk_on(ResetOnce(counter.issued_card(), at=3, then=other))
    with desk.session(BUILT_IN) as session:
        session.read()
        with pytest.raises(OperatorError) as caught:
            session.unlock(a_write(2))
    assert caught.value.code is Code.CARD_SWAPPED
    assert other.bytes_programmed == 0


class ResetOnce:
    """A link on which another program resets the card at one command, and may swap it meanwhile."""

    def __init__(self, card: EmulatedCard, *, at: int, then: EmulatedCard | None = None) -> None:
        self._card = card
        self._at = at
        self._then = then or card
        self._count = 0

    def __call__(self, apdu: bytes) -> bytes:
        self._count += 1
        if self._count == self._at:
            self._card = self._then
            self._card.power_off()
            raise CardReset
        return self._card.exchange(apdu)


class ScriptedReaders(BuiltInReaders):
    """One reader whose link is what the test says."""

    def __init__(self, transmit: object) -> None:
        super().__init__()
        self._transmit = transmit

    def connect(self, reader: ReaderName) -> ScriptedLink:  # type: ignore[override]
        return ScriptedLink(self._transmit)


class ScriptedLink:
    """A link, and the context manager that gives it."""

    def __init__(self, transmit: object) -> None:
        self._transmit = transmit

    def transmit(self, apdu: bytes) -> bytes:
        assert callable(self._transmit)
        answer = self._transmit(apdu)
        assert isinstance(answer, bytes)
        return answer

    def reconnect(self) -> None:
        """The card is there again, powered up anew."""

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to release."""


def a_desk_on(transmit: object) -> Desk:
    return Desk(ScriptedReaders(transmit), codec=a_codec(), vault=a_vault())


def _raise(error: Exception) -> bytes:
    raise error


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
        Desk(BuiltInReaders(), codec=a_codec(), vault=a_vault(), dialect="klingon")
    assert caught.value.code is Code.READER_DIALECT
    assert caught.value.facts["known"] == "acs"


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
    assert AcsCcid().outcome(Answer(b"", sw)) is outcome


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
        assert card.apdus <= fixed + len(body_runs) + 2
        assert card.bytes_programmed == len(changed) + 2 * was_used


def test_runs_are_the_stretches_that_differ() -> None:
    assert list(runs(b"abcdef", b"aXYdeZ")) == [(1, b"XY"), (5, b"Z")]
    assert list(runs(b"same", b"same")) == []


def test_the_chips_own_area_is_what_it_was_after_issue_and_sales(counter: Counter) -> None:
    card = counter.issued_card()
    for sequence in (2, 3):
        counter.carry_out(card, a_write(sequence))
    assert card.image[:32] == FACTORY_STATE[:32]
