"""The vault gives MACs and codes, never keys; its file opens with the passphrase and with nothing else."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from tests.cardio.builders import CARD, MASTER, METER
from vending_app.cardio.derivation import derive
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardKeyName
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.wiping import taken, wipe

PASSPHRASE = "a passphrase of the office"
NEXT_KEY = bytes(range(16, 32))


def entropy(count: int) -> bytes:
    """Good enough for a test, and the same every time."""
    return bytes(range(100, 100 + count))


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault file; opening one costs a quarter of a second, so the module shares it."""
    path = tmp_path_factory.mktemp("vault") / "vault.sealed"
    SealedVault.create(path, PASSPHRASE, key=MASTER, entropy=entropy)
    return path


def cmac(key: bytes, message: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()


def test_the_meter_key_is_that_of_the_published_check_value() -> None:
    context = bytes.fromhex("000012345678 01")
    assert derive(MASTER, b"VEND-MAC", context).hex() == "8aafab075a0901859e9ed2daafc7b468"


def test_the_derivation_is_sp_800_108_spelt_out() -> None:
    fixed = b"VEND-PSC" + b"\0" + b"\x01" + (128).to_bytes(4, "big")
    assert bytes(derive(MASTER, b"VEND-PSC", b"\x01")) == cmac(MASTER, (1).to_bytes(4, "big") + fixed)


@pytest.mark.parametrize("name", list(CardKeyName))
def test_a_key_of_one_card_is_diversified_from_the_key_of_its_name(name: CardKeyName) -> None:
    diversifier = bytes.fromhex("04782E21801D80 565401") + b"Totals 1"
    master = derive(MASTER, name.value.encode(), b"\x01")
    vault = SealedVault({1: bytearray(MASTER)})
    assert vault.card_key(name, diversifier, key_version=1) == cmac(bytes(master), b"\x01" + diversifier)


def test_a_key_of_one_card_is_a_copy_that_may_be_wiped() -> None:
    vault = SealedVault({1: bytearray(MASTER)})
    given = vault.card_key(CardKeyName.OFFICE, b"one card", key_version=1)
    kept = bytes(given)
    wipe(given)
    assert vault.card_key(CardKeyName.OFFICE, b"one card", key_version=1) == kept


def test_a_sealed_vault_opens_with_its_passphrase_and_gives_the_same_macs(sealed: Path) -> None:
    vault = SealedVault.open(sealed, PASSPHRASE)
    key = bytes.fromhex("8aafab075a0901859e9ed2daafc7b468")
    assert vault.record_mac(b"hello", meter=METER, key_version=1) == cmac(key, b"hello")[:8]
    assert len(vault.psc(card=CARD, key_version=1)) == 3
    assert vault.key_version == 1


def test_a_wrong_passphrase_is_said_to_be_wrong(sealed: Path) -> None:
    with pytest.raises(OperatorError) as caught:
        SealedVault.open(sealed, PASSPHRASE + " ")
    assert caught.value.code is Code.VAULT_PASSPHRASE_WRONG


def flipped(at: int) -> Callable[[bytes], bytes]:
    return lambda content: content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        flipped(0),
        flipped(30),
        flipped(50),
        flipped(60),
        flipped(-40),
        lambda c: c[:-1],
        lambda c: b"",
        lambda c: c + b"x",
    ],
    ids=["magic", "salt", "nonce", "key", "tag", "cut", "empty", "longer"],
)
def test_a_damaged_vault_is_said_to_be_damaged(sealed: Path, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "vault.sealed"
    path.write_bytes(damage(sealed.read_bytes()))
    with pytest.raises(EnvironmentFault) as caught:
        SealedVault.open(path, PASSPHRASE)
    assert caught.value.code is Code.VAULT_DAMAGED


@pytest.mark.parametrize(("at", "value"), [(8, 2**31), (8, 1024), (12, 2**31), (12, 1), (16, 2**20)])
def test_a_forged_cost_is_refused_before_anybody_pays_it(sealed: Path, tmp_path: Path, at: int, value: int) -> None:
    content = sealed.read_bytes()
    path = tmp_path / "vault.sealed"
    forged = content[:at] + value.to_bytes(4, "big") + content[at + 4 : -32]
    path.write_bytes(forged + hashlib.sha256(forged).digest())
    with pytest.raises(EnvironmentFault) as caught:
        SealedVault.open(path, PASSPHRASE)
    assert caught.value.code is Code.VAULT_DAMAGED


def test_a_missing_vault_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        SealedVault.open(tmp_path / "vault.sealed", PASSPHRASE)
    assert caught.value.code is Code.VAULT_MISSING


def test_a_vault_is_never_written_over_by_a_new_one(sealed: Path) -> None:
    before = sealed.read_bytes()
    with pytest.raises(EnvironmentFault):
        SealedVault.create(sealed, PASSPHRASE, key=NEXT_KEY, entropy=entropy)
    assert sealed.read_bytes() == before


def test_the_file_is_for_its_owner_alone_and_holds_no_key_in_clear(sealed: Path) -> None:
    assert stat.S_IMODE(sealed.stat().st_mode) == 0o600
    assert MASTER not in sealed.read_bytes()
    assert list(sealed.parent.iterdir()) == [sealed]


def test_a_new_key_version_leaves_the_old_one_usable(tmp_path: Path) -> None:
    path = tmp_path / "vault.sealed"
    old = SealedVault.create(path, PASSPHRASE, key=MASTER, entropy=entropy)
    SealedVault.add_version(path, PASSPHRASE, key=NEXT_KEY, entropy=entropy)
    vault = SealedVault.open(path, PASSPHRASE)
    macs = [vault.record_mac(b"x", meter=METER, key_version=version) for version in (1, 2)]
    assert vault.key_version == 2
    assert macs[0] == old.record_mac(b"x", meter=METER, key_version=1)
    assert macs[0] != macs[1]


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("trouble", ["folder in the way", "disk is full"])
def test_a_file_that_cannot_be_written_is_said_and_the_old_one_and_no_key_is_left(
    sealed: Path, tmp_path: Path, trouble: str, *, is_there: bool
) -> None:
    path, draft = tmp_path / "vault.sealed", tmp_path / "vault.sealed.new"
    key = bytearray(NEXT_KEY)
    if is_there:
        path.write_bytes(sealed.read_bytes())
    if trouble == "disk is full":
        draft.symlink_to("/dev/full")
    else:
        draft.mkdir()
    with pytest.raises(EnvironmentFault) as caught:
        SealedVault.restore_version(path, PASSPHRASE, 2, key=key, entropy=entropy)
    assert caught.value.code is Code.VAULT_NOT_WRITTEN
    assert key == bytes(16)
    assert [found.name for found in tmp_path.iterdir() if not found.is_dir()] == ([path.name] if is_there else [])
    assert not is_there or path.read_bytes() == sealed.read_bytes()


@pytest.mark.parametrize("passphrase", ["", "  "])
def test_nothing_new_is_sealed_under_an_empty_passphrase(tmp_path: Path, passphrase: str) -> None:
    path, key = tmp_path / "vault.sealed", bytearray(MASTER)
    makes: tuple[Callable[[], object], ...] = (
        lambda: SealedVault.create(path, passphrase, key=key, entropy=entropy),
        lambda: SealedVault.restore_version(path, passphrase, 1, key=key, entropy=entropy),
    )
    for make in makes:
        with pytest.raises(OperatorError) as caught:
            make()
        assert caught.value.code is Code.SECRET_WEAK
        assert key == bytes(16)
        assert not path.exists()


def test_after_version_255_there_is_no_other(sealed: Path, tmp_path: Path) -> None:
    path, key = tmp_path / "vault.sealed", bytearray(NEXT_KEY)
    path.write_bytes(sealed.read_bytes())
    with pytest.raises(EnvironmentFault) as caught:
        SealedVault.add_version(path, PASSPHRASE, key=key, above=255, entropy=entropy)
    assert caught.value.code is Code.KEY_VERSIONS_USED_UP
    assert key == bytes(16)
    assert path.read_bytes() == sealed.read_bytes()
    assert SealedVault.add_version(path, PASSPHRASE, key=NEXT_KEY, above=254, entropy=entropy).key_version == 255


def test_the_masters_of_a_locked_vault_are_overwritten() -> None:
    key = bytearray(MASTER)
    vault = SealedVault({1: key})
    vault.psc(card=CARD, key_version=1)
    vault.lock()
    assert key == bytes(16)


def test_bytes_that_are_taken_over_are_overwritten_where_they_lay() -> None:
    fresh = bytes.fromhex("00112233445566778899aabbccddeeff")
    kept = taken(fresh)
    assert (kept.hex(), fresh) == ("00112233445566778899aabbccddeeff", bytes(16))
    with pytest.raises(ValueError):
        taken(b"\1")


def test_new_card_keys_leave_signatures_and_secrets_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "vault.sealed"
    before = SealedVault.create(path, PASSPHRASE, key=MASTER, entropy=entropy)
    after = SealedVault.add_version(path, PASSPHRASE, key=NEXT_KEY, entropy=entropy)
    assert after.key_version == 2
    assert after.signing_key == before.signing_key
    assert after.keyed_secret(b"the books") == before.keyed_secret(b"the books")
