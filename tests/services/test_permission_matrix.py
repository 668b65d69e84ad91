"""Action × role × state through the counter: the whole table, and every way an approval can be the wrong one.

What is expected is read from the page docs/security.md, not from the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests.domain.test_permissions import told
from tests.services.desk_of import DeskOf, a_desk
from vending_app.bench.world import ADMINISTRATOR, CASHIER, MOMENT, SUPERVISOR, TECHNICIAN, new_vault
from vending_app.domain.errors import Code, VendingError
from vending_app.domain.ids import ApprovalId, OperatorName
from vending_app.domain.people import Operator, OperatorChange, Role
from vending_app.domain.permissions import Act, Authority, Grant
from vending_app.services.approvals import VALID
from vending_app.services.counter import Counter
from vending_app.services.passwords import KEYED
from vending_app.services.people_cases import Approved, GrantApproval

STAFF = {operator.role: operator for operator in (CASHIER, SUPERVISOR, TECHNICIAN, ADMINISTRATOR)}
OTHERS = {role: Operator(OperatorName(f"other-{role.value}"), f"Other {role.value}", role) for role in Role}
"""A colleague in each role, whose secret is known."""
SECRET = "a secret of the tests"
TABLE = told()
ALL = [(act, role) for act in Act for role in Role]
ASKED = [(act, role) for act, role in ALL if TABLE[act, role] is Grant.APPROVAL]
DENIED, DONE = Code.PERMISSION_DENIED, "done"


@cache
def hashed(name: OperatorName) -> str:
    """As the program stores it, but quick to check: these tests do it hundreds of times."""
    kdf = Argon2id(salt=bytes(16), length=32, iterations=1, lanes=1, memory_cost=8)
    return KEYED + kdf.derive_phc_encoded(new_vault().keyed_secret(name.encode() + b"\0" + SECRET.encode()))


@dataclass(frozen=True, slots=True)
class Deed:
    """Any request: what it does is nothing, whether it may is all."""

    what: str = "this"
    approval: ApprovalId | None = None


class Office:
    """A counter at which each role has a colleague, and time passes when it is told to."""

    def __init__(self, desk: DeskOf) -> None:
        self.now = MOMENT
        self.done: list[Deed] = []
        outside = desk.counter.outside
        self.ledger = outside.ledger
        for other in OTHERS.values():
            self.ledger.enter_operator(other, hashed(other.name), at=MOMENT)
        self.counter = Counter(replace(outside, clock=lambda: self.now))

    def outcome(self, act: Act, operator: Operator | None, deed: Deed) -> object:
        """`done`, or the code of the refusal."""
        self.counter._verbs[Deed] = (act, lambda asked, _: self.done.append(asked))
        self.counter.operator = operator
        before = len(self.done)
        code = self.refusal(deed)
        assert (len(self.done) == before) == (code is not None), "refused and done are one or the other"
        return code or DONE

    def refusal(self, use_case: object) -> Code | None:
        try:
            self.counter.do(use_case)
        except VendingError as error:
            return error.code
        return None

    def approved(self, act: Act, operator: Operator, deed: Deed, *, by: Operator) -> Deed:
        """The same request with somebody's word for it."""
        self.counter._verbs[Deed] = (act, lambda asked, _: self.done.append(asked))
        self.counter.operator = operator
        answer = self.counter.do(GrantApproval(deed, by.name, SECRET))
        assert isinstance(answer, Approved)
        assert answer.approver == by.name
        return replace(deed, approval=answer.id)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with a_desk(tmp_path, issued=False, shift=False) as desk:
        yield Office(desk)


EXPECTED = {Grant.YES: DONE, Grant.NO: DENIED, Grant.APPROVAL: Code.APPROVAL_NEEDED}


def test_logged_in_each_role_does_what_the_page_says(office: Office) -> None:
    found = {(act, role): office.outcome(act, STAFF[role], Deed()) for act, role in ALL}
    assert found == {case: EXPECTED[TABLE[case]] for case in ALL}


def test_logged_out_nobody_does_anything(office: Office) -> None:
    assert {office.outcome(act, None, Deed()) for act in Act} == {DENIED}


def test_locked_while_he_works_he_does_nothing_more(office: Office) -> None:
    for role in Role:
        locked = replace(OTHERS[role], is_active=False)
        with office.ledger.acting_as(Authority(ADMINISTRATOR.name, Act.OPERATORS)):
            office.ledger.change_operator(locked, OperatorChange.LOCK, at=MOMENT)
        assert {office.outcome(act, OTHERS[role], Deed()) for act in Act} == {DENIED}


def test_a_role_that_changes_while_he_works_counts_from_the_next_request(office: Office) -> None:
    assert office.outcome(Act.SELL, OTHERS[Role.CASHIER], Deed()) == DONE
    moved = replace(OTHERS[Role.CASHIER], role=Role.TECHNICIAN)
    with office.ledger.acting_as(Authority(ADMINISTRATOR.name, Act.OPERATORS)):
        office.ledger.change_operator(moved, OperatorChange.CHANGE, at=MOMENT)
    assert office.outcome(Act.SELL, OTHERS[Role.CASHIER], Deed()) is DENIED
    assert office.outcome(Act.ISSUE, OTHERS[Role.CASHIER], Deed()) == DONE


def test_a_secret_from_somebody_else_opens_nothing_but_its_change(office: Office) -> None:
    waiting = replace(OTHERS[Role.SUPERVISOR], must_change=True)
    with office.ledger.acting_as(Authority(ADMINISTRATOR.name, Act.OPERATORS)):
        office.ledger.change_operator(waiting, OperatorChange.CHANGE, at=MOMENT)
    found = {act: office.outcome(act, OTHERS[Role.SUPERVISOR], Deed()) for act in Act}
    assert {act for act, outcome in found.items() if outcome == DONE} == {Act.SECRET}
    with pytest.raises(VendingError) as caught:
        office.approved(Act.VOID, CASHIER, Deed(), by=OTHERS[Role.SUPERVISOR])
    assert caught.value.code is Code.SECRET_MUST_CHANGE


# --- approvals -------------------------------------------------------------------------------------------

Spoil = Callable[[Office, Deed, Act, Role], tuple[Operator, Deed, object]]


def _as_given(office: Office, deed: Deed, act: Act, role: Role) -> tuple[Operator, Deed, object]:
    return STAFF[role], deed, DONE


def _at_the_last_moment(office: Office, deed: Deed, act: Act, role: Role) -> tuple[Operator, Deed, object]:
    office.now += VALID
    return STAFF[role], deed, DONE


def _expired(office: Office, deed: Deed, act: Act, role: Role) -> tuple[Operator, Deed, object]:
    office.now += VALID + timedelta(microseconds=1)
    return STAFF[role], deed, Code.APPROVAL_EXPIRED


def _before_it_was_given(office: Office, deed: Deed, act: Act, role: Role) -> tuple[Operator, Deed, object]:
    office.now -= timedelta(hours=1)
    return STAFF[role], deed, Code.APPROVAL_EXPIRED


def _replayed(office: Office, deed: Deed, act: Act, role: Role) -> tuple[Operator, Deed, object]:
    assert office.outcome(act, STAFF[role], deed) == DONE
    return STAFF[role], deed, Code.APPROVAL_USED


def _for_other_content(office: Office, deed: Deed, act: Act, role: Role) -> tuple[Operator, Deed, object]:
    return STAFF[role], replace(deed, what="that"), Code.APPROVAL_OTHER


def _for_somebody_else(office: Office, deed: Deed, act: Act, role: Role) -> tuple[Operator, Deed, object]:
    return OTHERS[role], deed, Code.APPROVAL_OTHER


def _made_up(office: Office, deed: Deed, act: Act, role: Role) -> tuple[Operator, Deed, object]:
    return STAFF[role], replace(deed, approval=ApprovalId("0" * 32)), Code.APPROVAL_OTHER


@pytest.mark.parametrize(("act", "role"), ASKED)
@pytest.mark.parametrize(
    "spoil",
    [
        _as_given,
        _at_the_last_moment,
        _expired,
        _before_it_was_given,
        _replayed,
        _for_other_content,
        _for_somebody_else,
        _made_up,
    ],
)
def test_an_approval_opens_its_own_request_once_and_in_time(office: Office, act: Act, role: Role, spoil: Spoil) -> None:
    by = OTHERS[Role.ADMINISTRATOR if role is Role.SUPERVISOR else Role.SUPERVISOR]
    if (act, role) == (Act.KEYS, Role.ADMINISTRATOR):
        by = OTHERS[Role.ADMINISTRATOR]
    deed = office.approved(act, STAFF[role], Deed(), by=by)
    operator, asked, expected = spoil(office, deed, act, role)
    assert office.outcome(act, operator, asked) == expected


@pytest.mark.parametrize("spoilt", [act for act in Act if (act, Role.CASHIER) in ASKED and act is not Act.VOID])
def test_an_approval_for_one_act_opens_no_other(office: Office, spoilt: Act) -> None:
    deed = office.approved(Act.VOID, CASHIER, Deed(), by=OTHERS[Role.SUPERVISOR])
    assert office.outcome(spoilt, CASHIER, deed) is Code.APPROVAL_OTHER


@pytest.mark.parametrize(("act", "role"), ASKED)
def test_nobody_approves_himself(office: Office, act: Act, role: Role) -> None:
    office.outcome(act, OTHERS[role], Deed())
    assert office.refusal(GrantApproval(Deed(), OTHERS[role].name, SECRET)) is Code.APPROVAL_SELF


@pytest.mark.parametrize("role", [Role.CASHIER, Role.TECHNICIAN])
def test_the_word_of_a_role_that_approves_nothing_opens_nothing(office: Office, role: Role) -> None:
    office.outcome(Act.VOID, CASHIER, Deed())
    assert office.refusal(GrantApproval(Deed(), OTHERS[role].name, SECRET)) is Code.PERMISSION_DENIED


def test_nothing_is_approved_for_whoever_may_not_even_with_an_approval(office: Office) -> None:
    office.outcome(Act.VOID, TECHNICIAN, Deed())
    request = GrantApproval(Deed(), OTHERS[Role.SUPERVISOR].name, SECRET)
    assert office.refusal(request) is Code.PERMISSION_DENIED
    office.counter.operator = None
    assert office.refusal(request) is Code.PERMISSION_DENIED


def test_a_wrong_secret_approves_nothing_and_counts_as_a_failure_of_the_approver(office: Office) -> None:
    office.outcome(Act.VOID, CASHIER, Deed())
    supervisor = OTHERS[Role.SUPERVISOR].name
    assert office.refusal(GrantApproval(Deed(), supervisor, "not it")) is Code.LOGIN_REFUSED
    stored = office.ledger.secret(supervisor)
    assert stored is not None
    assert stored.attempts.failures == 1
    assert office.counter.operator == CASHIER, "who is at the desk does not change"


def test_the_secret_of_an_approver_is_in_no_text() -> None:
    assert SECRET not in repr(GrantApproval(Deed(), SUPERVISOR.name, SECRET))
