"""Tool cards end to end: issued, carried from meter to meter, read in, and counted as customers' cards would be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf
from tests.services.test_supply_desk import Technician
from vending_app.bench.world import CASHIER, METER, MOMENT, PARAMETERS, SUPERVISOR, SUPPLY, TARIFF, TECHNICIAN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.domain.card import CardKind
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OutcomeUnknown, VendingError
from vending_app.domain.field_reading import FieldOutcome
from vending_app.domain.ids import ActId, MeterNo, SupplyNo
from vending_app.domain.meter import MeterDecision
from vending_app.domain.people import Customer, Meter, SupplyFile
from vending_app.domain.records import Area, FinalReading, MeterState, ReadingHow, Subject, Terms
from vending_app.domain.tool_card import OF_ONE_METER, Limits, ToolState, limits_of
from vending_app.domain.verdict import Verdict
from vending_app.meter.reference import MeterInFile
from vending_app.meter.registers import RegisterFile, Registers
from vending_app.services import supply_cases, tool_cases
from vending_app.services.tool_verbs import ACTS
from vending_app.services.use_cases import IssueCard
from vending_app.ui.supply.timeline import timeline_of

AREA = "N-3"
LIMITS = Limits(Energy(30_000), Energy(5_000), 4_000, NO_ENERGY, Energy(900_000))


@dataclass
class House:
    """A supply in the street: its card, its meter."""

    supply: SupplyNo
    meter: MeterInFile
    card: EmulatedCard


@dataclass
class Street(Technician):
    """An area with houses, and somebody who walks through it."""

    houses: list[House] = field(default_factory=list)

    def provisioned(self, number: MeterNo) -> MeterInFile:
        """A meter of the area, as it leaves the workshop."""
        file = RegisterFile(self.folder / f"{number}.json", number)
        file.save(Registers(number, area=AREA, time=MOMENT - timedelta(days=30)))
        return MeterInFile(file, self.desk.world.codec, lambda: MOMENT)

    def settle_in(self, count: int) -> Street:
        self.asks(supply_cases.EnterArea(Area(AREA, "North 3")))
        first = self.provisioned(METER)
        self.houses.append(House(SUPPLY, first, self.desk.card))
        for at in range(1, count):
            self.settles(MeterNo(f"{200_000_000_000 + at}"))
        for house in self.houses:
            self.sells(house.card, "40.00")
            self.inserts(house.card, house.meter)
        return self

    def settles(self, number: MeterNo) -> House:
        """One more house, with its first card."""
        self.asks(supply_cases.EnterMeter(Meter(number, "RM-1", 1600)))
        customer = Customer("", f"Neighbour {number}", f"Mill Lane {number}")
        terms = Terms("", TARIFF.code, PARAMETERS, area=AREA)
        made = self.asks(supply_cases.EnterSupply(customer, number, terms))
        assert isinstance(made, SupplyFile)
        card = self.blank()
        self.asks(IssueCard(self.desk.world.new_id(), made.number))
        self.houses.append(House(made.number, self.provisioned(number), card))
        return self.houses[-1]

    def inserts(self, card: EmulatedCard, meter: MeterInFile) -> MeterDecision:
        card.is_out = False
        return meter.insert(EmulatedMeterSlot(card, vault=self.desk.world.vault)).decision

    def puts_in(self, card: EmulatedCard) -> None:
        self.desk.readers.pull()
        self.desk.readers.insert(card)

    def new_id(self) -> ActId:
        return ActId(self.desk.world.new_id())

    def request(self, kind: CardKind = CardKind.CHECK, **more: object) -> tool_cases.IssueToolCard:
        asked = tool_cases.IssueToolCard(
            self.new_id(),
            kind,
            area="" if kind in OF_ONE_METER else AREA,
            meter=METER if kind in OF_ONE_METER else None,
            limits=LIMITS if kind is CardKind.PARAMETER else None,
        )
        changed = replace(asked, **more)  # type: ignore[arg-type]
        acts = {kind: act for kind, act in ACTS.items() if kind is not CardKind.CHECK}
        if kind in acts:
            return replace(changed, approval=self.approved(changed, acts[kind]))
        return changed

    def issues(self, kind: CardKind = CardKind.CHECK, **more: object) -> EmulatedCard:
        card = self.blank()
        assert isinstance(self.asks(self.request(kind, **more)), tool_cases.ToolIssued)
        return card

    def reads(self, card: EmulatedCard) -> tool_cases.ToolRead:
        self.puts_in(card)
        done = self.asks(tool_cases.ReadToolCard())
        assert isinstance(done, tool_cases.ToolRead)
        return done

    def listed(self) -> tool_cases.ToolCards:
        answer = self.asks(tool_cases.ListToolCards())
        assert isinstance(answer, tool_cases.ToolCards)
        return answer

    def states(self) -> list[ToolState]:
        return [card.state(MOMENT.date()) for card in self.listed().cards]

    def energy(self) -> dict[str, int]:
        """Every energy account; the books add up."""
        proof = self.desk.counter.outside.ledger.verify()
        assert proof.problems == ()
        return proof.energy_wh


@pytest.fixture
def street(desk: DeskOf, tmp_path: Path) -> Street:
    return Street(desk, tmp_path).settle_in(2)


@pytest.fixture
def avenue(desk: DeskOf, tmp_path: Path) -> Street:
    return Street(desk, tmp_path).settle_in(5)


def test_a_round_through_five_houses_counts_what_five_visits_would_have_counted(avenue: Street) -> None:
    tool = avenue.issues()
    for at, house in enumerate(avenue.houses):
        house.meter.use(Energy(10_000 + 1_230 * at), power_w=500)
        assert avenue.inserts(tool, house.meter) is MeterDecision.COLLECTED
    before = avenue.energy()
    read = avenue.reads(tool)
    assert [reading.outcome for reading in read.fresh] == [FieldOutcome.COUNTED] * 5
    assert [reading.used for reading in read.fresh] == [Energy(10_000 + 1_230 * at) for at in range(5)]
    assert [reading.supply for reading in read.fresh] == [house.supply for house in avenue.houses]
    after = avenue.energy()
    assert after != before
    # The same registers again by the customers' own cards: newer by their running numbers, and nothing moves.
    for house in avenue.houses:
        avenue.inserts(house.card, house.meter)
        avenue.puts_in(house.card)
        assert avenue.desk.read().verdict is Verdict.READY
        last = avenue.desk.counter.outside.ledger.last_write_back(house.supply)
        held = house.meter.file.load()
        assert last is not None
        assert (last.running, last.used_total, last.remaining) == (held.running, held.used_total, held.remaining)
    assert avenue.energy() == after
    assert after.get("unexplained", 0) == 0


def test_a_record_tells_what_the_customers_card_would_have_told(street: Street) -> None:
    house = street.houses[0]
    for _ in range(300):
        house.meter.set_cover(is_open=True)
        house.meter.set_cover(is_open=False)
    street.inserts(house.card, house.meter)
    street.puts_in(house.card)
    street.desk.read()
    tool = street.issues()
    house.meter.set_cover(is_open=True)
    house.meter.use(Energy(5_550), power_w=9_000)
    street.inserts(tool, house.meter)
    [reading] = street.reads(tool).fresh
    told = reading.write_back
    assert told.tamper_events == 301, "completed from its low bits"
    held = house.meter.file.load()
    assert (told.running, told.sequence, told.energy_total) == (held.running, held.sequence, held.energy_total)
    assert (told.purchases, told.remaining, told.overload_trips) == (1, held.remaining, 1)


def test_what_came_in_already_changes_nothing(street: Street) -> None:
    tool = street.issues()
    street.inserts(tool, street.houses[0].meter)
    assert len(street.reads(tool).fresh) == 1
    before = street.energy()
    again = street.reads(tool)
    assert (again.fresh, len(again.readings)) == ((), 1)
    assert street.energy() == before


def test_a_round_that_is_read_in_after_the_customer_came_counts_nothing_twice(street: Street) -> None:
    house, tool = street.houses[0], street.issues()
    house.meter.use(Energy(7_000), power_w=500)
    street.inserts(tool, house.meter)
    house.meter.use(Energy(2_000), power_w=500)
    street.inserts(house.card, house.meter)
    street.puts_in(house.card)
    street.desk.read()
    before = street.energy()
    [reading] = street.reads(tool).fresh
    assert (reading.outcome, reading.used) == (FieldOutcome.OLDER, None)
    assert street.energy() == before
    last = street.desk.counter.outside.ledger.last_write_back(house.supply)
    assert last is not None
    assert last.running == house.meter.file.load().running


def test_a_late_round_bends_no_line_and_tells_no_event_twice(street: Street) -> None:
    house, tool = street.houses[0], street.issues()
    street.inserts(house.card, house.meter)
    street.puts_in(house.card)
    street.desk.read()
    street.inserts(tool, house.meter)
    house.meter.set_cover(is_open=True)
    house.meter.set_cover(is_open=False)
    house.meter.use(Energy(9_000), power_w=500)
    for is_late in (False, True):
        street.inserts(house.card, house.meter)
        street.puts_in(house.card)
        street.desk.read()
        if not is_late:
            assert street.reads(tool).fresh[0].outcome is FieldOutcome.OLDER
    shown = street.asks(supply_cases.ShowLife(SUPPLY))
    assert isinstance(shown, supply_cases.LifeShown)
    line = timeline_of(shown, whole=True)
    assert [event.title for event in line.events if "Cover" in event.title] == ["Cover or tampering, once"]
    left = house.meter.file.load().remaining
    assert [level.energy for level in line.levels][-2:] == [left, left]


def test_the_supplys_page_says_what_was_read_in_the_field(street: Street) -> None:
    tool = street.issues()
    street.inserts(tool, street.houses[0].meter)
    street.reads(tool)
    life = street.desk.counter.outside.ledger.life(SUPPLY)
    assert [event.text for event in life.events if event.kind == "write-back"][-1] == "field"
    street.inserts(street.houses[0].card, street.houses[0].meter)
    street.puts_in(street.houses[0].card)
    street.desk.read()
    life = street.desk.counter.outside.ledger.life(SUPPLY)
    assert [event.text for event in life.events if event.kind == "write-back"][-2:] == ["field", ""]


def test_limits_that_a_parameter_card_set_hold_through_the_next_sale(street: Street) -> None:
    tool, house = street.issues(CardKind.PARAMETER), street.houses[0]
    assert street.inserts(tool, house.meter) is MeterDecision.LIMITS_SET
    street.reads(tool)
    terms = street.desk.counter.outside.ledger.terms(SUPPLY)
    assert limits_of(terms.parameters) == LIMITS
    assert terms.parameters.constant_imp_per_kwh == 1600
    changes = street.desk.counter.outside.ledger.record_changes(Subject.SUPPLY, SUPPLY)
    assert changes[-1].reason == "parameter card 1"
    street.sells(house.card, "10.00")
    street.inserts(house.card, house.meter)
    assert limits_of(house.meter.file.load().parameters) == LIMITS
    other = street.desk.counter.outside.ledger.terms(street.houses[1].supply)
    assert limits_of(other.parameters) == limits_of(PARAMETERS), "its meter never saw the card"


def test_limits_that_the_office_set_since_are_not_undone(street: Street) -> None:
    tool, house = street.issues(CardKind.PARAMETER), street.houses[0]
    street.inserts(tool, house.meter)
    ledger = street.desk.counter.outside.ledger
    before = ledger.terms(SUPPLY)
    newer = replace(before, parameters=replace(before.parameters, overload_w=3_000))
    street.asks(supply_cases.ChangeTerms(SUPPLY, newer, "weak line", before))
    street.reads(tool)
    assert ledger.terms(SUPPLY).parameters.overload_w == 3_000


def test_a_cleared_meter_waits_in_stock_for_its_next_supply(street: Street) -> None:
    house, spare = street.houses[0], MeterNo("000087654321")
    ledger = street.desk.counter.outside.ledger
    house.meter.use(Energy(12_345), power_w=500)
    street.asks(supply_cases.EnterMeter(Meter(spare, "RM-1", 1600)))
    view = house.meter.view()
    reading = FinalReading(ReadingHow.HAND, Energy(12_340), view.remaining)
    street.asks(supply_cases.ChangeMeter(SUPPLY, spare, "worn", reading))
    assert ledger.meter_state(METER) is MeterState.REMOVED
    tool = street.issues(CardKind.CLEAR)
    house.meter.set_mains(on=False)
    house.meter.set_mains(on=True)
    assert street.inserts(tool, house.meter) is MeterDecision.CLEARED
    before = street.energy()
    read = street.reads(tool)
    assert read.stocked == METER
    assert [each.outcome for each in read.fresh] == [FieldOutcome.NO_SUPPLY]
    assert street.energy() == before
    [back] = [meter for meter in ledger.stock() if meter.number == METER]
    assert back.initial_reading == Energy(12_340)
    assert street.reads(tool).stocked is None


@pytest.mark.parametrize("used", [0, 1_000])
def test_a_round_before_a_meter_moved_says_nothing_of_whoever_has_it_since(street: Street, used: int) -> None:
    """All on one day: a round, the meter taken off and cleared, put up for somebody else, the round read in."""
    house, spare = street.houses[0], MeterNo("000087654321")
    round_before = street.issues(CardKind.PARAMETER)
    street.inserts(round_before, house.meter)
    house.meter.use(Energy(used), power_w=500)
    street.asks(supply_cases.EnterMeter(Meter(spare, "RM-1", 1600)))
    view = house.meter.view()
    reading = FinalReading(ReadingHow.HAND, view.used_total, view.remaining)
    street.asks(supply_cases.ChangeMeter(SUPPLY, spare, "worn", reading))
    clear = street.issues(CardKind.CLEAR)
    house.meter.set_mains(on=False)
    house.meter.set_mains(on=True)
    street.inserts(clear, house.meter)
    assert street.reads(clear).stocked == METER
    terms = Terms("", TARIFF.code, PARAMETERS, area=AREA)
    fresh = street.asks(supply_cases.EnterSupply(Customer("", "Next", "Mill Lane 9"), METER, terms))
    assert isinstance(fresh, SupplyFile)
    before = street.energy()
    [late] = street.reads(round_before).fresh
    assert (late.outcome, late.supply, late.used) == (FieldOutcome.NO_SUPPLY, None, None)
    assert street.energy() == before
    ledger = street.desk.counter.outside.ledger
    assert ledger.last_write_back(fresh.number) is None
    assert limits_of(ledger.terms(fresh.number).parameters) == limits_of(PARAMETERS)
    # What the meter tells under its new supply counts.
    card, check = street.blank(), street.issues()
    street.puts_in(card)
    street.asks(IssueCard(street.desk.world.new_id(), fresh.number))
    street.inserts(card, house.meter)
    street.inserts(check, house.meter)
    [now] = street.reads(check).fresh
    assert (now.outcome, now.supply) == (FieldOutcome.COUNTED, fresh.number)


def test_a_meter_that_was_cleared_under_a_living_supply_moves_no_energy_any_more(street: Street) -> None:
    house = street.houses[0]
    house.meter.use(Energy(12_345), power_w=500)
    clear, check = street.issues(CardKind.CLEAR), street.issues()
    house.meter.set_mains(on=False)
    house.meter.set_mains(on=True)
    street.inserts(clear, house.meter)
    street.inserts(check, house.meter)
    [final] = street.reads(clear).fresh
    assert (final.outcome, final.used) == (FieldOutcome.COUNTED, Energy(12_340))
    before = street.energy()
    [after] = street.reads(check).fresh
    assert after.outcome is FieldOutcome.CLEARED
    assert street.energy() == before


def test_a_meter_that_was_cleared_before_it_was_removed_comes_into_stock_when_its_card_is_read_again(
    street: Street,
) -> None:
    house, spare = street.houses[0], MeterNo("000087654321")
    ledger = street.desk.counter.outside.ledger
    tool = street.issues(CardKind.CLEAR)
    house.meter.set_mains(on=False)
    house.meter.set_mains(on=True)
    street.inserts(tool, house.meter)
    [final] = street.reads(tool).fresh
    assert final.outcome is FieldOutcome.COUNTED
    street.asks(supply_cases.EnterMeter(Meter(spare, "RM-1", 1600)))
    left = final.write_back
    reading = FinalReading(ReadingHow.HAND, left.used_total, left.remaining)
    street.asks(supply_cases.ChangeMeter(SUPPLY, spare, "worn", reading))
    before = street.energy()
    assert street.reads(tool).stocked == METER
    terms = Terms("", TARIFF.code, PARAMETERS, area=AREA)
    again = street.asks(supply_cases.EnterSupply(Customer("", "Next", "Mill Lane 9"), METER, terms))
    assert isinstance(again, SupplyFile)
    assert street.energy() == before
    street.reads(tool)
    assert ledger.meter_state(METER) is MeterState.INSTALLED


def test_a_meter_without_a_supply_is_kept_and_shown(street: Street) -> None:
    stranger = street.provisioned(MeterNo("300000000001"))
    tool = street.issues()
    street.inserts(tool, stranger)
    [reading] = street.reads(tool).fresh
    assert (reading.outcome, reading.supply, reading.customer) == (FieldOutcome.NO_SUPPLY, None, "")


@pytest.mark.parametrize("kind", [CardKind.CHECK, CardKind.PARAMETER])
def test_an_issue_torn_anywhere_is_finished_by_asking_again_or_by_reading_in(street: Street, kind: CardKind) -> None:
    for at, residue in ((8, Residue.OLD), (20, Residue.MIXED), (34, Residue.ERASED), (46, Residue.OLD)):
        card, request = street.blank(), street.request(kind)
        card.arm(Fault(FaultKind.TEAR, at, residue))
        with pytest.raises(OutcomeUnknown) as broken:
            street.asks(request)
        assert broken.value.code is Code.TOOL_CARD_IN_DOUBT
        assert street.states()[0] is ToolState.UNFINISHED
        street.puts_in(card)
        if at % 4:
            assert street.reads(card).was_finished
        else:
            done = street.asks(request)
            assert isinstance(done, tool_cases.ToolIssued)
        assert street.states()[0] is ToolState.OUT
        assert street.inserts(card, street.houses[0].meter).error_code == ""
        assert len(street.reads(card).fresh) == 1
    assert len(street.listed().cards) == 4, "no number was used twice"


def test_asked_twice_it_is_issued_once(street: Street) -> None:
    request = street.request()
    card = street.blank()
    street.asks(request)
    image = card.image
    again = street.asks(request)
    assert isinstance(again, tool_cases.ToolIssued)
    assert again.was_repeated
    assert card.image == image
    assert street.refusal(replace(request, days=3)) is Code.SALE_ID_REUSED


def test_a_card_goes_out_again_only_when_nothing_on_it_is_lost(street: Street) -> None:
    tool = street.issues()
    street.inserts(tool, street.houses[0].meter)
    street.puts_in(tool)
    before = tool.image
    assert street.refusal(street.request()) is Code.TOOL_CARD_UNREAD
    assert tool.image == before
    street.reads(tool)
    assert street.states() == [ToolState.READ]
    street.asks(street.request(CardKind.PARAMETER))
    assert street.states() == [ToolState.OUT, ToolState.ANEW]
    assert street.inserts(tool, street.houses[1].meter) is MeterDecision.LIMITS_SET
    assert [reading.mandate for reading in street.reads(tool).readings] == [2]


def test_an_older_issue_is_not_finished_over_a_newer_one(street: Street) -> None:
    card, first = street.issues(), street.request()
    street.puts_in(card)
    card.arm(Fault(FaultKind.TEAR, 8, Residue.MIXED))
    with pytest.raises(OutcomeUnknown):
        street.asks(first)
    street.puts_in(card)
    street.asks(street.request())
    image = card.image
    assert street.refusal(first) is Code.TOOL_CARD_ISSUED_ANEW
    assert card.image == image


REFUSED = [
    (lambda street: street.request(days=0), Code.RECORD_REFUSED),
    (lambda street: street.request(days=32), Code.RECORD_REFUSED),
    (lambda street: street.request(limits=LIMITS), Code.RECORD_REFUSED),
    (lambda street: street.request(CardKind.PARAMETER, limits=None), Code.RECORD_REFUSED),
    (
        lambda street: street.request(CardKind.PARAMETER, limits=replace(LIMITS, alarm_2=Energy(90_000))),
        Code.RECORD_REFUSED,
    ),
    (lambda street: street.request(area="N-4"), Code.AREA_UNKNOWN),
    (lambda street: street.request(area="NORTHERN-3"), Code.TOOL_AREA_REFUSED),
    (lambda street: street.request(carrier=CASHIER.name), Code.OPERATOR_UNKNOWN),
    (lambda street: street.request(CardKind.CLEAR, meter=MeterNo("999999999999")), Code.METER_UNKNOWN),
    (lambda street: replace(street.request(CardKind.PARAMETER), approval=None), Code.APPROVAL_NEEDED),
    (lambda street: replace(street.request(CardKind.CLEAR), days=9), Code.APPROVAL_OTHER),
]


@pytest.mark.parametrize(("asked", "code"), REFUSED, ids=[str(at) for at in range(len(REFUSED))])
def test_what_cannot_be_issued_is_refused_before_anything_is_written(street: Street, asked: object, code: Code) -> None:
    assert callable(asked)
    street.asks(supply_cases.EnterArea(Area("NORTHERN-3", "Too long for a card")))
    card = street.blank()
    before = card.image
    assert street.refusal(asked(street)) is code
    assert (card.image, street.listed().cards) == (before, ())


def test_a_cashier_has_nothing_to_do_with_tool_cards(street: Street) -> None:
    for asked in (street.request(), tool_cases.ReadToolCard(), tool_cases.ListToolCards()):
        street.desk.counter.operator = CASHIER
        with pytest.raises(VendingError) as refused:
            street.desk.counter.do(asked)
        assert refused.value.code is Code.PERMISSION_DENIED


def test_a_supervisor_issues_a_check_card_and_reads_it_in(street: Street) -> None:
    card = street.blank()
    street.desk.counter.operator = SUPERVISOR
    done = street.desk.counter.do(street.request(carrier=TECHNICIAN.name))
    assert isinstance(done, tool_cases.ToolIssued)
    assert (done.card.draft.carrier, done.card.draft.issued_by) == (TECHNICIAN.name, SUPERVISOR.name)
    street.inserts(card, street.houses[0].meter)
    street.puts_in(card)
    read = street.desk.counter.do(tool_cases.ReadToolCard())
    assert isinstance(read, tool_cases.ToolRead)
    assert len(read.fresh) == 1


def test_other_cards_are_told_apart(street: Street) -> None:
    street.puts_in(street.houses[0].card)
    assert street.refusal(tool_cases.ReadToolCard()) is Code.CARD_NOT_TOOL
    assert street.refusal(street.request()) is Code.CARD_NOT_TOOL
    street.blank()
    assert street.refusal(tool_cases.ReadToolCard()) is Code.CARD_NOT_TOOL
    tool = street.issues()
    street.puts_in(tool)
    reading = street.desk.read()
    assert reading.verdict is Verdict.NOT_A_CUSTOMER_CARD


def test_a_record_that_was_tampered_with_is_not_taken(street: Street) -> None:
    tool = street.issues()
    street.inserts(tool, street.houses[0].meter)
    vault = street.desk.world.vault
    header = street.desk.world.codec.decode(tool.image).header
    assert header is not None
    tool.is_out = False
    tool.chip.present(vault.psc(card=header.card, key_version=1))
    tool.chip.update_main(0x50 + 9, b"\x01")
    tool.power_off()
    assert street.reads(tool).readings == ()


def test_a_tool_card_comes_from_the_box_once_however_often_it_goes_out(street: Street) -> None:
    ledger = street.desk.counter.outside.ledger
    before = ledger.card_stock(limit=1).here
    tool = street.issues()
    assert ledger.card_stock(limit=1).here == before - 1
    street.reads(tool)
    street.puts_in(tool)
    again = street.asks(street.request())
    assert isinstance(again, tool_cases.ToolIssued)
    assert ledger.card_stock(limit=1).here == before - 1
    (taken,) = ledger.card_stock(limit=1).moves
    assert (taken.change, taken.sale) == (-1, None)
    assert taken.mandate is not None
    assert street.energy() is not None
