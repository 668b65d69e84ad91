"""The key on paper: typed as people type, and every slip is found in its group."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.paper_signs import ALPHABET
from vending_app.keeping.recovery_key import PublicHalf, RecoveryKey

KEY = RecoveryKey(bytes(range(32)))


@given(st.binary(min_size=32, max_size=32))
def test_what_is_on_paper_gives_the_key_back(secret: bytes) -> None:
    key = RecoveryKey(secret)
    typed = "# the office\n" + key.text.lower().replace("-", "\n").replace("0", "o").replace("1", "l")
    assert RecoveryKey.parse(typed).text == key.text


@given(st.integers(0, 64), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_found_in_its_group(place: int, sign: str) -> None:
    signs = list(KEY.text.replace("-", ""))
    if signs[place] == sign:
        return
    signs[place] = sign
    with pytest.raises(OperatorError) as caught:
        RecoveryKey.parse("".join(signs))
    assert caught.value.facts == {"group": place // 5 + 1}


def test_two_groups_that_were_swapped_are_found() -> None:
    groups = KEY.text.split("-")
    groups[3], groups[4] = groups[4], groups[3]
    with pytest.raises(OperatorError) as caught:
        RecoveryKey.parse("-".join(groups))
    assert caught.value.code is Code.RECOVERY_KEY_WRONG


@given(st.text(max_size=80))
def test_any_text_is_a_key_or_refused(text: str) -> None:
    with pytest.raises(OperatorError):
        RecoveryKey.parse(text)


def test_the_private_half_shows_in_no_repr() -> None:
    assert KEY.text not in repr(KEY)
    assert repr(KEY) == "RecoveryKey(…)"


def test_the_public_half_is_saved_once_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "recovery.pub"
    KEY.public.save(path)
    assert PublicHalf.load(path) == KEY.public
    with pytest.raises(OperatorError) as caught:
        RecoveryKey(bytes(32)).public.save(path)
    assert caught.value.code is Code.RECOVERY_KEY_EXISTS


@given(content=st.binary(max_size=120))
def test_any_bytes_are_a_public_half_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("key") / "recovery.pub"
    path.write_bytes(content)
    with pytest.raises(EnvironmentFault):
        PublicHalf.load(path)
