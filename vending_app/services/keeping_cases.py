"""What may be asked about restored books, tables that come in and files that go out, as values; answers beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, ReaderName, SaleId, SupplyNo
from vending_app.domain.importing import BadRow, TableRow
from vending_app.domain.money import ZERO, Money
from vending_app.domain.restoring import PaperReceipt, ReceiptFinding, Restoration
from vending_app.domain.sale import Sale
from vending_app.ports.keeping import ExportTarget

# --- restored books --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShowRestoring:
    """Whether these books come from a copy. Answer: Restoring."""


@dataclass(frozen=True, slots=True)
class Restoring:
    """None if they do not, or if that is settled."""

    pending: Restoration | None


@dataclass(frozen=True, slots=True)
class CheckReceipts:
    """What the books say of receipts on paper. Answer: ReceiptsChecked."""

    papers: tuple[PaperReceipt, ...]


@dataclass(frozen=True, slots=True)
class ReceiptsChecked:
    """One finding each, in the order asked."""

    findings: tuple[ReceiptFinding, ...]


@dataclass(frozen=True, slots=True)
class ReenterCard:
    """Enter the order that the card in the reader carries and the books do not know. Answer: Reentered.

    Card and its MAC prove how much was sold; the sum is on paper or unknown. Fails with reentry-known, card-….
    """

    id: SaleId
    amount: Money = ZERO
    arrears: Money = ZERO
    paper: PaperReceipt | None = None
    reader: ReaderName | None = None


@dataclass(frozen=True, slots=True)
class ReenterReceipt:
    """Enter a sale by what its receipt on paper tells. Answer: Reentered.

    Fails with reentry-…, receipt-other, allowance-over, allowance-spent.
    """

    id: SaleId
    paper: PaperReceipt
    supply: SupplyNo
    sequence: int
    """The order's number on the receipt."""
    energy: Energy
    amount: Money
    sold_at: datetime
    arrears: Money = ZERO
    card: CardNo | None = None
    """If it is not the supply's current card."""


@dataclass(frozen=True, slots=True)
class Reentered:
    """A sale is in the books again; `skipped` orders before it are known by nobody, and their energy is in it."""

    sale: Sale
    energy: Energy
    skipped: int


@dataclass(frozen=True, slots=True)
class FinishRestoring:
    """The last receipt of every desk was found. Answer: RestoringFinished. Fails with receipts-unproven, …"""

    papers: tuple[PaperReceipt, ...]


@dataclass(frozen=True, slots=True)
class RestoringFinished:
    """Selling may begin; these numbers were given up, first and last of each gap."""

    lost: tuple[PaperReceipt, ...]


# --- backups ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BackUp:
    """Begin a sealed backup now, beside the desk. Answer: BackupBegun; the log-in page tells what became of it."""


@dataclass(frozen=True, slots=True)
class BackupBegun:
    """It is being made."""


# --- tables that come in, files that go out --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ImportSupplies:
    """Enter a table of supplies. Answer: Imported, with every bad row. Fails with table-unreadable."""

    name: str
    """Of the file, to tell people."""
    rows: Iterable[TableRow]
    """The headings first; read once."""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows there were, what is wrong with them, and whether they are in the books now."""

    rows: int
    bad: tuple[BadRow, ...]
    is_entered: bool


@dataclass(frozen=True, slots=True)
class ExportBooks:
    """Give the books away as open files. Answer: Exported. Fails with folder-taken, file-unreadable."""

    to: ExportTarget
