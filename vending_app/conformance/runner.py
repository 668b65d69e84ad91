#!/usr/bin/env python3
"""Plays the vectors of the card format "Totals 1" against a meter, over lines of JSON on its input and output.

    python run_conformance.py --meter "COMMAND" [--vectors vectors.jsonl] [--only NAME] [--rule RULE] [--json]

COMMAND is a program that drives the firmware's logic (or a whole meter); it is started once and asked one line at a
time, as docs/conformance.md says. Exit 0 if every case passes, 1 if one does not, 2 if the meter cannot be asked or
there is nothing to ask it.
This file stands alone: Python 3.11 and the library `cryptography`, which checks the MACs that the meter writes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

ANSWER_S = 30
"""How long a meter may take for one answer; a card takes it about three seconds."""
CLOSE_S = 2
"""How long it may take to end by itself once its input is closed."""
WRITE_BACK_AT, WRITE_BACK_SIZE, MAC_SIZE = 0xB0, 64, 8
WRITE_BACK = "meter:6 sequence:4 used_total:4 remaining:4s energy_total:4 zero_crossing:4 purchases:3 illegal_cards:2 overload_trips:2 low_credit_trips:2 tamper_events:2 power_failures:2 power_max:3 status:1 key_version:1 last_month:4 meter_time:4 running:4"  # noqa: E501
CARD_AT, CARD_SIZE, KEY_SIZE = 0x26, 6, 16
IMAGE_SIZE, IMAGE_FROM, BLOCK, BLOCKS = 256, 0x20, 16, 64
IMAGE_BLOCKS = (4, 5, 6, 8, 9, 12, 13, 14, 16, 17, 18, 20, 21, 10)
"""The blocks of a MIFARE Classic that hold the image from 0x20 on, in its order."""
FILES_AT = {"0": 0x20, "4": 0x30, "1": 0x30, "2": 0xB0}
"""The image addresses of the files of a DESFire card; no card has both 1 and 4."""

MOST_NESTED = 4
"""How deep a question goes: the files of its card."""

Step = dict[str, Any]
Vector = dict[str, Any]


class MeterSilent(Exception):
    """The program at the other end ended, was too slow, or did not answer with a line of JSON."""


class NothingToAsk(Exception):
    """A sentence: no command of a meter, or no vectors, or not the case that was named."""


class Meter:
    """A program that answers each line with one; it is started at the first question."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: threading.Thread | None = None
        self._lines: queue.Queue[bytes | None] = queue.Queue()

    def ask(self, request: Step) -> Any:
        """Its answer. Raises MeterSilent."""
        process = self._started()
        assert process.stdin is not None, "it is a pipe"
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            line = self._lines.get(timeout=ANSWER_S)
        except (OSError, queue.Empty) as cause:
            raise MeterSilent(f"no answer ({type(cause).__name__})") from cause
        if line is None:
            raise MeterSilent(f"it ended with {_end_of(process)}")
        try:
            return json.loads(line.decode())
        except (ValueError, RecursionError) as cause:
            raise MeterSilent(f"not a line of JSON: {line[:80]!r}") from cause

    def close(self) -> None:
        if self._process is not None:
            assert self._process.stdin is not None, "it is a pipe"
            with contextlib.suppress(OSError):  # of what was asked and never taken in
                self._process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(CLOSE_S)
            self._kill(self._process)

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        """With all that it started: a shell may have a meter below it, which holds the pipes open."""
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert self._listener is not None, "it listens from the start"
        assert process.stdout is not None, "it is a pipe"
        self._listener.join(CLOSE_S)
        if not self._listener.is_alive():
            process.stdout.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            try:
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
                )
            except (OSError, ValueError, IndexError) as cause:  # a command with a byte 0, or of no words
                why = getattr(cause, "strerror", None) or cause
                raise MeterSilent(f"it cannot be started ({why})") from cause
            self._listener = threading.Thread(target=self._listen, args=(self._process,), daemon=True)
            self._listener.start()
        return self._process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Bytes: whether they are JSON is for whoever asked."""
        assert process.stdout is not None, "it is a pipe"
        for line in process.stdout:
            self._lines.put(line)
        self._lines.put(None)


def _end_of(process: subprocess.Popen[bytes]) -> int | None:
    """Its exit code; None for one that only closed its output."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        return process.wait(CLOSE_S)
    return None


@dataclass(slots=True)
class Outcome:
    """What came of one case: no differences means that it passed."""

    vector: Vector
    step: int = 0
    """Where it went wrong, counted from 1."""
    differences: list[str] = field(default_factory=list)

    @property
    def is_passed(self) -> bool:
        return not self.differences


def play(meter: Meter, vector: Vector) -> Outcome:
    """One case, up to the first step that is answered otherwise. Raises MeterSilent."""
    keys: dict[int, bytes] = {}
    for number, step in enumerate(vector["steps"], start=1):
        if step["ask"]["do"] == "provision":
            keys = {key["version"]: bytes.fromhex(key["k_meter"]) for key in step["ask"]["keys"]}
        found = list(differences(step["expect"], meter.ask(step["ask"]), keys))
        if found:
            return Outcome(vector, number, found)
    return Outcome(vector)


def differences(expected: Any, answer: Any, keys: dict[int, bytes]) -> Iterator[str]:
    """In words, by the names of the protocol; what a meter answers beyond that is not looked at."""
    if not isinstance(answer, dict):
        yield f"answered {answer!r}"
        return
    for name, value in expected.items():
        told = answer.get(name)
        if name in IMAGES:
            yield from _card(name, value, told, keys)
        elif isinstance(value, dict) and isinstance(told, dict):
            yield from (
                _unlike(key, told.get(key), each) for key, each in value.items() if _differs(told.get(key), each)
            )
        elif _differs(told, value):
            yield _unlike(name, told, value)


def _differs(told: Any, value: Any) -> bool:
    """Of one value; in JSON true is not 1, and 1.0 is no whole number."""
    return type(told) is not type(value) or bool(told != value)


def _unlike(name: str, told: Any, value: Any) -> str:
    return f"{name}: {told!r}, not {value!r}"


def _card(name: str, expected: Any, told: Any, keys: dict[int, bytes]) -> Iterator[str]:
    """Which bytes of the card's image differ, and what the write-back says instead."""
    try:
        want, have = IMAGES[name](expected), IMAGES[name](told)
        is_same = _whole(told) == _whole(expected)
    except (TypeError, ValueError, AttributeError, IndexError):
        yield f"{name}: {told!r} is not what a card holds"
        return
    if len(have) != len(want):
        yield f"{name}: {len(have)} bytes, not {len(want)}"
        return
    at = [address for address in range(len(want)) if want[address] != have[address]]
    if not at:
        if not is_same:
            yield f"{name}: they differ where no image is"
        return
    yield f"{name}: {len(at)} bytes differ, the first at 0x{at[0]:02X}: {have[at[0]]:02X}, not {want[at[0]]:02X}"
    right, written = write_back(want), write_back(have)
    yield from (
        f"write-back {name}: {written[name]}, not {value}" for name, value in right.items() if written[name] != value
    )
    key = keys.get(written["key_version"])
    if key is not None and any(address >= WRITE_BACK_AT for address in at) and not is_proved(have, key):
        yield "write-back: its MAC is wrong for what it says"


def _whole(told: Any) -> Any:
    """All bytes of a card, in whichever letters they were told."""
    if isinstance(told, dict):
        return {number: bytes.fromhex(data) for number, data in told.items()}
    return bytes.fromhex(told)


def _of_blocks(told: str) -> bytes:
    """The image from the 64 blocks of a MIFARE Classic (docs/card-format.md, *MIFARE Classic 1K*)."""
    whole = bytes.fromhex(told)
    if len(whole) != BLOCK * BLOCKS:
        raise ValueError("another size")
    image = bytearray(IMAGE_SIZE)
    for at, block in enumerate(IMAGE_BLOCKS):
        address = IMAGE_FROM + at * BLOCK
        image[address : address + BLOCK] = whole[block * BLOCK : (block + 1) * BLOCK]
    return bytes(image)


def _of_files(told: dict[str, str]) -> bytes:
    """The image from the files of a DESFire card, the history left out."""
    image = bytearray(IMAGE_SIZE)
    for number, address in FILES_AT.items():
        data = bytes.fromhex(told.get(number, ""))
        image[address : address + len(data)] = data
    return bytes(image)


IMAGES: dict[str, Callable[[Any], bytes]] = {"memory": bytes.fromhex, "blocks": _of_blocks, "files": _of_files}
"""How an answer tells what is left of a card, by the chip."""


def write_back(memory: bytes) -> dict[str, int]:
    """The fields of the write-back on a customer's card (docs/card-format.md, *Write-back*)."""
    values, at = {}, WRITE_BACK_AT
    for each in WRITE_BACK.split():
        name, form = each.split(":")
        size = int(form[0])
        values[name] = int.from_bytes(memory[at : at + size], "big", signed=form.endswith("s"))
        at += size
    return values


def is_proved(memory: bytes, k_meter: bytes) -> bool:
    """Whether the MAC of the write-back is right under this key."""
    record = memory[WRITE_BACK_AT : WRITE_BACK_AT + WRITE_BACK_SIZE]
    mac = CMAC(AES(k_meter))
    mac.update(b"WRITE" + record[:-MAC_SIZE] + memory[CARD_AT : CARD_AT + CARD_SIZE])
    return mac.finalize()[:MAC_SIZE] == record[-MAC_SIZE:]


# --- what is asked ---------------------------------------------------------------------------------------


def words(command: str) -> list[str]:
    """The words of a command. Raises NothingToAsk for what a shell would not take either."""
    try:
        told = shlex.split(command)
    except ValueError as cause:
        raise NothingToAsk(f"The command of the meter is no command: {cause}.") from cause
    if not told:
        raise NothingToAsk("The command of the meter has no words.")
    return told


def read(path: Path) -> list[Vector]:
    """The vectors of a file. Raises NothingToAsk for any other file."""
    try:
        told = path.read_bytes().splitlines()
    except OSError as cause:
        raise NothingToAsk(f"The vectors cannot be read: {cause}.") from cause
    return [_vector(line, at) for at, line in enumerate(told, start=1) if line.strip()]


def chosen(path: Path, *, only: str = "", rule: str = "") -> list[Vector]:
    """The vectors of a file, or those of this name or rule. Raises NothingToAsk if there is none."""
    found = [each for each in read(path) if only in ("", each["name"]) and rule in ("", each["rule"])]
    if not found:
        raise NothingToAsk("There is no such case.")
    return found


def _vector(line: bytes, at: int) -> Vector:
    try:
        told = json.loads(line.decode())
    except (ValueError, RecursionError) as cause:
        raise NothingToAsk(f"Line {at} of the vectors is no line of JSON.") from cause
    if not _is_vector(told):
        raise NothingToAsk(f"Line {at} of the vectors is no case: name, rule, about, and steps of ask and expect.")
    return dict(told)


def _is_vector(told: Any) -> bool:
    if not isinstance(told, dict) or not all(isinstance(told.get(name), str) for name in ("name", "rule", "about")):
        return False
    steps = told.get("steps")
    return isinstance(steps, list) and bool(steps) and all(_is_step(step) for step in steps)


def _is_step(step: Any) -> bool:
    asked, expected = (step.get("ask"), step.get("expect")) if isinstance(step, dict) else (None, None)
    if not isinstance(asked, dict) or not isinstance(expected, dict) or not _is_flat(asked, MOST_NESTED):
        return False
    has_keys = asked.get("do") != "provision" or _are_keys(asked.get("keys"))
    return isinstance(asked.get("do"), str) and has_keys and all(_is_expected(*each) for each in expected.items())


def _are_keys(told: Any) -> bool:
    return isinstance(told, list) and all(
        isinstance(key, dict) and type(key.get("version")) is int and _size(key.get("k_meter")) == KEY_SIZE
        for key in told
    )


def _size(told: Any) -> int | None:
    """Of bytes in hexadecimal; None of anything else."""
    try:
        return len(bytes.fromhex(told))
    except (TypeError, ValueError):
        return None


def _is_expected(name: str, value: Any) -> bool:
    """Whether an answer can be held against this: what a card holds, or a few plain values."""
    if name not in IMAGES:
        return _is_flat(value, 1)
    try:
        IMAGES[name](value), _whole(value)
    except (TypeError, ValueError, AttributeError, IndexError):
        return False
    return True


def _is_flat(told: Any, most: int) -> bool:
    """Whether it is nested so deep at most."""
    inner = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return not isinstance(told, dict | list) or (most > 0 and all(_is_flat(each, most - 1) for each in inner))


# --- what is told of it ----------------------------------------------------------------------------------


def run(command: Sequence[str], vectors: Iterable[Vector]) -> list[Outcome]:
    """Every case, each from a meter that is provisioned anew. Raises MeterSilent."""
    meter = Meter(command)
    try:
        return [play(meter, vector) for vector in vectors]
    finally:
        meter.close()


def lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The report: a line for each rule, then each case that did not pass."""
    rules = list(dict.fromkeys(outcome.vector["rule"] for outcome in outcomes))
    for rule in rules:
        of_rule = [outcome for outcome in outcomes if outcome.vector["rule"] == rule]
        passed = sum(outcome.is_passed for outcome in of_rule)
        yield f"{rule:<14}{passed:>5} of {len(of_rule):>3}"
    for outcome in outcomes:
        if not outcome.is_passed:
            yield f"\n{outcome.vector['name']}, step {outcome.step}: {outcome.vector['about']}"
            yield from (f"    {each}" for each in outcome.differences)
    yield f"\n{sum(outcome.is_passed for outcome in outcomes)} of {len(outcomes)} cases passed"


def shape(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The same for programs."""
    failed = [
        {"name": each.vector["name"], "rule": each.vector["rule"], "step": each.step, "differences": each.differences}
        for each in outcomes
        if not each.is_passed
    ]
    return {"cases": len(outcomes), "passed": len(outcomes) - len(failed), "failed": failed}


def main() -> int:
    parser = argparse.ArgumentParser(description="Plays the vectors of Totals 1 against a meter.")
    parser.add_argument("--meter", required=True, help="the command that answers for the meter")
    parser.add_argument("--vectors", type=Path, default=Path(__file__).with_name("vectors.jsonl"))
    parser.add_argument("--only", default="", help="only the case of this name")
    parser.add_argument("--rule", default="", help="only the cases of this rule")
    parser.add_argument("--json", action="store_true", help="the report for programs")
    asked = parser.parse_args()
    try:
        outcomes = run(words(asked.meter), chosen(asked.vectors, only=asked.only, rule=asked.rule))
    except (MeterSilent, NothingToAsk) as cause:
        said = f"The meter cannot be asked: {cause}." if isinstance(cause, MeterSilent) else str(cause)
        sys.stderr.write(said + "\n")
        return 2
    told = json.dumps(shape(outcomes), indent=1) if asked.json else "\n".join(lines(outcomes))
    # A console may lack a letter that a meter has.
    letters = sys.stdout.encoding
    sys.stdout.write(told.encode(letters, "backslashreplace").decode(letters) + "\n")
    return 0 if all(outcome.is_passed for outcome in outcomes) else 1


if __name__ == "__main__":
    raise SystemExit(main())
