"""An office with one supply and what happens to it, in a few words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from tests.ledger.at_work import ANA, STAFF, AtWork, an_approval
from vending_app.domain.card import CardWrite, MeterParameters, MeterStatus, Order, WriteBack
from vending_app.domain.cash import CashCount, CashKind, CashMovement
from vending_app.domain.closing import Closing
from vending_app.domain.energy import Energy
from vending_app.domain.ids import ActId, CardNo, DeskNo, MeterNo, OperatorName, SaleId, ShiftNo, SupplyNo, ulid
from vending_app.domain.money import Money
from vending_app.domain.payment import Payment, PaymentKind, TenderCorrection
from vending_app.domain.people import Customer, Meter, Office, Operator, Role, SupplyFile
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.quote import Buyer, QuoteLine, quote_for_money
from vending_app.domain.records import CardEnd
from vending_app.domain.restoring import PaperReceipt, Proof, Reentry
from vending_app.domain.sale import Purpose, Sale, SaleIntent, Tender, TenderKind
from vending_app.domain.tariff import LineKind, Price, Step, Tariff, Tax
from vending_app.ledger.books import Store
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.sqlite import SqliteBooks

NOON = datetime(2025, 11, 14, 12, 0, tzinfo=UTC)
TODAY = date(2025, 11, 14)
DESK = DeskNo(2)
SUPPLY = SupplyNo("00000017")
METER = MeterNo("000012345678")

OFFICE = Office("Riverbend Electricity", "Station Street 1", "40-118-2270", "Mon to Sat", "0800 555 0142", 77)
TARIFF = Tariff(
    code="H2",
    name="Household",
    valid_from=date(2025, 1, 1),
    steps=(Step(Energy(60_000), Price(105_000)), Step(None, Price(215_000))),
    fixed_per_month=Money(180),
    taxes=(Tax("VAT", 800, frozenset({LineKind.FIXED, LineKind.STEP})),),
    levies=(),
    minimum=Money(100),
    maximum=Money(100_000),
)
PARAMETERS = MeterParameters(
    alarm_1=Energy(20_000),
    alarm_2=Energy(5_000),
    overload_w=6_000,
    overdraft=Energy(0),
    hoarding=Energy(2_000_000),
    constant_imp_per_kwh=1_600,
)


def create(store: Store, *, arrears: str = "0", share: int = 0) -> AtWork:
    """An office with its people, a tariff and Amara Okafor's supply."""
    ledger = AtWork.create(store, office=OFFICE, desk=DESK, at=NOON)
    with ledger.setting_up():
        ledger.add_operator(Operator(ANA, "Ana Moreau", Role.CASHIER, 6), "$argon2id$secret")
        for operator in STAFF.values():
            ledger.add_operator(operator, "$argon2id$other")
        ledger.add_tariff(TARIFF)
        add_supply(ledger, SUPPLY, METER, name="Amara Okafor", arrears=arrears, share=share)
    return ledger


def add_supply(
    ledger: AtWork,
    number: str,
    meter: str,
    *,
    name: str = "Somebody",
    address: str = "Mill Lane 3",
    phone: str = "",
    arrears: str = "0",
    share: int = 0,
) -> None:
    ledger.add_supply(
        SupplyNo(number),
        customer=Customer(f"C{number}", name, address, phone),
        meter=Meter(MeterNo(meter), "DDSY", 1_600),
        tariff="H2",
        parameters=PARAMETERS,
        opened_on=date(2024, 1, 1),
        arrears=Money.parse(arrears),
        arrears_share_percent=share,
    )


@dataclass
class Counter:
    """A cashier who does everything right; each test spoils one thing."""

    ledger: AtWork
    now: datetime = NOON
    count: int = 0
    shift: ShiftNo | None = None
    supply: SupplyNo = SUPPLY
    ids: list[SaleId] = field(default_factory=list)

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def new_id(self) -> SaleId:
        self.count += 1
        return ulid(1_700_000_000_000 + self.count, self.count.to_bytes(10, "big"))

    def file(self) -> SupplyFile:
        return self.ledger.supply(self.supply, today=self.now.date())

    def open_shift(self, float_cash: str = "100.00") -> None:
        shift = self.ledger.open_shift(desk=DESK, operator=ANA, float_cash=Money.parse(float_cash), at=self.tick())
        self.shift = shift.number

    def close_shift(self, counted: str, *, reason: str = "", handed_to: OperatorName | None = None) -> Closing:
        """Count the drawer and close, as a cashier does."""
        assert self.shift is not None, "a shift is open"
        self.ledger.count_cash(self.shift, CashCount(Money.parse(counted)), at=self.tick())
        _, z = self.ledger.close_shift(self.shift, reason=reason, handed_to=handed_to, at=self.tick())
        self.shift = None
        return z

    def payment(self, kind: PaymentKind, amount: str, *, tender: TenderKind = TenderKind.CASH) -> Payment:
        assert self.shift is not None, "a shift is open"
        return Payment(
            id=ActId(self.new_id()),
            kind=kind,
            supply=self.supply,
            amount=Money.parse(amount),
            tender=tender,
            desk=DESK,
            shift=self.shift,
            operator=ANA,
            at=self.tick(),
        )

    def correct_tender(self, sale: Sale, tender: TenderKind) -> Sale:
        assert self.shift is not None, "a shift is open"
        number, at = ActId(self.new_id()), self.tick()
        correction = TenderCorrection(number, sale.id, tender, self.shift, ANA, at, "typed wrongly", "slip 9")
        return self.ledger.correct_tender(correction, request=f"tender {sale.id} {tender}")

    def move_cash(self, kind: CashKind, amount: str, *, reason: str = "too much in the drawer") -> CashMovement:
        assert self.shift is not None, "a shift is open"
        number, at = ActId(self.new_id()), self.tick()
        movement = CashMovement(number, self.shift, kind, Money.parse(amount), reason, at, ANA)
        return self.ledger.move_cash(movement, request=f"cash {kind} {amount}")

    def sign(self, sale: Sale) -> None:
        """The supervisor answers for a sale that waits, at the cashier's desk."""
        assert self.shift is not None, "a shift is open"
        at = self.tick()
        approval = an_approval(Act.SIGN_OPEN_SALE, at=at, approval_id=f"{self.count:032x}")
        with self.ledger.acting_as(Authority(ANA, Act.SIGN_OPEN_SALE, approval)):
            self.ledger.sign_open_sale(sale.id, shift=self.shift, operator=ANA, note="card is at home", at=at)

    def reversal_intent(self, wrong: Sale, *, reason: str = "wrong customer") -> SaleIntent:
        supply = self.file()
        assert wrong.intent.quote is not None
        quote = wrong.intent.quote.reversed()
        order = replace(self._order(supply, quote.energy), purchases=supply.purchases - 1, last_purchase=Energy(0))
        return replace(self._undoing(order), purpose=Purpose.REVERSAL, quote=quote, undoes=wrong.id, reason=reason)

    def cancellation_intent(self, voided: Sale) -> SaleIntent:
        intent = self._undoing(self._order(self.file(), Energy(0)))
        return replace(intent, purpose=Purpose.CANCELLATION, undoes=voided.id, reason="customer left", shift=None)

    def _undoing(self, order: Order) -> SaleIntent:
        return SaleIntent(
            id=self.new_id(),
            purpose=Purpose.SALE,
            order=order,
            write=CardWrite(CardNo("000770000001"), order.sequence.to_bytes(4, "big") * 16),
            desk=DESK,
            operator=ANA,
            at=self.tick(),
            shift=self.shift,
            request="undo",
        )

    def reverse(self, wrong: Sale) -> Sale:
        sale = self.ledger.reserve(self.reversal_intent(wrong))
        return self.ledger.post(sale.id, at=self.tick())

    def intent(self, amount: str = "50.00", *, tender: TenderKind = TenderKind.CASH) -> SaleIntent:
        supply = self.file()
        buyer = Buyer(
            self.now.date(),
            supply.bought_this_month,
            supply.charged_until,
            supply.arrears,
            supply.arrears_share_percent,
        )
        quote = quote_for_money(self.ledger.tariff("H2", on=TODAY), buyer, Money.parse(amount))
        order = self._order(supply, quote.energy)
        return SaleIntent(
            id=self.new_id(),
            purpose=Purpose.SALE,
            order=order,
            write=CardWrite(supply.card or CardNo("000770000001"), order.sequence.to_bytes(4, "big") * 16),
            desk=DESK,
            operator=ANA,
            at=self.tick(),
            shift=self.shift,
            quote=quote,
            tender=Tender(tender, quote.total, "slip 7"),
            request=f"sell {amount}",
        )

    def issue_intent(self) -> SaleIntent:
        supply = self.file()
        order = self._order(supply, Energy(0), generation=supply.generation + 1)
        card = self.ledger.new_card_number()
        return SaleIntent(
            id=self.new_id(),
            purpose=Purpose.ISSUE,
            order=order,
            write=CardWrite(card, order.sequence.to_bytes(4, "big") * 16, header=b"\xa5" * 16),
            desk=DESK,
            operator=ANA,
            at=self.tick(),
            request="issue",
        )

    def _order(self, supply: SupplyFile, energy: Energy, *, generation: int | None = None) -> Order:
        return Order(
            meter=supply.meter.number,
            supply=supply.number,
            generation=supply.generation if generation is None else generation,
            sequence=supply.sequence + 1,
            energy_total=supply.energy_total + energy,
            last_purchase=energy,
            purchases=supply.purchases + (1 if energy else 0),
            parameters=supply.parameters,
            sold_at=self.now.replace(microsecond=0),
            desk=DESK,
            key_version=1,
        )

    def issue(self) -> Sale:
        sale = self.ledger.reserve(self.issue_intent())
        return self.ledger.post(sale.id, at=self.tick())

    def reissue(self, why: CardEnd) -> Sale:
        sale = self.ledger.reserve(replace(self.issue_intent(), ends=why))
        return self.ledger.post(sale.id, at=self.tick())

    def sell(self, amount: str = "50.00", *, tender: TenderKind = TenderKind.CASH) -> Sale:
        sale = self.ledger.reserve(self.intent(amount, tender=tender))
        return self.ledger.post(sale.id, at=self.tick())


def a_reentry(counter: Counter, amount: str, *, receipt: str = "", skips: int = 0, card: str = "") -> Reentry:
    """A sale that was made after the copy of the books: as the next one would be, but for orders nobody knows."""
    intent = counter.intent(amount)
    order = replace(intent.order, sequence=intent.order.sequence + skips)
    write = replace(intent.write, card=CardNo(card or intent.write.card))
    assert intent.quote is not None
    line = QuoteLine(LineKind.STEP, "Entered again", intent.quote.total)
    quote = replace(intent.quote, lines=(line,))
    return Reentry(
        replace(
            intent, order=order, write=write, quote=quote, tender=None, shift=None, operator=STAFF[Role.SUPERVISOR].name
        ),
        Proof.PAPER if receipt else Proof.CARD,
        PaperReceipt.parse(receipt) if receipt else None,
    )


def a_write_back(running: int, *, total: str, used: str, remaining: str | None = None, sequence: int = 1) -> WriteBack:
    left = Energy.parse(total) - Energy.parse(used)
    return WriteBack(
        meter=METER,
        sequence=sequence,
        used_total=Energy.parse(used),
        remaining=left if remaining is None else Energy.parse(remaining),
        energy_total=Energy.parse(total),
        zero_crossing=Energy(0),
        purchases=1,
        illegal_cards=0,
        overload_trips=1,
        low_credit_trips=0,
        tamper_events=0,
        power_failures=2,
        power_max_w=3_100,
        status=MeterStatus.LOW_CREDIT,
        last_month=Energy(120_000),
        meter_time=NOON,
        running=running,
        key_version=1,
    )


def connection_of(ledger: AtWork) -> sqlite3.Connection:
    """The connection under books in a file, for what only SQLite has."""
    assert isinstance(ledger._books, SqliteBooks)
    return ledger._books._connection
