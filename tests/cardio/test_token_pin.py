"""A PIN has few tries, and behind the last one the keys of the whole office are locked for good."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.cardio.builders import METER
from tests.cardio.soft_token import MODULE, SoftToken, soft_token
from vending_app.domain.errors import Code, VendingError

SOURCE = Path(__file__).with_name("moody_module.c")


@dataclass(frozen=True, slots=True)
class MoodyToken:
    """A token behind `moody_module.c`."""

    token: SoftToken
    folder: Path

    def be(self, mood: str) -> None:
        (self.folder / "mood").write_text(mood)

    @property
    def pins_sent(self) -> int:
        """How many PINs were sent since the last look."""
        sent = self.folder / "pins"
        count = len(sent.read_text()) if sent.exists() else 0
        sent.unlink(missing_ok=True)
        return count


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("module") / "moody.so"
    subprocess.run(["gcc", "-std=gnu11", "-shared", "-fPIC", "-w", "-o", built, SOURCE, "-ldl"], check=True)
    return built


@pytest.fixture
def moody(tmp_path: Path, module: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MoodyToken]:
    monkeypatch.setenv("MOODY_FOLDER", str(tmp_path))
    monkeypatch.setenv("MOODY_BEHIND", MODULE)
    with soft_token(tmp_path) as token:
        moody = MoodyToken(replace(token, module=str(module)), tmp_path)
        moody.token.create().lock()
        assert moody.pins_sent == 1
        yield moody


def code_of_opening(token: SoftToken) -> Code:
    with pytest.raises(VendingError) as caught:
        token.open()
    return caught.value.code


def test_the_last_try_of_a_pin_is_never_spent(moody: MoodyToken) -> None:
    moody.be("final try")
    assert code_of_opening(moody.token) is Code.TOKEN_PIN_LAST_TRY
    assert moody.pins_sent == 0


def test_a_locked_pin_is_not_tried(moody: MoodyToken) -> None:
    moody.be("locked")
    assert code_of_opening(moody.token) is Code.TOKEN_PIN_LOCKED
    assert moody.pins_sent == 0


def test_a_pin_that_locks_while_it_is_tried_is_said_to_be_locked(moody: MoodyToken) -> None:
    moody.be("locks at login")
    assert code_of_opening(moody.token) is Code.TOKEN_PIN_LOCKED


def test_after_any_refusal_the_token_opens_again_once_it_may(moody: MoodyToken) -> None:
    for mood in ("final try", "locks at login"):
        moody.be(mood)
        code_of_opening(moody.token)
    moody.be("")
    moody.token.open().lock()


def test_a_token_that_is_pulled_out_at_work_is_missing_and_can_be_opened_again(moody: MoodyToken) -> None:
    vault = moody.token.open()
    moody.be("removed")
    with pytest.raises(VendingError) as caught:
        vault.record_mac(b"x", meter=METER, key_version=1)
    vault.lock()
    moody.be("")
    again = moody.token.open()
    assert caught.value.code is Code.TOKEN_MISSING
    assert len(again.record_mac(b"x", meter=METER, key_version=1)) == 8
    again.lock()
