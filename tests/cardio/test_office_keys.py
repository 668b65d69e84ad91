"""The office's own keys: a signature and a keyed secret, with figures that OpenSSL computed from the same master."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.cardio.builders import MASTER
from vending_app.cardio.vault import SealedVault
from vending_app.domain.errors import Code, EnvironmentFault

MESSAGE = b"the books"
# openssl kdf -kdfopt mac:CMAC … hexsalt:<label> -kdfopt hexinfo:01 KBKDF, then pkeyutl -sign and dgst -mac HMAC.
PUBLIC_KEY = "e55eb17b54d492ea62cdb8320351b0617fa8f40332af3b8bb3dffc66bc86c8eb"
SIGNATURE = (
    "f7ef29a0c48f1a849bcea80a8aabce08f4471fa3899e6a836c7eeb1f6e706252"
    "0d3b76c7294501f565f1096bdfd6a5916ab261eda60b0d4d49bf7796baf67a07"
)
KEYED = "125332adc8d44e61e67979ea19bb2a496a68150118ce7e6ac8235bafc05f4ac9"


@pytest.fixture
def vault() -> SealedVault:
    return SealedVault({1: bytearray(MASTER)})


def test_signature_and_keyed_secret_are_what_openssl_computes(vault: SealedVault) -> None:
    assert vault.signing_key.hex() == PUBLIC_KEY
    assert vault.sign(MESSAGE).hex() == SIGNATURE
    assert vault.keyed_secret(MESSAGE).hex() == KEYED


def test_a_signature_holds_for_its_own_message_only(vault: SealedVault) -> None:
    public = Ed25519PublicKey.from_public_bytes(vault.signing_key)
    public.verify(vault.sign(MESSAGE), MESSAGE)
    with pytest.raises(InvalidSignature):
        public.verify(vault.sign(MESSAGE), MESSAGE + b".")


def test_new_card_keys_leave_signatures_and_secrets_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "vault.sealed"
    entropy = bytes  # zeros are good enough for a test
    before = SealedVault.create(path, "a passphrase", key=MASTER, entropy=entropy)
    after = SealedVault.add_version(path, "a passphrase", key=bytes(range(16, 32)), entropy=entropy)
    assert after.key_version == 2
    assert after.signing_key == before.signing_key
    assert after.keyed_secret(MESSAGE) == before.keyed_secret(MESSAGE)


def test_a_locked_vault_signs_nothing(vault: SealedVault) -> None:
    vault.sign(MESSAGE)
    vault.lock()
    for use in (vault.sign, vault.keyed_secret):
        with pytest.raises(EnvironmentFault) as caught:
            use(MESSAGE)
        assert caught.value.code is Code.VAULT_LOCKED
