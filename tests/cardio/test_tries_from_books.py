"""The last try at a reader that tells nothing, where the office decided that its desk goes by its books."""

from __future__ import annotations

from functools import partial

import pytest

from tests.cardio.builders import CARD, OTHER_CARD, Counter, a_write, an_issue
from tests.cardio.test_dialects import OWN, PSC, Says, issued, refusal
from vending_app.cardio.dialects import ALL_TRIES
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.store import FACTORY_STATE, PSC_AT, MemoryStore
from vending_app.cardio.link import CardMute, CardReset, LinkTrouble
from vending_app.cardio.refused import TriesInMemory
from vending_app.domain.card import ANY_BLANK, ImageState
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import CardNo

by_books = partial(Counter, tries_from_books=True)


@pytest.fixture
def counter() -> Counter:
    return by_books()


def issued_card(*, psc: bytes | bytearray = OWN) -> EmulatedCard:
    """A customer's card at a reader that tells nothing."""
    return issued(Counter(), "omnikey-untold", psc=psc)


def test_a_wrong_code_is_never_tried_again_where_nobody_counts(counter: Counter) -> None:
    card = issued_card(psc=PSC)
    assert refusal(counter, card, a_write(2)).code is Code.PSC_WRONG
    for _ in range(3):
        assert refusal(counter, card, a_write(2)).code is Code.CARD_TRIES_UNTOLD
    assert card.chip.error_counter.bit_count() == 2


@pytest.mark.parametrize("words", ["9003", "6F00"])
def test_an_answer_of_another_dialect_counts_as_none_where_nobody_counts(counter: Counter, words: str) -> None:
    card = Says(issued_card(psc=PSC), words)
    codes = [refusal(counter, card, a_write(2)).code for _ in range(4)]
    assert codes == [Code.READER_DIALECT] * 2 + [Code.CARD_TRIES_UNTOLD] * 2
    assert card.chip.error_counter.bit_count() == 1


def test_a_card_that_took_the_place_of_ours_while_its_code_was_presented_costs_ours_nothing(counter: Counter) -> None:
    said = set()
    for at in range(1, 9):
        card, desk = issued_card(), by_books()
        card.stand_in = EmulatedCard.blank(dialect="omnikey-untold")
        broken = desk.broken(card, a_write(2), Fault(FaultKind.SWAP_BLANK, at))
        said.add(broken.code if broken is not None else None)
        card.arm(None)
        desk.carry_out(card, a_write(3))
    assert Code.CARD_SWAPPED in said


def test_that_is_kept_beyond_the_program() -> None:
    kept = TriesInMemory()
    card = issued_card(psc=PSC)
    assert refusal(by_books(known=kept), card, a_write(2)).code is Code.PSC_WRONG
    assert refusal(by_books(known=kept), card, a_write(2)).code is Code.CARD_TRIES_UNTOLD


def test_blank_cards_with_a_strange_code_keep_their_last_try_at_every_start() -> None:
    kept = TriesInMemory()
    card = EmulatedCard(MemoryStore(FACTORY_STATE[:PSC_AT] + PSC), dialect="omnikey-untold")
    codes = [refusal(by_books(known=kept), card, an_issue()).code for _ in range(4)]
    assert codes == [Code.PSC_WRONG, Code.PSC_WRONG, Code.CARD_TRIES_UNTOLD, Code.CARD_TRIES_UNTOLD]
    assert card.chip.error_counter.bit_count() == 1


def test_two_presentations_without_an_answer_in_a_row_are_the_last(counter: Counter) -> None:
    card = issued_card()
    torn = Fault(FaultKind.TEAR, 1, Residue.MIXED)
    for _ in range(2):
        assert counter.broken(card, a_write(2), torn) is not None
    assert refusal(counter, card, a_write(2)).code is Code.CARD_TRIES_UNTOLD
    assert card.chip.error_counter.bit_count() == 1


def test_presentations_that_were_torn_in_three_runs_of_the_program_leave_the_last_try() -> None:
    kept = TriesInMemory()
    card = issued_card()
    torn = Fault(FaultKind.TEAR, 1, Residue.MIXED)
    said = [by_books(known=kept).broken(card, a_write(2), torn) for _ in range(4)]
    assert [error.code for error in said if error is not None][2:] == [Code.CARD_TRIES_UNTOLD] * 2
    assert card.chip.error_counter.bit_count() == 1


def test_a_right_code_gives_back_what_torn_presentations_may_have_cost() -> None:
    kept = TriesInMemory()
    card = issued_card()
    for sequence in (2, 3, 4):
        assert by_books(known=kept).broken(card, a_write(sequence), Fault(FaultKind.TEAR, 1, Residue.MIXED))
        by_books(known=kept).carry_out(card, a_write(sequence))
    assert kept.spent(CARD) == 0


def test_only_a_card_that_leaves_before_its_code_was_called_right_may_have_lost_a_try() -> None:
    card, costs = issued_card(), []
    for at in range(1, 9):
        kept = TriesInMemory()
        assert by_books(known=kept).broken(card, a_write(at + 1), Fault(FaultKind.PULL_BEFORE, at)) is not None
        costs.append(kept.spent(CARD))
        assert by_books(known=kept).broken(card, a_write(at + 1)) is None
        assert kept.spent(CARD) == 0
    assert sorted(costs) == [0] * 7 + [1]


def test_no_code_is_sent_that_is_not_kept_first() -> None:
    class NoRoom(TriesInMemory):
        def spend(self, card: CardNo, spent: int, /) -> None:
            raise EnvironmentFault(Code.LEDGER_DISK_FULL)

    card = issued_card(psc=PSC)
    with pytest.raises(EnvironmentFault):
        by_books(known=NoRoom()).carry_out(card, a_write(2))
    assert card.chip.error_counter == ALL_TRIES


def test_what_is_kept_covers_what_an_issue_that_was_torn_anywhere_has_cost() -> None:
    """Also where the new code is set, and presented to prove it."""
    lost = []
    for at in range(1, 200):
        kept, card = TriesInMemory(), EmulatedCard.blank(dialect="omnikey-untold")
        if by_books(known=kept).broken(card, an_issue(), Fault(FaultKind.TEAR, at, Residue.MIXED)) is None:
            break
        lost.append(ALL_TRIES.bit_count() - card.chip.error_counter.bit_count())
        assert kept.spent(CARD) + kept.spent(ANY_BLANK) >= lost[-1], at
    assert sum(lost) >= 3, "the transport code, the change, and the proof"


def test_a_strange_blank_card_stops_others_until_one_was_right_where_the_counter_is_shown() -> None:
    kept = TriesInMemory()
    strange = EmulatedCard(MemoryStore(FACTORY_STATE[:PSC_AT] + PSC), dialect="omnikey-untold")
    for _ in range(2):
        refusal(by_books(known=kept), strange, an_issue())
    good = EmulatedCard.blank(dialect="omnikey-untold")
    assert refusal(by_books(known=kept), good, an_issue()).code is Code.CARD_TRIES_UNTOLD
    assert refusal(by_books(known=kept), on_acs(strange), an_issue()).code is Code.CARD_LAST_TRY
    by_books(known=kept).carry_out(EmulatedCard.blank(), an_issue(OTHER_CARD))
    by_books(known=kept).carry_out(good, an_issue())


class Odd(EmulatedCard):
    """Behind a reader that does not know the question for the tries, and says so in its own way."""

    said: bytes | LinkTrouble = b""

    def exchange(self, apdu: bytes) -> bytes:
        if apdu[1] != 0x70:
            return super().exchange(apdu)
        if isinstance(self.said, LinkTrouble):
            raise self.said
        return self.said


UNKNOWN_QUESTION: list[bytes | LinkTrouble] = [
    b"\x6d",
    b"\x6d\x00",
    b"\x90\x00",
    bytes(256) + b"\x90\x00",
    bytes.fromhex("9D01009000"),
    bytes.fromhex("9D04000000009000"),
    CardMute("67"),
    CardReset("68"),
]


@pytest.mark.parametrize("said", UNKNOWN_QUESTION, ids=repr)
def test_a_reader_that_does_not_know_the_question_sells_as_before(counter: Counter, said: bytes | LinkTrouble) -> None:
    """Whatever it says: less than a status word, a locked card that is none, or that the card was reset."""
    card = Odd(issued_card().chip._store, dialect="omnikey-untold")
    card.said = said
    for sequence in (2, 3):
        counter.carry_out(card, a_write(sequence))
    assert card.chip.error_counter == ALL_TRIES


@pytest.mark.parametrize("said", UNKNOWN_QUESTION, ids=repr)
def test_by_itself_a_desk_presents_no_code_there(said: bytes | LinkTrouble) -> None:
    """Not to a card that nobody ever saw fail, and not at the hundredth visit either."""
    card, desk = Odd(issued_card().chip._store, dialect="omnikey-untold"), Counter()
    card.said = said
    before = card.chip._store.load()
    for sequence in (2, 3, 3):
        with desk.session(card) as session:
            image = session.read()
            assert (image.state, image.tries, image.is_untold) == (ImageState.OURS, None, True)
        refused = refusal(desk, card, a_write(sequence))
        assert (refused.code, dict(refused.facts)) == (Code.CARD_TRIES_UNTOLD, {})
    assert card.chip._store.load() == before


def test_a_card_that_lost_two_tries_elsewhere_is_lost_only_where_the_office_takes_the_risk() -> None:
    for desk, left in ((Counter(), 1), (by_books(), 0)):
        made = issued(Counter(), "omnikey-untold", tries=0b001, psc=PSC)
        assert isinstance(refusal(desk, made, a_write(2)), OperatorError)
        assert made.chip.error_counter.bit_count() == left


def test_a_card_that_was_lost_once_at_the_question_is_asked_the_next_time(counter: Counter) -> None:
    """Whatever reset it was not the reader then; a desk by its books does without the answer."""
    for desk, has_to_ask in ((Counter(), True), (counter, False)):
        card = Odd(issued_card().chip._store, dialect="omnikey")
        card.said = CardReset("68")
        with desk.session(card) as session:
            assert session.read().is_untold is has_to_ask
        told = EmulatedCard(card.chip._store, dialect="omnikey")
        with desk.session(told) as session:
            assert session.read().tries == (3 if has_to_ask else None)
        desk.carry_out(told, a_write(2))


def on_acs(card: EmulatedCard) -> EmulatedCard:
    """The same card at a reader that shows the counter."""
    return EmulatedCard(card.chip._store, dialect="acs")


def test_a_try_that_an_answer_told_and_one_that_a_tear_cost_leave_the_last(counter: Counter) -> None:
    made = issued_card(psc=b"\xff\xff\xff")
    state = bytearray(made.image + made.chip._store.load()[256:])
    state[0xF0] = 0xFF
    card = EmulatedCard(MemoryStore(bytes(state)), dialect="omnikey-untold")
    # Its own code is tried first and is wrong; the card goes while the transport code is compared.
    assert counter.broken(card, an_issue(), Fault(FaultKind.TEAR, 2, Residue.MIXED)) is not None
    for _ in range(2):
        assert refusal(counter, card, an_issue()).code is Code.CARD_TRIES_UNTOLD
    assert card.chip.error_counter.bit_count() == 1


def test_a_half_issued_card_is_tried_with_both_codes_only_while_the_answer_leaves_one_to_spare(
    counter: Counter,
) -> None:
    made = issued_card(psc=b"\xff\xff\xff")
    state = bytearray(made.image + made.chip._store.load()[256:])
    state[0xF0] = 0xFF
    card = EmulatedCard(MemoryStore(bytes(state)), dialect="omnikey-untold")
    counter.carry_out(card, an_issue())
    assert card.chip.present(OWN)
    state[260] = 0b011
    worn = EmulatedCard(MemoryStore(bytes(state)), dialect="omnikey-untold")
    assert refusal(by_books(), worn, an_issue()).code is Code.CARD_LAST_TRY
    assert worn.chip.error_counter == 0b001


def test_a_locked_card_is_said_to_be_locked() -> None:
    for dialect in ("omnikey", "omnikey-untold"):
        assert refusal(by_books(), issued(Counter(), dialect, tries=0), a_write(2)).code is Code.CARD_LOCKED
