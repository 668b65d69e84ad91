"""Cards in software by name: kept in files, told apart, broken as a plan says, and read by the same meter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cardio.builders import A_WRITE_BACK, CARD, Counter, a_codec, a_vault, a_write, an_issue
from vending_app.cardio.builtin import BUILT_IN, BuiltInReaders
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.kinds import KINDS, Hooks, card_in
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.domain.errors import Code, OperatorError


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_is_issued_sold_to_and_written_back_and_its_file_is_known_again(tmp_path: Path, name: str) -> None:
    path, counter = tmp_path / "card.bin", Counter()
    KINDS[name].make_blank(path)
    for write in (an_issue(), a_write(2), a_write(3)):
        counter.carry_out(KINDS[name].open(path, Hooks()), write)
    record = a_codec().encode_write_back(A_WRITE_BACK, card=CARD)
    assert EmulatedMeterSlot(card_in(path), vault=a_vault()).write_back(record, card=CARD, key_version=1)
    image = a_codec().decode(card_in(path).image)
    assert image.order is not None
    assert (image.order.sequence, image.write_back) == (3, A_WRITE_BACK)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_hooks_are_told_of_every_command_and_everything_programmed(tmp_path: Path, name: str) -> None:
    path, told = tmp_path / "card.bin", ([], [], [])  # type: ignore[var-annotated]
    KINDS[name].make_blank(path)
    card = KINDS[name].open(path, Hooks(*(heard.append for heard in told)))
    Counter().carry_out(card, an_issue())
    apdus, programmed, waited = told
    assert apdus == list(range(1, card.apdus + 1))
    assert programmed == list(range(1, card.all_bytes_programmed + 1))
    assert sum(waited) == card.busy_us > 0


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_built_in_reader_tells_the_answer_to_reset_of_the_card_in_it(tmp_path: Path, name: str) -> None:
    path, readers = tmp_path / "card.bin", BuiltInReaders()
    KINDS[name].make_blank(path)
    card = KINDS[name].open(path, Hooks())
    readers.insert(card)
    with readers.connect(BUILT_IN) as link:
        assert link.atr == card.atr != b""


@pytest.mark.parametrize("size", [1024, 2048])
def test_a_desfire_card_is_known_by_its_file_whatever_its_size(tmp_path: Path, size: int) -> None:
    path = tmp_path / "card.bin"
    KINDS["desfire-ev2"].make_blank(path)
    path.write_bytes(path.read_bytes().ljust(size))
    assert isinstance(card_in(path), EmulatedDesfire)


@pytest.mark.parametrize("size", [0, 255, 1023, 4096])
def test_a_file_of_another_size_is_no_card(tmp_path: Path, size: int) -> None:
    path = tmp_path / "card.bin"
    path.write_bytes(bytes(size))
    with pytest.raises(OperatorError) as caught:
        card_in(path)
    assert caught.value.code is Code.IMAGE_DAMAGED


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("pull-unchecked", Fault(FaultKind.PULL_UNCHECKED)),
        ("answer-lost:3", Fault(FaultKind.ANSWER_LOST, 3)),
        ("tear:14:mixed", Fault(FaultKind.TEAR, 14, Residue.MIXED)),
        ("flip-data:2:130", Fault(FaultKind.FLIP_DATA, 2, bit=130)),
        ("flip-status:3", Fault(FaultKind.FLIP_STATUS, 3)),
    ],
)
def test_a_fault_is_read_from_words(text: str, fault: Fault) -> None:
    assert Fault.parse(text) == fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tear:",
        "tear:0",
        "tear:-1",
        "tear:٣",
        "tear:1:soft",
        "burn",
        "tear:1:old:x",
        ":",
        "flip-data:1:old",
        "tear:1:3",
        "flip-data:1:",
    ],
)
def test_other_words_are_no_fault(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Fault.parse(text)
