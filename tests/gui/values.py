"""The sample office of the pictures: people, a supply, its card, its meter, its sales."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from vending_app.domain.card import (
    CardHeader,
    CardImage,
    CardKind,
    CardWrite,
    ImageState,
    MeterParameters,
    MeterStatus,
    Order,
    WriteBack,
)
from vending_app.domain.closing import Cell, Closing, ClosingKind, Totals
from vending_app.domain.energy import Energy
from vending_app.domain.ids import (
    ActId,
    CardNo,
    DeskNo,
    MeterNo,
    OperatorName,
    PaymentNo,
    ReaderName,
    ReceiptNo,
    SaleId,
    ShiftNo,
    SupplyNo,
)
from vending_app.domain.meter import Insertion, MeterDecision, MeterView, RelayState, TripReason
from vending_app.domain.money import Money
from vending_app.domain.payment import Payment, PaymentKind
from vending_app.domain.people import (
    CardRecord,
    CardState,
    Customer,
    HistoryEntry,
    Meter,
    Office,
    Operator,
    Role,
    Shift,
    SupplyFile,
    SupplyLine,
    SupplyState,
)
from vending_app.domain.quote import Buyer, Quote
from vending_app.domain.record_lines import (
    AreaLine,
    CardLine,
    CardStanding,
    CustomerLine,
    MeterLine,
    RecordKind,
    RecordLine,
)
from vending_app.domain.records import Area, MeterState, RecordChange, RecordVerb, Subject
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState, Tender, TenderKind
from vending_app.domain.tariff import LineKind, Price, Step, Tariff, Tax
from vending_app.domain.verdict import Verdict
from vending_app.meter.foresee import foresee
from vending_app.services.foretelling import Preview
from vending_app.services.practice_cases import House, PracticeFaults, PracticeState, TrayCard
from vending_app.services.record_cases import RecordShown
from vending_app.services.use_cases import (
    CardReading,
    SupplyReading,
    Usage,
)

NOW = datetime(2025, 11, 14, 10, 42, 7, tzinfo=UTC)
TODAY = NOW.date()
YESTERDAY = NOW - timedelta(days=1, hours=2)
READER = ReaderName("Front reader")
PRINTERS = ("Front printer", "Office LaserJet 4250")
SUPPLY = SupplyNo("00417726")
CARD = CardNo("000000000287")
PIN = "246810"
OFFICE = Office(
    "Riverbend Electricity",
    "Station Street 1, Eastfield",
    "40-118-2270",
    "Mon to Sat, 08:00 to 18:00",
    "0800 555 0142",
    4117,
)
ANA = Operator(OperatorName("ana"), "Ana Moreau", Role.CASHIER, 6)
BEN = Operator(OperatorName("ben"), "Ben Adeyemi", Role.CASHIER, 6)
DANIEL = Operator(OperatorName("daniel"), "Daniel Weiss", Role.SUPERVISOR, 6)
OTHER = OperatorName("ruth")
PETRA = Operator(OperatorName("petra"), "Petra Lind", Role.TECHNICIAN, 0)
ENERGY_LINES = frozenset({LineKind.FIXED, LineKind.STEP})
TARIFF = Tariff(
    code="H2",
    name="Household, steps",
    valid_from=date(2025, 10, 1),
    steps=(
        Step(Energy.parse("60"), Price(105_000)),
        Step(Energy.parse("150"), Price(148_000)),
        Step(None, Price(215_000)),
    ),
    fixed_per_month=Money(180),
    taxes=(Tax("VAT", 800, ENERGY_LINES),),
    levies=(),
    minimum=Money(100),
    maximum=Money(200_000),
)
PARAMETERS = MeterParameters(Energy.parse("20"), Energy.parse("5"), 8000, Energy(0), Energy.parse("5000"), 1600)
MONTHS = tuple(
    (date(2024 + (month > 12), (month - 1) % 12 + 1, 1), Energy.parse(str(kwh)))
    for month, kwh in zip(range(11, 23), (176, 187, 203, 195, 178, 164, 145, 134, 128, 132, 144, 160), strict=True)
)


def a_supply(*, name: str = "Amara Okafor", arrears: int = 6430, card: CardNo | None = CARD) -> SupplyFile:
    return SupplyFile(
        number=SUPPLY,
        customer=Customer("C-1001", name, "14 Mill Lane, Eastfield", "0170 555 0199"),
        meter=Meter(MeterNo("000012345678"), "PM-1", 1600),
        tariff="H2",
        tariff_name="Household, steps",
        state=SupplyState.OPEN,
        parameters=PARAMETERS,
        opened_on=date(2023, 9, 4),
        closed_on=None,
        card=card,
        generation=3,
        sequence=27,
        order_sequence=27,
        energy_total=Energy.parse("4812.60"),
        purchases=27,
        arrears=Money(arrears),
        arrears_share_percent=20,
        charged_until=date(2025, 9, 1),
        bought_this_month=Energy(0),
    )


def a_write_back(*, remaining: str = "18.40") -> WriteBack:
    return WriteBack(
        meter=MeterNo("000012345678"),
        sequence=27,
        used_total=Energy.parse("4794.20"),
        remaining=Energy.parse(remaining),
        energy_total=Energy.parse("4812.60"),
        zero_crossing=Energy.parse("1.24"),
        purchases=27,
        illegal_cards=0,
        overload_trips=0,
        low_credit_trips=0,
        tamper_events=0,
        power_failures=0,
        power_max_w=4200,
        status=MeterStatus(0),
        last_month=Energy.parse("160"),
        meter_time=datetime(2025, 11, 13, 18, 42, tzinfo=UTC),
        running=31,
        key_version=1,
    )


def a_usage(*, trips: int = 0, tampering: int = 0) -> Usage:
    return Usage(
        since=datetime(2025, 9, 27, 9, 50, tzinfo=UTC),
        used=Energy.parse("324.30"),
        days=47,
        per_day=Energy(6900),
        days_left=2,
        months=MONTHS,
        trips=trips,
        tampering=tampering,
    )


def a_reading(supply: SupplyFile | None = None, *, write_back: WriteBack | None = None) -> SupplyReading:
    supply = supply or a_supply()
    last = HistoryEntry(
        datetime(2025, 9, 27, 11, 5, tzinfo=UTC), "sale", 27, Energy.parse("188.19"), Money(4000), receipt="2-001604"
    )
    return SupplyReading(
        supply=supply,
        tariff=TARIFF,
        buyer=Buyer(TODAY, supply.bought_this_month, supply.charged_until, supply.arrears, 20),
        write_back=write_back or a_write_back(),
        usage=a_usage(),
        last_purchase=last,
        sell_at_most=Energy.parse("4981.60"),
        preview=Preview(foresee, supply, write_back or a_write_back(), NOW, DeskNo(2)),
    )


def an_image(state: ImageState = ImageState.OURS, *, kind: CardKind = CardKind.USER) -> CardImage:
    header = CardHeader(kind, 4117, CARD, 1) if state is ImageState.OURS else None
    return CardImage(state, bytes(256), header)


def a_card(
    verdict: Verdict = Verdict.READY, *, reading: SupplyReading | None = None, sale: Sale | None = None
) -> CardReading:
    """A reading of a card with this verdict."""
    states = {
        Verdict.BLANK: ImageState.BLANK,
        Verdict.NOT_OURS: ImageState.FOREIGN,
        Verdict.UNREADABLE: ImageState.UNREADABLE,
    }
    kind = CardKind.CHECK if verdict is Verdict.NOT_A_CUSTOMER_CARD else CardKind.USER
    image = an_image(states.get(verdict, ImageState.OURS), kind=kind)
    nobody = verdict in {*states, Verdict.UNKNOWN_CARD, Verdict.NOT_A_CUSTOMER_CARD}
    state = CardState.REPLACED if verdict is Verdict.REPLACED else CardState.ACTIVE
    record = CardRecord(CARD, SUPPLY, 3, state, NOW - timedelta(days=300))
    return CardReading(
        reader=READER,
        verdict=verdict,
        image=image,
        record=None if nobody else record,
        reading=None if nobody else (reading or a_reading()),
        open_sale=sale if verdict is Verdict.FINISH_SALE else None,
        replaced_by=CardNo("000000000391") if verdict is Verdict.REPLACED else None,
    )


def a_sale(
    sale: str,
    *,
    name: str,
    minor: int,
    kwh: str,
    at: datetime = NOW,
    printed: bool = True,
    state: SaleState = SaleState.POSTED,
) -> Sale:
    """A sale of somebody, as the books tell it."""
    energy = Energy.parse(kwh)
    order = Order(
        MeterNo("000012345678"),
        SUPPLY,
        3,
        28,
        Energy.parse("4812.60") + energy,
        energy,
        28,
        PARAMETERS,
        at,
        DeskNo(2),
        1,
    )
    quote = Quote("H2", TARIFF.valid_from, Money(minor), energy, (), date(2025, 11, 1), Money(0))
    intent = SaleIntent(
        id=SaleId(sale),
        purpose=Purpose.SALE,
        order=order,
        write=CardWrite(CARD, bytes(64)),
        desk=DeskNo(2),
        operator=ANA.name,
        at=at,
        shift=ShiftNo(318),
        quote=quote,
        tender=Tender(TenderKind.CASH, Money(minor)),
    )
    receipt = ReceiptNo("2-004517") if state is SaleState.POSTED else None
    return Sale(intent, state, receipt=receipt, customer_name=name, is_printed=printed)


def earlier_sales() -> tuple[Sale, ...]:
    def at(minute: int) -> datetime:
        return NOW.replace(minute=minute)

    return (
        a_sale("1", name="Lena Hoffmann", minor=2000, kwh="86.40", at=at(38)),
        a_sale("2", name="Tomás Herrera", minor=3500, kwh="156.72", at=at(31)),
        a_sale("3", name="Yusuf Demir", minor=1000, kwh="42.10", at=at(24), printed=False),
    )


def an_undoing(sale: Sale, number: SaleId, purpose: Purpose) -> Sale:
    """The reversal or the cancellation of a sale."""
    quote = sale.intent.quote
    is_reversal = purpose is Purpose.REVERSAL
    order = replace(sale.intent.order, sequence=29, energy_total=Energy.parse("4812.60"), last_purchase=Energy(0))
    intent = replace(
        sale.intent,
        id=number,
        purpose=purpose,
        order=order,
        quote=quote.reversed() if quote and is_reversal else None,
        tender=None,
        undoes=sale.id,
        reason="Wrong amount typed",
    )
    receipt = ReceiptNo("2-004519") if is_reversal else None
    return replace(sale, intent=intent, state=SaleState.POSTED, receipt=receipt, is_printed=False)


def a_payment(kind: PaymentKind, amount: Money, tender: TenderKind) -> Payment:
    return Payment(
        id=ActId("0" * 26),
        kind=kind,
        supply=SUPPLY,
        amount=amount,
        tender=tender,
        desk=DeskNo(2),
        shift=ShiftNo(318),
        operator=ANA.name,
        at=NOW,
        number=PaymentNo("2-P000012"),
    )


def report_title(shift: Shift | None, number: ShiftNo) -> str:
    return f"X-2-{number}" if shift is not None else "Z-2-000041"


def a_closing(kind: ClosingKind, *, number: int, period: str, minor: int = 388_840, count: int = 75) -> Closing:
    cell = Cell(DeskNo(2), ANA.name, Purpose.SALE, "H2", TenderKind.CASH, count, Energy(16_827_670), Money(minor))
    return Closing(
        kind=kind,
        desk=DeskNo(2) if kind is ClosingKind.SHIFT else None,
        number=number,
        period=period,
        at=NOW,
        operator=DANIEL.name,
        totals=Totals(cells=(cell,)),
        perpetual=Money(1_824_407_015),
        perpetual_energy=Energy(74_120_442_180),
        heads=(),
        parts=(),
        previous="",
        text=f"{kind.value} {period}",
        signature=bytes(64),
        key=bytes(32),
    )


def some_closings() -> dict[ClosingKind, tuple[Closing, ...]]:
    """The last ones of each kind but the year, of which none is closed."""
    days = (13, 12, 11, 10, 8, 7, 6)
    return {
        ClosingKind.SHIFT: tuple(
            a_closing(
                ClosingKind.SHIFT, number=40 - at, period=str(317 - at), minor=388_840 - 7_130 * at, count=75 - at
            )
            for at in range(9)
        ),
        ClosingKind.DAY: tuple(
            a_closing(
                ClosingKind.DAY, number=91 - at, period=f"2025-11-{day:02d}", minor=797_240 - 9_120 * at, count=168 + at
            )
            for at, day in enumerate(days)
        ),
        ClosingKind.MONTH: (a_closing(ClosingKind.MONTH, number=3, period="2025-10", minor=19_311_280, count=4212),),
    }


NAMES = (
    "Lena Hoffmann",
    "Tomás Herrera",
    "عبد الرحمن بن محمد الخطيب",
    "Wilhelmina Alexandra Featherstonehaugh-Cholmondeley and Daughters Cooperative Bakery",
    "Nguyễn Thị Minh Khai",
    "王小明",
)


def many_sales(count: int) -> tuple[Sale, ...]:
    """A long shift, newest first: one not printed, one interrupted, one void among them."""
    states = {3: SaleState.IN_DOUBT, 7: SaleState.VOIDED}
    return tuple(
        a_sale(
            f"{900 - at:026d}",
            name=NAMES[at % len(NAMES)],
            minor=1000 + 250 * (at % 40) + 99_000 * (at % 50 == 4),
            kwh=f"{40 + at % 40 * 11}.{at % 90 + 10}",
            at=NOW - timedelta(minutes=3 * at),
            printed=at != 1,
            state=states.get(at, SaleState.POSTED),
        )
        for at in range(count)
    )


def many_entries(count: int) -> tuple[HistoryEntry, ...]:
    """A long life of a supply, newest first: sales, write-backs between them, the card at its beginning."""
    entries = []
    for at in range(count):
        is_sale = at % 2 == 0
        entries.append(
            HistoryEntry(
                NOW - timedelta(days=11 * at, minutes=7 * at),
                "issue" if at == count - 1 else "sale" if is_sale else "write-back",
                count - at,
                Energy.parse("188.19" if is_sale else f"{12345 - 30 * at}.20") if at < count - 1 else Energy(0),
                Money(4000 + 155 * at) if is_sale and at < count - 1 else Money(0),
                None if is_sale else Energy.parse("18.40"),
                f"2-{9000 - at:06d}" if is_sale and at not in {4, 6} else "",
                {4: "in_doubt", 6: "voided"}.get(at, "posted") if is_sale else "",
                SaleId(f"{at:026d}") if is_sale else None,
            )
        )
    return tuple(entries)


def undone_entries() -> tuple[HistoryEntry, ...]:
    """A reversal and the sale it took back, a void and the order that made sure of it."""
    rows = (
        ("reversal", 31, "-214.28", -5000, "2-004519", "posted"),
        ("sale", 30, "214.28", 5000, "2-004518", "posted"),
        ("cancellation", 29, "0", 0, "", "posted"),
        ("sale", 28, "86.40", 2000, "", "voided"),
    )
    return tuple(
        HistoryEntry(
            NOW - timedelta(minutes=5 * at),
            kind,
            sequence,
            Energy.parse(kwh),
            Money(minor),
            receipt=receipt,
            state=state,
            sale=SaleId(str(at)),
        )
        for at, (kind, sequence, kwh, minor, receipt, state) in enumerate(rows)
    )


def many_lines(count: int) -> tuple[SupplyLine, ...]:
    """A long search."""
    streets = (
        "14 Mill Lane, Eastfield",
        "The Old Corn Exchange, 1204 Upper Market Square West, Eastfield",
        "شارع النهر ٩",
    )
    return tuple(
        SupplyLine(
            SupplyNo(f"{417000 + at:08d}"),
            NAMES[at % len(NAMES)],
            streets[at % 3],
            MeterNo(f"{12340000 + at:012d}"),
            ("H2", "COM-3")[at % 2],
            tuple(SupplyState)[at % 4],
            None if at % 7 == 3 else CardNo(f"{200 + at:012d}"),
        )
        for at in range(count)
    )


TRAY = (
    TrayCard("okafor", "Okafor", "blue"),
    TrayCard("bakery", "Bakery", "green"),
    TrayCard("torn", "Torn sale", "brown"),
    TrayCard("blank", "Blank", "silver"),
    TrayCard("check", "Check card", "slate"),
    TrayCard("foreign", "Foreign", "red"),
)


def a_meter(*, remaining: str = "18.40") -> MeterView:
    return MeterView(
        meter=MeterNo("000012345678"),
        supply=SUPPLY,
        remaining=Energy.parse(remaining),
        used_total=Energy.parse("4794.20"),
        energy_total=Energy.parse("4812.60"),
        purchases=27,
        last_purchase=Energy.parse("188.19"),
        zero_crossing=Energy.parse("1.24"),
        alarm_1=Energy.parse("20"),
        overload_w=8000,
        constant_imp_per_kwh=1600,
        relay=RelayState.CLOSED,
        reason=TripReason.NONE,
        is_alarm=True,
        power_max_w=4200,
        alarm_2=Energy.parse("10"),
        last_month=Energy.parse("171.80"),
        illegal_cards=0,
        overload_trips=2,
        low_credit_trips=1,
        tamper_events=0,
        power_failures=3,
        is_cover_open=False,
        has_power=True,
        time=NOW,
    )


def a_street() -> tuple[House, ...]:
    """Ten houses, some of them in the dark."""
    names = ("Amara Okafor", "Sunrise Bakery", "Tomás Herrera", "Lena Hoffmann", "Yusuf Demir")
    more = ("Harbour School", "Lin Wei 林伟", "فاطمة الزهراء", "Kofi Mensah", "Café Zoé")
    dark = replace(a_meter(remaining="0"), relay=RelayState.OPEN, reason=TripReason.ZERO)
    meters = {3: dark, 7: replace(a_meter(), has_power=False), 9: a_meter(remaining="123456.78")}
    return tuple(
        House(
            SupplyNo(f"{417726 + at:08d}"),
            name,
            replace(meters.get(at, a_meter()), meter=MeterNo(f"{12345678 + at:012d}")),
        )
        for at, name in enumerate((*names, *more))
    )


def a_practice() -> PracticeState:
    return PracticeState(TRAY, "okafor", "Amara Okafor", a_meter(), None, 1800, PracticeFaults(), street=a_street())


def an_insertion(state: PracticeState) -> Insertion:
    assert state.meter is not None
    return Insertion(MeterDecision.CREDITED, Energy.parse("214.28"), True, state.meter)


# --- records ---------------------------------------------------------------------------------------------

_NOON = datetime(2025, 11, 3, 12, 0, tzinfo=UTC)
_LONG_NAME = "Wilhelmina Alexandra Featherstonehaugh-Cholmondeley and Daughters Cooperative Bakery"
_PEOPLE = (
    CustomerLine(Customer("0000017", "Amara Okafor", "14 Mill Lane, Eastfield", "+44 20 7946 0958", "P-77"), 2, SUPPLY),
    CustomerLine(
        Customer("0000018", _LONG_NAME, "Flat 4, 1187 Old Harbour and Grain Market Road", "0170 4455"), 1, SUPPLY
    ),
    CustomerLine(Customer("0000019", "عبد الرحمن الخطيب", "9 River Road, Eastfield"), 0),
)
_DEVICES = (
    MeterLine(Meter(MeterNo("000000700001"), "RM-2", 800, 3, 40, 10, make="Reference"), MeterState.STOCK),
    MeterLine(Meter(MeterNo("000012345678"), "RM-1", 1600), MeterState.REMOVED, SUPPLY, "Amara Okafor"),
    MeterLine(Meter(MeterNo("000012345679"), "RM-1", 1600), MeterState.INSTALLED, SUPPLY, _LONG_NAME),
)
_PLASTIC = tuple(
    CardLine(CardNo(f"0007700000{at:02d}"), SUPPLY, "Amara Okafor", 9 - at, standing, _NOON, None if at == 0 else NOW)
    for at, standing in enumerate(CardStanding)
)
RECORDS: dict[RecordKind, tuple[RecordLine, ...]] = {
    RecordKind.CUSTOMER: _PEOPLE,
    RecordKind.METER: _DEVICES,
    RecordKind.CARD: _PLASTIC,
    RecordKind.AREA: (AreaLine(Area("E1", "Eastfield", "T-04"), 412),),
}


def a_record(key: str) -> RecordShown:
    """Any of them, with a change of each kind."""
    kind, line = next((kind, line) for kind, lines in RECORDS.items() for line in lines if line.key == key)
    entered = RecordChange(Subject.CUSTOMER, key, RecordVerb.ENTER, "", "{}", "", _NOON, "petra")
    before, after = '{"phone":"0170 4455","name":"Amara"}', '{"phone":"+44 20 7946 0958","name":"Amara Okafor"}'
    changed = RecordChange(Subject.CUSTOMER, key, RecordVerb.CHANGE, before, after, "he called", NOW, "petra")
    return RecordShown(kind, line, (changed, entered))
