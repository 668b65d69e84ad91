"""Log-in, permissions, shifts, and choosing a reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests.services.desk_of import DeskOf, a_desk
from vending_app.bench.world import ADMINISTRATOR, CASHIER, DESK, MOMENT, SUPPLY, TECHNICIAN
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName, ReaderName
from vending_app.domain.money import Money
from vending_app.domain.people import LoginAttempts, Operator, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.services.login import FREE_FAILURES, LONGEST_DELAY_S, Login, seconds_to_wait
from vending_app.services.passwords import KEYED, Secrets
from vending_app.services.use_cases import IssueCard, LogIn, OpenShift, Sell, Session

ANA = Operator(OperatorName("ana"), "Ana", Role.CASHIER, pin_figures=6)
OLD_HASH = Argon2id(salt=bytes(16), length=32, iterations=3, lanes=1, memory_cost=47104).derive_phc_encoded(b"246810")


@pytest.fixture
def with_ana(desk: DeskOf) -> DeskOf:
    """Her hash is of the first version: made without the vault."""
    ledger = desk.counter.outside.ledger
    with ledger.acting_as(Authority(ADMINISTRATOR.name, Act.OPERATORS)):
        ledger.enter_operator(ANA, OLD_HASH, at=MOMENT)
    return desk


def test_the_right_secret_opens_the_counter(with_ana: DeskOf) -> None:
    session = with_ana.counter.do(LogIn(ANA.name, "246810"))
    assert isinstance(session, Session)
    assert session.operator == ANA
    assert session.shift is not None


@pytest.mark.parametrize(("name", "secret"), [("ana", "246811"), ("ana", ""), ("nobody", "246810")])
def test_a_wrong_secret_and_an_unknown_name_are_refused_alike(with_ana: DeskOf, name: str, secret: str) -> None:
    assert with_ana.refusal(LogIn(OperatorName(name), secret)) is Code.LOGIN_REFUSED


def test_an_unknown_name_costs_the_same_work_as_a_wrong_secret(
    with_ana: DeskOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verify = Argon2id.verify_phc_encoded

    def counted(material: bytes, hashed: str) -> None:
        checked.append(hashed)
        verify(material, hashed)

    monkeypatch.setattr("vending_app.services.passwords.Argon2id.verify_phc_encoded", counted)
    assert with_ana.refusal(LogIn(OperatorName("nobody"), "246810")) is Code.LOGIN_REFUSED
    assert [text.split("$")[1:4] for text in checked] == [["argon2id", "v=19", "m=47104,t=3,p=1"]]


def test_after_three_failures_even_the_right_secret_waits_and_then_works(with_ana: DeskOf) -> None:
    ledger = with_ana.counter.outside.ledger
    now = [MOMENT]
    login = Login(ledger, lambda: now[0], DESK, Secrets(with_ana.world.vault), with_ana.world.entropy)
    for _ in range(FREE_FAILURES):
        with pytest.raises(OperatorError):
            login.log_in(ANA.name, "wrong")
    with pytest.raises(OperatorError) as waiting:
        login.log_in(ANA.name, "246810")
    assert waiting.value.code is Code.LOGIN_WAIT
    assert waiting.value.facts["seconds"] == 2
    now[0] += timedelta(seconds=2)
    assert login.log_in(ANA.name, "246810") == ANA
    stored = ledger.secret(ANA.name)
    assert stored is not None
    assert stored.attempts.failures == 0


def test_the_delay_doubles_and_ends_at_a_quarter_of_an_hour() -> None:
    waits = [seconds_to_wait(LoginAttempts(n, MOMENT), now=MOMENT) for n in range(2, 16)]
    assert waits[:5] == [0, 2, 4, 8, 16]
    assert waits[-1] == LONGEST_DELAY_S == 900


def test_a_clock_set_back_locks_nobody_out_for_longer_than_the_delay() -> None:
    later = MOMENT + timedelta(days=400)
    assert seconds_to_wait(LoginAttempts(4, later), now=MOMENT) == 4


def test_a_hash_that_cannot_be_read_matches_nothing(desk: DeskOf) -> None:
    secrets = Secrets(desk.world.vault)
    for hashed in ("not a hash", "$argon2id$v=19$m=1,t=1,p=1$AA$AA", KEYED, f"{KEYED}not a hash"):
        assert not secrets.match(ANA.name, "246810", hashed)


def test_the_secret_is_not_in_the_command_s_text() -> None:
    assert "246810" not in repr(LogIn(ANA.name, "246810"))


def test_a_cashier_issues_no_card_and_a_technician_sells_nothing(desk: DeskOf) -> None:
    assert desk.refusal(IssueCard(desk.world.new_id(), SUPPLY)) is Code.PERMISSION_DENIED
    desk.counter.operator = TECHNICIAN
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000))) is Code.PERMISSION_DENIED


def test_cash_below_zero_is_no_float(tmp_path: Path) -> None:
    with a_desk(tmp_path, shift=False) as desk:
        assert desk.refusal(OpenShift(Money(-1))) is Code.AMOUNT_NOT_POSITIVE


def test_a_part_of_a_reader_s_name_is_enough_if_it_is_unique(desk: DeskOf) -> None:
    two = BuiltInReaders((ReaderName("ACS ACR39U 00 00"), ReaderName("ACS ACR39U 01 00")))
    two.insert(desk.card, ReaderName("ACS ACR39U 01 00"))
    with desk.world.open(two) as counter:
        counter.operator = CASHIER
        assert counter.do(Sell(desk.world.new_id(), amount=Money(1000), reader=ReaderName("acr39u 01"))) is not None
        other = Sell(desk.world.new_id(), amount=Money(1000), reader=ReaderName("omnikey"))
        assert replace(desk, counter=counter).refusal(other) is Code.READER_UNKNOWN


def test_no_reader_at_all_is_said(desk: DeskOf) -> None:
    with desk.world.open(BuiltInReaders(())) as counter:
        counter.operator = CASHIER
        without = replace(desk, counter=counter)
        assert without.refusal(Sell(desk.world.new_id(), amount=Money(1000))) is Code.READER_NONE


def test_two_readers_with_cards_and_no_name_is_ambiguous(desk: DeskOf) -> None:
    names = (ReaderName("first"), ReaderName("second"))
    two = BuiltInReaders(names)
    for name in names:
        two.insert(desk.world.card(), name)
    with desk.world.open(two) as counter:
        counter.operator = CASHIER
        both = replace(desk, counter=counter)
        assert both.refusal(Sell(desk.world.new_id(), amount=Money(1000))) is Code.READER_AMBIGUOUS


def test_a_hash_of_the_first_version_opens_and_is_made_anew_with_the_vault(with_ana: DeskOf) -> None:
    ledger = with_ana.counter.outside.ledger
    with_ana.counter.do(LogIn(ANA.name, "246810"))
    stored = ledger.secret(ANA.name)
    assert stored is not None
    assert stored.hashed.startswith(KEYED)
    assert stored.operator == ANA
    with_ana.counter.do(LogIn(ANA.name, "246810"))
    again = ledger.secret(ANA.name)
    assert again is not None
    assert again.hashed == stored.hashed
    assert ledger.verify().is_ok
