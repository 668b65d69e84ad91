"""People whose word approves: whose word it takes to make one, asked in the transaction of the change.

The database asks the same by trigger (`schema_6_approvers.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, OperatorChange
from vending_app.domain.permissions import Act, strengthens
from vending_app.ledger.books import Books
from vending_app.ledger.schema_6_approvers import DAYS_ALONE, IS_ANOTHER

_ANOTHER = f"SELECT 1 WHERE {IS_ANOTHER.format(schema='', name='?1', since='?2')}"


def stands_alone(books: Books, name: OperatorName, *, at: datetime) -> bool:
    """Whether nobody else can approve, nor could a week ago: then an administrator makes the first other one alone."""
    since = (at - timedelta(days=DAYS_ALONE)).date().isoformat()
    return books.value(_ANOTHER, (name, since)) is None


def check_right(books: Books, before: Operator | None, after: Operator, how: OperatorChange) -> None:
    """Nobody gets a stronger word by the right to keep operators, nor by his own.

    Raises OperatorError approval-needed, approval-self.
    """
    who = books.authority
    if who is None or not strengthens(before, after, how):
        return
    if who.act is not Act.APPROVERS:
        raise OperatorError(Code.APPROVAL_NEEDED, act=Act.APPROVERS.value)
    if who.approval is not None and who.approval.approver == after.name:
        raise OperatorError(Code.APPROVAL_SELF, act=Act.APPROVERS.value)
