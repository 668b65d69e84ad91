"""A year at the practice office, played through the real services, cards and meters; no figure in it is made up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from vending_app import app, other_side
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.store import FileStore
from vending_app.domain.card import CardKind
from vending_app.domain.cash import Counted
from vending_app.domain.closing import ClosingKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import OutcomeUnknown
from vending_app.domain.ids import ActId, DeskNo, OperatorName, SaleId
from vending_app.domain.money import Money
from vending_app.domain.people import Operator, Role
from vending_app.domain.sale import Tender, TenderKind
from vending_app.meter.reference import MeterInFile
from vending_app.practice_street import AREA, BLANKS, CHECK, FOREIGN, HOUSEHOLDS, TOOL_DAYS, Habit, Household
from vending_app.practice_tray import PULLED_EARLY
from vending_app.services.area_cases import EnterReading
from vending_app.services.book_cases import CloseCountedShift, ClosePeriod, CountCash, SignOpenSale
from vending_app.services.drill_list import TORN
from vending_app.services.people_cases import Approved, GrantApproval
from vending_app.services.stock_cases import ReceiveCards
from vending_app.services.supply_cases import ChangeTerms, EnterArea
from vending_app.services.tool_cases import IssueToolCard
from vending_app.services.use_cases import IssueCard, OpenShift, ReadCard, Sell

CASHIER = Operator(OperatorName("cashier"), "Ana Moreau", Role.CASHIER)
SUPERVISOR = OperatorName("supervisor")
BOSS = Operator(SUPERVISOR, "Daniel Weiss", Role.SUPERVISOR)
TECHNICIAN = Operator(OperatorName("technician"), "Petra Lind", Role.TECHNICIAN)
MONTHS = 13
DAYS_A_MONTH = 30
SEASON = (94, 100, 108, 102, 97, 92, 86, 82, 79, 81, 84, 88, 96)
"""Use in each month of history, per cent of an average month."""
TOO_MUCH_W = 9600
LINE_LOSS, TAPPED, TAPPED_SINCE = 7, 13, 7
"""Per cent of what the meters count: what the line of the street takes, and what somebody takes before the meters since
that month of history. The counter at the transformer sees both."""
FLOAT = Money(10_000)
CARDS_DELIVERED = 60
"""Blank cards of the practice desk before its street has its own."""
OPENING, CLOSING, EVENING = time(8, 2), time(16, 41), time(18, 42)
OTHER_DESK = DeskNo(2)
HEADER_AT = 0x20


class MovingClock:
    """The time of the history, moved by hand."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """Every look takes a moment, so that no two events share one."""
        self.now += timedelta(milliseconds=20)
        return self.now


def build(folder: Path, *, passphrase: str, pin: str) -> None:
    """Issue the cards, live through the months up to yesterday, and leave one sale torn."""
    for part in ("cards", "meters"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    clock = MovingClock(at_the_counter(MONTHS * DAYS_A_MONTH, OPENING))
    readers = BuiltInReaders()
    with app.open_office(folder, passphrase=lambda: passphrase, readers=readers, clock=clock) as office:
        year = _Year(folder, office, readers, clock)
        year.live()
        year.make_other_cards()
        office.ledger.add_desk(OTHER_DESK, name=f"Desk {OTHER_DESK}")
    with app.open_office(
        folder, passphrase=lambda: passphrase, readers=readers, clock=clock, desk=OTHER_DESK
    ) as office:
        other = _Year(folder, office, readers, clock)
        other.tear_a_sale()
        other.close_all_the_same(pin)


def at_the_counter(days_ago: int, at: time) -> datetime:
    """A time of day so many days ago, in the machine's time zone."""
    day = app.now().astimezone().date() - timedelta(days=days_ago)
    return datetime.combine(day, at).astimezone().astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Year:
    folder: Path
    office: app.OpenOffice
    readers: BuiltInReaders
    clock: MovingClock
    feeder: list[tuple[date, Energy]] = field(default_factory=list)
    """What the counter at the transformer showed, morning by morning."""
    counted: list[int] = field(default_factory=list)
    """What the meters of the street had counted then, in Wh."""

    def live(self) -> None:
        """Whoever comes in a month buys; at its end every meter writes back, as if the card stayed in it."""
        self.office.counter.operator = TECHNICIAN
        self.office.counter.do(ReceiveCards(CARDS_DELIVERED, "first delivery"))
        for household in HOUSEHOLDS:
            self._issue(household)
        for month, season in enumerate(SEASON):
            days_ago = (MONTHS - month) * DAYS_A_MONTH
            self.clock.now = at_the_counter(days_ago, OPENING)
            self._read_feeder(month)
            self._day([house for house in HOUSEHOLDS if (MONTHS - month) % house.months == 0], season)
            self.clock.now = at_the_counter(days_ago - DAYS_A_MONTH + 1, EVENING)
            for household in HOUSEHOLDS:
                self._use(household, months_to_go=(MONTHS - month - 1) % household.months + 1)

    def _read_feeder(self, month: int) -> None:
        """It counted what the meters did since the month before, and what was lost on the way to them."""
        counted = sum(self._meter(household).view().used_total.wh for household in HOUSEHOLDS)
        told = self.feeder[-1][1].wh if self.feeder else 0
        before = self.counted[-1] if self.counted else counted
        lost = LINE_LOSS + (TAPPED if month > TAPPED_SINCE else 0)
        passed = (counted - before) * (100 + lost) // 100
        self.counted.append(counted)
        self.feeder.append((self.clock.now.astimezone().date(), Energy(told + passed)))

    def _issue(self, household: Household) -> None:
        self.office.counter.operator = TECHNICIAN
        card = EmulatedCard(FileStore.blank(self._card_file(household.key)))
        self.readers.insert(card)
        self.office.counter.do(IssueCard(self._new_id(), household.supply))
        self.readers.pull()

    def _day(self, visitors: list[Household], season: int) -> None:
        """A shift: they buy for what is to come, load their meters, and the cashier closes."""
        self.office.counter.operator = CASHIER
        self.office.counter.do(OpenShift(FLOAT))
        taken = FLOAT
        for household in visitors:
            amount = Money(household.spends.minor * season // 100 // 100 * 100)
            self.clock.now += timedelta(minutes=7)
            self._buy(household, amount)
            taken = taken + amount
        self.clock.now += timedelta(hours=1)
        self.office.counter.do(CountCash(total=taken))
        self.office.counter.do(CloseCountedShift())
        self._close_day()

    def _close_day(self) -> None:
        """The supervisor, in the evening; a month is closed with the first day of the next."""
        self.office.counter.operator = BOSS
        today = self.clock.now.astimezone().date()
        newest = self.office.ledger.newest_closing(ClosingKind.DAY)
        if newest is not None and newest.period[:7] != today.isoformat()[:7]:
            self.office.counter.do(ClosePeriod(ClosingKind.MONTH, newest.period[:7]))
        self.office.counter.do(ClosePeriod(ClosingKind.DAY, today.isoformat()))

    def _buy(self, household: Household, amount: Money) -> None:
        card = self._card(household)
        self.readers.insert(card)
        self.office.counter.do(ReadCard())
        self.office.counter.do(Sell(self._new_id(), household.supply, Tender(TenderKind.CASH, amount), amount=amount))
        self.readers.pull()
        self._into_meter(household, card)

    def _use(self, household: Household, *, months_to_go: int) -> None:
        """Use one month's part of what is there until the next visit, and let the meter write that back."""
        meter, card = self._meter(household), self._card(household)
        self._live_as_ever(household, meter)
        portion = Energy((meter.view().remaining - household.left).wh // months_to_go)
        until = meter.view().remaining - portion
        meter.use(portion, power_w=household.power_w)
        if meter.view().remaining > until:
            # It tripped at the alarm level, once; the card closes it again and the evening goes on.
            self._into_meter(household, card)
            meter.use(meter.view().remaining - until, power_w=household.power_w)
        self._into_meter(household, card)

    def _live_as_ever(self, household: Household, meter: MeterInFile) -> None:
        if household.habit is Habit.OVERLOADS:
            meter.use(Energy(0), power_w=TOO_MUCH_W)
            self._into_meter(household, self._card(household))
        elif household.habit is Habit.LENDS:
            self._into_meter(household, self._card(HOUSEHOLDS[0]))
        elif household.habit in {Habit.LOSES_POWER, Habit.TAMPERS}:
            meter.set_mains(on=False)
            if household.habit is Habit.TAMPERS:
                meter.set_cover(is_open=True)
                meter.set_cover(is_open=False)
            meter.set_mains(on=True)

    def _into_meter(self, household: Household, card: EmulatedCard) -> None:
        card.put_back()
        keys = other_side.Keys(self.office.vault, self.office.codec)
        self._meter(household).insert(other_side.meter_slot(card, keys))

    def tear_a_sale(self) -> None:
        """Yesterday at the other desk a customer pulled his card too early."""
        household = next(house for house in HOUSEHOLDS if house.key == TORN)
        self.clock.now = at_the_counter(1, CLOSING)
        self.office.counter.operator = CASHIER
        self.office.counter.do(OpenShift(FLOAT))
        card = self._card(household)
        self.readers.insert(card)
        card.arm(PULLED_EARLY)
        try:
            self.office.counter.do(Sell(self._new_id(), household.supply, amount=household.spends))
        except OutcomeUnknown:
            self.readers.pull()

    def close_all_the_same(self, pin: str) -> None:
        """The supervisor signed for that sale, so that its shift is closed and the day can be."""
        do = self.office.counter.do
        (waiting,) = self.office.ledger.open_sales()
        request = SignOpenSale(waiting.id, "The customer went home with his card")
        approved = do(GrantApproval(request, SUPERVISOR, pin))
        assert isinstance(approved, Approved), "whoever approves in practice has the PIN of everybody"
        do(replace(request, approval=approved.id))
        blind = do(CountCash(total=FLOAT))
        assert isinstance(blind, Counted), "a count tells what was expected"
        do(CountCash(total=blind.expected))
        do(CloseCountedShift())

    def make_other_cards(self) -> None:
        """Blank cards, a check card that is out, and a card of somebody else."""
        for key in BLANKS:
            FileStore.blank(self._card_file(key))
        self.clock.now = at_the_counter(1, OPENING)
        self._name_the_area()
        self._issue_check_card()
        self._put(FOREIGN, b"LAUNDRY-4 0021 2")

    def _name_the_area(self) -> None:
        """The technician enters it, and that every house of the street hangs in it."""
        do, ledger = self.office.counter.do, self.office.ledger
        self.office.counter.operator = TECHNICIAN
        do(EnterArea(AREA))
        for on, shown in self.feeder:
            do(EnterReading(AREA.code, AREA.transformer, on, Energy.from_card_units(shown.card_units)))
        for household in HOUSEHOLDS:
            before = ledger.terms(household.supply)
            do(ChangeTerms(household.supply, replace(before, area=AREA.code), "areas were drawn", before))

    def _issue_check_card(self) -> None:
        self.readers.insert(EmulatedCard(FileStore.blank(self._card_file(CHECK))))
        number = ActId(self._new_id())
        self.office.counter.do(IssueToolCard(number, CardKind.CHECK, area=AREA.code, days=TOOL_DAYS))
        self.readers.pull()

    def _put(self, key: str, header: bytes) -> None:
        """A card with these bytes where our header would be."""
        store = FileStore.blank(self._card_file(key))
        for offset, value in enumerate(header):
            store.put(HEADER_AT + offset, value)

    def _meter(self, household: Household) -> MeterInFile:
        number = self.office.ledger.supply(household.supply, today=self.clock.now.date()).meter.number
        state = self.folder / "meters" / f"{number}.json"
        return other_side.reference_meter(state, number, codec=self.office.codec, clock=self.clock, area=AREA.code)

    def _card(self, household: Household) -> EmulatedCard:
        return EmulatedCard(FileStore(self._card_file(household.key)))

    def _card_file(self, key: str) -> Path:
        return self.folder / "cards" / f"{key}.bin"

    def _new_id(self) -> SaleId:
        return app.id_at(self.clock())
