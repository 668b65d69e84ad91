"""Registers read at odd times become use per month, and neither too much nor too little of it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tests.sampling.builders import TODAY, a_reading, a_record
from vending_app.domain.energy_balance import month_edges
from vending_app.sampling.use import panel_of


def test_the_running_month_is_the_last_of_so_many() -> None:
    assert month_edges(date(2026, 2, 28), 3) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]


def test_use_between_two_readings_is_shared_by_days() -> None:
    # From 16 August to 15 October are 60 days of 10 kWh: 16 in August, 30 in September, 14 in October.
    record = a_record(1, readings=[a_reading(date(2026, 8, 16), 0), a_reading(date(2026, 10, 15), 600_000)])
    panel = panel_of([record], today=TODAY, months=4)
    assert panel.days[0].tolist() == [0, 16, 30, 14]
    assert panel.per_day[0, 1:].tolist() == pytest.approx([10_000, 10_000, 10_000])
    assert np.isnan(panel.per_day[0, 0])


def test_what_is_known_of_a_month_is_never_more_than_was_read() -> None:
    record = a_record(1, readings=[a_reading(date(2026, 9, 5), 0), a_reading(date(2026, 10, 20), 123_457)])
    panel = panel_of([record], today=TODAY, months=3)
    assert float(np.nansum(panel.per_day * panel.days)) == pytest.approx(123_457)


@pytest.mark.parametrize("readings", [[], [a_reading(date(2026, 10, 1), 5)]])
def test_without_two_readings_nothing_is_known(readings: list[object]) -> None:
    panel = panel_of([a_record(1, readings=readings)], today=TODAY)  # type: ignore[arg-type]
    assert np.isnan(panel.per_day).all()
    assert not panel.days.any()
