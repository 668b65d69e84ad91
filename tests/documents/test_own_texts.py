"""What an office adds to its papers: lines in any script, and a picture that is printed dot by dot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.documents.builders import OFFICE, a_sale, a_supply
from tests.documents.pictures import a_png
from tests.documents.reading import lines, out_of_bounds
from vending_app.documents.logo import MARK, WIDEST, check_logo, dots_of, size_of
from vending_app.documents.papers import Papers
from vending_app.documents.slip import Manner
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.office_rules import BIGGEST_LOGO
from vending_app.domain.people import Office

MAKER = Papers(Manner(zone=UTC))
OWN = replace(
    OFFICE,
    above=("Welcome to Riverbend", "خوش آمدید"),
    below=("Electricity Act 12/2020, section 4", "", "Faults by night: 0800 555 0199"),
    logo=a_png(),
)


def a_receipt(office: Office) -> bytes:
    return MAKER.receipt(a_sale(), office=office, supply=a_supply(), last=None, lasts_days=None, copy=0)


def test_its_lines_stand_on_the_receipt_in_their_places() -> None:
    said = lines(a_receipt(OWN))
    places = [
        said.index(line) for line in ("Welcome to Riverbend", "2-004518", "TOTAL", "Electricity Act 12/2020, section 4")
    ]
    assert places == sorted(places)
    assert "Faults by night: 0800 555 0199" in said
    assert a_receipt(OWN) == a_receipt(OWN)


LONG_LINES = {"latin": "W" * 48, "cjk": "電" * 48, "arabic": "مرحبا بكم " * 4, "hindi": "मुश्किल " * 6}


@pytest.mark.parametrize("line", LONG_LINES.values(), ids=LONG_LINES.keys())
def test_the_longest_lines_stay_on_the_paper(line: str) -> None:
    pdf = a_receipt(replace(OWN, above=(line[:48],) * 3, below=(line[:48],) * 4))
    assert out_of_bounds(pdf) == []


def test_the_logo_is_on_every_paper_instead_of_the_mark() -> None:
    sheet = MAKER.route_sheet((), office=OWN, on=date(2026, 3, 2))
    for pdf in (a_receipt(OWN), sheet):
        assert len(PdfReader(BytesIO(pdf)).pages[0].images) == 1
    assert len(PdfReader(BytesIO(a_receipt(OFFICE))).pages[0].images) == 0


def test_a_specimen_says_that_it_is_one() -> None:
    said = lines(MAKER.specimen(office=OWN))
    assert "SPECIMEN" in said
    assert "Welcome to Riverbend" in said


def test_a_picture_is_printed_in_black_dots_with_its_sides_in_proportion() -> None:
    dots = dots_of(a_png(64, 64))
    assert (dots.size, dots.mode) == ((MARK, MARK), "1")
    assert size_of(600, 150) == (WIDEST, 60)
    assert size_of(100, 200) == (40, MARK)
    assert size_of(2000, 1) == (WIDEST, 1)


NO_LOGOS = {
    "empty": b"",
    "gif": b"GIF89a",
    "cut": a_png()[:-20],
    "wide": a_png(2001, 1),
    "heavy": a_png() + bytes(BIGGEST_LOGO),
}


@pytest.mark.parametrize("png", NO_LOGOS.values(), ids=NO_LOGOS.keys())
def test_what_is_no_small_png_is_refused(png: bytes) -> None:
    with pytest.raises(OperatorError) as caught:
        check_logo(png)
    assert caught.value.code is Code.LOGO_REFUSED


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 90), byte=st.integers(0, 255), cut=st.integers(0, 90))
def test_a_damaged_picture_is_refused_or_printed_never_anything_else(at: int, byte: int, cut: int) -> None:
    whole = bytearray(a_png(8, 8))
    whole[at % len(whole)] = byte
    try:
        check_logo(bytes(whole[: len(whole) - cut]))
    except OperatorError as error:
        assert error.code is Code.LOGO_REFUSED
