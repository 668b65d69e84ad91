"""The runner of the kit: what it says of a meter, of one that does not answer, and of what is nothing to ask."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app.conformance import kit, runner
from vending_app.domain.errors import Code, EnvironmentFault

SILENT_METERS = {
    "ends": "pass",
    "babbles": "print('hello'); input()",
    "dies": "raise SystemExit(3)",
    "nests": "print('[' * 100000, flush=True); input()",
    "no utf-8": 'import sys; sys.stdout.buffer.write(b\'{"ready": "\\xff"}\\n\'); sys.stdout.flush(); input(); input()',
}


@pytest.mark.parametrize("code", SILENT_METERS.values(), ids=SILENT_METERS)
def test_a_meter_that_does_not_answer_is_said(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once: nobody waits for a line that is there."""
    monkeypatch.setattr(runner, "CLOSE_S", 0.2)
    with pytest.raises(EnvironmentFault) as fault:
        kit.run([sys.executable, "-c", code], only="again")
    assert fault.value.code is Code.METER_SILENT
    assert "Empty" not in str(fault.value.facts["why"])


def test_a_meter_behind_a_shell_ends_with_the_last_answer(tmp_path: Path) -> None:
    """The shell waits for the meter, and says so once that has seen the end of its input."""
    wrapper, ended = tmp_path / "meter.sh", tmp_path / "ended"
    wrapper.write_text(f'#!/bin/sh\n"{sys.executable}" -c "$ECHO"\necho ended > "{ended}"\n')
    code = "import sys\nfor line in sys.stdin: print('{}', flush=True)\n"
    meter = runner.Meter(["env", f"ECHO={code}", "sh", str(wrapper)])
    assert meter.ask({}) == {}
    meter.close()
    assert ended.read_text() == "ended\n"


def test_a_meter_that_never_ends_is_ended_with_all_below_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CLOSE_S", 0.2)
    meter = runner.Meter(["sh", "-c", "read line; echo '{}'; sleep 600; true"])
    assert meter.ask({}) == {}
    began = time.monotonic()
    meter.close()
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("command", [["there-is-no-such-meter"], [], [""], ["a\0b"]])
def test_a_command_that_is_none_is_said(command: list[str]) -> None:
    with pytest.raises(EnvironmentFault) as fault:
        kit.run(command, only="again")
    assert fault.value.code is Code.METER_SILENT


NO_KEY = {"do": "provision", "keys": [{"version": 1, "k_meter": "00"}]}
NO_VECTORS: dict[str, bytes] = {
    "other JSON": b'{"a": 1}',
    "no case": b"[]",
    "no JSON": b"name,rule",
    "no UTF-8": b'{"name": "\xff"}',
    "nested": b"[" * 100_000,
    "no step": json.dumps({"name": "a", "rule": "1", "about": "", "steps": []}).encode(),
    "no key": json.dumps({"name": "a", "rule": "1", "about": "", "steps": [{"ask": NO_KEY, "expect": {}}]}).encode(),
}


@pytest.mark.parametrize("told", NO_VECTORS.values(), ids=NO_VECTORS)
def test_a_file_without_vectors_is_said_and_ends_with_2(
    told: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "vectors").write_bytes(b"\n" + told)
    assert _main(monkeypatch, "--meter", "true", "--vectors", str(tmp_path / "vectors")) == 2
    assert capsys.readouterr().err.startswith("Line 2 of the vectors is no ")


@pytest.mark.parametrize("command", ["", " ", '"x', "there-is-no-such-meter"])
def test_a_command_of_no_meter_ends_with_2(
    command: str,
    told: list[dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "vectors").write_text(json.dumps(told[0]))
    assert _main(monkeypatch, "--meter", command, "--vectors", str(tmp_path / "vectors")) == 2
    said = capsys.readouterr().err
    assert said.startswith(("The command of the meter ", "The meter cannot be asked: "))


def test_a_case_that_is_not_there_and_no_file_end_with_2(
    told: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _main(monkeypatch, "--meter", "true", "--vectors", str(tmp_path)) == 2
    (tmp_path / "vectors").write_text(json.dumps(told[0]))
    assert _main(monkeypatch, "--meter", "true", "--vectors", str(tmp_path / "vectors"), "--only", "none") == 2
    assert capsys.readouterr().err.endswith("There is no such case.\n")


def _main(monkeypatch: pytest.MonkeyPatch, *given: str) -> int:
    monkeypatch.setattr(sys, "argv", ["run_conformance.py", *given])
    return runner.main()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just("00" * 16),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
A_FEW = ("amount-12.34", "classic-taken", "desfire-ev2-taken", "check-taken")


@given(st.data())
def test_any_file_of_vectors_is_played_or_is_said_to_be_none(
    told: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Right vectors with something else in one place, and the answers of a right meter with that."""
    vector = data.draw(st.sampled_from([vector for vector in told if vector["name"] in A_FEW]))
    spoilt, answers = json.loads(json.dumps([vector, [step["expect"] for step in vector["steps"]]]))
    _spoil(data, data.draw(st.sampled_from([spoilt, answers])))
    path = tmp_path_factory.getbasetemp() / "vectors"
    path.write_text(json.dumps(spoilt))
    try:
        (read,) = runner.read(path)
    except runner.NothingToAsk:
        return
    outcome = runner.play(Repeats(answers), read)
    assert list(runner.lines([outcome]))
    assert outcome.is_passed or outcome.differences


@given(st.binary())
def test_any_bytes_of_a_file_are_vectors_or_are_said_to_be_none(
    tmp_path_factory: pytest.TempPathFactory, told: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes"
    path.write_bytes(told)
    try:
        assert runner.read(path) == []
    except runner.NothingToAsk as said:
        assert str(said).endswith(".")


def _spoil(data: st.DataObject, told: Any) -> None:
    """Put something else somewhere into it, or take it away."""
    while True:
        key = data.draw(st.sampled_from(sorted(told) if isinstance(told, dict) else range(len(told))))
        if not isinstance(told[key], dict | list) or not told[key] or data.draw(st.booleans()):
            break
        told = told[key]
    if data.draw(st.booleans()):
        told[key] = data.draw(JSON)
    else:
        del told[key]


class Repeats(runner.Meter):
    """A meter that says these answers, whatever it is asked."""

    def __init__(self, answers: list[Any]) -> None:
        super().__init__(())
        self._answers = iter(answers)

    def ask(self, request: dict[str, Any]) -> Any:
        json.dumps(request)
        return next(self._answers, None)


def _as_floats(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _as_floats(value) for name, value in told.items()}
    return float(told) if type(told) in {int, bool} else told


def _as_flags(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _as_flags(value) for name, value in told.items()}
    return bool(told) if type(told) is int and told in {0, 1} else told


def _as_numbers(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _as_numbers(value) for name, value in told.items()}
    return int(told) if type(told) is bool else told


@pytest.mark.parametrize("other", [_as_floats, _as_flags, _as_numbers], ids=lambda other: other.__name__.strip("_"))
def test_a_number_is_no_flag_and_a_flag_no_number(other: Callable[[Any], Any], told: list[dict[str, Any]]) -> None:
    vector = next(vector for vector in told if vector["name"] == "check-taken")
    answers = [step["expect"] for step in vector["steps"]]
    assert runner.play(Repeats(answers), vector).is_passed
    spoilt = [at for at, answer in enumerate(answers) if repr(other(answer)) != repr(answer)]
    assert spoilt
    for at in spoilt:
        outcome = runner.play(Repeats([*answers[:at], other(answers[at]), *answers[at + 1 :]]), vector)
        assert outcome.step == at + 1


def test_what_differs_is_said_in_the_words_of_the_document(told: list[dict[str, Any]]) -> None:
    vector = next(vector for vector in told if vector["name"] == "amount-12.34")
    step = vector["steps"][1]
    keys = {key["version"]: bytes.fromhex(key["k_meter"]) for key in vector["steps"][0]["ask"]["keys"]}
    memory = bytearray.fromhex(step["expect"]["memory"])
    memory[0xB0 + 17] ^= 1
    wrong = {**step["expect"], "says": "E-02", "memory": memory.hex()}
    found = list(runner.differences(step["expect"], wrong, keys))
    assert found == [
        "says: 'E-02', not 'credited'",
        "memory: 1 bytes differ, the first at 0xC1: D3, not D2",
        "write-back remaining: 1235, not 1234",
        "write-back: its MAC is wrong for what it says",
    ]


def test_what_differs_on_another_chip_is_said_in_the_same_words(told: list[dict[str, Any]]) -> None:
    """The fields of a write-back wherever the chip has them; a card that is none is said to be none."""
    for name, spoilt in (("classic-taken", _block_17), ("desfire-ev2-taken", _file_2)):
        vector = next(vector for vector in told if vector["name"] == name)
        step = vector["steps"][1]
        keys = {key["version"]: bytes.fromhex(key["k_meter"]) for key in vector["steps"][0]["ask"]["keys"]}
        found = list(runner.differences(step["expect"], spoilt(step["expect"]), keys))
        assert found[0].endswith("1 bytes differ, the first at 0xC1: 11, not 10")
        assert found[1:] == ["write-back remaining: 10001, not 10000", "write-back: its MAC is wrong for what it says"]
        strangers: tuple[Any, ...] = (None, 7, "zz", [], {"0": 5})
        for strange in strangers:
            answer = dict.fromkeys(step["expect"], strange)
            assert list(runner.differences(step["expect"], answer, keys))


@pytest.mark.parametrize("name", ["amount-12.34", "classic-taken", "desfire-ev2-taken"])
def test_a_meter_may_say_its_bytes_in_large_letters(name: str, told: list[dict[str, Any]]) -> None:
    """As most firmware prints them; a byte where no image is still has to be right."""
    step = next(vector for vector in told if vector["name"] == name)["steps"][1]
    (what,) = runner.IMAGES.keys() & step["expect"]
    answer = json.loads(json.dumps(step["expect"][what]).upper())
    if what == "files":
        odd = runner.differences(step["expect"], {**step["expect"], what: {**answer, "9": "zz"}}, {})
        assert list(odd), "no bytes, where no image is"
    assert list(runner.differences(step["expect"], {**step["expect"], what: answer}, {})) == []
    if what == "files":
        answer = {**answer, "3": "00" * 16}
        assert list(runner.differences(step["expect"], {**step["expect"], what: answer}, {}))


def _block_17(expected: dict[str, Any]) -> dict[str, Any]:
    """Block 17 has the image from 0xB0 on, 18 from 0xC0."""
    blocks = bytearray.fromhex(expected["blocks"])
    blocks[18 * 16 + 1] ^= 1
    return {**expected, "blocks": blocks.hex()}


def _file_2(expected: dict[str, Any]) -> dict[str, Any]:
    record = bytearray.fromhex(expected["files"]["2"])
    record[0x11] ^= 1
    return {**expected, "files": {**expected["files"], "2": record.hex()}}
