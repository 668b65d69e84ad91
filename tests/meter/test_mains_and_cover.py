"""Mains, cover and counters of a meter: what survives, what rises, what the card carries home (rows S6, S14, S15)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.meter.test_rules import CODEC, LIMITS, METER, AMeter, a_card, an_order
from vending_app.domain.card import MeterStatus, WriteBack
from vending_app.domain.display import after_card, inquiry, six_figures
from vending_app.domain.energy import Energy
from vending_app.domain.meter import MeterDecision, RelayState, TripReason
from vending_app.meter.registers import Registers, dump, parse


@pytest.fixture
def meter(tmp_path: Path) -> AMeter:
    return AMeter(tmp_path).with_credit(100_000)


def told(meter: AMeter) -> WriteBack:
    """What the meter writes on its card now."""
    card = a_card(an_order(1, 100_000))
    meter.insert(card)
    written = CODEC.decode(card.image).write_back
    assert written is not None
    return written


def test_registers_survive_a_power_failure_and_the_card_tells_of_it(meter: AMeter) -> None:
    meter.reference.use(Energy(31_250), power_w=3200)
    before = meter.reference.file.load()
    dark = meter.reference.set_mains(on=False)
    assert (dark.has_power, inquiry(dark)) == (False, ())
    assert meter.reference.set_mains(on=False).power_failures == 1
    meter.reference.set_mains(on=True)
    assert meter.reference.file.load() == replace(before, power_failures=1, mains_since=before.time)
    assert told(meter).power_failures == 1


def test_without_mains_nothing_is_used_and_no_card_is_read(meter: AMeter) -> None:
    meter.reference.set_mains(on=False)
    assert meter.reference.use(Energy(5000), power_w=9000).remaining == Energy(100_000)
    card = a_card(an_order(2, 200_000))
    before = card.image
    came = meter.insert(card)
    assert (came.decision, came.wrote_back, after_card(came)) == (MeterDecision.NO_POWER, False, None)
    assert (card.image, meter.reference.file.load().illegal_cards) == (before, 0)
    meter.reference.set_mains(on=True)
    assert meter.insert(card).credited == Energy(100_000)


def test_returning_mains_do_not_close_a_relay_that_tripped(meter: AMeter) -> None:
    meter.reference.use(Energy(0), power_w=8001)
    meter.reference.set_mains(on=False)
    view = meter.reference.set_mains(on=True)
    assert (view.relay, view.reason) == (RelayState.OPEN, TripReason.OVERLOAD)


def test_an_overload_trips_however_short_it_is(meter: AMeter) -> None:
    assert meter.reference.use(Energy(0), power_w=8000).relay is RelayState.CLOSED
    assert meter.reference.use(Energy(0), power_w=8001).overload_trips == 1


def test_an_opened_cover_is_counted_once_and_shows_until_it_is_closed(meter: AMeter) -> None:
    meter.reference.set_cover(is_open=True)
    meter.reference.set_cover(is_open=True)
    home = told(meter)
    assert (home.tamper_events, MeterStatus.COVER_OPEN in home.status) == (1, True)
    meter.reference.set_cover(is_open=False)
    meter.reference.set_mains(on=False)
    assert meter.reference.set_cover(is_open=True).tamper_events == 2
    meter.reference.set_mains(on=True)
    meter.reference.set_cover(is_open=False)
    home = told(meter)
    assert (home.tamper_events, MeterStatus.COVER_OPEN in home.status) == (2, False)


def test_a_month_that_the_meter_never_saw_used_nothing(meter: AMeter) -> None:
    meter.reference.use(Energy(30_000))
    meter.now = datetime(2026, 5, 1, 0, 0, 1, tzinfo=UTC)
    meter.reference.use(Energy(1000))
    assert meter.reference.view().last_month == Energy(0)


def test_registers_of_the_first_format_had_power() -> None:
    body = json.loads(dump(Registers(METER, parameters=LIMITS)))
    body["format"] = 1
    del body["has_power"]
    assert parse(json.dumps(body).encode(), name="meter.json") == Registers(METER, parameters=LIMITS)


def test_the_display_cycles_through_what_the_inquiry_asks_for(meter: AMeter) -> None:
    meter.reference.use(Energy(81_600), power_w=3200)
    shown = {page.caption: f"{page.figure} {page.unit}".strip() for page in inquiry(meter.reference.view())}
    assert shown == {
        "REMAINING": "0018.40 kWh",
        "TOTAL BOUGHT": "0100.00 kWh",
        "PURCHASES": "1",
        "LAST PURCHASE": "0100.00 kWh",
        "USED": "0081.60 kWh",
        "PAST ZERO": "0 Wh",
        "ALARM LEVEL": "0020.00 kWh",
        "TRIP LEVEL": "0010.00 kWh",
        "POWER LIMIT": "8000 W",
        "DATE": "02-03-26",
        "TIME": "12:00 UTC",
    }


def test_the_display_says_what_came_of_a_card(meter: AMeter) -> None:
    said = []
    for card in (
        a_card(an_order(2, 214_280)),
        a_card(an_order(2, 214_280)),
        a_card(an_order(3, 200_000)),
        a_card(an_order(4, 999_000)),
    ):
        page = after_card(meter.insert(card))
        assert page is not None
        said.append((page.caption, page.figure))
    assert said == [
        ("CREDITED", "0114.28"),
        ("NOTHING NEW", "0214.28"),
        ("CREDITED", "-014.28"),
        ("CARD REFUSED", "E-07"),
    ]


@pytest.mark.parametrize(
    ("wh", "shown"), [(18_400, "0018.40"), (0, "0000.00"), (-1_240, "-001.24"), (12_345_670, "12345.67")]
)
def test_the_display_shows_six_figures(wh: int, shown: str) -> None:
    assert six_figures(Energy(wh)) == shown
