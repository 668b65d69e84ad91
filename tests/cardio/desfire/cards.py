"""Cards in software to test with, their random numbers, and a reader that is nothing but a wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from vending_app.cardio.desfire.card import Desfire
from vending_app.cardio.desfire.commands import Comm, FileKind, FilePlan, Generation, Rights
from vending_app.cardio.desfire.keys import CardKey, factory_application_key
from vending_app.cardio.desfire.status import Refused, Status
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.desfire.state import CardState, MemoryDesfire
from vending_app.cardio.emulated.kinds import counting

UID = bytes.fromhex("04782E21801D80")
AID = bytes.fromhex("563412")
OPEN_SETTINGS = 0x0F
RECORDS_KEPT = 3


class Wired:
    """Implements Link over one card."""

    def __init__(self, card: EmulatedDesfire) -> None:
        self._card = card
        self.atr = card.atr

    def transmit(self, apdu: bytes) -> bytes:
        return self._card.exchange(apdu)

    def reconnect(self) -> None:
        self._card.put_back()


def a_card(generation: Generation = Generation.EV2) -> EmulatedDesfire:
    """As from the factory."""
    return EmulatedDesfire.factory(UID, generation, entropy=counting())


def office(card: EmulatedDesfire) -> Desfire:
    """The office's side."""
    return Desfire(Wired(card), counting())


def again(card: EmulatedDesfire) -> EmulatedDesfire:
    """What of a card is left without power, as another card."""
    return EmulatedDesfire(MemoryDesfire(card.state), entropy=counting())


def a_file(kind: FileKind, comm: Comm = Comm.FULL, rights: Rights | None = None) -> FilePlan:
    """32 bytes, or records of 16 of which RECORDS_KEPT stay; read with key 1 and written with key 2 unless told."""
    rights = rights or Rights(1, 2, 0, 0)
    if kind is FileKind.CYCLIC:
        return FilePlan(3, kind, comm, rights, 16, RECORDS_KEPT + 1)
    return FilePlan(2 if kind is FileKind.BACKUP else 1, kind, comm, rights, 32)


def with_files(card: EmulatedDesfire, *plans: FilePlan) -> Desfire:
    """An application of three keys with these files, the master key in use."""
    desk = office(card)
    desk.create_application(AID, settings=OPEN_SETTINGS, keys=3)
    log_in(desk, 0)
    for plan in plans:
        desk.create(plan)
    return desk


def log_in(desk: Desfire, number: int, key: CardKey | None = None) -> None:
    desk.select(AID)
    desk.authenticate(number, key or factory_application_key())


def as_stored(card: EmulatedDesfire, plan: FilePlan) -> bytes:
    """What is committed, seen past every right."""
    return stored(card.state, plan)


def stored(state: CardState, plan: FilePlan) -> bytes:
    return state.applications[AID].files[plan.number].data


@contextmanager
def refused(status: Status) -> Iterator[None]:
    """Whatever is done in the block must be refused with this status, by whichever side."""
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.status is status
