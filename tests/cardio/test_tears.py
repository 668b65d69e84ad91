"""A card that leaves at any command or any programmed byte loses nothing, and is finished when it returns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cardio.builders import CARD, Counter, a_write, an_issue, every_fault
from vending_app.cardio.dialects import ALL_TRIES
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.store import MemoryStore
from vending_app.cardio.sle4442 import TRANSPORT_PSC
from vending_app.domain.card import CardWrite, RecordState
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown

PSC_BYTES = 3
COUNTER_BYTES = 2
"""Presenting the code clears a bit of the error counter and fills it again."""
ONE_TRY, TWO_TRIES = 0b001, 0b011


@pytest.fixture(scope="module")
def counter() -> Counter:
    return Counter()


def state_of(card: EmulatedCard) -> bytes:
    """Everything of the chip, to make another like it."""
    chip = card.chip
    security = chip._store.load()[256:]
    return card.image + security


def twin(card: EmulatedCard) -> EmulatedCard:
    return EmulatedCard(MemoryStore(state_of(card)), dialect=card.dialect)


FLOWS: dict[str, Callable[[Counter], tuple[EmulatedCard, CardWrite]]] = {
    "first sale": lambda counter: (counter.issued_card(), a_write(2)),
    "second sale before loading": lambda counter: (sold_to(counter, 2), a_write(3)),
    "third sale over an old order": lambda counter: (sold_to(counter, 2, 3), a_write(4)),
}


def sold_to(counter: Counter, *sequences: int) -> EmulatedCard:
    card = counter.issued_card()
    for sequence in sequences:
        counter.carry_out(card, a_write(sequence))
    card.reset_counters()
    return card


@pytest.mark.parametrize("flow", FLOWS)
def test_a_sale_torn_anywhere_keeps_the_order_before_and_is_finished_on_return(counter: Counter, flow: str) -> None:
    start, write = FLOWS[flow](counter)
    before = counter.codec.decode(start.image)
    apdus, programmed = counter.cost(twin(start), write)
    wanted = counter.codec.decode(a_complete(counter, start, write))
    for fault in every_fault(apdus=apdus, programmed=programmed):
        card = twin(start)
        error = counter.broken(card, write, fault)
        torn = counter.codec.decode(card.image)
        assert isinstance(error, OutcomeUnknown | OperatorError), fault
        assert torn.order in (before.order, wanted.order), fault
        assert RecordState.BAD_MAC not in {slot.state for slot in torn.slots}, "the state byte tells a torn slot"
        if isinstance(error, OperatorError):
            assert error.code is Code.CARD_REMOVED, fault
            assert card.image == start.image, fault
        counter.carry_out(card, write)
        assert counter.codec.decode(card.image) == wanted, fault
        assert card.chip.error_counter == ALL_TRIES, fault


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        (Fault(FaultKind.TEAR, 1, Residue.OLD), ALL_TRIES),
        (Fault(FaultKind.TEAR, 1, Residue.MIXED), TWO_TRIES),
        (Fault(FaultKind.TEAR, 2, Residue.OLD), TWO_TRIES),
        (Fault(FaultKind.TEAR, 2, Residue.MIXED), TWO_TRIES),
        (Fault(FaultKind.TEAR, 2, Residue.ERASED), ALL_TRIES),
    ],
    ids=str,
)
def test_a_tear_while_the_code_is_presented_costs_at_most_one_try_and_the_next_sale_gives_it_back(
    counter: Counter, fault: Fault, left: int
) -> None:
    card = counter.issued_card()
    error = counter.broken(card, a_write(2), fault)
    assert error is not None
    assert error.code is Code.CARD_REMOVED
    assert card.chip.error_counter == left
    counter.carry_out(card, a_write(2))
    assert card.chip.error_counter == ALL_TRIES
    assert counter.codec.decode(card.image).slots[1].record == a_write(2).record


def test_a_torn_sale_torn_once_more_while_its_code_is_presented_is_finished(counter: Counter) -> None:
    card = counter.issued_card()
    counter.broken(card, a_write(2), Fault(FaultKind.TEAR, COUNTER_BYTES + 9, Residue.MIXED))
    counter.broken(card, a_write(2), Fault(FaultKind.TEAR, 1, Residue.MIXED))
    assert card.chip.error_counter == TWO_TRIES
    counter.carry_out(card, a_write(2))
    assert card.chip.error_counter == ALL_TRIES


def test_a_card_torn_twice_in_a_row_while_its_code_is_presented_keeps_its_last_try(counter: Counter) -> None:
    card = counter.issued_card()
    before = card.image
    for _ in range(2):
        counter.broken(card, a_write(2), Fault(FaultKind.TEAR, 1, Residue.MIXED))
    error = counter.broken(card, a_write(2), Fault(FaultKind.PULL_BEFORE, 10_000))
    assert error is not None
    assert error.code is Code.CARD_LAST_TRY
    assert card.chip.error_counter == ONE_TRY
    assert card.image == before


def a_complete(counter: Counter, start: EmulatedCard, write: CardWrite) -> bytes:
    card = twin(start)
    counter.carry_out(card, write)
    return card.image


def test_an_issue_torn_anywhere_is_finished_on_return_or_refused_without_burning_the_card(
    counter: Counter,
) -> None:
    write = an_issue()
    start = EmulatedCard.blank()
    apdus, programmed = counter.cost(twin(start), write)
    refused = [
        fault
        for fault in every_fault(apdus=apdus, programmed=programmed)
        if not is_finished_after(counter, fault, write)
    ]
    assert refused, "a half-changed code cannot be guessed"
    assert all(fault.kind is FaultKind.TEAR for fault in refused)
    assert {fault.at for fault in refused} <= {1, 2, *psc_byte_numbers(programmed)}


def psc_byte_numbers(programmed: int) -> range:
    """The code is changed last but for the issue marker."""
    return range(programmed - PSC_BYTES, programmed)


def is_finished_after(counter: Counter, fault: Fault, write: CardWrite) -> bool:
    card = EmulatedCard.blank()
    assert counter.broken(card, write, fault) is not None, fault
    if error := counter.broken(card, write, Fault(FaultKind.PULL_BEFORE, 10_000)):
        assert error.code in {Code.CARD_LAST_TRY, Code.PSC_WRONG}, fault
        assert card.chip.error_counter.bit_count() >= 1, fault
        return False
    assert card.chip.present(counter.vault.psc(card=CARD, key_version=1)), fault
    image = counter.codec.decode(card.image)
    assert image.header is not None, fault
    assert image.order is not None, fault
    return True


@pytest.mark.parametrize("emptiness", [0x00, 0xFF])
def test_both_kinds_of_blank_become_a_card(counter: Counter, emptiness: int) -> None:
    state = bytes(range(32)) + bytes([emptiness]) * 224 + b"\xff\xff\xff\xff\x07" + TRANSPORT_PSC
    card = EmulatedCard(MemoryStore(state))
    counter.carry_out(card, an_issue())
    image = counter.codec.decode(card.image)
    assert [slot.state for slot in image.slots] == [RecordState.VALID, RecordState.EMPTY]


def test_a_torn_sale_torn_again_and_again_is_still_finished(counter: Counter) -> None:
    start, write = FLOWS["third sale over an old order"](counter)
    _, programmed = counter.cost(twin(start), write)
    card = twin(start)
    for at in range(1, programmed + 1):
        counter.broken(card, write, Fault(FaultKind.TEAR, COUNTER_BYTES + min(at, 2), list(Residue)[at % 3]))
    card.arm(None)
    counter.carry_out(card, write)
    assert counter.codec.decode(card.image).order == counter.codec.decode(a_complete(counter, start, write)).order
