"""A statement on A4: every line stands there, heads come back on every page, and nothing leaves the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.documents.builders import AT, OFFICE, a_supply
from vending_app.documents.a4 import LEFT, RIGHT
from vending_app.documents.papers import Papers
from vending_app.documents.sheet import width
from vending_app.documents.slip import Manner
from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.people import Office
from vending_app.domain.statement import LineOf, Statement, StatementLine

PAPERS = Papers(Manner(zone=UTC))
LONG = "Wilhelmina Alexandra Featherstonehaugh-Cholmondeley and Daughters Cooperative Bakery of the Old Harbour"
ARABIC = "عبد الرحمن بن محمد الخطيب"
SALE = StatementLine(AT, LineOf.SALE, "2-004518", Energy(194_610), Money(5000), Money(-1000))
READ = StatementLine(AT, LineOf.WRITE_BACK, used=Energy(4_794_200), remaining=Energy(18_400))
TURNED = StatementLine(AT, LineOf.REVERSAL, "2-004519", Energy(-94_610), due=Money(2000), arrears=Money(400))
OUT = StatementLine(AT, LineOf.REFUND, "2-P000013", paid=Money(-2000), due=Money(-2000), text="Wrong customer")
FEE = StatementLine(AT, LineOf.ISSUE, arrears=Money(500))


def a_statement(*lines: StatementLine, name: str = "Amara Okafor", share: int = 20) -> Statement:
    supply = a_supply()
    customer = replace(supply.customer, name=name)
    supply = replace(supply, customer=customer, arrears_share_percent=share)
    return Statement(supply, date(2025, 1, 1), date(2025, 11, 14), Money(6430), Money(0), lines)


def pages(made: Statement, office: Office = OFFICE) -> list[list[str]]:
    """Every text of every page, as people read it."""
    pdf = PAPERS.statement(made, office=office, at=AT)
    return [
        [line.strip().replace("\u202f", " ").replace("\u2013", "\u2212") for line in page.extract_text().splitlines()]
        for page in PdfReader(BytesIO(pdf)).pages
    ]


def test_every_line_stands_there_with_its_figures() -> None:
    (page,) = pages(a_statement(SALE, READ, TURNED, OUT, FEE))
    for said in (
        "Statement", "Amara Okafor", "1 Jan 2025 \u2212 14 Nov 2025", "0000 0017", "Owed before 1 Jan 2025", "€ 64.30",
        "Agreement: 20 % of each purchase is taken off what is owed.", "Purchase 2-004518", "194.61", "50.00",
        "\u221210.00", "54.30", "used 4 794.20 kWh, left 18.40 kWh", "Purchase taken back 2-004519",
        "€ 20.00 due to the customer", "+4.00", "Paid out 2-P000013", "\u221220.00", "Wrong customer",
        "Card issued", "the fee is owed", "+5.00", "Owed on 14 Nov 2025", "€ 63.30", "Page 1 of 1",
    ):  # fmt: skip
        assert said in page, (said, page)


def test_what_was_bought_is_shown_month_by_month() -> None:
    bought = [
        replace(SALE, at=AT - timedelta(days=days), energy=Energy(wh)) for days, wh in ((0, 12_600), (40, 95_500))
    ]
    (page,) = pages(a_statement(*bought, replace(TURNED, at=AT - timedelta(days=40), energy=Energy(-5_000))))
    at = page.index("Energy bought by month, in kWh")
    shown = page[at : page.index("Date")]
    assert [text for text in shown if text[:1].isalpha()][1:] == [
        "Jan 2025",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
    ]
    assert [text for text in shown if text.isdecimal()] == ["91", "13"]
    one_month = replace(a_statement(SALE), since=date(2025, 11, 1))
    assert "Energy bought by month, in kWh" not in pages(one_month)[0]


def test_what_is_due_to_the_customer_stands_at_the_end_and_no_agreement_is_made_up() -> None:
    (page,) = pages(a_statement(TURNED, share=0))
    at = page.index("Due to the customer")
    assert "€ 20.00" in page[at:]
    assert not any("Agreement" in line for line in page)


def test_an_empty_period_says_so() -> None:
    (page,) = pages(a_statement())
    assert "Nothing happened in this period." in page
    assert page.count("€ 64.30") == 3


def test_many_lines_go_on_with_the_head_and_the_balance_on_every_page() -> None:
    lines = [replace(SALE, at=AT + timedelta(hours=at), arrears=Money(-10)) for at in range(150)]
    found = pages(a_statement(*lines))
    assert len(found) == 4
    assert sum(line.startswith("Purchase 2-004518") for page in found for line in page) == 150
    owed = 6430
    for number, page in enumerate(found, start=1):
        assert f"Page {number} of 4" in page
        assert {"Date", "What", "kWh", "Paid", "Owed", "Balance"} <= set(page)
        if number > 1:
            carried = page[page.index("Owed on the page before") + 1]
            assert carried == f"{owed // 100}.{owed % 100:02d}"
            assert "Amara Okafor" in page
        owed -= 10 * sum(line.startswith("Purchase 2-004518") for line in page)
    assert "€ 49.30" in found[-1]


@pytest.mark.parametrize("name", [LONG, ARABIC, LONG * 3, ""])
@pytest.mark.parametrize("practice", [False, True])
def test_nothing_leaves_the_paper(name: str, practice: bool) -> None:
    office = replace(OFFICE, name=LONG, address=LONG, is_practice=practice)
    dear = replace(SALE, paid=Money(123_456_789_00), arrears=Money(-98_765_432_10), text=LONG)
    pdf = PAPERS.statement(a_statement(*[dear, OUT, READ] * 20, name=name), office=office, at=AT)
    found: list[tuple[str, float]] = []

    def visit(text: str, _: list[float], tm: list[float], font: object, size: float) -> None:
        right = tm[4] + width(text.strip(), size, bold="Bold" in str(font))
        if text.strip() and not (tm[4] >= LEFT - 1 and right <= RIGHT + 1) and "PRACTICE" not in text:
            found.append((text, right))

    for page in PdfReader(BytesIO(pdf)).pages:
        assert [round(side) for side in page.mediabox[2:]] == [595, 842]
        page.extract_text(visitor_text=visit)
    assert found == []


def test_the_same_statement_gives_the_same_bytes() -> None:
    one = PAPERS.statement(a_statement(SALE), office=OFFICE, at=AT)
    assert one == PAPERS.statement(a_statement(SALE), office=OFFICE, at=AT)
