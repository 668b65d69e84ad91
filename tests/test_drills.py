"""Every drill can be done at the practice counter, and nothing else than doing it counts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from vending_app import app, practice
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, VendingError
from vending_app.domain.ids import ActId, DeskNo, MeterNo, OperatorName, SaleId, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Customer, Meter, Role, SupplyState
from vending_app.domain.permissions import Act
from vending_app.domain.records import CardEnd, Stake, StakeFound, Terms
from vending_app.domain.sale import Tender, TenderKind
from vending_app.practice_results import DrillFile
from vending_app.services import book_cases as book
from vending_app.services import supply_cases as supply
from vending_app.services import use_cases as use
from vending_app.services.drill_list import DRILLS
from vending_app.services.drills import (
    Drill,
    DrillResult,
    DrillRun,
    KeepDrill,
    Seen,
    ShowDrills,
    best_of,
)
from vending_app.services.practice_cases import PracticeAct

AMARA, BAKERY, THIRD = SupplyNo("00417726"), SupplyNo("00417730"), SupplyNo("00417728")
LENA, CAFE = SupplyNo("00417727"), SupplyNo("00417740")
BY_KEY = {drill.key: drill for drill in DRILLS}
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Trainee:
    """Does drills at a practice counter; the watcher is told whatever the desk does."""

    def __init__(self, training: practice.PracticeCounter) -> None:
        self.training = training
        self.run: DrillRun | None = None
        people = {operator.role: operator for operator in training.counter.outside.ledger.operators()}
        self.people = people
        self.serial = count(1)

    def new_id(self) -> SaleId:
        return app.new_id()

    def does(self, asked: object) -> object:
        try:
            answer, error = self.training.do(asked), None
        except VendingError as refused:
            answer, error = None, refused
        if self.run is not None:
            self.run.take(Seen(asked, answer, error), at=NOW + timedelta(seconds=next(self.serial)))
        return answer

    def begins(self, drill: Drill) -> None:
        self.training.counter.operator = self.people[drill.role]
        for act in drill.scene:
            self.training.do(act)
        self.run = DrillRun(drill, self.people[drill.role].name, NOW)

    def approved(self, request: object, act: Act) -> object:
        counter = self.training.counter
        supervisor = self.people[Role.SUPERVISOR]
        operator = counter.operator
        assert operator is not None
        word = counter.approvals.give(request, supervisor, operator=operator, act=act)
        return replace(request, approval=word.id)  # type: ignore[type-var]

    def sells(self, amount: str, cash: str = "", *, by: TenderKind = TenderKind.CASH) -> object:
        self.does(use.ReadCard())
        money = Money.parse(amount)
        tender = Tender(by, Money.parse(cash or amount), "TX-1" if by is not TenderKind.CASH else "")
        return self.does(use.Sell(self.new_id(), amount=money, tender=tender))

    def shown(self, number: SupplyNo) -> supply.LifeShown:
        shown = self.does(supply.ShowLife(number))
        assert isinstance(shown, supply.LifeShown)
        return shown


def sells_energy(trainee: Trainee) -> None:
    trainee.does(use.ReadCard())
    trainee.does(use.Sell(trainee.new_id(), energy=Energy(100_000)))


def quotes(trainee: Trainee) -> None:
    trainee.does(use.FindSupplies("amara"))
    trainee.does(use.OpenSupply(AMARA))


def tears(trainee: Trainee) -> None:
    trainee.sells("20.00")
    trainee.does(PracticeAct("insert", "amara"))
    trainee.does(use.FinishSale())


def reverses(trainee: Trainee) -> None:
    done = trainee.sells("15.00")
    assert isinstance(done, use.SaleDone)
    request = book.ReverseSale(trainee.new_id(), done.sale.id, "wrong customer", refund=ActId(trainee.new_id()))
    trainee.does(trainee.approved(request, Act.REVERSAL))


def cashes_up(trainee: Trainee) -> None:
    x = trainee.training.counter.outside.ledger
    shift = x.shift(desk=DeskNo(1))
    assert shift is not None
    trainee.does(book.CountCash(total=Money(1)))
    trainee.does(book.CloseCountedShift(reason="a coin fell"))


def enters_and_issues(trainee: Trainee) -> None:
    meter = MeterNo("000099990001")
    trainee.does(supply.EnterMeter(Meter(meter, "RM-1", 1600)))
    terms = trainee.shown(AMARA).terms
    entered = trainee.does(
        supply.EnterSupply(Customer("", "Lena", "3 Quay Road"), meter, Terms("", terms.tariff, terms.parameters))
    )
    assert entered is not None
    trainee.does(use.IssueCard(trainee.new_id(), entered.number))  # type: ignore[attr-defined]


def loses(trainee: Trainee) -> None:
    trainee.does(supply.ShowStake(LENA))
    trainee.does(supply.ReissueCard(trainee.new_id(), LENA, CardEnd.LOST))


def limits(trainee: Trainee) -> None:
    terms = trainee.shown(BAKERY).terms
    other = replace(terms, parameters=replace(terms.parameters, overload_w=terms.parameters.overload_w + 1000))
    trainee.does(supply.ChangeTerms(BAKERY, other, "larger oven"))


def suspends(trainee: Trainee) -> None:
    terms = trainee.shown(BAKERY).terms
    trainee.does(supply.ChangeTerms(BAKERY, replace(terms, state=SupplyState.SUSPENDED), "building works"))
    trainee.does(supply.ChangeTerms(BAKERY, replace(terms, state=SupplyState.OPEN), "works are done"))


def changes_the_meter(trainee: Trainee) -> None:
    trainee.does(supply.EnterMeter(Meter(MeterNo("000099990002"), "RM-1", 1600)))
    trainee.does(use.ReadCard())
    trainee.does(supply.ChangeMeter(CAFE, MeterNo("000099990002"), "display dark"))


def closes(trainee: Trainee) -> None:
    for _ in trainee.training.counter.outside.ledger.open_sales():
        trainee.training.do(PracticeAct("insert", "torn"))
        trainee.training.do(use.FinishSale())
    trainee.does(supply.ShowLeft(THIRD))
    trainee.does(trainee.approved(supply.CloseSupply(THIRD, "moved away"), Act.CLOSE_SUPPLY))


DONE: dict[str, Callable[[Trainee], object]] = {
    "sale": lambda trainee: trainee.sells("20.00"),
    "change": lambda trainee: trainee.sells("35.00", "50.00"),
    "energy": sells_energy,
    "other-amount": lambda trainee: trainee.sells("30.00"),
    "mobile": lambda trainee: trainee.sells("25.00", by=TenderKind.MOBILE),
    "quote": quotes,
    "torn": tears,
    "not-ours": lambda trainee: trainee.does(use.ReadCard()),
    "reversal": reverses,
    "cash-up": cashes_up,
    "first-card": enters_and_issues,
    "lost": loses,
    "limit": limits,
    "suspend": suspends,
    "meter": changes_the_meter,
    "close": closes,
}


@pytest.fixture(scope="module")
def trainee(practice_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trainee]:
    own = shutil.copytree(practice_folder, tmp_path_factory.mktemp("drills") / "practice")
    with practice.open_practice(own) as training:
        trainee = Trainee(training)
        training.counter.operator = trainee.people[Role.CASHIER]
        training.do(use.OpenShift(Money(100_00)))
        yield trainee


def test_there_are_ten_for_a_cashier_and_six_for_a_technician() -> None:
    assert [sum(drill.role is role for drill in DRILLS) for role in (Role.CASHIER, Role.TECHNICIAN)] == [10, 6]
    assert set(BY_KEY) == set(DONE)


@pytest.mark.parametrize("key", DONE)
def test_a_drill_is_done_by_doing_it(trainee: Trainee, key: str) -> None:
    trainee.begins(BY_KEY[key])
    run = trainee.run
    assert run is not None
    DONE[key](trainee)
    result = run.result
    assert result is not None, f"step {run.done + 1} was not met"
    assert result.drill == key
    assert result.milliseconds > 0


def test_what_a_technician_practised_leaves_every_drill_of_the_next_cashier(trainee: Trainee) -> None:
    for key in ("lost", "limit", "suspend", "meter", "close"):
        trainee.begins(BY_KEY[key])
        DONE[key](trainee)
    for key in (drill.key for drill in DRILLS if drill.role is Role.CASHIER):
        trainee.training.counter.operator = trainee.people[Role.CASHIER]
        if trainee.training.counter.outside.ledger.shift(desk=DeskNo(1)) is None:
            trainee.training.do(use.OpenShift(Money(100_00)))
        trainee.begins(BY_KEY[key])
        DONE[key](trainee)
        assert trainee.run is not None
        assert trainee.run.result is not None, key


def test_another_change_than_the_one_that_is_asked_for_does_not_count(trainee: Trainee) -> None:
    for key in ("limit", "suspend"):
        trainee.begins(BY_KEY[key])
        terms = trainee.shown(AMARA).terms
        share = 100 - terms.arrears_share_percent
        trainee.does(supply.ChangeTerms(AMARA, replace(terms, arrears_share_percent=share), "agreed"))
        assert trainee.run is not None
        assert trainee.run.done == 0


def _does_elsewhere(trainee: Trainee, key: str) -> DrillRun:
    """What the drill asks for, done to the wrong supply."""
    trainee.begins(BY_KEY[key])
    if key in {"sale", "energy"}:
        trainee.does(PracticeAct("insert", "lena"))
    DONE[key](trainee)
    assert trainee.run is not None
    return trainee.run


def test_the_right_thing_at_the_wrong_supply_does_not_count(trainee: Trainee, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("sale", "energy"):
        trainee.training.counter.operator = trainee.people[Role.CASHIER]
        if trainee.training.counter.outside.ledger.shift(desk=DeskNo(1)) is None:
            trainee.training.do(use.OpenShift(Money(100_00)))
        assert _does_elsewhere(trainee, key).done == 0, key
    for name in ("BAKERY", "LENA"):
        monkeypatch.setitem(globals(), name, AMARA)
    for key in ("limit", "suspend", "lost"):
        assert _does_elsewhere(trainee, key).done == 0, key


def test_somebody_is_found_by_what_is_typed(trainee: Trainee) -> None:
    trainee.begins(BY_KEY["quote"])
    for text, done in (("", 0), ("lena", 0), ("amara", 1)):
        trainee.does(use.FindSupplies(text))
        assert trainee.run is not None
        assert trainee.run.done == done, text


def test_the_first_card_is_that_of_the_supply_just_entered() -> None:
    entered, other = SupplyNo("00500001"), SupplyNo("00500002")
    drill = BY_KEY["first-card"]
    assert drill.goals[1].is_same
    met = replace(drill.goals[1], is_met=lambda seen: True)
    looked_at = Seen(supply.ShowStake(other), StakeFound(Stake.NOTHING))
    assert not met.takes(looked_at, entered)
    assert met.takes(looked_at, other)


def test_another_amount_does_not_count_and_a_refusal_is_remembered(trainee: Trainee) -> None:
    run = DrillRun(BY_KEY["sale"], OperatorName("ana"), NOW)
    wrong = Seen(use.Sell(SaleId("0" * 26), amount=Money(1)), error=VendingError(Code.CARD_ABSENT))
    assert not run.take(wrong, at=NOW)
    assert (run.done, run.refusals, run.result) == (0, 1, None)


def test_results_are_kept_line_by_line_and_rubbish_between_them_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "drills.jsonl"
    kept = DrillFile(file)
    assert kept.do(ShowDrills()).results == ()
    slow = DrillResult("sale", OperatorName("ana"), NOW, 14_000, 1)
    quick = replace(slow, milliseconds=9_000)
    kept.do(KeepDrill(slow))
    with file.open("a") as rubbish:
        rubbish.write('{"a": 1}\n[1,2,3,4,5]\nnot json\n["sale","ana","2026-01-01",5,0]\n')
    found = kept.do(KeepDrill(quick))
    assert found.results == (slow, quick)
    assert best_of(found.results, "sale", OperatorName("ana")) == quick
    assert best_of(found.results, "sale", OperatorName("ben")) is None
