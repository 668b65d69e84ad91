"""Approvals on the spot: somebody else's own secret opens exactly one request of the person at the desk, once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ApprovalId, OperatorName
from vending_app.domain.people import Operator, Role
from vending_app.domain.permissions import Act, Approval, Authority, Grant, approves, can_be_demanded, grant, refuse
from vending_app.ports import Clock, Entropy
from vending_app.services.people_cases import made_stronger

VALID = timedelta(seconds=120)
"""Long enough to find the card, too short to keep one in the pocket."""
ID_BYTES = 16
MOST_KEPT = 64
"""Approvals of the last two minutes at one desk; older ones are expired anyway."""

NOT_ASKED = frozenset({"approval", "secret"})
"""Fields of a request that are not what was asked. A digest stands in the books: with a PIN in it, whoever has the
books could try all PINs until one fits; and who approves a new secret has never seen it."""


@dataclass(slots=True)
class Approvals:
    """What was approved at this desk, in memory only; the books hold what was used."""

    clock: Clock
    entropy: Entropy
    demands: Callable[[Role, Act], bool] = lambda role, act: False
    """What the office wants a second person for, although the table of permissions does not."""
    stands_alone: Callable[[OperatorName, datetime], bool] = lambda name, at: False
    """Whether nobody is there whose word could be asked."""
    _given: dict[ApprovalId, Approval] = field(default_factory=dict, repr=False)
    _used: set[ApprovalId] = field(default_factory=set, repr=False)

    def check_may_approve(
        self, request: object, approver: OperatorName, *, operator: Operator | None, act: Act
    ) -> None:
        """Before a secret is asked for. Raises OperatorError permission-denied for nobody, approval-self."""
        if grant(operator, act) is Grant.NO:
            raise refuse(operator, act)
        assert operator is not None, "nobody has no permission"
        if approver in (operator.name, made_stronger(request)):
            raise OperatorError(Code.APPROVAL_SELF, act=act.value)

    def give(self, request: object, approver: Operator, *, operator: Operator, act: Act) -> Approval:
        """The word of `approver`, whose secret was checked, for this request of `operator`.

        Raises OperatorError permission-denied if the approver's role may not approve this act.
        """
        if not approves(approver.role, act):
            raise refuse(approver, act)
        now = self.clock()
        approval = Approval(
            ApprovalId(self.entropy(ID_BYTES).hex()),
            act,
            approver.name,
            operator.name,
            request_digest(request),
            at=now,
            until=now + VALID,
        )
        self._given[approval.id] = approval
        for old in list(self._given)[:-MOST_KEPT]:
            del self._given[old]
        self._used &= self._given.keys()
        return approval

    def require(self, operator: Operator | None, act: Act, *, request: object = None) -> Authority:
        """By whose right this request is done: what the ledger is told with `acting_as`.

        A request that may need an approval has a field `approval: ApprovalId | None`.
        Raises OperatorError permission-denied, approval-needed, approval-other, approval-used, approval-expired.
        The books ask all of this again, and know what was used before a restart.
        """
        told = grant(operator, act)
        if operator is None or told is Grant.NO:
            raise refuse(operator, act)
        asked: ApprovalId | None = getattr(request, "approval", None)
        if asked is None:
            if self._needs_word(operator, act, request):
                raise OperatorError(Code.APPROVAL_NEEDED, act=act.value)
            return Authority(operator.name, act)
        return Authority(operator.name, act, self._fitting(asked, operator, act, request))

    def _needs_word(self, operator: Operator, act: Act, request: object) -> bool:
        if grant(operator, act) is not Grant.APPROVAL:
            return self._is_demanded(operator.role, act, request)
        return act is not Act.APPROVERS or not self.stands_alone(operator.name, self.clock())

    def _is_demanded(self, role: Role, act: Act, request: object) -> bool:
        """What only looks has no field for an approval. Asked of the books where it can be so: never for a sale."""
        return can_be_demanded(role, act) and hasattr(request, "approval") and self.demands(role, act)

    def note_used(self, authority: Authority) -> None:
        """What was approved is done: that word is spent, even if it left no row in the books."""
        if authority.approval is not None:
            self._used.add(authority.approval.id)

    def _fitting(self, asked: ApprovalId, operator: Operator, act: Act, request: object) -> Approval:
        approval = self._given.get(asked)
        is_this = approval is not None and (approval.operator, approval.act) == (operator.name, act)
        if approval is None or not is_this or approval.digest != request_digest(request):
            raise OperatorError(Code.APPROVAL_OTHER, act=act.value)
        if approval.id in self._used:
            raise OperatorError(Code.APPROVAL_USED, act=act.value)
        # A clock set back must not make an old approval young again.
        if not approval.at <= self.clock() <= approval.until:
            raise OperatorError(Code.APPROVAL_EXPIRED, act=act.value)
        return approval


def request_digest(request: object) -> bytes:
    """SHA-256 of the canonical text of a use case, but for `NOT_ASKED`: any other change is another one."""
    text = json.dumps(_plain(request), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


def _plain(value: Any) -> Any:
    """A frozen value as JSON, with the names of its types: two requests that look alike stay apart."""
    if is_dataclass(value):
        asked = {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name not in NOT_ASKED}
        return [type(value).__name__, asked]
    for kind, text in _TEXTS.items():
        if isinstance(value, kind):
            return text(value)
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"no canonical form for {type(value).__name__}")


_TEXTS: dict[type, Callable[[Any], Any]] = {
    date: lambda value: ["date", value.isoformat()],
    bytes: lambda value: ["bytes", value.hex()],
    tuple: lambda value: [_plain(part) for part in value],
    # A set has no order of its own: the same one must not be another request at the next start.
    frozenset: lambda value: ["set", *sorted(_plain(part) for part in value)],
}
