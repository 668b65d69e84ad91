"""A behaving double of the counter: the supply of the pictures, and trouble on demand."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
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
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.ids import (
    CardNo,
    DeskNo,
    MeterNo,
    OperatorName,
    ReaderName,
    ReceiptNo,
    SaleId,
    ShiftNo,
    SupplyNo,
)
from vending_app.domain.meter import Insertion, MeterDecision, MeterView, RelayState, TripReason
from vending_app.domain.money import Money
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
from vending_app.domain.quote import Buyer, Quote, quote_for_energy, quote_for_money
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState, Tender, TenderKind
from vending_app.domain.tariff import LineKind, Price, Step, Tariff, Tax
from vending_app.domain.verdict import Verdict
from vending_app.ports import Progress, ReaderState
from vending_app.services.use_cases import (
    CardReading,
    CloseShift,
    DeskState,
    FindSupplies,
    FinishSale,
    Found,
    Greeting,
    Health,
    History,
    IssueCard,
    LogIn,
    LogOut,
    OpenShift,
    OpenSupply,
    PracticeAct,
    PracticeState,
    Printed,
    PrintReceipt,
    ReadCard,
    ReceiptPdf,
    SaleDone,
    Sell,
    Session,
    ShowDesk,
    ShowHistory,
    ShowReceipt,
    SupplyReading,
    TrayCard,
    Usage,
    Welcome,
)

NOW = datetime(2025, 11, 14, 10, 42, 7, tzinfo=UTC)
TODAY = NOW.date()
READER = ReaderName("Front reader")
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


TRAY = (
    TrayCard("okafor", "Okafor", "blue"),
    TrayCard("bakery", "Bakery", "green"),
    TrayCard("torn", "Torn sale", "brown"),
    TrayCard("blank", "Blank", "silver"),
    TrayCard("check", "Check card", "slate"),
    TrayCard("foreign", "Foreign", "red"),
)


@dataclass
class Counter:
    """Answers use cases like the real counter; lives on the desk thread, is told what to do by the test."""

    card: CardReading | None = None
    shift: Shift | None = field(
        default_factory=lambda: Shift(
            ShiftNo(318), DeskNo(2), ANA.name, datetime(2025, 11, 14, 8, 2, tzinfo=UTC), Money(10_000), sales=17
        )
    )
    tears: bool = False
    paper_out: bool = False
    refuses: dict[type, VendingError] = field(default_factory=dict)
    bug_in: type | None = None
    hold: threading.Event | None = None
    """When set, a write waits in its first step until the test lets it go on."""
    operators: tuple[Operator, ...] = (ANA, BEN, DANIEL)
    practice_pin: str = ""
    recent: tuple[Sale, ...] = field(default_factory=earlier_sales)
    open_sales: tuple[Sale, ...] = ()
    asked: list[object] = field(default_factory=list)
    operator: Operator | None = None
    readings: dict[SupplyNo, SupplyReading] = field(default_factory=lambda: {SUPPLY: a_reading()})
    pdf: bytes = b""
    practice: PracticeState | None = None

    def perform(self, use_case: object, progress: Progress) -> object:
        self.asked.append(use_case)
        if type(use_case) in self.refuses:
            raise self.refuses[type(use_case)]
        if self.bug_in is type(use_case):
            raise ZeroDivisionError("planted")
        return self._verbs()[type(use_case)](use_case, progress)

    def _verbs(self) -> dict[type, Callable[..., object]]:
        return {
            Welcome: self._welcome,
            LogIn: self._log_in,
            LogOut: self._log_out,
            OpenShift: self._open_shift,
            CloseShift: self._close_shift,
            ReadCard: self._read,
            OpenSupply: lambda asked, _: self.readings[asked.supply],
            Sell: self._sell,
            FinishSale: self._finish,
            IssueCard: self._issue,
            PrintReceipt: self._print,
            ShowReceipt: lambda asked, _: ReceiptPdf(asked.sale, "2-004518", self.pdf),
            FindSupplies: self._find,
            ShowHistory: self._history,
            ShowDesk: self._desk,
            PracticeAct: self._practice,
        }

    def _welcome(self, _: Welcome, __: Progress) -> Greeting:
        health = (
            Health("reader", True),
            Health("printer", True),
            Health("ledger", True),
            Health("backup", True, "02:00"),
        )
        return Greeting(OFFICE, DeskNo(2), self.operators, health, NOW, self.practice_pin)

    def _log_in(self, asked: LogIn, _: Progress) -> Session:
        if asked.secret not in {PIN, "open sesame"}:
            raise OperatorError(Code.LOGIN_REFUSED, name=asked.name)
        self.operator = next(each for each in self.operators if each.name == asked.name)
        return Session(self.operator, self.shift)

    def _log_out(self, _: LogOut, progress: Progress) -> Greeting:
        self.operator = None
        return self._welcome(Welcome(), progress)

    def _open_shift(self, asked: OpenShift, _: Progress) -> Shift:
        self.shift = Shift(ShiftNo(319), DeskNo(2), ANA.name, NOW, asked.float_cash)
        return self.shift

    def _close_shift(self, asked: CloseShift, _: Progress) -> Shift:
        assert self.shift is not None
        closed = replace(self.shift, closed_at=NOW, counted=asked.counted, expected=Money(45_000))
        self.shift = None
        return closed

    def _read(self, asked: ReadCard, _: Progress) -> CardReading:
        if self.card is None:
            raise OperatorError(Code.CARD_ABSENT)
        expected, reading = asked.expected, self.card.reading
        if expected is not None and reading is not None and reading.supply.number != expected:
            return replace(self.card, verdict=Verdict.WRONG_SUPPLY)
        return self.card

    def _sell(self, asked: Sell, progress: Progress) -> SaleDone:
        assert self.card is not None, "nothing was read"
        assert self.card.reading is not None, "nobody's card"
        reading = self.card.reading
        quote = (
            quote_for_money(TARIFF, reading.buyer, asked.amount)
            if asked.amount is not None
            else quote_for_energy(TARIFF, reading.buyer, asked.energy or Energy(0))
        )
        sale = self._sale(asked, quote, reading.supply)
        return self._write(sale, reading, progress)

    def _write(self, sale: Sale, reading: SupplyReading, progress: Progress) -> SaleDone:
        progress("writing")
        if self.hold is not None:
            self.hold.wait(10)
        if self.tears:
            self.tears = False
            doubted = replace(sale, state=SaleState.IN_DOUBT)
            self.open_sales = (doubted,)
            self.card = a_card(Verdict.FINISH_SALE, reading=reading, sale=doubted)
            raise OutcomeUnknown(Code.SALE_IN_DOUBT, sale=sale.id, cause="card-removed")
        progress("checking")
        return self._post(sale, reading)

    def _post(self, sale: Sale, reading: SupplyReading) -> SaleDone:
        posted = replace(sale, state=SaleState.POSTED, receipt=ReceiptNo("2-004518"))
        order = sale.intent.order
        supply = replace(
            reading.supply,
            energy_total=order.energy_total,
            order_sequence=order.sequence,
            sequence=order.sequence,
            arrears=reading.supply.arrears - Money(1000),
        )
        self.open_sales = ()
        self.recent = (posted, *self.recent)
        self.card = a_card(Verdict.READY, reading=replace(reading, supply=supply))
        if self.shift is not None:
            self.shift = replace(self.shift, sales=self.shift.sales + 1)
        return SaleDone(posted, supply, reading.write_back, 1840)

    def _finish(self, _: FinishSale, progress: Progress) -> SaleDone:
        assert self.card is not None, "nothing was read"
        if self.card.open_sale is None or self.card.reading is None:
            raise OperatorError(Code.SALE_UNKNOWN)
        return self._write(self.card.open_sale, self.card.reading, progress)

    def _issue(self, asked: IssueCard, progress: Progress) -> SaleDone:
        supply = replace(a_supply(name="Lin Wei"), number=asked.supply, card=CARD)
        sale = a_sale(asked.id, name="Lin Wei", minor=0, kwh="0")
        bare = replace(sale, intent=replace(sale.intent, quote=None, tender=None, purpose=Purpose.ISSUE))
        done = self._write(bare, a_reading(supply), progress)
        return replace(done, sale=replace(done.sale, receipt=None))

    def _sale(self, asked: Sell, quote: Quote, supply: SupplyFile) -> Sale:
        order = Order(
            supply.meter.number,
            supply.number,
            supply.generation,
            supply.sequence + 1,
            supply.energy_total + quote.energy,
            quote.energy,
            supply.purchases + 1,
            PARAMETERS,
            NOW,
            DeskNo(2),
            1,
        )
        intent = SaleIntent(
            id=asked.id,
            purpose=Purpose.SALE,
            order=order,
            write=CardWrite(CARD, bytes(64)),
            desk=DeskNo(2),
            operator=ANA.name,
            at=NOW,
            shift=ShiftNo(318),
            quote=quote,
            tender=asked.tender,
        )
        return Sale(intent, SaleState.PENDING, customer_name=supply.customer.name)

    def _print(self, asked: PrintReceipt, _: Progress) -> Printed:
        if self.paper_out:
            raise EnvironmentFault(Code.PRINTER_FAILED, reason="The printer has no paper.")
        before = next((sale for sale in self.recent if sale.id == asked.sale), None)
        copy = int(before.is_printed) if before else 0
        self.recent = tuple(replace(sale, is_printed=True) if sale.id == asked.sale else sale for sale in self.recent)
        return Printed(asked.sale, "2-004518", copy, "Front printer")

    def _find(self, asked: FindSupplies, _: Progress) -> Found:
        lines = tuple(
            SupplyLine(
                SupplyNo(f"0041{7726 + at:04d}"), name, street, MeterNo(f"{12345678 + at:012d}"), "H2", state, card
            )
            for at, (name, street, state, card) in enumerate(
                (
                    ("Amara Okafor", "14 Mill Lane, Eastfield", SupplyState.OPEN, CARD),
                    ("Lin Wei", "3 Harbour Street, Eastfield", SupplyState.OPEN, None),
                    ("Sunrise Bakery", "21 Market Square, Eastfield", SupplyState.OPEN, CardNo("000000000114")),
                    ("عبد الرحمن الخطيب", "9 River Road, Eastfield", SupplyState.OPEN, None),
                    ("Yusuf Demir", "8 Mill Lane, Eastfield", SupplyState.CLOSED, CardNo("000000000077")),
                )
            )
        )
        found = [
            line for line in lines if asked.text.lower() in f"{line.customer} {line.address} {line.number}".lower()
        ]
        return Found(asked.text, tuple(found))

    def _history(self, asked: ShowHistory, _: Progress) -> History:
        entries = (
            HistoryEntry(
                a_write_back().meter_time, "write-back", 27, Energy.parse("4794.20"), Money(0), Energy.parse("18.40")
            ),
            HistoryEntry(
                datetime(2025, 9, 27, 11, 5, tzinfo=UTC),
                "sale",
                27,
                Energy.parse("188.19"),
                Money(4000),
                Energy.parse("342.70"),
                "2-001604",
                "posted",
                SaleId("3"),
            ),
            HistoryEntry(datetime(2025, 1, 14, 9, 0, tzinfo=UTC), "issue", 20, Energy(0), Money(0)),
        )
        return History(a_supply(), entries)

    def _desk(self, _: ShowDesk, __: Progress) -> DeskState:
        return DeskState(
            OFFICE, DeskNo(2), NOW, self.operator, self.shift, self.recent, self.open_sales, "Front printer"
        )

    def _practice(self, asked: PracticeAct, _: Progress) -> PracticeState:
        now = self.practice or a_practice()
        changes: dict[str, object] = {
            "insert": {"in_reader": asked.card},
            "pull": {"in_reader": None},
            "load": {"load_w": asked.number},
            "tear": {"tears_next_write": bool(asked.number)},
            "paper-out": {"is_paper_out": bool(asked.number)},
            "meter": {"insertion": an_insertion(now)},
        }
        change = changes.get(asked.verb, {})
        assert isinstance(change, dict)
        self.practice = replace(now, **change)
        return self.practice


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
    )


def a_practice() -> PracticeState:
    return PracticeState(TRAY, "okafor", "Amara Okafor", a_meter(), None, 1800, False, False)


def an_insertion(state: PracticeState) -> Insertion:
    assert state.meter is not None
    return Insertion(MeterDecision.CREDITED, Energy.parse("214.28"), True, state.meter)


class Hand:
    """The hand at the reader: what the watcher sees. The watcher waits on it, nothing sleeps."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._states: tuple[ReaderState, ...] = (ReaderState(READER, False),)
        self.fails = 0

    def put_in(self) -> None:
        self._set((ReaderState(READER, True),))

    def take_out(self) -> None:
        self._set((ReaderState(READER, False),))

    def unplug(self) -> None:
        self._set(())

    def _set(self, states: tuple[ReaderState, ...]) -> None:
        with self._changed:
            self._states = states
            self._changed.notify_all()

    def watch(self, known: tuple[ReaderState, ...]) -> tuple[ReaderState, ...]:
        with self._changed:
            if self.fails:
                self.fails -= 1
                raise OSError("the card service misbehaves")
            self._changed.wait_for(lambda: self._states != known or self.fails > 0, timeout=0.05)
            return self._states
