"""Tool cards of every chip: issued at the desk, carried to a meter, read in, issued anew; nothing else is chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf, a_desk
from tests.services.test_roll_over import known, roll
from tests.services.test_tool_cards import LIMITS, House, Street
from vending_app.cardio.emulated.kinds import KINDS, NO_HOOKS
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.domain.card import CardKind
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.meter import MeterDecision
from vending_app.domain.tool_card import ToolState, limits_of
from vending_app.services import tool_cases

OTHER_CHIPS = ["classic", "desfire-ev1", "desfire-ev2", "desfire-ev3"]


class Walk:
    """Somebody with tool cards of one chip, in a street of one house."""

    def __init__(self, desk: DeskOf, folder: Path, chip: str) -> None:
        self.street = Street(desk, folder).settle_in(1)
        self._kind, self._file = KINDS[chip], folder / "tool.bin"
        self._kind.make_blank(self._file)

    @property
    def house(self) -> House:
        return self.street.houses[0]

    @property
    def card(self) -> SoftwareCard:
        return self._kind.open(self._file, NO_HOOKS)

    def issues(self, kind: CardKind) -> None:
        self._lies_in_the_reader()
        assert isinstance(self.street.asks(self.street.request(kind)), tool_cases.ToolIssued)

    def carries_it_to_the_meter(self) -> MeterDecision:
        vault = self.street.desk.world.vault
        return self.house.meter.insert(EmulatedMeterSlot(self.card, vault=vault)).decision

    def reads_it_in(self) -> tool_cases.ToolRead:
        self._lies_in_the_reader()
        read = self.street.asks(tool_cases.ReadToolCard())
        assert isinstance(read, tool_cases.ToolRead)
        return read

    def _lies_in_the_reader(self) -> None:
        self.street.desk.readers.pull()
        self.street.desk.readers.insert(self.card)


@pytest.mark.parametrize("chip", OTHER_CHIPS)
def test_one_card_does_all_rounds_of_a_year(tmp_path: Path, chip: str) -> None:
    with a_desk(tmp_path) as desk:
        walk = Walk(desk, tmp_path, chip)
        house = walk.house
        house.meter.use(Energy(12_340), power_w=500)
        walk.issues(CardKind.CHECK)
        assert walk.carries_it_to_the_meter() is MeterDecision.COLLECTED
        [reading] = walk.reads_it_in().fresh
        assert reading.used == Energy(12_340)
        walk.issues(CardKind.PARAMETER)
        assert walk.carries_it_to_the_meter() is MeterDecision.LIMITS_SET
        assert limits_of(house.meter.file.load().parameters) == LIMITS
        assert len(walk.reads_it_in().fresh) == 1
        roll(walk.street)
        walk.issues(CardKind.KEY)
        assert walk.carries_it_to_the_meter() is MeterDecision.KEYS_LEARNT
        walk.reads_it_in()
        assert known(walk.street) == 2
        walk.issues(CardKind.CLEAR)
        for on in (False, True):
            house.meter.set_mains(on=on)
        assert walk.carries_it_to_the_meter() is MeterDecision.CLEARED
        assert house.meter.file.load().remaining == NO_ENERGY
        assert len(walk.reads_it_in().fresh) == 1
        assert walk.street.states() == [ToolState.READ, *[ToolState.ANEW] * 3]
        assert desk.counter.outside.ledger.verify().problems == ()


@pytest.mark.parametrize("chip", OTHER_CHIPS)
def test_another_areas_meter_takes_no_such_card_and_writes_nothing(tmp_path: Path, chip: str) -> None:
    with a_desk(tmp_path) as desk:
        walk = Walk(desk, tmp_path, chip)
        walk.issues(CardKind.CHECK)
        before = walk.card.image
        walk.house.meter.file.save(replace(walk.house.meter.file.load(), area="S-1"))
        assert walk.carries_it_to_the_meter() is MeterDecision.TOOL_ELSEWHERE
        assert walk.card.image == before
