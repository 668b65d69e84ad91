"""The reference meter: rules joined to a register file and a card slot. It plays the meter's side exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from vending_app.domain.card import CardImage, WriteBack
from vending_app.domain.energy import CARD_UNIT_WH, Energy
from vending_app.domain.meter import Insertion, MeterDecision, MeterView
from vending_app.meter import rules
from vending_app.meter.registers import RegisterFile, Registers
from vending_app.ports import CardCodec, MeterCardSlot

REFUSED = frozenset(
    {
        MeterDecision.NOT_OURS,
        MeterDecision.MAC_WRONG,
        MeterDecision.OTHER_METER,
        MeterDecision.OTHER_SUPPLY,
        MeterDecision.CARD_REPLACED,
        MeterDecision.OTHER_CARD,
    }
)
"""Nothing is written on such a card."""


@dataclass(frozen=True, slots=True)
class MeterInFile:
    """One meter; implements ports.ReferenceMeter. Every call loads, decides and saves, so a kill loses nothing."""

    file: RegisterFile
    codec: CardCodec
    clock: Callable[[], datetime]

    def insert(self, slot: MeterCardSlot) -> Insertion:
        """Put a card in: decide, keep the registers, then write back (rule 6: in this order)."""
        before = _now(self.file, self.clock)
        image = self.codec.decode(slot.read())
        decision, after = rules.decide(before, image)
        if decision not in REFUSED:
            after = replace(after, running=before.running + 1)
        self.file.save(after)
        wrote = decision not in REFUSED and self._write_back(slot, image, after)
        return Insertion(decision, after.energy_total - before.energy_total, wrote, rules.view_of(after))

    def _write_back(self, slot: MeterCardSlot, image: CardImage, registers: Registers) -> bool:
        assert image.header is not None, "a card that is not refused has a header"
        card, version = image.header.card, image.header.key_version
        record = self.codec.encode_write_back(on_card(rules.write_back_of(registers)), card=card)
        return slot.write_back(record, card=card, key_version=version)

    def use(self, energy: Energy, *, power_w: int = 0) -> MeterView:
        """Let the load take energy; the relay may open on the way."""
        return Load(self.file, self.clock).use(energy, power_w=power_w)

    def view(self) -> MeterView:
        """What the display shows."""
        return rules.view_of(self.file.load())


@dataclass(frozen=True, slots=True)
class Load:
    """The customer's side of a meter: it takes energy and needs no keys."""

    file: RegisterFile
    clock: Callable[[], datetime]

    def use(self, energy: Energy, *, power_w: int = 0) -> MeterView:
        """Take energy until it is done or the relay opens."""
        after = rules.use(_now(self.file, self.clock), energy, power_w=power_w)
        self.file.save(after)
        return rules.view_of(after)


def _now(file: RegisterFile, clock: Callable[[], datetime]) -> Registers:
    return rules.at_time(file.load(), clock().replace(microsecond=0))


def on_card(write_back: WriteBack) -> WriteBack:
    """The same in whole card units: what is used rounds down and the rest stays with the remaining energy,

    so that bought = used + remaining holds on the card too.
    """
    used = write_back.used_total.wh // CARD_UNIT_WH * CARD_UNIT_WH
    carried = write_back.used_total.wh - used
    return replace(
        write_back,
        used_total=Energy(used),
        remaining=Energy(write_back.remaining.wh + carried),
        zero_crossing=Energy(write_back.zero_crossing.wh // CARD_UNIT_WH * CARD_UNIT_WH),
        last_month=Energy(write_back.last_month.wh // CARD_UNIT_WH * CARD_UNIT_WH),
    )
