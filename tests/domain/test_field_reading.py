"""A record with its high bits left out means the write-back that it was, whichever of both is read first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cardio.builders import A_WRITE_BACK
from vending_app.domain.card import MeterStatus
from vending_app.domain.energy import Energy
from vending_app.domain.field_reading import MOST_CROSSED, OrderTold, completed, nearest, risen
from vending_app.domain.tool_card import FieldRecord

LAST = replace(A_WRITE_BACK, running=65_540, illegal_cards=250, overload_trips=2, tamper_events=65_535)
RECORD = FieldRecord(
    meter=LAST.meter,
    running_low=6,
    sequence_low=43,
    used_total=Energy(4_950_000),
    remaining=Energy(176_880),
    zero_crossing=Energy(0),
    illegal_low=2,
    overload_low=2,
    tamper_low=0,
    status=MeterStatus.RELAY_OPEN,
    hour=datetime(2026, 3, 20, 7, tzinfo=UTC),
)
ORDER = OrderTold(43, Energy(5_126_880), 38)


def whole(record: FieldRecord = RECORD, order: OrderTold = ORDER) -> object:
    return completed(record, LAST, order, initial=Energy(0), key_version=1)


@given(st.integers(0, 2**40), st.integers(-(2**15), 2**15 - 1))
def test_a_running_number_is_the_one_it_was_within_half_its_range(known: int, ahead: int) -> None:
    running = known + ahead
    if running >= 0:
        assert nearest(running & 0xFFFF, known, bits=16) == running


def test_of_a_meter_that_never_told_anything_the_low_bits_are_the_number() -> None:
    assert nearest(7, None, bits=16) == 7
    assert nearest(65_535, 0, bits=16) == 65_535, "nothing is below zero"


@given(st.integers(0, 2**20), st.integers(0, 255))
def test_a_counter_rises_by_less_than_its_low_bits_count(known: int, by: int) -> None:
    assert risen((known + by) & 0xFF, known, bits=8, is_newer=True) == known + by
    assert risen(known & 0xFF, known + by, bits=8, is_newer=False) == known


def test_what_the_record_tells_is_told_and_the_rest_stays_as_it_was() -> None:
    assert whole() == replace(
        LAST,
        sequence=43,
        used_total=RECORD.used_total,
        remaining=RECORD.remaining,
        energy_total=Energy(5_126_880),
        purchases=38,
        illegal_cards=258,
        overload_trips=2,
        tamper_events=65_535,
        status=MeterStatus.RELAY_OPEN,
        meter_time=RECORD.hour,
        running=65_542,
    )


def test_an_order_that_the_books_do_not_have_is_known_by_the_registers() -> None:
    told = completed(RECORD, None, OrderTold(43), initial=Energy(4_000_000), key_version=1)
    assert (told.sequence, told.energy_total) == (43, Energy(950_000 + 176_880))
    assert (told.running, told.power_max_w, told.illegal_cards) == (6, 0, 2)


def test_a_register_past_zero_that_stands_at_its_end_is_not_turned_back() -> None:
    far = replace(LAST, zero_crossing=MOST_CROSSED + Energy(10))
    told = completed(replace(RECORD, zero_crossing=MOST_CROSSED), far, ORDER, initial=Energy(0), key_version=1)
    assert told.zero_crossing == far.zero_crossing


@pytest.mark.parametrize(("minute", "expected"), [(20, 20), (0, 0)])
def test_within_one_hour_time_does_not_run_backwards(minute: int, expected: int) -> None:
    before = replace(LAST, meter_time=RECORD.hour.replace(minute=minute))
    assert completed(RECORD, before, ORDER, initial=Energy(0), key_version=1).meter_time.minute == expected
