"""A day and a route on A4: every figure stands there, long names have room, and pages follow each other."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.documents.builders import AT, OFFICE
from tests.documents.reading import texts_of_pages as pages
from tests.gui import days
from vending_app.documents.a4 import LEFT, RIGHT
from vending_app.documents.papers import Papers
from vending_app.documents.slip import Manner
from vending_app.domain.day import HourSums
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.inspection import Outcome, RouteStop
from vending_app.domain.money import ZERO, Money

PAPERS = Papers(Manner(zone=UTC))
KEEP = os.environ.get("VENDING_SHOTS", "")
LONG = "Wilhelmina Alexandra Featherstonehaugh-Cholmondeley and Daughters Cooperative Bakery of Old Town"
ARABIC = "عبد الرحمن بن محمد الخطيب"
WHY = "Used 71 % less than a year before, while its 33 neighbours did not; the cover was opened once."


def a_stop(at: int, **changed: object) -> RouteStop:
    stop = RouteStop(
        supply=SupplyNo(f"{at:08d}"),
        meter=MeterNo(f"{88112040 + at:012d}"),
        customer=f"Customer {at}",
        address=f"Tarn Road {at}",
        area=("Eastfield", "Harbour")[at % 2],
        priority=90 - at,
        why=WHY,
        used=Energy(4_794_200),
        at_stake=Money(61_35) if at % 2 else ZERO,
    )
    return replace(stop, **changed)  # type: ignore[arg-type]


def kept(name: str, pdf: bytes) -> bytes:
    if KEEP:
        (Path(KEEP) / f"{name}.pdf").write_bytes(pdf)
    return pdf


def test_every_figure_of_a_day_stands_on_its_paper() -> None:
    report = days.a_day()
    text = " ".join(pages(kept("day", PAPERS.day_report(report, office=OFFICE, at=AT))))
    for said in (
        "Day report", "14 Nov 2025, all desks", "not closed yet", "7 972.00", "33 908 kWh", "168", "47.45", "969.57",
        "Ana Moreau", "14 964.20", "3 518.40", "Desk 3", "Cash", "5 314.40", "Bank card", "1 893.00",
            "Taken back", "\u2212100.00",
        "Interrupted sale not finished", "Amara Okafor", "Receipt not printed", "2-004515", "wrong amount",
        "\u22122.50", "08", "1 240", "Page 1 of 1",
    ):  # fmt: skip
        assert said in text, said


def test_a_bar_tells_the_nearest_whole_one_and_a_sale_that_waits_since_another_day_has_its_date() -> None:
    day = days.a_day()
    waits = replace(day.oddities[0], at=day.oddities[0].at - timedelta(days=1))
    hours = (HourSums(9, Money(38_90), 1), HourSums(10, Money(17_49), 1))
    text = pages(PAPERS.day_report(replace(day, hours=hours, oddities=(waits,)), office=OFFICE, at=AT))[0]
    assert "39" in text.split()
    assert "17" in text.split()
    assert "13 Nov 10:42" in text


def test_a_day_of_few_hours_uses_the_width_of_its_paper() -> None:
    day = days.a_day()
    pdf = PAPERS.day_report(replace(day, hours=day.hours[2:4]), office=OFFICE, at=AT)
    found: dict[str, float] = {}

    def visit(text: str, _: list[float], at: list[float], *__: object) -> None:
        found.setdefault(text.strip(), at[4])

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    # Two halves, each with its hour in the middle of it.
    assert found["10"] == pytest.approx(LEFT + (RIGHT - LEFT) / 4, abs=20)
    assert found["11"] == pytest.approx(LEFT + (RIGHT - LEFT) * 3 / 4, abs=20)


def test_a_day_without_anything_says_so() -> None:
    text = " ".join(pages(PAPERS.day_report(days.an_empty_day(date(2025, 11, 12)), office=OFFICE, at=AT)))
    assert "Nothing was sold." in text
    assert "Nothing is odd about this day." in text


def test_a_day_with_many_lines_takes_more_pages() -> None:
    report = replace(days.a_day(), oddities=days.some_oddities() * 12, cashiers=days.a_day().cashiers * 9)
    found = pages(kept("day-long", PAPERS.day_report(report, office=OFFICE, at=AT)))
    assert len(found) > 1
    assert f"Page {len(found)} of {len(found)}" in found[-1]
    assert sum(page.count("Amara Okafor") for page in found) == 12


def test_a_route_goes_by_area_and_leaves_room_for_what_is_found() -> None:
    stops = [a_stop(at) for at in range(9)]
    found = pages(kept("route", PAPERS.route_sheet(stops, office=OFFICE, on=date(2025, 11, 14))))
    text = " ".join(found)
    assert text.index("Eastfield") < text.index("Harbour")
    assert text.count("Customer") == 9
    assert text.index("Customer 0") < text.index("Customer 2") < text.index("Customer 1")
    for said in ("9 meters, chosen on 14 Nov 2025", "0000 8811 2040", "priority 90 of 100", WHY, "last 4 794.20"):
        assert said in text
    assert text.count("nobody there") == 9
    assert text.count(f"{OFFICE.currency} 61.35 at stake") == 4
    assert text.count("at stake") == 4
    assert len(Outcome) == len(Manner().words.outcomes)


@pytest.mark.parametrize("name", [LONG, ARABIC])
def test_names_of_any_kind_have_room(name: str) -> None:
    stop = a_stop(
        1,
        customer=name,
        address=f"{name} 12",
        area=name,
        why=f"{WHY} {WHY} {WHY}",
        used=None,
        at_stake=Money(9_999_999_99),
    )
    pdf = PAPERS.route_sheet([stop], office=replace(OFFICE, name=LONG), on=date(2025, 11, 14))
    (page,) = pages(kept("route-long", pdf))
    assert page.count("opened once") == 3, "the whole reason is told"
    assert "1 meter, chosen" in page
    assert "0000 8811 2041" in page
