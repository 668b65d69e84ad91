"""One row per verdict, in the order of precedence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from vending_app.domain.card import (
    NO_PARAMETERS,
    CardHeader,
    CardImage,
    CardKind,
    CardWrite,
    ImageState,
    Order,
    RecordState,
    Slot,
)
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, OperatorName, SaleId, SupplyNo
from vending_app.domain.money import ZERO
from vending_app.domain.people import CardRecord, CardState, Customer, Meter, SupplyFile, SupplyState
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState
from vending_app.domain.verdict import Verdict, judge

METER, SUPPLY, CARD = MeterNo("000012345678"), SupplyNo("00417726"), CardNo("041170000001")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ORDER = Order(METER, SUPPLY, 1, 7, Energy(90_000), Energy(1000), 6, NO_PARAMETERS, NOON, DeskNo(1), 1)
HEADER = CardHeader(CardKind.USER, 7, CARD, 1)
RECORD = CardRecord(CARD, SUPPLY, 1, CardState.ACTIVE, NOON)
FILE = SupplyFile(
    number=SUPPLY,
    customer=Customer("1", "Amara Okafor", "14 Mill Lane"),
    meter=Meter(METER, "RM-1", 1600),
    tariff="H2",
    tariff_name="Household",
    state=SupplyState.OPEN,
    parameters=NO_PARAMETERS,
    opened_on=date(2024, 1, 1),
    closed_on=None,
    card=CARD,
    generation=1,
    sequence=7,
    order_sequence=7,
    energy_total=Energy(90_000),
    purchases=6,
    arrears=ZERO,
    arrears_share_percent=0,
    charged_until=None,
    bought_this_month=NO_ENERGY,
)


def slot(name: str, order: Order | None, state: RecordState = RecordState.VALID) -> Slot:
    return Slot(name, state, b"", order)


GOOD = CardImage(ImageState.OURS, b"", HEADER, (slot("A", ORDER), slot("B", replace(ORDER, sequence=6))))


UNTOLD = replace(GOOD, is_untold=True)


def pending(*, issues: bool) -> Sale:
    write = CardWrite(CARD, b"", header=b"h" if issues else b"")
    purpose = Purpose.ISSUE if issues else Purpose.SALE
    intent = SaleIntent(SaleId("X"), purpose, ORDER, write, DeskNo(1), OperatorName("c"), NOON)
    return Sale(intent=intent, state=SaleState.IN_DOUBT)


def with_orders(a: Order | None, b: Order | None, state: RecordState) -> CardImage:
    return replace(GOOD, slots=(slot("A", a, state), slot("B", b, state)))


def hiding(sequence: int | None) -> CardImage:
    """A good order beside one of keys that are missing here."""
    told = None if sequence is None else replace(ORDER, sequence=sequence, key_version=2)
    return replace(GOOD, slots=(slot("A", ORDER), Slot("B", RecordState.NO_KEY, b"", None, told)))


@pytest.mark.parametrize(
    ("image", "record", "supply", "open_sale", "expected", "verdict"),
    [
        (GOOD, RECORD, FILE, None, None, Verdict.READY),
        (CardImage(ImageState.BLANK, b""), None, FILE, pending(issues=True), None, Verdict.FINISH_SALE),
        (CardImage(ImageState.UNREADABLE, b""), None, FILE, pending(issues=True), None, Verdict.UNREADABLE),
        (CardImage(ImageState.FOREIGN, b"", tries=0), None, None, None, None, Verdict.NOT_OURS),
        (CardImage(ImageState.BLANK, b"", tries=1), None, None, None, None, Verdict.LOCKED),
        (replace(GOOD, tries=0), None, None, None, None, Verdict.UNKNOWN_CARD),
        (replace(GOOD, tries=0), RECORD, FILE, None, None, Verdict.LOCKED),
        (replace(GOOD, tries=1), RECORD, FILE, None, None, Verdict.LOCKED),
        (replace(GOOD, slots=(), tries=1), RECORD, FILE, None, None, Verdict.LOCKED),
        (replace(GOOD, tries=1), RECORD, FILE, None, SupplyNo("00000001"), Verdict.WRONG_SUPPLY),
        (replace(GOOD, tries=1), replace(RECORD, state=CardState.REPLACED), FILE, None, None, Verdict.REPLACED),
        (replace(GOOD, tries=1), RECORD, replace(FILE, state=SupplyState.CLOSED), None, None, Verdict.SUPPLY_CLOSED),
        (replace(GOOD, tries=0), RECORD, FILE, pending(issues=False), None, Verdict.FINISH_SALE),
        (replace(GOOD, tries=2), RECORD, FILE, None, None, Verdict.READY),
        (UNTOLD, RECORD, FILE, None, None, Verdict.TRIES_UNTOLD),
        (replace(UNTOLD, slots=()), RECORD, FILE, None, None, Verdict.TRIES_UNTOLD),
        (CardImage(ImageState.BLANK, b"", is_untold=True), None, None, None, None, Verdict.TRIES_UNTOLD),
        (CardImage(ImageState.FOREIGN, b"", is_untold=True), None, None, None, None, Verdict.NOT_OURS),
        (UNTOLD, RECORD, FILE, pending(issues=False), None, Verdict.FINISH_SALE),
        (UNTOLD, RECORD, FILE, None, SupplyNo("00000001"), Verdict.WRONG_SUPPLY),
        (UNTOLD, replace(RECORD, state=CardState.REPLACED), FILE, None, None, Verdict.REPLACED),
        (UNTOLD, RECORD, replace(FILE, state=SupplyState.CLOSED), None, None, Verdict.SUPPLY_CLOSED),
        (CardImage(ImageState.BLANK, b""), None, None, None, None, Verdict.BLANK),
        (CardImage(ImageState.FOREIGN, b""), None, None, None, None, Verdict.NOT_OURS),
        (
            replace(GOOD, header=replace(HEADER, kind=CardKind.CHECK)),
            None,
            None,
            None,
            None,
            Verdict.NOT_A_CUSTOMER_CARD,
        ),
        (GOOD, None, None, None, None, Verdict.UNKNOWN_CARD),
        (GOOD, replace(RECORD, state=CardState.REPLACED), FILE, pending(issues=False), None, Verdict.REPLACED),
        (GOOD, replace(RECORD, state=CardState.RETIRED), FILE, None, None, Verdict.REPLACED),
        (GOOD, RECORD, FILE, pending(issues=False), SupplyNo("00000001"), Verdict.WRONG_SUPPLY),
        (GOOD, RECORD, FILE, pending(issues=False), SUPPLY, Verdict.FINISH_SALE),
        (GOOD, RECORD, replace(FILE, state=SupplyState.CLOSED), None, None, Verdict.SUPPLY_CLOSED),
        (GOOD, RECORD, replace(FILE, state=SupplyState.SUSPENDED), None, None, Verdict.SUPPLY_CLOSED),
        (
            with_orders(replace(ORDER, sequence=8), None, RecordState.BAD_MAC),
            RECORD,
            FILE,
            None,
            None,
            Verdict.CARD_AHEAD,
        ),
        (with_orders(None, None, RecordState.BAD_MAC), RECORD, FILE, None, None, Verdict.MAC_WRONG),
        (with_orders(None, None, RecordState.NO_KEY), RECORD, FILE, None, None, Verdict.KEYS_MISSING),
        (hiding(6), RECORD, FILE, None, None, Verdict.READY),
        (hiding(7), RECORD, FILE, None, None, Verdict.READY),
        (hiding(8), RECORD, FILE, None, None, Verdict.KEYS_MISSING),
        (hiding(7), RECORD, FILE, pending(issues=False), None, Verdict.FINISH_SALE),
        (hiding(8), RECORD, FILE, pending(issues=False), None, Verdict.KEYS_MISSING),
        (hiding(8), RECORD, replace(FILE, state=SupplyState.CLOSED), None, None, Verdict.KEYS_MISSING),
        (hiding(None), RECORD, FILE, None, None, Verdict.KEYS_MISSING),
        (with_orders(ORDER, None, RecordState.BAD_MAC), RECORD, FILE, None, None, Verdict.READY),
        (
            with_orders(replace(ORDER, supply=SupplyNo("1")), None, RecordState.TORN),
            RECORD,
            FILE,
            None,
            None,
            Verdict.MAC_WRONG,
        ),
        (
            with_orders(replace(ORDER, meter=MeterNo("1")), None, RecordState.TORN),
            RECORD,
            FILE,
            None,
            None,
            Verdict.MAC_WRONG,
        ),
        (with_orders(None, None, RecordState.TORN), RECORD, FILE, None, None, Verdict.ORDER_LOST),
        (
            with_orders(replace(ORDER, sequence=6), None, RecordState.TORN),
            RECORD,
            FILE,
            None,
            None,
            Verdict.ORDER_BEHIND,
        ),
        (GOOD, RECORD, replace(FILE, energy_total=Energy(95_000)), None, None, Verdict.ORDER_BEHIND),
    ],
)
def test_the_verdict(
    image: CardImage,
    record: CardRecord | None,
    supply: SupplyFile | None,
    open_sale: Sale | None,
    expected: SupplyNo | None,
    verdict: Verdict,
) -> None:
    assert judge(image, record=record, supply=supply, open_sale=open_sale, expected=expected) is verdict


def test_only_three_verdicts_let_anything_be_sold() -> None:
    assert {v for v in Verdict if v.may_sell} == {Verdict.READY, Verdict.ORDER_LOST, Verdict.ORDER_BEHIND}
