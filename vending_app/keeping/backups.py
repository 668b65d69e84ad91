"""Backups of one office: made and proven, listed, rotated, and made into an office again."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from vending_app import __version__
from vending_app.domain.errors import Code, EnvironmentFault, VendingError
from vending_app.domain.ids import DeskNo
from vending_app.domain.keeping import BackupMade, BackupName, ChainHead, StoredBackup, fingerprint, kept
from vending_app.keeping.manifest import MANIFEST, Manifest, heads_json, heads_of
from vending_app.keeping.members import Member, file_blocks, packed
from vending_app.keeping.recovery_key import PublicHalf
from vending_app.keeping.sealed import FILE_KEY_BYTES, SealedFile, damaged, seal
from vending_app.ports.keeping import LedgerSnapshot, LedgerSource

SCRATCH = "backup-in-the-making-"
LEFT_BEHIND = timedelta(days=1)
"""A copy of the books that is older was left by a program that was stopped."""


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """`ports.keeping.BackupStore`: where backups of this office lie, and what goes into one."""

    folder: Path
    second: Path | None
    office: Path
    """Holds the small files; the copy of the books is made here too, where it is as safe as the books."""
    files: tuple[str, ...]
    """Names in the office that are kept besides the books; those that are not there are left out."""
    public: Path
    source: LedgerSource
    desk: DeskNo
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]

    def newest(self) -> StoredBackup | None:
        """See ports.keeping.BackupStore."""
        try:
            return max(self.all(), key=lambda backup: backup.name, default=None)
        except EnvironmentFault:
            return None

    def newest_of_office(self) -> StoredBackup | None:
        """The newest that is whole and sealed to this office's key: others may share the folder."""
        try:
            mark = PublicHalf.load(self.public).fingerprint
            return next((one for one in self.all() if _is_of(one, mark)), None)
        except EnvironmentFault:
            return None

    def heads_in(self, backup: StoredBackup) -> tuple[ChainHead, ...]:
        """Where the chains end in it; no key is needed. Raises EnvironmentFault backup-damaged, file-unreadable."""
        return heads_of(SealedFile(backup.path).head(), backup.path)

    def all(self) -> list[StoredBackup]:
        """Every backup in the folder, newest first. Raises EnvironmentFault backup-failed."""
        with _told(self.folder):
            return listed(self.folder)

    def make(self) -> BackupMade:
        """See ports.keeping.BackupStore."""
        public = PublicHalf.load(self.public)
        with _told(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._scratch() as scratch, self.source.snapshot(scratch) as snapshot:
                stored = self._write(snapshot, public)
            removed = rotate(self.folder)
        copied, trouble = self._copy(stored)
        return BackupMade(stored, copied, trouble, removed)

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        for old in self.office.glob(f"{SCRATCH}*"):
            if self.clock().timestamp() - old.stat().st_mtime > LEFT_BEHIND.total_seconds():
                shutil.rmtree(old, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=self.office) as folder:
            yield Path(folder)

    def _write(self, snapshot: LedgerSnapshot, public: PublicHalf) -> StoredBackup:
        made_at = self.clock().replace(microsecond=0)
        name = BackupName(made_at, self.desk, fingerprint(snapshot.heads))
        head = {
            "desk": self.desk,
            "heads": heads_json(snapshot.heads),
            "made_at": made_at.isoformat(),
            "program": __version__,
            "schema": snapshot.schema,
        }
        path = self.folder / str(name)
        blocks = packed(_with_manifest(self._members(snapshot), head))
        with _replacing(path) as draft:
            with draft.open("xb") as file:
                digest = seal(file, blocks, head=head, to=public, key=self.entropy(FILE_KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
                _forget(file.fileno())
            check_written(draft, digest)
        return StoredBackup(path, name, path.stat().st_size)

    def _members(self, snapshot: LedgerSnapshot) -> Iterator[Member]:
        yield snapshot.member, snapshot.blocks
        for name in self.files:
            if (self.office / name).exists():
                yield name, file_blocks(self.office / name)

    def _copy(self, stored: StoredBackup) -> tuple[Path | None, VendingError | None]:
        """The second one. Its trouble is told, but the first one stands."""
        if self.second is None:
            return None, None
        target = self.second / stored.path.name
        try:
            with _told(self.second):
                self.second.mkdir(mode=0o700, parents=True, exist_ok=True)
                with _replacing(target) as draft:
                    shutil.copyfile(stored.path, draft)
                    check_written(draft, SealedFile(stored.path).check())
                rotate(self.second)
        except EnvironmentFault as trouble:
            return None, trouble
        return target, None


def listed(folder: Path) -> list[StoredBackup]:
    """The backups in a folder, newest first; other files are not looked at."""
    if not folder.exists():
        return []
    named = ((path, BackupName.of(path.name)) for path in folder.iterdir())
    found = [StoredBackup(path, name, path.stat().st_size) for path, name in named if name is not None]
    return sorted(found, key=lambda backup: backup.name, reverse=True)


def rotate(folder: Path) -> int:
    """Remove what `domain.keeping.kept` does not keep; how many that were."""
    found = listed(folder)
    stays = kept(backup.name for backup in found)
    gone = [backup for backup in found if backup.name not in stays]
    for backup in gone:
        backup.path.unlink(missing_ok=True)
    return len(gone)


def _is_of(backup: StoredBackup, mark: str) -> bool:
    try:
        head = SealedFile(backup.path).head()
        heads_of(head, backup.path)
    except EnvironmentFault:
        return False
    return head.get("key") == mark


def check_written(path: Path, digest: bytes) -> None:
    """Read a file back from the disk and compare. Raises EnvironmentFault backup-damaged."""
    if SealedFile(path).check() != digest:
        raise damaged(path, "it was not written as it was meant")


def _with_manifest(members: Iterable[Member], head: dict[str, object]) -> Iterator[Member]:
    """The members, and after them what each of them must be."""
    manifest = Manifest(head)
    for name, blocks in members:
        yield name, manifest.counted(name, blocks)
    yield MANIFEST, [manifest.to_bytes()]


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Write under another name; it gets its own when everything is on the disk and was proven."""
    draft = path.with_name(f"{path.name}.partial")
    draft.unlink(missing_ok=True)
    try:
        yield draft
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _forget(handle: int) -> None:
    """Let the system forget what it remembers of a file, so that reading it back reads the disk."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """The operating system's trouble with a folder of backups, in our words."""
    try:
        yield
    except OSError as cause:
        raise EnvironmentFault(Code.BACKUP_FAILED, path=str(folder), reason=cause.strerror or str(cause)) from cause
