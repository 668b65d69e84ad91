"""Attempts to prove that the technician's procedures lose or make energy, money or history."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.test_supply_desk import SECOND_METER, Technician, _in_reader, _stock, _with_fees, petra
from vending_app.bench.world import ADMINISTRATOR, CASHIER, MOMENT, PARAMETERS, SUPERVISOR, SUPPLY, TARIFF
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OutcomeUnknown, VendingError
from vending_app.domain.ids import ActId, MeterNo
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter, SupplyFile, SupplyState
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.record_lines import RecordKind
from vending_app.domain.records import (
    Area,
    CardEnd,
    FinalReading,
    MeterChange,
    ReadingHow,
    Settlement,
    Terms,
    Told,
)
from vending_app.domain.sale import TenderKind
from vending_app.domain.statement import usual_since
from vending_app.services import book_cases as book
from vending_app.services import supply_cases as ask
from vending_app.services.statement_cases import ShowStatement, StatementShown
from vending_app.services.use_cases import IssueCard

THIRD_METER = MeterNo("000087654322")

__all__ = ["petra"]


def _present(petra: Technician, card: object) -> None:
    petra.desk.readers.pull()
    petra.desk.readers.insert(card)  # type: ignore[arg-type]
    petra.desk.read()


# --- records -----------------------------------------------------------------------------------------------


def test_a_new_supply_does_not_take_the_number_of_one_that_lives(petra: Technician) -> None:
    petra.desk.sell("50.00")
    _stock(petra, SECOND_METER)
    terms = Terms("", TARIFF.code, PARAMETERS)
    taken = ask.EnterSupply(Customer("", "Lena Hoffmann", "3 Quay Road"), SECOND_METER, terms, number=SUPPLY)
    with pytest.raises(VendingError):
        petra.asks(taken)
    assert petra.file().customer.name == "Amara Okafor"


def test_a_closed_supply_is_not_opened_again_by_entering_its_number(petra: Technician) -> None:
    reading = FinalReading(ReadingHow.HAND, NO_ENERGY, NO_ENERGY)
    request = ask.CloseSupply(SUPPLY, "moved away", reading)
    petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    _stock(petra, SECOND_METER)
    terms = Terms("", TARIFF.code, PARAMETERS)
    with pytest.raises(VendingError):
        petra.asks(ask.EnterSupply(Customer("", "Lena", "3 Quay Road"), SECOND_METER, terms, number=SUPPLY))
    assert petra.file().state is SupplyState.CLOSED


def test_a_page_that_is_old_does_not_resume_a_supply_that_was_suspended_meanwhile(petra: Technician) -> None:
    shown = petra.desk.counter.outside.ledger.terms(SUPPLY)
    petra.asks(ask.ChangeTerms(SUPPLY, replace(shown, state=SupplyState.SUSPENDED), "does not pay"))
    limits = replace(shown.parameters, overload_w=4_000)
    with contextlib.suppress(VendingError):
        petra.asks(ask.ChangeTerms(SUPPLY, replace(shown, parameters=limits), "smaller main fuse", before=shown))
    assert petra.file().state is SupplyState.SUSPENDED


def test_a_refused_supply_leaves_no_customer_behind(petra: Technician) -> None:
    before = petra.desk.counter.outside.ledger._books.value("SELECT count(*) FROM customers")  # type: ignore[attr-defined]
    terms = Terms("", TARIFF.code, PARAMETERS)
    wrong = ask.EnterSupply(Customer("", "Lena", "3 Quay Road"), SECOND_METER, terms)
    for _ in range(3):
        assert petra.refusal(wrong) is Code.METER_UNKNOWN
    after = petra.desk.counter.outside.ledger._books.value("SELECT count(*) FROM customers")  # type: ignore[attr-defined]
    assert after == before


def test_a_meter_counts_by_its_own_constant_whatever_the_terms_say(petra: Technician) -> None:
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    wrong = replace(terms, parameters=replace(terms.parameters, constant_imp_per_kwh=3_200))
    with contextlib.suppress(VendingError):
        petra.asks(ask.ChangeTerms(SUPPLY, wrong, "half the energy is counted"))
    assert petra.file().parameters.constant_imp_per_kwh == petra.file().meter.constant_imp_per_kwh


# --- meter change and end ----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [ReadingHow.HAND, ReadingHow.CARD])
def test_nobody_alone_makes_energy_by_a_reading(petra: Technician, how: ReadingHow) -> None:
    petra.desk.sell("50.00")
    petra.loads(petra.desk.card)
    sold = petra.file().energy_total
    _stock(petra, SECOND_METER)
    reading = FinalReading(how, NO_ENERGY, Energy(1_900_000))
    try:
        change = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "gift", reading))
    except VendingError:
        return
    assert isinstance(change, MeterChange)
    assert change.carried <= sold


def test_a_reading_that_is_told_is_not_called_a_card(petra: Technician) -> None:
    """No card was ever written back: nobody can have read it from one."""
    petra.desk.sell("50.00")
    _stock(petra, SECOND_METER)
    reading = FinalReading(ReadingHow.CARD, NO_ENERGY, NO_ENERGY)
    with pytest.raises(VendingError):
        petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "old", reading))


@pytest.mark.parametrize("end", ["meter", "close"])
def test_a_card_that_comes_after_the_end_moves_nothing(petra: Technician, end: str) -> None:
    old = petra.desk.card
    petra.desk.sell("50.00")
    petra.loads(old)
    petra.desk.world.meter.use(Energy(60_000))
    petra.loads(old)
    reading = FinalReading(ReadingHow.HAND, Energy(60_000), petra.file().energy_total - Energy(60_000))
    if end == "meter":
        _stock(petra, SECOND_METER)
        petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "old", reading))
    else:
        request = ask.CloseSupply(SUPPLY, "moved", reading)
        petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    assert petra.adds_up()
    _present(petra, old)
    assert (petra.held(f"meter:{SUPPLY}"), petra.held(f"card:{SUPPLY}")) == (0, 0)
    assert petra.held(f"used:{SUPPLY}") == 60_000
    assert petra.adds_up()


def test_a_month_whose_charge_was_refunded_is_charged_under_the_new_meter(petra: Technician) -> None:
    sold = petra.desk.sell("50.00").sale
    petra.desk.reinsert()
    _reverses(petra, sold)
    before = petra.file()
    assert before.charged_until is None
    _stock(petra, SECOND_METER)
    reading = FinalReading(ReadingHow.HAND, NO_ENERGY, NO_ENERGY)
    change = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "old", reading))
    assert isinstance(change, MeterChange)
    assert petra.file(change.new).charged_until == before.charged_until


def test_a_suspended_supply_stays_suspended_under_another_meter(petra: Technician) -> None:
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    petra.asks(ask.ChangeTerms(SUPPLY, replace(terms, state=SupplyState.SUSPENDED), "does not pay"))
    _stock(petra, SECOND_METER)
    reading = FinalReading(ReadingHow.HAND, NO_ENERGY, NO_ENERGY)
    assert petra.refusal(ask.ChangeMeter(SUPPLY, SECOND_METER, "old", reading)) is Code.SUPPLY_CLOSED
    assert petra.file().state is SupplyState.SUSPENDED


def test_a_connection_is_paid_although_the_meter_was_changed_before_the_first_card(petra: Technician) -> None:
    ledger = petra.desk.counter.outside.ledger
    dear = replace(TARIFF, valid_from=MOMENT.date(), connection_fee=Money.parse("25.00"))
    with ledger.acting_as(Authority(ADMINISTRATOR.name, Act.IMPORT)):
        ledger.add_tariff(dear)  # type: ignore[attr-defined]
    _stock(petra, SECOND_METER)
    _stock(petra, THIRD_METER)
    entered = petra.asks(
        ask.EnterSupply(Customer("", "Lena", "3 Quay Road"), SECOND_METER, Terms("", TARIFF.code, PARAMETERS))
    )
    change = petra.asks(ask.ChangeMeter(entered.number, THIRD_METER, "wrong one on the wall"))  # type: ignore[attr-defined]
    assert isinstance(change, MeterChange)
    petra.blank()
    petra.asks(IssueCard(petra.desk.world.new_id(), change.new))
    assert petra.file(change.new).arrears == Money.parse("25.00")


def test_what_is_carried_is_taken_by_the_new_meter(petra: Technician) -> None:
    """The hoarding limit was lowered below what the customer has."""
    petra.desk.sell("50.00")
    petra.loads(petra.desk.card)
    has = petra.file().energy_total
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    petra.asks(
        ask.ChangeTerms(SUPPLY, replace(terms, parameters=replace(terms.parameters, hoarding=Energy(100_000))), "less")
    )
    _stock(petra, SECOND_METER)
    change = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "old", FinalReading(ReadingHow.HAND, NO_ENERGY, has)))
    assert isinstance(change, MeterChange)
    assert change.carried == has
    petra.blank()
    petra.asks(IssueCard(petra.desk.world.new_id(), change.new))
    meter = petra.meter(SECOND_METER)
    assert petra.loads(_in_reader(petra), meter) is MeterDecision.CREDITED
    assert meter.view().remaining == has


def test_what_was_paid_reaches_the_meter_although_the_limit_was_lowered_before_the_new_card(petra: Technician) -> None:
    old = petra.desk.card
    petra.desk.sell("50.00")
    total = petra.file().energy_total
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    petra.asks(
        ask.ChangeTerms(SUPPLY, replace(terms, parameters=replace(terms.parameters, hoarding=Energy(100_000))), "less")
    )
    new = petra.reissue()
    petra.loads(new)
    petra.loads(old)
    assert petra.desk.world.meter.view().remaining == total


def test_nobody_gets_more_back_than_he_paid(petra: Technician) -> None:
    """Most of it was bought at the cheap step, the last unit at the dear one."""
    first = petra.desk.sell("8.70").sale
    petra.desk.reinsert()
    second = petra.desk.sell("1.00").sale
    assert first.intent.quote is not None
    assert second.intent.quote is not None
    paid = first.intent.quote.total + second.intent.quote.total
    bought = petra.file().energy_total
    request = ask.CloseSupply(SUPPLY, "moved", FinalReading(ReadingHow.HAND, NO_ENERGY, bought))
    petra.loads(petra.desk.card)
    done = petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    assert isinstance(done, Settlement)
    assert done.returned == bought
    assert done.price <= paid - Money.parse("1.94")


def test_what_is_due_after_the_end_is_what_the_approval_said(petra: Technician) -> None:
    """The approval names no reading; another write-back comes by before it is used."""
    old = petra.desk.card
    petra.desk.sell("50.00")
    petra.loads(old)
    petra.desk.world.meter.use(Energy(300_000))
    petra.loads(old)
    _present(petra, old)
    left = petra.asks(ask.ShowLeft(SUPPLY))
    request = ask.CloseSupply(SUPPLY, "moved", price=left.price)  # type: ignore[attr-defined]
    word = petra.approved(request, Act.CLOSE_SUPPLY)
    petra.sells(old, "100.00")
    try:
        done = petra.asks(replace(request, approval=word))
    except VendingError:
        return
    assert isinstance(done, Settlement)
    assert done.price == left.price  # type: ignore[attr-defined]


def test_a_meter_change_by_an_old_write_back_gives_no_use_away(petra: Technician) -> None:
    old = petra.desk.card
    petra.desk.sell("50.00")
    petra.loads(old)
    petra.loads(old)
    _present(petra, old)
    petra.sells(old, "20.00")
    petra.loads(old)
    petra.desk.world.meter.use(Energy(400_000))
    petra.loads(old)
    real = petra.desk.world.meter.view().remaining
    _stock(petra, SECOND_METER)
    try:
        change = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "old"))
    except VendingError:
        return
    assert isinstance(change, MeterChange)
    assert change.carried == real


# --- cards -------------------------------------------------------------------------------------------------


def test_a_display_that_shows_a_purchase_in_doubt_is_no_other_meter(petra: Technician) -> None:
    """Written whole, only the answer lost; the customer loads it, and loses the card."""
    old = petra.desk.card
    petra.desk.sell("20.00")
    petra.desk.reinsert()
    old.reset_counters()
    petra.desk.sell("20.00")
    last_write = old.apdus - 1
    petra.desk.reinsert()
    petra.desk.interrupt(Fault(FaultKind.ANSWER_LOST, last_write))
    petra.loads(old)
    shows = petra.desk.world.meter.view().purchases
    petra.blank()
    petra.asks(ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.LOST, Told(purchases=shows)))
    assert petra.file().generation == 2


def _reverses(petra: Technician, sale: object) -> None:
    petra.desk.counter.operator = SUPERVISOR
    new_id = petra.desk.world.new_id
    petra.desk.counter.do(
        book.ReverseSale(new_id(), sale.id, "wrong amount", ActId(new_id()), pay_by=None)  # type: ignore[attr-defined]
    )


def _moves_in(petra: Technician) -> ask.ChangeTerms:
    """Lena takes over Amara's supply."""
    lena = petra.asks(ask.EnterCustomer(Customer("", "Lena Hoffmann", "14 Mill Lane")))
    assert isinstance(lena, Customer)
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    return ask.ChangeTerms(SUPPLY, replace(terms, customer=lena.number), "moved in")


def test_what_is_due_to_a_customer_is_not_paid_to_whoever_moves_in(petra: Technician) -> None:
    wrong = petra.desk.sell("50.00").sale
    petra.desk.reinsert()
    _reverses(petra, wrong)
    moves_in = _moves_in(petra)
    assert petra.refusal(moves_in) is Code.CUSTOMER_IS_OWED
    petra.desk.counter.operator = SUPERVISOR
    paid = book.PayRefund(ActId(petra.desk.world.new_id()), SUPPLY, Money(5_000), TenderKind.CASH)
    petra.desk.counter.do(paid)
    petra.asks(moves_in)
    assert petra.file().customer.name == "Lena Hoffmann"


def test_a_statement_of_whoever_moved_in_begins_with_him(petra: Technician) -> None:
    opened_on = petra.file().opened_on
    for request, since in ((None, opened_on), (_moves_in(petra), MOMENT.astimezone().date())):
        if request is not None:
            petra.asks(request)
        life, shown = petra.asks(ask.ShowLife(SUPPLY)), petra.asks(ShowStatement(SUPPLY))
        assert isinstance(life, ask.LifeShown)
        assert isinstance(shown, StatementShown)
        assert life.customer_since == since
        assert shown.statement.since == usual_since(since, MOMENT.astimezone().date())
    assert opened_on < MOMENT.astimezone().date()


def test_who_may_not_take_over_is_not_entered_either(petra: Technician) -> None:
    wrong = petra.desk.sell("50.00").sale
    petra.desk.reinsert()
    _reverses(petra, wrong)
    terms = petra.desk.counter.outside.ledger.terms(SUPPLY)
    newcomer = Customer("", " Lena Hoffmann ", "14 Mill Lane")
    moves_in = ask.ChangeTerms(SUPPLY, terms, "moved in", before=terms, newcomer=newcomer)
    ledger = petra.desk.counter.outside.ledger
    assert petra.refusal(moves_in) is Code.CUSTOMER_IS_OWED
    assert petra.refusal(replace(moves_in, newcomer=Customer("", "Lena", ""))) is Code.RECORD_REFUSED
    assert ledger.find_records(RecordKind.CUSTOMER, "lena", limit=5) == ()
    petra.desk.counter.operator = SUPERVISOR
    paid = book.PayRefund(ActId(petra.desk.world.new_id()), SUPPLY, Money(5_000), TenderKind.CASH)
    petra.desk.counter.do(paid)
    petra.asks(moves_in)
    assert petra.file().customer.name == "Lena Hoffmann"
    assert len(ledger.find_records(RecordKind.CUSTOMER, "lena", limit=5)) == 1


def test_what_was_bought_on_the_day_of_the_takeover_is_on_the_paper_of_who_bought_it(petra: Technician) -> None:
    petra.desk.sell("50.00")
    petra.desk.reinsert()
    petra.asks(_moves_in(petra))
    petra.desk.counter.operator = CASHIER
    petra.desk.sell("20.00")
    shown = petra.asks(ShowStatement(SUPPLY))
    assert isinstance(shown, StatementShown)
    today = MOMENT.astimezone().date()
    assert (shown.statement.since, shown.statement.paid) == (today, Money(2_000))
    assert [line.of.value for line in shown.statement.lines if line.paid] == ["sale"]
    assert shown.statement.closing == petra.file().arrears
    # The page asks by that day, and so does whoever prints what is shown.
    asked = petra.asks(ShowStatement(SUPPLY, today, today))
    assert isinstance(asked, StatementShown)
    assert asked.statement == shown.statement
    before = petra.asks(ShowStatement(SUPPLY, today - timedelta(days=1), today))
    assert isinstance(before, StatementShown)
    assert before.statement.paid == Money(7_000)


def test_what_a_customer_paid_and_has_not_got_is_not_given_to_whoever_moves_in(petra: Technician) -> None:
    petra.desk.interrupt(Fault(FaultKind.TEAR, 10, Residue.OLD))
    assert petra.refusal(_moves_in(petra)) is Code.SALE_INTERRUPTED
    assert petra.file().customer.name != "Lena Hoffmann"


def test_a_display_that_shows_a_purchase_that_was_reversed_is_no_other_meter(petra: Technician) -> None:
    old = petra.desk.card
    petra.desk.sell("20.00")
    petra.loads(old)
    wrong = petra.sells(old, "20.00").sale
    petra.loads(old)
    _present(petra, old)
    _reverses(petra, wrong)
    shows = petra.desk.world.meter.view().purchases
    petra.blank()
    petra.asks(ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.LOST, Told(purchases=shows)))
    assert petra.file().generation == 2


def test_a_reversal_that_waits_for_the_lost_card_gives_no_money_back_while_the_card_still_loads(
    petra: Technician,
) -> None:
    old = petra.desk.card
    petra.desk.sell("20.00")
    petra.loads(old)
    wrong = petra.sells(old, "50.00").sale
    petra.desk.reinsert()
    old.arm(Fault(FaultKind.TEAR, 3))
    with pytest.raises(OutcomeUnknown):
        _reverses(petra, wrong)
    petra.desk.reinsert()
    petra.reissue()
    due = petra.desk.counter.outside.ledger.refund_due(SUPPLY)
    petra.loads(old)
    took = petra.desk.world.meter.view().energy_total
    assert petra.adds_up()
    assert due == ZERO or took == petra.file().energy_total


def test_a_purchase_on_a_lost_card_is_not_paid_back_while_that_card_still_loads(petra: Technician) -> None:
    old = petra.desk.card
    petra.desk.sell("20.00")
    petra.loads(old)
    wrong = petra.sells(old, "50.00").sale
    petra.reissue()
    try:
        _reverses(petra, wrong)
    except VendingError:
        return
    due = petra.desk.counter.outside.ledger.refund_due(SUPPLY)
    petra.loads(old)
    assert due == ZERO or petra.desk.world.meter.view().energy_total == petra.file().energy_total


def test_a_free_card_that_waits_is_not_charged_after_all(petra: Technician) -> None:
    _with_fees(petra)
    blank = petra.blank()
    blank.arm(Fault(FaultKind.TEAR, 3))
    with pytest.raises(OutcomeUnknown):
        petra.asks(ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.LOST))
    petra.blank()
    free = ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.BROKEN, is_free=True)
    assert petra.refusal(replace(free, approval=petra.approved(free, Act.WAIVE_FEE))) is Code.SALE_INTERRUPTED
    assert petra.file().arrears == ZERO


def test_a_successor_closed_before_its_first_card_pays_what_it_carried(petra: Technician) -> None:
    petra.desk.sell("50.00")
    petra.loads(petra.desk.card)
    has = petra.file().energy_total
    _stock(petra, SECOND_METER)
    _stock(petra, THIRD_METER)
    first = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "old", FinalReading(ReadingHow.HAND, NO_ENERGY, has)))
    assert isinstance(first, MeterChange)
    second = petra.asks(ask.ChangeMeter(first.new, THIRD_METER, "again"))
    assert isinstance(second, MeterChange)
    assert second.carried == has
    request = ask.CloseSupply(second.new, "moved away")
    done = petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    assert isinstance(done, Settlement)
    assert done.returned == has
    assert petra.adds_up()
    for supply in (SUPPLY, first.new, second.new):
        assert [petra.held(f"{where}:{supply}") for where in ("card", "meter", "unexplained")] == [0, 0, 0]


def test_a_first_card_torn_after_a_meter_change_carries_once(petra: Technician) -> None:
    petra.desk.sell("50.00")
    petra.loads(petra.desk.card)
    has = petra.file().energy_total
    _stock(petra, SECOND_METER)
    first = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "old", FinalReading(ReadingHow.HAND, NO_ENERGY, has)))
    assert isinstance(first, MeterChange)
    blank = petra.blank()
    blank.arm(Fault(FaultKind.TEAR, 5))
    with pytest.raises(OutcomeUnknown):
        petra.asks(IssueCard(petra.desk.world.new_id(), first.new))
    close = ask.CloseSupply(first.new, "moved away")
    close = replace(close, approval=petra.approved(close, Act.CLOSE_SUPPLY))
    assert petra.refusal(close) is Code.SALE_INTERRUPTED
    petra.blank()
    petra.asks(IssueCard(petra.desk.world.new_id(), first.new))
    meter = petra.meter(SECOND_METER)
    petra.loads(_in_reader(petra), meter)
    petra.loads(blank, meter)
    assert meter.view().remaining == has
    assert petra.adds_up()


def test_a_sale_after_a_new_card_is_reversed_with_it(petra: Technician) -> None:
    old = petra.desk.card
    petra.desk.sell("20.00")
    petra.loads(old)
    new = petra.reissue()
    wrong = petra.sells(new, "50.00").sale
    _present(petra, new)
    _reverses(petra, wrong)
    petra.loads(new)
    assert petra.desk.world.meter.view().energy_total == petra.file().energy_total
    assert petra.adds_up()


def test_a_cancellation_that_waits_for_the_lost_card_is_settled_by_the_new_one(petra: Technician) -> None:
    old = petra.desk.card
    petra.desk.sell("20.00")
    petra.loads(old)
    petra.desk.reinsert()
    waiting = petra.desk.interrupt(Fault(FaultKind.TEAR, 8))
    petra.desk.counter.operator = SUPERVISOR
    old.arm(Fault(FaultKind.TEAR, 8))
    with pytest.raises(OutcomeUnknown):
        petra.desk.counter.do(book.VoidSale(petra.desk.world.new_id(), waiting.id, "gone"))
    petra.desk.reinsert()
    new = petra.reissue()
    petra.loads(old)
    petra.loads(new)
    assert petra.desk.world.meter.view().energy_total == petra.file().energy_total
    assert petra.adds_up()


def test_the_first_order_of_a_new_supply_tells_the_meter_its_own_ratios(petra: Technician) -> None:
    petra.asks(ask.EnterMeter(Meter(SECOND_METER, "CT", 800, 3, 40, 10)))
    terms = Terms("", TARIFF.code, PARAMETERS)
    entered = petra.asks(ask.EnterSupply(Customer("", "Lena", "3 Quay Road"), SECOND_METER, terms))
    assert isinstance(entered, SupplyFile)
    told = entered.parameters
    assert (told.constant_imp_per_kwh, told.ct_ratio, told.pt_ratio) == (800, 40, 10)


def test_a_reading_no_meter_can_show_is_refused_in_words(petra: Technician) -> None:
    _stock(petra, SECOND_METER)
    reading = FinalReading(ReadingHow.HAND, Energy(10**21), NO_ENERGY)
    with pytest.raises(VendingError):
        petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "old", reading))


def test_what_was_used_on_credit_is_owed_although_nothing_was_ever_sold(petra: Technician) -> None:
    _stock(petra, SECOND_METER)
    reading = FinalReading(ReadingHow.HAND, Energy(50_000), Energy(-50_000))
    change = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "old", reading))
    assert isinstance(change, MeterChange)
    assert petra.file(change.new).arrears > ZERO


def test_a_known_area_is_not_renamed_without_a_reason(petra: Technician) -> None:
    petra.asks(ask.EnterArea(Area("E1", "Eastfield")))
    assert petra.refusal(ask.EnterArea(Area("E1", "Westfield"))) is Code.REASON_MISSING


def test_a_supply_ends_on_the_day_at_the_counter(petra: Technician, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an hour past midnight the day of Greenwich is the one before."""
    monkeypatch.setenv("TZ", "Etc/GMT-14")
    time.tzset()
    try:
        _stock(petra, SECOND_METER)
        reading = FinalReading(ReadingHow.HAND, NO_ENERGY, NO_ENERGY)
        petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "old", reading))
        assert petra.file().closed_on == petra.desk.counter.reading.today()
    finally:
        monkeypatch.undo()
        time.tzset()
