"""The recovery key: its public half lies in the office's folder, its private half on paper, apart from the machine.

On paper it is 13 groups of five signs: four of Crockford's base 32 (no I, L, O, U) and a check figure, so that a
slip is found in its group. Check figure: (v1 + 3·v2 + 5·v3 + 7·v4 + 9·group) mod 32; 32 bytes are 52 signs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.keeping import short

KEY_BYTES = 32
PUBLIC_MARK = "vending-recovery-1"
"""First word of the file with the public half; the second is its 64 hexadecimal figures."""
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP_SIGNS = 13, 4
_WEIGHTS = (1, 3, 5, 7)
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
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

    def __init__(self, secret: bytes) -> None:
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
        bits = int.from_bytes(self._key.private_bytes_raw(), "big") << (GROUPS * GROUP_SIGNS * 5 - KEY_BYTES * 8)
        values = [(bits >> 5 * place) & 31 for place in reversed(range(GROUPS * GROUP_SIGNS))]
        parts = [values[at : at + GROUP_SIGNS] for at in range(0, len(values), GROUP_SIGNS)]
        return "-".join("".join(ALPHABET[v] for v in (*part, _check(part, at))) for at, part in enumerate(parts))

    @classmethod
    def parse(cls, text: str) -> RecoveryKey:
        """From what was typed or kept in a file; lines that begin with # are left out.

        Raises OperatorError recovery-key-wrong, with the `group` (from 1) whose check figure does not fit.
        """
        lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
        signs = "".join("".join(lines).upper().translate(_LOOKS_LIKE).replace("-", " ").split())
        size = GROUP_SIGNS + 1
        if len(signs) != GROUPS * size or not set(signs) <= set(ALPHABET):
            raise OperatorError(Code.RECOVERY_KEY_WRONG)
        values: list[int] = []
        for group in range(GROUPS):
            *part, check = [ALPHABET.index(sign) for sign in signs[group * size : (group + 1) * size]]
            if _check(part, group) != check:
                raise OperatorError(Code.RECOVERY_KEY_WRONG, group=group + 1)
            values += part
        bits = sum(value << 5 * place for place, value in enumerate(reversed(values)))
        return cls((bits >> (GROUPS * GROUP_SIGNS * 5 - KEY_BYTES * 8)).to_bytes(KEY_BYTES, "big"))

    @classmethod
    def load(cls, path: Path) -> RecoveryKey:
        """Raises OperatorError recovery-key-wrong, EnvironmentFault file-unreadable."""
        try:
            text = path.read_bytes()[:BIGGEST_KEY_FILE].decode("utf-8", errors="replace")
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause
        return cls.parse(text)


def _check(part: list[int], group: int) -> int:
    return (sum(weight * value for weight, value in zip(_WEIGHTS, part, strict=True)) + 9 * group) % 32
