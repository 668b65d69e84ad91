"""Secrets of people: what is stored of them, and which are too easy to guess.

Stored is `keyed-1:` and the Argon2id text of what the vault computes from name and secret: whoever has the books but
not the vault cannot try a single PIN. Parameters: OWASP Password Storage Cheat Sheet, raised to three passes.
Rules of choice: OWASP Authentication Cheat Sheet and NIST SP 800-63B-4: length and a list, no composition rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, Role
from vending_app.ports import KeyVault

MEMORY_KIB = 46 * 1024
PASSES = 3
LANES = 1
HASH_BYTES = 32
SALT_BYTES = 16
KEYED = "keyed-1:"
"""In front of a hash that needs the vault; hashes of the first version have nothing there."""

PIN_FIGURES = range(6, 13)
"""A cashier's PIN; ten tries of a million, and the name is locked."""
PASSPHRASE_LETTERS = range(12, 129)

# A hash of nothing anybody can type: an unknown name costs the same time as a wrong secret.
NOBODY = f"{KEYED}$argon2id$v=19$m=47104,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Makes and checks the stored form of secrets, with the keys of this office."""

    vault: KeyVault

    def hashed(self, name: OperatorName, secret: str, *, salt: bytes) -> str:
        """`keyed-1:$argon2id$…`; `salt` is 16 random bytes from outside. Raises EnvironmentFault vault-locked."""
        kdf = Argon2id(salt=salt, length=HASH_BYTES, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)
        return KEYED + kdf.derive_phc_encoded(self._keyed(name, secret))

    def match(self, name: OperatorName, secret: str, hashed: str) -> bool:
        """Whether the secret is the one that was hashed. A hash that cannot be read matches nothing."""
        material = self._keyed(name, secret) if is_keyed(hashed) else secret.encode()
        try:
            Argon2id.verify_phc_encoded(material, hashed.removeprefix(KEYED))
        except (InvalidKey, ValueError):
            return False
        return True

    def _keyed(self, name: OperatorName, secret: str) -> bytes:
        """Bound to the name, so that nobody can put his own hash into somebody else's row."""
        return self.vault.keyed_secret(name.encode() + b"\0" + secret.encode())


def is_keyed(hashed: str) -> bool:
    """Whether the stored hash needs the vault; one of the first version does not."""
    return hashed.startswith(KEYED)


def pin_figures(role: Role, secret: str) -> int:
    """How many figures the log-in page shows dots for: a cashier's secret of figures only is a PIN; else 0."""
    is_pin = role is Role.CASHIER and secret.isascii() and secret.isdigit() and 4 <= len(secret) < PIN_FIGURES.stop
    return len(secret) if is_pin else 0


def check_choice(operator: Operator, secret: str, *, office: str, numbers: tuple[str, ...] = ()) -> None:
    """Raises OperatorError secret-weak with the reason. `numbers` are the office's own, such as its telephone."""
    reason = _weak_pin(secret, numbers) if operator.role is Role.CASHIER else _weak_phrase(secret, operator, office)
    if reason:
        raise OperatorError(Code.SECRET_WEAK, reason=reason)


def _weak_pin(secret: str, numbers: tuple[str, ...]) -> str:
    if not (secret.isascii() and secret.isdigit()) or len(secret) not in PIN_FIGURES:
        return f"a PIN has {PIN_FIGURES.start} to {PIN_FIGURES.stop - 1} figures"
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(secret)}
    if steps in ({0}, {1}, {9}):
        return "all figures alike, or counted up or down"
    if _is_repeated(secret):
        return "a few figures over and over"
    if any(secret in figures(number) for number in numbers):
        return "it is a number of this office"
    return ""


def _is_repeated(secret: str) -> bool:
    return any(secret == secret[:size] * (len(secret) // size) for size in range(1, len(secret) // 2 + 1))


def figures(text: str) -> str:
    """The figures of a telephone or tax number, without what stands between them."""
    return "".join(letter for letter in text if letter.isascii() and letter.isdigit())


def _weak_phrase(secret: str, operator: Operator, office: str) -> str:
    if len(secret) not in PASSPHRASE_LETTERS:
        return f"a passphrase has {PASSPHRASE_LETTERS.start} to {PASSPHRASE_LETTERS.stop - 1} letters"
    plain = secret.casefold().replace(" ", "")
    if len(set(plain)) < 5 or any(plain == common or plain == common * 2 for common in COMMON):
        return "it is among the commonest"
    # A short part of a name, such as `de`, is in many honest words.
    own = (operator.name, *operator.full_name.split(), *office.split())
    if any(len(part) > 3 and part.casefold() in plain for part in own):
        return "it has a name in it"
    return ""


_COMMONEST = (
    "123456789012 1234567890123 123123123123 111111111111 000000000000 987654321098 qwertyuiop12 qwertyuiop123 "
    "qwertyuiopasdf qwertyqwerty asdfghjklqwe 1qaz2wsx3edc 1q2w3e4r5t6y zaq12wsxcde3 qazwsxedcrfv abcdefghijkl "
    "abcdefgh1234 abcd12345678 abc123abc123 passwordpassword password1234 password12345 password123456 password123! "
    "p@ssword1234 p@ssw0rd1234 passw0rd1234 mypassword123 adminadminadmin admin1234567 administrator administrator1 "
    "administrador letmeinletmein letmein12345 welcome12345 welcome123456 welcome2024! changeme1234 changemechangeme "
    "iloveyou1234 iloveyouiloveyou iloveyou12345 monkeymonkey dragondragon footballfootball baseball1234 superman1234 "
    "batmanbatman sunshine1234 princess1234 trustno1trustno1 whatever1234 secretsecret topsecret123 supersecret1 "
    "correcthorsebatterystaple supervisor123 supervisor1234 electricity1 electricity123 electricity12 internet1234 "
    "computer1234 michael12345 charlie12345 liverpool123 manchester123 barcelona123 juventus1234 chocolate123 "
    "starwars1234 pokemonpokemon minecraft123 qwerty123456 qwerty1234567 1234qwer1234 asdf1234asdf test12345678 "
    "testtesttest guestguestguest rootrootroot defaultdefault temporary123 temp12345678 "
)
COMMON = frozenset(_COMMONEST.split())
"""The commonest long passwords of published leaks, and what an office of this trade comes to first."""
