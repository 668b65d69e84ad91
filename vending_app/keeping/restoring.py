"""A backup made into the folder of an office again: everything is proven before it gets its name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.keeping import ChainHead
from vending_app.keeping.manifest import MANIFEST, Manifest, heads_of
from vending_app.keeping.members import LONGEST_BLOCK, Unpacked
from vending_app.keeping.recovery_key import RecoveryKey
from vending_app.keeping.sealed import Head, SealedFile, damaged


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What came out of a backup."""

    head: Head
    heads: tuple[ChainHead, ...]
    names: tuple[str, ...]


def check_content(path: Path, key: RecoveryKey, *, allowed: frozenset[str]) -> Unsealed:
    """Open a backup and prove everything in it, writing nothing. Raises as `unseal`."""
    return _read(path, key, allowed=allowed, into=None)


def unseal(path: Path, key: RecoveryKey, *, allowed: frozenset[str], into: Path) -> Unsealed:
    """Write what is in a backup into an empty folder.

    Raises OperatorError recovery-key-other, EnvironmentFault backup-damaged, backup-failed.
    """
    try:
        return _read(path, key, allowed=allowed, into=into)
    except OSError as cause:
        raise EnvironmentFault(Code.BACKUP_FAILED, path=str(into), reason=cause.strerror or str(cause)) from cause


def _read(path: Path, key: RecoveryKey, *, allowed: frozenset[str], into: Path | None) -> Unsealed:
    sealed = SealedFile(path)
    head = sealed.head()
    manifest, told = Manifest(head), b""
    sealed.check()
    for name, blocks in Unpacked(sealed.blocks(key), path).members():
        if name == MANIFEST:
            told = _short(blocks, path)
        elif name not in allowed or name in manifest.files:
            # A name is never taken for a path: whoever has the public half can seal what he likes.
            raise damaged(path, "a file in it that no backup has")
        else:
            _keep(manifest.counted(name, blocks), into / name if into else None)
    manifest.check(told, path)
    return Unsealed(head, heads_of(head, path), tuple(manifest.files))


def _short(blocks: Iterator[bytes], path: Path) -> bytes:
    told = b"".join(blocks)
    if len(told) > LONGEST_BLOCK:
        raise damaged(path, "its manifest is too long")
    return told


def _keep(blocks: Iterator[bytes], target: Path | None) -> None:
    if target is None:
        for _ in blocks:
            pass
        return
    target.touch(mode=0o600, exist_ok=False)
    with target.open("wb") as file:
        for block in blocks:
            file.write(block)


@contextmanager
def new_folder(target: Path, *, aside: str = "") -> Iterator[Path]:
    """A folder to fill, which becomes `target` when the block is left without trouble, or else is gone.

    A folder that is there is never written over; with `aside` it is renamed by that ending first.
    Raises OperatorError folder-taken, EnvironmentFault backup-failed.
    """
    if target.exists() and any(target.iterdir()) and not aside:
        raise OperatorError(Code.FOLDER_TAKEN, path=str(target))
    making = target.with_name(f"{target.name}.restoring")
    try:
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700, parents=True)
        yield making
        if target.exists() and any(target.iterdir()):
            target.rename(target.with_name(f"{target.name}.{aside}"))
        making.replace(target)
    except OSError as cause:
        raise EnvironmentFault(Code.BACKUP_FAILED, path=str(target), reason=cause.strerror or str(cause)) from cause
    finally:
        shutil.rmtree(making, ignore_errors=True)
