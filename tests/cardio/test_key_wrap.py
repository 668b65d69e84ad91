"""Key wrapping is RFC 3394: its published vectors, and what the library makes of the same."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from hypothesis import given
from hypothesis import strategies as st

from vending_app.cardio.key_wrap import unwrap, wrap

# RFC 3394, 4.1 and 4.3 (the first with a wrapping key of 128, the second of 192 bits)
VECTORS = [
    (
        "000102030405060708090A0B0C0D0E0F",
        "00112233445566778899AABBCCDDEEFF",
        "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5",
    ),
    (
        "000102030405060708090A0B0C0D0E0F1011121314151617",
        "00112233445566778899AABBCCDDEEFF",
        "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D",
    ),
]


@pytest.mark.parametrize(("key", "secret", "wrapped"), VECTORS)
def test_the_published_vectors(key: str, secret: str, wrapped: str) -> None:
    key_, secret_ = bytearray.fromhex(key), bytearray.fromhex(secret)
    assert wrap(key_, secret_).hex().upper() == wrapped
    assert unwrap(key_, bytes.fromhex(wrapped)) == secret_


@given(st.binary(min_size=16, max_size=16), st.sampled_from([16, 24, 48]))
def test_it_is_what_the_library_makes(key: bytes, size: int) -> None:
    secret = os.urandom(size)
    wrapped = wrap(bytearray(key), bytearray(secret))
    assert wrapped == aes_key_wrap(key, secret)
    assert aes_key_unwrap(key, wrapped) == secret
    assert unwrap(bytearray(key), wrapped) == bytearray(secret)


@given(st.integers(0, 56 * 8 - 1))
def test_any_changed_bit_is_found(bit: int) -> None:
    key, secret = bytearray(os.urandom(16)), bytearray(os.urandom(48))
    wrapped = bytearray(wrap(key, secret))
    wrapped[bit // 8] ^= 1 << bit % 8
    assert unwrap(key, bytes(wrapped)) is None


@given(st.binary(max_size=80))
def test_any_bytes_are_a_secret_or_nothing(wrapped: bytes) -> None:
    assert unwrap(bytearray(16), wrapped) is None
