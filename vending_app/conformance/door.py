"""The reference meter behind a door of lines: what the runner asks of any meter, answered as JSON.

The protocol stands in docs/conformance.md. The meter holds its own keys only, as a device does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.meter_keys import MeterKeyring, MeterKeys
from vending_app.cardio.tool_codec import area_bytes
from vending_app.cardio.totals1 import Totals1
from vending_app.conformance.chips import lying
from vending_app.conformance.values import NotUnderstood, number, raw
from vending_app.domain.energy import CARD_UNIT_WH, Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.meter import Insertion, MeterView
from vending_app.domain.tool_card import fits_tool_card
from vending_app.meter.reference import MeterInFile, highest
from vending_app.meter.registers import LARGEST, Registers

METER_FIGURES = 12
KEY_SIZE = 16
COUNTED = ("running", "illegal_cards", "overload_trips", "low_credit_trips", "tamper_events", "power_failures")
"""What a meter may have counted before a case begins: no rig opens a cover 65 535 times."""
Message = Mapping[str, Any]


@dataclass(slots=True)
class InMemory:
    """Implements KeepsRegisters for as long as a case lasts: no power fails between two lines."""

    registers: Registers

    def load(self) -> Registers:
        return self.registers

    def save(self, registers: Registers) -> None:
        self.registers = registers


@dataclass(slots=True)
class Door:
    """One meter, made anew by each `provision`."""

    _meter: MeterInFile | None = None
    _keys: MeterKeyring | None = None
    _now: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    def answer(self, line: str) -> dict[str, object]:
        """What the meter says to one line. Total: a line that is no request is answered with an `error`."""
        try:
            request = json.loads(line)
            act = {
                "provision": self._provision,
                "insert": self._insert,
                "use": self._use,
                "mains": self._mains,
                "cover": self._cover,
            }[request["do"]]
            return act(request)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, NotUnderstood) as cause:
            return {"error": f"not a request of this protocol ({type(cause).__name__})"}

    def answers(self, lines: Iterable[str]) -> Iterator[str]:
        """One line for each line that is not empty."""
        for line in lines:
            if line.strip():
                yield json.dumps(self.answer(line))

    # --- what may be asked ------------------------------------------------------------------------------

    def _provision(self, request: Message) -> dict[str, object]:
        """As it leaves the factory: number, utility, area, keys; nothing sold, the relay open, perhaps much counted."""
        meter, area = MeterNo(_figures(request["meter"])), str(request["area"])
        if area and not fits_tool_card(area):
            raise NotUnderstood
        keys = {number(each["version"], least=1, most=255): _keys(each) for each in request["keys"]}
        if not keys:
            raise NotUnderstood
        self._keys = MeterKeyring(meter, keys, area=area_bytes(area))
        codec = Totals1(self._keys, utility=number(request["utility"], most=0xFFFF))
        versions = self._keys.versions
        begins = _counted(request.get("counted", {}))
        made = Registers(meter, area=area, key_versions=versions, key_version=versions[0], **begins)
        self._meter = MeterInFile(InMemory(made), codec, lambda: self._now)
        return {"ready": True}

    def _insert(self, request: Message) -> dict[str, object]:
        meter, card = self._at(request), request["card"]
        assert self._keys is not None, "a meter that was provisioned has keys"
        pulled = request.get("pulled_at")
        put_in = lying(card, pulled_at=None if pulled is None else number(pulled, least=1, most=LARGEST))
        insertion = meter.insert(EmulatedMeterSlot(put_in.card, vault=self._keys))
        return {**_said(insertion), **put_in.left(), **_registers(insertion.view)}

    def _use(self, request: Message) -> dict[str, object]:
        meter = self._at(request)
        taken, power_w = number(request["energy_wh"], most=LARGEST), number(request["power_w"], most=LARGEST)
        return _registers(meter.use(Energy(taken), power_w=power_w))

    def _mains(self, request: Message) -> dict[str, object]:
        return _registers(self._at(request).set_mains(on=_flag(request["on"])))

    def _cover(self, request: Message) -> dict[str, object]:
        return _registers(self._at(request).set_cover(is_open=_flag(request["open"])))

    def _at(self, request: Message) -> MeterInFile:
        """The meter at the moment of a request; the runner is its clock."""
        moment = datetime.fromisoformat(request["at"])
        if self._meter is None or moment.tzinfo is None:
            raise NotUnderstood
        self._now = moment.astimezone(UTC)
        return self._meter


def _said(insertion: Insertion) -> dict[str, object]:
    """What the display says at once: a code where there is one, else what was done."""
    decision = insertion.decision
    return {"says": decision.error_code or decision.value, "credited_wh": insertion.credited.wh}


def _registers(view: MeterView) -> dict[str, object]:
    """What a meter can show of its registers; energy in Wh, power in W.

    What outgrows its field of the write-back is shown at the field's end: a meter may count no further.
    """
    return {
        "registers": {
            "supply": view.supply or "",
            "energy_total_wh": view.energy_total.wh,
            "used_total_wh": _energy(view.used_total),
            "remaining_wh": view.remaining.wh,
            "zero_crossing_wh": _energy(view.zero_crossing),
            "last_month_wh": _energy(view.last_month),
            "purchases": view.purchases,
            "last_purchase_wh": view.last_purchase.wh,
            "illegal_cards": min(view.illegal_cards, highest(2)),
            "overload_trips": min(view.overload_trips, highest(2)),
            "low_credit_trips": min(view.low_credit_trips, highest(2)),
            "tamper_events": min(view.tamper_events, highest(2)),
            "power_failures": min(view.power_failures, highest(2)),
            "power_max_w": min(view.power_max_w, highest(3)),
            "relay": view.relay.value,
            "reason": view.reason.value,
            "alarm": view.is_alarm,
        }
    }


def _energy(energy: Energy) -> int:
    return min(energy.wh, highest(4) * CARD_UNIT_WH)


# --- reading a request -----------------------------------------------------------------------------------


def _counted(told: Message) -> dict[str, Any]:
    """Registers by their names. Raises NotUnderstood."""
    if not told.keys() <= {*COUNTED, "zero_crossing_wh"}:
        raise NotUnderstood
    made: dict[str, Any] = {name: number(told[name], most=highest(4)) for name in COUNTED if name in told}
    if "zero_crossing_wh" in told:
        made["zero_crossing"] = Energy(number(told["zero_crossing_wh"], most=LARGEST))
    return made


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise NotUnderstood
    return value


def _figures(value: Any) -> str:
    if type(value) is not str or len(value) != METER_FIGURES or not (value.isascii() and value.isdecimal()):
        raise NotUnderstood
    return value


_key: Callable[[Any], bytes] = partial(raw, size=KEY_SIZE)


def _keys(told: Message) -> MeterKeys:
    may_lack = (_key(told[name]) if told[name] else b"" for name in ("k_area", "k_mfc", "k_df"))
    return MeterKeys(_key(told["k_meter"]), _key(told["k_psc"]), *may_lack)
