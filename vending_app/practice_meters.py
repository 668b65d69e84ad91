"""The meters of the practice street at work: time, load, mains and cover of the one that is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from vending_app import app, other_side
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.meter import Insertion, MeterView
from vending_app.meter.reference import MeterInFile
from vending_app.ports import CardCodec
from vending_app.ports.meter_side import MeterCardSlot
from vending_app.practice_street import AREA, HOUSEHOLDS
from vending_app.services.practice_cases import APPLIANCES

SECONDS_PER_HOUR = 3600
USUAL_W = 1800
_POWERS = {appliance.key: appliance.power_w for appliance in APPLIANCES}
_HABITS = {house.supply: house.power_w for house in HOUSEHOLDS}


@dataclass(slots=True)
class Board:
    """What hangs on the wall of one house: its meter, its load, and a card in the slot."""

    meter: MeterInFile
    load_w: int
    appliances: frozenset[str] = frozenset()
    insertion: Insertion | None = None
    card: str | None = None
    """Key of the card in the slot."""
    _rest_ws: int = 0
    """Watt-seconds that do not make a watt-hour yet: a lamp too counts, second by second."""

    def set_load(self, watts: int) -> None:
        """Another load altogether, whatever was on."""
        self.load_w, self.appliances = max(0, watts), frozenset()
        self.meter.use(Energy(0), power_w=self.load_w)

    def switch(self, appliance: str, *, on: bool) -> None:
        """Add an appliance to the load, or take it off; an overload trips at once."""
        if on is (appliance in self.appliances):
            return
        power_w = _POWERS[appliance]
        self.appliances = self.appliances ^ {appliance}
        self.load_w = max(0, self.load_w + (power_w if on else -power_w))
        self.meter.use(Energy(0), power_w=self.load_w)

    def pass_time(self, seconds: int) -> None:
        """Let the meter run on in its own time."""
        energy_wh, self._rest_ws = divmod(self.load_w * seconds + self._rest_ws, SECONDS_PER_HOUR)
        later = self.meter.clock() + timedelta(seconds=seconds)
        MeterInFile(self.meter.file, self.meter.codec, lambda: later).use(Energy(energy_wh), power_w=self.load_w)

    def put_in(self, key: str, slot: MeterCardSlot) -> None:
        """A card goes into the slot."""
        self.insertion, self.card = self.meter.insert(slot), key

    def pull_out(self) -> None:
        self.card = None


@dataclass(slots=True)
class Meters:
    """All boards, by supply and meter: a meter that was changed is another one."""

    folder: Path
    codec: CardCodec
    _boards: dict[tuple[SupplyNo, MeterNo], Board] = field(default_factory=dict)

    def board(self, supply: SupplyNo, number: MeterNo) -> Board:
        """The board of a house; a new meter if there is no file yet."""
        key = supply, number
        if key not in self._boards:
            self._boards[key] = Board(self._meter(number), _HABITS.get(supply, USUAL_W))
        return self._boards[key]

    def view(self, number: MeterNo) -> MeterView:
        return self._meter(number).view()

    def take_out(self, card: str) -> None:
        """A card that goes elsewhere is in no slot any more."""
        for board in self._boards.values():
            if board.card == card:
                board.pull_out()

    def _meter(self, number: MeterNo) -> MeterInFile:
        state = self.folder / f"{number}.json"
        plain = other_side.reference_meter(state, number, codec=self.codec, area=AREA.code)

        def clock() -> datetime:
            """The meter's own time, which runs ahead where a person let it."""
            return max(app.now(), plain.view().time)

        return MeterInFile(plain.file, plain.codec, clock)
