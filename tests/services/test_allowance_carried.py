"""Energy that goes to another meter under an allowance: what the old meter proved is free, what was typed is vended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.services.test_allowance import TODAY, Office
from tests.services.test_supply_desk import SECOND_METER, Technician, _in_reader
from vending_app.bench.world import DESK, MOMENT, SUPERVISOR, SUPPLY
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.people import Meter
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import CardAtEnd, FinalReading, MeterChange, ReadingHow
from vending_app.services import supply_cases as ask
from vending_app.services.counter import Counter
from vending_app.services.use_cases import FinishSale, IssueCard, SaleDone

NOT_WRITTEN = Fault(FaultKind.PULL_UNWRITTEN, 1)


class Street:
    """Petra changes meters at a desk that is held to a grant."""

    def __init__(self, petra: Technician) -> None:
        self.petra = petra
        self.office = Office(petra.desk)
        self.ledger = self.office.ledger
        self.meters = 0

    def bought(self) -> Energy:
        """One purchase in the meter, another one on the card alone, which lies in the reader; both together."""
        self.petra.desk.sell("50.00")
        self.petra.loads(self.petra.desk.card)
        self.petra.sells(self.petra.desk.card, "20.00")
        return self.petra.file().energy_total

    def typed(
        self, how: ReadingHow = ReadingHow.HAND, *, used: Energy = NO_ENERGY, of: SupplyNo = SUPPLY
    ) -> FinalReading:
        return FinalReading(how, used, self.petra.file(of).energy_total - used)

    def changes(self, old: SupplyNo = SUPPLY, reading: FinalReading | None = None) -> MeterChange:
        """Another meter from the box of this desk takes over."""
        self.meters += 1
        number = MeterNo(f"{int(SECOND_METER) + self.meters:012d}")
        self.petra.asks(ask.EnterMeter(Meter(number, "RM-1", 1600)))
        request = ask.ChangeMeter(old, number, "display dark", reading)
        if reading is not None and reading.how is ReadingHow.ESTIMATE:
            request = replace(request, approval=self.petra.approved(request, Act.ESTIMATE))
        change = self.petra.asks(request)
        assert isinstance(change, MeterChange)
        return change

    def issues(self, change: MeterChange) -> SaleDone:
        self.petra.blank()
        done = self.petra.asks(IssueCard(self.petra.desk.world.new_id(), change.new))
        assert isinstance(done, SaleDone)
        return done

    def refusal(self, change: MeterChange) -> OperatorError:
        blank = self.petra.blank()
        before = blank.image
        with pytest.raises(OperatorError) as caught:
            self.petra.asks(IssueCard(self.petra.desk.world.new_id(), change.new))
        assert blank.image == before, "nothing was written"
        assert self.ledger.open_sale(supply=change.new) is None, "and nothing reserved"
        return caught.value

    @property
    def used(self) -> Energy:
        allowance = self.ledger.allowance(DESK)
        assert allowance is not None
        return allowance.used


@pytest.fixture
def street(desk: object, tmp_path: Path) -> Street:
    return Street(Technician(desk, tmp_path))  # type: ignore[arg-type]


@pytest.mark.parametrize("how", [ReadingHow.HAND, ReadingHow.ESTIMATE])
def test_what_somebody_typed_is_vended_as_a_sale_is(street: Street, how: ReadingHow) -> None:
    has = street.bought()
    street.office.grants(0)
    change = street.changes(reading=street.typed(how))
    assert change.carried == has
    refused = street.refusal(change)
    assert (refused.code, refused.facts) == (Code.ALLOWANCE_SPENT, {"left": NO_ENERGY, "asked": has})
    street.office.grants(1000)
    street.issues(change)
    assert street.used == has
    # The same energy once more, onto a third meter.
    again = street.changes(change.new, street.typed(how, of=change.new))
    street.issues(again)
    assert street.used == has + has
    assert street.petra.adds_up()


def test_what_the_old_meter_proved_needs_no_allowance(street: Street) -> None:
    has = street.bought()
    street.office.grants(0)
    change = street.changes()
    assert (change.carried, change.card) == (has, CardAtEnd.EMPTIED)
    street.issues(change)
    meter = street.petra.meter(change.new_meter)
    street.petra.loads(_in_reader(street.petra), meter)
    assert (meter.view().remaining, street.used) == (has, NO_ENERGY)
    assert street.petra.adds_up()


def test_an_old_card_that_was_not_emptied_proves_only_what_its_meter_told(street: Street) -> None:
    """It left on the way: what is on it can still reach the old meter, until it is emptied."""
    has = street.bought()
    in_meter = street.petra.desk.world.meter.view().remaining
    street.office.grants(0)
    street.petra.desk.card.arm(NOT_WRITTEN)
    change = street.changes()
    street.petra.desk.card.put_back()
    assert (change.carried, change.card) == (has, CardAtEnd.WAITS)
    refused = street.refusal(change)
    assert refused.facts == {"left": NO_ENERGY, "asked": has - in_meter}
    _finishes(street, street.petra.desk.card)
    street.issues(change)
    assert street.used == NO_ENERGY
    assert street.petra.adds_up()


def test_a_card_that_is_emptied_after_the_new_one_was_issued_gives_nothing_back(street: Street) -> None:
    has = street.bought()
    on_card = has - street.petra.desk.world.meter.view().remaining
    street.office.grants(1000)
    street.petra.desk.card.arm(NOT_WRITTEN)
    change = street.changes()
    street.petra.desk.card.put_back()
    street.issues(change)
    assert street.used == on_card
    _finishes(street, street.petra.desk.card)
    assert street.used == on_card


def _finishes(street: Street, card: EmulatedCard) -> None:
    street.petra.desk.readers.pull()
    street.petra.desk.readers.insert(card)
    assert isinstance(street.petra.asks(FinishSale()), SaleDone)


def test_a_supply_without_a_card_hands_on_what_was_typed_before_it(street: Street) -> None:
    has = street.bought()
    street.office.grants(0)
    second = street.changes(street.changes(reading=street.typed()).new)
    assert (second.carried, second.reading.how) == (has, ReadingHow.CARD)
    assert street.refusal(second).facts["asked"] == has


def test_a_supply_without_a_card_hands_on_what_was_proved_before_it(street: Street) -> None:
    has = street.bought()
    street.office.grants(0)
    second = street.changes(street.changes().new)
    assert second.carried == has
    street.issues(second)
    assert street.used == NO_ENERGY


def test_nothing_typed_is_carried_past_the_last_day(street: Street) -> None:
    street.bought()
    street.office.grants(1000, until=TODAY)
    change = street.changes(reading=street.typed())
    counter = street.petra.desk.counter
    later = replace(counter.outside, clock=lambda: MOMENT + timedelta(days=1))
    street.petra.desk.counter = Counter(later, operator=counter.operator)
    assert street.refusal(change).code is Code.ALLOWANCE_OVER


def test_a_torn_issue_holds_its_energy_once_however_often_it_is_begun(street: Street) -> None:
    has = street.bought()
    street.office.grants(1000)
    change = street.changes(reading=street.typed())
    street.petra.blank().arm(Fault(FaultKind.TEAR, 5))
    with pytest.raises(OutcomeUnknown):
        street.petra.asks(IssueCard(street.petra.desk.world.new_id(), change.new))
    assert street.used == has, "it fell before the card was written"
    street.issues(change)
    assert street.used == has
    assert street.petra.adds_up()


def test_a_void_gives_back_what_was_carried(street: Street) -> None:
    has = street.bought()
    street.office.grants(1000)
    change = street.changes(reading=street.typed())
    street.petra.blank().arm(Fault(FaultKind.TEAR, 5))
    with pytest.raises(OutcomeUnknown):
        street.petra.asks(IssueCard(street.petra.desk.world.new_id(), change.new))
    waiting = street.ledger.open_sale(supply=change.new)
    assert waiting is not None
    assert street.used == has
    with street.ledger.acting_as(Authority(SUPERVISOR.name, Act.VOID)):
        street.ledger.void(waiting.id, reason="the blank was thrown away", at=MOMENT)
    assert street.used == NO_ENERGY


def test_a_card_that_replaces_another_vends_nothing(street: Street) -> None:
    has = street.bought()
    street.office.grants(0)
    street.petra.reissue()
    assert (street.used, street.petra.file().energy_total) == (NO_ENERGY, has)
