"""The codec says what stands on a card, whatever stands there, and nothing wraps on the way in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cardio.builders import (
    A_WRITE_BACK,
    AN_ORDER,
    CARD,
    OTHER_CARD,
    UTILITY,
    a_codec,
    a_header,
    a_vault,
    an_order,
)
from vending_app.cardio.layout import ValueDoesNotFit
from vending_app.cardio.totals1 import EPOCH, Totals1
from vending_app.cardio.totals1_layout import HEADER_AREA, SAMPLES, SLOT_A, SLOT_B, WRITE_BACK_AREA, Sample
from vending_app.domain.card import CardImage, CardKind, ImageState, MeterStatus, RecordState
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, SupplyNo

CODEC = a_codec()
EMPTY = b"\xff" * 64
KEY_VERSION_AT = 55


def an_image(
    *,
    header: bytes | None = None,
    a: bytes = EMPTY,
    b: bytes = EMPTY,
    write_back: bytes = EMPTY,
) -> bytes:
    head = CODEC.encode_header(a_header()) if header is None else header
    return bytes(32) + head + a + b + write_back + b"\xff" * 16


def record(sequence: int, *, card: CardNo = CARD) -> bytes:
    return CODEC.encode_order(an_order(sequence), card=card)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.record.title)
def test_samples_are_packed_and_unpacked_as_declared(sample: Sample) -> None:
    assert sample.record.pack(sample.values) == sample.raw
    assert sample.record.unpack(sample.raw) == sample.values


def test_the_records_fill_their_areas() -> None:
    assert [sample.record.size for sample in SAMPLES] == [16, 55, 56]


energies = st.integers(0, 2**32 - 1).map(Energy.from_card_units)
small_energies = st.integers(0, 2**24 - 1).map(Energy.from_card_units)
signed_energies = st.integers(-(2**31), 2**31 - 1).map(Energy.from_card_units)
moments = st.integers(0, 2**32 - 1).map(lambda s: datetime.fromtimestamp(EPOCH.timestamp() + s, UTC))
u16 = st.integers(0, 2**16 - 1)
u24 = st.integers(0, 2**24 - 1)
u32 = st.integers(0, 2**32 - 1)


@given(
    sequence=u32,
    total=energies,
    last=signed_energies,
    purchases=u24,
    limit=small_energies,
    desk=u16,
    sold_at=moments,
)
def test_every_order_that_fits_is_read_as_it_was_written(
    *,
    sequence: int,
    total: Energy,
    last: Energy,
    purchases: int,
    limit: Energy,
    desk: int,
    sold_at: datetime,
) -> None:
    parameters = replace(AN_ORDER.parameters, alarm_1=limit, overdraft=limit, overload_w=purchases, ct_ratio=desk)
    order = replace(
        AN_ORDER,
        sequence=sequence,
        energy_total=total,
        last_purchase=last,
        purchases=purchases,
        parameters=parameters,
        desk=DeskNo(desk),
        sold_at=sold_at,
    )
    image = CODEC.decode(an_image(a=CODEC.encode_order(order, card=CARD)))
    assert image.order == order


@given(
    number=u32,
    used=energies,
    remaining=signed_energies,
    power=u24,
    trips=u16,
    at=moments,
    flags=st.integers(0, 63),
)
def test_every_write_back_that_fits_is_read_as_it_was_written(
    *,
    number: int,
    used: Energy,
    remaining: Energy,
    power: int,
    trips: int,
    at: datetime,
    flags: int,
) -> None:
    written = replace(
        A_WRITE_BACK,
        sequence=number,
        running=number,
        used_total=used,
        remaining=remaining,
        power_max_w=power,
        overload_trips=trips,
        tamper_events=trips,
        meter_time=at,
        status=MeterStatus(flags),
    )
    image = CODEC.decode(an_image(write_back=CODEC.encode_write_back(written, card=CARD)))
    assert image.write_back == written
    assert image.write_back_state is RecordState.VALID


def test_a_write_back_is_cut_to_a_hundredth_of_a_kilowatt_hour_towards_zero() -> None:
    written = replace(A_WRITE_BACK, remaining=Energy(-15), used_total=Energy(19))
    image = CODEC.decode(an_image(write_back=CODEC.encode_write_back(written, card=CARD)))
    assert image.write_back is not None
    assert (image.write_back.remaining, image.write_back.used_total) == (Energy(-10), Energy(10))


@pytest.mark.parametrize(
    "changes",
    [
        {"sequence": 2**32},
        {"sequence": -1},
        {"generation": 2**16},
        {"energy_total": Energy.from_card_units(2**32)},
        {"energy_total": Energy(-10)},
        {"energy_total": Energy(5)},
        {"last_purchase": Energy.from_card_units(2**31)},
        {"purchases": 2**24},
        {"desk": DeskNo(2**16)},
        {"key_version": 256},
        {"sold_at": datetime(1999, 12, 31, tzinfo=UTC)},
        {"sold_at": datetime(2140, 1, 1, tzinfo=UTC)},
        {"meter": MeterNo("12345")},
        {"meter": MeterNo("00001234567x")},
        {"supply": SupplyNo("١٢٣٤٥٦٧٨")},
    ],
    ids=str,
)
def test_a_value_that_does_not_fit_its_field_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueDoesNotFit):
        CODEC.encode_order(replace(AN_ORDER, **changes), card=CARD)  # type: ignore[arg-type]


def test_a_parameter_finer_than_a_hundredth_of_a_kilowatt_hour_is_refused() -> None:
    parameters = replace(AN_ORDER.parameters, alarm_1=Energy(11))
    with pytest.raises(ValueDoesNotFit):
        CODEC.encode_order(replace(AN_ORDER, parameters=parameters), card=CARD)


@given(st.binary(min_size=256, max_size=256))
def test_any_256_bytes_are_some_card(raw: bytes) -> None:
    assert isinstance(CODEC.decode(raw), CardImage)


@given(st.binary(min_size=64, max_size=64), st.binary(min_size=64, max_size=64), st.binary(max_size=300))
def test_any_records_behind_our_header_are_judged(a: bytes, write_back: bytes, other: bytes) -> None:
    image = CODEC.decode(an_image(a=b"\x5a" + a[1:], b=a, write_back=write_back))
    assert image.state is ImageState.OURS
    assert image.order is None
    assert image.write_back is None
    assert CODEC.decode(other).state in ImageState


@given(st.integers(0, 63), st.integers(0, 7))
def test_one_changed_bit_makes_a_record_invalid(offset: int, bit: int) -> None:
    changed = bytearray(record(5))
    changed[offset] ^= 1 << bit
    image = CODEC.decode(an_image(a=bytes(changed)))
    assert image.order is None
    # Without its lowest bit the version is 0, which no key has.
    expected = {0: RecordState.TORN, KEY_VERSION_AT: RecordState.NO_KEY if bit else RecordState.BAD_MAC}
    assert image.slots[0].state is expected.get(offset, RecordState.BAD_MAC)


def test_the_higher_sequence_is_current() -> None:
    image = CODEC.decode(an_image(a=record(5), b=record(4)))
    assert image.current is not None
    assert (image.current.name, image.current.order) == ("A", an_order(5))


def test_an_order_copied_to_another_card_is_not_valid_there() -> None:
    image = CODEC.decode(an_image(a=record(5, card=OTHER_CARD)))
    assert image.slots[0].state is RecordState.BAD_MAC


def test_an_order_reflected_as_write_back_is_not_valid() -> None:
    """The labels differ, so the same bytes under the same key have another MAC."""
    body = record(5)[1:]
    image = CODEC.decode(an_image(write_back=body + b"\0"))
    assert image.write_back is None


@pytest.mark.parametrize("erased", [0x00, 0xFF])
def test_erased_places_are_empty(erased: int) -> None:
    place = bytes([erased]) * 64
    image = CODEC.decode(an_image(a=place, b=place, write_back=place))
    assert {slot.state for slot in image.slots} == {RecordState.EMPTY}
    assert image.write_back_state is RecordState.EMPTY


def test_a_record_of_a_key_version_that_is_not_in_the_vault_is_told_apart_from_a_forgery() -> None:
    new = Totals1(a_vault(1, 2), utility=UTILITY)
    raw = an_image(a=new.encode_order(replace(AN_ORDER, key_version=2), card=CARD))
    assert CODEC.decode(raw).slots[0].state is RecordState.NO_KEY
    assert new.decode(raw).order is not None


@pytest.mark.parametrize("version", [0x00, 0xFF])
def test_a_record_half_of_which_was_erased_is_made_under_no_key(version: int) -> None:
    """A card that lies while it is made blank leaves such records; nobody is to be asked for their keys."""
    half = record(5)[:48] + bytes([version]) * 16
    assert CODEC.decode(an_image(a=half)).slots[0].state is RecordState.BAD_MAC


def test_a_locked_vault_judges_nothing() -> None:
    vault = a_vault()
    codec = Totals1(vault, utility=UTILITY)
    raw = an_image(a=record(5))
    vault.lock()
    with pytest.raises(EnvironmentFault) as caught:
        codec.decode(raw)
    assert caught.value.code is Code.VAULT_LOCKED


@pytest.mark.parametrize("erased", [0x00, 0xFF])
def test_a_blank_card_is_blank_whatever_its_chip_area_says(erased: int) -> None:
    assert CODEC.decode(bytes(range(32)) + bytes([erased]) * 224).state is ImageState.BLANK


@pytest.mark.parametrize("at", [0x20, 0x6F, 0xEF, 0xFE])
def test_a_card_with_anything_on_it_is_not_blank(at: int) -> None:
    raw = bytearray(b"\xff" * 256)
    raw[at] = 0
    assert CODEC.decode(bytes(raw)).state is ImageState.FOREIGN


def test_a_blank_card_on_which_a_code_was_proved_is_still_blank() -> None:
    assert CODEC.decode(b"\xff" * 255 + b"\x00").state is ImageState.BLANK


@given(st.integers(0, 15), st.integers(0, 7))
def test_one_changed_bit_of_the_header_makes_the_card_foreign(offset: int, bit: int) -> None:
    header = bytearray(CODEC.encode_header(a_header()))
    header[offset] ^= 1 << bit
    assert CODEC.decode(an_image(header=bytes(header))).state is ImageState.FOREIGN


def test_a_card_of_another_utility_is_foreign() -> None:
    other = Totals1(a_vault(), utility=UTILITY + 1)
    assert other.decode(an_image(a=record(1))).state is ImageState.FOREIGN


@pytest.mark.parametrize("kind", CardKind)
def test_every_kind_of_card_is_read_back(kind: CardKind) -> None:
    header = replace(a_header(), kind=kind)
    assert CODEC.decode(an_image(header=CODEC.encode_header(header))).header == header


def test_a_card_that_gave_no_256_bytes_is_unreadable() -> None:
    assert CODEC.decode(b"\xff" * 255) == CardImage(ImageState.UNREADABLE, b"")


def test_the_areas_lie_one_after_the_other() -> None:
    assert [HEADER_AREA.end, SLOT_A.end, SLOT_B.end, WRITE_BACK_AREA.end] == [0x30, 0x70, 0xB0, 0xF0]
