"""What every key vault keeps to, wherever its masters lie; the figures are what OpenSSL makes of the same master."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from tests.cardio.builders import CARD, MASTER, METER, OTHER_CARD
from tests.cardio.soft_token import soft_token
from tests.independent_tool_check import key
from vending_app.cardio.derivation import DerivingVault, cmac
from vending_app.cardio.vault import SealedVault
from vending_app.domain.errors import Code, EnvironmentFault, VendingError
from vending_app.domain.ids import MeterNo

MESSAGE = b"the books"
NEXT_KEY = bytes(range(16, 32))
METER_KEY = bytes.fromhex("8aafab075a0901859e9ed2daafc7b468")
"""Of METER and version 1: the published check value."""
# openssl kdf -kdfopt mac:CMAC … hexsalt:<label> -kdfopt hexinfo:01 KBKDF, then pkeyutl -sign and dgst -mac HMAC.
PUBLIC_KEY = "e55eb17b54d492ea62cdb8320351b0617fa8f40332af3b8bb3dffc66bc86c8eb"
SIGNATURE = (
    "f7ef29a0c48f1a849bcea80a8aabce08f4471fa3899e6a836c7eeb1f6e706252"
    "0d3b76c7294501f565f1096bdfd6a5916ab261eda60b0d4d49bf7796baf67a07"
)
KEYED = "125332adc8d44e61e67979ea19bb2a496a68150118ce7e6ac8235bafc05f4ac9"


@pytest.fixture(params=["sealed", "token"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DerivingVault]:
    """With MASTER as version 1 and NEXT_KEY as version 2."""
    if request.param == "sealed":
        yield SealedVault({1: bytearray(MASTER), 2: bytearray(NEXT_KEY)})
        return
    with soft_token(tmp_path) as token:
        token.import_master(2, NEXT_KEY)
        token.import_master(1, MASTER)
        opened = token.open()
        yield opened
        opened.lock()


def test_a_record_is_macked_under_the_published_key_of_its_meter(vault: DerivingVault) -> None:
    assert vault.record_mac(b"hello", meter=METER, key_version=1) == cmac(METER_KEY, b"hello")[:8]
    assert vault.record_mac(b"hello", meter=MeterNo("000012345679"), key_version=1) != cmac(METER_KEY, b"hello")[:8]


def test_the_code_of_a_card_is_that_of_docs_card_format(vault: DerivingVault) -> None:
    assert vault.psc(card=CARD, key_version=1).hex() == "e71a92"
    assert vault.psc(card=OTHER_CARD, key_version=1).hex() != "e71a92"


def test_the_mac_of_a_mandate_is_that_of_docs_card_format(vault: DerivingVault) -> None:
    message = bytes.fromhex("544F4F4C5303000000114E2D330000000000000000000000255A000401550000000900")
    assert vault.area_mac(message, area=b"N-3\0\0\0\0\0", key_version=1).hex().upper() == "0FCC4B7CFC9EE18C"


def test_the_newest_version_is_for_what_is_new_and_the_old_one_stays_usable(vault: DerivingVault) -> None:
    macs = {vault.record_mac(b"x", meter=METER, key_version=version) for version in vault.versions}
    assert (vault.versions, vault.key_version, len(macs)) == ((1, 2), 2, 2)


def test_check_values_are_cmacs_over_a_block_of_zeros(vault: DerivingVault) -> None:
    # head -c 16 /dev/zero | openssl mac -cipher AES-128-CBC -macopt hexkey:000102030405060708090a0b0c0d0e0f CMAC
    assert [vault.check_value(version) for version in (1, 2)] == ["BE7ED6", cmac(NEXT_KEY, bytes(16))[:3].hex().upper()]


@pytest.mark.parametrize("version", [0, 3, 255, 256, -1])
def test_a_version_that_is_not_there_is_said_to_be_unknown(vault: DerivingVault, version: int) -> None:
    asks: tuple[Callable[[], object], ...] = (
        lambda: vault.record_mac(b"x", meter=METER, key_version=version),
        lambda: vault.area_mac(b"x", area=bytes(8), key_version=version),
        lambda: vault.psc(card=CARD, key_version=version),
    )
    for ask in asks:
        with pytest.raises(VendingError) as caught:
            ask()
        assert caught.value.code is Code.KEY_VERSION_UNKNOWN
    with pytest.raises(VendingError) as caught:
        vault.check_value(version)
    assert caught.value.code is Code.KEY_VERSION_NOT_HERE


def test_what_a_key_card_brings_is_that_of_docs_card_format_and_opens_for_its_meter_only(vault: DerivingVault) -> None:
    told = {"meter": METER, "area": b"N-3\0\0\0\0\0", "known": 1, "version": 2}
    wrapped = vault.wrapped_keys(**told)  # type: ignore[arg-type]
    meter = bytes.fromhex(METER)
    keys = (
        (b"VEND-MAC", meter),
        (b"VEND-PSC", b""),
        (b"VEND-TOOL", b"N-3\0\0\0\0\0"),
        (b"VEND-MFC", b""),
        (b"VEND-DF-METER", b""),
    )
    wrapping = key(key(MASTER, b"VEND-MAC", meter, 1), b"VEND-WRAP", b"", 2)
    # The library's own RFC 3394, which the program does not use.
    assert wrapped == aes_key_wrap(wrapping, b"".join(key(NEXT_KEY, label, context, 2) for label, context in keys))
    assert vault.opens_wrapped(wrapped, **told)  # type: ignore[arg-type]
    others: dict[str, object] = {"meter": MeterNo("000012345679"), "area": bytes(8), "known": 2, "version": 1}
    for name, value in others.items():
        assert not vault.opens_wrapped(wrapped, **(told | {name: value}))  # type: ignore[arg-type]


def test_signature_and_keyed_secret_are_what_openssl_computes(vault: DerivingVault) -> None:
    assert vault.signing_key.hex() == PUBLIC_KEY
    assert vault.sign(MESSAGE).hex() == SIGNATURE
    assert vault.keyed_secret(MESSAGE).hex() == KEYED


def test_a_signature_holds_for_its_own_message_only(vault: DerivingVault) -> None:
    public = Ed25519PublicKey.from_public_bytes(vault.signing_key)
    public.verify(vault.sign(MESSAGE), MESSAGE)
    with pytest.raises(InvalidSignature):
        public.verify(vault.sign(MESSAGE), MESSAGE + b".")
    assert vault.has_signed(MESSAGE, vault.sign(MESSAGE))
    assert not vault.has_signed(MESSAGE + b".", vault.sign(MESSAGE))
    assert not vault.has_signed(MESSAGE, b"")


def test_a_locked_vault_gives_nothing_and_locking_twice_is_harmless(vault: DerivingVault) -> None:
    vault.sign(MESSAGE)
    vault.lock()
    vault.lock()
    asks: tuple[Callable[[], object], ...] = (
        lambda: vault.psc(card=CARD, key_version=1),
        lambda: vault.record_mac(b"x", meter=METER, key_version=1),
        lambda: vault.area_mac(b"x", area=bytes(8), key_version=1),
        lambda: vault.sign(MESSAGE),
        lambda: vault.signing_key,
        lambda: vault.keyed_secret(MESSAGE),
        lambda: vault.key_version,
        lambda: vault.versions,
        lambda: vault.check_value(1),
    )
    for ask in asks:
        with pytest.raises(EnvironmentFault) as caught:
            ask()
        assert caught.value.code is Code.VAULT_LOCKED


def test_no_key_shows_when_a_vault_is_printed(vault: DerivingVault) -> None:
    vault.psc(card=CARD, key_version=1)
    assert repr(vault) == str(vault) == f"{type(vault).__name__}(…)"
