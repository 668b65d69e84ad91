"""The recovery key: its public half lies in the office's folder, its private half on paper, apart from the machine.

On paper it is 13 groups of `paper_signs.py`: 32 bytes are 52 signs and 13 check figures.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.keeping import short
from vending_app.domain.paper_signs import NotOnPaper, from_paper, to_paper
from vending_app.domain.wiping import lent

KEY_BYTES = 32
PUBLIC_MARK = "vending-recovery-1"
"""First word of the file with the public half; the second is its 64 hexadecimal figures."""
BIGGEST_KEY_FILE = 4096


@dataclass(frozen=True, slots=True)
class PublicHalf:
    """What backups are sealed to; no secret."""

    key: bytes

    @property
    def fingerprint(self) -> str:
        """Tells whether a key on paper belongs to a backup."""
        return short(hashlib.sha256(self.key).digest())

    @property
    def opened(self) -> X25519PublicKey:
        return X25519PublicKey.from_public_bytes(self.key)

    def save(self, path: Path) -> None:
        """Raises OperatorError recovery-key-exists, EnvironmentFault file-unreadable."""
        try:
            with path.open("x", encoding="ascii") as file:
                file.write(f"{PUBLIC_MARK} {self.key.hex()}\n")
        except FileExistsError as cause:
            raise OperatorError(Code.RECOVERY_KEY_EXISTS, path=str(path)) from cause
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause

    @classmethod
    def load(cls, path: Path) -> PublicHalf:
        """Raises EnvironmentFault recovery-key-missing, file-unreadable."""
        try:
            mark, figures = path.read_bytes()[:BIGGEST_KEY_FILE].decode("ascii").split()
            key = bytes.fromhex(figures)
        except FileNotFoundError as cause:
            raise EnvironmentFault(Code.RECOVERY_KEY_MISSING, path=str(path)) from cause
        except (OSError, ValueError) as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause
        if mark != PUBLIC_MARK or len(key) != KEY_BYTES:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path))
        return cls(key)


class RecoveryKey:
    """The private half. It is shown once and never stored by this program."""

    def __init__(self, secret: bytes | bytearray) -> None:
        self._key = X25519PrivateKey.from_private_bytes(secret)

    def __repr__(self) -> str:
        return "RecoveryKey(…)"

    @property
    def opened(self) -> X25519PrivateKey:
        return self._key

    @property
    def public(self) -> PublicHalf:
        return PublicHalf(self._key.public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        """For paper: 13 groups with their check figures."""
        return to_paper(self._key.private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> RecoveryKey:
        """From what was typed or kept in a file; lines that begin with # are left out.

        Raises OperatorError recovery-key-wrong, with the `group` (from 1) whose check figure does not fit.
        """
        try:
            with lent(from_paper(text, size=KEY_BYTES)) as secret:
                return cls(secret)
        except NotOnPaper as slip:
            raise OperatorError(Code.RECOVERY_KEY_WRONG, **({"group": slip.group} if slip.group else {})) from None

    @classmethod
    def load(cls, path: Path) -> RecoveryKey:
        """Raises OperatorError recovery-key-wrong, EnvironmentFault file-unreadable."""
        try:
            text = path.read_bytes()[:BIGGEST_KEY_FILE].decode("utf-8", errors="replace")
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause
        return cls.parse(text)
