"""A card that came back is made blank again: only one that nobody needs, and whatever breaks meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from vending_app.bench.world import CASHIER, MOMENT, SUPPLY, TECHNICIAN, World, make_world
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.kinds import KINDS, Hooks
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.domain.card import CardKind, ImageState
from vending_app.domain.card_stock import CardStock
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ActId
from vending_app.domain.money import Money
from vending_app.domain.records import Area, CardEnd
from vending_app.services.counter import Counter
from vending_app.services.stock_cases import ClearCard
from vending_app.services.supply_cases import EnterArea, ReissueCard
from vending_app.services.tool_cases import IssueToolCard
from vending_app.services.use_cases import CardReading, IssueCard, OpenShift, ReadCard, Sell

DESFIRES = ("desfire-ev1", "desfire-ev2", "desfire-ev3")
COMMANDS = 14
"""Of a clearing: the card is read, then its own key is chosen, proved, and used."""
OTHERS = sorted(set(KINDS) - set(DESFIRES))


class Office:
    """A technician's desk, and two cards of a kind: the first is the customer's."""

    def __init__(self, world: World, counter: Counter, readers: BuiltInReaders, folder: Path) -> None:
        self.world = world
        self.counter = counter
        self._readers = readers
        self.first = world.card()
        self._files = folder
        counter.operator = CASHIER
        counter.do(OpenShift(Money(10_000)))
        counter.operator = TECHNICIAN
        self.put(self.first)
        counter.do(IssueCard(world.new_id(), SUPPLY))

    def put(self, card: SoftwareCard) -> None:
        self._readers.insert(card)

    def another(self, chip: str | None = None) -> SoftwareCard:
        """A blank one."""
        path, kind = self._files / "another.bin", KINDS[chip or self.world.chip]
        kind.make_blank(path)
        return kind.open(path, Hooks())

    def replaces(self) -> None:
        """The customer gets another card; the first lies in the reader again."""
        self.put(self.another())
        self.counter.do(ReissueCard(self.world.new_id(), SUPPLY, CardEnd.BROKEN))
        self.put(self.first)

    def clears(self) -> CardStock:
        stock = self.counter.do(ClearCard())
        assert isinstance(stock, CardStock)
        return stock

    def reads(self) -> CardReading:
        reading = self.counter.do(ReadCard())
        assert isinstance(reading, CardReading)
        return reading

    def refusal(self) -> Code:
        before = self.first.image
        with pytest.raises(OperatorError) as refused:
            self.counter.do(ClearCard())
        assert self.first.image == before
        return refused.value.code


def an_office(folder: Path, chip: str) -> Iterator[Office]:
    world, readers = make_world(folder / "office", chip=chip), BuiltInReaders()
    with world.open(readers) as counter:
        yield Office(world, counter, readers, folder)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    yield from an_office(tmp_path, "desfire-ev2")


@pytest.fixture(params=DESFIRES)
def any_desfire(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Office]:
    yield from an_office(tmp_path, request.param)


def test_a_replaced_card_becomes_a_blank_one_in_the_box_and_serves_again(any_desfire: Office) -> None:
    office = any_desfire
    office.replaces()
    number = office.reads().image.header
    assert number is not None
    before = office.counter.outside.ledger.card_stock(limit=1).here
    stock = office.clears()
    assert stock.here == before + 1
    assert stock.moves[0].reference == f"card {number.card}, cleared"
    assert office.reads().image.state is ImageState.BLANK
    office.counter.do(ReissueCard(office.world.new_id(), SUPPLY, CardEnd.LOST))
    reading = office.reads()
    assert reading.record is not None
    assert reading.record.number == office.counter.outside.ledger.supply(SUPPLY, today=MOMENT.date()).card
    assert office.counter.outside.ledger.verify().is_ok


def test_what_a_meter_wrote_on_it_is_kept_before_it_is_cleared(office: Office) -> None:
    office.world.meter.insert(EmulatedMeterSlot(office.first, vault=office.world.vault))
    office.replaces()
    ledger = office.counter.outside.ledger
    assert ledger.last_write_back(SUPPLY) is None
    office.clears()
    assert ledger.last_write_back(SUPPLY) is not None


def test_a_card_that_its_supply_needs_is_not_cleared(office: Office) -> None:
    assert office.refusal() is Code.CARD_IN_USE


def test_a_card_that_waits_for_its_sale_is_not_cleared(office: Office) -> None:
    office.counter.operator = CASHIER
    office.first.arm(Fault(FaultKind.PULL_BEFORE, 13))
    with pytest.raises(Exception, match=r"in-doubt"):
        office.counter.do(Sell(office.world.new_id(), SUPPLY, amount=Money(5000)))
    office.counter.operator = TECHNICIAN
    office.put(office.first)
    assert office.refusal() is Code.SALE_INTERRUPTED


def test_a_blank_card_is_left_alone(office: Office) -> None:
    office.put(office.another())
    assert office.refusal() is Code.CARD_BLANK


def test_a_tool_card_is_left_alone(office: Office) -> None:
    office.put(office.another("sle4442"))
    office.counter.do(EnterArea(Area("N-3", "North 3")))
    office.counter.do(IssueToolCard(ActId(office.world.new_id()), CardKind.CHECK, area="N-3"))
    assert office.refusal() is Code.CARD_IS_TOOL


@pytest.mark.parametrize("chip", OTHERS)
def test_a_chip_that_cannot_be_cleared_says_so(tmp_path: Path, chip: str) -> None:
    for office in an_office(tmp_path, chip):
        office.replaces()
        assert office.refusal() is Code.CARD_CANNOT_CLEAR


def faults() -> Iterator[Fault]:
    for at in range(1, COMMANDS + 1):
        yield Fault(FaultKind.PULL_BEFORE, at)
        yield Fault(FaultKind.ANSWER_LOST, at)
    yield from (Fault(FaultKind.TEAR, 1, residue) for residue in Residue)


@pytest.mark.parametrize(
    "fault", list(faults()), ids=lambda fault: f"{fault.kind.value}-{fault.at}-{fault.residue.value}"
)
def test_whatever_breaks_meanwhile_it_is_blank_then_or_as_before_and_is_done_again(
    office: Office, fault: Fault
) -> None:
    office.replaces()
    office.first.arm(fault)
    with pytest.raises(OperatorError) as broken:
        office.clears()
    assert broken.value.code is Code.CARD_REMOVED
    office.put(office.first)
    if office.reads().image.state is not ImageState.BLANK:
        office.clears()
    assert office.reads().image.state is ImageState.BLANK


def test_the_faults_above_are_all_there_are(office: Office) -> None:
    office.replaces()
    office.first.reset_counters()
    office.clears()
    assert (office.first.apdus, office.first.all_bytes_programmed) == (COMMANDS, 1)
