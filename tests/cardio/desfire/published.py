"""Dialogues of real cards, as published; every byte of them was sent by a card or by a reader.

EV1: "DESFire EV1 Communication Examples" by Elmü (repository sotechcllc/RFDoorLock). EV2: application notes AN12343
(DESFire Light) and AN12196 (NTAG 424 DNA, which has the messaging of EV2). Keys are those of the examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

ZEROS = bytes(16)
FIRST_KEY = bytes.fromhex("00102030405060708090A0B0B0A09080")
SECOND_KEY = bytes.fromhex("10182028303840485058606870788088")
KEY_VERSION = 0x10
CARD_UID = bytes.fromhex("04063F72633480")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One frame and its answer, status byte first; instruction byte first as the card takes it."""

    sent: bytes
    answered: bytes


@dataclass(frozen=True, slots=True)
class Authentication:
    """One dialogue: random numbers, frames, and the session key that comes of it."""

    key: bytes
    b: bytes
    a: bytes
    challenge: bytes
    token: bytes
    proof: bytes
    session: bytes


def _authentication(key: bytes, *lines: str) -> Authentication:
    b, a, challenge, token, proof, session = map(bytes.fromhex, lines)
    return Authentication(key, b, a, challenge, token, proof, session)


DES_PICC = _authentication(
    ZEROS,
    "4FD1B75942A8B8E1", "849B36C5F8BF4A09", "5D994CE085F24089",
    "21D0AD5F2FD97454A746CC80567F1B1C", "913C6DED84221C41", "849A36C44ED0B658849A36C44ED0B658",
)  # fmt: skip
"""The last value has bit 0 of each byte cleared, which DES does not use."""

AES_FACTORY = _authentication(
    ZEROS,
    "C05DDD714FD788A6B7B754F3C4D066E8", "F44B26F5686F3A391CD38EBD10772281", "B969FDFE56FD91FC9DE6F6F213B8FD1E",
    "36AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E4774", "800DB680BC146BD121D6578F2D2E2059",
    "F44B26F5C05DDD7110772281C4D066E8",
)  # fmt: skip
AES_FIRST = _authentication(
    FIRST_KEY,
    "271047125A2AA58178F5C51B1177A19B", "C2A1E47B96A5589FAAE90C03FE6D00A7", "CCC8316C2B2613FE9A189BAC9CC89D03",
    "C02E061E72E17726489CAEEC997C523758BF863EFE7671C55B4665D06ACCD97B", "72ACCC0BDEA482B53185BB5AD0086246",
    "C2A1E47B27104712FE6D00A71177A19B",
)  # fmt: skip
AES_SECOND = _authentication(
    SECOND_KEY,
    "910368457E2E9AA167355BFB544B9931", "90F7A201C4DB760538FF8A49EC63DECD", "3E2BE626C05E7798EE518355A751648E",
    "FABF71BB0DC45B8F31BAEDDFF7F3439652D4094DF12C17EF0C94353E6D7770C8", "1CE6C574E24923D404E18B6A240C1B08",
    "90F7A20191036845EC63DECD544B9931",
)  # fmt: skip
AES_AGAIN = _authentication(
    ZEROS,
    "D81000444B976F48340DCDE34D7AB17C", "C2A1E47B96A5589FAAE90C03FE6D00A7", "EDDAF0C5D9A7CF42B8808BE2013899A1",
    "D8105F874E2CA57B76C354A8066B0D7880B0C4EC399DBF253438DB46D75F8F60", "459C76B71AB9F1736413F5ACD73E7DF9",
    "C2A1E47BD8100044FE6D00A74D7AB17C",
)  # fmt: skip
AES_OTHER_NUMBER = _authentication(
    SECOND_KEY,
    "626FFBD45CAF334ACCA45599304F5B17", "40E7D27174CBA675E8EFBAB99C530E3D", "B351CB2465D4F33AC627FD6E87A168F2",
    "044B6CAC343A0865895149649CA8DDE1F5AC4EC67BD208900AF02F049E05F0B0", "A2EE144B1012FBEB7B2F11132D95A454",
    "40E7D271626FFBD49C530E3D304F5B17",
)  # fmt: skip

CHANGE_IN_FACTORY = Exchange(
    bytes.fromhex("C400E9F85E219496C2B58C1090DC3935FAE9E840CF61B383D9531946256B1F110C10"), b"\x00"
)
CHANGE_IN_FIRST = Exchange(
    bytes.fromhex("C4002945E3760E60F4A4046BB8A505B31CF559A3A2E05213BC82942CA6AB5DBCECF5"), b"\x00"
)
VERSION_IN_SECOND = Exchange(bytes.fromhex("6400"), bytes.fromhex("00108A8FA36F55CD210D"))
CHANGE_IN_SECOND = Exchange(
    bytes.fromhex("C400635375E4919F8AF2E9E86B1C1BA55B0C0807EAF484D7A7EF6E0C3084160F5A61"), b"\x00"
)
CHANGE_OF_ANOTHER = Exchange(
    bytes.fromhex("C401E7ECCB6BD1CA64BC161A12B1C024F71430337408C8A87EACAB7A1FF18951FCA3"),
    bytes.fromhex("002128D3CD9C9ACFFF"),
)
CHANGE_OF_ANOTHER_AGAIN = Exchange(
    bytes.fromhex("C4012841938C40A4BC2C33064482FEADA5F43EC535D34255B0286C2352CD173863C7"),
    bytes.fromhex("00CAF3BF0B2836E9DE"),
)

CREATE_FILE = Exchange(bytes.fromhex("CD05001100500000"), bytes.fromhex("00A75316AD1596B953"))
FILE_IDS = Exchange(bytes.fromhex("6F"), bytes.fromhex("00052D5FF67FFEC9D2D3"))
FILE_SETTINGS = Exchange(bytes.fromhex("F505"), bytes.fromhex("00000011005000002AAC7517024E09DC"))
WRITE = Exchange(bytes.fromhex("3D05000000340000") + bytes(range(0x34)), bytes.fromhex("00765C9DAA50ECB62F"))
WRITE_ON = Exchange(bytes.fromhex("3D053400001C0000") + bytes(range(0x34, 0x50)), bytes.fromhex("003E0AED986B8B0F37"))
READ = Exchange(bytes.fromhex("BD05000000300000"), b"\x00" + bytes(range(0x30)) + bytes.fromhex("4C65F1F842262BAC"))
READ_ON = Exchange(
    bytes.fromhex("BD05300000200000"), b"\x00" + bytes(range(0x30, 0x50)) + bytes.fromhex("F02205CF913C03C9")
)
DELETE = Exchange(bytes.fromhex("DF05"), bytes.fromhex("001BEF0D32B6D1D7F9"))
NO_FILES = Exchange(bytes.fromhex("6F"), bytes.fromhex("00FC194EA93E3EF8E7"))
FILE_WORK = (CREATE_FILE, FILE_IDS, FILE_SETTINGS, WRITE, WRITE_ON, READ, READ_ON, DELETE, NO_FILES)
"""In one session, after AES_OTHER_NUMBER; the IV runs through all of them."""

DES_VERSION = (
    Exchange(bytes.fromhex("60"), bytes.fromhex("AF04010101001A05")),
    Exchange(bytes.fromhex("AF"), bytes.fromhex("AF04010101041A05")),
    Exchange(bytes.fromhex("AF"), bytes.fromhex("0004063F72633480BA4519E3204913CDC810BAFA401759")),
)
DES_FORMAT = Exchange(bytes.fromhex("FC"), bytes.fromhex("009C2C813A065C45F7"))
DES_CREATE_2 = Exchange(bytes.fromhex("CA16DE000F02"), bytes.fromhex("000A1379B01D85AD47"))
DES_CREATE_3 = Exchange(bytes.fromhex("CA24DE000F42"), bytes.fromhex("005D73AE5287A1BBE4"))
DES_CREATE_AES = Exchange(bytes.fromhex("CA16AE000F82"), bytes.fromhex("003B68D72A3BE0D20C"))
DES_WORK = (*DES_VERSION, DES_FORMAT, DES_CREATE_2, DES_CREATE_3, DES_CREATE_AES)
"""In one session at the level of the card, after DES_PICC."""


def steps(shake: Authentication, ins: int, number: int) -> Iterator[Exchange]:
    """The frames of an authentication."""
    yield Exchange(bytes([ins, number]), b"\xaf" + shake.challenge)
    yield Exchange(b"\xaf" + shake.token, b"\x00" + shake.proof)
