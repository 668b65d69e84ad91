"""Inspection lists in plain lines: which list, what is still to come of others, and how often criteria were right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.gui import inspections
from vending_app.commands.inspect_shapes import criteria_lines, list_lines
from vending_app.domain.ids import SupplyNo
from vending_app.domain.inspection import OpenRoute


def test_a_list_tells_its_day_its_route_and_others_that_wait() -> None:
    shown = inspections.an_inspection()
    waiting = OpenRoute(4, date(2024, 12, 29), (SupplyNo("00417726"), SupplyNo("00417727")))
    lines = list_lines(replace(shown, open_routes=(waiting,)))
    of_all = "23 of 1\u202f842 supplies stand out"
    assert lines[0] == f"List 7 of 14 November 2025: {of_all}; 2 of 2 findings still to come."
    assert lines[-2] == "List 4 of 29 December 2024: 2 findings still to come, 00417726, 00417727."
    hits = "Cover opened 14 of 20 right, Use fell, neighbours’ did not 9 of 20 right, Drawn by lot 1 of 9 right"
    assert lines[-1] == f"34 visits so far: {hits}."


def test_the_lot_stands_beside_the_criteria_with_what_it_found() -> None:
    lines = criteria_lines(inspections.an_inspection())
    (cover,) = (line for line in lines if "Cover opened" in line)
    assert cover == " 25  cover          Cover opened, found something at 14 of 20 visits, proposed 31"
    assert lines[-1] == "  –  chance         Drawn by lot, found something at 1 of 9 visits"
