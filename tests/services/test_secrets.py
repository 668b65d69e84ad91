"""Secrets of people: useless without the vault, refused when easy to guess, chosen by their owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf, a_desk
from tests.services.test_permission_matrix import SECRET
from tests.services.test_permission_matrix import hashed as hash_of
from vending_app.bench import world
from vending_app.bench.world import ADMINISTRATOR, CASHIER, MOMENT, new_vault
from vending_app.cardio.vault import SealedVault
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ApprovalId, OperatorName
from vending_app.domain.money import Money
from vending_app.domain.office_rules import Demands
from vending_app.domain.people import Operator, OperatorChange, Role
from vending_app.domain.permissions import Act, Approval, Authority
from vending_app.ledger import DeskLedger
from vending_app.services.approvals import request_digest
from vending_app.services.counter import Counter
from vending_app.services.passwords import COMMON, KEYED, Secrets, check_choice, pin_figures
from vending_app.services.people_cases import (
    AddOperator,
    Approved,
    ChangeOperator,
    ChangeSecret,
    GrantApproval,
    LockOperator,
    OperatorShown,
    ResetSecret,
    ShowOperator,
    UnlockOperator,
)
from vending_app.services.use_cases import LogIn, OpenShift, Session, ShowDesk

CASH = Money(100)
MARIA = OperatorName("maria")
PIN, OTHER_PIN, PHRASE = "482915", "730264", "the ferry leaves at noon"
OTHER_PHRASE = "and the bus an hour later"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskOf]:
    """An administrator is at the counter."""
    with a_desk(tmp_path, issued=False, shift=False) as made:
        made.counter.operator = ADMINISTRATOR
        yield made


@pytest.fixture
def with_maria(desk: DeskOf) -> DeskOf:
    added = desk.counter.do(AddOperator(MARIA, "Maria Osei", Role.CASHIER, PIN))
    assert added == Operator(MARIA, "Maria Osei", Role.CASHIER, pin_figures=6, must_change=True)
    return desk


def hashed(desk: DeskOf, name: OperatorName = MARIA) -> str:
    stored = desk.counter.outside.ledger.secret(name)
    assert stored is not None
    return stored.hashed


# --- a stolen ledger -------------------------------------------------------------------------------------


def test_a_stolen_ledger_says_of_the_right_pin_what_it_says_of_a_wrong_one(with_maria: DeskOf) -> None:
    stored = hashed(with_maria)
    assert stored.startswith(KEYED)
    assert Secrets(with_maria.world.vault).match(MARIA, PIN, stored)
    thief = Secrets(SealedVault({1: bytearray(b"another master k")}))
    assert not thief.match(MARIA, PIN, stored)
    # What a thief without any vault can hash is the PIN itself, in whatever way he writes it down.
    for text in (stored, stored.removeprefix(KEYED)):
        unkeyed = text.removeprefix(KEYED)
        assert not Secrets(new_vault()).match(MARIA, PIN, unkeyed)


def test_a_hash_of_one_person_opens_nothing_for_another(with_maria: DeskOf) -> None:
    secrets = Secrets(with_maria.world.vault)
    assert not secrets.match(OperatorName("mari"), "a" + PIN, secrets.hashed(MARIA, PIN, salt=bytes(16)))
    assert not secrets.match(CASHIER.name, PIN, hashed(with_maria))


def test_no_two_people_with_one_secret_are_seen_to_have_it(with_maria: DeskOf) -> None:
    with_maria.counter.do(AddOperator(OperatorName("jo"), "Jo Bauer", Role.CASHIER, PIN))
    one, other = (hashed(with_maria, name).split("$")[-2:] for name in (MARIA, OperatorName("jo")))
    assert one[0] != other[0], "the salt"
    assert one[1] != other[1]


# --- choosing --------------------------------------------------------------------------------------------

SUPERVISOR = Operator(OperatorName("weiss"), "Daniel Weiss", Role.SUPERVISOR)


@pytest.mark.parametrize(
    "pin",
    [
        *("", "12345", "1234567890123", "48291a", "٤٨٢٩١٥"),
        *("111111", "123456", "987654", "890123", "121212", "123123"),
        *("0800555", "550142", "401182270"),
    ],
)
def test_a_pin_that_is_easy_to_guess_is_refused(pin: str) -> None:
    with pytest.raises(OperatorError) as caught:
        check_choice(CASHIER, pin, office="Riverbend", numbers=("0800 555 0142", "40-118-2270"))
    assert caught.value.code is Code.SECRET_WEAK
    assert not pin or pin not in str(caught.value)


@pytest.mark.parametrize("pin", [PIN, OTHER_PIN, "135791", "482915730264"])
def test_other_pins_are_taken(pin: str) -> None:
    check_choice(CASHIER, pin, office="Riverbend", numbers=("0800 555 0142", ""))


@pytest.mark.parametrize(
    "phrase",
    [
        *("short words", "x" * 12, "ab" * 8, "Password 1234", "correct horse battery staple", "l" * 129),
        *("I am Daniel today", "weiss weiss weiss", "riverbend forever"),
    ],
)
def test_a_passphrase_that_is_easy_to_guess_is_refused(phrase: str) -> None:
    with pytest.raises(OperatorError) as caught:
        check_choice(SUPERVISOR, phrase, office="Riverbend Electricity")
    assert caught.value.code is Code.SECRET_WEAK
    assert phrase not in str(caught.value)


@pytest.mark.parametrize("phrase", [PHRASE, "только длинная фраза", "z7$kQ!m2#pLx", "a b c d e f g h i"])
def test_other_passphrases_are_taken_whatever_they_are_made_of(phrase: str) -> None:
    check_choice(SUPERVISOR, phrase, office="Riverbend Electricity")


def test_the_list_of_the_commonest_holds_only_what_length_lets_through() -> None:
    assert {word for word in COMMON if len(word) < 12 or word != word.casefold()} == set()


def test_dots_are_shown_for_the_pin_of_a_cashier_only() -> None:
    assert pin_figures(Role.CASHIER, "123456") == 6
    assert pin_figures(Role.CASHIER, PHRASE) == 0
    assert pin_figures(Role.SUPERVISOR, "123456") == 0


# --- by two people ---------------------------------------------------------------------------------------


def test_a_secret_is_approved_without_being_told_to_anybody(desk: DeskOf) -> None:
    """A digest of an approval stands in the books, and a log tells what was asked."""
    for make in (AddOperator(MARIA, "Maria Osei", Role.CASHIER, PIN), ResetSecret(MARIA, PIN)):
        assert request_digest(make) == request_digest(replace(make, secret=OTHER_PIN))
        assert request_digest(make) != request_digest(replace(make, name=OperatorName("jo")))
        asked = GrantApproval(make, SUPERVISOR.name, PHRASE)
        assert PIN not in repr(replace(make, approval=ApprovalId("1"))) + repr(asked)
        assert PHRASE not in repr(asked)


def test_where_the_office_wants_it_nobody_keeps_operators_alone(with_maria: DeskOf) -> None:
    desk, ledger = with_maria, with_maria.counter.outside.ledger
    boss = a_known_boss(desk)
    word = Approval(ApprovalId("1" * 32), Act.RULES, ADMINISTRATOR.name, boss.name, bytes(32), MOMENT, MOMENT)
    with ledger.acting_as(Authority(boss.name, Act.RULES, word)):
        ledger.keep_rule(Demands(((Role.ADMINISTRATOR, Act.OPERATORS),)), was=Demands(), at=MOMENT)
    desk.counter.do(ShowOperator(MARIA))
    for asked in (
        AddOperator(OperatorName("jo"), "Jo Bauer", Role.CASHIER, PIN),
        ChangeOperator(MARIA, "Maria Lind"),
        ResetSecret(MARIA, OTHER_PIN),
        LockOperator(MARIA),
        UnlockOperator(MARIA),
    ):
        assert desk.refusal(asked) is Code.APPROVAL_NEEDED
        given = desk.counter.do(GrantApproval(asked, boss.name, SECRET))
        assert isinstance(given, Approved)
        assert isinstance(desk.counter.do(replace(asked, approval=given.id)), Operator)
    assert ledger.verify().is_ok


# --- people whose word approves --------------------------------------------------------------------------

JO = OperatorName("jo")


def a_known_boss(desk: DeskOf) -> Operator:
    """The supervisor of the office, with a secret that the tests know: given while the office was made."""
    boss = world.SUPERVISOR
    ledger = desk.counter.outside.ledger
    ledger.change_operator(boss, OperatorChange.RESET, hashed=hash_of(boss.name), at=MOMENT)
    return boss


def by_two_people(desk: DeskOf, asked: AddOperator | ChangeOperator | ResetSecret | UnlockOperator) -> object:
    given = desk.counter.do(GrantApproval(asked, world.SUPERVISOR.name, SECRET))
    assert isinstance(given, Approved)
    return desk.counter.do(replace(asked, approval=given.id))


def test_one_administrator_makes_no_second_pair_of_eyes(with_maria: DeskOf) -> None:
    desk, boss = with_maria, a_known_boss(with_maria)
    assert desk.refusal(ChangeOperator(MARIA, role=Role.SUPERVISOR)) is Code.APPROVAL_NEEDED
    assert desk.refusal(ResetSecret(boss.name, PHRASE)) is Code.APPROVAL_NEEDED
    for asked in (
        AddOperator(JO, "Jo Bauer", Role.SUPERVISOR, PHRASE),
        ResetSecret(JO, OTHER_PHRASE),
        UnlockOperator(JO),
        ChangeOperator(JO, role=Role.ADMINISTRATOR),
    ):
        assert desk.refusal(asked) is Code.APPROVAL_NEEDED
        assert isinstance(by_two_people(desk, asked), Operator)
    # What weakens somebody is never made to wait, and who approves nothing is kept by one.
    for alone in (ChangeOperator(JO, "Jo Lind"), LockOperator(JO), ChangeOperator(JO, role=Role.TECHNICIAN)):
        assert isinstance(desk.counter.do(alone), Operator)
    assert isinstance(desk.counter.do(ResetSecret(MARIA, OTHER_PIN)), Operator)
    assert desk.counter.outside.ledger.verify().is_ok


def test_nobody_approves_what_opens_his_own_word(desk: DeskOf) -> None:
    boss = a_known_boss(desk)
    for asked in (ResetSecret(boss.name, PHRASE), ChangeOperator(boss.name, role=Role.ADMINISTRATOR)):
        assert desk.refusal(GrantApproval(asked, boss.name, SECRET)) is Code.APPROVAL_SELF
    assert isinstance(by_two_people(desk, AddOperator(JO, "Jo Bauer", Role.SUPERVISOR, PHRASE)), Operator)


def test_locking_the_only_other_one_opens_no_way_round(desk: DeskOf) -> None:
    """It holds at once, and whoever is left makes no other one while that is new."""
    boss = a_known_boss(desk)
    assert isinstance(desk.counter.do(LockOperator(boss.name)), Operator)
    for asked in (UnlockOperator(boss.name), AddOperator(JO, "Jo Bauer", Role.SUPERVISOR, PHRASE)):
        assert desk.refusal(asked) is Code.APPROVAL_NEEDED


# --- whose it is -----------------------------------------------------------------------------------------


def log_in(desk: DeskOf, name: OperatorName, secret: str) -> Operator:
    session = desk.counter.do(LogIn(name, secret))
    assert isinstance(session, Session)
    return session.operator


def test_a_secret_from_the_administrator_is_changed_before_anything_else(with_maria: DeskOf) -> None:
    assert log_in(with_maria, MARIA, PIN).must_change
    assert with_maria.refusal(OpenShift(CASH)) is Code.SECRET_MUST_CHANGE
    assert with_maria.counter.do(ShowDesk()) is not None
    session = with_maria.counter.do(ChangeSecret(old=PIN, new=OTHER_PIN))
    assert isinstance(session, Session)
    assert not session.operator.must_change
    with_maria.counter.do(OpenShift(CASH))
    assert with_maria.refusal(LogIn(MARIA, PIN)) is Code.LOGIN_REFUSED
    assert log_in(with_maria, MARIA, OTHER_PIN).name == MARIA
    assert with_maria.counter.outside.ledger.verify().is_ok


def test_a_change_to_what_somebody_is_already_leaves_no_row(with_maria: DeskOf) -> None:
    for full_name, rows in (("Maria Osei", 1), ("Maria Lind", 2)):
        with_maria.counter.do(ChangeOperator(MARIA, full_name, Role.CASHIER))
        shown = with_maria.counter.do(ShowOperator(MARIA))
        assert isinstance(shown, OperatorShown)
        assert len(shown.events) == rows


def test_the_change_needs_the_old_secret_and_another_new_one(with_maria: DeskOf) -> None:
    log_in(with_maria, MARIA, PIN)
    assert with_maria.refusal(ChangeSecret(old=OTHER_PIN, new=OTHER_PIN)) is Code.LOGIN_REFUSED
    assert with_maria.refusal(ChangeSecret(old=PIN, new=PIN)) is Code.SECRET_WEAK
    assert with_maria.refusal(ChangeSecret(old=PIN, new="111111")) is Code.SECRET_WEAK
    with_maria.counter.operator = None
    assert with_maria.refusal(ChangeSecret(old=PIN, new=OTHER_PIN)) is Code.PERMISSION_DENIED


def test_a_reset_gives_a_secret_for_one_log_in(with_maria: DeskOf) -> None:
    log_in(with_maria, MARIA, PIN)
    with_maria.counter.do(ChangeSecret(old=PIN, new=OTHER_PIN))
    with_maria.counter.operator = ADMINISTRATOR
    with_maria.counter.do(ResetSecret(MARIA, PIN))
    assert log_in(with_maria, MARIA, PIN).must_change
    assert with_maria.refusal(ResetSecret(MARIA, PIN)) is Code.SECRET_MUST_CHANGE


@pytest.mark.parametrize("use_case", [ResetSecret, LockOperator, UnlockOperator, ChangeOperator])
def test_a_name_that_nobody_has_is_said(desk: DeskOf, use_case: type) -> None:
    more = (PIN,) if use_case is ResetSecret else ()
    assert desk.refusal(use_case(OperatorName("ghost"), *more)) is Code.OPERATOR_UNKNOWN


@pytest.mark.parametrize(("name", "full_name"), [("", "X"), ("a b", "X"), ("x" * 33, "X"), ("x", ""), ("x", "a\nb")])
def test_names_that_no_screen_could_show_are_refused(desk: DeskOf, name: str, full_name: str) -> None:
    assert desk.refusal(AddOperator(OperatorName(name), full_name, Role.CASHIER, PIN)) is Code.NAME_REFUSED


def test_ten_wrong_pins_lock_the_name_and_the_administrator_opens_it(with_maria: DeskOf) -> None:
    now = [MOMENT]
    with_maria.counter = Counter(replace(with_maria.counter.outside, clock=lambda: now[0]))
    for _ in range(10):
        assert with_maria.refusal(LogIn(MARIA, "000001")) is Code.LOGIN_REFUSED
        now[0] += timedelta(hours=1)
    assert with_maria.refusal(LogIn(MARIA, PIN)) is Code.LOGIN_LOCKED
    with_maria.counter.operator = ADMINISTRATOR
    with_maria.counter.do(UnlockOperator(MARIA))
    assert log_in(with_maria, MARIA, PIN).name == MARIA


def test_no_secret_stands_in_the_text_of_a_command() -> None:
    commands = (ChangeSecret(PIN, PHRASE), AddOperator(MARIA, "M", Role.CASHIER, PIN), ResetSecret(MARIA, PIN))
    assert not any(secret in repr(command) for command in commands for secret in (PIN, PHRASE))


def test_no_secret_and_no_hash_reaches_the_journal(with_maria: DeskOf) -> None:
    ledger = with_maria.counter.outside.ledger
    assert isinstance(ledger, DeskLedger)
    bodies = "".join(row["body"] for row in ledger._books.all("SELECT body FROM journal"))
    assert "Maria Osei" in bodies
    assert not any(text in bodies for text in (PIN, "argon2", hashed(with_maria)))
