"""The slips that customer and technician sign: what was done, with which registers, and what moves on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from tests.documents.builders import AT, OFFICE, a_sale, a_supply
from tests.documents.reading import lines, out_of_bounds
from vending_app.documents.papers import Papers
from vending_app.documents.slip import Manner
from vending_app.documents.words import ENGLISH
from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, DeskNo, JournalRow, MeterNo, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.procedure import Outcome, Procedure
from vending_app.domain.quote import QuoteLine
from vending_app.domain.records import CardEnd, FinalReading, MeterChange, ReadingHow, Settlement
from vending_app.domain.returned import Worth
from vending_app.domain.sale import Purpose, Sale
from vending_app.domain.tariff import LineKind

ROW = JournalRow(412)
PAPERS = Papers(Manner(zone=UTC))
LONG = "عبد الرحمن بن محمد الخطيب Wolfeschlegelsteinhausenbergerdorff " * 4
READING = FinalReading(ReadingHow.HAND, Energy(4_794_200), Energy(18_400))


def a_reissue() -> Sale:
    sale = a_sale()
    intent = replace(sale.intent, purpose=Purpose.ISSUE, quote=None, tender=None, ends=CardEnd.LOST, fee=Money(500))
    intent = replace(intent, order=replace(intent.order, generation=2))
    return replace(sale, intent=intent, receipt=None, fingerprint="5C20E19F")


def a_change() -> MeterChange:
    old, new = MeterNo("000012345678"), MeterNo("000087654321")
    supplies = SupplyNo("00000017"), SupplyNo("00000412")
    return MeterChange(*supplies, old, new, READING, Energy(232_680), "Display dark", AT, "5C20E19F")


def a_settlement(price: int = 3_200, offset: int = 0) -> Settlement:
    supply = SupplyNo("00000017")
    return Settlement(supply, READING, Energy(232_680), Money(price), Money(offset), "Moved away", AT, "5C20E19F")


def a_pdf(outcome: Outcome, *, arrears: Money = ZERO) -> bytes:
    supply = replace(a_supply(), arrears=arrears)
    card = CardNo("000770000112") if isinstance(outcome, Sale) else None
    return PAPERS.procedure_slip(Procedure(ROW, outcome, supply, DeskNo(2), "petra", old_card=card), office=OFFICE)


WHO = ["14 Nov 2025, 10:42", "Desk 2, petra", "Amara Okafor", "0000 0017", "Customer, signed", "Technician, signed"]
WHO += ["Books 5C20 E19F"]
REGISTERS = ["0000 1234 5678", "the display", "4 794.20 kWh", "18.40 kWh"]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (a_reissue(), ["Card re-issued", "•••• 0112", "lost", "•••• 0287", "28", "€ 5.00", "5 026.88 kWh"]),
        (a_change(), ["Meter changed", "Display dark", "0000 8765 4321", "0000 0412", "232.68 kWh", *REGISTERS]),
        (a_settlement(), ["Supply closed", "Moved away", "232.68 kWh", "32.00", "€ 32.00", *REGISTERS]),
    ],
    ids=["card", "meter", "end"],
)
def test_a_slip_tells_who_what_why_and_what_moves_on(outcome: Outcome, said: list[str]) -> None:
    text = lines(a_pdf(outcome))
    assert [word for word in [*WHO, *said] if word not in text] == []


def test_a_price_tells_which_part_was_a_tax_or_a_levy() -> None:
    parts = ((LineKind.STEP, "Energy", 2_900), (LineKind.LEVY, "Rural fund", 80), (LineKind.TAX, "VAT", 220))
    worth = Worth(tuple(QuoteLine(kind, name, Money(minor)) for kind, name, minor in parts))
    text = lines(a_pdf(replace(a_settlement(), worth=worth)))
    assert [word for word in ("of it Rural fund", "0.80", "of it VAT", "2.20") if word not in text] == []
    assert "of it Energy" not in text


def test_what_is_kept_for_arrears_and_still_owed_is_told_instead_of_what_is_due() -> None:
    text = lines(a_pdf(a_settlement(offset=3_200), arrears=Money(1_800)))
    assert [word for word in ("Kept for arrears", "STILL OWED", "€ 18.00") if word not in text] == []
    assert "DUE TO THE CUSTOMER" not in text


def test_a_card_without_a_fee_tells_of_none() -> None:
    sale = a_reissue()
    text = lines(a_pdf(replace(sale, intent=replace(sale.intent, fee=ZERO))))
    assert ENGLISH.fee not in text


@pytest.mark.parametrize(
    "outcome", [a_reissue(), replace(a_change(), reason=LONG), replace(a_settlement(), reason=LONG)]
)
def test_long_names_and_reasons_stay_on_the_paper(outcome: Outcome) -> None:
    customer = replace(a_supply().customer, name=LONG, identity=LONG)
    procedure = Procedure(ROW, outcome, replace(a_supply(), customer=customer), DeskNo(65_535), LONG, LONG)
    pdf = PAPERS.procedure_slip(procedure, office=replace(OFFICE, is_practice=True))
    assert out_of_bounds(pdf) == []
    assert "PRACTICE" in lines(pdf)


def test_every_end_of_a_card_and_every_reading_has_its_words() -> None:
    assert set(ENGLISH.card_ends) == set(CardEnd)
    assert set(ENGLISH.readings) == set(ReadingHow)
