"""The technician's procedures with real cards and a real meter: whatever comes first, nothing is lost or doubled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf
from vending_app.bench.world import ADMINISTRATOR, CASHIER, MOMENT, PARAMETERS, SUPERVISOR, SUPPLY, TARIFF, TECHNICIAN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.store import FileStore
from vending_app.domain.card import WriteBack
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, VendingError
from vending_app.domain.ids import ApprovalId, MeterNo, SupplyNo
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter, SupplyFile, SupplyState
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import (
    Area,
    CardEnd,
    FinalReading,
    MeterChange,
    ReadingHow,
    Settlement,
    Stake,
    StakeFound,
    Subject,
    Terms,
    Told,
)
from vending_app.domain.sale import SaleState
from vending_app.domain.tariff import LineKind
from vending_app.domain.verdict import Verdict
from vending_app.meter.reference import MeterInFile
from vending_app.meter.registers import RegisterFile
from vending_app.services import supply_cases as ask
from vending_app.services.use_cases import IssueCard, SaleDone
from vending_app.ui.sell.telling import verdict_says

SECOND_METER = MeterNo("000087654321")


@dataclass
class Technician:
    """Petra at her desk, with a stack of blank cards and a stock of meters."""

    desk: DeskOf
    folder: Path
    cards: int = 0

    def asks(self, use_case: object) -> object:
        self.desk.counter.operator = TECHNICIAN
        return self.desk.counter.do(use_case)

    def refusal(self, use_case: object) -> Code:
        try:
            self.asks(use_case)
        except VendingError as error:
            return error.code
        raise AssertionError("it was not refused")

    def approved(self, request: object, act: Act) -> ApprovalId:
        return self.desk.counter.approvals.give(request, SUPERVISOR, operator=TECHNICIAN, act=act).id

    def blank(self) -> EmulatedCard:
        """A fresh card, in the reader."""
        self.cards += 1
        file = self.folder / f"card-{self.cards}.bin"
        FileStore.blank(file)
        card = EmulatedCard(FileStore(file))
        self.desk.readers.pull()
        self.desk.readers.insert(card)
        return card

    def reissue(self, why: CardEnd = CardEnd.LOST, told: Told | None = None) -> EmulatedCard:
        card = self.blank()
        done = self.asks(ask.ReissueCard(self.desk.world.new_id(), SUPPLY, why, told or Told()))
        assert isinstance(done, SaleDone)
        return card

    def sells(self, card: EmulatedCard, amount: str) -> SaleDone:
        self.desk.counter.operator = CASHIER
        self.desk.readers.pull()
        self.desk.readers.insert(card)
        return self.desk.sell(amount)

    def loads(self, card: EmulatedCard, meter: MeterInFile | None = None) -> MeterDecision:
        slot = EmulatedMeterSlot(card, vault=self.desk.world.vault)
        return (meter or self.desk.world.meter).insert(slot).decision

    def file(self, supply: SupplyNo = SUPPLY) -> SupplyFile:
        return self.desk.counter.outside.ledger.supply(supply, today=MOMENT.date())

    def adds_up(self) -> bool:
        proof = self.desk.counter.outside.ledger.verify()
        assert proof.problems == ()
        return True

    def held(self, account: str) -> int:
        proof = self.desk.counter.outside.ledger.verify()
        return proof.energy_wh.get(account, 0) or proof.money_minor.get(account, 0)

    def meter(self, number: MeterNo) -> MeterInFile:
        return MeterInFile(RegisterFile(self.folder / f"{number}.json", number), self.desk.world.codec, lambda: MOMENT)


@pytest.fixture
def petra(desk: DeskOf, tmp_path: Path) -> Technician:
    return Technician(desk, tmp_path)


# --- cards that replace others ---------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(("old", "new", "old again", "new again"))))
def test_whichever_card_reaches_the_meter_first_nothing_is_lost_or_doubled(
    petra: Technician, order: tuple[str, ...]
) -> None:
    """One purchase is in the meter, the second only on the lost card; then both cards come in any order."""
    old = petra.desk.card
    petra.desk.sell("50.00")
    petra.loads(old)
    petra.sells(old, "20.00")
    total = petra.file().energy_total
    new = petra.reissue()
    for which in order:
        petra.loads(old if which.startswith("old") else new)
    assert petra.desk.world.meter.view().energy_total == total
    assert petra.desk.world.meter.view().remaining == total
    assert petra.loads(old) is MeterDecision.CARD_REPLACED
    petra.sells(new, "10.00")
    assert petra.loads(new) is MeterDecision.CREDITED
    assert petra.desk.world.meter.view().energy_total == petra.file().energy_total
    assert petra.adds_up()


def test_a_card_that_was_found_again_is_told_and_refused(petra: Technician) -> None:
    old = petra.desk.card
    petra.desk.sell("50.00")
    petra.reissue(CardEnd.STOLEN)
    petra.desk.readers.pull()
    petra.desk.readers.insert(old)
    reading = petra.desk.read()
    assert reading.verdict is Verdict.REPLACED
    assert reading.replaced_by == petra.file().card
    assert petra.file().generation == 2


@pytest.mark.parametrize("is_on_card", [True, False])
def test_a_lost_card_whose_sale_was_interrupted_costs_nobody_anything(petra: Technician, is_on_card: bool) -> None:
    """The money was taken; whether the lost card carries the order or not, the new one does."""
    old = petra.desk.card
    # Torn in the middle of the order, or written whole with only the answer lost.
    waiting = petra.desk.interrupt(_last_answer_lost(petra) if is_on_card else Fault(FaultKind.TEAR, 20))
    new = petra.reissue()
    settled = petra.desk.counter.outside.ledger.sale(waiting.id)
    assert settled is not None
    assert settled.state is SaleState.POSTED
    petra.loads(old)
    petra.loads(new)
    assert petra.desk.world.meter.view().energy_total == petra.file().energy_total == settled.intent.order.energy_total
    assert petra.adds_up()


def test_a_new_card_costs_its_fee_and_without_it_two_people_sign(petra: Technician) -> None:
    ledger = petra.desk.counter.outside.ledger
    _with_fees(petra)
    petra.reissue()
    assert petra.file().arrears == Money.parse("5.00")
    petra.blank()
    request = ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.BROKEN, is_free=True)
    assert petra.refusal(request) is Code.APPROVAL_NEEDED
    petra.asks(replace(request, approval=petra.approved(request, Act.WAIVE_FEE)))
    assert petra.file().arrears == Money.parse("5.00")
    assert [card.why for card in ledger.life(SUPPLY).cards] == [None, CardEnd.BROKEN, CardEnd.LOST]
    assert petra.adds_up()


def test_what_the_customer_reads_tells_what_is_at_stake(petra: Technician) -> None:
    old = petra.desk.card
    petra.desk.sell("50.00")
    petra.loads(old)
    sold = petra.sells(old, "20.00").sale
    assert sold.intent.quote is not None
    assert petra.asks(ask.ShowStake(SUPPLY)) == StakeFound(Stake.UNKNOWN, sold.intent.quote.energy)
    assert petra.asks(ask.ShowStake(SUPPLY, Told(purchases=1))) == StakeFound(Stake.CREDIT, sold.intent.quote.energy)
    assert petra.asks(ask.ShowStake(SUPPLY, Told(purchases=2))) == StakeFound(Stake.NOTHING)
    assert petra.asks(ask.ShowStake(SUPPLY, Told(purchases=3))) == StakeFound(Stake.IMPOSSIBLE)
    petra.blank()
    wrong = ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.LOST, Told(purchases=3))
    assert petra.refusal(wrong) is Code.DISPLAY_AHEAD
    assert petra.file().generation == 1


def test_what_remains_on_the_display_tells_which_purchases_the_meter_took(petra: Technician) -> None:
    old = petra.desk.card
    petra.desk.sell("50.00")
    petra.loads(old)
    first = petra.desk.world.meter.view().remaining
    petra.sells(old, "20.00")
    petra.sells(old, "10.00")
    second, third = petra.desk.counter.outside.ledger.totals_after(SUPPLY, _written_back(petra))[-2:]
    # The display was read before the card was lost: some of it may have been used since the last write-back.
    assert petra.asks(ask.ShowStake(SUPPLY, Told(remaining=first))) == StakeFound(Stake.UNKNOWN, third - first)
    assert petra.asks(ask.ShowStake(SUPPLY, Told(remaining=first + Energy(20)))) == StakeFound(
        Stake.UNKNOWN, third - second
    )
    assert petra.asks(ask.ShowStake(SUPPLY, Told(remaining=second + Energy(10)))) == StakeFound(
        Stake.UNKNOWN, third - second
    )
    assert petra.asks(ask.ShowStake(SUPPLY, Told(remaining=second + Energy(20)))) == StakeFound(Stake.NOTHING)
    assert petra.asks(ask.ShowStake(SUPPLY, Told(remaining=third + Energy(20)))) == StakeFound(Stake.IMPOSSIBLE)
    petra.blank()
    wrong = ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.LOST, Told(remaining=third + Energy(20)))
    with pytest.raises(VendingError) as refused:
        petra.asks(wrong)
    assert (refused.value.code, refused.value.facts) == (Code.DISPLAY_AHEAD, {})


@pytest.mark.parametrize("used", [0, 12_340, 60_000])
@pytest.mark.parametrize("loads", [True, False])
def test_what_the_display_truly_shows_never_hides_what_is_at_stake(petra: Technician, used: int, loads: bool) -> None:
    """Whatever was used since, a true display is never impossible, and nothing is at stake only if nothing is."""
    old = petra.desk.card
    petra.desk.sell("50.00")
    petra.loads(old)
    petra.sells(old, "20.00")
    if loads:
        petra.loads(old)
    petra.desk.world.meter.use(Energy(used))
    found = petra.asks(ask.ShowStake(SUPPLY, Told(remaining=petra.desk.world.meter.view().remaining)))
    assert isinstance(found, StakeFound)
    really = petra.file().energy_total - petra.desk.world.meter.view().energy_total
    assert found.stake is not Stake.IMPOSSIBLE
    assert found.energy >= really
    assert loads or found.stake is not Stake.NOTHING


def test_the_same_id_issues_one_card(petra: Technician) -> None:
    petra.blank()
    request = ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.LOST)
    first, second = petra.asks(request), petra.asks(request)
    assert isinstance(first, SaleDone)
    assert isinstance(second, SaleDone)
    assert (second.sale.id, second.was_repeated) == (first.sale.id, True)
    assert petra.file().generation == 2


# --- another meter ---------------------------------------------------------------------------------------


def test_a_new_meter_has_what_the_old_one_and_its_card_had(petra: Technician) -> None:
    old = petra.desk.card
    petra.desk.sell("50.00")
    petra.loads(old)
    petra.desk.world.meter.use(Energy(60_000))
    petra.loads(old)
    petra.sells(old, "20.00")  # read the write-back; the second purchase stays on the card
    everything = petra.file().energy_total - Energy(60_000)
    _stock(petra, SECOND_METER)
    change = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "display dark"))
    assert isinstance(change, MeterChange)
    assert (change.carried, change.old_meter, change.new_meter) == (everything, petra.file().meter.number, SECOND_METER)
    assert petra.file().state is SupplyState.CLOSED
    petra.blank()
    done = petra.asks(IssueCard(petra.desk.world.new_id(), change.new))
    assert isinstance(done, SaleDone)
    card = _in_reader(petra)
    meter = petra.meter(SECOND_METER)
    assert petra.loads(card, meter) is MeterDecision.CREDITED
    assert (meter.view().remaining, meter.view().last_purchase) == (everything, everything)
    sold = petra.sells(card, "10.00").sale
    assert sold.intent.quote is not None
    petra.loads(card, meter)
    assert meter.view().remaining == everything + sold.intent.quote.energy
    assert (petra.held(f"meter:{SUPPLY}"), petra.held(f"card:{SUPPLY}")) == (0, 0)
    assert petra.adds_up()


def test_another_meter_opens_no_cheap_step_again_and_charges_no_month_twice(petra: Technician) -> None:
    petra.desk.sell("50.00")
    petra.loads(petra.desk.card)
    before = petra.file()
    _stock(petra, SECOND_METER)
    reading = FinalReading(ReadingHow.HAND, NO_ENERGY, before.energy_total)
    change = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "moved", reading))
    assert isinstance(change, MeterChange)
    after = petra.file(change.new)
    assert (after.bought_this_month, after.charged_until) == (before.bought_this_month, before.charged_until)
    assert before.bought_this_month > NO_ENERGY


def test_a_dead_meter_is_changed_by_an_estimate_that_somebody_approves(petra: Technician) -> None:
    old = petra.desk.card
    petra.desk.sell("50.00")
    petra.loads(old)
    bought = petra.file().energy_total
    _stock(petra, SECOND_METER)
    guess = FinalReading(ReadingHow.ESTIMATE, Energy(100_000), bought - Energy(100_000))
    request = ask.ChangeMeter(SUPPLY, SECOND_METER, "burnt", guess)
    assert petra.refusal(request) is Code.APPROVAL_NEEDED
    change = petra.asks(replace(request, approval=petra.approved(request, Act.ESTIMATE)))
    assert isinstance(change, MeterChange)
    assert change.carried == bought - Energy(100_000)
    assert petra.held(f"used:{SUPPLY}") == 100_000
    assert petra.held(f"unexplained:{SUPPLY}") == 0
    assert petra.adds_up()


def test_what_was_used_past_what_was_bought_is_owed_to_the_new_supply(petra: Technician) -> None:
    petra.desk.sell("50.00")
    petra.loads(petra.desk.card)
    bought = petra.file().energy_total
    _stock(petra, SECOND_METER)
    reading = FinalReading(ReadingHow.HAND, bought + Energy(5_000), Energy(-5_000))
    change = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "moved", reading))
    assert isinstance(change, MeterChange)
    assert change.carried == NO_ENERGY
    assert petra.file(change.new).arrears > ZERO
    assert petra.held(f"meter:{SUPPLY}") == 0
    assert petra.adds_up()


@pytest.mark.parametrize("missing", ["reason", "meter", "reading"])
def test_a_meter_is_not_changed_on_hearsay(petra: Technician, missing: str) -> None:
    petra.desk.sell("50.00")
    if missing != "meter":
        _stock(petra, SECOND_METER)
    reading = FinalReading(ReadingHow.HAND, NO_ENERGY, NO_ENERGY) if missing != "reading" else None
    request = ask.ChangeMeter(SUPPLY, SECOND_METER, "" if missing == "reason" else "old", reading)
    codes = {"reason": Code.REASON_MISSING, "meter": Code.METER_UNKNOWN, "reading": Code.READING_MISSING}
    assert petra.refusal(request) is codes[missing]
    assert petra.file().state is SupplyState.OPEN
    assert petra.adds_up()


# --- the end ---------------------------------------------------------------------------------------------


def test_a_supply_is_closed_with_what_is_due_to_its_customer(petra: Technician) -> None:
    sold = petra.desk.sell("50.00").sale
    petra.loads(petra.desk.card)
    petra.desk.world.meter.use(Energy(60_000))
    petra.loads(petra.desk.card)
    petra.desk.reinsert()
    petra.desk.read()
    request = ask.CloseSupply(SUPPLY, "moved away")
    assert petra.refusal(request) is Code.APPROVAL_NEEDED
    left = petra.asks(ask.ShowLeft(SUPPLY))
    done = petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    assert isinstance(done, Settlement)
    assert isinstance(left, ask.Left)
    assert (done.returned, done.price) == (left.energy, left.price)
    assert done.returned == petra.file().energy_total - Energy(60_000)
    # 50.00 less the fixed charge and its tax, for what was left of the energy.
    assert sold.intent.quote is not None
    assert ZERO < done.refund < Money.parse("48.10")
    assert petra.desk.counter.outside.ledger.refund_due(SUPPLY) == done.refund
    assert petra.file().state is SupplyState.CLOSED
    assert [petra.held(f"{where}:{SUPPLY}") for where in ("card", "meter", "unexplained")] == [0, 0, 0]
    assert petra.adds_up()


def test_arrears_are_kept_from_what_is_due(petra: Technician) -> None:
    _with_fees(petra)
    petra.desk.sell("50.00")
    petra.loads(petra.desk.card)
    petra.reissue()
    reading = FinalReading(ReadingHow.HAND, NO_ENERGY, petra.file().energy_total)
    request = ask.CloseSupply(SUPPLY, "moved away", reading)
    done = petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    assert isinstance(done, Settlement)
    assert done.offset == Money.parse("5.00")
    assert petra.file().arrears == ZERO
    assert petra.adds_up()


def test_closing_right_after_a_purchase_leaves_what_the_fixed_charge_left(petra: Technician) -> None:
    quote = petra.desk.sell("50.00").sale.intent.quote
    assert quote is not None
    petra.loads(petra.desk.card)
    petra.desk.reinsert()
    request = ask.CloseSupply(SUPPLY, "moved away")
    done = petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    assert isinstance(done, Settlement)
    assert done.returned == quote.energy
    (fixed,) = (line for line in quote.lines if line.kind is LineKind.FIXED)
    tax = -petra.held("tax:VAT")
    assert (petra.held("income:energy"), -petra.held("income:fixed")) == (0, fixed.amount.minor)
    assert abs(tax - fixed.amount.minor * 8 / 100) <= 1
    assert done.price.minor == 50_00 - fixed.amount.minor - tax
    assert petra.adds_up()


def test_what_was_used_past_what_was_bought_is_owed_with_its_tax(petra: Technician) -> None:
    petra.desk.sell("50.00")
    petra.loads(petra.desk.card)
    taxed, earned = petra.held("tax:VAT"), petra.held("income:energy")
    bought = petra.file().energy_total
    _stock(petra, SECOND_METER)
    reading = FinalReading(ReadingHow.HAND, bought + Energy(50_000), Energy(-50_000))
    change = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "moved", reading))
    assert isinstance(change, MeterChange)
    on_energy, on_tax = earned - petra.held("income:energy"), taxed - petra.held("tax:VAT")
    assert on_energy + on_tax == petra.file(change.new).arrears.minor
    # Parts of a unit, of the purchase and of its share, are energy's.
    assert 0 <= on_energy * 8 / 100 - on_tax < 2
    assert petra.adds_up()


# --- records ---------------------------------------------------------------------------------------------


def test_a_new_customer_gets_a_supply_and_a_first_card(petra: Technician) -> None:
    _stock(petra, SECOND_METER)
    petra.asks(ask.EnterArea(Area("E1", "Eastfield", "T-04")))
    terms = Terms("", TARIFF.code, PARAMETERS, area="E1", ends_on=date(2026, 6, 30))
    entered = petra.asks(ask.EnterSupply(Customer("", " Lena Hoffmann ", "3 Quay Road", "0170"), SECOND_METER, terms))
    assert isinstance(entered, SupplyFile)
    assert (entered.customer.name, entered.customer.number, entered.state) == (
        "Lena Hoffmann", "0000001", SupplyState.PREPARED,
    )  # fmt: skip
    assert (entered.area, entered.ends_on) == ("E1", date(2026, 6, 30))
    petra.blank()
    petra.asks(IssueCard(petra.desk.world.new_id(), entered.number))
    assert petra.file(entered.number).state is SupplyState.OPEN
    assert petra.refusal(ask.EnterMeter(petra.file(entered.number).meter)) is Code.METER_INSTALLED
    assert petra.adds_up()


def test_changed_limits_travel_with_the_next_order(petra: Technician) -> None:
    petra.desk.sell("20.00")
    petra.loads(petra.desk.card)
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    limits = replace(terms.parameters, overload_w=4_000)
    request = ask.ChangeTerms(SUPPLY, replace(terms, parameters=limits), "smaller main fuse")
    assert petra.refusal(replace(request, reason=" ")) is Code.REASON_MISSING
    petra.asks(request)
    assert petra.desk.world.meter.view().overload_w == 8_000
    petra.sells(petra.desk.card, "20.00")
    petra.loads(petra.desk.card)
    assert petra.desk.world.meter.view().overload_w == 4_000
    (change,) = petra.desk.counter.outside.ledger.record_changes(Subject.SUPPLY, SUPPLY)
    assert (change.reason, change.operator) == ("smaller main fuse", TECHNICIAN.name)
    assert petra.adds_up()


def test_a_suspended_supply_buys_nothing_until_it_is_resumed(petra: Technician) -> None:
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    petra.asks(ask.ChangeTerms(SUPPLY, replace(terms, state=SupplyState.SUSPENDED), "building works"))
    assert petra.desk.read().verdict is Verdict.SUPPLY_CLOSED
    petra.asks(ask.ChangeTerms(SUPPLY, terms, "works are done"))
    assert petra.desk.read().verdict is Verdict.READY


def test_a_temporary_supply_buys_until_its_last_day(petra: Technician) -> None:
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    petra.asks(ask.ChangeTerms(SUPPLY, replace(terms, ends_on=MOMENT.date()), "fair"))
    assert petra.desk.read().verdict is Verdict.READY
    petra.asks(ask.ChangeTerms(SUPPLY, replace(terms, ends_on=date(2026, 3, 1)), "fair was shorter"))
    assert petra.desk.read().verdict is Verdict.SUPPLY_ENDED


@pytest.mark.parametrize(
    ("day", "is_said"), [(date(2026, 3, 2), True), (date(2026, 4, 1), True), (date(2026, 4, 2), False)]
)
def test_the_end_of_a_temporary_supply_is_said_a_month_before(petra: Technician, day: date, is_said: bool) -> None:
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    petra.asks(ask.ChangeTerms(SUPPLY, replace(terms, ends_on=day), "fair"))
    says = verdict_says(petra.desk.read(), opened=None, may_issue=False, may_sell=True)
    assert ("Temporary: it buys until" in says.sentence) is is_said


def test_another_customer_takes_over_when_the_first_owes_nothing(petra: Technician) -> None:
    _with_fees(petra)
    lena = petra.asks(ask.EnterCustomer(Customer("", "Lena Hoffmann", "14 Mill Lane")))
    assert isinstance(lena, Customer)
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    takes_over = ask.ChangeTerms(SUPPLY, replace(terms, customer=lena.number), "moved in")
    petra.asks(takes_over)
    assert petra.file().customer.name == "Lena Hoffmann"
    petra.reissue(CardEnd.CUSTOMER)
    again = ask.ChangeTerms(SUPPLY, terms, "moved out")
    assert petra.refusal(again) is Code.CUSTOMER_OWES
    assert petra.adds_up()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"alarm_1": Energy(1_000)}, "alarm"),
        ({"overload_w": -1}, "limit"),
        ({"hoarding": Energy(10_000)}, "hoarding"),
    ],
)
def test_limits_that_contradict_each_other_are_refused(
    petra: Technician, change: dict[str, object], field: str
) -> None:
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    wrong = replace(terms, parameters=replace(terms.parameters, **change))  # type: ignore[arg-type]
    with pytest.raises(VendingError) as refused:
        petra.asks(ask.ChangeTerms(SUPPLY, wrong, "typed wrongly"))
    assert (refused.value.code, refused.value.facts["field"]) == (Code.RECORD_REFUSED, field)


def test_the_life_of_a_supply_tells_everything_in_order(petra: Technician) -> None:
    petra.desk.sell("50.00")
    petra.loads(petra.desk.card)
    petra.desk.reinsert()
    petra.desk.read()
    petra.asks(ask.NoteSupply(SUPPLY, "dog in the yard"))
    petra.reissue()
    shown = petra.asks(ask.ShowLife(SUPPLY))
    assert isinstance(shown, ask.LifeShown)
    assert [event.kind for event in shown.life.events] == ["issue", "sale", "write-back", "note", "issue"]
    assert shown.life.events[3].text == "dog in the yard"
    assert [card.generation for card in shown.life.cards] == [2, 1]
    balance = shown.life.balance
    assert (balance.bought, balance.paid, balance.adds_up) == (petra.file().energy_total, Money.parse("50.00"), True)
    assert balance.in_meter == petra.desk.world.meter.view().remaining


# --- helps -----------------------------------------------------------------------------------------------


def _last_answer_lost(petra: Technician) -> Fault:
    """As many commands as a second sale takes."""
    desk = petra.desk
    desk.sell("20.00")
    desk.reinsert()
    desk.card.reset_counters()
    desk.sell("20.00")
    last_write = desk.card.apdus - 1
    desk.reinsert()
    return Fault(FaultKind.ANSWER_LOST, last_write)


def _with_fees(petra: Technician) -> None:
    """From today on a new card costs 5.00."""
    ledger = petra.desk.counter.outside.ledger
    dear = replace(TARIFF, valid_from=MOMENT.date(), card_fee=Money.parse("5.00"))
    with ledger.acting_as(Authority(ADMINISTRATOR.name, Act.IMPORT)):
        ledger.add_tariff(dear)  # type: ignore[attr-defined]


def _stock(petra: Technician, number: MeterNo) -> None:
    petra.asks(ask.EnterMeter(Meter(number, "RM-1", 1600, make="Reference")))


def _written_back(petra: Technician) -> WriteBack | None:
    return petra.desk.counter.outside.ledger.last_write_back(SUPPLY)


def _in_reader(petra: Technician) -> EmulatedCard:
    return EmulatedCard(FileStore(petra.folder / f"card-{petra.cards}.bin"))
