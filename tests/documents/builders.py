"""The sale of the office's example receipt, and ways to spoil its names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from vending_app.domain.card import CardWrite, MeterParameters, MeterStatus, Order, WriteBack
from vending_app.domain.cash import CashKind, CashMovement
from vending_app.domain.closing import Cell, Closing, ClosingKind, ShiftReport, Totals
from vending_app.domain.energy import Energy
from vending_app.domain.ids import (
    ActId,
    CardNo,
    DeskNo,
    MeterNo,
    OperatorName,
    PaymentNo,
    ReceiptNo,
    ShiftNo,
    SupplyNo,
    ulid,
)
from vending_app.domain.money import Money
from vending_app.domain.payment import Payment, PaymentKind
from vending_app.domain.people import Customer, Meter, Office, Shift, SupplyFile, SupplyState
from vending_app.domain.quote import Buyer, Quote, quote_for_money
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState, Tender, TenderKind
from vending_app.domain.tariff import LineKind, Price, Step, Tariff, Tax

OFFICE = Office(
    "Riverbend Electricity",
    "Station Street 1, Eastfield",
    "40-118-2270",
    "Mon to Sat, 08:00 to 18:00",
    "0800 555 0142",
    77,
)
AT = datetime(2025, 11, 14, 10, 42, tzinfo=UTC)
METER = MeterNo("000012345678")
PARAMETERS = MeterParameters(Energy(20_000), Energy(5_000), 6_000, Energy(0), Energy(0), 1_600)
TARIFF = Tariff(
    "H2",
    "Household",
    date(2025, 1, 1),
    (
        Step(Energy(60_000), Price(105_000)),
        Step(Energy(150_000), Price(148_000)),
        Step(None, Price(215_000)),
    ),
    Money(180),
    (Tax("VAT", 800, frozenset({LineKind.FIXED, LineKind.STEP})),),
    (),
    Money(100),
    Money(100_000_000),
)
WRITE_BACK = WriteBack(
    meter=METER,
    sequence=27,
    used_total=Energy(4_794_200),
    remaining=Energy(18_400),
    energy_total=Energy(4_812_600),
    zero_crossing=Energy(0),
    purchases=27,
    illegal_cards=0,
    overload_trips=0,
    low_credit_trips=0,
    tamper_events=0,
    power_failures=0,
    power_max_w=3_000,
    status=MeterStatus(0),
    last_month=Energy(207_000),
    meter_time=datetime(2025, 11, 13, 19, 5, tzinfo=UTC),
    running=31,
    key_version=1,
)


def the_quote(total: str = "50.00") -> Quote:
    buyer = Buyer(date(2025, 11, 14), Energy(0), date(2025, 9, 1), Money(6_430), 20)
    return quote_for_money(TARIFF, buyer, Money.parse(total))


def a_sale(*, customer: str = "Amara Okafor", cashier: str = "Ana Moreau", total: str = "50.00") -> Sale:
    quote = the_quote(total)
    received = Money(max(10_000, quote.total.minor))
    order = Order(
        METER,
        SupplyNo("00000017"),
        1,
        28,
        Energy(5_026_880),
        quote.energy,
        28,
        PARAMETERS,
        AT,
        DeskNo(2),
        1,
    )
    intent = SaleIntent(
        id=ulid(1_763_116_920_000, bytes(10)),
        purpose=Purpose.SALE,
        order=order,
        write=CardWrite(CardNo("000770000287"), bytes(64)),
        desk=DeskNo(2),
        operator=OperatorName("ana"),
        at=AT,
        shift=ShiftNo(1),
        quote=quote,
        tender=Tender(TenderKind.CASH, received),
    )
    return Sale(intent, SaleState.POSTED, AT, ReceiptNo("2-004518"), customer, cashier)


def a_supply() -> SupplyFile:
    return SupplyFile(
        number=SupplyNo("00000017"),
        customer=Customer("C17", "Amara Okafor", "Mill Lane 3"),
        meter=Meter(METER, "DDSY", 1_600),
        tariff="H2",
        tariff_name="Household",
        state=SupplyState.OPEN,
        parameters=PARAMETERS,
        opened_on=date(2024, 1, 1),
        closed_on=None,
        card=CardNo("000770000287"),
        generation=1,
        sequence=28,
        order_sequence=28,
        energy_total=Energy(5_026_880),
        purchases=28,
        arrears=Money(5_430),
        arrears_share_percent=20,
        charged_until=date(2025, 11, 1),
        bought_this_month=Energy(214_280),
    )


def with_lines_named(sale: Sale, name: str) -> Sale:
    """The same sale under a tariff with long words."""
    quote = sale.intent.quote
    assert quote is not None
    lines = tuple(replace(line, name=name) for line in quote.lines)
    return replace(sale, intent=replace(sale.intent, quote=replace(quote, lines=lines)))


def a_reversal() -> Sale:
    """The same sale, taken back."""
    sale = a_sale()
    quote = sale.intent.quote
    assert quote is not None
    intent = replace(
        sale.intent,
        purpose=Purpose.REVERSAL,
        quote=quote.reversed(),
        tender=None,
        undoes=sale.id,
        reason="Wrong amount typed",
        order=replace(sale.intent.order, sequence=29, last_purchase=Energy(0), energy_total=Energy(4_812_600)),
    )
    return replace(sale, intent=intent, receipt=ReceiptNo("2-004519"), fingerprint="5c20e19f")


def a_cell(purpose: Purpose, tender: TenderKind | None, *, count: int, minor: int, wh: int) -> Cell:
    return Cell(DeskNo(2), OperatorName("ana"), purpose, "H2", tender, count, Energy(wh), Money(minor))


TOTALS = Totals(
    cells=(
        a_cell(Purpose.SALE, TenderKind.CASH, count=61, minor=255_150, wh=10_902_340),
        a_cell(Purpose.SALE, TenderKind.BANK_CARD, count=9, minor=41_500, wh=1_772_800),
        a_cell(Purpose.SALE, TenderKind.MOBILE, count=4, minor=12_190, wh=520_660),
        a_cell(Purpose.SALE, TenderKind.CHEQUE, count=1, minor=90_000, wh=3_846_150),
        a_cell(Purpose.REVERSAL, None, count=1, minor=-5_000, wh=-214_280),
    ),
    acts={"drawer": 2, "tender": 1},
)


def a_movement(number: int, kind: CashKind, minor: int, reason: str) -> CashMovement:
    at = AT.replace(hour=9 + number, minute=12)
    return CashMovement(ActId(f"{number:026d}"), ShiftNo(318), kind, Money(minor), reason, at, OperatorName("ana"))


def a_report(*, is_closed: bool = True, is_blind: bool = True, reason: str = "Change given twice") -> ShiftReport:
    """The day of Ana Moreau at desk 2: a Z, or the X some time before it."""
    expected = Money(238_490)
    shift = Shift(ShiftNo(318), DeskNo(2), OperatorName("ana"), AT.replace(hour=8, minute=2), Money(10_000), sales=75)
    waiting = replace(a_sale(customer="Lena Hoffmann"), state=SaleState.IN_DOUBT, receipt=None)
    report = ShiftReport(
        shift=shift,
        totals=TOTALS,
        movements=(
            a_movement(1, CashKind.FROM_SAFE, 5_000, ""),
            a_movement(2, CashKind.PAID_OUT, 1_850, "Paper for the printer, receipt in the folder"),
            a_movement(3, CashKind.TO_SAFE, 30_000, ""),
        ),
        paid_in=Money(4_190),
        paid_out=Money(5_000),
        expected=expected if is_closed or not is_blind else None,
        open_sales=(waiting,),
        signed=frozenset({waiting.id}) if is_closed else frozenset(),
        closing=None,
    )
    if not is_closed:
        return report
    closed = replace(
        shift,
        closed_at=AT.replace(hour=17, minute=1),
        counted=Money(238_240),
        expected=expected,
        reason=reason,
        handed_to=OperatorName("ben"),
    )
    return replace(report, shift=closed, closing=a_z())


def a_z() -> Closing:
    return Closing(
        kind=ClosingKind.SHIFT,
        desk=DeskNo(2),
        number=41,
        period="318",
        at=AT.replace(hour=17, minute=1),
        operator=OperatorName("ana"),
        totals=TOTALS,
        perpetual=Money(18_244_070_15),
        perpetual_energy=Energy(74_120_442_180),
        heads=(),
        parts=(),
        previous="",
        text="the canonical text",
        signature=bytes(64),
        key=bytes(32),
    )


def a_payment(kind: PaymentKind = PaymentKind.REFUND) -> Payment:
    is_refund = kind is PaymentKind.REFUND
    return Payment(
        id=ActId("0" * 26),
        kind=kind,
        supply=SupplyNo("00000017"),
        amount=Money(5_000),
        tender=TenderKind.CASH if is_refund else TenderKind.CHEQUE,
        desk=DeskNo(2),
        shift=ShiftNo(318),
        operator=OperatorName("ana"),
        at=AT,
        reference="" if is_refund else "Cheque 004417 of Eastfield Savings",
        reason="Wrong amount typed" if is_refund else "",
        number=PaymentNo("2-P000012"),
    )
