"""Three days of a small office, played by the counters of two desks: real books that every report is held against."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from vending_app.bench.world import (
    CASHIER,
    DESK,
    MOMENT,
    PARAMETERS,
    SUPERVISOR,
    SUPPLY,
    TECHNICIAN,
    World,
    make_world,
)
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.domain.area_reading import AreaReading, ReadingMark
from vending_app.domain.cash import CashKind, Counted
from vending_app.domain.closing import ClosingKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import OutcomeUnknown
from vending_app.domain.ids import ActId, ApprovalId, DeskNo, MeterNo, SaleId, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter, Operator
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import Area
from vending_app.domain.sale import Sale, Tender, TenderKind
from vending_app.domain.tariff import Levy, LineKind, Price, Step, Tariff, Tax
from vending_app.ledger import DeskLedger
from vending_app.meter.reference import MeterInFile
from vending_app.meter.registers import RegisterFile
from vending_app.services import book_cases as book
from vending_app.services.counter import Counter
from vending_app.services.supply_cases import ChangeMeter, CloseSupply
from vending_app.services.use_cases import IssueCard, OpenShift, PrintReceipt, ReadCard, SaleDone, Sell

ANNEXE = DeskNo(2)
SHOP, GONE = SupplyNo("00417734"), SupplyNo("00417742")
"""A shop with arrears and another tariff; a household that moves away."""
METERS = {SUPPLY: MeterNo("000012345678"), SHOP: MeterNo("000012345679"), GONE: MeterNo("000012345680")}
COMMERCE = Tariff(
    code="B1",
    name="Business",
    valid_from=date(2024, 1, 1),
    steps=(Step(None, Price(175_000)),),
    fixed_per_month=Money(450),
    taxes=(Tax("VAT", 800, frozenset({LineKind.FIXED, LineKind.STEP, LineKind.LEVY})),),
    levies=(Levy("Rural", Price(2_000)),),
    minimum=Money(100),
    maximum=Money(200_000),
)
Answer = TypeVar("Answer")


@dataclass
class Time:
    """The clock of the office: a minute between two acts."""

    now: datetime = MOMENT

    def __call__(self) -> datetime:
        return self.now

    def goes_to(self, day: date) -> None:
        self.now = self.now.replace(year=day.year, month=day.month, day=day.day, hour=9, minute=0)


@dataclass
class At:
    """One desk."""

    world: World
    time: Time
    counter: Counter
    readers: BuiltInReaders

    def does(self, use_case: object, answer: type[Answer], *, by: Operator = CASHIER) -> Answer:
        self.time.now += timedelta(minutes=1)
        self.counter.operator = by
        done = self.counter.do(use_case)
        assert isinstance(done, answer)
        return done

    def takes(self, card: EmulatedCard) -> None:
        self.readers.pull()
        self.readers.insert(card)

    def sells(self, card: EmulatedCard, amount: str, tender: Tender | None = None) -> Sale:
        self.takes(card)
        return self.does(Sell(self.world.new_id(), amount=Money.parse(amount), tender=tender), SaleDone).sale

    def tears(self, card: EmulatedCard, amount: str) -> SaleId:
        """A sale whose card leaves too early."""
        self.takes(card)
        card.arm(Fault(FaultKind.TEAR, 20))
        number = self.world.new_id()
        try:
            self.does(Sell(number, amount=Money.parse(amount)), SaleDone)
        except OutcomeUnknown:
            card.arm(None)
            return number
        raise AssertionError("the fault did not strike")

    def act(self) -> ActId:
        return ActId(self.world.new_id())

    def opens(self, float_cash: str) -> None:
        self.does(OpenShift(Money.parse(float_cash)), object)

    def closes(self, *, short_by: int = 0) -> None:
        """Counts what is there, or less."""
        shift = self.counter.outside.ledger.shift(desk=self.counter.outside.desk)
        assert shift is not None
        due = self.does(book.CountCash(total=ZERO), Counted).expected
        assert due is not None
        self.does(book.CountCash(total=due - Money(short_by)), Counted)
        self.does(book.CloseCountedShift(reason="a coin fell" if short_by else ""), book.ShiftClosed)


@dataclass
class RealBooks:
    """What was played, and the first desk, at which the supervisor asks for reports."""

    hall: At
    folder: Path
    cards: dict[SupplyNo, EmulatedCard]

    @property
    def today(self) -> date:
        return self.hall.time.now.date()

    def asks(self, use_case: object, answer: type[Answer]) -> Answer:
        return self.hall.does(use_case, answer, by=SUPERVISOR)

    def sql(self, query: str, *values: object) -> int:
        """One figure, straight from the rows."""
        ledger = self.hall.counter.outside.ledger
        assert isinstance(ledger, DeskLedger)
        return int(ledger._books.value(query, values) or 0)

    def meter(self, supply: SupplyNo) -> MeterInFile:
        number = METERS[supply]
        return MeterInFile(RegisterFile(self.folder / f"{number}.json", number), self.hall.world.codec, self.hall.time)

    def loads(self, supply: SupplyNo) -> None:
        self.meter(supply).insert(EmulatedMeterSlot(self.cards[supply], vault=self.hall.world.vault))

    def uses(self, supply: SupplyNo, energy: Energy) -> None:
        """It is used, and the card brings the registers home."""
        self.meter(supply).use(energy)
        self.loads(supply)
        self.hall.takes(self.cards[supply])
        self.hall.does(ReadCard(), object)


@contextmanager
def real_books(folder: Path) -> Iterator[RealBooks]:
    """A day of March that is closed, one of April, and today in May, which runs."""
    with office(folder) as (books, annexe):
        _march(books, annexe)
        _april(books, annexe)
        _may(books, annexe)
        yield books


@contextmanager
def office(folder: Path) -> Iterator[tuple[RealBooks, At]]:
    """Two desks, three customers with blank cards, and nothing done yet; with the second desk."""
    world, time = make_world(folder / "office"), Time()
    with ExitStack() as stack:
        here = stack.enter_context(closing(DeskLedger.open(world.store, desk=DESK)))
        _set_up(here)
        there = stack.enter_context(closing(DeskLedger.open(world.store, desk=ANNEXE)))
        hall, annexe = (_desk(world, time, ledger, desk) for ledger, desk in ((here, DESK), (there, ANNEXE)))
        cards = {number: EmulatedCard.of_file(_blank(world, number)) for number in METERS}
        yield RealBooks(hall, folder, cards), annexe


def _set_up(ledger: DeskLedger) -> None:
    with ledger.setting_up():
        ledger.add_desk(ANNEXE, name="Annexe")
        ledger.add_tariff(COMMERCE)
        for number, name, tariff, arrears in ((SHOP, "Chen Bakery", "B1", "64.30"), (GONE, "Lena Hoffmann", "H2", "0")):
            ledger.add_supply(
                number,
                customer=Customer(f"C{number}", name, "Mill Lane 3"),
                meter=Meter(METERS[number], "RM-1", 1600),
                tariff=tariff,
                parameters=PARAMETERS,
                opened_on=date(2024, 1, 1),
                arrears=Money.parse(arrears),
                arrears_share_percent=20 if number == SHOP else 0,
            )
    with ledger.acting_as(Authority(TECHNICIAN.name, Act.RECORDS)):
        ledger.enter_area(Area("E1", "Eastfield", "T-04"), reason="new", at=MOMENT)
        for number in (SUPPLY, GONE):
            terms = replace(ledger.terms(number), area="E1")
            ledger.change_terms(number, terms, reason="there", at=MOMENT)


def _desk(world: World, time: Time, ledger: DeskLedger, desk: DeskNo) -> At:
    readers = BuiltInReaders()
    return At(world, time, Counter(replace(world._outside(readers, ledger), clock=time, desk=desk)), readers)


def _blank(world: World, number: SupplyNo) -> Path:
    held = world.holding(f"{number}.bin")
    held.take_blank_card()
    return held.card_file


def give_cards(books: RealBooks, annexe: At) -> None:
    """Everybody his first."""
    for at, number in ((books.hall, SUPPLY), (annexe, SHOP), (annexe, GONE)):
        at.takes(books.cards[number])
        at.does(IssueCard(at.world.new_id(), number), SaleDone, by=TECHNICIAN)


# --- what happens ----------------------------------------------------------------------------------------


def _march(books: RealBooks, annexe: At) -> None:
    """Cards, tenders, a void, a copy, instalments; a difference in the drawer; the day and the month are closed."""
    hall, cards, new = books.hall, books.cards, books.hall.act
    hall.opens("100.00")
    annexe.opens("50.00")
    give_cards(books, annexe)
    hall.sells(cards[SUPPLY], "50.00")
    books.loads(SUPPLY)
    books.uses(SUPPLY, Energy(61_230))
    by_card = hall.sells(cards[SUPPLY], "20.00", Tender(TenderKind.BANK_CARD, Money(20_00), "slip 7"))
    for _ in range(2):
        hall.does(PrintReceipt(by_card.id), object)
    torn = hall.tears(cards[SUPPLY], "15.00")
    hall.takes(cards[SUPPLY])
    hall.does(book.VoidSale(hall.world.new_id(), torn, "customer left"), book.Voided, by=SUPERVISOR)
    wrong = annexe.sells(cards[SHOP], "80.00")
    corrected = book.CorrectTender(new(), wrong.id, TenderKind.MOBILE, "paid by phone", reference="TX 77")
    annexe.does(corrected, Sale, by=SUPERVISOR)
    annexe.does(book.PayArrears(new(), SHOP, Money(5_00)), object)
    annexe.sells(cards[GONE], "40.00")
    books.loads(GONE)
    hall.does(book.MoveCash(new(), CashKind.TO_SAFE, Money(30_00), "too much"), object)
    hall.closes(short_by=50)
    annexe.closes()
    hall.does(book.ClosePeriod(ClosingKind.DAY, "2026-03-02"), object, by=SUPERVISOR)


def _april(books: RealBooks, annexe: At) -> None:
    """A reversal that is paid back by bank card and in cash, a supply that ends; the day stays open until May."""
    hall, cards, new = books.hall, books.cards, books.hall.act
    hall.time.goes_to(date(2026, 4, 1))
    hall.does(book.ClosePeriod(ClosingKind.MONTH, "2026-03"), object, by=SUPERVISOR)
    hall.opens("100.00")
    annexe.opens("20.00")
    _reads(hall, date(2026, 4, 1), 10_000)
    books.uses(SUPPLY, Energy(20_000))
    wrong = hall.sells(cards[SUPPLY], "60.00", Tender(TenderKind.BANK_CARD, Money(60_00), "slip 9"))
    hall.takes(cards[SUPPLY])
    hall.does(
        book.ReverseSale(hall.world.new_id(), wrong.id, "typed 60 for 6", new(), pay_by=None), object, by=SUPERVISOR
    )
    hall.does(book.PayRefund(new(), SUPPLY, Money(45_00), TenderKind.BANK_CARD, "slip 10"), object, by=SUPERVISOR)
    hall.does(book.PayRefund(new(), SUPPLY, Money(10_00)), object, by=SUPERVISOR)
    annexe.sells(cards[SHOP], "33.33", Tender(TenderKind.MOBILE, Money(33_33), "TX 78"))
    annexe.takes(cards[GONE])
    ends = CloseSupply(GONE, "moved away")
    annexe.does(replace(ends, approval=word_for(annexe, ends, Act.CLOSE_SUPPLY)), object, by=TECHNICIAN)
    hall.closes()
    annexe.closes(short_by=-20)
    hall.does(book.ClosePeriod(ClosingKind.DAY, "2026-04-01"), object, by=SUPERVISOR)


def word_for(at: At, request: CloseSupply | ChangeMeter, act: Act) -> ApprovalId:
    """Of the supervisor, for the technician."""
    return at.counter.approvals.give(request, SUPERVISOR, operator=TECHNICIAN, act=act).id


def _reads(at: At, on: date, wh: int) -> None:
    """The counter at the transformer."""
    ledger = at.counter.outside.ledger
    with ledger.acting_as(Authority(TECHNICIAN.name, Act.READINGS)):
        ledger.enter_readings([AreaReading("E1", "T-04", on, Energy(wh), ReadingMark.READING, 1, "")], at=at.time.now)


def _may(books: RealBooks, annexe: At) -> None:
    """Today: a sale at each desk, a reversal, and one that waits for its card."""
    hall, cards = books.hall, books.cards
    hall.time.goes_to(date(2026, 5, 3))
    hall.opens("100.00")
    annexe.opens("20.00")
    _reads(hall, date(2026, 5, 3), 62_345)
    books.uses(SUPPLY, Energy(47_777))
    hall.sells(cards[SUPPLY], "12.34")
    hall.time.now += timedelta(hours=2)
    wrong = annexe.sells(cards[SHOP], "21.00")
    annexe.takes(cards[SHOP])
    reversal = book.ReverseSale(annexe.world.new_id(), wrong.id, "wrong customer", annexe.act())
    annexe.does(reversal, object, by=SUPERVISOR)
    annexe.sells(cards[SHOP], "18.00")
    hall.tears(cards[SUPPLY], "9.00")
