"""A kept list is counted again by the records of its time: whoever is suspended, moved or opened since (row S11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.services.desk_of import DeskOf
from tests.services.test_inspection import asks, tampered
from vending_app.bench.world import MOMENT, PARAMETERS, SUPERVISOR, SUPPLY, TARIFF, TECHNICIAN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.store import FileStore
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.inspection import Criteria, SupplyRecord
from vending_app.domain.people import Customer, Meter, SupplyState
from vending_app.domain.records import Area, Terms
from vending_app.services import inspection_cases as ask
from vending_app.services.supply_cases import ChangeTerms, EnterArea, EnterCustomer, EnterMeter, EnterSupply, LifeShown
from vending_app.services.use_cases import IssueCard

PREPARED = SupplyNo("00500001")


def enters(desk: DeskOf, number: SupplyNo, meter: MeterNo) -> None:
    """A supply that waits for its first card."""
    does(desk, EnterMeter(Meter(meter, "RM-1", 1600), ""))
    lena = Customer("", "Lena Holm", "3 Quay Road")
    does(desk, EnterSupply(lena, meter, Terms("", TARIFF.code, PARAMETERS), number=number))


def issues(desk: DeskOf) -> None:
    """The supply that was prepared gets its card, and is open from then on."""
    file = desk.world.folder / "second.bin"
    FileStore.blank(file)
    desk.readers.pull()
    desk.readers.insert(EmulatedCard(FileStore(file)))
    does(desk, IssueCard(desk.world.new_id(), PREPARED))


def changes(desk: DeskOf, supply: SupplyNo, **terms: object) -> None:
    before = desk.counter.outside.ledger.terms(supply)
    assert isinstance(does(desk, ChangeTerms(supply, replace(before, **terms), "as agreed")), LifeShown)  # type: ignore[arg-type]


def renames(desk: DeskOf) -> None:
    does(desk, EnterCustomer(Customer("000001", "Amara Lind", "14 Mill Lane"), "married"))


def enters_area(desk: DeskOf, name: str) -> None:
    does(desk, EnterArea(Area("E1", name, ""), "as it is called"))


def does(desk: DeskOf, use_case: object) -> object:
    desk.counter.operator = TECHNICIAN
    return desk.counter.do(use_case)


STEPS: dict[str, Callable[[DeskOf], None]] = {
    "a name": renames,
    "an area’s name": lambda desk: enters_area(desk, "Far End"),
    "an area": lambda desk: changes(desk, SUPPLY, area=""),
    "a card": issues,
    "terms after it": lambda desk: changes(desk, PREPARED, arrears_share_percent=10),
    "a new supply": lambda desk: enters(desk, SupplyNo("00500002"), MeterNo("000087654323")),
    "an end": lambda desk: changes(desk, SUPPLY, state=SupplyState.SUSPENDED),
}


def test_what_became_of_supplies_since_changes_no_list_that_was_kept(desk: DeskOf) -> None:
    tampered(desk)
    enters(desk, PREPARED, MeterNo("000087654322"))
    enters_area(desk, "Eastfield")
    changes(desk, SUPPLY, area="E1")
    asks(desk, ask.SetCriteria(Criteria(size=2, by_chance_percent=100)))
    kept = asks(desk, ask.CountSample()).sample
    assert kept is not None

    def known(until: int) -> list[tuple[str, str, str]]:
        found: tuple[SupplyRecord, ...] = ledger.supply_records(until=until, since=MOMENT.date())
        return [(record.supply, record.customer, record.area) for record in found]

    ledger = desk.counter.outside.ledger
    assert known(1) == [(SUPPLY, "Amara Okafor", "")], "the books began with it, long before its card"
    for what, step in STEPS.items():
        step(desk)
        assert known(kept.until) == [(SUPPLY, "Amara Okafor", "Eastfield")], what
    assert known(ledger.newest_row()) == [(PREPARED, "Lena Holm", "")]
    desk.counter.operator = SUPERVISOR
    repeated = desk.counter.do(ask.RepeatSample(kept.number))
    assert isinstance(repeated, ask.Repeated)
    assert repeated.is_equal
