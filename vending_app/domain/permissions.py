"""Who may do what: one table for the services, the screens and the books (row P2).

The same table stands in the books as rows, where the transaction and the database's own triggers ask it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ApprovalId, OperatorName
from vending_app.domain.people import Operator, OperatorChange, Role


class Act(StrEnum):
    """What needs a permission. Trying a price needs only a person who is logged in."""

    LOOK = "look"
    SELL = "sell"
    FINISH = "finish"
    ISSUE = "issue"
    RECORDS = "records"
    """Customers, areas, meters and the terms of supplies."""
    REISSUE = "reissue"
    WAIVE_FEE = "waive-fee"
    """A new card without its fee."""
    CARD_STOCK = "card-stock"
    """Blank cards that come, are spoilt, or are counted."""
    METER_CHANGE = "meter-change"
    ESTIMATE = "estimate"
    """The last registers of a meter that shows none."""
    CLOSE_SUPPLY = "close-supply"
    CHECK_CARD = "check-card"
    PARAMETER_CARD = "parameter-card"
    CLEAR_CARD = "clear-card"
    KEY_CARD = "key-card"
    """A card that brings a meter newer keys."""
    REPAIR_CARD = "repair-card"
    """Writing on a card once more what the books have of it."""
    READ_TOOL = "read-tool"
    """Reading a tool card in, and seeing which are out."""
    SHIFT = "shift"
    CASH = "cash"
    CASH_OVER = "cash-over"
    """Cash paid out of the drawer to anybody but the safe."""
    DRAWER = "drawer"
    X_REPORT = "x-report"
    HANDOVER = "handover"
    VOID = "void"
    REVERSAL = "reversal"
    REFUND = "refund"
    TENDER_CORRECTION = "tender-correction"
    PRINT = "print"
    REPRINT = "reprint"
    SIGN_OPEN_SALE = "sign-open-sale"
    """Closing while a sale is undecided."""
    CLOSE_OTHER_SHIFT = "close-other-shift"
    CLOSE_DAY = "close-day"
    """The day, the month, the year."""
    SECRET = "secret"
    """Changing one's own PIN or passphrase."""
    OPERATORS = "operators"
    APPROVERS = "approvers"
    """Making somebody whose word approves, or giving one a new secret, or letting one in again (`strengthens`)."""
    KEYS = "keys"
    ALLOWANCE = "allowance"
    """How much energy a desk may sell, and until when."""
    SETTINGS = "settings"
    """What a desk chooses for itself."""
    RULES = "rules"
    """What holds for the whole office: its name on paper, limits, what needs two people, its calendar."""
    TARIFFS = "tariffs"
    IMPORT = "import"
    REENTER = "reenter"
    """Entering again what a restored copy of the books does not know."""
    INSPECT = "inspect"
    """Criteria, samples, routes and findings."""
    READINGS = "readings"
    """What the counters at feeders and transformers show."""
    BACKUP = "backup"
    EXPORT = "export"
    VERIFY = "verify"


class Grant(StrEnum):
    """What the table says."""

    YES = "yes"
    APPROVAL = "approval"
    """Only with the approval of somebody else, for exactly this and once."""
    NO = "no"


_YES, _ASK, _NO = Grant.YES, Grant.APPROVAL, Grant.NO
_ORDER = (Role.CASHIER, Role.SUPERVISOR, Role.TECHNICIAN, Role.ADMINISTRATOR)
_ROWS: dict[Act, tuple[Grant, Grant, Grant, Grant]] = {
    # ........................ cashier, supervisor, technician, administrator
    Act.LOOK: (_YES, _YES, _YES, _YES),
    Act.SELL: (_YES, _YES, _NO, _NO),
    # A torn card is finished by whoever has it before him: no new money and no new energy come of it.
    Act.FINISH: (_YES, _YES, _YES, _YES),
    Act.ISSUE: (_NO, _NO, _YES, _YES),
    Act.RECORDS: (_NO, _YES, _YES, _YES),
    Act.REISSUE: (_NO, _NO, _YES, _YES),
    Act.WAIVE_FEE: (_NO, _NO, _ASK, _ASK),
    Act.CARD_STOCK: (_NO, _YES, _YES, _YES),
    Act.METER_CHANGE: (_NO, _NO, _YES, _YES),
    Act.ESTIMATE: (_NO, _NO, _ASK, _ASK),
    Act.CLOSE_SUPPLY: (_NO, _NO, _ASK, _ASK),
    Act.CHECK_CARD: (_NO, _YES, _YES, _YES),
    # What changes meters without anybody at the counter is two people's word.
    Act.PARAMETER_CARD: (_NO, _NO, _ASK, _ASK),
    Act.CLEAR_CARD: (_NO, _NO, _ASK, _ASK),
    Act.KEY_CARD: (_NO, _NO, _ASK, _ASK),
    # The identical bytes of a posted order: no new money and no new energy, but nobody mends a card for a friend alone.
    Act.REPAIR_CARD: (_NO, _NO, _ASK, _ASK),
    Act.READ_TOOL: (_NO, _YES, _YES, _YES),
    Act.SHIFT: (_YES, _YES, _NO, _NO),
    Act.CASH: (_YES, _YES, _NO, _NO),
    Act.CASH_OVER: (_ASK, _YES, _NO, _NO),
    Act.DRAWER: (_YES, _YES, _NO, _NO),
    Act.X_REPORT: (_YES, _YES, _NO, _NO),
    Act.HANDOVER: (_YES, _YES, _NO, _NO),
    Act.VOID: (_ASK, _YES, _NO, _NO),
    Act.REVERSAL: (_ASK, _YES, _NO, _NO),
    Act.REFUND: (_ASK, _YES, _NO, _NO),
    Act.TENDER_CORRECTION: (_ASK, _YES, _NO, _NO),
    Act.PRINT: (_YES, _YES, _NO, _NO),
    Act.REPRINT: (_YES, _YES, _NO, _NO),
    # Nobody signs for what he left open himself.
    Act.SIGN_OPEN_SALE: (_ASK, _ASK, _NO, _NO),
    Act.CLOSE_OTHER_SHIFT: (_NO, _YES, _NO, _NO),
    Act.CLOSE_DAY: (_NO, _YES, _NO, _NO),
    Act.SECRET: (_YES, _YES, _YES, _YES),
    Act.OPERATORS: (_NO, _NO, _NO, _YES),
    # Else one administrator makes the second pair of eyes himself. The first other one he makes alone.
    Act.APPROVERS: (_NO, _NO, _NO, _ASK),
    Act.KEYS: (_NO, _NO, _NO, _ASK),
    Act.ALLOWANCE: (_NO, _ASK, _NO, _ASK),
    Act.SETTINGS: (_NO, _YES, _YES, _YES),
    Act.RULES: (_NO, _ASK, _NO, _ASK),
    Act.TARIFFS: (_NO, _ASK, _NO, _ASK),
    Act.IMPORT: (_NO, _NO, _NO, _YES),
    Act.REENTER: (_NO, _YES, _NO, _YES),
    Act.INSPECT: (_NO, _YES, _NO, _YES),
    Act.READINGS: (_NO, _YES, _YES, _YES),
    Act.BACKUP: (_NO, _YES, _NO, _YES),
    Act.EXPORT: (_NO, _YES, _NO, _YES),
    Act.VERIFY: (_NO, _YES, _NO, _YES),
}
PERMISSIONS: dict[tuple[Act, Role], Grant] = {
    (act, role): grant for act, row in _ROWS.items() for role, grant in zip(_ORDER, row, strict=True)
}
"""Every act and every role has its answer."""

APPROVERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
"""Whose word opens what needs an approval."""

_OPENS_A_WORD = frozenset({OperatorChange.ADD, OperatorChange.RESET, OperatorChange.UNLOCK})


def strengthens(before: Operator | None, after: Operator, how: OperatorChange) -> bool:
    """Whether a change makes somebody whose word approves, or opens the way to the word of one.

    Who does it needs `Act.APPROVERS`: the word of another one, as soon as there is another.
    """
    if after.role not in APPROVERS:
        return False
    is_raised = before is None or before.role is not after.role or before.is_active < after.is_active
    return is_raised or how in _OPENS_A_WORD


DEMANDABLE = (
    Act.REVERSAL,
    Act.REFUND,
    Act.VOID,
    Act.TENDER_CORRECTION,
    Act.CASH_OVER,
    Act.DRAWER,
    Act.CARD_STOCK,
    Act.REISSUE,
    Act.METER_CHANGE,
    Act.OPERATORS,
)
"""For which an office may demand a second person where the table does not: each can be approved where it is done.

Selling is not among them: whoever stands in a queue waits for one person."""


def can_be_demanded(role: Role, act: Act) -> bool:
    """Whether an office can make this stricter for this role: never looser, and never open to who may not."""
    return act in DEMANDABLE and PERMISSIONS[act, role] is Grant.YES


def approves(role: Role, act: Act) -> bool:
    """Whether this role may approve this act for somebody else: only what anybody may need an approval for."""
    is_asked = act in DEMANDABLE or any(PERMISSIONS[act, other] is Grant.APPROVAL for other in Role)
    return role in APPROVERS and is_asked


def grant(operator: Operator | None, act: Act) -> Grant:
    """What the table says to this person; nobody and the locked may nothing."""
    if operator is None or not operator.is_active:
        return Grant.NO
    return PERMISSIONS[act, operator.role]


def may(operator: Operator | None, act: Act) -> bool:
    """Whether this person may do this, alone or with an approval: whether a screen offers it."""
    return grant(operator, act) is not Grant.NO


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's word for one request of somebody else; the books take it once."""

    id: ApprovalId
    act: Act
    approver: OperatorName
    operator: OperatorName
    digest: bytes
    """SHA-256 of the canonical request: 32 bytes."""
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Authority:
    """Who writes in the books, and by which permission; asked again inside the transaction."""

    operator: OperatorName
    act: Act
    approval: Approval | None = None


def refuse(operator: Operator | None, act: Act) -> OperatorError:
    """The error for somebody who may not."""
    return OperatorError(Code.PERMISSION_DENIED, act=act.value, role=operator.role.value if operator else "nobody")
