"""The card format "Totals 1", declared: where everything stands on the 256 bytes, and samples beside it."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.cardio.layout import Field, Form, Record, Values
from vending_app.domain.card import CardKind

CARD_SIZE = 256
MAGIC = 0x5654
"""The letters VT."""
FORMAT_VERSION = 1
STATE_COMPLETE = 0x5A
STATE_WRITING = 0xFF
ORDER_LABEL = b"ORDER"
WRITE_BACK_LABEL = b"WRITE"
MAC_SIZE = 8
KIND_NUMBERS = {CardKind.USER: 1, CardKind.CHECK: 2, CardKind.PARAMETER: 3, CardKind.CLEAR: 4, CardKind.KEY: 5}


@dataclass(frozen=True, slots=True)
class Area:
    """A stretch of the card and who writes it."""

    name: str
    address: int
    size: int
    written_by: str
    content: str

    @property
    def end(self) -> int:
        return self.address + self.size

    def of(self, raw: bytes) -> bytes:
        """This stretch of an image."""
        return raw[self.address : self.end]


CHIP = Area("chip", 0x00, 32, "nobody", "chip and issuer area; **never written**")
HEADER_AREA = Area("header", 0x20, 16, "office, at issue", "header: who the card is")
SLOT_A = Area("A", 0x30, 64, "office", "order, slot A")
SLOT_B = Area("B", 0x70, 64, "office", "order, slot B")
WRITE_BACK_AREA = Area("write-back", 0xB0, 64, "meter", "write-back")
SCRATCH = Area("scratch", 0xF0, 16, "office", "issue marker, spare (FF), proof byte")
AREAS = (CHIP, HEADER_AREA, SLOT_A, SLOT_B, WRITE_BACK_AREA, SCRATCH)
SLOTS = (SLOT_A, SLOT_B)
OUTLINE_SIZE = HEADER_AREA.end
"""What a card says of itself without a key, whatever its chip: everything up to its header."""
ISSUE_MARKER = 0x5A
CLEARED_MARKER = 0x00
"""In its place on a card that is made blank again: what is left of a header counts for nothing any more."""
PROOF_AT = 0xFF
"""Where an office writes to see that it may: this byte says nothing, not even that a card is not blank."""


def _figures(name: str, size: int, meaning: str) -> Field:
    return Field(name, size, Form.FIGURES, meaning)


def _number(name: str, size: int, meaning: str) -> Field:
    return Field(name, size, Form.NUMBER, meaning)


def _signed(name: str, size: int, meaning: str) -> Field:
    return Field(name, size, Form.SIGNED, meaning)


HEADER = Record(
    "Header",
    (
        _number("magic", 2, "56 54, the letters `VT`"),
        _number("format_version", 1, "01"),
        _number("kind", 1, "01 user, 02 check, 03 parameter, 04 clear, 05 key"),
        _number("utility", 2, "number of the utility"),
        _figures("card", 6, "card number, 12 figures"),
        _number("key_version", 1, "version of the key behind the card's code (PSC)"),
        Field("spare", 1, Form.SPARE, "00"),
        _number("crc", 2, "CRC-16/CCITT-FALSE over the 14 bytes before"),
    ),
)

ORDER = Record(
    "Order",
    (
        _figures("meter", 6, "meter number, 12 figures"),
        _figures("supply", 4, "supply number, 8 figures"),
        _number("generation", 2, "card generation of this supply: rises when the card is replaced"),
        _number("sequence", 4, "rises with every order of this supply, never used twice"),
        _number("energy_total", 4, "all energy ever bought on this supply, 0.01 kWh"),
        _signed("last_purchase", 4, "energy of this purchase, 0.01 kWh; negative after a reversal"),
        _number("purchases", 3, "purchases so far, for the display"),
        _number("alarm_1", 3, "first alarm level, 0.01 kWh remaining"),
        _number("alarm_2", 3, "second alarm level, 0.01 kWh remaining"),
        _number("overload", 3, "overload limit, W; 0 = none"),
        _number("overdraft", 3, "energy that may be used past zero, 0.01 kWh"),
        _number("hoarding", 3, "the most that may remain in the meter, 0.01 kWh; 0 = no limit"),
        _number("constant", 2, "meter constant, imp/kWh"),
        _number("ct_ratio", 2, "current transformer ratio"),
        _number("pt_ratio", 2, "voltage transformer ratio"),
        _number("sold_at", 4, "seconds since 2000-01-01T00:00:00Z"),
        _number("desk", 2, "number of the selling desk"),
        _number("key_version", 1, "version of the key behind this record's MAC"),
    ),
)

WRITE_BACK = Record(
    "Write-back",
    (
        _figures("meter", 6, "meter number, 12 figures"),
        _number("sequence", 4, "sequence of the last order accepted"),
        _number("used_total", 4, "energy used since installation, 0.01 kWh"),
        _signed("remaining", 4, "energy remaining, 0.01 kWh; negative past zero"),
        _number("energy_total", 4, "energy total of the last order accepted, 0.01 kWh"),
        _number("zero_crossing", 4, "all energy ever used past zero, 0.01 kWh"),
        _number("purchases", 3, "purchases, as the last order accepted said"),
        _number("illegal_cards", 2, "cards refused as illegal"),
        _number("overload_trips", 2, "trips on overload"),
        _number("low_credit_trips", 2, "trips at the alarm level"),
        _number("tamper_events", 2, "cover and tamper events"),
        _number("power_failures", 2, "power failures"),
        _number("power_max", 3, "highest power seen, W"),
        _number("status", 1, "flags, see below"),
        _number("key_version", 1, "version of the key behind this record's MAC"),
        _number("last_month", 4, "energy used in the last whole month, 0.01 kWh"),
        _number("meter_time", 4, "the meter's clock, seconds since 2000-01-01T00:00:00Z"),
        _number("running", 4, "rises by one with every write-back of this meter"),
    ),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """Values and the bytes they are, field by field as the table says."""

    record: Record
    values: Values
    raw: bytes


SAMPLES = (
    Sample(
        HEADER,
        Values(
            {"card": "550000000042"},
            {
                "magic": MAGIC,
                "format_version": 1,
                "kind": 1,
                "utility": 7,
                "key_version": 1,
                "crc": 0xABCD,
            },
        ),
        bytes.fromhex("5654 01 01 0007 550000000042 01 00 ABCD"),
    ),
    Sample(
        ORDER,
        Values(
            {"meter": "000012345678", "supply": "00001234"},
            {
                "generation": 1,
                "sequence": 42,
                "energy_total": 502688,
                "last_purchase": 12550,
                "purchases": 37,
                "alarm_1": 2000,
                "alarm_2": 500,
                "overload": 8000,
                "overdraft": 0,
                "hoarding": 300000,
                "constant": 1600,
                "ct_ratio": 1,
                "pt_ratio": 1,
                "sold_at": 825672600,
                "desk": 2,
                "key_version": 1,
            },
        ),
        bytes.fromhex(
            "000012345678 00001234 0001 0000002A 0007ABA0 00003106 000025 0007D0 0001F4 001F40 000000 0493E0"
            "0640 0001 0001 3136C398 0002 01"
        ),
    ),
    Sample(
        WRITE_BACK,
        Values(
            {"meter": "000012345678"},
            {
                "sequence": 41,
                "used_total": 500000,
                "remaining": -1,
                "energy_total": 499999,
                "zero_crossing": 256,
                "purchases": 36,
                "illegal_cards": 1,
                "overload_trips": 2,
                "low_credit_trips": 3,
                "tamper_events": 4,
                "power_failures": 5,
                "power_max": 65536,
                "status": 9,
                "key_version": 1,
                "last_month": 25000,
                "meter_time": 825789600,
                "running": 77,
            },
        ),
        bytes.fromhex(
            "000012345678 00000029 0007A120 FFFFFFFF 0007A11F 00000100 000024 0001 0002 0003 0004 0005 010000 09 01"
            "000061A8 31388CA0 0000004D"
        ),
    ),
)
