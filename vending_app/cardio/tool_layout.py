"""Tool cards, declared: mandate, limits and the records that meters leave, and samples beside them."""

from __future__ import annotations

from vending_app.cardio.layout import Field, Form, Record, Values
from vending_app.cardio.totals1_layout import MAC_SIZE, Area, Sample
from vending_app.domain.card import CardKind

MANDATE_LABEL = b"TOOLS"
LIMITS_LABEL = b"LIMIT"
FIELD_RECORD_LABEL = b"CHECK"
NEW_KEYS_LABEL = b"NKEYS"
PLACE_SIZE = 32
FIELD_MAC_SIZE = 5
AREA_SIZE = 8
WRAPPED_SIZE = 88
"""Five keys of 16 bytes, and 8 by which they prove themselves (RFC 3394)."""
METER_SIZE = 5

MANDATE_AREA = Area("mandate", 0x30, PLACE_SIZE, "office", "mandate: what the card is for")
LIMITS_AREA = Area("limits", 0x50, PLACE_SIZE, "office", "limits of a parameter card")
NEW_KEYS_AREA = Area("new keys", 0x50, 4 * PLACE_SIZE, "office", "new keys of a key card")
_PLACES_END = 0xF0
TOOL_AREA = Area("tool card", MANDATE_AREA.address, _PLACES_END - MANDATE_AREA.address, "office, meters", "all of it")
"""From the mandate to the last place."""


def places_of(kind: CardKind) -> tuple[Area, ...]:
    """The record places of a tool card, in order: five behind the mandate, four behind limits, one behind new keys."""
    first = {CardKind.PARAMETER: LIMITS_AREA.end, CardKind.KEY: NEW_KEYS_AREA.end}.get(kind, MANDATE_AREA.end)
    content = "records, 32 bytes each"
    starts = range(first, _PLACES_END, PLACE_SIZE)
    return tuple(Area(f"place {at}", start, PLACE_SIZE, "meters", content) for at, start in enumerate(starts))


def _number(name: str, size: int, meaning: str) -> Field:
    return Field(name, size, Form.NUMBER, meaning)


MANDATE = Record(
    "Mandate",
    (
        _number("number", 4, "number of the mandate, never given twice by an office"),
        Field(
            "area", AREA_SIZE, Form.TEXT, "code of the area whose meters take the card; all 00 on a card of one meter"
        ),
        Field("meter", 6, Form.FIGURES, "the one meter of a clear or key card; else zeros"),
        _number("expires", 2, "the last day, in days since 2000-01-01"),
        _number("carrier", 2, "number of the operator who carries the card"),
        _number("key_version", 1, "version of the key behind all MACs of this card"),
    ),
)

LIMITS = Record(
    "Limits",
    (
        _number("alarm_1", 3, "first alarm level, 0.01 kWh remaining"),
        _number("alarm_2", 3, "second alarm level, 0.01 kWh remaining"),
        _number("overload", 3, "overload limit, W; 0 = none"),
        _number("overdraft", 3, "energy that may be used past zero, 0.01 kWh"),
        _number("hoarding", 3, "the most that may remain in the meter, 0.01 kWh; 0 = no limit"),
        Field("spare", 9, Form.SPARE, "00"),
    ),
)

NEW_KEYS = Record(
    "New keys",
    (
        _number("version", 1, "version of the keys that are brought"),
        Field("key_area", AREA_SIZE, Form.TEXT, "code of the area whose key is among them; all 00 without one"),
        Field("spare", 23, Form.SPARE, "00"),
    ),
)
"""Behind it stand the wrapped keys, and the MAC."""

FIELD_RECORD = Record(
    "Collected",
    (
        _number("meter", METER_SIZE, "the 12 figures of the meter number, as one plain number"),
        _number("running", 2, "low 16 bits of the running number, which counts this record too"),
        _number("sequence", 2, "low 16 bits of the sequence of the last order accepted"),
        _number("used_total", 4, "energy used since installation, 0.01 kWh"),
        Field("remaining", 4, Form.SIGNED, "energy remaining, 0.01 kWh; negative past zero"),
        _number("zero_crossing", 3, "all energy ever used past zero, 0.01 kWh; stays at its highest value"),
        _number("illegal_cards", 1, "low 8 bits of the cards refused as illegal"),
        _number("overload_trips", 1, "low 8 bits of the trips on overload"),
        _number("tamper_events", 1, "low 8 bits of the cover and tamper events"),
        _number("status", 1, "flags as in a write-back"),
        _number("meter_hour", 3, "the meter's clock, whole hours since 2000-01-01T00:00:00Z"),
    ),
)

assert NEW_KEYS.size + WRAPPED_SIZE + MAC_SIZE == NEW_KEYS_AREA.size
assert 1 + MANDATE.size + MAC_SIZE == LIMITS.size + MAC_SIZE == FIELD_RECORD.size + FIELD_MAC_SIZE == PLACE_SIZE

TOOL_SAMPLES = (
    Sample(
        MANDATE,
        Values(
            {"area": "N-3", "meter": "000000000000"}, {"number": 17, "expires": 9562, "carrier": 4, "key_version": 1}
        ),
        bytes.fromhex("00000011 4E2D330000000000 000000000000 255A 0004 01"),
    ),
    Sample(
        LIMITS,
        Values({}, {"alarm_1": 2000, "alarm_2": 500, "overload": 6000, "overdraft": 0, "hoarding": 500000}),
        bytes.fromhex("0007D0 0001F4 001770 000000 07A120 000000000000000000"),
    ),
    Sample(
        FIELD_RECORD,
        Values(
            {},
            {
                "meter": 12345678,
                "running": 78,
                "sequence": 42,
                "used_total": 500100,
                "remaining": 2588,
                "zero_crossing": 256,
                "illegal_cards": 1,
                "overload_trips": 2,
                "tamper_events": 4,
                "status": 0,
                "meter_hour": 229392,
            },
        ),
        bytes.fromhex("0000BC614E 004E 002A 0007A184 00000A1C 000100 01 02 04 00 038010"),
    ),
)

KEY_SAMPLES = (
    Sample(
        MANDATE,
        Values({"area": "", "meter": "000012345678"}, {"number": 18, "expires": 9562, "carrier": 4, "key_version": 1}),
        bytes.fromhex("00000012 0000000000000000 000012345678 255A 0004 01"),
    ),
    Sample(NEW_KEYS, Values({"key_area": "N-3"}, {"version": 2}), bytes.fromhex("02 4E2D330000000000" + "00" * 23)),
)
"""Of a key card."""
