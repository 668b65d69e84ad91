"""The DESFire card in software: it answers as recorded cards did, and keeps what it must and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cardio.desfire import published as seen
from tests.cardio.desfire.cards import (
    AID,
    RECORDS_KEPT,
    UID,
    a_card,
    a_file,
    again,
    as_stored,
    log_in,
    office,
    refused,
    stored,
    with_files,
)
from tests.cardio.desfire.published import Exchange, steps
from tests.cardio.desfire.recorded import Dice, answer, wrapped
from tests.cardio.desfire.test_messaging import (
    AN12196_B,
    AN12196_STEPS,
    AN12343_B,
    AN12343_STEPS,
    hexed,
)
from vending_app.cardio.apdu import NoAnswer
from vending_app.cardio.desfire.card import Desfire
from vending_app.cardio.desfire.commands import (
    FREE,
    NEVER,
    PICC,
    Comm,
    FileKind,
    FilePlan,
    Generation,
    Ins,
    Rights,
)
from vending_app.cardio.desfire.keys import CardKey, factory_application_key, factory_picc_key
from vending_app.cardio.desfire.status import Status
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.desfire.session import Ev2CardChannel, Received
from vending_app.cardio.emulated.desfire.state import Application, CardState, FileDesfire, MemoryDesfire
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.kinds import counting
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError

ANY_GENERATION = pytest.mark.parametrize("generation", list(Generation))
ANY_COMM = pytest.mark.parametrize("comm", list(Comm))
TRACE_AID = bytes.fromhex("16AE00")
FIRST, SECOND = bytes(range(32)), bytes(range(100, 132))


# --- as recorded cards answered ---------------------------------------------------------------------------------------


def play(card: EmulatedDesfire, exchanges: Iterable[Exchange]) -> None:
    for exchange in exchanges:
        assert card.exchange(wrapped(exchange.sent)) == answer(exchange.answered), exchange.sent.hex()


def test_a_card_of_ev1_answers_the_published_dialogue_byte_for_byte() -> None:
    shakes = (seen.AES_FACTORY, seen.AES_FIRST, seen.AES_SECOND, seen.AES_AGAIN, seen.AES_OTHER_NUMBER)
    state = CardState.factory(seen.CARD_UID, Generation.EV1)
    state.applications[TRACE_AID] = Application(0x0F, [factory_application_key(), factory_application_key()])
    card = EmulatedDesfire(MemoryDesfire(state), entropy=Dice(*(shake.b for shake in shakes)))
    play(card, [Exchange(b"\x5a" + TRACE_AID, b"\x00")])
    play(card, [*steps(seen.AES_FACTORY, 0xAA, 0), seen.CHANGE_IN_FACTORY])
    play(card, [*steps(seen.AES_FIRST, 0xAA, 0), seen.CHANGE_IN_FIRST])
    play(card, [*steps(seen.AES_SECOND, 0xAA, 0), seen.VERSION_IN_SECOND, seen.CHANGE_IN_SECOND])
    play(card, [*steps(seen.AES_AGAIN, 0xAA, 0), seen.CHANGE_OF_ANOTHER, seen.CHANGE_OF_ANOTHER_AGAIN])
    play(card, [*steps(seen.AES_OTHER_NUMBER, 0xAA, 1), *seen.FILE_WORK])


def test_a_new_card_answers_the_published_dialogue_with_its_des_key() -> None:
    state = CardState.factory(seen.CARD_UID, Generation.EV1)
    card = EmulatedDesfire(MemoryDesfire(state), entropy=Dice(seen.DES_PICC.b))
    play(card, [Exchange(bytes.fromhex("6400"), bytes.fromhex("0000"))])
    play(card, [*steps(seen.DES_PICC, 0x1A, 0), *seen.DES_VERSION, seen.DES_FORMAT])


@pytest.mark.parametrize(
    ("exchanges", "b", "ti"), [(AN12343_STEPS, AN12343_B, "8CF141F3"), (AN12196_STEPS, AN12196_B, "9D00C4DF")]
)
def test_a_card_of_ev2_begins_the_published_transactions(exchanges: tuple[Exchange, ...], b: bytes, ti: str) -> None:
    state = CardState.factory(UID, Generation.EV2)
    state.applications[TRACE_AID] = Application(0x0F, [factory_application_key()])
    card = EmulatedDesfire(MemoryDesfire(state), entropy=Dice(b, hexed(ti)))
    play(card, [Exchange(b"\x5a" + TRACE_AID, b"\x00"), *exchanges])


def test_the_card_believes_the_published_commands_and_seals_the_published_answers() -> None:
    channel = Ev2CardChannel(CardKey(bytes(16)), CardKey(hexed("9366FA195EB566F5BD2BAD4020B83002")), hexed("E2D3AF69"))
    data = b"\x22" * 25
    write = Received(0x8D, hexed("00000000190000"), data + hexed("68F2C28C575A1628"), Comm.MAC, 25)
    assert channel.open(write) == data
    assert channel.seal(b"", Comm.MAC) == hexed("0820F68898C2A7F1")
    assert channel.open(Received(0xAD, hexed("00000000300000"), hexed("0D9BE191D5960834"), Comm.MAC)) == b""
    assert channel.seal(data + bytes(23), Comm.MAC) == data + bytes(23) + hexed("A49A44222D926666")


def test_the_card_deciphers_the_published_full_commands() -> None:
    enc, mac = CardKey(hexed("1309C877509E5A215007FF0ED19CA564")), CardKey(hexed("4C6626F5E72EA694202139295C7A7FC7"))
    channel = Ev2CardChannel(enc, mac, hexed("9D00C4DF"), counter=1)
    rest = hexed("61B6D97903566E84C3AE5274467E89EAD799B7C1A0EF7A04")
    plain = hexed("4000E0C1F121200000430000430000")
    assert channel.open(Received(0x5F, b"\x02", rest, Comm.FULL, len(plain))) == plain
    assert channel.seal(b"", Comm.MAC) == hexed("57BFF87B1241E93D")
    enc, mac = CardKey(hexed("4CF3CB41A22583A61E89B158D252FC53")), CardKey(hexed("5529860B2FC5FB6154B7F28361D30BF9"))
    channel = Ev2CardChannel(enc, mac, hexed("7614281A"), counter=2)
    rest = hexed("2CF362B7BF4311FF3BE1DAA295E8C68DE09050560D19B9E16C2393AE9CD1FAC75D0CE20BCD1D06E6")
    new = hexed("F3847D627727ED3BC9C4CC050489B966") + b"\x01" + hexed("789DFADC")
    assert channel.open(Received(0xC4, b"\x02", rest, Comm.FULL, 17, 4)) == new


# --- the card itself --------------------------------------------------------------------------------------------------


@ANY_GENERATION
def test_a_card_tells_its_generation_and_its_uid(generation: Generation) -> None:
    desk = office(a_card(generation))
    assert (desk.version().generation, desk.version().uid) == (generation, UID)
    desk.authenticate(0, factory_picc_key())
    assert desk.version().generation is generation
    assert desk.uid() == UID


def test_the_reader_tells_the_uid_by_itself() -> None:
    assert a_card().exchange(bytes.fromhex("FFCA000000")) == UID + b"\x90\x00"
    assert a_card().exchange(bytes.fromhex("FFCA010000")) == b"\x6d\x00"
    assert a_card().exchange(bytes.fromhex("00A4000C023F00")) == b"\x6e\x00"


@ANY_GENERATION
def test_the_factory_key_of_a_card_becomes_an_aes_key(generation: Generation) -> None:
    card = a_card(generation)
    desk = office(card)
    desk.authenticate(0, factory_picc_key())
    desk.change_picc_key(CardKey(FIRST[:16], version=3))
    assert not desk.is_authenticated
    assert desk.key_version(0) == 3
    with refused(Status.AUTHENTICATION):
        desk.authenticate(0, factory_picc_key())
    with refused(Status.AUTHENTICATION):
        desk.authenticate(0, CardKey(SECOND[:16]))
    desk.authenticate(0, CardKey(FIRST[:16]))
    desk.change_picc_key(CardKey(SECOND[:16], version=4))
    desk.authenticate(0, CardKey(SECOND[:16]))
    assert desk.key_version(0) == 4


@ANY_GENERATION
def test_another_key_is_changed_with_the_master_key_and_proved_by_its_crc(generation: Generation) -> None:
    card = a_card(generation)
    desk = with_files(card)
    wrong, right = CardKey(SECOND[:16], version=9), CardKey(FIRST[:16], version=9)
    with refused(Status.INTEGRITY):
        desk.change_key(1, right, old=wrong)
    log_in(desk, 0)
    desk.change_key(1, right, old=factory_application_key())
    assert desk.is_authenticated
    assert desk.key_version(1) == 9
    log_in(desk, 1, right)
    with refused(Status.PERMISSION):
        desk.change_key(2, right, old=factory_application_key())


def test_an_ev1_card_does_not_know_ev2() -> None:
    card = a_card(Generation.EV1)
    with_files(card)
    assert card.exchange(wrapped(b"\x71\x00\x00")) == b"\x91\x1c"
    assert card.exchange(wrapped(b"\x77\x00")) == b"\x91\x1c"


def test_an_ev2_card_takes_another_key_within_its_transaction() -> None:
    card, plan = a_card(), a_file(FileKind.BACKUP)
    desk = with_files(card, plan)
    log_in(desk, 2)
    desk.run(plan.write(FIRST))
    desk.authenticate_next(1, factory_application_key())
    assert desk.run(plan.read()) == bytes(32)
    desk.commit()
    assert desk.run(plan.read()) == FIRST


def test_another_key_within_a_transaction_needs_a_transaction() -> None:
    card = a_card()
    with_files(card).select(AID)
    assert card.exchange(wrapped(b"\x77\x00")) == b"\x91\xae"


def test_no_key_is_guessed_and_no_session_is_spoken_from_outside() -> None:
    card, plan = a_card(), a_file(FileKind.STANDARD)
    desk = with_files(card, plan)
    with refused(Status.AUTHENTICATION):
        desk.authenticate(0, CardKey(FIRST[:16]))
    with refused(Status.AUTHENTICATION):
        desk.run(plan.read())
    log_in(desk, 1)
    assert card.exchange(wrapped(b"\xbd" + plan.read().header))[-2:] == b"\x91\x1e"
    with refused(Status.AUTHENTICATION):
        desk.run(plan.read())
    with refused(Status.NO_SUCH_KEY):
        log_in(desk, 3)


@ANY_GENERATION
def test_an_application_is_made_once_and_deleted_by_the_master_of_the_card(generation: Generation) -> None:
    card = a_card(generation)
    desk = with_files(card)
    desk.select(PICC)
    with refused(Status.DUPLICATE):
        desk.create_application(AID, settings=0x0F, keys=1)
    with refused(Status.AUTHENTICATION):
        desk.delete_application(AID)
    desk.authenticate(0, factory_picc_key())
    desk.delete_application(AID)
    with refused(Status.NO_APPLICATION):
        desk.select(AID)
    with_files(card)
    desk.select(PICC)
    desk.authenticate(0, factory_picc_key())
    desk.format()
    with refused(Status.NO_APPLICATION):
        desk.select(AID)


def test_settings_of_an_application_keep_its_files_to_its_master() -> None:
    desk = office(a_card())
    desk.create_application(AID, settings=0x09, keys=2)
    desk.select(AID)
    with refused(Status.AUTHENTICATION):
        desk.create(a_file(FileKind.BACKUP))
    with refused(Status.AUTHENTICATION):
        desk.files()
    log_in(desk, 0)
    desk.create(a_file(FileKind.BACKUP))
    assert desk.files() == {2}
    with refused(Status.DUPLICATE):
        desk.create(a_file(FileKind.BACKUP))


# --- files ------------------------------------------------------------------------------------------------------------


@ANY_GENERATION
@ANY_COMM
@pytest.mark.parametrize("kind", list(FileKind))
def test_what_is_written_and_committed_is_read_in_every_mode(
    generation: Generation, comm: Comm, kind: FileKind
) -> None:
    card, plan = a_card(generation), a_file(kind, comm)
    desk = with_files(card, plan)
    log_in(desk, 2)
    if kind is FileKind.CYCLIC:
        desk.run(plan.append(FIRST[:16]))
        desk.commit()
        log_in(desk, 1)
        assert desk.run(plan.read_records(1)) == FIRST[:16]
        return
    desk.run(plan.write(FIRST))
    if kind is FileKind.BACKUP:
        desk.commit()
    log_in(desk, 1)
    assert desk.run(plan.read()) == FIRST


def test_a_command_and_an_answer_longer_than_a_frame_go_in_several() -> None:
    plan = FilePlan(2, FileKind.BACKUP, Comm.FULL, Rights(1, 2, 0, 0), 200)
    card = a_card()
    desk = with_files(card, plan)
    log_in(desk, 2)
    card.reset_counters()
    desk.run(plan.write(bytes(range(200))))
    assert card.apdus == -(-(7 + 208 + 8) // 55)
    desk.commit()
    log_in(desk, 1)
    card.reset_counters()
    assert desk.run(plan.read()) == bytes(range(200))
    assert card.apdus == -(-(208 + 8) // 59)


@ANY_GENERATION
def test_what_is_staged_is_nowhere_to_be_read_before_its_commit(generation: Generation) -> None:
    card, plan = a_card(generation), a_file(FileKind.BACKUP, rights=Rights(NEVER, NEVER, 1, 0))
    desk = with_files(card, plan)
    log_in(desk, 1)
    desk.run(plan.write(FIRST))
    assert desk.run(plan.read()) == bytes(32)
    assert as_stored(card, plan) == bytes(32)
    desk.commit()
    assert desk.run(plan.read()) == FIRST
    desk.run(plan.write(SECOND))
    desk.abort()
    assert desk.run(plan.read()) == FIRST


def test_one_commit_takes_all_files_or_none() -> None:
    card = a_card()
    plan, history = a_file(FileKind.BACKUP), a_file(FileKind.CYCLIC)
    desk = with_files(card, plan, history)
    log_in(desk, 2)
    desk.run(plan.write(FIRST))
    desk.run(history.append(FIRST[:16]))
    assert (as_stored(card, plan), as_stored(card, history)) == (bytes(32), b"")
    desk.commit()
    assert (as_stored(card, plan), as_stored(card, history)) == (FIRST, FIRST[:16])
    with refused(Status.NO_CHANGES):
        desk.commit()


def a_select(desk: Desfire, card: EmulatedDesfire) -> None:
    desk.select(AID)


def a_refusal(desk: Desfire, card: EmulatedDesfire) -> None:
    with refused(Status.NO_FILE):
        desk.run(FilePlan(9, FileKind.BACKUP, Comm.PLAIN, Rights(0, 0, 0, 0), 1).read())


def a_loss_of_power(desk: Desfire, card: EmulatedDesfire) -> None:
    card.power_off()
    desk.select(AID)


@pytest.mark.parametrize("ends", [a_select, a_refusal, a_loss_of_power])
def test_what_is_staged_is_lost_with_the_session(ends: Callable[[Desfire, EmulatedDesfire], None]) -> None:
    card, plan = a_card(), a_file(FileKind.BACKUP)
    desk = with_files(card, plan)
    log_in(desk, 2)
    desk.run(plan.write(FIRST))
    ends(desk, card)
    desk.authenticate(2, factory_application_key())
    with refused(Status.NO_CHANGES):
        desk.commit()
    assert as_stored(card, plan) == bytes(32)


def test_a_cyclic_file_keeps_one_record_less_than_it_was_made_for() -> None:
    card, plan = a_card(), a_file(FileKind.CYCLIC, rights=Rights(NEVER, NEVER, 1, 0))
    desk = with_files(card, plan)
    log_in(desk, 1)
    with refused(Status.BOUNDARY):
        desk.run(plan.read_records(1))
    log_in(desk, 1)
    records = [bytes([at]) * 16 for at in range(RECORDS_KEPT + 2)]
    for record in records:
        desk.run(plan.append(record))
        desk.commit()
    assert desk.run(plan.read_records(RECORDS_KEPT)) == b"".join(records[-RECORDS_KEPT:])
    with refused(Status.BOUNDARY):
        desk.run(plan.read_records(RECORDS_KEPT + 1))


def test_rights_are_asked_for_every_file() -> None:
    free = FilePlan(4, FileKind.STANDARD, Comm.FULL, Rights(FREE, 2, NEVER, 0), 32)
    card, plan = a_card(), a_file(FileKind.STANDARD)
    desk = with_files(card, plan, free)
    log_in(desk, 1)
    with refused(Status.PERMISSION):
        desk.run(plan.write(FIRST))
    log_in(desk, 2)
    with refused(Status.PERMISSION):
        desk.run(plan.read())
    log_in(desk, 2)
    desk.run(free.write(FIRST))
    desk.select(AID)
    assert desk.run(free.read(is_free=True)) == FIRST
    with refused(Status.AUTHENTICATION):
        desk.run(free.write(SECOND))
    log_in(desk, 1)
    assert desk.run(free.read(is_free=True)) == FIRST


def test_nothing_is_written_past_the_end_of_a_file() -> None:
    card, plan = a_card(), a_file(FileKind.BACKUP)
    desk = with_files(card, plan)
    log_in(desk, 2)
    with refused(Status.BOUNDARY):
        desk.run(plan.write(FIRST, 1))
    assert as_stored(card, plan) == bytes(32)


# --- broken ----------------------------------------------------------------------------------------------------------


def written(card: EmulatedDesfire, plan: FilePlan) -> Desfire:
    """FIRST is committed, SECOND about to be written."""
    desk = with_files(card, plan)
    log_in(desk, 2)
    desk.run(plan.write(FIRST))
    if plan.kind is FileKind.BACKUP:
        desk.commit()
    return desk


@pytest.mark.parametrize("residue", list(Residue))
@pytest.mark.parametrize("at", range(1, 33))
def test_a_tear_while_staging_leaves_what_was_committed(at: int, residue: Residue) -> None:
    card, plan = a_card(), a_file(FileKind.BACKUP)
    desk = written(card, plan)
    card.arm(Fault(FaultKind.TEAR, at, residue))
    with pytest.raises(NoAnswer):
        desk.run(plan.write(SECOND))
    assert card.is_out
    assert as_stored(card, plan) == FIRST


@pytest.mark.parametrize(("residue", "left"), [(Residue.OLD, FIRST), (Residue.ERASED, SECOND), (Residue.MIXED, FIRST)])
def test_a_tear_in_a_commit_leaves_all_of_it_or_nothing(residue: Residue, left: bytes) -> None:
    card, plan = a_card(), a_file(FileKind.BACKUP)
    desk = written(card, plan)
    desk.run(plan.write(SECOND))
    card.arm(Fault(FaultKind.TEAR, 1, residue))
    with pytest.raises(NoAnswer):
        desk.commit()
    assert as_stored(card, plan) == left


def test_a_lost_answer_to_a_commit_is_found_by_reading_again() -> None:
    card, plan = a_card(), a_file(FileKind.BACKUP)
    desk = written(card, plan)
    desk.run(plan.write(SECOND))
    card.arm(Fault(FaultKind.ANSWER_LOST, 1))
    with pytest.raises(NoAnswer):
        desk.commit()
    card.put_back()
    log_in(desk, 1)
    assert desk.run(plan.read()) == SECOND


@pytest.mark.parametrize(
    ("residue", "left"),
    [(Residue.OLD, FIRST[2]), (Residue.ERASED, 0xFF), (Residue.MIXED, FIRST[2] & SECOND[2])],
)
def test_a_tear_in_a_standard_file_leaves_it_torn(residue: Residue, left: int) -> None:
    card, plan = a_card(), a_file(FileKind.STANDARD)
    desk = written(card, plan)
    card.arm(Fault(FaultKind.TEAR, 3, residue))
    with pytest.raises(NoAnswer):
        desk.run(plan.write(SECOND))
    assert as_stored(card, plan) == SECOND[:2] + bytes([left]) + FIRST[3:]


def _change(desk: Desfire, new: CardKey) -> None:
    desk.authenticate(0, factory_picc_key())
    desk.change_picc_key(new)
    desk.key_version(0)


@pytest.mark.parametrize("kind", [FaultKind.PULL_BEFORE, FaultKind.ANSWER_LOST])
@pytest.mark.parametrize("at", range(1, 5))
def test_a_key_change_broken_anywhere_leaves_the_old_key_or_the_new_one(at: int, kind: FaultKind) -> None:
    card, new = a_card(), CardKey(FIRST[:16], version=1)
    desk = office(card)
    card.arm(Fault(kind, at))
    with pytest.raises(NoAnswer):
        _change(desk, new)
    card.put_back()
    changed = desk.key_version(0) == 1
    assert changed == (at == 4 or (at == 3 and kind is FaultKind.ANSWER_LOST))
    desk.authenticate(0, new if changed else factory_picc_key())


def test_a_card_lives_on_in_its_file_and_its_staged_data_do_not(tmp_path: Path) -> None:
    path, plan = tmp_path / "card.json", a_file(FileKind.BACKUP)
    card = EmulatedDesfire(FileDesfire.factory(path, UID, Generation.EV3), entropy=counting())
    desk = written(card, plan)
    desk.run(plan.write(SECOND))
    assert stored(FileDesfire(path).load(), plan) == FIRST
    desk.commit()
    assert stored(FileDesfire(path).load(), plan) == SECOND
    assert FileDesfire(path).load().generation is Generation.EV3
    assert [entry.name for entry in tmp_path.iterdir()] == ["card.json"]


def test_what_a_card_remembers_survives_its_file() -> None:
    card = a_card()
    desk = with_files(card, a_file(FileKind.BACKUP), a_file(FileKind.CYCLIC))
    desk.change_key(2, CardKey(FIRST[:16], version=5), old=factory_application_key())
    assert again(card).state.to_bytes() == card.state.to_bytes()
    log_in(office(again(card)), 2, CardKey(FIRST[:16]))


@given(st.binary(max_size=200))
@settings(max_examples=300)
def test_any_bytes_for_a_file_are_a_card_or_refused(content: bytes) -> None:
    with pytest.raises(OperatorError) as damaged:
        CardState.parse(content)
    assert damaged.value.code is Code.IMAGE_DAMAGED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
@settings(max_examples=300)
def test_a_file_with_something_else_in_one_place_is_a_card_or_refused(data: st.DataObject) -> None:
    card = a_card()
    written(card, a_file(FileKind.BACKUP))
    whole = json.loads(card.state.to_bytes())
    place = data.draw(st.sampled_from(list(_places(whole))))
    inner = whole
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = data.draw(JSON)
    try:
        found = CardState.parse(json.dumps(whole).encode())
    except OperatorError as damaged:
        assert damaged.code is Code.IMAGE_DAMAGED
    else:
        assert CardState.parse(found.to_bytes()).to_bytes() == found.to_bytes()


def _places(whole: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to everything in it."""
    steps_in = whole.keys() if isinstance(whole, dict) else range(len(whole)) if isinstance(whole, list) else ()
    for step in steps_in:
        yield (*before, step)
        yield from _places(whole[step], (*before, step))


def test_a_card_without_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as missing:
        FileDesfire(tmp_path / "none.json")
    assert missing.value.code is Code.FILE_UNREADABLE


@given(st.lists(st.binary(max_size=70), max_size=6))
@settings(max_examples=400)
def test_any_commands_are_answered_with_a_status(commands: list[bytes]) -> None:
    card = a_card()
    written(card, a_file(FileKind.BACKUP))
    for command in commands:
        for apdu in (command, wrapped(command or b"\x00")):
            assert len(card.exchange(apdu)) >= 2


@given(
    st.lists(st.tuples(st.sampled_from(list(Ins)), st.binary(max_size=60)), max_size=8),
    st.sampled_from(list(Generation)),
)
@settings(max_examples=400)
def test_any_commands_of_its_own_are_answered_in_a_session(
    commands: list[tuple[Ins, bytes]], generation: Generation
) -> None:
    card = a_card(generation)
    with_files(card, a_file(FileKind.BACKUP), a_file(FileKind.STANDARD), a_file(FileKind.CYCLIC))
    for ins, data in commands:
        assert card.exchange(wrapped(bytes([ins]) + data))[-2:-1] == b"\x91"
