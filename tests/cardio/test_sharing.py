"""A key in shares: all of them are it, and no part of them says anything about it."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app.cardio.sharing import joined, split

KEY = bytes.fromhex("000102030405060708090a0b0c0d0e0f")


@given(st.binary(min_size=16, max_size=16), st.sampled_from([2, 3]))
def test_all_shares_join_to_the_key(key: bytes, count: int) -> None:
    shares = split(bytearray(key), count=count, entropy=os.urandom)
    assert len(shares) == count
    assert joined(shares) == joined(reversed(shares)) == key


def test_the_last_share_is_the_xor_of_the_key_and_the_random_ones() -> None:
    pads = iter((bytes.fromhex("ff" * 16), bytes.fromhex("0f" * 16)))
    shares = split(bytearray(KEY), count=3, entropy=lambda _: bytes(bytearray(next(pads))))
    assert [share.hex() for share in shares] == ["ff" * 16, "0f" * 16, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"]


@pytest.mark.parametrize("count", [2, 3])
def test_any_fewer_shares_fit_every_key(count: int) -> None:
    """A one-time pad: for shares that one lacks, some last share would give any other key as well."""
    shares = split(bytearray(KEY), count=count, entropy=os.urandom)
    another = bytearray(os.urandom(16))
    for left_out in range(count):
        known = [share for at, share in enumerate(shares) if at != left_out]
        assert joined([*known, joined([another, *known])]) == another


def test_the_key_itself_is_left_as_it_was() -> None:
    key = bytearray(KEY)
    split(key, count=2, entropy=os.urandom)
    assert key == KEY
