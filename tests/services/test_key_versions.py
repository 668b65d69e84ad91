"""Versions of the keys that somebody lacks: no order under one that its meter never had, and none is lost or reused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf
from tests.services.test_key_retiring import PHRASE, Keys, needs, to_version_2
from tests.services.test_roll_over import roll
from tests.services.test_tool_cards import AREA, House, Street
from vending_app.app import random_bytes
from vending_app.bench.world import ADMINISTRATOR, MASTER_KEY, METER, PARAMETERS, SUPPLY, TARIFF, TECHNICIAN
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardKind
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.field_reading import FieldOutcome
from vending_app.domain.ids import MeterNo
from vending_app.domain.key_ceremony import KeyDeed, KeyState
from vending_app.domain.meter import MeterDecision
from vending_app.domain.people import Customer, SupplyFile
from vending_app.domain.permissions import Act
from vending_app.domain.records import Terms
from vending_app.domain.sale import Purpose
from vending_app.services import key_cases as ask
from vending_app.services.supply_cases import CloseSupply, EnterSupply
from vending_app.services.use_cases import FinishSale, IssueCard
from vending_app.ui.keys.key_words import holders, said_check, since
from vending_app.ui.words import trouble

FILE = "vault.sealed"


@pytest.fixture
def keys(desk: DeskOf, tmp_path: Path) -> Keys:
    """One house that wrote back under version 1, and the file of its keys."""
    file = tmp_path / FILE
    SealedVault.create(file, PHRASE, key=bytearray(MASTER_KEY), entropy=random_bytes).lock()
    return Keys(Street(desk, tmp_path).settle_in(1), file)


def skips_version_2(keys: Keys) -> House:
    """The house has versions 1 and 3, and a card under 3; its street has all three."""
    street, [house] = keys.street, keys.street.houses
    roll(street)
    roll(street)
    key_card = street.issues(CardKind.KEY)
    assert street.inserts(key_card, house.meter) is MeterDecision.KEYS_LEARNT
    street.reads(key_card)
    house.card = street.reissue()
    street.inserts(house.card, house.meter)
    assert street.sells(house.card, "10.00").sale.intent.order.key_version == 3
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED
    assert house.meter.file.load().key_versions == (1, 3)
    return house


def puts_back_first(keys: Keys, folder: Path) -> None:
    """A file from before the second keys: version 2 is missing, and what was derived of it."""
    SealedVault.create(folder / "first.sealed", PHRASE, key=bytearray(MASTER_KEY), entropy=random_bytes).lock()
    (folder / "first.sealed").replace(folder / FILE)
    keys.vault._masters.pop(2)
    keys.vault._derived.clear()


def refusal(work: Callable[[], object]) -> EnvironmentFault:
    with pytest.raises(EnvironmentFault) as caught:
        work()
    return caught.value


def test_no_order_is_made_under_keys_that_the_meter_never_proved(keys: Keys, tmp_path: Path) -> None:
    """An older file, and a roll-over with it: this desk has the third keys in use, the meter the second."""
    street, [house] = keys.street, keys.street.houses
    roll_for_good(keys)
    to_version_2(keys)
    street.sells(house.card, "10.00")
    street.inserts(house.card, house.meter)
    keys.does(ask.RetireKey(1))
    puts_back_first(keys, tmp_path)
    assert keys.does(ask.RollKeys(PHRASE)).key_version == 3
    assert keys.vault.versions == (3,)
    for work in (lambda: street.sells(house.card, "10.00"), street.reissue):
        assert refusal(work).code is Code.KEY_VERSION_UNKNOWN
    assert trouble(refusal(street.reissue)).sentence == f"Meter {METER} has no keys that this desk holds."
    assert street.desk.counter.outside.ledger.open_sales() == ()


def roll_for_good(keys: Keys) -> None:
    """In the file and in the books too."""
    assert keys.does(ask.RollKeys(PHRASE)).key_version == 2


def test_a_meter_that_lacks_what_becomes_the_oldest_keeps_the_oldest_in_use(keys: Keys) -> None:
    house = skips_version_2(keys)
    assert keys.needed() == (0, 1)
    keys.does(ask.RetireKey(2))
    keys.does(ask.RetireKey(1))
    street = keys.street
    assert street.sells(house.card, "10.00").sale.intent.order.key_version == 3
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED
    assert street.inserts(street.issues(), house.meter) is MeterDecision.COLLECTED


def test_a_version_that_is_not_the_oldest_is_needed_by_no_meter_that_has_any_newer_one(keys: Keys) -> None:
    street, [house] = keys.street, keys.street.houses
    for _ in range(3):
        roll(street)
    key_card = street.issues(CardKind.KEY)
    street.inserts(key_card, house.meter)
    street.reads(key_card)
    assert house.meter.file.load().key_versions == (1, 4)
    assert [needs(keys, version).meters for version in (2, 3)] == [0, 0]
    assert [needs(keys, 1, next_oldest=version).meters for version in (2, 3, 4)] == [1, 1, 0]


def test_a_meter_that_was_cleared_gets_orders_under_what_it_proved_for_its_old_supply(keys: Keys) -> None:
    house = skips_version_2(keys)
    street = keys.street
    street.puts_in(house.card)
    street.desk.read()
    closes(street)
    clear = street.issues(CardKind.CLEAR)
    house.meter.set_mains(on=False)
    house.meter.set_mains(on=True)
    assert street.inserts(clear, house.meter) is MeterDecision.CLEARED
    street.reads(clear)
    terms = Terms("", TARIFF.code, PARAMETERS, area=AREA)
    made = street.asks(EnterSupply(Customer("", "New tenant", "Mill Lane 1"), METER, terms))
    assert isinstance(made, SupplyFile)
    ledger = street.desk.counter.outside.ledger
    assert ledger.last_write_back(made.number) is None
    assert ledger.key_versions_proved(METER) == {1, 3}
    keys.vault.retire([1])
    house.card = street.blank()
    street.asks(IssueCard(street.desk.world.new_id(), made.number))
    assert street.sells(house.card, "10.00").sale.intent.order.key_version == 3, "not 2, the oldest in use"
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED


def closes(street: Street) -> None:
    asked = CloseSupply(SUPPLY, "moved away")
    street.asks(replace(asked, approval=street.approved(asked, Act.CLOSE_SUPPLY)))


def test_an_order_that_waits_for_its_card_keeps_its_version_until_it_is_settled(keys: Keys) -> None:
    street, [house] = keys.street, keys.street.houses
    roll(street)
    street.sells(house.card, "50.00")
    house.card.arm(Fault(FaultKind.PULL_UNWRITTEN, 1))
    closes(street)
    house.card.put_back()
    [waits] = street.desk.counter.outside.ledger.open_sales()
    assert (waits.intent.purpose, waits.intent.order.key_version) == (Purpose.CANCELLATION, 1)
    assert keys.needed()[0] == 1
    street.puts_in(house.card)
    street.desk.counter.operator = TECHNICIAN
    street.desk.counter.do(FinishSale())
    assert keys.does(ask.RetireKey(1)).deed is KeyDeed.RETIRED


def test_a_number_that_is_known_by_cards_and_orders_alone_is_given_to_no_other_key(keys: Keys, tmp_path: Path) -> None:
    """The second keys were made at a desk with books of its own, and their file brought here."""
    street, [house] = keys.street, keys.street.houses
    roll(street)
    to_version_2(keys)
    assert street.sells(house.card, "10.00").sale.intent.order.key_version == 2
    puts_back_first(keys, tmp_path)
    assert keys.states() == {1: KeyState.CURRENT, 2: KeyState.MISSING}
    told = shown(keys)[-1]
    assert (told.check_value, told.events, said_check(told), since(told), holders(told, "sealed")) == (
        *("", ()),
        *("–", "–", "–"),
    )
    assert keys.does(ask.RollKeys(PHRASE)).key_version == 3


def shown(keys: Keys) -> tuple[ask.KeyTold, ...]:
    keys.street.desk.counter.operator = ADMINISTRATOR
    answer = keys.street.desk.counter.do(ask.ShowKeys())
    assert isinstance(answer, ask.KeysShown)
    return answer.keys


def issues_a_tool_card(keys: Keys) -> None:
    keys.vault.retire([1])
    keys.street.issues()


def issues_a_first_card(keys: Keys) -> None:
    keys.vault.retire([1])
    keys.street.settles(MeterNo("300000000001"))


def brings_a_write_back(keys: Keys) -> None:
    street, [house] = keys.street, keys.street.houses
    street.inserts(street.issues(CardKind.KEY), house.meter)
    street.inserts(house.card, house.meter)
    street.puts_in(house.card)
    street.desk.read()


def brings_a_record_of_a_closed_supply(keys: Keys) -> None:
    street, [house] = keys.street, keys.street.houses
    key_card = street.issues(CardKind.KEY)
    street.puts_in(house.card)
    closes(street)
    street.inserts(key_card, house.meter)
    [reading] = street.reads(key_card).readings
    assert reading.outcome is FieldOutcome.NO_SUPPLY


@pytest.mark.parametrize(
    "deed", [issues_a_tool_card, issues_a_first_card, brings_a_write_back, brings_a_record_of_a_closed_supply]
)
def test_the_books_know_a_version_by_whatever_is_made_or_comes_in_under_it(
    keys: Keys, deed: Callable[[Keys], None]
) -> None:
    ledger = keys.street.desk.counter.outside.ledger
    roll(keys.street)
    assert ledger.key_versions_seen() == {1}
    deed(keys)
    assert ledger.key_versions_seen() == {1, 2}


def test_a_key_card_that_came_in_proves_the_keys_that_it_was_made_under_and_those_that_it_brought(keys: Keys) -> None:
    street, number = keys.street, MeterNo("300000000001")
    house = street.settles(number)
    roll(street)
    key_card = street.issues(CardKind.KEY, meter=number)
    assert street.inserts(key_card, house.meter) is MeterDecision.KEYS_LEARNT
    street.reads(key_card)
    assert street.desk.counter.outside.ledger.key_versions_proved(number) == {1, 2}
