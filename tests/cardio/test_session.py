"""A session at the desk: which card may be written, which code is tried, what a break means, what it costs."""

from __future__ import annotations

import pytest

from tests.cardio.builders import (
    CARD,
    OTHER_CARD,
    Counter,
    a_vault,
    a_write,
    an_issue,
)
from tests.cardio.scripted import CountsDouble, DeafCard, Fickle, ResetOnce, a_desk_on
from vending_app.cardio.builtin import BUILT_IN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.store import COUNTER_AT, FACTORY_STATE, PSC_AT, MemoryStore
from vending_app.cardio.link import CardMute
from vending_app.cardio.refused import TriesInMemory
from vending_app.cardio.sle4442 import TRANSPORT_PSC
from vending_app.domain.card import CardWrite, ImageState, RecordState
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown

PSC = a_vault().psc(card=CARD, key_version=1)


@pytest.fixture
def counter() -> Counter:
    return Counter()


def with_security(card: EmulatedCard, *, tries: int = 7, psc: bytes | bytearray = PSC) -> EmulatedCard:
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


@pytest.mark.parametrize(("begun", "other"), [(0x30, 0x70), (0x70, 0x30)])
def test_with_both_slots_torn_the_record_goes_on_where_it_was_begun(counter: Counter, begun: int, other: int) -> None:
    card = counter.issued_card()
    counter.carry_out(card, a_write(2))
    card.chip.present(PSC)
    for slot in (begun, other):
        card.chip.update_main(slot, b"\xff")
    card.chip.update_main(begun + 1, a_write(3).record[1:40])
    kept = card.image[other : other + 64]
    counter.carry_out(card, a_write(3))
    assert card.image[begun : begun + 64] == a_write(3).record
    assert card.image[other : other + 64] == kept


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


@pytest.mark.parametrize("tries", [0b011, 0b101, 0b110])
def test_two_tries_are_enough_for_a_card_proved_to_be_ours_and_all_are_given_back(counter: Counter, tries: int) -> None:
    card = with_security(counter.issued_card(), tries=tries)
    counter.carry_out(card, a_write(2))
    assert card.chip.error_counter == 0b111
    order = counter.codec.decode(card.image).order
    assert order is not None
    assert order.sequence == 2


@pytest.mark.parametrize("tries", [0b001, 0b010, 0b100])
def test_the_last_try_is_never_used_not_even_with_the_right_code(counter: Counter, tries: int) -> None:
    card = with_security(counter.issued_card(), tries=tries)
    assert refusal(counter, card, a_write(2)).code is Code.CARD_LAST_TRY
    assert card.chip.error_counter == tries


def test_two_tries_are_too_few_for_a_card_without_a_valid_order(counter: Counter) -> None:
    issued = counter.issued_card()
    issued.chip.present(PSC)
    issued.chip.update_main(0x30, b"\xff")
    card = with_security(issued, tries=0b011)
    assert refusal(counter, card, a_write(2)).code is Code.CARD_LAST_TRY
    assert card.chip.error_counter == 0b011


@pytest.mark.parametrize("dialect", ["acs", "acs-old", "omnikey"])
@pytest.mark.parametrize("tries", [0b011, 0b001])
def test_an_issue_tries_no_code_unless_all_three_tries_are_left(counter: Counter, tries: int, dialect: str) -> None:
    told = with_security(EmulatedCard.blank(), tries=tries, psc=TRANSPORT_PSC)
    card = EmulatedCard(told.chip._store, dialect=dialect)
    assert refusal(counter, card, an_issue()).code is Code.CARD_LAST_TRY
    assert card.chip.error_counter == tries


@pytest.mark.parametrize("kind", ["sale", "issue"])
def test_a_card_without_tries_is_locked(counter: Counter, kind: str) -> None:
    start, write = (counter.issued_card(), a_write(2)) if kind == "sale" else (EmulatedCard.blank(), an_issue())
    assert refusal(counter, with_security(start, tries=0), write).code is Code.CARD_LOCKED


def test_a_wrong_code_costs_one_try_and_no_more(counter: Counter) -> None:
    """Two tries are left and the MAC is right; that the code was wrong weighs more."""
    card = with_security(counter.issued_card(), psc=b"\x01\x02\x03")
    assert refusal(counter, card, a_write(2)).code is Code.PSC_WRONG
    assert refusal(counter, card, a_write(2)).code is Code.CARD_LAST_TRY
    assert card.chip.error_counter.bit_count() == 2
    assert card.bytes_programmed == 0


def test_a_copy_with_another_code_does_not_shut_out_the_card_it_was_copied_from(counter: Counter) -> None:
    original = counter.issued_card()
    copy = with_security(original, psc=b"\x01\x02\x03")
    assert refusal(counter, copy, a_write(2)).code is Code.PSC_WRONG
    counter.carry_out(original, a_write(2))
    torn = with_security(original, tries=0b011)
    counter.carry_out(torn, a_write(3))
    assert torn.chip.error_counter == 0b111


def test_a_card_whose_code_was_wrong_stays_refused_after_a_restart() -> None:
    kept = TriesInMemory()
    before = Counter(known=kept)
    card = with_security(before.issued_card(), psc=b"\x01\x02\x03")
    assert refusal(before, card, a_write(2)).code is Code.PSC_WRONG
    assert refusal(Counter(known=kept), card, a_write(2)).code is Code.CARD_LAST_TRY
    assert card.chip.error_counter.bit_count() == 2


@pytest.mark.parametrize("tries", [0, 1, 2, 3])
def test_reading_tells_how_many_tries_are_left(counter: Counter, tries: int) -> None:
    card = with_security(counter.issued_card(), tries=(1 << tries) - 1)
    with counter.session(card) as session:
        image = session.read()
    assert image.tries == tries
    assert image.is_locked is (tries < 2)


def test_a_reader_that_hides_the_error_counter_still_reads_and_never_presents(counter: Counter) -> None:
    card = Fickle(counter.issued_card(), instruction=0xB1, answer=b"\x6a\x81", is_done=False)
    with counter.session(card) as session:
        assert session.read().tries is None
        with pytest.raises(OperatorError) as caught:
            session.unlock(a_write(2))
    assert caught.value.code is Code.CARD_UNREADABLE
    assert card.chip.error_counter == 0b111


def test_a_counter_read_before_a_wrong_code_is_not_trusted_after_it(counter: Counter) -> None:
    card = with_security(counter.issued_card(), psc=b"\x01\x02\x03")
    with counter.session(card) as session:
        session.read()
        for code in (Code.PSC_WRONG, Code.CARD_LAST_TRY, Code.CARD_LAST_TRY):
            with pytest.raises(OperatorError) as caught:
                session.unlock(a_write(2))
            assert caught.value.code is code
    assert card.chip.error_counter.bit_count() == 2


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


def test_reading_again_after_unlocking_does_not_write_on_a_locked_chip(counter: Counter) -> None:
    card = counter.issued_card()
    with counter.session(card) as session:
        session.read()
        session.unlock(a_write(2))
        session.read()
        session.write(a_write(2))
        session.verify(a_write(2))


# --- which card may be written -------------------------------------------------------------------------------


def test_an_issue_is_written_on_no_used_card(counter: Counter) -> None:
    other = counter.issued_card(an_issue(OTHER_CARD))
    assert refusal(counter, other, an_issue()).code is Code.CARD_NOT_BLANK


def test_an_unreadable_card_is_an_image_and_is_not_written(counter: Counter) -> None:
    with counter.session(DeafCard()) as session:
        assert session.read().state is ImageState.UNREADABLE
        with pytest.raises(OperatorError) as caught:
            session.unlock(a_write(2))
    assert caught.value.code is Code.CARD_UNREADABLE


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
    desk = a_desk_on(ResetOnce(card, at=4))
    with desk.session(BUILT_IN) as session:
        session.read()
        session.unlock(a_write(2))
        session.write(a_write(2))
        session.verify(a_write(2))
    assert counter.codec.decode(card.image).current is not None


def test_a_card_swapped_during_a_reset_is_not_written(counter: Counter) -> None:
    other = counter.issued_card(an_issue(OTHER_CARD))
    desk = a_desk_on(ResetOnce(counter.issued_card(), at=4, then=other))
    with desk.session(BUILT_IN) as session:
        session.read()
        with pytest.raises(OperatorError) as caught:
            session.unlock(a_write(2))
    assert caught.value.code is Code.CARD_SWAPPED
    assert other.bytes_programmed == 0
    assert other.chip.error_counter == 0b111, "nor has it lost a try"


def _raise(error: Exception) -> bytes:
    raise error
