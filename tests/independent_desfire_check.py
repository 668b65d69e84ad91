"""Plays the meter of the DESFire chapter against the frames printed there, written only from docs/card-format.md and
the application notes that it names, importing nothing of the program:
python tests/independent_desfire_check.py DOCUMENT
"""

import json
import re
import sys
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

MASTER, UID, VERSION = bytes(range(16)), bytes.fromhex("04782E21801D80"), b"\x01"


def cmac(key: bytes, message: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()


def cbc(key: bytes, iv: bytes, data: bytes, *, encrypt: bool) -> bytes:
    cipher = Cipher(AES(key), modes.CBC(iv))
    context = cipher.encryptor() if encrypt else cipher.decryptor()
    return context.update(data) + context.finalize()


def frames(document: str) -> dict[str, list[tuple[bytes, bytes]]]:
    """Sent and answered, by the title that stands before them."""
    part = document.split("<!-- generated: desfire-dialogue -->")[1].split("<!-- end -->", maxsplit=1)[0]
    said: dict[str, list[tuple[bytes, bytes]]] = {}
    for block in part.split("\n\n")[1:]:
        title, *lines = block.strip().removesuffix("```").strip().splitlines()
        raw = [bytes.fromhex(line.strip()[2:]) for line in lines]
        said[title] = list(zip(raw[::2], raw[1::2], strict=True))
    return said


def whole(exchanges: list[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """Data of a command and data of its answer, over all frames."""
    sent = b"".join(frame[5:-1] for frame, _ in exchanges if len(frame) > 5)
    return sent, b"".join(answer[:-2] for _, answer in exchanges)


def session(said: dict[str, list[tuple[bytes, bytes]]], a: bytes) -> tuple[bytes, bytes, bytes]:
    """Keys and TI; every number of the authentication checked."""
    k = cmac(MASTER, b"\0\0\0\1" + b"VEND-DF-METER" + b"\0" + VERSION + b"\0\0\0\x80")
    key = cmac(k, b"\x01" + UID + bytes.fromhex("565401") + b"Totals 1")
    (_, challenge), (token, proof) = said["AuthenticateEV2First with key 2"]
    b = cbc(key, bytes(16), challenge[:-2], encrypt=False)
    assert cbc(key, bytes(16), a + b[1:] + b[:1], encrypt=True) == token[5:-1]
    plain = cbc(key, bytes(16), proof[:-2], encrypt=False)
    assert plain[4:20] == a[1:] + a[:1]
    context = a[:2] + bytes(x ^ y for x, y in zip(a[2:8], b[:6], strict=True)) + b[6:] + a[8:]
    enc, mac = (cmac(key, bytes.fromhex(head) + b"\x00\x01\x00\x80" + context) for head in ("A55A", "5AA5"))
    return enc, mac, plain[:4]


def check(document: str) -> dict[str, str]:
    """What the meter read and what it wrote, as the frames say."""
    said, found = frames(document), dict(re.findall(r"^([A-Za-z- ]+?)  +([0-9A-F]{8,})$", document, re.MULTILINE))
    enc, key, ti = session(said, bytes.fromhex(found["RndA of the meter"]))

    def proves(code: int, counter: int, data: bytes, mac: bytes) -> bool:
        return cmac(key, bytes([code]) + counter.to_bytes(2, "little") + ti + data)[1::2] == mac

    def plain(head: str, counter: int, data: bytes) -> bytes:
        start = (bytes.fromhex(head) + ti + counter.to_bytes(2, "little")).ljust(16, b"\0")
        iv = cbc(enc, bytes(16), start, encrypt=True)
        return cbc(enc, iv, data, encrypt=False).rstrip(b"\0")[:-1]

    asked, order = whole(said["order"])
    assert proves(0xBD, 0, asked[:-8], asked[-8:])
    assert proves(0x00, 1, order[:-8], order[-8:])
    written, answer = whole(said["write-back"])
    assert proves(0x3D, 1, written[:-8], written[-8:])
    assert proves(0x00, 2, b"", answer)
    commit, answer = whole(said["CommitTransaction"])
    assert proves(0xC7, 2, b"", commit)
    assert proves(0x00, 3, b"", answer)
    return {
        "header": said["header, read by anybody"][0][1][:-2].hex(),
        "order": plain("5AA5", 1, order[:-8]).hex(),
        "write_back": plain("A55A", 1, written[7:-8]).hex(),
    }


if __name__ == "__main__":
    print(json.dumps(check(Path(sys.argv[1]).read_text()), indent=1))  # noqa: T201
