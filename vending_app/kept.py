"""Composing what is kept outside the books: recovery keys, backups as offices again, files that go out and come in."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from vending_app import app, office_books, office_files, settings
from vending_app.backing_up import KEPT_FILES
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import DeskNo
from vending_app.domain.keeping import fingerprint
from vending_app.keeping.recovery_key import KEY_BYTES, RecoveryKey
from vending_app.keeping.restoring import Unsealed, check_content, new_folder, unseal
from vending_app.keeping.sealed import SealedFile, damaged
from vending_app.ledger import DeskLedger, SqliteFile
from vending_app.ledger.backup import MEMBER, check_copy

DUMP = "ledger.pgdump"
"""As ledger.postgres_dump has it, which is loaded only where an office has a server."""
ALLOWED = frozenset({MEMBER, DUMP, *KEPT_FILES})
"""The names that a backup may have in it."""


def new_recovery_key(files: office_files.Files) -> RecoveryKey:
    """A fresh key for an office that has none; its public half is saved when somebody has the private one.

    Raises OperatorError recovery-key-exists.
    """
    if files.recovery.exists():
        raise OperatorError(Code.RECOVERY_KEY_EXISTS, path=str(files.recovery))
    return RecoveryKey(app.random_bytes(KEY_BYTES))


def recovery_sheet(key: RecoveryKey, *, office: str) -> str:
    """What is printed or written and kept apart from the machine."""
    return (
        f"# Recovery key of {office}, mark {key.public.fingerprint}\n"
        "# Whoever has it can read every backup. Keep it on paper in a safe, apart from the machine.\n"
        f"{key.text}\n"
    )


def save_recovery_sheet(path: Path, sheet: str) -> None:
    """A new file for its owner alone. Raises EnvironmentFault file-unreadable."""
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(sheet)
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause


@dataclass(frozen=True, slots=True)
class Verified:
    """What is known of a backup after it was read."""

    made_at: datetime
    desk: int
    is_opened: bool
    """Whether its content was proven too, which takes the key."""


def verify(path: Path, key: RecoveryKey | None) -> Verified:
    """Read a backup whole. Raises EnvironmentFault backup-damaged, …, OperatorError recovery-key-other."""
    sealed = SealedFile(path)
    sealed.check()
    head = sealed.head()
    if key is not None:
        check_content(path, key, allowed=ALLOWED)
    return Verified(*_told(head, path), is_opened=key is not None)


def _told(head: dict[str, object], path: Path) -> tuple[datetime, int]:
    try:
        made_at, desk = datetime.fromisoformat(str(head["made_at"])), int(str(head["desk"]))
    except (KeyError, ValueError) as cause:
        raise damaged(path, "its head does not tell who made it, and when") from cause
    if made_at.tzinfo is None:
        raise damaged(path, "its head tells a time without a zone")
    return made_at, desk


def restore(path: Path, key: RecoveryKey, target: Path, *, move_aside: bool) -> Unsealed:
    """A backup as a new office, which sells nothing until its last receipts were compared.

    Raises OperatorError folder-taken, recovery-key-other; EnvironmentFault backup-damaged, backup-failed, ledger-…
    """
    made_at, desk = _told(SealedFile(path).head(), path)
    aside = f"aside-{app.now():%Y%m%dT%H%M%SZ}" if move_aside else ""
    with new_folder(target, aside=aside) as making:
        found = unseal(path, key, allowed=ALLOWED, into=making)
        _own_folders(office_files.Files(making))
        if DUMP in found.names:
            # pg_restore brings it to a server; there each desk finds that the books are older than its own backups.
            return found
        if MEMBER not in found.names:
            raise damaged(path, "the books are not in it")
        check_copy(making / MEMBER, found.heads)
        ledger = DeskLedger.open(SqliteFile(office_files.Files(making).ledger), desk=DeskNo(desk))
        with closing(ledger):
            ledger.note_restored(backup=fingerprint(found.heads), made_at=made_at, at=app.now(), is_older=False)
    return found


def _own_folders(files: office_files.Files) -> None:
    """The restored office keeps its backups beside itself: the old folder may be on a disk that is gone."""
    chosen = settings.load(files.settings)
    settings.save(files.settings, replace(chosen, backup_folder="", backup_copy=""))


def accept_older_server(data: Path) -> None:
    """The server was restored, and this desk knows: it lets go of what it knew of its chain, and nothing is sold yet.

    Raises OperatorError books-not-restored for books in a file, EnvironmentFault ledger-server-…
    """
    files = office_files.Files(data)
    chosen = settings.load(files.settings)
    if not chosen.ledger:
        raise OperatorError(Code.BOOKS_NOT_RESTORED)
    # Opened without the witness, which would refuse; it is forgotten last, when the books say that they are a copy.
    with closing(DeskLedger.open(office_books.server_at(chosen.ledger), desk=DeskNo(chosen.desk))) as ledger:
        known_at = ledger.newest_moment()
        if ledger.restoration() is None and known_at is not None:
            ledger.note_restored(backup="", made_at=known_at, at=app.now(), is_older=True)
    (files.data / f"witness-{chosen.desk}.txt").unlink(missing_ok=True)
