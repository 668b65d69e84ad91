"""Every report tells how far it is, never back and to its end, and says the same however it is cut into parts."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from tests.ledger.at_work import ANA
from tests.ledger.builders import DESK, SUPPLY, Counter, a_write_back
from tests.ledger.selling_desk import add_shared_supplies
from tests.ledger.test_area_readings import DECEMBER, JANUARY, eastfield, enter, read
from tests.ledger.test_reports import MONTH, two_days
from vending_app.domain.ids import CardNo
from vending_app.domain.report import Report
from vending_app.domain.report_asked import ON_PAGE, ReportAsked, ReportKind, Span, period_of
from vending_app.ledger import parts
from vending_app.ledger.fold import Stretch

__all__ = ["eastfield"]
SMALL = 3


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts that even small books have some of."""
    monkeypatch.setattr(parts, "LEAST_ROWS", SMALL)
    monkeypatch.setattr(parts, "LEAST_SUPPLIES", 1)


def each_asked(counter: Counter) -> list[ReportAsked]:
    day = counter.now.date()
    asked = [ReportAsked(kind) for kind in ON_PAGE]
    asked = [ReportAsked(one.kind, period_of(day, Span.MONTH if one.span is Span.ANY else one.span)) for one in asked]
    return [
        *asked,
        ReportAsked(ReportKind.OPERATORS, MONTH, by="cashier", of=ANA),
        ReportAsked(ReportKind.SALES, MONTH, by="account", of="arrears"),
        ReportAsked(ReportKind.LOSSES, area="E1"),
    ]


def busy(counter: Counter) -> None:
    """Something for each report to tell."""
    add_shared_supplies(counter.ledger, 3)
    two_days(counter)
    enter(counter, read(DECEMBER, 9_000), read(JANUARY, 12_000))
    told = a_write_back(1, total="100.00", used="20.00", remaining="60.00")
    counter.ledger.harvest(told, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(64), at=counter.tick())


def made(counter: Counter, asked: ReportAsked) -> tuple[Report, list[tuple[int, int]]]:
    told: list[tuple[int, int]] = []
    return counter.ledger.report(asked, now=counter.now, tell=lambda *far: told.append(far)), told


def test_every_report_tells_how_far_it_is_to_its_end(eastfield: Counter, small_parts: None) -> None:
    busy(eastfield)
    for asked in each_asked(eastfield):
        told = made(eastfield, asked)[1]
        whole = {of for _, of in told}
        assert len(whole) == 1, asked.kind
        (of,) = whole
        done = [far for far, _ in told]
        assert (done[0], done[-1]) == (0, of), asked.kind
        assert all(before < after for before, after in pairwise(done)), asked.kind
        # A month and a year are read from their closed day and what runs.
        assert of > 1, asked.kind


def test_a_report_of_many_parts_says_what_one_of_few_says(eastfield: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    busy(eastfield)
    asked = each_asked(eastfield)
    eastfield.now += timedelta(days=70)
    whole = [made(eastfield, each)[0] for each in asked]
    assert sum(len(table.rows) for report in whole for table in report.tables) > len(asked)
    monkeypatch.setattr(parts, "LEAST_ROWS", SMALL)
    monkeypatch.setattr(parts, "LEAST_SUPPLIES", 1)
    assert [made(eastfield, each)[0] for each in asked] == whole


def test_supplies_are_told_part_by_part_and_say_the_same(eastfield: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    busy(eastfield)
    ledger, told = eastfield.ledger, list[tuple[int, int]]()
    read = partial(ledger.supply_records, until=ledger.newest_row(), since=eastfield.now.date())
    whole = read()
    monkeypatch.setattr(parts, "LEAST_SUPPLIES", 1)
    assert read(tell=lambda *far: told.append(far)) == whole
    assert any(record.purchases for record in whole)
    assert any(record.readings for record in whole)
    of = len(parts.supply_parts(ledger._books))
    assert of > 1
    assert told == [(done, of) for done in range(of + 1)]


def test_pieces_are_the_same_rows(small_parts: None) -> None:
    found = [Stretch(DESK, 4, 12), Stretch(DESK, 20, 21), Stretch(DESK, 30, 30)]
    cut = parts.pieces(found)
    assert cut == [Stretch(DESK, 4, 7), Stretch(DESK, 7, 10), Stretch(DESK, 10, 12), Stretch(DESK, 20, 21)]
    long = parts.pieces([Stretch(DESK, 0, 1_000_000)])
    assert len(long) == parts.MOST_PARTS
    assert (long[0].since, long[-1].until) == (0, 1_000_000)
    assert all(before.until == after.since for before, after in pairwise(long))
