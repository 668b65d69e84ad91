"""A version of the keys ends when nothing in the field needs it; then nothing is made or taken under it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf, by_two
from tests.services.test_roll_over import roll
from tests.services.test_tool_cards import Street
from vending_app.app import random_bytes
from vending_app.bench.world import ADMINISTRATOR, MASTER_KEY, METER, MOMENT, SUPERVISOR, new_vault
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.sharing import split
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardKind
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, VendingError
from vending_app.domain.ids import MeterNo
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent, KeyNeed, KeyShare, KeyState
from vending_app.domain.meter import MeterDecision
from vending_app.domain.people import Meter
from vending_app.domain.permissions import Act
from vending_app.key_custody import Custody
from vending_app.ledger import DeskLedger, key_needs
from vending_app.services import key_cases as ask
from vending_app.services.counter import Counter
from vending_app.services.stock_cases import CardRetired, RetireCard
from vending_app.services.supply_cases import CloseSupply, EnterMeter
from vending_app.services.use_cases import CardReading
from vending_app.vaults import SealedPlace

PHRASE = "three quiet words"


def done_by_two(counter: Counter, asked: ask.Approvable) -> KeyEvent:
    """A deed with the keys, by the administrator with the supervisor's word."""
    counter.operator = ADMINISTRATOR
    word = counter.approvals.give(asked, SUPERVISOR, operator=ADMINISTRATOR, act=Act.KEYS)
    answer = counter.do(replace(asked, approval=word.id))
    assert isinstance(answer, KeyEvent)
    return answer


class Keys:
    """The administrator beside the vault of a street, with a supervisor's word for all that changes something."""

    def __init__(self, street: Street, file: Path) -> None:
        self.street, desk = street, street.desk
        self.vault = desk.world.vault
        custody = Custody(self.vault, SealedPlace(file), random_bytes)
        desk.counter = Counter(replace(desk.counter.outside, custody=custody))

    def does(self, asked: ask.Approvable) -> KeyEvent:
        return done_by_two(self.street.desk.counter, asked)

    def refused(self, asked: ask.Approvable) -> VendingError:
        with pytest.raises(VendingError) as caught:
            self.does(asked)
        return caught.value

    def states(self) -> dict[int, KeyState]:
        counter = self.street.desk.counter
        counter.operator = ADMINISTRATOR
        shown = counter.do(ask.ShowKeys())
        assert isinstance(shown, ask.KeysShown)
        return {key.version: key.state for key in shown.keys}

    def needed(self) -> tuple[object, object]:
        """Cards and meters that keep version 1 from being retired."""
        refused = self.refused(ask.RetireKey(1))
        assert refused.code is Code.KEY_VERSION_NEEDED
        return refused.facts["cards"], refused.facts["meters"]


@pytest.fixture
def keys(desk: DeskOf, tmp_path: Path) -> Keys:
    """One house that wrote back under version 1."""
    return Keys(Street(desk, tmp_path).settle_in(1), tmp_path / "vault.sealed")


def to_version_2(keys: Keys) -> None:
    """The house has a key card read in, and a card that was made under the new version."""
    street = keys.street
    [house] = street.houses
    key_card = street.issues(CardKind.KEY)
    assert street.inserts(key_card, house.meter) is MeterDecision.KEYS_LEARNT
    assert keys.needed() == (2, 1), "the key card is out, and what it did is not known"
    street.reads(key_card)
    assert keys.needed() == (1, 0)
    house.card = street.reissue()
    street.inserts(house.card, house.meter)


def test_a_version_is_retired_when_the_last_card_and_meter_have_a_newer_one(keys: Keys) -> None:
    assert keys.refused(ask.RetireKey(1)).code is Code.KEY_VERSION_NEWEST
    roll(keys.street)
    assert keys.needed() == (1, 1)
    to_version_2(keys)
    assert keys.states() == {1: KeyState.ACCEPTED, 2: KeyState.CURRENT}
    event = keys.does(ask.RetireKey(1))
    assert (event.deed, event.operator, event.approver) == (KeyDeed.RETIRED, ADMINISTRATOR.name, SUPERVISOR.name)
    assert keys.states() == {1: KeyState.RETIRED, 2: KeyState.CURRENT}
    for gone in (1, 3):
        assert keys.refused(ask.RetireKey(gone)).code is Code.KEY_VERSION_NOT_HERE
    ledger = keys.street.desk.counter.outside.ledger
    assert ledger.retired_keys() == (1,)
    assert ledger.verify(trusted=keys.vault.signing_key).problems == ()


def test_nothing_is_made_or_taken_under_a_retired_version_and_the_street_goes_on(keys: Keys) -> None:
    roll(keys.street)
    old = keys.street.houses[0].card
    to_version_2(keys)
    keys.does(ask.RetireKey(1))
    street = keys.street
    [house] = street.houses
    sale = street.sells(house.card, "10.00")
    assert (sale.sale.intent.order.key_version, sale.sale.intent.write.key_version) == (2, 2)
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED
    check = street.issues()
    assert street.inserts(check, house.meter) is MeterDecision.COLLECTED, "tool cards are made under the oldest in use"
    street.puts_in(old)
    reading = street.desk.read()
    assert isinstance(reading, CardReading)
    assert not reading.image.is_proved
    with pytest.raises(EnvironmentFault) as caught:
        keys.vault.record_mac(b"", meter=METER, key_version=1)
    assert caught.value.code is Code.KEY_VERSION_UNKNOWN


def uncleared(keys: Keys) -> dict[int, int]:
    counter = keys.street.desk.counter
    counter.operator = ADMINISTRATOR
    shown = counter.do(ask.ShowKeys())
    assert isinstance(shown, ask.KeysShown)
    return {key.version: key.uncleared for key in shown.keys}


def clears(keys: Keys, card: EmulatedCard) -> object:
    street = keys.street
    street.puts_in(card)
    asked = RetireCard(street.desk.read().card)
    return street.asks(replace(asked, approval=street.approved(asked, Act.RETIRE_CARD)))


@pytest.mark.parametrize("is_closed", [False, True])
def test_an_old_card_that_was_not_made_blank_in_time_is_counted_before_and_useless_after(
    keys: Keys, is_closed: bool
) -> None:
    """Lost ones never come back, so they keep no version in use."""
    street, [house] = keys.street, keys.street.houses
    old = house.card
    roll(street)
    assert uncleared(keys) == {1: 0, 2: 0}, "the card is its customer's still"
    if is_closed:
        street.puts_in(old)
        asked = CloseSupply(house.supply, "moved away")
        street.asks(replace(asked, approval=street.approved(asked, Act.CLOSE_SUPPLY)))
    else:
        to_version_2(keys)
    assert uncleared(keys) == {1: 1, 2: 0}
    keys.does(ask.RetireKey(1))
    assert uncleared(keys) == {1: 1, 2: 0}
    with pytest.raises(VendingError):
        clears(keys, old)
    assert uncleared(keys) == {1: 1, 2: 0}


def test_an_old_card_that_was_made_blank_before_is_not_counted(keys: Keys) -> None:
    street, [house] = keys.street, keys.street.houses
    old = house.card
    roll(street)
    to_version_2(keys)
    street.puts_in(house.card)
    street.desk.read()
    assert isinstance(clears(keys, old), CardRetired)
    assert uncleared(keys) == {1: 0, 2: 0}
    keys.does(ask.RetireKey(1))


def test_what_the_office_derives_of_the_first_master_outlives_its_retirement() -> None:
    vault, fresh = new_vault(), new_vault()
    vault.take_over(SealedVault({2: bytearray(16)}))
    vault.retire([1])
    assert vault.versions == (2,)
    assert vault.held == (1, 2)
    assert vault.signing_key == fresh.signing_key
    assert vault.keyed_secret(b"ana") == fresh.keyed_secret(b"ana")
    assert vault.check_value(1) == fresh.check_value(1)
    assert vault.split(1, count=2, entropy=random_bytes)
    assert vault.holds(1, bytearray(MASTER_KEY))


def needs(keys: Keys, version: int, *, next_oldest: int | None = None) -> KeyNeed:
    """By all the books, whoever might retire it."""
    ledger = keys.street.desk.counter.outside.ledger
    assert isinstance(ledger, DeskLedger)
    return key_needs.need(ledger._books, version, on=MOMENT.date(), next_oldest=next_oldest)


def test_a_meter_in_the_box_needs_the_version_that_it_was_delivered_with(keys: Keys) -> None:
    street = keys.street
    street.asks(EnterMeter(Meter(MeterNo("300000000001"), "RM-1", 1600)))
    assert needs(keys, 1).meters == 2
    keys.street.desk.counter.operator = ADMINISTRATOR
    roll(street)
    tell_made(keys, keys.vault.check_value(2))
    street.asks(EnterMeter(Meter(MeterNo("300000000002"), "RM-1", 1600)))
    assert needs(keys, 1).meters == 2, "the newer one left its factory with both"


def tell_made(keys: Keys, check_value: str) -> None:
    ledger = keys.street.desk.counter.outside.ledger
    with ledger.acting_as(by_two(Act.KEYS)):
        ledger.tell_of_key(KeyEvent(KeyDeed.MADE, 2, check_value, (), "", MOMENT))


def test_a_version_that_this_vault_lacks_comes_back_of_its_shares(keys: Keys, tmp_path: Path) -> None:
    SealedVault.create(tmp_path / "vault.sealed", PHRASE, key=bytearray(MASTER_KEY), entropy=random_bytes).lock()
    second = bytearray(range(16, 32))
    check = SealedVault({2: bytearray(second)}).check_value(2)

    def shares() -> tuple[KeyShare, ...]:
        parts = split(second, count=2, entropy=lambda size: bytes(range(size)))
        return tuple(KeyShare(2, number, 2, "A1B2", check, part) for number, part in enumerate(parts, 1))

    asked = ask.JoinShares(shares(), PHRASE)
    assert PHRASE not in repr(asked)
    assert keys.refused(replace(asked, shares=shares()[:1])).code is Code.KEY_SHARES_MISSING
    assert keys.states() == {1: KeyState.CURRENT}
    assert keys.refused(asked).code is Code.KEY_NOT_IN_BOOKS
    tell_made(keys, check)
    assert keys.states() == {1: KeyState.CURRENT, 2: KeyState.MISSING}
    assert keys.refused(replace(asked, secret="another phrase")).code is Code.VAULT_PASSPHRASE_WRONG
    event = keys.does(asked)
    assert (event.deed, event.key_version, event.check_value) == (KeyDeed.RESTORED, 2, check)
    assert keys.states() == {1: KeyState.ACCEPTED, 2: KeyState.CURRENT}
    assert SealedVault.open(tmp_path / "vault.sealed", PHRASE).versions == (1, 2)
    refused = keys.refused(ask.JoinShares(shares(), PHRASE))
    assert isinstance(refused, OperatorError)
    assert refused.code is Code.KEY_VERSION_EXISTS


def test_a_number_that_the_books_know_is_given_to_no_other_key(keys: Keys, tmp_path: Path) -> None:
    """An older file was put back, or the first shares were joined alone: the next version is a third, and the second
    can still come back."""
    SealedVault.create(tmp_path / "vault.sealed", PHRASE, key=bytearray(MASTER_KEY), entropy=random_bytes).lock()
    second = SealedVault({2: bytearray(range(16, 32))})
    tell_made(keys, second.check_value(2))
    event = keys.does(ask.RollKeys(PHRASE))
    assert (event.deed, event.key_version) == (KeyDeed.MADE, 3)
    assert keys.states() == {1: KeyState.ACCEPTED, 2: KeyState.MISSING, 3: KeyState.CURRENT}
    parts = split(bytearray(range(16, 32)), count=2, entropy=lambda size: bytes(range(size)))
    shares = tuple(KeyShare(2, number, 2, "A1B2", second.check_value(2), part) for number, part in enumerate(parts, 1))
    keys.does(ask.JoinShares(shares, PHRASE))
    assert keys.states() == {1: KeyState.ACCEPTED, 2: KeyState.ACCEPTED, 3: KeyState.CURRENT}


def test_a_desk_all_of_whose_keys_were_retired_says_so(keys: Keys) -> None:
    [house] = keys.street.houses
    keys.vault.retire([1])
    for work in (lambda: keys.street.sells(house.card, "10.00"), keys.street.reissue, keys.street.issues):
        with pytest.raises(EnvironmentFault) as refused:
            work()
        assert refused.value.code in {Code.KEYS_RETIRED, Code.KEY_VERSION_UNKNOWN}
    with pytest.raises(EnvironmentFault) as retired:
        assert keys.vault.key_version
    assert retired.value.code is Code.KEYS_RETIRED
