"""Customers, meters, supplies, cards, operators, desks and shifts as the ledger keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from vending_app.domain.card import MeterParameters
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, OperatorName, SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import Money

LOCK_MINUTES, MOST_LOCK_MINUTES = 5, 480
"""Without a touch, until a window locks itself; the most is a working day."""


@dataclass(frozen=True, slots=True)
class Office:
    """The utility, as receipts and cards name it."""

    name: str
    address: str
    tax_number: str
    help_hours: str
    help_phone: str
    utility: int
    """0 … 65535; stands in the header of every card."""
    currency: str = "€"
    is_practice: bool = False
    above: tuple[str, ...] = ()
    """Lines of its receipts under its name; these three only where a paper is made."""
    below: tuple[str, ...] = ()
    """Lines at the foot of its receipts."""
    logo: bytes = field(default=b"", repr=False)
    """PNG; empty for the usual mark."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A person or firm."""

    number: str
    name: str
    address: str
    phone: str = ""
    identity: str = ""
    """Of his passport or register entry."""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Meter:
    """A device."""

    number: MeterNo
    model: str
    constant_imp_per_kwh: int
    phases: int = 1
    ct_ratio: int = 1
    pt_ratio: int = 1
    initial_reading: Energy = NO_ENERGY
    make: str = ""


class SupplyState(StrEnum):
    """The life of a supply."""

    PREPARED = "prepared"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SupplyFile:
    """All that a desk must know of one supply: one meter feeding one customer, and where its books stand."""

    number: SupplyNo
    customer: Customer
    meter: Meter
    tariff: str
    """Code of the tariff, such as `H2`."""
    tariff_name: str
    state: SupplyState
    parameters: MeterParameters
    opened_on: date
    closed_on: date | None
    card: CardNo | None
    """The current card."""
    generation: int
    """Of the current card; 0 before the first."""
    sequence: int
    """The highest sequence ever reserved; never used again."""
    order_sequence: int
    """Of the newest posted order, which the card should carry; 0 before the first."""
    energy_total: Energy
    """Bought in all, posted sales only."""
    purchases: int
    arrears: Money
    arrears_share_percent: int
    charged_until: date | None
    """First day of the last month whose fixed charge was paid."""
    bought_this_month: Energy
    area: str = ""
    ends_on: date | None = None
    """Of a temporary supply: the last day on which it buys."""
    carried: Energy = NO_ENERGY
    """What the meter before left over, for the first order of this supply."""
    taken_from: SupplyNo | None = None
    """The supply whose meter was changed for this one."""

    @property
    def buys_first(self) -> bool:
        """Its customer has bought nothing yet, here or by the meter before."""
        return self.purchases == 0 and self.taken_from is None


@dataclass(frozen=True, slots=True)
class SupplyLine:
    """One row of a search."""

    number: SupplyNo
    customer: str
    address: str
    meter: MeterNo
    tariff: str
    state: SupplyState
    card: CardNo | None


class CardState(StrEnum):
    """The life of a card in the ledger."""

    ISSUING = "issuing"
    ACTIVE = "active"
    REPLACED = "replaced"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class CardRecord:
    """What the ledger knows of a card number."""

    number: CardNo
    supply: SupplyNo
    generation: int
    state: CardState
    since: datetime


class Role(StrEnum):
    """What a person may do; the table of permissions is `domain/permissions.py`."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    TECHNICIAN = "technician"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who logs in; never with his secret."""

    name: OperatorName
    full_name: str
    role: Role
    pin_figures: int = 0
    """How many figures his PIN has; 0 means a passphrase."""
    is_active: bool = True
    """False while he is locked: nobody is ever deleted."""
    must_change: bool = False
    """Whether his secret was set by somebody else, so that he chooses his own before anything else."""


class OperatorChange(StrEnum):
    """What can be done to an operator; each is a row of the journal."""

    ADD = "add"
    CHANGE = "change"
    """Another name to show, or another role."""
    RESET = "reset"
    """A secret from the administrator, to be changed at the next log-in."""
    LOCK = "lock"
    UNLOCK = "unlock"
    OWN_SECRET = "own-secret"
    """The secret that he chose himself."""
    REKEY = "rekey"
    """The same secret, hashed in the newer way."""
    LOCKOUT = "lockout"
    """Locked by the program after too many failures."""


@dataclass(frozen=True, slots=True)
class OperatorEvent:
    """One change of an operator, as the journal has it."""

    at: datetime
    by: OperatorName | None
    """None where the program did it, or the office was being made."""
    how: OperatorChange
    before: Operator | None
    """None for somebody new."""
    after: Operator


@dataclass(frozen=True, slots=True)
class Shift:
    """One cashier's period at a desk."""

    number: ShiftNo
    desk: DeskNo
    operator: OperatorName
    opened_at: datetime
    float_cash: Money
    closed_at: datetime | None = None
    counted: Money | None = None
    expected: Money | None = None
    sales: int = 0
    reason: str = ""
    """Why the count differed, in the cashier's words."""
    handed_to: OperatorName | None = None
    """Who takes over what was counted; None if it went to the safe."""

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class LoginAttempts:
    """How often a name was tried in vain since it last got in, and when last."""

    failures: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a supply's life: a purchase, a card, or a write-back."""

    at: datetime
    kind: str
    """`sale`, `issue` or `write-back`."""
    sequence: int
    energy: Energy
    """Bought, or used in total for a write-back."""
    money: Money
    remaining: Energy | None = None
    receipt: str = ""
    state: str = ""
    sale: SaleId | None = None
