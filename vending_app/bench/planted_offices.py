"""Offices that never were: years of honest customers and planted cases, day by day, for testing the sample.

What is planted follows what utilities report: some six of a hundred supplies lose energy, most of them by a bypass or a
slow meter; as many again are honest and look odd, because nobody is at home or a family grows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.inspection import Reading, SupplyRecord

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Case(StrEnum):
    """What is behind a supply."""

    HONEST = "honest"
    BYPASS = "bypass"
    """A part of the use goes around the meter from some day on."""
    SLOW = "slow meter"
    """It loses pulses, more and more."""
    RELAY = "stopped relay"
    """It does not open at zero, and the customer has noticed."""
    TAMPERED = "tampering"
    """The cover was opened, and it counts less since."""
    NEVER_LOADED = "sold, never loaded"
    """Small purchases keep up appearances; the meter is by-passed as a whole."""
    SHARED = "shared card"
    """The card is tried in another house, and the meter sees the other's card."""
    AWAY = "honest absence"
    GROWTH = "honest growth"


GUILTY = frozenset({Case.BYPASS, Case.SLOW, Case.RELAY, Case.TAMPERED, Case.NEVER_LOADED, Case.SHARED})
SHARES = {
    Case.BYPASS: 0.020,
    Case.SLOW: 0.015,
    Case.RELAY: 0.005,
    Case.TAMPERED: 0.010,
    Case.NEVER_LOADED: 0.005,
    Case.SHARED: 0.005,
    Case.AWAY: 0.040,
    Case.GROWTH: 0.040,
}
DAYS = 730
TODAY = date(2026, 10, 15)
AREAS = ("Eastfield", "Harbour", "Old Town", "North Hill")
TARIFFS = ("H1", "H2", "B1")


@dataclass(frozen=True, slots=True)
class Office:
    """Records as books would hold them, and the truth beside them."""

    records: tuple[SupplyRecord, ...]
    cases: tuple[Case, ...]


def planted_office(seed: int, *, supplies: int = 2000) -> Office:
    """The same seed, the same office."""
    rng = np.random.default_rng(seed)
    plan = _plan(rng, supplies)
    years = _Years(rng, plan)
    for day in range(DAYS):
        years.live(day)
    return Office(tuple(years.records()), tuple(plan.cases))


@dataclass(slots=True)
class _Plan:
    """Who lives there, and what is wrong, for every supply."""

    cases: list[Case]
    area: Counts
    tariff: Counts
    level: Floats
    """Wh a day."""
    since: Counts
    """The day on which the case begins."""
    until: Counts
    factor: Floats
    """What the meter counts of what is used, from then on; of absence and growth, what is used."""
    opens: Flags
    """Whether the cover was opened for it."""
    unexplained: Counts
    reissues: Counts
    taken_back: Counts


def _plan(rng: np.random.Generator, count: int) -> _Plan:
    kinds, shares = [Case.HONEST, *SHARES], [1 - sum(SHARES.values()), *SHARES.values()]
    cases = [kinds[at] for at in rng.choice(len(kinds), size=count, p=shares)]
    tariff = rng.integers(0, len(TARIFFS), count)
    # Some began before the books did: nothing falls there, and only the neighbours tell.
    since = rng.integers(-DAYS // 6, DAYS - 60, count)
    lasts = np.where(_are(cases, Case.AWAY), rng.integers(45, 240, count), 2 * DAYS)
    factor = np.array([rng.uniform(*_FACTORS.get(case, (1.0, 1.0))) for case in cases])
    is_opened = _are(cases, Case.TAMPERED, Case.BYPASS)
    return _Plan(
        cases=cases,
        area=rng.integers(0, len(AREAS), count),
        tariff=tariff,
        level=np.exp(rng.normal(np.log(np.array([6000.0, 9000.0, 16000.0]))[tariff], 0.45)),
        since=since,
        until=since + lasts,
        factor=factor,
        opens=is_opened & (rng.random(count) < 0.45),
        unexplained=_unexplained(rng, cases),
        reissues=rng.poisson(np.where(_are(cases, Case.SHARED, Case.NEVER_LOADED), 1.2, 0.15)),
        taken_back=rng.poisson(np.where(_are(cases, Case.NEVER_LOADED), 0.5, 0.03)),
    )


def _are(cases: Sequence[Case], *kinds: Case) -> Flags:
    return np.array([case in kinds for case in cases])


def _unexplained(rng: np.random.Generator, cases: Sequence[Case]) -> Counts:
    """Wh. Registers that were turned back leave some; so does, seldom, a figure that was read wrongly."""
    count = len(cases)
    turned = _are(cases, Case.TAMPERED) & (rng.random(count) < 0.5)
    slips = rng.random(count) < 0.02
    energy = np.where(turned, rng.uniform(20_000, 300_000, count), np.where(slips, rng.normal(0, 6_000, count), 0.0))
    return energy.astype(np.int64)


_FACTORS = {
    Case.BYPASS: (0.15, 0.65),
    Case.SLOW: (0.50, 0.80),
    Case.TAMPERED: (0.45, 0.85),
    Case.NEVER_LOADED: (0.0, 0.02),
    Case.SHARED: (0.55, 0.90),
    Case.AWAY: (0.0, 0.06),
    Case.GROWTH: (1.25, 1.9),
}
SLOWS_OVER = 120
"""Days until a slow meter is as slow as it gets."""


@dataclass(slots=True)
class _Kept:
    """What the books would hold of one supply."""

    readings: list[Reading] = field(default_factory=list)
    purchases: list[tuple[date, Energy]] = field(default_factory=list)


class _Years:
    """All supplies live through the same days."""

    def __init__(self, rng: np.random.Generator, plan: _Plan) -> None:
        count = len(plan.cases)
        self.rng, self.plan = rng, plan
        self.is_case = {case: _are(plan.cases, case) for case in Case}
        self.mood = np.zeros(count)
        self.used, self.remaining, self.past_zero = np.zeros(count), np.full(count, 60_000.0), np.zeros(count)
        self.bought, self.on_card = np.full(count, 60_000.0), np.zeros(count)
        self.load_in = np.full(count, -1)
        self.threshold = plan.level * rng.uniform(-1.0, 6.0, count)
        """Remaining at which he goes to buy; who goes below zero sits in the dark first."""
        self.habit = rng.uniform(8, 30, count)
        """Days of use that a purchase is for."""
        self.counters = {name: np.zeros(count, dtype=np.int64) for name in ("illegal_cards", "cover", "overload")}
        self.clumsy = rng.gamma(0.4, 0.8, count)
        """Honest slips: illegal cards a year, trips a year."""
        self.kept = [_Kept() for _ in range(count)]

    def live(self, day: int) -> None:
        on = TODAY - timedelta(days=DAYS - day)
        self._use(day)
        self._happen(day)
        self._load(on)
        self._buy(on, day)

    def _use(self, day: int) -> None:
        """Seasons, moods of weeks, and what the meter makes of it."""
        plan, rng = self.plan, self.rng
        self.mood = 0.97 * self.mood + rng.normal(0, 0.035, len(self.mood))
        season = 1 + np.array([0.30, 0.22, 0.35, 0.26])[plan.area] * np.cos(2 * np.pi * (day - 80) / 365)
        wanted = plan.level * season * np.exp(self.mood + rng.normal(0, 0.15, len(self.mood)))
        counted = wanted * self._factor(day)
        has_power = (self.remaining > 0) | (self.is_case[Case.RELAY] & (day >= plan.since))
        counted = np.where(has_power, counted, 0.0)
        past = np.where(has_power, np.clip(counted - np.maximum(self.remaining, 0.0), 0.0, None), 0.0)
        is_stuck = self.is_case[Case.RELAY] & (day >= plan.since)
        past = np.where(is_stuck, past, np.minimum(past, 30.0))
        counted = np.where(is_stuck, counted, np.minimum(counted, np.maximum(self.remaining, 0.0) + past))
        self.used += counted
        self.remaining -= counted
        self.past_zero += past

    def _factor(self, day: int) -> Floats:
        plan = self.plan
        is_on = (day >= plan.since) & (day < plan.until)
        so_far = np.clip((day - plan.since) / SLOWS_OVER, 0.0, 1.0)
        slowly = 1 - (1 - plan.factor) * so_far
        return np.where(is_on, np.where(self.is_case[Case.SLOW], slowly, plan.factor), 1.0)

    def _happen(self, day: int) -> None:
        """Covers, cards of others, overloads; honest people have them too, seldom."""
        rng, plan, count = self.rng, self.plan, len(self.mood)
        self.counters["cover"] += (plan.opens & (plan.since == day)) | (rng.random(count) < 0.04 / 365)
        self.counters["cover"] += self.is_case[Case.TAMPERED] & (plan.since == day)
        is_tried = rng.random(count) < self.clumsy / 365
        shares = self.is_case[Case.SHARED] & (day >= plan.since) & (rng.random(count) < 10 / 365)
        self.counters["illegal_cards"] += is_tried.astype(np.int64) + shares
        self.counters["overload"] += rng.random(count) < 2 * self.clumsy / 365

    def _load(self, on: date) -> None:
        """The card reaches the meter, which takes the order and writes its registers."""
        for at in np.flatnonzero(self.load_in == 0):
            self.remaining[at] += self.on_card[at]
            self.on_card[at] = 0.0
            self.kept[at].readings.append(self._reading(int(at), on))
        self.load_in -= 1

    def _reading(self, at: int, on: date) -> Reading:
        return Reading(
            on=on,
            used=Energy(int(self.used[at])),
            remaining=Energy(int(self.bought[at]) - int(self.used[at])),
            bought=Energy(int(self.bought[at])),
            past_zero=Energy(int(self.past_zero[at])),
            illegal_cards=int(self.counters["illegal_cards"][at]),
            cover=int(self.counters["cover"][at]),
            overload=int(self.counters["overload"][at]),
        )

    def _buy(self, on: date, day: int) -> None:
        """Who runs low goes to the office; a stuck relay takes the hurry out of it."""
        rng, plan = self.rng, self.plan
        waits = (self.on_card > 0) & (self.load_in >= 0)
        is_stuck = self.is_case[Case.RELAY] & (day >= plan.since)
        shows = self.is_case[Case.NEVER_LOADED] & (day >= plan.since)
        limit = np.where(is_stuck, self.threshold - 12 * plan.level, self.threshold)
        goes = (
            (self.remaining < np.maximum(limit, -plan.level * 12))
            & (rng.random(len(self.mood)) < 0.5)
            & ~waits
            & ~shows
        )
        goes |= (self.remaining <= 0) & ~is_stuck & ~shows & ~waits & (rng.random(len(self.mood)) < 0.6)
        goes &= ~(self.is_case[Case.AWAY] & (day >= plan.since) & (day < plan.until))
        goes |= shows & (rng.random(len(self.mood)) < 1 / 25)
        for at in np.flatnonzero(goes):
            self._buys(int(at), on, is_show=bool(shows[at]))

    def _buys(self, at: int, on: date, *, is_show: bool) -> None:
        amount = self.plan.level[at] * self.habit[at] * self.rng.uniform(0.6, 1.4) * (0.3 if is_show else 1.0)
        self.kept[at].purchases.append((on, Energy(int(amount))))
        if not is_show:
            self.on_card[at] += int(amount)
            self.bought[at] += int(amount)
            self.load_in[at] = int(self.rng.integers(0, 3))

    def records(self) -> Iterator[SupplyRecord]:
        for at, kept in enumerate(self.kept):
            yield SupplyRecord(
                supply=SupplyNo(f"{at:08d}"),
                meter=MeterNo(f"{at:012d}"),
                customer=f"Customer {at}",
                area=AREAS[self.plan.area[at]],
                tariff=TARIFFS[self.plan.tariff[at]],
                open_since=TODAY - timedelta(days=DAYS),
                readings=tuple(kept.readings),
                purchases=tuple(kept.purchases),
                unexplained=Energy(int(self.plan.unexplained[at])),
                reissues=int(self.plan.reissues[at]),
                taken_back=int(self.plan.taken_back[at]),
            )
