"""Action × role × state at the database itself, by raw SQL on a second connection: what the program never asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.ledger.at_work import ANA, STAFF, AtWork, an_approval
from tests.ledger.builders import DESK, SUPPLY, Counter
from vending_app.domain.cash import CashCount
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.money import Money
from vending_app.domain.people import Operator, OperatorChange, Role
from vending_app.domain.permissions import PERMISSIONS, Act, Approval, Authority, Grant, approves
from vending_app.ledger import SqliteFile
from vending_app.ledger.authority import NOBODY, WRITES
from vending_app.ledger.books import Store
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.kinds import Kind

PEOPLE = {Role.CASHIER: ANA} | {role: operator.name for role, operator in STAFF.items()}
SECOND_ADMINISTRATOR = Operator(OperatorName("administrator-2"), "Ben Vogel", Role.ADMINISTRATOR)
EFFECTS = [(act, kind) for act, kinds in WRITES.items() for kind, is_effect in kinds.items() if act and is_effect]
COMPANIONS = [
    (act, kind) for act, kinds in WRITES.items() for kind, is_effect in kinds.items() if act and not is_effect
]
AT, LATER, TOO_LATE = "2026-03-02T10:31:00", "2026-03-02T10:32:59", "2026-03-02T10:33:01"
UNTIL = "2026-03-02T10:33:00"


@pytest.fixture
def store(path: Path) -> Store:
    """This module is about the file."""
    return SqliteFile(path)


@dataclass
class Shell:
    """Somebody with a database tool, who leaves the triggers alone; nothing he does stays."""

    connection: sqlite3.Connection

    def admits(
        self,
        kind: str,
        *,
        operator: str | None = None,
        act: str | None = None,
        approval: str | None = None,
        at: str = LATER,
        before: tuple[str, ...] = (),
    ) -> bool:
        """Whether the database takes this journal row, after some other statements."""
        self.connection.execute("BEGIN")
        try:
            for statement in before:
                self.connection.execute(statement)
            self.connection.execute(
                "INSERT INTO journal (id, desk, number, at, kind, body, previous, hash, operator, act, approval)"
                " VALUES (900, ?, 900, ?, ?, '{}', x'00', x'00', ?, ?, ?)",
                (DESK, at, kind, operator, act, approval),
            )
        except sqlite3.IntegrityError:
            return False
        finally:
            self.connection.execute("ROLLBACK")
        return True


@contextmanager
def a_shell(ledger: AtWork) -> Iterator[Shell]:
    with closing(sqlite3.connect(str(Path(ledger._books.where)), isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield Shell(connection)


@pytest.fixture
def shell(counter: Counter) -> Iterator[Shell]:
    """Beside books in which sales were made."""
    counter.sell()
    with a_shell(counter.ledger) as shell:
        yield shell


def word(act: str, *, by: str, operator: str, journal: int = 900, until: str = UNTIL, at: str = AT) -> str:
    """The statement that stores an approval."""
    return (
        f"INSERT INTO approvals VALUES ('{'b' * 32}', {journal}, '{act}', '{by}', '{operator}', x'{'00' * 32}',"
        f" '{at}', '{until}')"
    )


ID = "b" * 32


def test_the_rows_in_new_books_are_the_tables_of_the_program(ledger: AtWork) -> None:
    rows = ledger._books.all("SELECT * FROM permissions")
    found = {(row["act"], row["role"]): (row["granted"], bool(row["approves"])) for row in rows}
    assert found == {(act, role): (told, approves(role, act)) for (act, role), told in PERMISSIONS.items()}
    kinds = {(row["act"], row["kind"]): bool(row["is_effect"]) for row in ledger._books.all("SELECT * FROM act_kinds")}
    assert kinds == {(act, kind): effect for act, kinds in WRITES.items() for kind, effect in kinds.items()}


def test_each_role_writes_what_the_table_says(shell: Shell) -> None:
    for role, name in PEOPLE.items():
        for act, kind in EFFECTS:
            alone = PERMISSIONS[Act(act), role] is Grant.YES
            assert shell.admits(kind, operator=name, act=act) == alone, (role, act, kind)
        for act, kind in COMPANIONS:
            on_the_way = PERMISSIONS[Act(act), role] is not Grant.NO
            assert shell.admits(kind, operator=name, act=act) == on_the_way, (role, act, kind)


def test_no_act_writes_rows_of_another_kind(shell: Shell) -> None:
    for act, kinds in WRITES.items():
        for kind in set(Kind) - kinds.keys():
            for name in PEOPLE.values() if act else ():
                assert not shell.admits(kind, operator=name, act=act), (name, act, kind)


def test_logged_out_only_the_program_itself_writes(shell: Shell) -> None:
    free = {kind for kind in Kind if shell.admits(kind)}
    # That books come from a copy is noted by whoever finds it: it only stops sales. A rule is its own desk's then.
    # A lost vault that was joined of its shares lets nobody log in before.
    assert free == {Kind.FOUNDING, Kind.LOGIN, Kind.LOCKOUT, Kind.RESTORED, Kind.RULE, Kind.KEY}
    assert not any(shell.admits(kind, act=act) for act, kinds in WRITES.items() if act for kind in kinds)
    assert not any(shell.admits(kind, approval=ID) for kind in Kind)


def test_before_the_first_sale_an_office_is_set_up_without_a_person(ledger: AtWork) -> None:
    with a_shell(ledger) as shell:
        assert {kind for kind in Kind if shell.admits(kind)} == set(WRITES[NOBODY])


def test_locked_or_unknown_nobody_writes_anything(shell: Shell) -> None:
    for act, kind in EFFECTS + COMPANIONS:
        assert not shell.admits(kind, operator="a stranger", act=act)
        for name in PEOPLE.values():
            lock = f"UPDATE operators SET is_active = 0 WHERE name = '{name}'"
            assert not shell.admits(kind, operator=name, act=act, before=(lock,)), (name, act, kind)


ASKED = [(act, kind, role) for act, kind in EFFECTS for role in Role if PERMISSIONS[Act(act), role] is Grant.APPROVAL]


def _approver_of(role: Role) -> str:
    return PEOPLE[Role.ADMINISTRATOR if role is Role.SUPERVISOR else Role.SUPERVISOR]


def _other_than(role: Role) -> str:
    return PEOPLE[Role.CASHIER if role is Role.TECHNICIAN else Role.TECHNICIAN]


@pytest.mark.parametrize(("act", "kind", "role"), ASKED)
def test_an_approval_opens_one_row_of_one_person_in_time(shell: Shell, act: str, kind: str, role: Role) -> None:
    name, by = PEOPLE[role], _approver_of(role)

    def admits(*before: str, operator: str = name, at: str = LATER, approval: str | None = ID) -> bool:
        return shell.admits(kind, operator=operator, act=act, approval=approval, at=at, before=before)

    good = word(act, by=by, operator=name)
    assert admits(good)
    assert admits(good, at=AT)
    assert admits(good, at=UNTIL)
    assert not admits(good, at=TOO_LATE), "expired"
    assert not admits(good, at="2026-03-02T10:30:59"), "before it was given"
    assert not admits(), "made up"
    assert not admits(good, approval=None), "not named"
    assert not admits(word(act, by=by, operator=name, journal=899)), "of another row"
    assert not admits(word("look", by=by, operator=name)), "for another act"
    assert not admits(word(act, by=by, operator=_other_than(role))), "for somebody else"
    assert not admits(word(act, by=name, operator=name)), "his own"
    assert not admits(word(act, by=_other_than(role), operator=name)), "of a role that approves nothing"
    locked = f"UPDATE operators SET is_active = 0 WHERE name = '{by}'"
    assert not admits(good, locked), "of somebody who is locked"


def test_an_approval_that_was_used_opens_nothing_more(counter: Counter) -> None:
    ledger = counter.ledger
    first = counter.intent("10.00")
    ledger.reserve(first)
    approval = an_approval(Act.VOID, at=counter.now)
    with ledger.acting_as(Authority(ANA, Act.VOID, approval)):
        ledger.void(first.id, reason="not on the card", at=counter.tick())
        second = counter.intent("20.00")
    ledger.reserve(second)
    with ledger.acting_as(Authority(ANA, Act.VOID, approval)), pytest.raises(OperatorError) as caught:
        ledger.void(second.id, reason="not on the card", at=counter.now)
    assert caught.value.code is Code.APPROVAL_USED
    row = ledger._books.one("SELECT operator, act, approval FROM journal WHERE kind = 'void'")
    assert row == {"operator": ANA, "act": "void", "approval": approval.id}
    with a_shell(ledger) as shell:
        again = shell.admits("void", operator=ANA, act="void", approval=approval.id, at=counter.now.isoformat())
        assert not again
    assert ledger.verify().is_ok


Spoil = Callable[[Approval], Approval | None]


def _forgotten(_: Approval) -> None:
    return None


def _expired(approval: Approval) -> Approval:
    return replace(approval, until=approval.at)


def _of_a_technician(approval: Approval) -> Approval:
    return replace(approval, approver=STAFF[Role.TECHNICIAN].name)


def _own(approval: Approval) -> Approval:
    return replace(approval, approver=ANA)


def _for_another_act(approval: Approval) -> Approval:
    return replace(approval, act=Act.REFUND)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_expired, Code.APPROVAL_EXPIRED),
        (_of_a_technician, Code.PERMISSION_DENIED),
        (_own, Code.APPROVAL_SELF),
        (_for_another_act, Code.APPROVAL_OTHER),
        (_forgotten, Code.APPROVAL_NEEDED),
    ],
)
def test_the_transaction_says_why_before_the_database_must(counter: Counter, spoil: Spoil, code: Code) -> None:
    intent = counter.intent("10.00")
    counter.ledger.reserve(intent)
    approval = spoil(an_approval(Act.VOID, at=counter.now))
    with counter.ledger.acting_as(Authority(ANA, Act.VOID, approval)), pytest.raises(OperatorError) as caught:
        counter.ledger.void(intent.id, reason="", at=counter.tick())
    assert caught.value.code is code
    open_sale = counter.ledger.open_sale(supply=SUPPLY)
    assert open_sale is not None
    assert open_sale.id == intent.id
    assert counter.ledger.verify().is_ok


@pytest.mark.parametrize("change", ["role = 'technician'", "is_active = 0"])
def test_a_role_and_a_lock_are_read_again_in_the_transaction_of_the_effect(counter: Counter, change: str) -> None:
    intent = counter.intent("10.00")
    with counter.ledger.acting_as(Authority(ANA, Act.SELL)):
        with a_shell(counter.ledger) as other:
            other.connection.execute(f"UPDATE operators SET {change} WHERE name = '{ANA}'")
        with pytest.raises(OperatorError) as caught:
            counter.ledger.reserve(intent)
    assert caught.value.code is Code.PERMISSION_DENIED
    assert counter.ledger.open_sales() == ()


def test_whoever_is_named_in_the_block_alone_acts_and_only_in_the_block(counter: Counter) -> None:
    ledger = counter.ledger
    assert counter.shift is not None
    with ledger.acting_as(Authority(ANA, Act.SELL)), pytest.raises(OperatorError) as caught:
        ledger.count_cash(counter.shift, CashCount(Money(0)), at=counter.tick())
    assert caught.value.code is Code.PERMISSION_DENIED
    assert ledger._books.authority is None


# --- operators -------------------------------------------------------------------------------------------


def test_every_change_of_an_operator_is_a_row_without_his_hash(ledger: AtWork) -> None:
    at = ledger.newest_moment()
    assert at is not None
    ana = ledger.operator(ANA)
    assert ana is not None
    ledger.change_operator(replace(ana, full_name="Ana Lind"), OperatorChange.CHANGE, at=at)
    row = ledger._books.one("SELECT kind, body, operator FROM journal ORDER BY id DESC LIMIT 1")
    assert row is not None
    assert (row["kind"], row["operator"]) == ("operator", "administrator")
    assert "Ana Lind" in row["body"]
    assert "argon2" not in row["body"]
    assert ledger.verify().is_ok


@pytest.mark.parametrize(
    "changed",
    [
        "role = 'administrator'",
        "full_name = 'X'",
        "hashed = 'mine'",
        "is_active = 0",
        "must_change = 1",
        "pin_figures = 9",
    ],
)
def test_an_operator_changed_behind_the_program_is_named(ledger: AtWork, changed: str) -> None:
    with a_shell(ledger) as shell:
        shell.connection.execute(f"UPDATE operators SET {changed} WHERE name = '{ANA}'")
    assert ledger.verify().problems == ("operator cashier: not as the last change of him says",)


def test_whoever_changes_more_than_his_secret_by_himself_is_named(ledger: AtWork) -> None:
    ana, at = ledger.operator(ANA), ledger.newest_moment()
    assert ana is not None
    assert at is not None
    with ledger.acting_as(Authority(ANA, Act.SECRET)):
        promoted = replace(ana, role=Role.TECHNICIAN)
        ledger.change_operator(promoted, OperatorChange.OWN_SECRET, hashed="$argon2id$new", at=at)
    (problem,) = ledger.verify().problems
    assert "changed more than a row of its kind may" in problem


@pytest.mark.parametrize(
    "statement",
    ["UPDATE permissions SET granted = 'yes'", "DELETE FROM permissions", "UPDATE act_kinds SET is_effect = 0"],
)
def test_the_rules_in_the_books_are_changed_by_no_shell(shell: Shell, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        shell.connection.execute(statement)


def test_the_last_administrator_is_neither_locked_nor_given_another_role(ledger: AtWork) -> None:
    at = ledger.newest_moment()
    assert at is not None
    last = STAFF[Role.ADMINISTRATOR]
    for spoilt in (replace(last, is_active=False), replace(last, role=Role.CASHIER)):
        with pytest.raises(OperatorError) as caught:
            ledger.change_operator(spoilt, OperatorChange.CHANGE, at=at)
        assert caught.value.code is Code.OPERATOR_LAST
    word = replace(an_approval(Act.APPROVERS, at=at), operator=last.name)
    with ledger.acting_as(Authority(last.name, Act.APPROVERS, word)):
        ledger.enter_operator(SECOND_ADMINISTRATOR, "$argon2id$", at=at)
    ledger.change_operator(replace(last, is_active=False), OperatorChange.LOCK, at=at)
    assert ledger.operator(last.name) == replace(last, is_active=False)


def test_ten_failures_lock_a_name_until_an_administrator_unlocks_it(ledger: AtWork) -> None:
    at = ledger.newest_moment()
    assert at is not None
    for name in (ANA, STAFF[Role.ADMINISTRATOR].name):
        for _ in range(10):
            at += timedelta(hours=1)
            ledger.record_login(name, succeeded=False, at=at, desk=DESK)
    ana, administrator = ledger.operator(ANA), ledger.operator(STAFF[Role.ADMINISTRATOR].name)
    assert ana is not None
    assert not ana.is_active
    assert administrator is not None
    assert administrator.is_active, "nobody could unlock anybody"
    ledger.change_operator(replace(ana, is_active=True), OperatorChange.UNLOCK, at=at)
    stored = ledger.secret(ANA)
    assert stored is not None
    assert (stored.operator.is_active, stored.attempts.failures) == (True, 0)
    assert ledger.verify().is_ok


def test_nobody_is_deleted_and_a_name_is_given_once(ledger: AtWork) -> None:
    at = ledger.newest_moment()
    assert at is not None
    with ledger.by_right(Act.OPERATORS), pytest.raises(OperatorError) as caught:
        ledger.enter_operator(Operator(ANA, "Another", Role.CASHIER), "x", at=at)
    assert caught.value.code is Code.OPERATOR_EXISTS
    ghost = Operator(OperatorName("ghost"), "G", Role.CASHIER)
    with pytest.raises(OperatorError) as unknown:
        ledger.change_operator(ghost, OperatorChange.CHANGE, at=at)
    assert unknown.value.code is Code.OPERATOR_UNKNOWN
