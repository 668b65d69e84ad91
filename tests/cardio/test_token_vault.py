"""Master keys in a PKCS#11 token: what the token is asked, and what is said when it is not as it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pkcs11
import pytest
from pkcs11 import Attribute
from pkcs11.exceptions import AttributeSensitive

from tests.cardio.builders import CARD, MASTER, METER
from tests.cardio.soft_token import MODULE, PIN, TOKEN, SoftToken, init_token, soft_token
from vending_app.cardio.derivation import cmac
from vending_app.cardio.token_vault import LABEL, TokenVault
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, VendingError
from vending_app.domain.ids import MeterNo
from vending_app.vaults import TokenPlace


@pytest.fixture
def token(tmp_path: Path) -> Iterator[SoftToken]:
    with soft_token(tmp_path) as token:
        yield token


def code_of(what: object, *arguments: object) -> Code:
    with pytest.raises(VendingError) as caught:
        what(*arguments)  # type: ignore[operator]
    return caught.value.code


def test_the_meter_key_made_of_an_imported_master_is_that_of_the_published_check_value(token: SoftToken) -> None:
    token.import_master(1, MASTER)
    vault = token.open()
    key = bytes.fromhex("8aafab075a0901859e9ed2daafc7b468")
    assert vault.record_mac(b"hello", meter=METER, key_version=1) == cmac(key, b"hello")[:8]
    vault.lock()


def test_a_master_is_made_in_the_token_and_nobody_reads_it(token: SoftToken) -> None:
    token.create().lock()
    library = pkcs11.lib(MODULE)
    session = library.get_token(token_label=TOKEN).open(user_pin=PIN)
    (key,) = session.get_objects({Attribute.LABEL: LABEL})
    made = [key[name] for name in (Attribute.LOCAL, Attribute.NEVER_EXTRACTABLE, Attribute.ALWAYS_SENSITIVE)]
    allowed = [key[name] for name in (Attribute.ENCRYPT, Attribute.DECRYPT, Attribute.WRAP, Attribute.DERIVE)]
    assert (made, allowed, key[Attribute.SIGN]) == ([True] * 3, [False] * 4, True)
    with pytest.raises(AttributeSensitive):
        key[Attribute.VALUE]
    library.finalize()


def test_each_version_is_a_master_of_its_own(token: SoftToken) -> None:
    vault = token.create()
    first = vault.check_value(1)
    vault.add_version()
    second = vault.check_value(2)
    vault.lock()
    assert first != second


def test_after_version_255_there_is_no_other(token: SoftToken) -> None:
    vault = token.create()
    with pytest.raises(EnvironmentFault) as caught:
        vault.add_version(above=255)
    assert (caught.value.code, vault.held) == (Code.KEY_VERSIONS_USED_UP, (1,))
    assert vault.add_version(above=254) == 255
    vault.lock()


@pytest.mark.parametrize("how", [SoftToken.create, SoftToken.open])
def test_a_new_version_takes_the_pin_that_opened_the_token_and_the_vault_goes_on(
    token: SoftToken, how: Callable[[SoftToken], TokenVault]
) -> None:
    if how is SoftToken.open:
        token.create().lock()
    vault, place = how(token), TokenPlace(token.module, token.label)
    before = vault.record_mac(b"x", meter=METER, key_version=1)
    for wrong in ("314158", "", PIN + "0"):
        assert code_of(partial(place.add_version, vault, wrong, entropy=bytes)) is Code.TOKEN_PIN_WRONG
    assert vault.held == (1,)
    assert place.add_version(vault, PIN, entropy=bytes) == 2
    assert place.add_version(vault, PIN, entropy=bytes) == 3
    assert vault.record_mac(b"x", meter=METER, key_version=1) == before
    assert vault.record_mac(b"x", meter=MeterNo("000012345679"), key_version=1), "still logged in"
    vault.lock()


def test_a_second_vault_in_a_token_is_refused_and_the_first_stays(token: SoftToken) -> None:
    vault = token.create()
    kept = vault.check_value(1)
    vault.lock()
    assert code_of(token.create) is Code.TOKEN_KEY_EXISTS
    vault = token.open()
    assert (vault.versions, vault.check_value(1)) == ((1,), kept)
    vault.lock()


def test_a_master_that_was_withdrawn_is_gone(token: SoftToken) -> None:
    vault = token.create()
    vault.withdraw(1)
    vault.lock()
    assert code_of(token.open) is Code.TOKEN_KEY_MISSING


def test_a_wrong_pin_is_said_to_be_wrong_and_the_right_one_opens_afterwards(token: SoftToken) -> None:
    token.create().lock()
    with pytest.raises(OperatorError) as caught:
        token.open("000000")
    assert caught.value.code is Code.TOKEN_PIN_WRONG
    assert "000000" not in repr(caught.value.facts)
    token.open().lock()


@pytest.mark.parametrize("path", ["", "/nowhere/module.so", "/etc/passwd", "libz.so.1"])
def test_a_module_that_is_none_is_said_to_be_none(path: str) -> None:
    assert code_of(TokenVault.open, path, TOKEN, PIN) is Code.TOKEN_MODULE


def test_a_module_that_cannot_start_is_said_to_be_at_fault(token: SoftToken, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "/nowhere/softhsm2.conf")
    assert code_of(token.open) is Code.TOKEN_MODULE


def test_a_token_that_is_not_there_is_missing(token: SoftToken) -> None:
    assert code_of(TokenVault.open, MODULE, "another", PIN) is Code.TOKEN_MISSING


def test_of_two_tokens_with_one_label_neither_is_taken(token: SoftToken) -> None:
    init_token(TOKEN)
    assert code_of(token.open) is Code.TOKEN_AMBIGUOUS


def test_a_token_without_our_keys_is_said_to_have_none(token: SoftToken) -> None:
    assert code_of(token.open) is Code.TOKEN_KEY_MISSING


@pytest.mark.parametrize(("sensitive", "extractable"), [(False, False), (True, True)])
def test_a_master_that_could_leave_the_token_is_not_used(
    token: SoftToken, *, sensitive: bool, extractable: bool
) -> None:
    token.import_master(1, MASTER, sensitive=sensitive, extractable=extractable)
    assert code_of(token.open) is Code.TOKEN_KEY_EXPOSED


def test_a_second_opening_in_the_same_process_is_refused_because_its_pin_would_not_be_checked(
    token: SoftToken,
) -> None:
    vault = token.create()
    assert code_of(token.open, "000000") is Code.TOKEN_BUSY
    assert vault.psc(card=CARD, key_version=1)
    vault.lock()


def test_a_token_that_was_pulled_out_is_missing_and_what_was_derived_still_serves(token: SoftToken) -> None:
    vault = token.create()
    before = vault.psc(card=CARD, key_version=1)
    token.pull_out()
    with pytest.raises(EnvironmentFault) as caught:
        vault.record_mac(b"x", meter=METER, key_version=1)
    assert caught.value.code is Code.TOKEN_MISSING
    assert vault.psc(card=CARD, key_version=1) == before
    vault.lock()


def test_threads_that_ask_at_once_get_what_one_gets(token: SoftToken) -> None:
    token.import_master(1, MASTER)
    vault = token.open()

    def mac(number: int) -> bytes:
        return vault.record_mac(b"x", meter=MeterNo(f"{number % 50:012d}"), key_version=1)

    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(mac, range(400)))
    vault.lock()
    again = token.open()
    assert at_once == [again.record_mac(b"x", meter=MeterNo(f"{n % 50:012d}"), key_version=1) for n in range(400)]
    again.lock()
