"""What write-backs say of a meter's use (rows S10, S12): plain sums and differences, no guesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from vending_app.domain.card import WriteBack
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.services.use_cases import Usage

MONTHS_SHOWN = 12
RATE_OVER_DAYS = 60
"""The daily rate looks back at least so far, so that one cold day does not count as a habit."""


def usage_of(write_backs: Sequence[WriteBack]) -> Usage | None:
    """The use up to the newest of `write_backs` (newest first); None if there is none."""
    if not write_backs:
        return None
    newest = write_backs[0]
    before = write_backs[1] if len(write_backs) > 1 else None
    per_day = _rate(write_backs)
    return Usage(
        since=before.meter_time if before else None,
        used=newest.used_total - before.used_total if before else newest.used_total,
        days=(newest.meter_time - before.meter_time).days if before else 0,
        per_day=per_day,
        days_left=_days_left(newest.remaining, per_day),
        months=months_of(write_backs),
        trips=_rise(newest, before, ("overload_trips", "low_credit_trips")),
        tampering=_rise(newest, before, ("tamper_events", "illegal_cards")),
    )


def _rate(write_backs: Sequence[WriteBack]) -> Energy | None:
    newest = write_backs[0]
    older = [wb for wb in write_backs if newest.meter_time - wb.meter_time >= timedelta(days=1)]
    if not older:
        return None
    far_enough = timedelta(days=RATE_OVER_DAYS)
    base = next((wb for wb in older if newest.meter_time - wb.meter_time >= far_enough), older[-1])
    seconds = int((newest.meter_time - base.meter_time).total_seconds())
    return Energy((newest.used_total - base.used_total).wh * 86_400 // seconds)


def _days_left(remaining: Energy, per_day: Energy | None) -> int | None:
    if per_day is None or per_day.wh <= 0:
        return None
    return max(0, remaining.wh // per_day.wh)


def _rise(newest: WriteBack, before: WriteBack | None, counters: tuple[str, ...]) -> int:
    return sum(getattr(newest, name) - (getattr(before, name) if before else 0) for name in counters)


def months_of(write_backs: Sequence[WriteBack], *, most: int = MONTHS_SHOWN) -> tuple[tuple[date, Energy], ...]:
    """Use per calendar month, oldest first: the register read on a straight line between write-backs.

    The newest `most` months; 0 gives all.
    """
    oldest_first = sorted(write_backs, key=lambda wb: wb.meter_time)
    if len(oldest_first) < 2:
        return ()
    readings = [(wb.meter_time, wb.used_total.wh) for wb in oldest_first]
    totals: dict[date, int] = {}
    for (start, low), (end, high) in pairwise(readings):
        _spread(totals, start, end, high - low)
    months = sorted(totals)[-most:]
    return tuple((month, Energy(totals[month])) for month in months)


def _spread(totals: dict[date, int], start: datetime, end: datetime, used_wh: int) -> None:
    """Share what was used between two readings among the months it spans, without losing a watt-hour."""
    span = int((end - start).total_seconds())
    given = 0
    for month, until in _months_between(start, end):
        share = used_wh * int((until - start).total_seconds()) // span if span else used_wh
        totals[month] = totals.get(month, 0) + share - given
        given = share


def _months_between(start: datetime, end: datetime) -> Iterator[tuple[date, datetime]]:
    at = start
    while True:
        month = at.date().replace(day=1)
        next_month = (month + timedelta(days=32)).replace(day=1)
        until = min(end, datetime(next_month.year, next_month.month, 1, tzinfo=UTC))
        yield month, until
        if until >= end:
            return
        at = until


def lasts_days(energy: Energy, per_day: Energy | None) -> int | None:
    """For how many days this much energy lasts at the meter's use."""
    return energy.wh // per_day.wh if per_day is not None and per_day > NO_ENERGY else None
