"""An office whose master keys are in a token, from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cardio.soft_token import MODULE, PIN, TOKEN, SoftToken, soft_token
from tests.commands.conftest import Call
from vending_app import app, office_files
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.services.setup import SampleOffice
from vending_app.settings import Settings

IN_TOKEN = ("--vault", "pkcs11", "--vault-module", MODULE, "--vault-token", TOKEN)


@pytest.fixture
def token(tmp_path: Path) -> Iterator[SoftToken]:
    folder = tmp_path / "token"
    folder.mkdir()
    with soft_token(folder) as token:
        yield token


def test_an_office_is_made_with_its_keys_in_a_token_and_opened_with_the_pin(
    call: Call, token: SoftToken, tmp_path: Path
) -> None:
    made = call("init", "--sample", *IN_TOKEN, VENDING_VAULT_PASSPHRASE=PIN)
    assert made.code == 0, made.err
    assert not (tmp_path / "office" / "vault.sealed").exists()
    assert PIN not in (tmp_path / "office" / "settings.json").read_text()
    listed = call("operator", "list", "--operator", "admin", VENDING_VAULT_PASSPHRASE=PIN)
    assert listed.code == 0, listed.out
    vault = token.open()
    assert (tmp_path / "office" / "signing.pub").read_text() == vault.signing_key.hex()
    vault.lock()


def test_a_wrong_pin_and_a_missing_token_are_refused_with_their_own_codes(
    call: Call, token: SoftToken, tmp_path: Path
) -> None:
    assert call("init", "--sample", *IN_TOKEN, VENDING_VAULT_PASSPHRASE=PIN).code == 0
    wrong = call("operator", "list", "--operator", "admin", VENDING_VAULT_PASSPHRASE="000000")
    assert (wrong.code, wrong.refusal) == (1, "token-pin-wrong")
    token.pull_out()
    (token.folder / "tokens").mkdir()
    gone = call("operator", "list", "--operator", "admin", VENDING_VAULT_PASSPHRASE=PIN)
    assert (gone.code, gone.refusal) == (3, "token-missing")


@pytest.mark.parametrize("left_out", ["--vault-module", "--vault-token"])
def test_a_token_without_module_or_label_is_no_setting(call: Call, tmp_path: Path, left_out: str) -> None:
    at = IN_TOKEN.index(left_out)
    refused = call("init", "--sample", *IN_TOKEN[:at], *IN_TOKEN[at + 2 :])
    assert (refused.code, refused.refusal) == (1, "setting-refused")
    assert not (tmp_path / "office").exists()


def test_an_office_that_could_not_be_made_leaves_no_key_in_the_token(token: SoftToken, tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    chosen = Settings(ledger=nowhere, vault="pkcs11", vault_module=MODULE, vault_token=TOKEN)
    sample = SampleOffice.of(office_files.sample_description())
    with pytest.raises(EnvironmentFault) as caught:
        app.create_office(tmp_path / "office", sample, password="246810", passphrase=PIN, chosen=chosen)
    assert caught.value.code is Code.LEDGER_SERVER_GONE
    token.create().lock()
