"""A share on paper: what was printed is read again, and every slip is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.key_ceremony import KeyShare
from vending_app.domain.key_share import parse_share, share_check, share_groups
from vending_app.domain.paper_signs import ALPHABET

SECRET = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
SHARE = KeyShare(1, 3, 3, "A1B2", "BE7ED6", bytearray(SECRET))
TEXT = "-".join(share_groups(SHARE))


def refused(text: str) -> OperatorError:
    with pytest.raises(OperatorError) as caught:
        parse_share(text)
    assert caught.value.code is Code.KEY_SHARE_WRONG
    return caught.value


def test_a_share_is_what_its_bytes_say() -> None:
    signs = "".join(group[:4] for group in TEXT.split("-"))
    bits = "".join(f"{ALPHABET.index(sign):05b}" for sign in signs)
    content = int(bits[: 27 * 8], 2).to_bytes(27, "big")
    assert content[:8].hex() == "010133" + "a1b2" + "be7ed6"
    assert content[8:24] == SECRET
    assert content[24:].hex().upper() == share_check(SHARE)
    assert bits[27 * 8 :] == "0000"


@given(
    st.integers(1, 255),
    st.sampled_from([(1, 2), (2, 2), (1, 3), (3, 3)]),
    st.binary(min_size=16, max_size=16),
)
def test_what_was_printed_is_read_again_however_it_is_typed(version: int, place: tuple[int, int], key: bytes) -> None:
    share = KeyShare(version, *place, "00FF", "012345", bytearray(key))
    text = "-".join(share_groups(share))
    for typed in (text, text.lower(), text.replace("-", " "), f"# for Ann\n{text}\n"):
        assert parse_share(typed) == share


@pytest.mark.parametrize("at", range(len(TEXT)))
def test_one_wrong_sign_is_found_in_its_group(at: int) -> None:
    if TEXT[at] == "-":
        return
    wrong = "A" if TEXT[at] != "A" else "B"
    assert refused(TEXT[:at] + wrong + TEXT[at + 1 :]).facts == {"group": at // 6 + 1}


def test_groups_in_another_order_are_found() -> None:
    groups = TEXT.split("-")
    assert refused("-".join([groups[1], groups[0], *groups[2:]])).facts["group"] == 1


@given(st.text() | st.text(alphabet=ALPHABET + "- ", min_size=50, max_size=70))
def test_any_text_is_a_share_or_a_typed_error(text: str) -> None:
    try:
        parse_share(text)
    except OperatorError as caught:
        assert caught.code is Code.KEY_SHARE_WRONG
        assert len(text) <= len(Code.KEY_SHARE_WRONG) or text not in str(caught)


@pytest.mark.parametrize(
    "share",
    [
        KeyShare(0, 1, 2, "0000", "000000", bytearray(16)),
        KeyShare(1, 0, 2, "0000", "000000", bytearray(16)),
        KeyShare(1, 3, 2, "0000", "000000", bytearray(16)),
        KeyShare(1, 1, 4, "0000", "000000", bytearray(16)),
    ],
    ids=["no version", "no number", "more than all", "too many"],
)
def test_figures_that_no_share_has_are_refused(share: KeyShare) -> None:
    assert refused("-".join(share_groups(share))).facts == {}


def test_a_share_shows_its_secret_to_nobody() -> None:
    assert SECRET.hex() not in repr(SHARE).lower()
    assert "F0" not in repr(SHARE)
