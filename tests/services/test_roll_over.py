"""A new version of the keys while the old one is in the field: nobody's card stops, and no energy counts twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf
from tests.services.test_tool_cards import AREA, Street
from vending_app.bench.world import METER, MOMENT, SUPPLY
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OutcomeUnknown
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.meter import MeterDecision
from vending_app.domain.tool_card import NewKeys
from vending_app.services import tool_cases
from vending_app.services.use_cases import SaleDone


@pytest.fixture
def street(desk: DeskOf, tmp_path: Path) -> Street:
    """Two houses that wrote back under version 1, and an office that made version 2 since."""
    settled = Street(desk, tmp_path).settle_in(2)
    roll(settled)
    return settled


def roll(street: Street) -> None:
    vault = street.desk.world.vault
    next_version = vault.key_version + 1
    vault.take_over(SealedVault({next_version: bytearray([next_version] * 16)}))


def versions(sale: SaleDone) -> tuple[int, int]:
    """Of the order, and of the last write-back that the office knows."""
    assert sale.write_back is not None
    return sale.sale.intent.order.key_version, sale.write_back.key_version


def known(street: Street, supply: SupplyNo = SUPPLY) -> int:
    last = street.desk.counter.outside.ledger.last_write_back(supply)
    assert last is not None
    return last.key_version


def test_meters_that_never_saw_a_key_card_go_on_as_before(street: Street) -> None:
    for house in street.houses:
        assert versions(street.sells(house.card, "10.00")) == (1, 1)
        assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED
        assert versions(street.sells(house.card, "10.00")) == (1, 1)


def test_a_key_card_that_was_read_in_moves_its_meter_to_the_new_keys_and_no_other(street: Street) -> None:
    house, other = street.houses
    key_card = street.issues(CardKind.KEY)
    assert versions(street.sells(house.card, "10.00")) == (1, 1), "the meter has not seen it yet"
    assert street.inserts(key_card, house.meter) is MeterDecision.KEYS_LEARNT
    assert street.inserts(key_card, other.meter) is MeterDecision.TOOL_ELSEWHERE
    [reading] = street.reads(key_card).readings
    assert (reading.meter, reading.write_back.key_version) == (METER, 2)
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED, "sold before, under the old keys"
    assert versions(street.sells(house.card, "10.00")) == (2, 2)
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED
    assert versions(street.sells(other.card, "10.00")) == (1, 1)
    assert street.inserts(other.card, other.meter) is MeterDecision.CREDITED
    assert street.desk.counter.outside.ledger.verify().problems == ()


def test_the_customers_own_card_tells_it_too(street: Street) -> None:
    house = street.houses[0]
    street.inserts(street.issues(CardKind.KEY), house.meter)
    street.inserts(house.card, house.meter)
    assert versions(street.sells(house.card, "10.00")) == (2, 2)
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED


def test_a_check_card_under_the_old_keys_does_not_set_a_meter_back(street: Street) -> None:
    house = street.houses[0]
    street.inserts(street.issues(CardKind.KEY), house.meter)
    street.inserts(house.card, house.meter)
    street.puts_in(house.card)
    street.desk.read()
    check = street.issues()
    assert street.inserts(check, house.meter) is MeterDecision.COLLECTED
    [reading] = street.reads(check).readings
    assert reading.write_back.key_version == known(street) == 2


def test_a_card_for_one_meter_is_made_under_keys_that_it_proved(street: Street) -> None:
    """It came from the workshop after the first version was retired everywhere but at this desk."""
    masters, number = street.desk.world.vault._masters, MeterNo("300000000002")
    first = masters.pop(1)
    house = street.settles(number)
    house.meter.file.save(replace(house.meter.file.load(), key_version=2, key_versions=(2,)))
    for _ in "AB":
        street.sells(house.card, "10.00")
        assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED
    street.puts_in(house.card)
    street.desk.read()
    masters[1] = first
    assert street.refusal(street.request(CardKind.KEY, meter=number)) is Code.TOOL_KEYS_KNOWN
    roll(street)
    assert street.inserts(street.issues(CardKind.KEY, meter=number), house.meter) is MeterDecision.KEYS_LEARNT
    clear = street.issues(CardKind.CLEAR, meter=number)
    house.meter.set_mains(on=False)
    house.meter.set_mains(on=True)
    assert street.inserts(clear, house.meter) is MeterDecision.CLEARED


def test_a_first_card_for_a_meter_that_never_wrote_back_is_made_under_the_oldest_keys(street: Street) -> None:
    house = street.settles(MeterNo("300000000001"))
    sale = street.sells(house.card, "10.00")
    assert sale.sale.intent.order.key_version == 1
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED


def test_versions_may_be_skipped_and_an_older_key_card_is_refused_afterwards(street: Street) -> None:
    house = street.houses[0]
    old = street.issues(CardKind.KEY)
    roll(street)
    assert street.inserts(street.issues(CardKind.KEY), house.meter) is MeterDecision.KEYS_LEARNT
    assert street.inserts(old, house.meter) is MeterDecision.KEYS_KNOWN
    street.inserts(house.card, house.meter)
    assert versions(street.sells(house.card, "10.00")) == (3, 3)
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED


def test_a_key_card_needs_newer_keys_a_meter_and_a_second_person(desk: DeskOf, tmp_path: Path) -> None:
    street = Street(desk, tmp_path).settle_in(2)
    street.blank()
    assert street.refusal(street.request(CardKind.KEY)) is Code.TOOL_KEYS_KNOWN
    roll(street)
    assert street.refusal(street.request(CardKind.KEY, meter=MeterNo("999999999999"))) is Code.METER_UNKNOWN
    assert street.refusal(replace(street.request(CardKind.KEY), approval=None)) is Code.APPROVAL_NEEDED
    in_area = street.houses[1].meter.file.load().meter
    issued = street.asks(street.request(CardKind.KEY, meter=in_area))
    assert isinstance(issued, tool_cases.ToolIssued)
    assert issued.card.draft.new_keys == NewKeys(2, AREA)
    shown = street.listed().cards[0]
    assert (shown.draft.kind, shown.draft.new_keys, shown.draft.limits) == (CardKind.KEY, NewKeys(2, AREA), None)


@pytest.mark.parametrize("at", [9, 40, 90, 110, 140])
def test_an_issue_that_was_torn_is_finished_with_the_same_bytes(street: Street, at: int) -> None:
    house, card = street.houses[0], street.blank()
    request = street.request(CardKind.KEY)
    card.arm(Fault(FaultKind.TEAR, at, Residue.MIXED))
    with pytest.raises(OutcomeUnknown):
        street.asks(request)
    card.put_back()
    assert street.inserts(card, house.meter) is not MeterDecision.KEYS_LEARNT
    card.reset_counters()
    street.puts_in(card)
    done = street.asks(request)
    assert isinstance(done, tool_cases.ToolIssued)
    assert done.card.draft.write.record in card.image
    assert street.inserts(card, house.meter) is MeterDecision.KEYS_LEARNT


def test_a_desk_without_the_new_keys_sells_under_the_old_ones_or_says_why_not(street: Street) -> None:
    house = street.houses[0]
    street.inserts(street.issues(CardKind.KEY), house.meter)
    street.inserts(house.card, house.meter)
    street.sells(house.card, "10.00")
    masters = street.desk.world.vault._masters
    newer = masters.pop(2)
    assert street.sells(house.card, "10.00").sale.intent.order.key_version == 1
    masters[2] = newer
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED, "it has the old keys too"
    for _ in "AB":
        street.sells(house.card, "10.00")
    before, newer = house.card.image, masters.pop(2)
    with pytest.raises(EnvironmentFault) as caught:
        street.sells(house.card, "10.00")
    assert caught.value.code is Code.KEY_VERSION_UNKNOWN, "both orders on the card are of keys it does not hold"
    assert (house.card.image, street.desk.counter.outside.ledger.open_sales()) == (before, ())
    masters[2] = newer
    street.sells(house.card, "10.00")
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED


def test_a_desk_without_the_third_keys_goes_on_under_the_second(street: Street) -> None:
    roll(street)
    house = street.houses[0]
    street.inserts(street.issues(CardKind.KEY), house.meter)
    street.inserts(house.card, house.meter)
    assert versions(street.sells(house.card, "10.00")) == (3, 3)
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED
    masters = street.desk.world.vault._masters
    newest = masters.pop(3)
    assert versions(street.sells(house.card, "10.00")) == (1, 3), "a key card brought the third and no second"
    masters[3] = newest
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED, "it forgot no version"


def test_a_meter_that_proved_them_all_gets_orders_under_the_newest_that_the_desk_has(street: Street) -> None:
    house = street.houses[0]
    for _ in range(2):
        street.inserts(street.issues(CardKind.KEY), house.meter)
        street.inserts(house.card, house.meter)
        street.sells(house.card, "10.00")
        street.inserts(house.card, house.meter)
        if street.desk.world.vault.key_version == 2:
            roll(street)
    masters = street.desk.world.vault._masters
    newest = masters.pop(3)
    assert versions(street.sells(house.card, "10.00"))[0] == 2
    masters[3] = newest
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED


def test_all_energy_adds_up_when_orders_of_both_versions_reached_the_meter(street: Street) -> None:
    house = street.houses[0]
    bought = house.meter.file.load().energy_total
    for rolled in (False, True, False):
        if rolled:
            street.inserts(street.issues(CardKind.KEY), house.meter)
        sale = street.sells(house.card, "10.00").sale.intent
        assert sale.quote is not None
        bought += sale.quote.energy
        street.inserts(house.card, house.meter)
    assert house.meter.file.load().energy_total == bought > Energy(0)
    assert house.meter.file.load().key_versions == (1, 2)
    assert MOMENT.date() <= street.listed().cards[0].draft.mandate.expires_on
