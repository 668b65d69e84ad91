"""The registers of a meter and the file that keeps them without power (row S14)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from vending_app.domain.card import NO_PARAMETERS, MeterParameters, MeterStatus
from vending_app.domain.energy import CARD_UNIT_WH, NO_ENERGY, Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import CardNo, MeterNo, SupplyNo
from vending_app.domain.meter import RelayState, TripReason
from vending_app.domain.tool_card import FieldRecord, fits_tool_card

STATE_FORMAT = 5
_BEFORE_POWER = 1
"""Registers of the first format say nothing of the mains: a meter that wrote them had power."""
_BEFORE_TOOLS = 2
"""Registers up to the second format belong to a meter that no area provisioned."""
_BEFORE_KEYS = 3
"""Registers up to the third format belong to a meter with the first version of the keys alone."""
_BEFORE_ALL_BARRED = 4
"""Registers up to the fourth format remember the last supply alone that the meter was cleared of."""
LARGEST = 2**53
"""What any program that reads JSON takes without loss; no meter counts so far."""
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
LAST_HOUR = EPOCH + timedelta(hours=2**24 - 1)


@dataclass(frozen=True, slots=True)
class Registers:
    """Everything a meter remembers; whole and immutable, replaced at every event."""

    meter: MeterNo
    supply: SupplyNo | None = None
    card: CardNo | None = None
    generation: int = 0
    sequence: int = 0
    key_version: int = 1
    """Under which it writes back: the newest that a card has proved to it."""
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
    has_power: bool = True
    """Whether the mains reach the meter. Its clock and its registers do without them."""
    has_tripped_low: bool = False
    """Whether the one trip at the alarm level has been spent; it comes back with credit above the level."""
    trip: TripReason = TripReason.ZERO
    """A meter leaves the factory without credit."""
    last_month: Energy = NO_ENERGY
    used_before_month: Energy = NO_ENERGY
    """`used_total` when this month began."""
    time: datetime = EPOCH
    running: int = 0
    area: str = ""
    """The code of the area that the meter was provisioned for; without one it takes no tool card of an area."""
    mains_since: datetime = EPOCH
    """When the mains came back last."""
    final: FieldRecord | None = None
    """Of a meter that was cleared: what a clear card took, kept until another supply binds."""
    barred: tuple[SupplyNo, ...] = ()
    """The supplies that the meter was ever cleared of: their totals must not be credited from nothing once more."""
    key_versions: tuple[int, ...] = (1,)
    """Whose keys it holds, ascending; none is ever given up for a newer one."""
    taught_by: int = 0
    """The mandate of the key card that brought the newest; 0 for none."""

    @property
    def relay(self) -> RelayState:
        """Where the contacts stand; they stay as they are without mains."""
        return RelayState.CLOSED if self.trip is TripReason.NONE else RelayState.OPEN

    @property
    def is_alarm(self) -> bool:
        """Whether the low-credit alarm shows (row S7)."""
        return self.supply is not None and self.remaining <= self.parameters.alarm_1


class KeepsRegisters(Protocol):
    """Where a meter keeps what it remembers."""

    def load(self) -> Registers: ...
    def save(self, registers: Registers) -> None: ...


class RegisterFile:
    """Registers in a JSON file, replaced as a whole: a power cut leaves the old or the new ones.

    With a meter number, a missing file is a new meter, provisioned for the area if one is named, and the registers of
    another one are refused.
    """

    def __init__(self, path: Path, meter: MeterNo | None = None, *, area: str = "") -> None:
        self._path = path
        self._meter = meter
        self._area = area

    def load(self) -> Registers:
        """The registers. Raises EnvironmentFault meter-state-damaged, meter-other, file-unreadable."""
        try:
            text = self._path.read_bytes()
        except FileNotFoundError as cause:
            if self._meter is not None:
                return Registers(self._meter, area=self._area)
            raise self._unreadable() from cause
        except OSError as cause:
            raise self._unreadable() from cause
        registers = parse(text, name=self._path.name)
        if self._meter is not None and registers.meter != self._meter:
            raise EnvironmentFault(Code.METER_OTHER, file=self._path.name, of=registers.meter)
        return registers

    def save(self, registers: Registers) -> None:
        """Durable when it returns. Raises EnvironmentFault file-unreadable; the old registers stand then."""
        fresh = self._path.with_name(self._path.name + ".new")
        try:
            with open(fresh, "wb") as file:
                file.write(dump(registers))
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, self._path)
        except OSError as cause:
            raise self._unreadable() from cause

    def _unreadable(self) -> EnvironmentFault:
        return EnvironmentFault(Code.FILE_UNREADABLE, path=str(self._path))


def dump(registers: Registers) -> bytes:
    """The registers as JSON: energies in Wh, time in ISO 8601."""
    body = {"format": STATE_FORMAT, **asdict(registers)}
    return json.dumps(body, default=_plain, indent=1).encode()


def _plain(value: object) -> str:
    assert isinstance(value, datetime), "everything else in the registers is plain"
    return value.isoformat()


def parse(data: bytes, *, name: str) -> Registers:
    """Total: any bytes give registers with every value in its bounds, or EnvironmentFault meter-state-damaged."""
    try:
        body = json.loads(data)
        made = _whole(body.pop("format"), least=_BEFORE_POWER, most=STATE_FORMAT)
        if made == _BEFORE_POWER:
            body["has_power"] = True
        if made <= _BEFORE_TOOLS:
            body |= {"area": "", "mains_since": EPOCH.isoformat(), "final": None, "barred": None}
        if made <= _BEFORE_KEYS:
            body |= {"key_versions": [1], "taught_by": 0}
        if made <= _BEFORE_ALL_BARRED:
            body["barred"] = [] if body["barred"] is None else [body["barred"]]
        return Registers(**_checked(body, _READ))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as cause:
        raise EnvironmentFault(Code.METER_STATE_DAMAGED, file=name) from cause


def _checked(body: dict[str, Any], fields: dict[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """Every field by its own rule, none missing and none over. Raises ValueError, TypeError, AttributeError."""
    if body.keys() != fields.keys():
        raise ValueError("fields")
    return {name: read(body[name]) for name, read in fields.items()}


def _whole(value: Any, *, least: int = 0, most: int = LARGEST) -> int:
    # True and False are integers to Python, and nothing in this file counts with them.
    if type(value) is not int or not least <= value <= most:
        raise ValueError("number")
    return value


def _signed_energy(value: Any) -> Energy:
    return Energy(**_checked(value, {"wh": partial(_whole, least=-LARGEST)}))


def _energy(value: Any) -> Energy:
    return Energy(**_checked(value, {"wh": _whole}))


def _parameters(value: Any) -> MeterParameters:
    return MeterParameters(**_checked(value, _READ_PARAMETERS))


def _register(value: Any, *, least: int, below: int) -> Energy:
    """An energy that a field of the card holds: whole units within its bounds."""
    energy = _signed_energy(value)
    if energy.wh % CARD_UNIT_WH or not least <= energy.card_units < below:
        raise ValueError("register")
    return energy


def _status(value: Any) -> MeterStatus:
    return MeterStatus(_whole(value, most=0xFF))


def _hour(value: Any) -> datetime:
    moment = _time(value)
    if moment != hour_of(moment):
        raise ValueError("hour")
    return moment


def hour_of(moment: datetime) -> datetime:
    """The clock down to the hour, as far as three bytes count hours."""
    return min(moment.replace(minute=0, second=0, microsecond=0), LAST_HOUR)


def _versions(value: Any) -> tuple[int, ...]:
    versions = tuple(_whole(version, least=1, most=255) for version in value)
    if not versions or versions != tuple(sorted(set(versions))):
        raise ValueError("versions")
    return versions


def _final(value: Any) -> FieldRecord | None:
    return None if value is None else FieldRecord(**_checked(value, _READ_FINAL))


def _area(value: Any) -> str:
    if type(value) is not str or (value and not fits_tool_card(value)):
        raise ValueError("area")
    return value


def _figures(value: Any, *, count: int) -> str:
    if type(value) is not str or len(value) != count or not (value.isascii() and value.isdecimal()):
        raise ValueError("figures")
    return value


def _figures_or_none(value: Any, *, count: int) -> str | None:
    return None if value is None else _figures(value, count=count)


def _supplies(value: Any) -> tuple[SupplyNo, ...]:
    if type(value) is not list:
        raise ValueError("supplies")
    return tuple(SupplyNo(_figures(supply, count=8)) for supply in value)


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError("flag")
    return value


def _time(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or moment < EPOCH:
        raise ValueError("time")
    return moment.astimezone(UTC)


_COUNTERS = (
    "generation",
    "sequence",
    "purchases",
    "illegal_cards",
    "overload_trips",
    "low_credit_trips",
    "tamper_events",
    "power_failures",
    "power_max_w",
    "running",
)
_READ: dict[str, Callable[[Any], Any]] = {
    "meter": partial(_figures, count=12),
    "supply": partial(_figures_or_none, count=8),
    "card": partial(_figures_or_none, count=12),
    "key_version": partial(_whole, most=255),
    **dict.fromkeys(_COUNTERS, _whole),
    **dict.fromkeys(("energy_total", "used_total", "zero_crossing", "last_month", "used_before_month"), _energy),
    **dict.fromkeys(("remaining", "last_purchase"), _signed_energy),
    "parameters": _parameters,
    "is_cover_open": _flag,
    "has_power": _flag,
    "has_tripped_low": _flag,
    "trip": TripReason,
    "time": _time,
    "area": _area,
    "mains_since": _time,
    "final": _final,
    "barred": _supplies,
    "key_versions": _versions,
    "taught_by": _whole,
}
_READ_PARAMETERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("alarm_1", "alarm_2", "overdraft", "hoarding"), _energy),
    **dict.fromkeys(("overload_w", "constant_imp_per_kwh", "ct_ratio", "pt_ratio"), _whole),
}
_READ_FINAL: dict[str, Callable[[Any], Any]] = {
    "meter": partial(_figures, count=12),
    **dict.fromkeys(("running_low", "sequence_low"), partial(_whole, most=0xFFFF)),
    **dict.fromkeys(("illegal_low", "overload_low", "tamper_low"), partial(_whole, most=0xFF)),
    "used_total": partial(_register, least=0, below=2**32),
    "remaining": partial(_register, least=-(2**31), below=2**31),
    "zero_crossing": partial(_register, least=0, below=2**24),
    "status": _status,
    "hour": _hour,
}
"""What is kept must fit the card, because it is written on one again."""
