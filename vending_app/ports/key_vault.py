"""The keys of an office, as cards and log-ins use them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from vending_app.domain.card import CardKeyName
from vending_app.domain.ids import CardNo, MeterNo
from vending_app.ports.book_keeping import Signer


class KeyVault(Signer, Protocol):
    """Keys by handle: nothing here returns a master key."""

    @property
    def key_version(self) -> int:
        """The newest version of the master keys: what meters learn next."""

    @property
    def versions(self) -> tuple[int, ...]:
        """All versions in use, ascending: every meter has the first. Raises EnvironmentFault vault-locked."""

    @property
    def others(self) -> tuple[int, ...]:
        """Held versions that are another key than the books tell of, ascending; none of them is in use."""

    def heed(self, *, retired: Iterable[int], told: Mapping[int, str]) -> None:
        """What the books tell: nothing is made or taken any more under what they retired, nor under a master whose
        check value is another than they told for its version. Raises EnvironmentFault vault-locked."""

    @property
    def held(self) -> tuple[int, ...]:
        """All versions, also those that are retired, ascending. Raises EnvironmentFault vault-locked."""

    def check_value(self, key_version: int) -> str:
        """Six hexadecimal figures that tell one master key from another, also a retired one. Raises as record_mac."""

    def record_mac(self, message: bytes, *, meter: MeterNo, key_version: int) -> bytes:
        """First 8 bytes of AES-CMAC under K_meter. Raises EnvironmentFault key-version-unknown, vault-locked."""

    def area_mac(self, message: bytes, *, area: bytes, key_version: int) -> bytes:
        """First 8 bytes of AES-CMAC under K_area of the area code in 8 bytes. Raises as record_mac."""

    def psc(self, *, card: CardNo, key_version: int) -> bytearray:
        """The 3-byte programmable security code of one card. Raises as record_mac."""

    def card_key(self, name: CardKeyName, diversifier: bytes, *, key_version: int) -> bytearray:
        """The 16-byte key of one card by AN10922, to be wiped by whoever asked; at most 31 bytes tell which card.

        Raises as record_mac.
        """

    def classic_keys(self, *, uid: bytes, key_version: int) -> bytearray:
        """Key A, then key B of one MIFARE Classic card, 6 bytes each. Raises as record_mac."""

    def wrapped_keys(self, *, meter: MeterNo, area: bytes, known: int, version: int) -> bytes:
        """The meter's keys of a version under its key of another, for a key card: 88 bytes. Raises as record_mac."""

    def opens_wrapped(self, wrapped: bytes, *, meter: MeterNo, area: bytes, known: int, version: int) -> bool:
        """Whether these bytes are that. Raises as record_mac."""

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Whether this office made that signature. Raises as sign."""

    def keyed_secret(self, message: bytes) -> bytes:
        """32 bytes that only this vault can compute from the message: what a PIN is hashed as. Raises as sign."""

    def lock(self) -> None:
        """Overwrite and forget every key; it gives nothing any more."""
