"""Two desks on the same books: what one does with the keys holds at the other, which has been running since morning."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf
from tests.services.test_key_retiring import PHRASE, Keys, done_by_two, to_version_2
from tests.services.test_roll_over import roll
from tests.services.test_tool_cards import AREA, Street
from vending_app.app import random_bytes
from vending_app.bench.world import (
    ADMINISTRATOR,
    CASHIER,
    MASTER_KEY,
    PARAMETERS,
    SUPERVISOR,
    TARIFF,
    TECHNICIAN,
)
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardKind
from vending_app.domain.errors import Code, OperatorError, VendingError
from vending_app.domain.ids import DeskNo, MeterNo, SupplyNo
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent, KeyShare, KeyState
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import Money
from vending_app.domain.people import Customer, Meter, SupplyFile
from vending_app.domain.permissions import Act
from vending_app.domain.records import Terms
from vending_app.domain.verdict import Verdict
from vending_app.key_custody import Custody
from vending_app.ledger import DeskLedger
from vending_app.services import key_cases as ask
from vending_app.services import supply_cases
from vending_app.services.counter import Counter
from vending_app.services.self_test import keys_health
from vending_app.services.use_cases import CardReading, IssueCard, OpenShift, ReadCard, SaleDone, Sell, VerifyLedger
from vending_app.ui.keys.key_words import facts_of
from vending_app.ui.words import trouble
from vending_app.vaults import SealedPlace

ANOTHER = bytearray([0xEE] * 16)
NUMBER = MeterNo("300000000007")


@dataclass
class Second:
    """Desk 2, with a key file of its own: as `Keys`, but nothing of the street is its."""

    counter: Counter
    vault: SealedVault
    readers: BuiltInReaders
    file: Path

    def does(self, asked: ask.Approvable) -> KeyEvent:
        return done_by_two(self.counter, asked)

    def refused(self, asked: ask.Approvable) -> VendingError:
        with pytest.raises(VendingError) as caught:
            self.does(asked)
        return caught.value

    def shown(self) -> dict[int, ask.KeyTold]:
        self.counter.operator = ADMINISTRATOR
        answer = self.counter.do(ask.ShowKeys())
        assert isinstance(answer, ask.KeysShown)
        return {key.version: key for key in answer.keys}

    def puts_in(self, card: EmulatedCard) -> None:
        self.readers.pull()
        self.readers.insert(card)

    def reads(self) -> CardReading:
        self.counter.operator = CASHIER
        answer = self.counter.do(ReadCard())
        assert isinstance(answer, CardReading)
        return answer

    def sells(self, keys: Keys) -> SaleDone:
        self.counter.operator = CASHIER
        done = self.counter.do(Sell(keys.street.desk.world.new_id(), amount=Money.parse("50.00")))
        assert isinstance(done, SaleDone)
        return done

    def issues(self, keys: Keys, supply: SupplyNo) -> SaleDone:
        self.counter.operator = TECHNICIAN
        done = self.counter.do(IssueCard(keys.street.desk.world.new_id(), supply))
        assert isinstance(done, SaleDone)
        return done


@pytest.fixture
def keys(desk: DeskOf, tmp_path: Path) -> Keys:
    """One house that wrote back under version 1, and the file of its keys."""
    file = tmp_path / "vault.sealed"
    SealedVault.create(file, PHRASE, key=bytearray(MASTER_KEY), entropy=random_bytes).lock()
    return Keys(Street(desk, tmp_path).settle_in(1), file)


@pytest.fixture
def second(keys: Keys, tmp_path: Path) -> Iterator[Second]:
    """It began the day with the first keys."""
    world, vault = keys.street.desk.world, SealedVault({1: bytearray(MASTER_KEY)})
    file, readers = tmp_path / "second.sealed", BuiltInReaders()
    SealedVault.create(file, PHRASE, key=bytearray(MASTER_KEY), entropy=random_bytes).lock()
    DeskLedger.enter_desk(world.store, DeskNo(2))
    with closing(DeskLedger.open(world.store, desk=DeskNo(2))) as ledger:
        outside = replace(replace(world, vault=vault)._outside(readers, ledger), desk=DeskNo(2))
        custody = Custody(vault, SealedPlace(file), random_bytes)
        counter = Counter(replace(outside, custody=custody), CASHIER)
        counter.do(OpenShift(Money(10_000)))
        yield Second(counter, vault, readers, file)


def new_supply(street: Street) -> SupplyNo:
    """Its meter left the factory with every version."""
    street.asks(supply_cases.EnterMeter(Meter(NUMBER, "RM-1", 1600)))
    terms = Terms("", TARIFF.code, PARAMETERS, area=AREA)
    made = street.asks(supply_cases.EnterSupply(Customer("", "New", "Mill 9"), NUMBER, terms))
    assert isinstance(made, SupplyFile)
    return made.number


def rolls_at_both(keys: Keys, second: Second) -> None:
    """Made at desk 1, whose file is brought to desk 2."""
    keys.does(ask.RollKeys(PHRASE))
    second.vault.take_over(SealedVault.open(second.file.with_name("vault.sealed"), PHRASE))


# --- a version is made ------------------------------------------------------------------------------------


def test_two_desks_that_roll_over_at_once_make_one_key(
    keys: Keys, second: Second, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is done after the second has looked for a free number."""
    ledger, made = second.counter.outside.ledger, []
    seen = ledger.key_versions_seen

    def meanwhile() -> frozenset[int]:
        found = seen()
        made.append(keys.does(ask.RollKeys(PHRASE)))
        return found

    monkeypatch.setattr(ledger, "key_versions_seen", meanwhile)
    before = second.file.read_bytes()
    taken = second.refused(ask.RollKeys(PHRASE))
    assert isinstance(taken, OperatorError)
    assert taken.code is Code.KEY_VERSION_TAKEN
    assert trouble(taken).sentence == "Version 2 of the keys was made at another desk just now."
    assert second.file.read_bytes() == before, "nothing was made here"
    monkeypatch.undo()
    events = ledger.key_events()
    assert [(event.deed, event.key_version) for event in events] == [(KeyDeed.MADE, 2)]
    assert second.shown()[2].state is KeyState.MISSING


def test_what_a_wrong_passphrase_keeps_from_being_made_is_not_told(keys: Keys) -> None:
    assert keys.refused(ask.RollKeys("another phrase")).code is Code.VAULT_PASSPHRASE_WRONG
    assert keys.street.desk.counter.outside.ledger.key_events() == ()
    assert keys.does(ask.RollKeys(PHRASE)).key_version == 2


def test_a_version_that_a_key_card_is_out_with_is_made_at_no_other_desk(keys: Keys, second: Second) -> None:
    """It was stored here and, at a crash, never told of; a meter may have it all the same."""
    roll(keys.street)
    keys.street.issues(CardKind.KEY)
    assert keys.street.desk.counter.outside.ledger.key_events() == ()
    assert second.does(ask.RollKeys(PHRASE)).key_version == 3


# --- another key under the same number --------------------------------------------------------------------


@pytest.fixture
def stranger(keys: Keys, second: Second) -> Second:
    """Version 2 of desk 2 is not that of the office, which the meter of the street has learnt by now."""
    keys.does(ask.RollKeys(PHRASE))
    street, [house] = keys.street, keys.street.houses
    key_card = street.issues(CardKind.KEY)
    assert street.inserts(key_card, house.meter) is MeterDecision.KEYS_LEARNT
    street.reads(key_card)
    SealedVault.add_version(second.file, PHRASE, key=bytearray(ANOTHER), entropy=random_bytes).lock()
    second.vault.take_over(SealedVault({2: bytearray(ANOTHER)}))
    return second


def test_another_key_is_told_as_such_and_never_sold_under(keys: Keys, stranger: Second) -> None:
    """Its meter keeps the older one, so it gets what was paid for under that."""
    street, [house] = keys.street, keys.street.houses
    told = stranger.shown()[2]
    assert (told.state, told.check_value, told.other) == (
        KeyState.OTHER,
        keys.vault.check_value(2),
        stranger.vault.check_value(2),
    )
    assert told.check_value != told.other
    facts = dict(facts_of(told, "sealed"))
    assert (facts["Check value"], facts["Check value here"]) == (told.check_value, told.other)
    assert facts["Master key"] == "bring the right key file"
    assert (stranger.vault.versions, stranger.vault.held) == ((1,), (1, 2))
    stranger.puts_in(house.card)
    assert stranger.sells(keys).sale.intent.order.key_version == 1
    assert street.inserts(house.card, house.meter) is MeterDecision.CREDITED


def test_an_order_under_the_offices_key_is_not_taken_where_another_is_held(keys: Keys, stranger: Second) -> None:
    street, [house] = keys.street, keys.street.houses
    house.card = street.reissue()
    assert street.sells(house.card, "10.00").sale.intent.order.key_version == 2
    stranger.puts_in(house.card)
    assert stranger.reads().verdict is Verdict.KEYS_MISSING
    with pytest.raises(VendingError) as refused:
        stranger.sells(keys)
    assert refused.value.code is Code.KEY_OTHER
    said = trouble(refused.value)
    assert said.sentence == "The key file of this desk is not the office’s: its version 2 is another key."
    assert said.remedy.startswith("Bring the right one")


def test_no_card_is_issued_and_no_meter_gets_keys_where_only_another_key_is_held(keys: Keys, stranger: Second) -> None:
    street = keys.street
    asked = street.request(CardKind.KEY)
    stranger.counter.operator = TECHNICIAN
    word = stranger.counter.approvals.give(asked, SUPERVISOR, operator=TECHNICIAN, act=Act.KEY_CARD)
    stranger.puts_in(EmulatedCard.blank())
    with pytest.raises(VendingError) as refused:
        stranger.counter.do(replace(asked, approval=word.id))
    assert refused.value.code is Code.KEY_OTHER, "it is not the newest of the office that would be brought"
    supply = new_supply(street)
    stranger.vault.retire([1])
    with pytest.raises(VendingError) as refused:
        stranger.issues(keys, supply)
    assert refused.value.code is Code.KEY_OTHER
    assert stranger.counter.outside.ledger.open_sales() == ()


def test_no_ceremony_is_held_over_another_key(keys: Keys, stranger: Second) -> None:
    share = KeyShare(2, 1, 1, "A1B2", stranger.vault.check_value(2), bytearray(16))
    stranger.counter.operator = ADMINISTRATOR
    refusals = [
        stranger.refused(asked).code
        for asked in (
            ask.RollKeys(PHRASE),
            ask.ShareKey(2, ("Ann", "Bo")),
            ask.RetireKey(2),
            ask.JoinShares((share,), PHRASE),
        )
    ]
    with pytest.raises(VendingError) as unproven:
        stranger.counter.do(ask.ProveShares((share,)))
    assert {*refusals, unproven.value.code} == {Code.KEY_OTHER}
    assert [event.deed for event in stranger.counter.outside.ledger.key_events()] == [KeyDeed.MADE]


def test_a_desk_with_another_key_hears_of_it_when_the_books_are_checked(keys: Keys, stranger: Second) -> None:
    proof = stranger.counter.do(VerifyLedger())
    assert getattr(proof, "problems") == ("keys: version 2 that this desk holds is another key than the books tell",)  # noqa: B009
    [told] = keys_health(stranger.counter.keys)
    assert (told.name, told.is_ok) == ("keys", False), "the log-in page and the page Start show it"
    assert keys_health(keys.street.desk.counter.keys) == ()
    at_first = keys.street.desk.counter.do(VerifyLedger())
    assert getattr(at_first, "problems") == ()  # noqa: B009


# --- a version is retired ---------------------------------------------------------------------------------


@pytest.fixture
def running(keys: Keys, second: Second) -> Second:
    """Desk 2 has both versions, and works, while desk 1 brings the street to version 2 and retires the first."""
    rolls_at_both(keys, second)
    assert second.shown()[1].state is KeyState.ACCEPTED
    to_version_2(keys)
    keys.does(ask.RetireKey(1))
    return second


def test_a_desk_that_runs_shows_what_was_retired_elsewhere(running: Second) -> None:
    assert {version: key.state for version, key in running.shown().items()} == {
        1: KeyState.RETIRED,
        2: KeyState.CURRENT,
    }


def test_a_desk_that_runs_issues_and_sells_nothing_under_what_was_retired_elsewhere(
    keys: Keys, running: Second
) -> None:
    street, card = keys.street, EmulatedCard.blank()
    running.puts_in(card)
    intent = running.issues(keys, new_supply(street)).sale.intent
    assert (intent.write.key_version, intent.order.key_version) == (2, 2)
    assert running.sells(keys).sale.intent.order.key_version == 2
    meter = street.provisioned(NUMBER)
    meter.file.save(replace(meter.file.load(), key_versions=(1, 2)))
    assert street.inserts(card, meter) is MeterDecision.CREDITED
    street.puts_in(card)
    assert street.desk.read().verdict is Verdict.READY


def test_an_issue_that_had_begun_is_refused_and_goes_on_under_what_is_in_use(
    keys: Keys, second: Second, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version is retired while the card is being read."""
    rolls_at_both(keys, second)
    to_version_2(keys)
    ledger, card = second.counter.outside.ledger, EmulatedCard.blank()
    supply, number = new_supply(keys.street), ledger.new_card_number

    def meanwhile() -> object:
        keys.does(ask.RetireKey(1))
        return number()

    second.puts_in(card)
    monkeypatch.setattr(ledger, "new_card_number", meanwhile)
    with pytest.raises(OperatorError) as refused:
        second.issues(keys, supply)
    assert refused.value.code is Code.KEY_VERSION_RETIRED
    assert ledger.open_sales() == ()
    monkeypatch.undo()
    assert second.issues(keys, supply).sale.intent.write.key_version == 2


def test_a_tool_card_that_had_begun_is_refused_too(keys: Keys, second: Second, monkeypatch: pytest.MonkeyPatch) -> None:
    rolls_at_both(keys, second)
    to_version_2(keys)
    ledger = second.counter.outside.ledger
    number = ledger.new_mandate_number

    def meanwhile() -> int:
        keys.does(ask.RetireKey(1))
        return number()

    second.puts_in(EmulatedCard.blank())
    monkeypatch.setattr(ledger, "new_mandate_number", meanwhile)
    second.counter.operator = TECHNICIAN
    known = ledger.tool_cards()
    with pytest.raises(OperatorError) as refused:
        second.counter.do(keys.street.request())
    assert refused.value.code is Code.KEY_VERSION_RETIRED
    assert ledger.tool_cards() == known
