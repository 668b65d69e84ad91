"""The registers of a meter and the file that keeps them without power (row S14)."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vending_app.domain.card import NO_PARAMETERS, MeterParameters
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import CardNo, MeterNo, SupplyNo
from vending_app.domain.meter import RelayState, TripReason

STATE_FORMAT = 1
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Registers:
    """Everything a meter remembers; whole and immutable, replaced at every event."""

    meter: MeterNo
    supply: SupplyNo | None = None
    card: CardNo | None = None
    generation: int = 0
    sequence: int = 0
    key_version: int = 1
    energy_total: Energy = NO_ENERGY
    used_total: Energy = NO_ENERGY
    remaining: Energy = NO_ENERGY
    zero_crossing: Energy = NO_ENERGY
    purchases: int = 0
    last_purchase: Energy = NO_ENERGY
    parameters: MeterParameters = NO_PARAMETERS
    illegal_cards: int = 0
    overload_trips: int = 0
    low_credit_trips: int = 0
    tamper_events: int = 0
    power_failures: int = 0
    power_max_w: int = 0
    is_cover_open: bool = False
    has_tripped_low: bool = False
    """Whether the one trip at the alarm level has been spent; it comes back with credit above the level."""
    trip: TripReason = TripReason.ZERO
    """A meter leaves the factory without credit."""
    last_month: Energy = NO_ENERGY
    used_before_month: Energy = NO_ENERGY
    """`used_total` when this month began."""
    time: datetime = EPOCH
    running: int = 0

    @property
    def relay(self) -> RelayState:
        """Whether the customer has power."""
        return RelayState.CLOSED if self.trip is TripReason.NONE else RelayState.OPEN

    @property
    def is_alarm(self) -> bool:
        """Whether the low-credit alarm shows (row S7)."""
        return self.supply is not None and self.remaining <= self.parameters.alarm_1


class RegisterFile:
    """Registers in a JSON file, replaced as a whole: a power cut leaves the old or the new ones.

    With a meter number, a missing file is a new meter and the registers of another one are refused.
    """

    def __init__(self, path: Path, meter: MeterNo | None = None) -> None:
        self._path = path
        self._meter = meter

    def load(self) -> Registers:
        """The registers. Raises EnvironmentFault meter-state-damaged, file-unreadable."""
        if self._meter is not None and not self._path.exists():
            return Registers(self._meter)
        try:
            text = self._path.read_bytes()
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(self._path)) from cause
        registers = parse(text, name=self._path.name)
        if self._meter is not None and registers.meter != self._meter:
            raise EnvironmentFault(Code.METER_STATE_DAMAGED, file=self._path.name, of=registers.meter)
        return registers

    def save(self, registers: Registers) -> None:
        """Durable when it returns."""
        fresh = self._path.with_name(self._path.name + ".new")
        with open(fresh, "wb") as file:
            file.write(dump(registers))
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self._path)


def dump(registers: Registers) -> bytes:
    """The registers as JSON: energies in Wh, time in ISO 8601."""
    body = {"format": STATE_FORMAT, **asdict(registers)}
    return json.dumps(body, default=_plain, indent=1).encode()


def _plain(value: object) -> str:
    assert isinstance(value, datetime), "everything else in the registers is plain"
    return value.isoformat()


def parse(data: bytes, *, name: str) -> Registers:
    """Total: any bytes give registers or EnvironmentFault meter-state-damaged."""
    try:
        body = json.loads(data)
        if body.pop("format") != STATE_FORMAT or set(body) != {f.name for f in fields(Registers)}:
            raise ValueError("format")
        return _registers(body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as cause:
        raise EnvironmentFault(Code.METER_STATE_DAMAGED, file=name) from cause


def _registers(body: dict[str, Any]) -> Registers:
    parameters = body.pop("parameters")
    plain = {key: _value(key, value) for key, value in body.items()}
    return replace(
        Registers(**plain),
        parameters=MeterParameters(**{key: _value(key, value) for key, value in parameters.items()}),
    )


def _value(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return Energy(**value)
    if key == "time":
        return datetime.fromisoformat(value).astimezone(UTC)
    if key == "trip":
        return TripReason(value)
    if not isinstance(value, _TYPES.get(key, int)):
        raise TypeError(key)
    return value


_TYPES: dict[str, type | tuple[type, ...]] = {
    "meter": str,
    "supply": (str, type(None)),
    "card": (str, type(None)),
    "is_cover_open": bool,
    "has_tripped_low": bool,
}
