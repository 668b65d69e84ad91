"""No key outlives its use: another process looks for every 8 bytes of every key where keys were used and locked.

The process that is looked into never gives memory back (`never_free.c`): what was freed before it was wiped is found
too, however soon it would have been written over.
"""

from __future__ import annotations

import base64
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests.cardio.builders import CARD
from tests.cardio.key_user import AREAS, METERS, PASSPHRASE, PASSWORD
from tests.cardio.soft_token import PIN, soft_token
from vending_app import app, office_books, office_files
from vending_app.cardio.derivation import (
    CLASSIC_KEYS_SIZE,
    CLASSIC_LABEL,
    MAC_LABEL,
    OPENED_LABEL,
    PIN_LABEL,
    PSC_LABEL,
    PSC_SIZE,
    SIGN_LABEL,
    TOOL_LABEL,
    WRAP_LABEL,
    cmac,
    derive,
)
from vending_app.cardio.desfire.commands import PICC
from vending_app.cardio.desfire.keys import CardKey, diversified
from vending_app.cardio.desfire.plan import AID, KEY_NAMES, SYSTEM
from vending_app.cardio.emulated.kinds import KINDS
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardKeyName
from vending_app.domain.ids import MeterNo
from vending_app.domain.key_ceremony import KeyShare
from vending_app.domain.key_share import share_groups
from vending_app.services.setup import SampleOffice

WINDOW = 8
NOTE_SIZE = 16 + 2 + 3 + 2
"""Of a share as `key_user` notes it: secret, sharing, check value of the key, number, of how many."""
pytestmark = pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="memory is looked into on Linux")


def keys_of(masters: Mapping[int, bytes], meters: tuple[MeterNo, ...] = METERS) -> dict[str, bytes]:
    """Every master and every key that `key_user.use` lets a vault derive."""
    keys = {f"master {version}": master for version, master in masters.items()}
    for version, master in masters.items():
        end = bytes([version])
        contexts = [(MAC_LABEL, bytes.fromhex(meter) + end) for meter in meters]
        contexts += [(TOOL_LABEL, area + end) for area in AREAS] + [(PSC_LABEL, end)]
        keys |= {f"{label!r} {context.hex()}": bytes(derive(master, label, context)) for label, context in contexts}
    own = derive(masters[1], MAC_LABEL, bytes.fromhex(METERS[0]) + b"\1")
    keys |= {f"wrapping {version}": bytes(derive(own, WRAP_LABEL, bytes([version]))) for version in masters}
    for label in (SIGN_LABEL, PIN_LABEL):
        keys[f"{label!r}"] = bytes(derive(masters[1], label, b"\1", size=32))
    return keys


def found_in(content: bytes, keys: Mapping[str, bytes]) -> list[str]:
    """The names of keys of which any 8 bytes in a row stand there, wherever they begin; a shorter one whole."""
    windows = {
        int.from_bytes(key[at : at + WINDOW], "little"): name
        for name, key in keys.items()
        for at in range(len(key) - WINDOW + 1)
    }
    short = {key: name for name, key in keys.items() if len(key) < WINDOW}
    begins = np.zeros(1 << 16, dtype=bool)
    begins[[window & 0xFFFF for window in windows]] = True
    found = {name for key, name in short.items() if key in content}
    for offset in range(min(WINDOW, len(content) - WINDOW + 1)):
        words = np.frombuffer(content, "<u8", (len(content) - offset) // WINDOW, offset)
        candidates = np.unique(words[begins[words & np.uint64(0xFFFF)]])
        found |= {windows[word] for word in candidates.tolist() if word in windows}
    return sorted(found)


def whole_in(content: bytes, texts: Mapping[str, bytes]) -> list[str]:
    """The names of texts that stand there whole: eight bytes of a screen's letters are only four, found by chance."""
    begun = found_in(content, {name: text[:WINDOW] for name, text in texts.items()})
    return [name for name in begun if texts[name] in content]


def memory_of(pid: int) -> bytes:
    """Everything that a process may write into, one map behind the other."""
    whole = bytearray()
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            bounds, rights, *_ = line.split()
            if rights.startswith("rw"):
                begin, end = (int(part, 16) for part in bounds.split("-"))
                memory.seek(begin)
                while len(part := memory.read(end - begin)) and begin < end:
                    whole += part
                    begin += len(part)
                whole += bytes(WINDOW)
    return bytes(whole)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a process that has locked its keys, and what it said."""

    memory: bytes
    said: bytes


@pytest.fixture(scope="module")
def never_free(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process whose memory is never given back, that of Python's own objects neither."""
    built = tmp_path_factory.mktemp("built") / "never_free.so"
    source = Path(__file__).with_name("never_free.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", built, source], check=True)
    return {"LD_PRELOAD": str(built), "PYTHONMALLOC": "malloc"}


def looked_into(*words: str, **variables: str) -> Looked:
    """Let a `key_user` work, and look into it while it waits."""
    environment = {**os.environ, "TOKEN_PIN": PIN, **variables}
    command = [sys.executable, "-m", "tests.cardio.key_user", *words]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        is_ready = process.stdout.readline() == b"ready\n"
        memory = memory_of(process.pid) if is_ready else b""
        process.stdin.close()
        process.wait()
        errors.seek(0)
        said = errors.read()
    assert is_ready, said.decode()
    return Looked(memory, said)


def sealing_key(file: Path) -> bytes:
    """What the passphrase is stretched to: it opens the file as well as the passphrase does."""
    content = file.read_bytes()
    memory, passes, lanes = struct.unpack(">III", content[8:20])
    kdf = Argon2id(salt=content[20:36], length=32, iterations=passes, lanes=lanes, memory_cost=memory)
    return kdf.derive(PASSPHRASE.encode())


def masters_in(file: Path) -> dict[int, bytes]:
    """What the sealed file holds, which only a test takes out."""
    vault = SealedVault.open(file, PASSPHRASE)
    return {version: bytes(key) for version, key in vault._masters.items()}


def test_nothing_of_a_sealed_vault_stays_in_the_process(tmp_path: Path, never_free: dict[str, str]) -> None:
    file = tmp_path / "vault.sealed"
    looked = looked_into("sealed", str(file), **never_free)
    keys = keys_of(masters_in(file)) | {"sealing key": sealing_key(file)}
    assert len(keys) == 2 + 2 * (len(METERS) + len(AREAS) + 1) + 2 + 2 + 1
    assert found_in(looked.memory, keys) == []


def test_nothing_of_a_token_vault_stays_in_the_process(tmp_path: Path, never_free: dict[str, str]) -> None:
    masters = {version: os.urandom(16) for version in (1, 2)}
    with soft_token(tmp_path) as token:
        for version, master in masters.items():
            token.import_master(version, master)
        looked = looked_into("token", token.module, token.label, **never_free)
    opened_by = bytes(derive(masters[1], OPENED_LABEL, PIN.encode()))
    assert found_in(looked.memory, keys_of(masters) | {"opened by": opened_by}) == []


def test_nothing_of_any_chip_stays_in_the_process(tmp_path: Path, never_free: dict[str, str]) -> None:
    """Its own keys, and those of every session with it; the cards themselves are in processes of their own."""
    file = tmp_path / "vault.sealed"
    masters = sealed_in(file)
    looked = looked_into("chips", str(file), str(tmp_path), **never_free)
    keys = keys_of(masters)
    for kind in KINDS:
        keys |= chip_keys_of(kind, bytes.fromhex((tmp_path / f"{kind}.uid").read_text()), masters)
        told = (tmp_path / f"{kind}.sessions").read_text().split()
        assert len(told) >= (30 if kind.startswith("desfire") else 0)
        keys |= {f"{kind} session {at}": bytes.fromhex(key) for at, key in enumerate(told)}
    assert found_in(looked.memory, keys) == []


def sealed_in(file: Path) -> dict[int, bytes]:
    """Two versions of new keys in a sealed file."""
    masters = {version: os.urandom(16) for version in (1, 2)}
    SealedVault.create(file, PASSPHRASE, key=masters[1], entropy=os.urandom).lock()
    SealedVault.add_version(file, PASSPHRASE, key=masters[2], entropy=os.urandom).lock()
    return masters


def chip_keys_of(kind: str, uid: bytes, masters: Mapping[int, bytes]) -> dict[str, bytes]:
    """What a vault derives for one card of that chip, and the commands and answers that carry such a key as it is.

    An answer that shows a code lies in a bytes object: behind its hash, which nobody asked for and is -1.
    """
    keys: dict[str, bytes] = {}
    for version, master in masters.items():
        end, name = bytes([version]), f"{kind} {version}"
        if kind.startswith("sle4442"):
            code = bytes(cmac(derive(master, PSC_LABEL, end), bytes.fromhex(CARD)))
            psc = code[:PSC_SIZE]
            keys |= {
                f"{name} code": code,
                f"{name} presented": bytes.fromhex("FF20000003") + psc,
                f"{name} changed": bytes.fromhex("FFD2000103") + psc,
                f"{name} changed by omnikey": bytes.fromhex("FFFFFF") + psc,
                f"{name} shown": bytes.fromhex("07") + psc + bytes.fromhex("9000"),
                f"{name} shown alone": bytes.fromhex("FFFFFFFF07") + psc,
            }
        elif kind.startswith("classic"):
            of_card = derive(master, CLASSIC_LABEL, end)
            both = bytes(cmac(of_card, uid))[:CLASSIC_KEYS_SIZE]
            keys |= {
                f"{name} class": bytes(of_card),
                f"{name} both": both,
                f"{name} A": both[:6],
                f"{name} B": both[6:],
            }
        else:
            for key, application in ((CardKeyName.CARD, PICC), *((name, AID) for name in KEY_NAMES.values())):
                of_cards = derive(master, key.value.encode(), end)
                own = diversified(CardKey(of_cards), uid + application + SYSTEM).secret
                keys |= {f"{name} {key.value} master": bytes(of_cards), f"{name} {key.value}": bytes(own)}
    return keys


def test_nothing_of_a_share_stays_that_was_shown_and_typed(tmp_path: Path, never_free: dict[str, str]) -> None:
    """Neither its secret nor, on the page or at the terminal, more than a group of its text at a time."""
    file, noted = tmp_path / "vault.sealed", tmp_path / "noted"
    SealedVault.create(file, PASSPHRASE, key=os.urandom(16), entropy=os.urandom).lock()
    looked = looked_into("shares", str(file), str(noted), QT_QPA_PLATFORM="offscreen", **never_free)
    told = noted.read_bytes()
    keys = keys_of(masters_in(file))
    shown: dict[str, bytes] = {}
    for at in range(0, len(told), NOTE_SIZE):
        secret, rest = told[at : at + 16], told[at + 16 : at + NOTE_SIZE]
        share = KeyShare(1, rest[5], rest[6], rest[:2].hex().upper(), rest[2:5].hex().upper(), bytearray(secret))
        keys[f"share {at}"] = secret
        for between in ("-", " ", ""):
            groups = list(share_groups(share))
            keys[f"text {at} {between}"] = between.join(groups).encode()
            shown |= {
                f"shown {at} {between}{number}": (one[-3:] + between + other[:3]).encode("utf-16-le")
                for number, (one, other) in enumerate(pairwise(groups))
            }
    assert len(told) == 2 * 3 * NOTE_SIZE
    assert found_in(looked.memory, keys) == []
    assert whole_in(looked.memory, shown) == []


def test_keys_that_were_not_locked_are_found(tmp_path: Path) -> None:
    """The other way round, so that what the tests above do not find is not there."""
    file = tmp_path / "vault.sealed"
    looked = looked_into("sealed", str(file), KEEP_OPEN="1")
    keys = keys_of(masters_in(file))
    passing = {name for name in keys if name.startswith("wrapping")}
    assert set(found_in(looked.memory, keys)) == set(keys) - passing


def test_nothing_stays_of_a_counter_that_sold_nor_in_what_it_left(tmp_path: Path, never_free: dict[str, str]) -> None:
    data = tmp_path / "office"
    sample = SampleOffice.of(office_files.sample_description())
    app.create_office(data, sample, password=PASSWORD, passphrase=PASSPHRASE)
    looked = looked_into("office", str(data), **never_free)
    masters = masters_in(data / "vault.sealed")
    with office_books.open_books(data) as ledger:
        meters = tuple(supply.meter for supply in ledger.find_supplies("", limit=100))
    keys = keys_of(masters, (*METERS, *meters))
    assert found_in(looked.memory, keys) == []
    left = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert {"counter.log", "told.txt", "ledger.sqlite3", "settings.json"} <= {path.name for path in left}
    assert b"Traceback" in left[data / "counter.log"]
    assert {path.name: shown_in(content, keys) for path, content in left.items() if shown_in(content, keys)} == {}
    assert shown_in(looked.said, keys) == []


def test_what_the_command_line_prints_and_dumps_shows_no_key(tmp_path: Path) -> None:
    data = tmp_path / "office"
    secrets = {"VENDING_PASSWORD": PASSWORD, "VENDING_VAULT_PASSPHRASE": PASSPHRASE, "VENDING_DATA": str(data)}
    printed = b""
    for words in (("init", "--sample"), ("operator", "list"), ("ledger", "verify"), ("settings",), ("selftest",)):
        command = [sys.executable, "-X", "faulthandler", "-m", "vending_app", *words, "--json"]
        done = subprocess.run(command, env={**os.environ, **secrets}, capture_output=True, check=False)
        printed += done.stdout + done.stderr
    keys = keys_of(masters_in(data / "vault.sealed"))
    assert b'"operators"' in printed
    assert shown_in(printed, keys) == []


def shown_in(content: bytes, keys: Mapping[str, bytes]) -> list[str]:
    """The names of keys that stand there as they are, in hexadecimal, in base 64, or as Python shows bytes."""
    lower = content.lower()
    return [
        *found_in(content, keys),
        *found_in_text(lower, {name: key.hex().encode() for name, key in keys.items()}),
        *found_in_text(content, {name: base64.b64encode(key).rstrip(b"=") for name, key in keys.items()}),
        *found_in_text(content, {name: repr(key)[2:-1].encode() for name, key in keys.items()}),
    ]


def found_in_text(content: bytes, texts: Mapping[str, bytes]) -> list[str]:
    """Of a text as many letters as stand for a window of the key."""
    return [name for name, text in texts.items() if any(part in content for part in parts_of(text))]


def parts_of(text: bytes) -> list[bytes]:
    return [text[at : at + 2 * WINDOW] for at in range(len(text) - 2 * WINDOW + 1)]
