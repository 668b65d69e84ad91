"""Password hashes: Argon2id with the parameters of the OWASP Password Storage Cheat Sheet, raised to three passes."""

from __future__ import annotations

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MEMORY_KIB = 46 * 1024
PASSES = 3
LANES = 1
HASH_BYTES = 32
SALT_BYTES = 16


def hash_secret(secret: str, *, salt: bytes) -> str:
    """The PHC text `$argon2id$…` of a password or PIN; `salt` is 16 random bytes from outside."""
    return _kdf(salt).derive_phc_encoded(secret.encode())


def matches(secret: str, hashed: str) -> bool:
    """Whether the secret is the one that was hashed. A hash that cannot be read matches nothing."""
    try:
        Argon2id.verify_phc_encoded(secret.encode(), hashed)
    except (InvalidKey, ValueError):
        return False
    return True


def _kdf(salt: bytes) -> Argon2id:
    return Argon2id(salt=salt, length=HASH_BYTES, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)
