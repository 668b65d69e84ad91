"""A day in plain lines: its Z once it has one, and since when something waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.gui import days
from vending_app.commands.report import day_lines
from vending_app.domain.day import Oddity


def test_only_a_closed_day_tells_its_z() -> None:
    closed = days.a_closed_day()
    assert day_lines(closed)[0] == f"Z {closed.number}"
    assert day_lines(days.a_day())[0].startswith("Takings ")


def test_a_sale_that_waits_since_another_day_has_its_date() -> None:
    (odd,) = (each for each in days.some_oddities() if each.kind is Oddity.INTERRUPTED)
    (told,) = day_lines(replace(days.a_day(), oddities=(replace(odd, at=odd.at - timedelta(days=3)),)))[1:]
    assert told == "! Interrupted sale not finished, 50.00, Amara Okafor, 11 Nov 10:42"
