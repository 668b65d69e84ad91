"""The receipt says everything the customer needs, whatever people are called, and nothing falls off the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.documents.builders import OFFICE, WRITE_BACK, a_reversal, a_sale, a_supply, with_lines_named
from tests.documents.reading import lines, out_of_bounds
from vending_app.documents.fonts import REGULAR, printable
from vending_app.documents.papers import Papers
from vending_app.documents.sheet import POINT
from vending_app.documents.slip import PAPER, Manner
from vending_app.domain.card import WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.people import Office
from vending_app.domain.sale import Sale, Tender, TenderKind

MAKER = Papers(Manner(zone=UTC))


def a_pdf(
    sale: Sale | None = None, *, office: Office = OFFICE, last: WriteBack | None = WRITE_BACK, copy: int = 0
) -> bytes:
    days = 31 if last else None
    return MAKER.receipt(sale or a_sale(), office=office, supply=a_supply(), last=last, lasts_days=days, copy=copy)


def test_the_example_says_what_the_office_agreed_on() -> None:
    text = lines(a_pdf())
    for said in (
        ["Riverbend Electricity", "Station Street 1, Eastfield", "Tax 40-118-2270"],
        ["2-004518", "14 Nov 2025, 10:42", "Desk 2, Ana Moreau"],
        ["Amara Okafor", "0000 1234 5678", "•••• 0287", "28"],
        ["214.28", "kWh", "about 31 days"],
        ["Fixed charge", "2 × 1.80", "3.60", "Arrears share", "54.30 still owed", "10.00"],
        ["60.00 × 0.1050", "6.30", "90.00 × 0.1480", "13.32", "64.28 × 0.2150", "13.82"],
        ["VAT 8 %", "on 37.04", "2.96", "TOTAL", "€ 50.00", "Cash", "100.00", "Change", "50.00"],
        ["5 026.88 kWh", "Left in the meter, 13 Nov", "18.40 kWh", "Below the alarm level of", "20.00 kWh"],
        ["Put the card in your meter", "Help, Mon to Sat, 08:00 to 18:00", "0800 555 0142"],
    ):
        assert [word for word in said if word not in text] == []
    assert "COPY" not in text
    assert "PRACTICE" not in text


def test_the_paper_is_eighty_millimetres_wide_and_as_long_as_it_must_be() -> None:
    (page,) = PdfReader(BytesIO(a_pdf())).pages
    assert page.mediabox.width * 254 // 720 == 80
    (longer,) = PdfReader(BytesIO(a_pdf(copy=1))).pages
    assert longer.mediabox.height > page.mediabox.height


def test_the_same_sale_gives_the_same_bytes() -> None:
    assert a_pdf() == a_pdf()


@pytest.mark.parametrize(
    ("copy", "is_practice", "said"), [(1, False, "COPY"), (0, True, "PRACTICE"), (1, True, "PRACTICE  ·  COPY")]
)
def test_a_copy_and_practice_are_marked_across_the_top(copy: int, is_practice: bool, said: str) -> None:
    text = lines(a_pdf(office=replace(OFFICE, is_practice=is_practice), copy=copy))
    assert " ".join(said.split()) in [" ".join(line.split()) for line in text]


def test_without_a_write_back_nothing_is_said_of_the_meter() -> None:
    text = " ".join(lines(a_pdf(last=None)))
    assert "Left in the meter" not in text
    assert "about" not in text
    assert "Bought in all" in text


def test_above_the_alarm_level_there_is_no_alarm() -> None:
    assert "Below the alarm level of" not in lines(a_pdf(last=replace(WRITE_BACK, remaining=Energy(20_000))))


def test_exact_money_by_bank_card_has_a_reference_and_no_change() -> None:
    sale = a_sale()
    intent = replace(sale.intent, tender=Tender(TenderKind.BANK_CARD, Money(5_000), "slip 81"))
    text = lines(a_pdf(replace(sale, intent=intent)))
    assert "Bank card" in text
    assert "slip 81" in text
    assert "Change" not in text


# --- names and fonts -------------------------------------------------------------------------------------


LONG = "The Very Long Named Riverbend and Eastfield Rural Electricity Cooperative Union of the North"


def test_long_names_wrap_and_nothing_is_clipped() -> None:
    office = replace(OFFICE, name=LONG, address=LONG, tax_number=LONG, help_hours=LONG, is_practice=True)
    sale = a_sale(customer="Wolfeschlegelsteinhausenbergerdorff" * 3, cashier=LONG, total="900000.00")
    pdf = a_pdf(with_lines_named(sale, LONG), office=office, copy=3)
    assert out_of_bounds(pdf) == []
    text = " ".join(lines(pdf))
    assert all(word in text for word in LONG.split())
    assert "€ 900 000.00" in text


@given(name=st.text(max_size=60), other=st.text(max_size=30))
@settings(max_examples=40, deadline=None)
def test_whatever_people_are_called_there_is_a_receipt(name: str, other: str) -> None:
    office = replace(OFFICE, name=other, address=name, help_phone=other)
    assert PdfReader(BytesIO(a_pdf(a_sale(customer=name, cashier=other), office=office))).pages


@given(st.text(max_size=80))
@settings(deadline=None)
def test_no_character_is_given_to_a_font_that_lacks_it(text: str) -> None:
    for run in REGULAR.runs(text):
        if run.outline is None:
            assert all(REGULAR._has(character) for character in run.text)
        else:
            assert all(run.outline.has(character) for character in run.text)


@pytest.mark.parametrize(
    "name", ["محمد عبد الله", "王小明电力有限公司", "Ελένη Παπαδοπούλου", "Нина Иванова", "김민준"]
)
def test_every_script_of_our_customers_is_printed_and_never_as_a_question_mark(name: str) -> None:
    runs = REGULAR.runs(name)
    assert "".join(run.text for run in runs) == printable(name)
    assert REGULAR.width(name, 24) > 24 * len(name) / 5
    assert out_of_bounds(a_pdf(a_sale(customer=name))) == []


def test_arabic_is_shaped_and_runs_from_right_to_left() -> None:
    (run,) = REGULAR.runs("محمد")
    assert run.outline is not None
    glyphs, _ = run.outline.shape(run.text)
    assert [glyph.cluster for glyph in glyphs] == sorted((glyph.cluster for glyph in glyphs), reverse=True)
    alone = {run.outline.shape(character)[0][0].codepoint for character in "محمد"}
    assert not {glyph.codepoint for glyph in glyphs} <= alone, "joined letters are other glyphs than letters alone"


def test_the_qr_code_is_black_dots_of_whole_printer_dots() -> None:
    (page,) = PdfReader(BytesIO(a_pdf())).pages
    assert page.mediabox.width == pytest.approx(PAPER * POINT, abs=0.01)
    operators = page.get_contents()
    assert operators is not None
    shades = {line.split()[0] for line in operators.get_data().decode("latin-1").splitlines() if line.endswith(" g")}
    assert shades == {"0", "1"}, "black and white only"


def test_a_house_number_stands_left_of_its_arabic_street() -> None:
    assert [run.text.strip() for run in REGULAR.runs("شارع 12")] == ["12", "شارع"]
    assert [run.text.strip() for run in REGULAR.runs("12 شارع")] == ["12", "شارع"][::-1]
    assert [run.text.strip() for run in REGULAR.runs("تلفن ۰۸۰۰ ۵۵۵ شب")] == ["شب", "۰۸۰۰ ۵۵۵", "تلفن"]


def test_a_length_of_time_that_nobody_would_believe_is_not_told() -> None:
    for days, told in ((400, True), (401, False), (0, False)):
        pdf = MAKER.receipt(a_sale(), office=OFFICE, supply=a_supply(), last=WRITE_BACK, lasts_days=days, copy=0)
        assert ("about" in " ".join(lines(pdf))) is told


def test_a_reversal_names_what_it_takes_back_and_its_sums_are_below_zero() -> None:
    pdf = MAKER.receipt(
        a_reversal(),
        office=OFFICE,
        supply=a_supply(),
        last=WRITE_BACK,
        lasts_days=None,
        copy=0,
        takes_back="2-004518",
    )
    text = lines(pdf)
    said = ["Reversal", "2-004519", "Takes back receipt", "2-004518", "Wrong amount typed", "Taken back"]
    said += [
        "−214.28",
        "−3.60",
        "€ −50.00",
        "Put the card in your meter",
        "Wait until its display shows the new credit.",
    ]
    assert [word for word in said if word not in text] == []
    assert "Receipt" not in text
    assert not any("still owed" in line for line in text), "what is owed now is another sum"


def test_a_receipt_tells_the_fingerprint_of_the_books_in_groups_of_four() -> None:
    assert "Books 5C20 E19F" in lines(a_pdf(replace(a_sale(), fingerprint="5c20e19f")))
    assert not any("Books" in line for line in lines(a_pdf()))


def test_the_tender_on_a_receipt_is_the_corrected_one() -> None:
    cheque = Tender(TenderKind.CHEQUE, Money(5_000), "cheque 12")
    text = lines(a_pdf(replace(a_sale(), corrected=cheque)))
    assert "Cheque" in text
    assert "Cash" not in text
    assert "Change" not in text
