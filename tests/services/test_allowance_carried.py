"""Energy that goes to another meter under an allowance is vended, however it is known what the old meter had."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.services.test_allowance import TODAY, Office
from tests.services.test_supply_desk import SECOND_METER, Technician, _in_reader
from vending_app.bench.world import DESK, MOMENT, SUPERVISOR, SUPPLY
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.people import Meter
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import FinalReading, MeterChange, ReadingHow
from vending_app.services import supply_cases as ask
from vending_app.services.counter import Counter
from vending_app.services.use_cases import IssueCard, SaleDone


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


@pytest.mark.parametrize("how", list(ReadingHow))
def test_what_a_first_card_carries_is_vended_as_a_sale_is(street: Street, how: ReadingHow) -> None:
    has = street.bought()
    street.office.grants(0)
    change = street.changes(reading=None if how is ReadingHow.CARD else street.typed(how))
    assert (change.carried, change.reading.how) == (has, how)
    refused = street.refusal(change)
    assert (refused.code, refused.facts) == (Code.ALLOWANCE_SPENT, {"left": NO_ENERGY, "asked": has})
    street.office.grants(1000)
    street.issues(change)
    assert street.used == has
    # The same energy once more, onto a third meter.
    again = street.changes(change.new, street.typed(of=change.new))
    street.issues(again)
    assert street.used == has + has
    assert street.petra.adds_up()


def test_a_chain_of_changes_read_by_card_fills_no_meter_after_the_other(street: Street) -> None:
    """Each old meter stays on its wall and goes on: what it wrote back proves what it had, not that it came off."""
    has = street.bought()
    street.office.grants(0)
    change = street.changes()
    assert street.refusal(change).code is Code.ALLOWANCE_SPENT
    street.office.grants(int(has.wh) // 1000 + 1)
    street.issues(change)
    street.petra.loads(_in_reader(street.petra), street.petra.meter(change.new_meter))
    second = street.changes(change.new)
    assert second.reading.how is ReadingHow.CARD
    assert street.refusal(second).code is Code.ALLOWANCE_SPENT
    assert street.used == has


def test_nothing_is_carried_past_the_last_day(street: Street) -> None:
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
