"""The cards of the protocol as software cards: how a request tells one, and how an answer tells what is left of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vending_app.cardio.classic_layout import BLOCK, BLOCKS
from vending_app.cardio.desfire.commands import Generation
from vending_app.cardio.desfire.keys import KEY_SIZE, UID_SIZE, CardKey
from vending_app.cardio.desfire.plan import AID, FILES, SETTINGS, TOOL_FILE, KeyNo
from vending_app.cardio.emulated.block_store import MemoryBlocks
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.classic import EmulatedClassic
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.desfire.state import Application, CardState, MemoryDesfire, StoredFile
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.emulated.store import MAIN_SIZE, MemoryStore
from vending_app.conformance.values import NotUnderstood, number, raw

CODE_SIZE = 3
UNPROTECTED = b"\xff\xff\xff\xff"
COUNTERS = {3: 0x07, 2: 0x03, 1: 0x01, 0: 0x00}
"""The error counter of a card by the tries that it has left."""
NOBODYS_KEY = bytes(range(0xF0, 0x100))
"""Keys 0 and 1 of a DESFire card, which no meter has."""
PLANS = {plan.number: plan for plan in (*FILES, TOOL_FILE)}


@dataclass(frozen=True, slots=True)
class Lying:
    """A card in the slot, and what the meter's answer says of it when it was taken out."""

    card: SoftwareCard
    left: Callable[[], dict[str, object]]


def lying(told: Mapping[str, Any], *, pulled_at: int | None) -> Lying:
    """The card of a request, pulled while the Nth place is being programmed that a meter writes, if that is asked.

    Raises NotUnderstood, KeyError, TypeError, ValueError or AttributeError for what the protocol does not know.
    """
    make = {None: _memory, "classic": _classic, "desfire": _desfire}[told.get("chip")]
    return make(told, pulled_at)


def _memory(told: Mapping[str, Any], pulled_at: int | None) -> Lying:
    memory, code = raw(told["memory"], MAIN_SIZE), raw(told["code"], CODE_SIZE)
    card = EmulatedCard(MemoryStore(memory + UNPROTECTED + bytes([COUNTERS[number(told["tries"], most=3)]]) + code))
    if pulled_at is not None:
        # Presenting the code programs two bytes before the first of the memory.
        card.arm(Fault(FaultKind.TEAR, 2 + pulled_at))
    return Lying(card, lambda: {"memory": card.image.hex(), "tries": card.chip.error_counter.bit_count()})


def _classic(told: Mapping[str, Any], pulled_at: int | None) -> Lying:
    blocks = MemoryBlocks(raw(told["blocks"], BLOCK * BLOCKS))
    card = EmulatedClassic(blocks)
    if pulled_at is not None:
        card.arm(Fault(FaultKind.TEAR, pulled_at))
    return Lying(card, lambda: {"blocks": blocks.load().hex()})


def _desfire(told: Mapping[str, Any], pulled_at: int | None) -> Lying:
    """Nothing of it is programmed before CommitTransaction, so there is one place to be pulled at."""
    store = MemoryDesfire(_state(told))
    card = EmulatedDesfire(store, entropy=counting())
    if pulled_at is not None:
        card.arm(Fault(FaultKind.PULL_UNWRITTEN, pulled_at))

    def left() -> dict[str, object]:
        application = store.load().applications.get(AID)
        files = application.files if application is not None else {}
        return {"files": {str(number): files[number].data.hex() for number in files}}

    return Lying(card, left)


def _state(told: Mapping[str, Any]) -> CardState:
    state = CardState.factory(raw(told["uid"], UID_SIZE), Generation[told["generation"]])
    files = {int(number): _stored(int(number), data) for number, data in told["files"].items()}
    if files:
        key = CardKey(raw(told["key_2"], KEY_SIZE), version=number(told["key_version"], most=0xFF))
        keys = [CardKey(NOBODYS_KEY), CardKey(NOBODYS_KEY), key]
        assert len(keys) == len(KeyNo), "every key of the application"
        state.applications[AID] = Application(SETTINGS, keys, files)
    return state


def _stored(number: int, data: str) -> StoredFile:
    plan, held = PLANS[number], bytes.fromhex(data)
    is_whole = (
        len(held) % plan.size == 0 and len(held) < plan.size * plan.records if plan.records else len(held) == plan.size
    )
    if not is_whole:
        raise NotUnderstood
    return StoredFile(plan.kind, plan.comm, plan.rights, plan.size, plan.records, held)
