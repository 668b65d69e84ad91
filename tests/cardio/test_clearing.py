"""A customer's card is made blank again on every chip: whatever breaks meanwhile, doing it again finishes it."""

from __future__ import annotations

from collections import Counter as Tally
from pathlib import Path

import pytest

from tests.cardio.builders import CARD, OTHER_CARD, Counter, a_write, an_issue, every_fault
from vending_app.cardio.classic_layout import SECTORS
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.kinds import KINDS, NO_HOOKS
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.emulated.store import MemoryStore
from vending_app.cardio.totals1_layout import CLEARED_MARKER, HEADER_AREA, PROOF_AT, SCRATCH
from vending_app.domain.card import ImageState
from vending_app.domain.errors import Code, OperatorError

PSC_BYTES = 3
SPOILT = {
    "sle4442": PSC_BYTES * len(Residue) - 2,
    "sle4442-acs-old": PSC_BYTES * len(Residue) - 2,
    # Without a count of the tries the last one is kept, and with it what a third guess would have opened.
    "sle4442-omnikey": PSC_BYTES * len(Residue),
    # A trailer is programmed as one block: torn, it is as it was, or it closes its sector for ever.
    "classic": len(SECTORS) * (len(Residue) - 1),
    "classic-identiv": len(SECTORS) * (len(Residue) - 1),
}
"""Tears that cost the plastic: a code of which some bytes are the old ones and some the new ones is nobody's."""
REFUSED = {Code.PSC_WRONG, Code.CARD_LAST_TRY, Code.CARD_TRIES_UNTOLD, Code.CARD_UNREADABLE}
"""How spoilt plastic is refused, before anything is sold on it."""


class Tray:
    """One card of a kind in a file, put back as it was for each case."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.counter = Counter()
        self._kind = KINDS[kind]
        self._path = folder / "card.bin"
        self._kind.make_blank(self._path)
        for write in (an_issue(), a_write(2), a_write(3)):
            self.counter.carry_out(self.card(), write)
        self._issued = self._path.read_bytes()

    def card(self) -> SoftwareCard:
        return self._kind.open(self._path, NO_HOOKS)

    def fresh(self) -> SoftwareCard:
        """As it was after its sales, at a desk that has never seen it."""
        self.counter = Counter()
        self._path.write_bytes(self._issued)
        return self.card()

    def clears(self, card: SoftwareCard) -> None:
        with self.counter.session(card) as session:
            session.read()
            session.clear(CARD)

    def state(self, card: SoftwareCard) -> ImageState:
        with self.counter.session(card) as session:
            return session.read().state

    def cost(self) -> tuple[int, int]:
        card = self.fresh()
        card.reset_counters()
        self.clears(card)
        return card.apdus, card.all_bytes_programmed


@pytest.fixture(params=KINDS)
def tray(request: pytest.FixtureRequest, tmp_path: Path) -> Tray:
    return Tray(request.param, tmp_path)


def test_it_is_blank_and_becomes_another_customers_card(tray: Tray) -> None:
    card = tray.fresh()
    tray.clears(card)
    assert tray.state(card) is ImageState.BLANK
    tray.counter.carry_out(card, an_issue(OTHER_CARD))
    with tray.counter.session(card) as session:
        image = session.read()
    assert image.header is not None
    assert (image.header.card, image.is_proved) == (OTHER_CARD, True)


def test_only_the_card_that_was_meant_is_cleared(tray: Tray) -> None:
    card = tray.fresh()
    before = card.image
    with tray.counter.session(card) as session:
        session.read()
        with pytest.raises(OperatorError) as refused:
            session.clear(OTHER_CARD)
    assert refused.value.code is Code.CARD_SWAPPED
    assert card.image == before


@pytest.mark.parametrize("kind", ["sle4442", "sle4442-omnikey", "classic", "desfire-ev1", "desfire-ev2"])
def test_a_card_torn_out_anywhere_is_cleared_when_it_is_done_again(kind: str, tmp_path: Path) -> None:
    tray = Tray(kind, tmp_path)
    apdus, programmed = tray.cost()
    came_to = Tally(_outcome(tray, fault) for fault in every_fault(apdus=apdus, programmed=programmed))
    spoilt = came_to.pop("spoilt", 0)
    assert spoilt <= SPOILT.get(kind, 0)
    assert set(came_to) == {"blank"}
    assert came_to["blank"] > apdus


def _outcome(tray: Tray, fault: Fault) -> str:
    card = tray.fresh()
    card.arm(fault)
    before = card.image[:PROOF_AT]
    try:
        tray.clears(card)
    except OperatorError as broken:
        assert broken.code in {Code.CARD_REMOVED, Code.CARD_TORN}, fault
        assert broken.code is Code.CARD_TORN or card.image[:PROOF_AT] == before, (
            f"{fault}: nobody says that nothing was written"
        )
    try:
        if tray.state(card) is not ImageState.BLANK:
            tray.clears(card)
        tray.counter.carry_out(card, an_issue(OTHER_CARD))
    except OperatorError as refused:
        assert refused.code in REFUSED, fault
        assert fault.kind is FaultKind.TEAR, f"{fault}: only a tear can spoil"
        return "spoilt"
    return tray.state(card).value if tray.state(card) is not ImageState.OURS else "blank"


@pytest.mark.parametrize("kind", ["sle4442", "sle4442-omnikey", "classic", "classic-identiv", "desfire-ev2"])
def test_a_card_that_said_it_had_erased_something_and_had_not_is_retired_the_second_time(
    kind: str, tmp_path: Path
) -> None:
    """Its header goes last, and only when all before it is seen to be gone: without one nobody knows its code."""
    tray = Tray(kind, tmp_path)
    card = tray.fresh()
    card.arm(None)
    tray.clears(card)
    lies = card.faults.programming
    came_to = Tally(_after_a_lie(tray, at) for at in range(1, lies + 1))
    # A lie about its code costs a try, and a reader that does not tell how many are left never takes the last one.
    kept = came_to.pop("last try kept", 0)
    assert kept <= (PSC_BYTES if kind == "sle4442-omnikey" else 0)
    assert came_to == {"blank": lies - kept}


def _after_a_lie(tray: Tray, at: int) -> str:
    card = tray.fresh()
    card.arm(Fault(FaultKind.LIE, at))
    try:
        tray.clears(card)
    except OperatorError as refused:
        assert refused.code in {Code.CARD_NOT_CLEARED, Code.PSC_WRONG, Code.CARD_UNREADABLE}, at
    try:
        if tray.state(card) is not ImageState.BLANK:
            tray.clears(card)
    except OperatorError as refused:
        assert refused.code in {Code.CARD_TRIES_UNTOLD, Code.CARD_LAST_TRY}, at
        return "last try kept"
    return tray.state(card).value


def test_a_card_that_does_not_take_it_is_not_called_blank() -> None:
    """It answers 9000 and stores nothing but its mark."""
    counter = Counter()
    store = counter.issued_card().chip._store

    class Stubborn(MemoryStore):
        def put(self, at: int, value: int) -> None:
            if not HEADER_AREA.address <= at < HEADER_AREA.end:
                super().put(at, value)

    card = EmulatedCard(Stubborn(store.load()))
    with counter.session(card) as session:
        session.read()
        with pytest.raises(OperatorError) as refused:
            session.clear(CARD)
    assert refused.value.code is Code.CARD_NOT_CLEARED


def test_a_strange_card_with_something_where_the_header_stands_is_not_blank() -> None:
    counter = Counter()
    raw = bytearray(EmulatedCard.blank().image)
    raw[HEADER_AREA.address : HEADER_AREA.end] = b"somebody elses!!"
    assert counter.codec.decode(bytes(raw)).state is ImageState.FOREIGN
    assert not counter.codec.may_become(counter.codec.decode(bytes(raw)), an_issue())
    raw[SCRATCH.address] = CLEARED_MARKER
    assert counter.codec.decode(bytes(raw)).state is ImageState.BLANK
    raw[SCRATCH.address - 1] = 0
    assert counter.codec.decode(bytes(raw)).state is ImageState.FOREIGN
