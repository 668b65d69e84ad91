"""The sale of the office's example receipt, and ways to spoil its names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from vending_app.domain.card import CardWrite, MeterParameters, MeterStatus, Order, WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, OperatorName, ReceiptNo, ShiftNo, SupplyNo, ulid
from vending_app.domain.money import Money
from vending_app.domain.people import Customer, Meter, Office, SupplyFile, SupplyState
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
