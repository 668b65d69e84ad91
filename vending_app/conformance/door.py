"""The reference meter behind a door of lines: what the runner asks of any meter, answered as JSON.

The protocol stands in docs/conformance.md. The meter holds its own keys only, as a device does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.meter_keys import MeterKeyring, MeterKeys
from vending_app.cardio.tool_codec import area_bytes
from vending_app.cardio.totals1 import Totals1
from vending_app.conformance.chips import lying
from vending_app.conformance.values import NotUnderstood, number, raw
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.meter import Insertion, MeterView
from vending_app.domain.tool_card import fits_tool_card
from vending_app.meter.reference import MeterInFile
from vending_app.meter.registers import LARGEST, RegisterFile

METER_FIGURES = 12
KEY_SIZE = 16
Message = Mapping[str, Any]


@dataclass(slots=True)
class Door:
    """One meter, made anew by each `provision`."""

    folder: Path
    """Where its registers are kept."""
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
        """As it leaves the factory: number, utility, area, keys; nothing sold, the relay open."""
        meter, area = MeterNo(_figures(request["meter"])), str(request["area"])
        if area and not fits_tool_card(area):
            raise NotUnderstood
        keys = {number(each["version"], least=1, most=255): _keys(each) for each in request["keys"]}
        if not keys:
            raise NotUnderstood
        state = self.folder / "registers.json"
        state.unlink(missing_ok=True)
        self._keys = MeterKeyring(meter, keys, area=area_bytes(area))
        codec = Totals1(self._keys, utility=number(request["utility"], most=0xFFFF))
        file = RegisterFile(state, meter, area=area)
        file.save(replace(file.load(), key_versions=self._keys.versions, key_version=self._keys.versions[0]))
        self._meter = MeterInFile(file, codec, lambda: self._now)
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
    """What a meter can show of its registers; energy in Wh, power in W."""
    return {
        "registers": {
            "supply": view.supply or "",
            "energy_total_wh": view.energy_total.wh,
            "used_total_wh": view.used_total.wh,
            "remaining_wh": view.remaining.wh,
            "zero_crossing_wh": view.zero_crossing.wh,
            "last_month_wh": view.last_month.wh,
            "purchases": view.purchases,
            "illegal_cards": view.illegal_cards,
            "overload_trips": view.overload_trips,
            "low_credit_trips": view.low_credit_trips,
            "tamper_events": view.tamper_events,
            "power_failures": view.power_failures,
            "power_max_w": view.power_max_w,
            "relay": view.relay.value,
            "reason": view.reason.value,
            "alarm": view.is_alarm,
        }
    }


# --- reading a request -----------------------------------------------------------------------------------


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
