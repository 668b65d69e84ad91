"""The sealed file: whole or refused, whatever was done to it, and readable without this program."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, VendingError
from vending_app.keeping.members import Unpacked, packed
from vending_app.keeping.recovery_key import RecoveryKey
from vending_app.keeping.sealed import CHUNK, SealedFile, seal

KEY, FILE_KEY = RecoveryKey(bytes(range(32))), bytes(32)


def sealed(path: Path, content: bytes) -> SealedFile:
    with path.open("wb") as out:
        seal(out, [content], head={"desk": 2}, to=KEY.public, key=FILE_KEY)
    return SealedFile(path)


def content_of(file: SealedFile, key: RecoveryKey = KEY) -> bytes:
    return b"".join(file.blocks(key))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_comes_back(tmp_path: Path, size: int) -> None:
    content = bytes(i % 251 for i in range(size))
    file = sealed(tmp_path / "b", content)
    assert content_of(file) == content
    assert file.check() == file.path.read_bytes()[-32:]
    assert file.head() == {"desk": 2, "key": KEY.public.fingerprint}


def test_the_format_of_the_page_is_read_by_twenty_lines_without_this_program(tmp_path: Path) -> None:
    """docs/backup.md, followed literally: what an office needs if this program is gone."""
    content = b"all the books" * 50_000
    data = sealed(tmp_path / "b", content).path.read_bytes()
    assert hashlib.sha256(data[:-32]).digest() == data[-32:]
    (length,) = struct.unpack(">I", data[8:12])
    opening, rest = data[: 12 + length], data[12 + length : -32]
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    private = X25519PrivateKey.from_private_bytes(bytes(range(32)))
    key = suite.decrypt(rest[:80], private, info=opening)
    chunks = [rest[at : at + 262_144 + 16] for at in range(80, len(rest), 262_144 + 16)]
    plain = b"".join(
        AESGCM(key).decrypt(n.to_bytes(11, "big") + bytes([n == len(chunks) - 1]), chunk, None)
        for n, chunk in enumerate(chunks)
    )
    assert plain == content


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sealed(tmp_path_factory.mktemp("sealed") / "b", bytes(2 * CHUNK + 5)).path


def mended(data: bytes) -> bytes:
    """What an attacker would do: the digest at the end is no secret."""
    return data[:-32] + hashlib.sha256(data[:-32]).digest()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_changed_byte_is_taken_for_content(written: Path, tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(written.read_bytes())
    place = data.draw(st.one_of(st.integers(0, 200), st.integers(0, len(whole) - 33)))
    whole[place] ^= data.draw(st.integers(1, 255))
    changed = tmp_path / "changed"
    changed.write_bytes(whole)
    with pytest.raises(EnvironmentFault):
        SealedFile(changed).check()
    changed.write_bytes(mended(bytes(whole)))
    with pytest.raises(VendingError) as caught:
        content_of(SealedFile(changed))
    assert caught.value.code in {Code.BACKUP_DAMAGED, Code.RECOVERY_KEY_OTHER}


@pytest.mark.parametrize("cut", [1, 16, 32, 21 + 32, CHUNK, CHUNK + 16 + 21, 2 * (CHUNK + 16) + 21])
def test_a_file_that_was_cut_is_not_taken_for_a_shorter_one(written: Path, tmp_path: Path, cut: int) -> None:
    short = tmp_path / "short"
    body = written.read_bytes()[:-32][:-cut]
    short.write_bytes(body + hashlib.sha256(body).digest())
    with pytest.raises(EnvironmentFault) as caught:
        content_of(SealedFile(short))
    assert caught.value.code is Code.BACKUP_DAMAGED


def test_two_pieces_that_were_swapped_are_found(written: Path, tmp_path: Path) -> None:
    data, piece = written.read_bytes(), CHUNK + 16
    start = len(data) - 32 - 21 - 2 * piece
    swapped = data[:start] + data[start + piece : start + 2 * piece] + data[start : start + piece] + data[-53:]
    other = tmp_path / "swapped"
    other.write_bytes(mended(swapped))
    with pytest.raises(EnvironmentFault):
        content_of(SealedFile(other))


def test_another_key_opens_nothing(written: Path) -> None:
    with pytest.raises(OperatorError) as caught:
        content_of(SealedFile(written), RecoveryKey(bytes(32)))
    assert caught.value.code is Code.RECOVERY_KEY_OTHER


@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=400), st.binary(max_size=400).map(lambda rest: b"VTBACKU\x01" + rest)))
def test_any_bytes_are_refused_in_our_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(content)
    with pytest.raises(EnvironmentFault):
        read_whole(SealedFile(path))


def read_whole(file: SealedFile) -> tuple[dict[str, object], bytes]:
    return file.head(), content_of(file)


def members_of(stream: bytes) -> list[tuple[str, bytes]]:
    return [(name, b"".join(blocks)) for name, blocks in Unpacked(iter([stream]), Path("b")).members()]


def test_members_come_back_in_order() -> None:
    members: list[tuple[str, list[bytes]]] = [("books", [b"a" * 5000, b"", b"b"]), ("empty", []), ("ünï", [b"x"])]
    expected = [("books", b"a" * 5000 + b"b"), ("empty", b""), ("ünï", b"x")]
    assert members_of(b"".join(packed(members))) == expected


@settings(max_examples=1000)
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(zlib.compress)))
def test_any_stream_gives_members_or_is_refused(stream: bytes) -> None:
    try:
        assert all(isinstance(name, str) for name, _ in members_of(stream))
    except EnvironmentFault as refused:
        assert refused.code is Code.BACKUP_DAMAGED


def test_a_stream_that_grows_without_end_is_never_held_whole() -> None:
    def bomb() -> Iterator[bytes]:
        press = zlib.compressobj(9)
        yield press.compress(struct.pack(">H", 1) + b"x")
        for _ in range(64):
            yield press.compress(struct.pack(">I", 1 << 20) + bytes(1 << 20))
        yield press.compress(struct.pack(">IH", 0, 0)) + press.flush()

    whole = b"".join(bomb())
    assert len(whole) < 200_000
    ((_, blocks),) = [(n, [len(b) for b in bs]) for n, bs in Unpacked(iter([whole]), Path("b")).members()]
    assert blocks == [1 << 20] * 64


def test_sealing_needs_no_size_and_no_second_reading(tmp_path: Path) -> None:
    out = io.BytesIO()
    digest = seal(out, (bytes([n % 251]) * 1000 for n in range(1000)), head={}, to=KEY.public, key=FILE_KEY)
    path = tmp_path / "streamed"
    path.write_bytes(out.getvalue())
    assert SealedFile(path).check() == digest
    assert len(content_of(SealedFile(path))) == 1_000_000
