"""Use cases of the technician's desk: records, the life of a supply, and the procedures that begin or end one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from vending_app.domain.card import WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.ids import ApprovalId, JournalRow, MeterNo, ReaderName, SaleId, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Customer, Meter, SupplyFile
from vending_app.domain.records import (
    Area,
    CardEnd,
    EnergyLeft,
    FinalReading,
    SupplyLife,
    Terms,
    Told,
)
from vending_app.domain.returned import Worth
from vending_app.domain.sale import Sale

# --- records ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EnterCustomer:
    """A new customer (no number), or a correction. Answer: Customer."""

    customer: Customer
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EnterArea:
    """Answer: Records."""

    area: Area
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EnterMeter:
    """Into stock. Answer: Records. Refused: meter-installed."""

    meter: Meter
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShowRecords:
    """What a new supply may be made of. Answer: Records."""


@dataclass(frozen=True, slots=True)
class Records:
    """Areas by code, meters that wait to be installed, and tariffs."""

    areas: tuple[Area, ...]
    stock: tuple[Meter, ...]
    tariffs: tuple[tuple[str, str], ...]
    """Code and name of those that hold today."""


@dataclass(frozen=True, slots=True)
class EnterSupply:
    """A new supply on a meter from stock, for a customer who is entered with it. Answer: SupplyFile.

    Refused: record-refused (a name or a number is missing), meter-unknown, meter-installed, tariff-missing, …
    """

    customer: Customer
    meter: MeterNo
    terms: Terms
    """Its customer is taken from `customer`."""
    number: SupplyNo | None = None
    opened_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """Answer: LifeShown. Refused: reason-missing, supply-closed, customer-owes, customer-is-owed, record-changed, …"""

    supply: SupplyNo
    terms: Terms
    reason: str
    before: Terms | None = None
    """As the page showed them: what somebody else changed meanwhile is not undone."""
    newcomer: Customer | None = None
    """Somebody not yet known who takes the supply over: entered with it, or not at all."""


@dataclass(frozen=True, slots=True)
class NoteSupply:
    """Answer: LifeShown."""

    supply: SupplyNo
    text: str


# --- the life of a supply --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShowLife:
    """Answer: LifeShown."""

    supply: SupplyNo


@dataclass(frozen=True, slots=True)
class LifeShown:
    """A supply and everything that ever happened to it."""

    supply: SupplyFile
    life: SupplyLife
    write_back: WriteBack | None
    now: datetime
    months: tuple[tuple[date, Energy], ...]
    """Use per calendar month by write-backs, oldest first."""
    terms: Terms
    customer_since: date
    """When the customer of now began with it."""
    card_fee: Money
    """Of a card that replaces another one, by the tariff of today."""
    waiting: Sale | None = None
    """The last order of a supply that has ended, which waits for its card."""


# --- cards -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShowStake:
    """What a lost card may be worth, by what the customer reads on his meter. Answer: StakeFound."""

    supply: SupplyNo
    told: Told = field(default_factory=Told)
    why: CardEnd = CardEnd.LOST
    """Asked for the step after it."""


@dataclass(frozen=True, slots=True)
class ReissueCard:
    """Make the blank card in the reader the supply's card; the one before is dead from then on. Answer: SaleDone.

    Refused: supply-has-no-card, card-not-blank, display-ahead, supply-closed.
    """

    id: SaleId
    supply: SupplyNo
    why: CardEnd
    told: Told = field(default_factory=Told)
    is_free: bool = False
    """Without the fee, which somebody else approves."""
    reader: ReaderName | None = None
    approval: ApprovalId | None = None


# --- meters and ends -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShowLeft:
    """What a supply still has by its last reading. Answer: Left."""

    supply: SupplyNo
    reading: FinalReading | None = None
    """None for the last write-back."""


@dataclass(frozen=True, slots=True)
class Left:
    """The summary before a meter is changed or a supply is closed."""

    supply: SupplyFile
    reading: FinalReading
    left: EnergyLeft
    worth: Worth
    """What it is worth if it goes back, in parts; below zero if it is owed."""
    arrears: Money
    stock: tuple[Meter, ...] = ()
    """Meters that could take over."""
    is_loose: bool = False
    """Whether a card that is not here could still give what is left on it: then the meter is off before a close."""

    @property
    def energy(self) -> Energy:
        """On the card and in the meter; below zero if more was used than bought."""
        return self.left.all

    @property
    def price(self) -> Money:
        return self.worth.total


@dataclass(frozen=True, slots=True)
class ChangeMeter:
    """End the supply with its meter; the new one has all it had. Answer: MeterChange.

    Refused: reason-missing, reading-missing, reading-behind, sale-interrupted, meter-unknown, meter-installed,
    books-restored.
    """

    supply: SupplyNo
    meter: MeterNo
    reason: str
    reading: FinalReading | None = None
    approval: ApprovalId | None = None
    """For an estimate."""


@dataclass(frozen=True, slots=True)
class CloseSupply:
    """Settle and close. Answer: Settlement. Refused as ChangeMeter, record-changed if it is another sum by now, and
    card-still-good if a card that is not there could still give what goes back.
    """

    supply: SupplyNo
    reason: str
    reading: FinalReading | None = None
    price: Money | None = None
    """What the summary said; it is what somebody approves."""
    is_meter_off: bool = False
    """The meter was taken down or disconnected: a card that is not there gives nothing any more."""
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class WriteOffCard:
    """The card that the last order of an ended supply waits for will not come back. Answer: LifeShown.

    Refused: reason-missing, no-card-waited-for, and card-still-good unless its meter is off.
    """

    supply: SupplyNo
    reason: str
    is_meter_off: bool = False
    """The meter was taken down or disconnected: the card gives nothing any more."""
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """Print the slip to sign of a procedure, as often as somebody asks. Answer: ReportPrinted.

    Refused: supply-unknown, procedure-unknown. Fails with printer-failed: what was done stands.
    """

    supply: SupplyNo
    row: JournalRow | None = None
    """Which one, by its row of the journal; None for the newest."""


@dataclass(frozen=True, slots=True)
class ShowSlip:
    """The same to look at. Answer: ReportPdf. Refused as PrintSlip."""

    supply: SupplyNo
    row: JournalRow | None = None


Approvable = ReissueCard | ChangeMeter | CloseSupply | WriteOffCard
"""What may need somebody's approval, given in its field `approval`."""
