"""The file of a meter is read whole or refused, and what outgrows the card stays at its end."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.meter.test_rules import CARD, CODEC, LIMITS, METER, NOON, SUPPLY, a_card, an_order
from vending_app.domain.card import MeterStatus, WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import SupplyNo
from vending_app.domain.tool_card import FieldRecord, Mandate
from vending_app.meter import rules, tool_rules
from vending_app.meter.reference import on_card
from vending_app.meter.registers import RegisterFile, Registers, dump, parse

FINAL = FieldRecord(METER, 7, 2, Energy(500), Energy(-20), Energy(20), 1, 2, 3, MeterStatus.RELAY_OPEN, NOON)
GOOD = Registers(
    METER,
    supply=SUPPLY,
    card=CARD,
    parameters=LIMITS,
    remaining=Energy(12_345),
    time=NOON,
    area="N-3",
    final=FINAL,
)
BODY: dict[str, Any] = json.loads(dump(GOOD))
PLACES: list[tuple[str, ...]] = [(key,) for key in BODY]
PLACES += [(key, part) for key in BODY if isinstance(BODY[key], dict) for part in BODY[key]]
PLACES += [("final", key, "wh") for key, value in BODY["final"].items() if isinstance(value, dict)]
PLACES += [("parameters", key, "wh") for key, value in BODY["parameters"].items() if isinstance(value, dict)]
MANDATE = Mandate(17, "N-3", None, NOON.date(), 4, 1)
IMAGE = CODEC.decode(a_card(an_order(2, 100_000)).image)

whole = st.integers() | st.integers(-(2**53) - 1, 2**53 + 1) | st.sampled_from([2**16, 2**24, 2**32, 2**53, -(2**53)])
plain = st.none() | st.booleans() | whole | st.floats() | st.text() | st.from_regex(r"\d{8}|\d{12}", fullmatch=True)
times = st.datetimes(timezones=st.sampled_from([UTC, None])).map(datetime.isoformat)
energies = st.fixed_dictionaries({"wh": whole})
any_json = energies | st.recursive(
    plain | times, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


def with_value(place: tuple[str, ...], value: object) -> bytes:
    body = copy.deepcopy(BODY)
    holder = body
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    return json.dumps(body).encode()


def live_on(registers: Registers) -> WriteBack | None:
    """Everything a meter does with its registers: keep them, use energy, take a card, show, write back."""
    assert parse(dump(registers), name="meter.json") == registers
    used = rules.use(rules.at_time(registers, NOON), Energy(1000), power_w=1000)
    _, after = rules.decide(used, IMAGE)
    rules.view_of(after)
    dump(after)
    if after.final is not None:
        CODEC.encode_field_record(after.final, mandate=MANDATE, card=CARD)
    collected = tool_rules.record_of(on_card(rules.write_back_of(after)))
    CODEC.encode_field_record(collected, mandate=MANDATE, card=CARD)
    record = CODEC.encode_write_back(on_card(rules.write_back_of(after)), card=CARD)
    return CODEC.decode(IMAGE.raw[:0xB0] + record + IMAGE.raw[0xF0:]).write_back


@given(st.sampled_from(PLACES), any_json)
@example(("used_total",), 5)
@example(("format",), True)
@example(("used_before_month",), {"wh": 2**53})
@example(("time",), "9999-12-31T23:59:59+00:00")
@example(("time",), "0001-01-01T00:00:00+05:00")
@example(("illegal_cards",), 2**53)
@example(("remaining",), {"wh": -(2**53)})
def test_registers_with_any_value_changed_can_be_lived_on_or_are_refused(place: tuple[str, ...], value: object) -> None:
    try:
        assert live_on(parse(with_value(place, value), name="meter.json")) is not None
    except EnvironmentFault as fault:
        assert fault.code in {Code.METER_STATE_DAMAGED, Code.KEY_VERSION_UNKNOWN}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("format",), True),
        (("used_total",), 5),
        (("used_total",), {"wh": True}),
        (("used_total",), {"wh": -1}),
        (("remaining",), {"wh": 2**53 + 1}),
        (("remaining",), {"wh": 1, "more": 1}),
        (("illegal_cards",), True),
        (("illegal_cards",), -1),
        (("running",), {"wh": 1}),
        (("key_version",), 256),
        (("is_cover_open",), 1),
        (("meter",), "12345678"),
        (("supply",), "１２３４５６７８"),
        (("card",), ""),
        (("trip",), "asleep"),
        (("time",), "2026-03-02T12:00:00"),
        (("time",), "1999-12-31T23:59:59+00:00"),
        (("parameters",), {}),
        (("parameters", "alarm_1"), 5),
        (("parameters", "ct_ratio"), False),
        (("unheard",), 1),
        (("area",), "longer than eight"),
        (("area",), "Zürich"),
        (("mains_since",), None),
        (("barred",), "00417726"),
        (("barred",), ["417726"]),
        (("final",), {}),
        (("final", "running_low"), 65_536),
        (("final", "illegal_low"), 256),
        (("final", "used_total"), {"wh": 5}),
        (("final", "remaining"), {"wh": 2**31 * 10}),
        (("final", "status"), 256),
        (("final", "hour"), "2026-03-02T12:30:00+00:00"),
    ],
)
def test_a_value_out_of_its_bounds_is_damage(place: tuple[str, ...], value: object) -> None:
    with pytest.raises(EnvironmentFault) as refused:
        parse(with_value(place, value), name="meter.json")
    assert refused.value.code is Code.METER_STATE_DAMAGED


def test_what_outgrows_its_field_stays_at_the_fields_end() -> None:
    far = Energy(2**53)
    grown = replace(
        GOOD, used_total=far, zero_crossing=far, remaining=-far, energy_total=far, illegal_cards=70_000,
        purchases=2**24, power_max_w=2**24, running=2**32, time=datetime(2200, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    told = live_on_as_is(grown)
    assert (told.used_total, told.zero_crossing, told.energy_total) == (Energy(0xFFFFFFFF * 10),) * 3
    assert told.remaining == Energy(-0x80000000 * 10)
    assert (told.illegal_cards, told.purchases, told.power_max_w) == (0xFFFF, 0xFFFFFF, 0xFFFFFF)
    assert told.running == 0xFFFFFFFF
    assert told.meter_time == datetime(2136, 2, 7, 6, 28, 15, tzinfo=UTC)
    assert live_on_as_is(replace(GOOD, remaining=far)).remaining == Energy(0x7FFFFFFF * 10)


def live_on_as_is(registers: Registers) -> WriteBack:
    record = CODEC.encode_write_back(on_card(rules.write_back_of(registers)), card=CARD)
    told = CODEC.decode(IMAGE.raw[:0xB0] + record + IMAGE.raw[0xF0:]).write_back
    assert told is not None
    return told


@pytest.mark.parametrize(("remaining", "is_at_zero"), [(-1, True), (0, True), (1, False)])
def test_nothing_remains_at_zero_already(remaining: int, is_at_zero: bool) -> None:
    status = rules.status_of(replace(GOOD, remaining=Energy(remaining)))
    assert bool(status & MeterStatus.AT_ZERO) is is_at_zero


def test_registers_that_cannot_be_kept_are_a_typed_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as refused:
        RegisterFile(tmp_path / "no such folder" / "meter.json", METER).save(GOOD)
    assert refused.value.code is Code.FILE_UNREADABLE


def test_without_a_meter_number_a_missing_file_is_a_typed_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as refused:
        RegisterFile(tmp_path / "meter.json").load()
    assert refused.value.code is Code.FILE_UNREADABLE


def test_registers_of_an_earlier_format_belong_to_a_meter_without_an_area() -> None:
    older = {name: value for name, value in BODY.items() if name not in {"area", "mains_since", "final", "barred"}}
    read = parse(json.dumps(older | {"format": 2}).encode(), name="meter.json")
    assert read == replace(GOOD, area="", final=None)


@pytest.mark.parametrize(("was", "barred"), [(None, ()), (SUPPLY, (SUPPLY,))])
def test_registers_of_before_remember_the_last_supply_that_the_meter_was_cleared_of(
    was: SupplyNo | None, barred: tuple[SupplyNo, ...]
) -> None:
    older = json.dumps(BODY | {"format": 4, "barred": was}).encode()
    assert parse(older, name="meter.json") == replace(GOOD, barred=barred)
