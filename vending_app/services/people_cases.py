"""What may be asked about operators, their secrets and their approvals, as values; answers beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vending_app.domain.ids import ApprovalId, OperatorName
from vending_app.domain.people import Operator, OperatorEvent, Role
from vending_app.domain.permissions import APPROVERS


@dataclass(frozen=True, slots=True)
class GrantApproval:
    """Somebody else approves `request`, a use case, with his own secret. Answer: Approved.

    Fails with approval-self, permission-denied, login-…; the request is then submitted with `approval=<id>`.
    """

    request: object
    approver: OperatorName
    secret: str

    def __repr__(self) -> str:
        return f"GrantApproval(request={self.request!r}, approver={self.approver!r})"


@dataclass(frozen=True, slots=True)
class Approved:
    """One use of one request, until then."""

    id: ApprovalId
    approver: OperatorName
    until: datetime


@dataclass(frozen=True, slots=True)
class ChangeSecret:
    """Choose one's own secret. Answer: Session. Fails with login-refused for the old one, secret-weak."""

    old: str
    new: str

    def __repr__(self) -> str:
        return "ChangeSecret(…)"


@dataclass(frozen=True, slots=True)
class ListOperators:
    """Answer: OperatorList."""


@dataclass(frozen=True, slots=True)
class AddOperator:
    """One more person, with a secret that he must change at his first log-in. Answer: Operator.

    Fails with name-refused, operator-exists, secret-weak.
    """

    name: OperatorName
    full_name: str
    role: Role
    secret: str
    approval: ApprovalId | None = None

    def __repr__(self) -> str:
        return f"AddOperator(name={self.name!r}, role={self.role.value})"


@dataclass(frozen=True, slots=True)
class ChangeOperator:
    """Change what is given and leave what is None; it holds at once. Answer: Operator.

    Another role needs another kind of secret: he changes it before he goes on.
    Fails with name-refused, operator-unknown, operator-last.
    """

    name: OperatorName
    full_name: str | None = None
    role: Role | None = None
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class ResetSecret:
    """Give somebody a secret that he must change at his next log-in. Answer: Operator."""

    name: OperatorName
    secret: str
    approval: ApprovalId | None = None

    def __repr__(self) -> str:
        return f"ResetSecret(name={self.name!r})"


@dataclass(frozen=True, slots=True)
class LockOperator:
    """He may not log in, and what he is doing stops. Answer: Operator. Fails with operator-unknown, operator-last."""

    name: OperatorName
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class UnlockOperator:
    """He may log in again, with his failures forgotten. Answer: Operator. Fails with operator-unknown."""

    name: OperatorName
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class OperatorList:
    """Everybody, by name."""

    operators: tuple[Operator, ...]
    let_in: Mapping[OperatorName, datetime] = field(default_factory=dict)
    """When each last typed his secret rightly, to log in or to approve."""


@dataclass(frozen=True, slots=True)
class ShowOperator:
    """Everything that was ever changed about somebody. Answer: OperatorShown. Fails with operator-unknown."""

    name: OperatorName


@dataclass(frozen=True, slots=True)
class OperatorShown:
    """The oldest change first."""

    name: OperatorName
    events: tuple[OperatorEvent, ...]


Approvable = AddOperator | ChangeOperator | ResetSecret | LockOperator | UnlockOperator
"""What an office may want a second person for, whose approval stands in the field `approval`."""


def made_stronger(request: object) -> OperatorName | None:
    """Whose word this would open, if his role approves: he is never the one who approves it."""
    match request:
        case AddOperator(name=name) | ResetSecret(name=name) | UnlockOperator(name=name):
            return name
        case ChangeOperator(name=name, role=role) if role in APPROVERS:
            return name
    return None


PeopleUseCase = GrantApproval | ChangeSecret | ListOperators | ShowOperator | Approvable
