"""By whose right a row is written: asked in the transaction of the row itself, of the operator's role as it is now.

The database asks the same by trigger (`schema_2_people.py`); this room asks first, to say why in our words.
"""

from __future__ import annotations

from datetime import datetime

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.permissions import Act, Approval, Authority
from vending_app.ledger import approvers
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import Json, time_text
from vending_app.ledger.kinds import Kind
from vending_app.ledger.schema_6_rules import IS_DEMANDED

NOBODY = ""
"""The act of rows that no person writes."""

_UNLOCKING = dict.fromkeys((Kind.CODE_REFUSED, Kind.CODE_TRIED), False)
"""What presenting the code of a card leaves behind."""
_ON_THE_WAY = {Kind.HARVEST: False, **_UNLOCKING}
"""Reading a card leaves these behind, whatever is done with it."""
_CLOSING = {Kind.COUNT: False, Kind.SHIFT_CLOSE: True, Kind.CLOSING: False}
_ISSUING_TOOL = {**_UNLOCKING, Kind.TOOL_CARD: True, Kind.TOOL_MARK: False}
_SETTLING = {**_ON_THE_WAY, Kind.DOUBT: False, Kind.POST: False}

WRITES: dict[str, dict[Kind, bool]] = {
    # While no sale was made, an office is being set up: True. Afterwards only a person changes its records.
    NOBODY: {
        Kind.FOUNDING: False,
        Kind.LOGIN: False,
        Kind.LOCKOUT: False,
        Kind.RESTORED: False,
        # At the command line a desk is set up by whoever may write its file; what he chose is told all the same.
        Kind.RULE: False,
        # A vault that is lost lets nobody log in; who joins its shares proves himself by them.
        Kind.KEY: False,
        Kind.TARIFF: True,
        Kind.OPENING: True,
        Kind.OPERATOR: True,
    },
    Act.LOOK: {**_ON_THE_WAY},
    Act.SELL: {**_SETTLING, Kind.RESERVE: True, Kind.PAYMENT: True},
    Act.FINISH: {**_SETTLING},
    Act.ISSUE: {**_SETTLING, Kind.RESERVE: True},
    # A reversal that waited for the card that is replaced is given up: the new card carries the full total.
    Act.REISSUE: {**_SETTLING, Kind.VOID: False, Kind.RESERVE: True},
    Act.WAIVE_FEE: {**_SETTLING, Kind.VOID: False, Kind.RESERVE: True},
    Act.RECORDS: {Kind.RECORD: True},
    # What was on the card goes back or is carried, so an order takes it off the card.
    Act.METER_CHANGE: {**_SETTLING, Kind.METER_CHANGE: True, Kind.RECORD: False, Kind.RESERVE: False},
    Act.CARD_STOCK: {Kind.CARD_STOCK: True},
    # Told before the card is touched; the box counts it once it is blank.
    Act.RETIRE_CARD: {**_UNLOCKING, Kind.RETIRE: True, Kind.CARD_STOCK: False},
    Act.ESTIMATE: {Kind.METER_CHANGE: True, Kind.RECORD: False},
    # The order that should have emptied a card which never comes back is given up by two people, as the supply was.
    Act.CLOSE_SUPPLY: {**_SETTLING, Kind.SETTLE: True, Kind.VOID: True, Kind.RECORD: False, Kind.RESERVE: False},
    Act.CHECK_CARD: {**_ISSUING_TOOL},
    Act.PARAMETER_CARD: {**_ISSUING_TOOL},
    Act.CLEAR_CARD: {**_ISSUING_TOOL},
    Act.KEY_CARD: {**_ISSUING_TOOL},
    Act.REPAIR_CARD: {**_ON_THE_WAY, Kind.CARD_REPAIR: True},
    # What a record tells comes with it: energy that was used, limits that hold, a meter that is free.
    Act.READ_TOOL: {**_ON_THE_WAY, Kind.TOOL_READING: True, Kind.TOOL_MARK: False, Kind.RECORD: False},
    Act.SHIFT: {Kind.SHIFT_OPEN: True, **_CLOSING},
    Act.HANDOVER: {**_CLOSING},
    Act.CLOSE_OTHER_SHIFT: {**_CLOSING},
    Act.CLOSE_DAY: {Kind.CLOSING: True},
    Act.CASH: {Kind.CASH: True},
    Act.CASH_OVER: {Kind.CASH: True},
    Act.DRAWER: {Kind.DRAWER: True},
    # The order that makes sure of a void is no sale: it comes with the void that was approved.
    Act.VOID: {**_SETTLING, Kind.VOID: True, Kind.RESERVE: False},
    # Whoever approved a reversal approved that its money is paid out.
    Act.REVERSAL: {**_SETTLING, Kind.RESERVE: True, Kind.REFUND: False},
    Act.REFUND: {Kind.REFUND: True},
    Act.TENDER_CORRECTION: {Kind.TENDER: True},
    Act.PRINT: {Kind.PRINT: True},
    Act.REPRINT: {Kind.PRINT: True},
    Act.SIGN_OPEN_SALE: {Kind.SIGN: True},
    Act.SECRET: {Kind.SECRET: True},
    Act.OPERATORS: {Kind.OPERATOR: True},
    Act.APPROVERS: {Kind.OPERATOR: True},
    Act.TARIFFS: {Kind.TARIFF: True},
    Act.RULES: {Kind.RULE: True},
    # What one desk chose for itself; a rule of the office is held to two people (`schema_6_rules.py`).
    Act.SETTINGS: {Kind.RULE: True},
    Act.REENTER: {
        **_ON_THE_WAY,
        Kind.REENTRY: True,
        Kind.RECEIPT_GAP: True,
        Kind.RESTORATION_END: True,
    },
    Act.INSPECT: {Kind.CRITERIA: True, Kind.SAMPLE: True, Kind.ROUTE: True, Kind.FINDING: True},
    Act.READINGS: {Kind.AREA_READING: True},
    Act.IMPORT: {Kind.OPENING: True, Kind.TARIFF: True},
    Act.KEYS: {Kind.KEY: True},
    Act.ALLOWANCE: {Kind.ALLOWANCE: True},
    # Shares that were joined for trial.
    Act.VERIFY: {Kind.KEY: True},
}
"""Which rows of the journal each act may write; True for the effect itself, which takes the approval if one is
needed, False for what comes with it."""

STANDING = f"""
    (SELECT CASE WHEN granted = 'yes' AND {IS_DEMANDED.format(schema="", role="operators.role", act="permissions.act")}
            THEN 'approval' ELSE granted END
        FROM operators JOIN permissions ON permissions.role = operators.role AND permissions.act = ?3
        WHERE name = ?2 AND is_active = 1 AND granted <> 'no') AS granted,
    (SELECT is_effect FROM act_kinds WHERE act = ?3 AND kind = ?4) AS is_effect
"""
"""Columns of any query whose values from the second on are `asked`: whether the person may write this row, as a part
of what the act asks anyway."""


def of(books: Books, kind: Kind) -> Authority | None:
    """Whose right this row needs: nobody's for what the program notes by itself, whoever is at work."""
    who = books.authority
    is_own = WRITES[NOBODY].get(kind) is False
    return None if is_own and (who is None or kind not in WRITES.get(who.act, {})) else who


def asked(books: Books, kind: Kind) -> tuple[str | None, str | None, str]:
    """Who, by which act, which kind of row: what STANDING is asked of."""
    who = of(books, kind)
    return (who.operator, who.act, kind) if who is not None else (None, None, kind)


def admit(books: Books, authority: Authority | None, kind: Kind, standing: Row, *, at: datetime) -> Approval | None:
    """The approval that this row takes, if it takes one; `standing` has the columns of STANDING.

    Raises OperatorError permission-denied, approval-needed.
    """
    if authority is None:
        needs_no_sales = WRITES[NOBODY].get(kind)
        if needs_no_sales is None or (needs_no_sales and books.value("SELECT 1 FROM sales LIMIT 1") is not None):
            raise OperatorError(Code.PERMISSION_DENIED, act=kind.value, role="nobody")
        return None
    if standing["granted"] is None or standing["is_effect"] is None:
        raise OperatorError(Code.PERMISSION_DENIED, act=authority.act, operator=authority.operator)
    if not standing["is_effect"]:
        return None
    if standing["granted"] != "yes" and authority.approval is None and not _begins(books, authority, at=at):
        raise OperatorError(Code.APPROVAL_NEEDED, act=authority.act)
    return authority.approval


def _begins(books: Books, authority: Authority, *, at: datetime) -> bool:
    """Whether nobody is there whose word could be asked: so begins every office."""
    return authority.act is Act.APPROVERS and approvers.stands_alone(books, authority.operator, at=at)


_APPROVER = """
SELECT 1 FROM operators JOIN permissions ON permissions.role = operators.role
WHERE name = ?1 AND is_active = 1 AND permissions.act = ?2 AND approves = 1
"""


def check_approval(books: Books, approval: Approval, authority: Authority, *, at: str) -> Json:
    """The row of `approvals` for this approval, once all that may have changed since it was given was asked.

    Raises OperatorError approval-used, approval-self, approval-other, approval-expired, permission-denied.
    """
    if books.value("SELECT 1 FROM approvals WHERE id = ?", (approval.id,)) is not None:
        raise OperatorError(Code.APPROVAL_USED, act=authority.act)
    if approval.approver == authority.operator:
        raise OperatorError(Code.APPROVAL_SELF, act=authority.act)
    if (approval.operator, approval.act) != (authority.operator, authority.act):
        raise OperatorError(Code.APPROVAL_OTHER, act=authority.act)
    if not time_text(approval.at) <= at <= time_text(approval.until):
        raise OperatorError(Code.APPROVAL_EXPIRED, act=authority.act)
    if books.value(_APPROVER, (approval.approver, authority.act)) is None:
        raise OperatorError(Code.PERMISSION_DENIED, act=authority.act, operator=approval.approver)
    return {
        "id": approval.id,
        "act": approval.act.value,
        "approver": approval.approver,
        "operator": approval.operator,
        "digest": approval.digest,
        "at": time_text(approval.at),
        "until": time_text(approval.until),
    }
