"""The orders that a DESFire card remembers: read when somebody asks what is wrong with it, whatever it answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cardio.builders import Counter, a_write, an_order
from tests.cardio.desfire.cards import again
from tests.cardio.desfire.test_chip import ANY_GENERATION, a_tool, issued, seen
from vending_app.cardio.desfire.commands import Generation, records_told
from vending_app.cardio.desfire.history import history_of, past_orders
from vending_app.cardio.desfire.plan import HISTORY, HISTORY_KEPT
from vending_app.cardio.emulated.classic import EmulatedClassic
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import ImageState, Order, PastOrder

RECORD = history_of(a_write(7).record)
BREAKS = [FaultKind.PULL_BEFORE, FaultKind.ANSWER_LOST]


@pytest.fixture(scope="module")
def counter() -> Counter:
    return Counter()


@pytest.fixture(scope="module")
def sold_to(counter: Counter) -> EmulatedDesfire:
    """A card with eight sales on it."""
    return with_sales(counter, Generation.EV2, 8)


def with_sales(counter: Counter, generation: Generation, sales: int) -> EmulatedDesfire:
    card = issued(counter, generation)
    for sequence in range(2, sales + 2):
        counter.carry_out(card, a_write(sequence))
    card.reset_counters()
    return card


def remembered(order: Order) -> PastOrder:
    return PastOrder(order.sequence, order.energy_total, order.last_purchase, order.sold_at)


def told(counter: Counter, card: EmulatedDesfire | EmulatedClassic) -> tuple[PastOrder, ...]:
    with counter.session(card) as session:
        session.read()
        return session.history()


@ANY_GENERATION
@pytest.mark.parametrize(("sales", "there"), [(0, [1]), (1, [2, 1]), (6, [7, 6, 5, 4, 3, 2]), (8, [9, 8, 7, 6, 5, 4])])
def test_a_card_tells_its_last_six_orders_the_newest_first(
    counter: Counter, generation: Generation, sales: int, there: list[int]
) -> None:
    card = with_sales(counter, generation, sales)
    assert told(counter, card) == tuple(remembered(an_order(sequence)) for sequence in there)


def test_a_reversal_is_told_with_its_sign(counter: Counter) -> None:
    card, taken_back = issued(counter), -an_order().last_purchase
    counter.carry_out(card, a_write(2, last_purchase=taken_back))
    assert told(counter, card)[0].last_purchase == taken_back


@pytest.mark.parametrize("kind", BREAKS)
def test_a_card_that_leaves_anywhere_on_the_way_tells_nothing_and_can_be_read_again(
    counter: Counter, sold_to: EmulatedDesfire, kind: FaultKind
) -> None:
    trial = again(sold_to)
    seen(counter, trial)
    before = trial.apdus
    told(counter, trial)
    commands = trial.apdus - 2 * before
    assert commands > 1
    for at in range(1, commands + 1):
        card = again(sold_to)
        with counter.session(card) as session:
            image = session.read()
            card.arm(Fault(kind, at))
            assert session.history() == (), at
        card.arm(None)
        assert seen(counter, card) == image


@pytest.mark.parametrize("answer", [b"", b"\x91\x00", b"\x91\xae", b"\x91\x9d", b"\x91\xbe", bytes(104) + b"\x91\x00"])
@pytest.mark.parametrize("at", [0, 1])
def test_what_is_no_answer_of_this_card_tells_nothing(
    counter: Counter, sold_to: EmulatedDesfire, at: int, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = again(sold_to)
    with counter.session(card) as session:
        session.read()
        right, asked = card.exchange, card.apdus
        monkeypatch.setattr(card, "exchange", lambda apdu: answer if card.apdus >= asked + at else right(apdu))
        assert session.history() == ()


def test_a_card_of_another_office_and_a_tool_card_are_not_asked(counter: Counter, sold_to: EmulatedDesfire) -> None:
    stranger = Counter(vault=SealedVault({1: bytearray(range(50, 66))}))
    card = again(sold_to)
    with stranger.session(card) as session:
        assert session.read().state is ImageState.FOREIGN
        asked = card.apdus
        assert (session.history(), card.apdus) == ((), asked)
    tool = EmulatedDesfire.factory(bytes.fromhex("04782E21801D85"), Generation.EV2, entropy=counting())
    counter.carry_out(tool, a_tool(counter, 1))
    with counter.session(tool) as session:
        session.read()
        asked = tool.apdus
        assert (session.history(), tool.apdus) == ((), asked)


def test_a_memory_card_remembers_nothing(counter: Counter) -> None:
    assert told(counter, EmulatedClassic.blank()) == ()
    with counter.session(counter.issued_card()) as session:
        session.read()
        assert session.history() == ()


def test_records_that_were_never_written_are_left_out() -> None:
    other = history_of(a_write(8).record)
    raw = bytes(HISTORY.size) + RECORD + b"\xff" * HISTORY.size + other + RECORD[:-1]
    assert past_orders(raw) == (remembered(an_order(8)), remembered(an_order(7)))


@given(st.binary(max_size=HISTORY.size * (HISTORY_KEPT + 1)))
def test_any_bytes_are_orders_or_none(raw: bytes) -> None:
    assert len(past_orders(raw)) <= len(raw) // HISTORY.size


@given(st.binary(max_size=16))
def test_any_settings_are_a_count(raw: bytes) -> None:
    assert records_told(raw) == (int.from_bytes(raw[10:13], "little") if len(raw) > 12 and raw[0] == 4 else 0)


@pytest.mark.parametrize("told_of_it", ["", "040310FF1000000700000600", "010310FF100000070000060000"])
def test_the_settings_of_no_cyclic_file_are_no_records(told_of_it: str) -> None:
    assert records_told(bytes.fromhex(told_of_it)) == 0
    assert records_told(bytes.fromhex("040310FF10000007000006000000")) == 6
