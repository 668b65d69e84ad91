"""What keeping the books needs from outside, as Protocols: a part of `ports.py` with a subject of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import date, datetime
    from pathlib import Path

    from vending_app.domain.card import MeterParameters
    from vending_app.domain.ids import SupplyNo
    from vending_app.domain.keeping import BackupMade, ChainHead, StoredBackup
    from vending_app.domain.money import Money
    from vending_app.domain.people import Customer, Meter, Office
    from vending_app.domain.restoring import PaperReceipt, ReceiptFinding, Reentry, Restoration
    from vending_app.domain.sale import Sale


@dataclass(frozen=True, slots=True)
class Taken:
    """What a new supply may not be called, and may refer to."""

    supplies: frozenset[str]
    meters: frozenset[str]
    """Of supplies that are not closed."""
    customers: Mapping[str, Customer]
    tariffs: frozenset[str]


Cells = tuple[str | int | bytes | None, ...]


@dataclass(frozen=True, slots=True)
class TableToExport:
    """One table, row by row."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[Cells]


@dataclass(frozen=True, slots=True)
class BooksToExport:
    """Everything in the books but the secrets of operators, of one moment; read once, in order."""

    office: Office
    schema: int
    heads: tuple[ChainHead, ...]
    tables: Iterator[TableToExport]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was given away."""

    folder: Path
    rows: Mapping[str, int]
    """By table."""
    fingerprint: str


class ExportTarget(Protocol):
    """Where an export goes."""

    def take(self, books: BooksToExport) -> Exported:
        """Raises OperatorError folder-taken, EnvironmentFault backup-failed."""


class SupplyEntry(Protocol):
    """Where supplies are entered, few or a hundred thousand."""

    def setting_up(self) -> AbstractContextManager[None]:
        """Everything entered in the block is one transaction: all of it, or nothing."""

    def add_supply(
        self,
        number: SupplyNo,
        *,
        customer: Customer,
        meter: Meter,
        tariff: str,
        parameters: MeterParameters,
        opened_on: date,
        arrears: Money,
        arrears_share_percent: int,
        charged_until: date | None = None,
    ) -> None:
        """A supply with its customer and meter, and what he owed before these books began."""


class KeptLedger(SupplyEntry, Protocol):
    """The part of `ports.Ledger` that compares the books with what is outside them, takes in, and gives away."""

    def taken(self, *, on: date) -> Taken:
        """For a table that is to be entered; tariffs as of that day."""

    def exporting(self) -> AbstractContextManager[BooksToExport]:
        """The books of one moment, while others go on writing."""

    def knows(self, heads: Iterable[ChainHead]) -> bool:
        """Whether all these journal rows are in the books: if not, the books are older than whoever tells of them."""

    # books that come from a copy: nothing can be reserved until the restoration is ended
    def check_receipt(self, paper: PaperReceipt) -> ReceiptFinding: ...
    def note_restored(self, *, backup: str, made_at: datetime, at: datetime, is_older: bool) -> None:
        """These books are those of a backup, or are older than one that exists."""

    def restoration(self) -> Restoration | None:
        """The one that is not ended."""

    def last_restoration_ended(self) -> datetime | None: ...
    def end_restoration(self, papers: Iterable[PaperReceipt], *, at: datetime) -> tuple[PaperReceipt, ...]:
        """The last paper of every desk is told; numbers that nobody brought are given up, and returned.

        Raises OperatorError books-not-restored, receipts-unproven, receipt-other.
        """

    def reenter(self, entry: Reentry, *, at: datetime) -> Sale:
        """Store and post a sale that paper or a card prove.

        Raises OperatorError reentry-known, reentry-differs, receipt-other, sale-interrupted, supply-unknown;
        allowance-over, allowance-spent for what only a paper tells.
        """


@dataclass(frozen=True, slots=True)
class LedgerSnapshot:
    """The books of one moment, as bytes that can be read once."""

    member: str
    """What they are called inside a backup; says also how they are read back."""
    heads: tuple[ChainHead, ...]
    """Where every desk's chain ends in these very bytes."""
    schema: int
    blocks: Iterator[bytes]


class LedgerSource(Protocol):
    """Where a backup takes the books from; used beside the desk thread, on a connection of its own."""

    def snapshot(self, scratch: Path) -> AbstractContextManager[LedgerSnapshot]:
        """The books now, proven whole. `scratch` is an empty folder that is removed afterwards.

        Raises EnvironmentFault ledger-…, backup-damaged.
        """


class BackupStore(Protocol):
    """Backups of this office in their folder; for one thread at a time."""

    def make(self) -> BackupMade:
        """A backup now: sealed, read back, rotated. Raises EnvironmentFault backup-failed, recovery-key-missing, …"""

    def newest(self) -> StoredBackup | None:
        """By the names in the folder; None also if it cannot be read."""


class Backups(Protocol):
    """What the counter tells the backups of; nothing here ever waits."""

    def rest(self) -> None:
        """Nothing is being done at the desk: begin a backup if one is due."""

    def begin(self) -> None:
        """Begin a backup now: a shift was closed, or somebody wants one."""
