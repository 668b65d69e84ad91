"""Supplies whose use is written down month by month, so that what must be found is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from vending_app.domain.energy import Energy
from vending_app.domain.energy_balance import month_edges
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.inspection import Reading, SupplyRecord

TODAY = date(2026, 10, 31)
MONTHS = 24


def a_reading(on: date, used_wh: int, **counters: int) -> Reading:
    past_zero = Energy(counters.pop("past_zero", 0))
    return Reading(on, Energy(used_wh), Energy(50_000), Energy(used_wh + 50_000), past_zero, **counters)


def a_record(
    number: int,
    months_kwh: Sequence[float] = (),
    *,
    readings: Sequence[Reading] | None = None,
    purchases: Sequence[tuple[date, int]] = (),
    area: str = "Eastfield",
    unexplained: int = 0,
    open_since: date = TODAY - timedelta(days=730),
) -> SupplyRecord:
    """One that was read on the first day of each month; a month of None-like `nan` is left out by giving readings."""
    if readings is None:
        readings = readings_of(months_kwh)
    return SupplyRecord(
        supply=SupplyNo(f"{number:08d}"),
        meter=MeterNo(f"{number:012d}"),
        customer=f"Customer {number}",
        area=area,
        tariff="H1",
        open_since=open_since,
        readings=tuple(readings),
        purchases=tuple((on, Energy(wh)) for on, wh in purchases),
        unexplained=Energy(unexplained),
    )


def readings_of(months_kwh: Sequence[float]) -> list[Reading]:
    """On each first of a month, the newest on the first of the month after TODAY's."""
    edges = month_edges(TODAY, len(months_kwh))
    found, used = [a_reading(edges[0], 0)], 0
    for on, kwh in zip(edges[1:], months_kwh, strict=True):
        used += round(kwh * 1000)
        found.append(a_reading(on, used))
    return found


def seasons(level_kwh: float, wobble: int) -> list[float]:
    """Two years of winters and summers, and a little life of its own."""
    winter = (1.3, 1.25, 1.15, 1.0, 0.85, 0.75, 0.7, 0.75, 0.85, 1.0, 1.15, 1.25)
    months = [month_edges(TODAY, MONTHS)[at].month - 1 for at in range(MONTHS)]
    return [
        level_kwh * winter[month] * (1 + 0.04 * ((wobble * 7 + at * 5) % 5 - 2) / 2) for at, month in enumerate(months)
    ]


def neighbours(count: int, *, first: int = 1000) -> list[SupplyRecord]:
    """Honest ones of one area."""
    return [a_record(first + at, seasons(150 + 10 * (at % 9), at)) for at in range(count)]


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)
