"""The other side of the card contract, composed: cards in software, and reference meters with the keys of an office."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from vending_app import settings
from vending_app.app import Secret, now, random_bytes
from vending_app.cardio.emulated.faults import Fault
from vending_app.cardio.emulated.kinds import EVERY_KIND, Hooks
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.emulated.vpcd import serve
from vending_app.cardio.totals1 import Totals1
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.meter import MeterView
from vending_app.meter.reference import Load, MeterInFile
from vending_app.meter.registers import RegisterFile
from vending_app.office_books import open_books
from vending_app.office_files import Files
from vending_app.ports import CardCodec, Clock
from vending_app.ports.meter_side import MeterCardSlot
from vending_app.vaults import Vault, place_of


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an office and the card format made with them."""

    vault: Vault
    codec: Totals1


@contextmanager
def keys_of(data: Path, *, passphrase: Secret) -> Iterator[Keys]:
    """What a meter of this office knows."""
    with open_books(data) as ledger:
        utility = ledger.office().utility
    files = Files(data)
    vault = place_of(files.vault, settings.load(files.settings)).open(passphrase())
    try:
        yield Keys(vault, Totals1(vault, utility=utility))
    finally:
        vault.lock()


def emulated_card(image: Path, *, kind: str, blank: bool = False, fault: Fault | None = None) -> SoftwareCard:
    """A card in software of a kind in `EVERY_KIND`, kept in a file; a blank one is put there first if asked.

    Raises OperatorError image-damaged, EnvironmentFault file-unreadable.
    """
    if blank:
        EVERY_KIND[kind].make_blank(image)
    card = EVERY_KIND[kind].open(image, Hooks(entropy=random_bytes))
    card.arm(fault)
    return card


def serve_card(card: SoftwareCard, *, host: str, port: int) -> None:
    """Hold the card in the virtual reader until the process is interrupted, or a fault throws the card out."""
    serve(host, port, card, Event())


def meter_slot(card: SoftwareCard, keys: Keys) -> MeterCardSlot:
    """The card as a meter's own chip driver offers it."""
    return EmulatedMeterSlot(card, vault=keys.vault)


def reference_meter(
    state: Path, number: MeterNo, *, codec: CardCodec, clock: Clock = now, area: str = ""
) -> MeterInFile:
    """A meter whose registers live in a file; a new one, provisioned for the area, if there is no file yet."""
    return MeterInFile(RegisterFile(state, number, area=area), codec, clock)


def set_mains(state: Path, *, on: bool) -> MeterView:
    """Switch the mains of the meter in a file."""
    return Load(RegisterFile(state), now).set_mains(on=on)


def use_energy(state: Path, energy: Energy, *, power_w: int) -> MeterView:
    """Let the load of the meter in a file take energy."""
    return Load(RegisterFile(state), now).use(energy, power_w=power_w)
