"""Composing the backups of an office: where they lie, what goes into them, and who does the work beside the desk."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo
from vending_app.domain.keeping import BackupName
from vending_app.keeping.backups import BackupFolder
from vending_app.ledger.backup import SqliteSource
from vending_app.ports import Clock, Entropy, Ledger
from vending_app.ports.keeping import LedgerSource
from vending_app.services.backups import BackupPlan
from vending_app.settings import Settings

log = logging.getLogger(__name__)

RECOVERY = "recovery.pub"
KEPT_FILES = ("settings.json", "vault.sealed", RECOVERY)
"""What a backup has besides the books; receipts are made from them, and practice is not kept."""


def source_of(ledger: Path, chosen: Settings) -> LedgerSource:
    """What a backup takes the books from; the driver of a server is loaded only where an office has one."""
    if not chosen.ledger:
        return SqliteSource(ledger)
    from vending_app.ledger.postgres_dump import PgDumpSource  # noqa: PLC0415 - see above

    return PgDumpSource(chosen.ledger)


def backup_folder(
    data: Path, chosen: Settings, source: LedgerSource, *, clock: Clock, entropy: Entropy
) -> BackupFolder:
    """Where the desk of these settings keeps its backups, and what goes into them."""
    return BackupFolder(
        folder=Path(chosen.backup_folder) if chosen.backup_folder else data / "backups",
        second=Path(chosen.backup_copy) if chosen.backup_copy else None,
        office=data,
        files=KEPT_FILES,
        public=data / RECOVERY,
        source=source,
        desk=DeskNo(chosen.desk),
        clock=clock,
        entropy=entropy,
    )


def start_backups(stack: ExitStack, store: BackupFolder, ledger: Ledger) -> BackupPlan | None:
    """Backups beside the desk thread, finished when the office closes; none for practice."""
    if ledger.office().is_practice:
        return None
    mark_older_books(store, ledger)
    pool = ThreadPoolExecutor(1, thread_name_prefix="backup")
    stack.callback(pool.shutdown)
    return BackupPlan(
        store, store.clock, ledger.newest_moment, lambda work: pool.submit(work).add_done_callback(_log_bug)
    )


def mark_older_books(store: BackupFolder, ledger: Ledger) -> None:
    """Somebody put an old file back: the books do not know what the newest backup names."""
    newest = store.newest_of_office()
    if newest is None or ledger.restoration() is not None:
        return
    settled = ledger.last_restoration_ended()
    if settled is not None and settled > newest.name.made_at:
        return
    if not ledger.knows(store.heads_in(newest)):
        _note(newest.name, store, ledger)


def _note(name: BackupName, store: BackupFolder, ledger: Ledger) -> None:
    try:
        ledger.note_restored(backup=name.fingerprint, made_at=name.made_at, at=store.clock(), is_older=True)
    except EnvironmentFault as fault:
        # A desk on a server knows it by its witness already, and writes nothing at all; it may still look.
        if fault.code is not Code.LEDGER_RESTORED:
            raise


def _log_bug(done: Future[None]) -> None:
    """A backup that broke in a way nobody knows of must not vanish with its thread."""
    if (bug := done.exception()) is not None:
        log.error("bug in the backup thread", exc_info=bug)
