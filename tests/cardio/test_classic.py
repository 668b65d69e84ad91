"""The MIFARE Classic 1K: where the image stands, how sectors are closed, two families of readers, and every tear."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cardio.builders import (
    A_WRITE_BACK,
    CARD,
    MASTER,
    UTILITY,
    Counter,
    a_codec,
    a_vault,
    a_write,
    an_issue,
    every_fault,
)
from tests.cardio.test_tool_cards import MANDATE, RECORD, a_tool_write
from tests.independent_card_check import check, cmac
from vending_app.cardio.apdu import Answer, Apdu
from vending_app.cardio.classic import ACS_KEYS, IDENTIV_KEYS, Classic, KeyKind, data_block, key_dialects_for
from vending_app.cardio.classic_chip import TRANSPORT_KEYS, ClassicChip
from vending_app.cardio.classic_layout import (
    ACCESS,
    BLOCK,
    BLOCK_OF,
    SECTORS,
    TRANSPORT_ACCESS,
    condition,
    sectors_of,
    trailer_of,
)
from vending_app.cardio.emulated.block_store import MemoryBlocks
from vending_app.cardio.emulated.classic import EmulatedClassic, blank_file, factory
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.kinds import KINDS, Hooks
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.totals1_layout import SLOT_A, SLOT_B
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardKind, ImageState, RecordState
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown
from vending_app.domain.ids import ReaderName

DOCUMENT = (Path(__file__).parents[2] / "docs" / "card-format.md").read_text(encoding="utf-8")
TRANSPORT = b"\xff" * 6
OTHER_UID = bytes.fromhex("04112233")


@pytest.fixture
def counter() -> Counter:
    return Counter()


def state_of(card: EmulatedClassic) -> bytes:
    return b"".join(card.chip.block(number) for number in range(64))


def twin(card: EmulatedClassic) -> EmulatedClassic:
    return EmulatedClassic(MemoryBlocks(state_of(card)))


def issued(counter: Counter, *sequences: int, dialect: str = "acs") -> EmulatedClassic:
    card = EmulatedClassic.blank(dialect=dialect)
    counter.carry_out(card, an_issue())
    for sequence in sequences:
        counter.carry_out(card, a_write(sequence))
    card.reset_counters()
    return card


# --- layout --------------------------------------------------------------------------------------------------------


def test_the_two_slots_share_no_sector_and_no_data_lies_in_a_trailer_or_in_sector_0() -> None:
    assert not set(sectors_of(SLOT_A)) & set(sectors_of(SLOT_B))
    assert sorted(BLOCK_OF) == list(range(0x20, 0x100, 0x10))
    assert all(block % 4 != 3 and block >= 4 for block in BLOCK_OF.values())
    assert len(set(BLOCK_OF.values())) == len(BLOCK_OF)


@pytest.mark.parametrize(
    ("access", "data", "trailer"),
    [("FF078069", 0b000, 0b001), ("78778800", 0b100, 0b011), ("7F078800", 0b000, 0b011), ("08778F00", 0b110, 0b011)],
)
def test_access_bits_are_read_as_the_data_sheet_has_them(access: str, data: int, trailer: int) -> None:
    """MF1S50YYX: transport configuration FF 07 80; the others are configurations that published calculators give."""
    raw = bytes.fromhex(access)
    assert [condition(raw, at) for at in range(4)] == [data, data, data, trailer]


@pytest.mark.parametrize("bit", range(24))
def test_one_turned_access_bit_contradicts_its_complement(bit: int) -> None:
    turned = (int.from_bytes(ACCESS[:3], "big") ^ 1 << bit).to_bytes(3, "big") + ACCESS[3:]
    assert condition(turned, 0) is None


@pytest.mark.parametrize("address", [0x00, 0x10, 0x21, 0x100])
def test_no_address_reaches_the_makers_block_or_the_middle_of_a_block(address: int) -> None:
    with pytest.raises(OperatorError) as caught:
        data_block(address, bytes(BLOCK))
    assert caught.value.code is Code.CARD_ADDRESS_REFUSED


def test_a_dump_is_read_with_the_document_alone(counter: Counter) -> None:
    """The map as printed, and the independent check of Totals 1."""
    card = issued(counter, 2, 3)
    record = a_codec().encode_write_back(A_WRITE_BACK, card=CARD)
    assert EmulatedMeterSlot(card, vault=a_vault()).write_back(record, card=CARD, key_version=1)
    dump, image = state_of(card), bytearray(256)
    rows = re.findall(r"^\| \d \| (\d+) \| 0x(..)–0x(..) \|", DOCUMENT, re.MULTILINE)
    assert len(rows) == 14
    for block, first, last in rows:
        image[int(first, 16) : int(last, 16) + 1] = dump[int(block) * 16 : int(block) * 16 + 16]
    found = check(bytes(image), MASTER, UTILITY)
    assert found["is_ours"]
    assert [found["orders"][slot]["sequence"] for slot in "AB"] == [3, 2]  # type: ignore[index]
    assert found["write_back"]["remaining"] == 12688  # type: ignore[index]
    uid = dump[:4]
    own = cmac(cmac(MASTER, b"\0\0\0\x01VEND-MFC\0\x01\0\0\0\x80"), uid)
    assert all(dump[16 * block : 16 * block + 6] == own[:6] for block in (7, 11, 15, 19, 23))
    assert all(dump[16 * block + 10 : 16 * block + 16] == own[6:12] for block in (7, 11, 15, 19, 23))


# --- keys ----------------------------------------------------------------------------------------------------------


def test_an_issued_card_opens_with_its_own_keys_in_every_sector_and_not_with_the_transport_key(
    counter: Counter,
) -> None:
    card = issued(counter)
    own = a_vault().classic_keys(uid=card.chip.uid, key_version=1)
    for sector in SECTORS:
        whole = card.chip.block(trailer_of(sector))
        assert whole == own[:6] + bytes.fromhex("78778800") + own[6:]
    assert card.chip.block(3) == TRANSPORT + TRANSPORT_ACCESS + TRANSPORT, "sector 0 is left alone"
    assert card.chip.block(27) == TRANSPORT + TRANSPORT_ACCESS + TRANSPORT


def test_two_cards_have_other_keys_and_key_a_writes_nothing(counter: Counter) -> None:
    vault = a_vault()
    one, other = (bytes(vault.classic_keys(uid=uid, key_version=1)) for uid in (b"\x04\xa1\xb2\xc3", OTHER_UID))
    assert len({one[:6], one[6:], other[:6], other[6:]}) == 4
    chip = issued(counter).chip
    assert chip.authenticate(4, KeyKind.A, one[:6])
    assert not chip.write(4, bytes(16))
    assert not chip.write(7, bytes(16))
    assert chip.read(7) == bytes(6) + ACCESS + bytes(6), "no key is ever read"


def test_a_card_of_an_older_key_version_is_read_and_sold_to(counter: Counter) -> None:
    card = issued(counter)
    later = Counter()
    later.vault = SealedVault({1: bytearray(MASTER), 2: bytearray(b"2" * 16)})
    later.desk._vault = later.vault
    later.carry_out(card, a_write(2))
    order = a_codec().decode(card.image).order
    assert order is not None
    assert order.sequence == 2


def test_a_card_with_strange_keys_is_unreadable_and_is_not_written(counter: Counter) -> None:
    card = issued(counter)
    other = Counter()
    other.desk._vault = SealedVault({1: bytearray(b"z" * 16)})
    with other.session(card) as session:
        assert session.read().state is ImageState.UNREADABLE
    assert card.all_bytes_programmed == 0


def test_a_card_whose_key_b_is_strange_is_refused_before_anything_is_reserved(counter: Counter) -> None:
    card = issued(counter)
    whole = card.chip.block(15)
    card.chip.program(15, whole[:-6] + b"strang")
    card.reset_counters()
    with counter.session(card) as session:
        session.read()
        with pytest.raises(OperatorError) as caught:
            session.unlock(a_write(2))
    assert caught.value.code is Code.CARD_KEYS_WRONG
    assert card.all_bytes_programmed == 0


# --- the same life as on any card ----------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["acs", "identiv"])
def test_a_blank_card_becomes_a_customers_card_and_takes_sales(counter: Counter, dialect: str) -> None:
    card = issued(counter, 2, 3, 4, dialect=dialect)
    image = a_codec().decode(card.image)
    assert [slot.order.sequence for slot in image.slots if slot.order] == [3, 4]
    with counter.session(card) as session:
        assert session.read().tries is None
        assert (session.chip, session.dialect) == ("MIFARE Classic 1K", dialect)


def test_a_sale_writes_its_slot_and_nothing_else(counter: Counter) -> None:
    card = issued(counter, 2)
    before = state_of(card)
    counter.carry_out(card, a_write(3))
    after = state_of(card)
    changed = {at // 16 for at in range(1024) if before[at] != after[at]}
    assert changed <= {BLOCK_OF[address] for address in range(0x30, 0x70, 16)}


def test_a_sale_costs_no_block_more_than_it_must(counter: Counter) -> None:
    """Of a used slot the first block twice, of the others those that differ."""
    card = issued(counter, 2)
    before = card.image
    counter.carry_out(card, a_write(3))
    others = [at for at in range(0x40, 0x70, 16) if before[at : at + 16] != card.image[at : at + 16]]
    assert card.all_bytes_programmed == 2 + len(others)
    card.reset_counters()
    counter.carry_out(card, a_write(3))
    assert card.all_bytes_programmed == 0, "what is there already is not written again"


def test_a_sale_torn_anywhere_keeps_the_order_before_and_is_finished_on_return(counter: Counter) -> None:
    start, write = issued(counter, 2, 3), a_write(4)
    before = counter.codec.decode(start.image)
    apdus, programmed = counter.cost(twin(start), write)
    done = twin(start)
    counter.carry_out(done, write)
    wanted = counter.codec.decode(done.image)
    for fault in every_fault(apdus=apdus, programmed=programmed):
        card = twin(start)
        error = counter.broken(card, write, fault)
        torn = counter.codec.decode(card.image)
        assert isinstance(error, OutcomeUnknown | OperatorError), fault
        assert torn.order in (before.order, wanted.order), fault
        if isinstance(error, OperatorError):
            assert error.code is Code.CARD_REMOVED, fault
            assert card.image == start.image, fault
        card.arm(None)
        counter.carry_out(card, write)
        assert counter.codec.decode(card.image) == wanted, fault


def test_an_issue_torn_anywhere_is_finished_on_return_unless_a_trailer_was_torn_in_the_middle(counter: Counter) -> None:
    write, start = an_issue(), EmulatedClassic.blank()
    apdus, programmed = counter.cost(twin(start), write)
    refused = []
    for fault in every_fault(apdus=apdus, programmed=programmed):
        card = twin(start)
        assert counter.broken(card, write, fault) is not None, fault
        if counter.broken(card, write) is not None:
            refused.append(fault)
            continue
        assert card.opens(a_vault(), card=CARD, key_version=1), fault
        assert counter.codec.decode(card.image).order is not None, fault
        assert card.chip.read(3) is None
    trailers = range(programmed - len(SECTORS), programmed)
    assert {fault.at for fault in refused} == set(trailers), "trailers are written last but for the marker"
    assert all(fault.kind is FaultKind.TEAR and fault.residue is not Residue.OLD for fault in refused)


def test_an_issue_is_written_on_no_used_card(counter: Counter) -> None:
    card = issued(counter)
    with counter.session(card) as session:
        session.read()
        with pytest.raises(OperatorError) as caught:
            session.unlock(an_issue(sequence=9))
    assert caught.value.code is Code.CARD_NOT_BLANK


def test_a_trailer_that_was_not_taken_leaves_the_issue_unfinished(counter: Counter) -> None:
    class Lies(EmulatedClassic):
        """Says 90 00 to a trailer and stores nothing."""

        def exchange(self, apdu: bytes) -> bytes:
            return b"\x90\x00" if apdu[1] == 0xD6 and apdu[3] % 4 == 3 else super().exchange(apdu)

    card = Lies(MemoryBlocks(factory()))
    assert isinstance(counter.broken(card, an_issue()), OutcomeUnknown)
    assert card.image[0xF0] == 0x00


# --- readers -------------------------------------------------------------------------------------------------------


def test_commands_are_those_of_the_manuals() -> None:
    """ACR128 p. 26, ACM1252U p. 34; CLOUD 4700 F p. 35."""
    sent = [
        ACS_KEYS.load(KeyKind.A, TRANSPORT_KEYS),
        ACS_KEYS.authenticate(4, KeyKind.A),
        ACS_KEYS.load(KeyKind.B, TRANSPORT_KEYS),
        ACS_KEYS.authenticate(4, KeyKind.B),
        IDENTIV_KEYS.load(KeyKind.A, TRANSPORT_KEYS),
        IDENTIV_KEYS.authenticate(4, KeyKind.A),
        IDENTIV_KEYS.load(KeyKind.B, TRANSPORT_KEYS),
        IDENTIV_KEYS.authenticate(4, KeyKind.B),
    ]
    assert [apdu.to_bytes().hex().upper() for apdu in sent] == [
        "FF82000006FFFFFFFFFFFF",
        "FF860000050100046000",
        "FF82000106FFFFFFFFFFFF",
        "FF860000050100046101",
        "FF82006006FFFFFFFFFFFF",
        "FF860000050100046001",
        "FF82006106FFFFFFFFFFFF",
        "FF860000050100046101",
    ]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("ACS ACR1252 Dual Reader PICC 0", "acs"),
        ("Identiv uTrust 4700 F CL Reader 0", "identiv"),
        ("SCM Microsystems Inc. SCL3711 reader 00 00", "identiv"),
        ("Some Reader", "acs"),
    ],
)
def test_the_name_of_a_reader_says_which_keys_are_tried_first_and_both_are(name: str, first: str) -> None:
    dialects = [dialect.name for dialect in key_dialects_for(ReaderName(name))]
    assert dialects[0] == first
    assert sorted(dialects) == ["acs", "identiv"]


def test_each_reader_refuses_the_keys_of_the_other_and_any_command_is_answered() -> None:
    acs, identiv = EmulatedClassic.blank(), EmulatedClassic.blank(dialect="identiv")
    assert acs.exchange(IDENTIV_KEYS.load(KeyKind.A, TRANSPORT_KEYS).to_bytes()) == b"\x63\x00"
    assert identiv.exchange(ACS_KEYS.load(KeyKind.A, TRANSPORT_KEYS).to_bytes()) == b"\x69\x88"
    for card in (acs, identiv):
        for ins in range(256):
            for tail in (b"", b"\x00", b"\x05\x01\x00\xff\x60\x00", b"\x06abcdef"):
                assert Answer.parse(card.exchange(Apdu(0xFF, ins, 0xFF, 0xFF).to_bytes() + tail))


def test_a_wrong_key_silences_the_card_until_it_is_powered_up_again() -> None:
    card = EmulatedClassic.blank()
    assert not card.chip.authenticate(4, KeyKind.A, b"wrong!")
    assert not card.chip.authenticate(4, KeyKind.A, TRANSPORT)
    card.power_off()
    assert card.chip.authenticate(4, KeyKind.A, TRANSPORT)


def test_the_maker_block_is_never_written_and_key_b_of_a_new_card_opens_nothing() -> None:
    card = EmulatedClassic.blank()
    assert card.chip.authenticate(0, KeyKind.A, TRANSPORT)
    assert not card.chip.write(0, bytes(16))
    assert not card.chip.authenticate(0, KeyKind.B, TRANSPORT)


def test_a_trailer_with_contradicting_access_bits_shuts_its_sector_for_ever() -> None:
    card = EmulatedClassic.blank()
    card.chip.program(7, TRANSPORT + bytes(4) + TRANSPORT)
    assert not card.chip.authenticate(4, KeyKind.A, TRANSPORT)
    assert card.chip.is_blocked(1)


@pytest.mark.parametrize(("residue", "left"), [(Residue.OLD, 0x0F), (Residue.ERASED, 0xFF), (Residue.MIXED, 0x0C)])
def test_a_torn_block_is_torn_as_a_whole_and_counts_as_one(residue: Residue, left: int) -> None:
    card = EmulatedClassic.blank()
    card.put(0x40, b"\x0f" * 16)
    card.arm(Fault(FaultKind.TEAR, 1, residue))
    assert card.chip.authenticate(6, KeyKind.A, TRANSPORT)
    assert card.exchange(bytes.fromhex("FFD6000610") + b"\x3c" * 16) == b""
    assert card.chip.block(6) == bytes([left]) * 16
    assert card.is_out


def test_a_card_in_a_file_keeps_everything_and_a_file_of_another_size_is_none(tmp_path: Path, counter: Counter) -> None:
    path = tmp_path / "card.bin"
    blank_file(path)
    kind = KINDS["classic"]
    counter.carry_out(kind.open(path, Hooks()), an_issue())
    image = a_codec().decode(kind.open(path, Hooks()).image)
    assert image.slots[0].state is RecordState.VALID
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(OperatorError) as caught:
        kind.open(path, Hooks())
    assert caught.value.code is Code.IMAGE_DAMAGED
    with pytest.raises(EnvironmentFault):
        kind.open(tmp_path / "nothing.bin", Hooks())


# --- the meter -----------------------------------------------------------------------------------------------------


def test_a_meter_torn_anywhere_leaves_the_orders_and_a_write_back_that_is_right_or_says_nothing(
    counter: Counter,
) -> None:
    start = issued(counter, 2)
    record = a_codec().encode_write_back(A_WRITE_BACK, card=CARD)
    for at in range(1, 5):
        for residue in Residue:
            card = twin(start)
            card.arm(Fault(FaultKind.TEAR, at, residue))
            slot = EmulatedMeterSlot(card, vault=a_vault())
            assert not slot.write_back(record, card=CARD, key_version=1)
            image = a_codec().decode(card.image)
            assert image.order == a_codec().decode(start.image).order
            assert image.write_back in (None, A_WRITE_BACK)
            card.put_back()
            assert slot.write_back(record, card=CARD, key_version=1)
            assert a_codec().decode(card.image).write_back == A_WRITE_BACK


def test_a_meter_without_the_keys_of_a_card_writes_nothing(counter: Counter) -> None:
    card = issued(counter)
    stranger = SealedVault({1: bytearray(b"z" * 16)})
    assert not EmulatedMeterSlot(card, vault=stranger).write_back(bytes(64), card=CARD, key_version=1)
    assert card.all_bytes_programmed == 0


def test_no_key_shows_in_what_a_session_says_of_itself(counter: Counter) -> None:
    card = issued(counter)
    own = a_vault().classic_keys(uid=card.chip.uid, key_version=1)
    with counter.session(card) as session:
        session.read()
        chips = [chip for chip in session._chips if isinstance(chip, ClassicChip)]
        said = f"{session!r}{chips!r}{[chip._card for chip in chips]!r}{Classic!r}"
    assert own.hex() not in said
    assert repr(own[:6]) not in said


# --- tool cards ----------------------------------------------------------------------------------------------------


def a_returned(counter: Counter) -> EmulatedClassic:
    """A check card on which a meter left its record."""
    card = EmulatedClassic.blank()
    counter.carry_out(card, a_tool_write(CardKind.CHECK))
    raw = counter.codec.encode_field_record(RECORD, mandate=MANDATE, card=CARD)
    assert EmulatedMeterSlot(card, vault=a_vault()).write_place(0, raw, card=CARD, key_version=1)
    tool = counter.codec.decode(card.image).tool
    assert tool is not None
    assert [place.record for place in tool.records] == [RECORD]
    return card


@pytest.mark.parametrize("kind", [CardKind.CHECK, CardKind.PARAMETER, CardKind.CLEAR])
def test_a_tool_card_that_is_issued_anew_is_finished_after_any_tear(counter: Counter, kind: CardKind) -> None:
    start, write = a_returned(counter), a_tool_write(kind, number=18)
    before = counter.codec.decode(start.image).tool
    apdus, programmed = counter.cost(twin(start), write)
    done = twin(start)
    counter.carry_out(done, write)
    wanted = counter.codec.decode(done.image).tool
    assert wanted is not None
    assert wanted.mandate is not None
    assert not wanted.records
    for fault in every_fault(apdus=apdus, programmed=programmed):
        card = twin(start)
        assert counter.broken(card, write, fault) is not None, fault
        torn = counter.codec.decode(card.image).tool
        assert torn is None or torn.mandate is None or torn in (before, wanted), fault
        card.arm(None)
        counter.carry_out(card, write)
        assert counter.codec.decode(card.image).tool == wanted, fault
