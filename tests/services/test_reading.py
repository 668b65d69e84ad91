"""What a card tells when it comes back: write-backs kept once, use per month, what may still be sold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.services.desk_of import DeskOf
from vending_app.bench.world import SUPPLY
from vending_app.cardio.emulated.store import FileStore
from vending_app.cardio.totals1_layout import WRITE_BACK_AREA
from vending_app.domain.card import MeterStatus, WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.verdict import Verdict
from vending_app.services.usage import lasts_days, months_of, usage_of

START = datetime(2026, 1, 10, tzinfo=UTC)


def reading(days: int, used_wh: int, remaining_wh: int = 0, **counters: int) -> WriteBack:
    """A write-back so many days after the start."""
    plain = dict.fromkeys(("illegal_cards", "overload_trips", "low_credit_trips", "tamper_events", "power_failures"), 0)
    return WriteBack(
        meter=MeterNo("000012345678"),
        sequence=1,
        used_total=Energy(used_wh),
        remaining=Energy(remaining_wh),
        energy_total=Energy(used_wh + remaining_wh),
        zero_crossing=Energy(0),
        purchases=1,
        power_max_w=0,
        status=MeterStatus(0),
        last_month=Energy(0),
        meter_time=START + timedelta(days=days),
        running=days,
        key_version=1,
        **(plain | counters),
    )


def test_the_meter_s_registers_come_back_with_the_card_and_are_kept_once(desk: DeskOf) -> None:
    desk.sell("50.00")
    desk.world.load_meter()
    desk.world.meter.use(Energy(40_000), power_w=2000)
    desk.world.load_meter()
    desk.reinsert()
    shown = desk.read()
    desk.read()
    assert shown.verdict is Verdict.READY
    assert shown.reading is not None
    assert shown.reading.write_back is not None
    assert shown.reading.write_back.used_total == Energy(40_000)
    ledger = desk.counter.outside.ledger
    assert len(ledger.write_backs(SUPPLY)) == 1
    balances = ledger.verify().energy_wh
    assert balances[f"used:{SUPPLY}"] == 40_000
    assert balances[f"meter:{SUPPLY}"] == shown.reading.write_back.remaining.wh


def test_what_may_be_sold_counts_credit_that_the_meter_has_not_taken_yet(desk: DeskOf) -> None:
    limit = 2_000_000
    first = desk.sell("50.00").supply.energy_total.wh
    before_loading = desk.read().reading
    desk.world.load_meter()
    desk.world.meter.use(Energy(10_000))
    desk.world.load_meter()
    desk.reinsert()
    after_use = desk.read().reading
    assert before_loading is not None
    assert before_loading.sell_at_most == Energy(limit - first)
    assert after_use is not None
    assert after_use.sell_at_most == Energy(limit - first + 10_000)


def test_a_write_back_of_another_meter_is_not_taken_into_the_books(desk: DeskOf) -> None:
    card = desk.read().card
    assert card is not None
    other = replace(reading(1, 10_000), meter=MeterNo("000099999999"))
    store = FileStore(desk.world.card_file)
    for offset, value in enumerate(desk.world.codec.encode_write_back(other, card=card)):
        store.put(WRITE_BACK_AREA.address + offset, value)
    assert desk.read().image.write_back == other
    assert desk.counter.outside.ledger.write_backs(SUPPLY) == ()


def test_use_between_two_readings_is_their_difference() -> None:
    usage = usage_of([reading(30, 300_000, 18_400, overload_trips=2), reading(0, 100_000)])
    assert usage is not None
    assert usage.used == Energy(200_000)
    assert usage.days == 30
    assert usage.per_day == Energy(200_000 // 30)
    assert usage.days_left == 2
    assert usage.trips == 2
    assert usage.tampering == 0


def test_one_reading_alone_promises_nothing() -> None:
    usage = usage_of([reading(0, 100_000, 5000)])
    assert usage is not None
    assert usage.per_day is None
    assert usage.days_left is None
    assert usage.months == ()


def test_no_reading_no_use() -> None:
    assert usage_of([]) is None


def test_a_month_s_use_is_read_on_a_straight_line() -> None:
    # 22 days of January and 8 of February, 1 kWh a day.
    months = dict(months_of([reading(30, 30_000), reading(0, 0)]))
    assert [use.wh for use in months.values()] == [22_000, 8_000]


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(0, 900_000)), min_size=1, max_size=8))
def test_months_share_out_exactly_what_was_used(steps: list[tuple[int, int]]) -> None:
    day = used = 0
    readings = [reading(0, 0)]
    for days, more in steps:
        day, used = day + days, used + more
        readings.append(reading(day, used))
    shares = months_of(list(reversed(readings)))
    if len(shares) < 12:
        assert sum(use.wh for _, use in shares) == used


def test_how_long_energy_lasts() -> None:
    assert lasts_days(Energy(214_280), Energy(6_900)) == 31
    assert lasts_days(Energy(1), None) is None
    assert lasts_days(Energy(1), Energy(0)) is None
