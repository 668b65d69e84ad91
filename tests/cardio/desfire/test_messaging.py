"""The office's side of a DESFire card against the published examples: keys, CMACs, sessions of EV1 and EV2."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given
from hypothesis import strategies as st

from tests.cardio.desfire import published as seen
from tests.cardio.desfire.published import Authentication, Exchange, steps
from tests.cardio.desfire.recorded import Dice, Recording
from vending_app.cardio.desfire.authenticate import authenticate_ev1, authenticate_ev2_first
from vending_app.cardio.desfire.card import Desfire
from vending_app.cardio.desfire.commands import (
    Comm,
    Command,
    FileKind,
    FilePlan,
    Generation,
    Ins,
    Rights,
    Version,
    create_application,
)
from vending_app.cardio.desfire.ev1 import session_key
from vending_app.cardio.desfire.ev2 import ANSWER_IV, COMMAND_IV, Ev2Channel, session_keys
from vending_app.cardio.desfire.keys import CardKey, KeyKind, crc32, diversified, factory_picc_key
from vending_app.cardio.desfire.status import Refused, Status
from vending_app.cardio.desfire.wire import Wire

A_FILE = FilePlan(5, FileKind.STANDARD, Comm.PLAIN, Rights(0, 0, 1, 1), 80)


def hexed(text: str) -> bytes:
    return bytes.fromhex(text.replace(" ", ""))


def a_key(secret: bytes = seen.ZEROS, version: int = 0) -> CardKey:
    return CardKey(secret, version=version)


# --- keys ------------------------------------------------------------------------------------------------------------


def test_a_key_is_diversified_as_the_application_note_says() -> None:
    master = a_key(hexed("00112233445566778899AABBCCDDEEFF"), version=7)
    derived = diversified(master, hexed("04782E21801D80 3042F5") + b"NXP Abu")
    assert derived.secret == hexed("A8DD63A3B89D54B37CA802473FDA9175")
    assert derived.version == 7


def test_a_short_diversification_input_is_padded_to_two_blocks_and_is_no_plain_cmac() -> None:
    master = a_key(hexed("F3F9377698707B688EAF84ABE39E3791"))
    assert diversified(master, hexed("04DEADBEEFFEED")).secret == hexed("0BB408BAFF98B6EE9F2E1585777F6A51")
    assert master.cmac(hexed("0104DEADBEEFFEED")) == hexed("721E2C01E81AF85D815633969CEA2607")


@given(st.binary(min_size=16, max_size=16), st.binary(max_size=80))
def test_a_cmac_from_zeros_is_the_standard_one(secret: bytes, message: bytes) -> None:
    standard = CMAC(AES(secret))
    standard.update(message)
    assert a_key(secret).cmac(message) == standard.finalize()


def test_the_crc_is_the_one_of_the_traces() -> None:
    new = hexed("00102030405060708090A0B0B0A09080")
    assert crc32(b"\xc4\x00", new, b"\x10") == hexed("D2C6E66B")
    assert crc32(hexed("F3847D627727ED3BC9C4CC050489B966")) == hexed("789DFADC")


def test_a_wiped_key_is_gone_and_none_is_ever_shown() -> None:
    key = a_key(seen.FIRST_KEY)
    command = Command(Ins.CHANGE_KEY, b"\x00", bytes(key.secret), trailer=bytes(key.secret))
    for text in (repr(key), str(key), repr(command), f"{command}"):
        assert "0010203040" not in text.lower()
        assert repr(seen.FIRST_KEY)[2:-1] not in text
    key.wipe()
    assert key.secret == bytes(16)


class Spying(Desfire):
    """Keeps the command that it was given to send."""

    def run(self, command: Command) -> bytes:
        self.seen = command
        self.plain = bytes(command.data)
        return super().run(command)


def test_a_key_change_leaves_no_key_behind_also_if_it_is_refused() -> None:
    shake, new = seen.AES_AGAIN, a_key(seen.FIRST_KEY, seen.KEY_VERSION)
    old_card = Exchange(bytes([Ins.AUTHENTICATE_EV2_FIRST, 0, 0]), bytes([Status.ILLEGAL_COMMAND]))
    refusing = Exchange(seen.CHANGE_OF_ANOTHER.sent, bytes([Status.PERMISSION]))
    desk = Spying(Recording([old_card, *steps(shake, Ins.AUTHENTICATE_AES, 0), refusing]), Dice(shake.a))
    desk.authenticate(0, a_key(shake.key))
    with pytest.raises(Refused):
        desk.change_key(1, new, old=a_key())
    assert desk.plain.startswith(seen.FIRST_KEY)
    assert not any(desk.seen.data)


# --- EV1 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shake", [seen.AES_FACTORY, seen.AES_FIRST, seen.AES_SECOND, seen.AES_AGAIN, seen.AES_OTHER_NUMBER]
)
def test_an_ev1_card_and_the_office_prove_themselves_to_each_other(shake: Authentication) -> None:
    card = Recording(steps(shake, Ins.AUTHENTICATE_AES, 0))
    authenticate_ev1(Wire(card), 0, a_key(shake.key), Dice(shake.a))
    assert card.is_over()
    assert session_key(shake.a, shake.b, kind=KeyKind.AES).secret == shake.session


def test_a_new_card_is_opened_with_its_des_key() -> None:
    shake = seen.DES_PICC
    card = Recording(steps(shake, Ins.AUTHENTICATE_ISO, 0))
    authenticate_ev1(Wire(card), 0, factory_picc_key(), Dice(shake.a))
    assert card.is_over()
    made = session_key(shake.a, shake.b, kind=KeyKind.DES).secret
    assert bytes(byte & 0xFE for byte in made) == shake.session


def test_a_card_that_does_not_prove_itself_is_refused() -> None:
    shake = seen.AES_FACTORY
    challenge, proof = steps(shake, Ins.AUTHENTICATE_AES, 0)
    liar = Recording([challenge, Exchange(proof.sent, b"\x00" + bytes(16))])
    with pytest.raises(Refused) as refused:
        authenticate_ev1(Wire(liar), 0, a_key(), Dice(shake.a))
    assert refused.value.status is Status.INTEGRITY


def opened(shake: Authentication, *work: Exchange, number: int = 0) -> tuple[Desfire, Recording]:
    """A card of EV1 in a session; it was asked for EV2 first, and knew it not."""
    old = Exchange(bytes([Ins.AUTHENTICATE_EV2_FIRST, number, 0]), bytes([Status.ILLEGAL_COMMAND]))
    recorded = Recording([old, *steps(shake, Ins.AUTHENTICATE_AES, number), *work])
    card = Desfire(recorded, Dice(shake.a))
    card.authenticate(number, a_key(shake.key))
    return card, recorded


def test_changing_the_key_in_use_is_answered_bare_and_ends_the_session() -> None:
    for shake, change, new, version in (
        (seen.AES_FACTORY, seen.CHANGE_IN_FACTORY, seen.FIRST_KEY, seen.KEY_VERSION),
        (seen.AES_FIRST, seen.CHANGE_IN_FIRST, seen.SECOND_KEY, seen.KEY_VERSION),
    ):
        card, recorded = opened(shake, change)
        card.change_key(0, a_key(new, version))
        assert recorded.is_over()
        assert not card.is_authenticated


def test_a_key_change_begins_from_the_iv_that_the_command_before_it_left() -> None:
    card, recorded = opened(seen.AES_SECOND, seen.VERSION_IN_SECOND, seen.CHANGE_IN_SECOND)
    assert card.key_version(0) == seen.KEY_VERSION
    card.change_key(0, a_key())
    assert recorded.is_over()


def test_another_key_is_changed_by_what_differs_and_the_session_goes_on() -> None:
    card, recorded = opened(seen.AES_AGAIN, seen.CHANGE_OF_ANOTHER, seen.CHANGE_OF_ANOTHER_AGAIN)
    first, second = a_key(seen.FIRST_KEY, seen.KEY_VERSION), a_key(seen.SECOND_KEY, seen.KEY_VERSION)
    card.change_key(1, first, old=a_key())
    card.change_key(1, second, old=first)
    assert recorded.is_over()
    assert card.is_authenticated


def test_one_iv_runs_through_all_work_with_files() -> None:
    card, recorded = opened(seen.AES_OTHER_NUMBER, *seen.FILE_WORK, number=1)
    whole = bytes(range(80))
    card.create(A_FILE)
    assert card.files() == {5}
    assert card.run(Command(Ins.FILE_SETTINGS, b"\x05")) == hexed("00001100500000")
    card.run(A_FILE.write(whole[:0x34]))
    card.run(A_FILE.write(whole[0x34:], 0x34))
    assert card.run(Command(Ins.READ_DATA, hexed("05000000300000"))) == whole[:0x30]
    assert card.run(Command(Ins.READ_DATA, hexed("05300000200000"))) == whole[0x30:]
    card.run(Command(Ins.DELETE_FILE, b"\x05"))
    assert card.files() == frozenset()
    assert recorded.is_over()


def test_a_session_with_the_des_key_reads_the_version_and_makes_applications() -> None:
    shake = seen.DES_PICC
    recorded = Recording([*steps(shake, Ins.AUTHENTICATE_ISO, 0), *seen.DES_WORK])
    card = Desfire(recorded, Dice(shake.a))
    card.authenticate(0, factory_picc_key())
    version = card.version()
    assert (version.uid, version.generation) == (seen.CARD_UID, Generation.EV1)
    card.format()
    card.run(Command(Ins.CREATE_APPLICATION, hexed("16DE000F02")))
    card.run(Command(Ins.CREATE_APPLICATION, hexed("24DE000F42")))
    card.run(create_application(hexed("16AE00"), settings=0x0F, keys=2))
    assert recorded.is_over()


def test_an_answer_that_the_card_did_not_make_ends_the_session() -> None:
    forged = Exchange(seen.VERSION_IN_SECOND.sent, b"\x00\x11" + seen.VERSION_IN_SECOND.answered[2:])
    card, _ = opened(seen.AES_SECOND, forged)
    with pytest.raises(Refused) as refused:
        card.key_version(0)
    assert refused.value.status is Status.INTEGRITY
    assert not card.is_authenticated


def test_a_refusal_ends_the_session_and_says_which() -> None:
    card, _ = opened(seen.AES_SECOND, Exchange(seen.VERSION_IN_SECOND.sent, b"\x9d"))
    with pytest.raises(Refused, match="919D permission"):
        card.key_version(0)
    assert not card.is_authenticated


# --- EV2 -------------------------------------------------------------------------------------------------------------

AN12343_STEPS = (
    Exchange(hexed("710000"), b"\xaf" + hexed("24677DDBD46349E623798FD729006E79")),
    Exchange(
        hexed("AF 3B50445F21D21D77D500794DEB245E5A754F5F901844259F4C9B31A5C7335ACD"),
        b"\x00" + hexed("04C6DBD67417ED0D31DDDE4D2E3FFAC2B4B074F638EEF7FFF9254963B65C7759"),
    ),
)
AN12343_A, AN12343_B = hexed("B04D0787C93EE0CC8CACC8E86F16C6FE"), hexed("FA659AD0DCA738DD65DC7DC38612AD81")
AN12196_STEPS = (
    Exchange(hexed("710000"), b"\xaf" + hexed("A04C124213C186F22399D33AC2A30215")),
    Exchange(
        hexed("AF 35C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D"),
        b"\x00" + hexed("3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663"),
    ),
)
AN12196_A, AN12196_B = hexed("13C5DB8A5930439FC3DEF9A4C675360F"), hexed("B9E2FC789B64BF237CCCAA20EC7E6E48")


@pytest.mark.parametrize(
    ("exchanges", "a", "b", "ti", "enc", "mac"),
    [
        (
            AN12343_STEPS, AN12343_A, AN12343_B, "8CF141F3",
            "63DC07286289A7A6C0334CA31C314A04", "774F26743ECE6AF5033B6AE8522946F6",
        ),
        (
            AN12196_STEPS, AN12196_A, AN12196_B, "9D00C4DF",
            "1309C877509E5A215007FF0ED19CA564", "4C6626F5E72EA694202139295C7A7FC7",
        ),
    ],
)  # fmt: skip
def test_an_ev2_card_begins_a_transaction(
    exchanges: tuple[Exchange, ...], a: bytes, b: bytes, ti: str, enc: str, mac: str
) -> None:
    card = Recording(exchanges)
    channel = authenticate_ev2_first(Wire(card), 0, a_key(), Dice(a))
    assert card.is_over()
    assert channel.ti == hexed(ti)
    for_enc, for_mac = session_keys(a_key(), a, b)
    assert bytes(for_enc.secret) == hexed(enc)
    assert bytes(for_mac.secret) == hexed(mac)


def a_channel(*, enc: str = "00" * 16, mac: str, ti: str, counter: int = 0) -> Ev2Channel:
    return Ev2Channel(a_key(hexed(enc)), a_key(hexed(mac)), hexed(ti), counter=counter)


def test_macs_of_commands_and_answers_count() -> None:
    """AN12343, page 54, with the instructions of DESFire Light for reading and writing."""
    channel = a_channel(mac="9366FA195EB566F5BD2BAD4020B83002", ti="E2D3AF69")
    write = Command(0x8D, hexed("00000000190000"), b"\x22" * 25, sent=Comm.MAC)
    assert channel.request(write) == write.header + write.data + hexed("68F2C28C575A1628")
    assert channel.answer(write, hexed("0820F68898C2A7F1")) == b""
    read = Command(0xAD, hexed("00000000300000"), answered=Comm.MAC)
    assert channel.request(read) == read.header + hexed("0D9BE191D5960834")
    content = b"\x22" * 25 + bytes(23)
    assert channel.answer(read, content + hexed("A49A44222D926666")) == content


def test_a_full_command_and_its_answer() -> None:
    """AN12196, table 18: ChangeFileSettings."""
    channel = a_channel(
        enc="1309C877509E5A215007FF0ED19CA564", mac="4C6626F5E72EA694202139295C7A7FC7", ti="9D00C4DF", counter=1
    )
    change = Command(0x5F, b"\x02", hexed("4000E0C1F121200000430000430000"), sent=Comm.FULL)
    assert channel.request(change) == hexed("0261B6D97903566E84C3AE5274467E89EAD799B7C1A0EF7A04")
    assert channel.answer(change, hexed("57BFF87B1241E93D")) == b""


def test_another_key_is_changed_in_a_transaction() -> None:
    """AN12196, table 25."""
    channel = a_channel(
        enc="4CF3CB41A22583A61E89B158D252FC53", mac="5529860B2FC5FB6154B7F28361D30BF9", ti="7614281A", counter=2
    )
    new = a_key(hexed("F3847D627727ED3BC9C4CC050489B966"), 1)
    assert channel.request(channel.key_change(2, new, old=a_key())) == hexed(
        "022CF362B7BF4311FF3BE1DAA295E8C68DE09050560D19B9E16C2393AE9CD1FAC75D0CE20BCD1D06E6"
    )


@given(st.binary(max_size=80), st.sampled_from([COMMAND_IV, ANSWER_IV]))
def test_what_is_enciphered_comes_back(data: bytes, label: bytes) -> None:
    channel = a_channel(enc="11" * 16, mac="22" * 16, ti="01020304", counter=513)
    assert channel.deciphered(channel.enciphered(data, label), label) == data


@given(st.binary(max_size=64))
def test_any_bytes_for_an_answer_give_data_or_a_refusal(raw: bytes) -> None:
    for comm in Comm:
        channel = a_channel(enc="11" * 16, mac="22" * 16, ti="01020304")
        read = Command(Ins.READ_DATA, b"\x01" + bytes(6), answered=comm, expected=16)
        try:
            channel.answer(read, raw)
        except Refused as refused:
            assert refused.status is Status.INTEGRITY


@given(st.binary(max_size=40))
def test_any_bytes_for_a_version_give_a_version_or_none(raw: bytes) -> None:
    version = Version.parse(raw)
    assert (version is None) == (len(raw) != 28)


@given(st.integers(0, 0xFFFF))
def test_access_rights_come_back(value: int) -> None:
    raw = value.to_bytes(2, "little")
    assert Rights.parse(raw).to_bytes() == raw


def test_a_status_that_no_card_has_is_told_as_it_is() -> None:
    assert Refused(0x6E00).status is None
    assert str(Refused(0x6E00)) == "6E00"
    assert Refused(0x91AE).status is Status.AUTHENTICATION
