"""A card that nobody needs is made blank again, by two people: only such a one, and whatever breaks meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from vending_app.bench.world import CASHIER, MOMENT, SUPERVISOR, SUPPLY, TECHNICIAN, World, make_world
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.desfire.state import CardState
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.kinds import KINDS, Hooks
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.emulated.store import FileStore
from vending_app.cardio.totals1_layout import SLOTS
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardKind, ImageState
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.ids import ActId, CardNo
from vending_app.domain.money import Money
from vending_app.domain.people import Operator
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import Area, CardEnd
from vending_app.services.counter import Counter
from vending_app.services.stock_cases import CardRetired, RetireCard
from vending_app.services.supply_cases import EnterArea, ReissueCard
from vending_app.services.tool_cases import IssueToolCard
from vending_app.services.use_cases import CardReading, IssueCard, OpenShift, ReadCard, Sell


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

    @property
    def told(self) -> list[str]:
        """The kinds of the newest rows of the journal but for codes that were tried, the oldest first."""
        wanted = "SELECT kind FROM journal WHERE kind <> 'code-tried' ORDER BY id DESC LIMIT 2"
        rows = self.counter.outside.ledger._books.all(wanted)  # type: ignore[attr-defined]
        return [row["kind"] for row in reversed(rows)]

    def comes_home(self, card: SoftwareCard) -> None:
        """The card goes to the meter and is read at the counter."""
        self.world.meter.insert(EmulatedMeterSlot(card, vault=self.world.vault))
        self.put(card)
        self.reads()
        self.put(self.first)

    def approved(self, number: CardNo | None = None) -> RetireCard:
        asked = RetireCard(number or self.reads().card)
        given = self.counter.approvals.give(asked, SUPERVISOR, operator=TECHNICIAN, act=Act.RETIRE_CARD)
        return replace(asked, approval=given.id)

    def retires(self, number: CardNo | None = None) -> CardRetired:
        """The card in the reader, which is shown to be this one or said to have been."""
        done = self.counter.do(self.approved(number))
        assert isinstance(done, CardRetired)
        return done

    def sells(self) -> None:
        self.counter.operator = CASHIER
        self.counter.do(Sell(self.world.new_id(), SUPPLY, amount=Money(5000)))
        self.counter.operator = TECHNICIAN

    @property
    def number(self) -> CardNo:
        """Of the card in the reader."""
        header = self.reads().image.header
        assert header is not None
        return header.card

    def word(self) -> Authority:
        """The technician's right with the supervisor's word."""
        asked = RetireCard()
        given = self.counter.approvals.give(asked, SUPERVISOR, operator=TECHNICIAN, act=Act.RETIRE_CARD)
        return Authority(TECHNICIAN.name, Act.RETIRE_CARD, given)

    def reads(self) -> CardReading:
        reading = self.counter.do(ReadCard())
        assert isinstance(reading, CardReading)
        return reading

    def refusal(self) -> Code:
        before = self.first.image
        with pytest.raises(OperatorError) as refused:
            self.counter.do(self.approved())
        assert self.first.image == before
        return refused.value.code


def an_office(folder: Path, chip: str) -> Iterator[Office]:
    world, readers = make_world(folder / "office", chip=chip), BuiltInReaders()
    with world.open(readers) as counter:
        yield Office(world, counter, readers, folder)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    yield from an_office(tmp_path, "sle4442")


@pytest.mark.parametrize("chip", KINDS)
def test_a_replaced_card_becomes_a_blank_one_in_the_box_and_serves_again(tmp_path: Path, chip: str) -> None:
    for office in an_office(tmp_path, chip):
        office.replaces()
        header = office.reads().image.header
        assert header is not None
        before = office.counter.outside.ledger.card_stock(limit=1).here
        done = office.retires()
        assert (done.card, done.supply, done.stock.here) == (header.card, SUPPLY, before + 1)
        assert done.stock.moves[0].reference == f"card {header.card}, retired"
        assert office.told == ["retire", "card-stock"]
        assert office.reads().image.state is ImageState.BLANK
        office.counter.do(ReissueCard(office.world.new_id(), SUPPLY, CardEnd.LOST))
        reading = office.reads()
        assert reading.record is not None
        assert reading.record.number == office.counter.outside.ledger.supply(SUPPLY, today=MOMENT.date()).card
        assert office.counter.outside.ledger.verify().problems == ()


def test_without_a_second_person_nothing_is_erased(office: Office) -> None:
    office.replaces()
    before = office.first.image
    with pytest.raises(OperatorError) as refused:
        office.counter.do(RetireCard(office.number))
    assert refused.value.code is Code.APPROVAL_NEEDED
    assert office.first.image == before


def test_what_was_approved_is_the_card_that_was_shown(office: Office) -> None:
    office.replaces()
    asked = office.approved()
    office.put(office.another())
    office.counter.do(ReissueCard(office.world.new_id(), SUPPLY, CardEnd.BROKEN))
    office.counter.do(ReadCard())
    for other in (CardNo("000000000009"), None):
        wrong = replace(asked, card=other, approval=None)
        office.put(office.first)
        given = office.counter.approvals.give(wrong, SUPERVISOR, operator=TECHNICIAN, act=Act.RETIRE_CARD)
        before = office.first.image
        with pytest.raises(OperatorError) as refused:
            office.counter.do(replace(wrong, approval=given.id))
        assert refused.value.code is Code.CARD_SWAPPED
        assert office.first.image == before
    assert office.counter.do(asked).card == asked.card  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", [CASHIER, SUPERVISOR])
def test_who_makes_no_cards_retires_none(office: Office, who: Operator) -> None:
    office.replaces()
    office.counter.operator = who
    with pytest.raises(OperatorError) as refused:
        office.counter.do(RetireCard(office.number))
    assert refused.value.code is Code.PERMISSION_DENIED


def test_what_a_meter_wrote_on_it_is_kept_before_it_is_erased(office: Office) -> None:
    office.world.meter.insert(EmulatedMeterSlot(office.first, vault=office.world.vault))
    office.replaces()
    ledger = office.counter.outside.ledger
    assert ledger.last_write_back(SUPPLY) is None
    office.retires()
    assert ledger.last_write_back(SUPPLY) is not None


def test_an_order_that_no_meter_has_shown_to_have_taken_is_not_erased(office: Office) -> None:
    office.sells()
    other = office.another()
    office.put(other)
    office.counter.do(ReissueCard(office.world.new_id(), SUPPLY, CardEnd.BROKEN))
    office.put(office.first)
    assert office.refusal() is Code.CARD_UNPROVED
    office.comes_home(other)
    office.retires()
    assert office.reads().image.state is ImageState.BLANK


def test_a_card_that_its_supply_needs_is_not_retired(office: Office) -> None:
    assert office.refusal() is Code.CARD_IN_USE
    with pytest.raises(OperatorError) as refused, office.counter.outside.ledger.acting_as(office.word()):
        office.counter.outside.ledger.retire_card(office.number, chip="SLE4442", uid=b"", at=MOMENT)
    assert refused.value.code is Code.CARD_IN_USE, "the books look for themselves"


def test_a_card_that_waits_for_its_sale_is_not_retired(office: Office) -> None:
    office.first.arm(Fault(FaultKind.TEAR, 13))
    with pytest.raises(OutcomeUnknown):
        office.sells()
    office.counter.operator = TECHNICIAN
    office.put(office.first)
    assert office.refusal() is Code.SALE_INTERRUPTED


def test_a_blank_card_is_left_alone(office: Office) -> None:
    office.put(office.another())
    assert office.refusal() is Code.CARD_BLANK


def test_a_tool_card_is_left_alone(office: Office) -> None:
    office.put(office.another())
    office.counter.do(EnterArea(Area("N-3", "North 3")))
    office.counter.do(IssueToolCard(ActId(office.world.new_id()), CardKind.CHECK, area="N-3"))
    assert office.refusal() is Code.CARD_IS_TOOL


@pytest.mark.parametrize("chip", ["sle4442", "classic", "desfire-ev2"])
@pytest.mark.parametrize("before_end", [0, 2, 5])
def test_torn_out_meanwhile_it_is_told_once_and_is_finished_by_doing_it_again(
    tmp_path: Path, chip: str, before_end: int
) -> None:
    commands = _commands(tmp_path / "trial", chip)
    for office in an_office(tmp_path, chip):
        office.replaces()
        number = office.number
        office.first.arm(Fault(FaultKind.PULL_BEFORE, commands - before_end))
        with pytest.raises(OperatorError) as broken:
            office.retires()
        assert broken.value.code is Code.CARD_TORN
        office.put(office.first)
        ledger = office.counter.outside.ledger
        before = ledger.card_stock(limit=1).here
        assert office.retires(number).card == number
        assert office.refusal() is Code.CARD_BLANK
        assert ledger.card_stock(limit=1).here == before + 1
        assert ledger._books.value("SELECT count(*) FROM card_retirements") == 1  # type: ignore[attr-defined]
        assert ledger.verify().problems == ()


@pytest.mark.parametrize("chip", ["sle4442", "classic", "desfire-ev1", "desfire-ev2"])
def test_a_card_whose_last_answer_was_lost_is_counted_when_it_is_retired_again(tmp_path: Path, chip: str) -> None:
    commands = _commands(tmp_path / "trial", chip)
    for office in an_office(tmp_path, chip):
        office.replaces()
        number, ledger = office.number, office.counter.outside.ledger
        before = ledger.card_stock(limit=1).here
        office.first.reset_counters()
        office.first.arm(Fault(FaultKind.ANSWER_LOST, commands - 1 if chip.startswith("sle") else commands))
        with pytest.raises(OperatorError):
            office.retires()
        office.put(office.another())
        # A chip without a number of its own is this one only if somebody says so; another chip is never.
        for said in (None,) if chip == "sle4442" else (None, number):
            with pytest.raises(OperatorError) as refused:
                office.retires(said)
            assert refused.value.code is Code.CARD_BLANK
        assert ledger.card_stock(limit=1).here == before
        office.put(office.first)
        if chip == "sle4442":
            with pytest.raises(OperatorError) as refused:
                office.retires(CardNo("000000000009"))
            assert refused.value.code is Code.CARD_SWAPPED
        assert office.retires(number if chip == "sle4442" else None).card == number
        assert ledger.card_stock(limit=1).here == before + 1
        assert ledger.verify().problems == ()


def test_the_box_counts_a_retired_card_once(office: Office) -> None:
    office.replaces()
    number, ledger = office.number, office.counter.outside.ledger
    office.retires()
    before = ledger.card_stock(limit=1).here
    with ledger.acting_as(office.word()):
        ledger.receive_retired(number, at=MOMENT)
    assert ledger.card_stock(limit=1).here == before


@pytest.mark.parametrize("chip", ["desfire-ev1", "desfire-ev2", "desfire-ev3"])
def test_a_desfire_card_keeps_no_key_of_a_version_that_is_retired_after_it(tmp_path: Path, chip: str) -> None:
    for office in an_office(tmp_path, chip):
        office.replaces()
        office.retires()
        office.world.vault.take_over(SealedVault({2: bytearray(range(16, 32))}))
        office.world.vault.retire([1])
        assert office.reads().image.state is ImageState.BLANK


@pytest.mark.parametrize("chip", ["desfire-ev2"])
def test_a_desfire_card_torn_at_any_command_of_its_retirement_is_finished_by_retiring_it_again(
    tmp_path: Path, chip: str
) -> None:
    commands = _commands(tmp_path / "trial", chip)
    for back, kind in product(range(4), (FaultKind.PULL_BEFORE, FaultKind.ANSWER_LOST)):
        folder = tmp_path / f"{back} {kind.value}"
        folder.mkdir()
        for office in an_office(folder, chip):
            office.replaces()
            office.first.reset_counters()
            office.first.arm(Fault(kind, commands - back))
            with pytest.raises(OperatorError):
                office.retires()
            office.put(office.first)
            office.retires()
            assert isinstance(office.first, EmulatedDesfire)
            state = office.first.state
            assert state.to_bytes() == CardState.factory(state.uid, state.generation).to_bytes()


def _commands(folder: Path, chip: str) -> int:
    """Of a whole retirement."""
    folder.mkdir()
    for office in an_office(folder, chip):
        office.replaces()
        office.first.reset_counters()
        office.retires()
        return office.first.apdus
    raise AssertionError("there was no office")


@pytest.mark.parametrize("chip", ["sle4442", "desfire-ev2"])
def test_a_card_of_a_retired_version_is_refused_before_the_books_tell_of_it(tmp_path: Path, chip: str) -> None:
    """It can never be made blank; nothing waits for it then."""
    for office in an_office(tmp_path, chip):
        office.replaces()
        office.world.vault.take_over(SealedVault({2: bytearray([2] * 16)}))
        office.world.vault.retire([1])
        books, image = office.counter.outside.ledger._books, office.first.image  # type: ignore[attr-defined]
        with pytest.raises(EnvironmentFault) as refused:
            office.retires()
        assert refused.value.code is Code.KEY_VERSION_UNKNOWN
        assert books.value("SELECT count(*) FROM card_retirements") == 0
        assert office.first.image == image


@pytest.mark.parametrize("at", [1, 5])
def test_a_card_that_lied_while_it_was_made_blank_is_made_blank_again(tmp_path: Path, at: int) -> None:
    """What is left of its orders is no order of keys that are missing here."""
    for office in an_office(tmp_path, "classic"):
        office.sells()
        office.comes_home(office.first)
        office.replaces()
        office.first.arm(Fault(FaultKind.LIE, at))
        with pytest.raises(VendingError):
            office.retires()
        office.first.arm(None)
        office.retires()
        assert office.reads().image.state is ImageState.BLANK


def test_what_its_chip_would_refuse_is_refused_before_the_books_tell_of_it(office: Office) -> None:
    """Nothing on it proves it ours any more, so all three tries are wanted, and it has two."""
    office.replaces()
    assert isinstance(office.first, EmulatedCard)
    for slot in SLOTS:
        for address in range(slot.address, slot.end):
            FileStore(office.world.card_file).put(address, 0xFF)
    office.first.chip.present(b"\1\2\3")
    books, ledger = office.counter.outside.ledger._books, office.counter.outside.ledger  # type: ignore[attr-defined]
    before = ledger.card_stock(limit=1).here
    assert office.refusal() is Code.CARD_LAST_TRY
    assert books.value("SELECT count(*) FROM card_retirements") == 0
    office.put(office.another())
    assert office.refusal() is Code.CARD_BLANK
    assert ledger.card_stock(limit=1).here == before
