"""Tool cards: mandate, limits and collected records; any bytes decode, and an issue torn anywhere is finished."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cardio.builders import CARD, METER, OTHER_CARD, UTILITY, Counter, a_codec, a_vault, every_fault
from tests.cardio.test_tears import psc_byte_numbers, twin
from vending_app.cardio.dialects import ALL_TRIES
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.layout import ValueDoesNotFit
from vending_app.cardio.tool_layout import TOOL_SAMPLES, places_of
from vending_app.cardio.totals1_layout import Sample
from vending_app.domain.card import CardHeader, CardKind, CardWrite, ImageState, MeterStatus, RecordState
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, MeterNo
from vending_app.domain.tool_card import FieldRecord, Limits, Mandate

MANDATE = Mandate(17, "N-3", None, date(2026, 3, 7), 4, 1)
CLEAR_MANDATE = replace(MANDATE, area="", meter=METER)
LIMITS = Limits(Energy(20_000), Energy(5_000), 6_000, Energy(0), Energy(5_000_000))
RECORD = FieldRecord(
    meter=METER,
    running_low=78,
    sequence_low=42,
    used_total=Energy(5_001_000),
    remaining=Energy(-10),
    zero_crossing=Energy(2_560),
    illegal_low=1,
    overload_low=2,
    tamper_low=4,
    status=MeterStatus.RELAY_OPEN,
    hour=datetime(2026, 3, 2, 12, tzinfo=UTC),
)
KINDS = {CardKind.CHECK: MANDATE, CardKind.PARAMETER: MANDATE, CardKind.CLEAR: CLEAR_MANDATE}


def a_tool_write(kind: CardKind, *, card: CardNo = CARD, number: int = 17) -> CardWrite:
    codec = a_codec()
    limits = LIMITS if kind is CardKind.PARAMETER else None
    record = codec.encode_mandate(kind, replace(KINDS[kind], number=number), card=card, limits=limits)
    return CardWrite(card, record, codec.encode_header(CardHeader(kind, UTILITY, card, 1)))


def an_issued(counter: Counter, kind: CardKind, *records: FieldRecord) -> EmulatedCard:
    """A tool card on which meters left these records."""
    card = counter.issued_card(a_tool_write(kind))
    image = counter.codec.decode(card.image)
    assert image.tool is not None
    for place, record in zip(image.tool.places, records, strict=False):
        raw = counter.codec.encode_field_record(record, mandate=KINDS[kind], card=CARD)
        assert EmulatedMeterSlot(card, vault=a_vault()).write_place(place.number, raw, card=CARD, key_version=1)
    card.reset_counters()
    return card


@pytest.fixture(scope="module")
def counter() -> Counter:
    return Counter()


@pytest.mark.parametrize("sample", TOOL_SAMPLES, ids=lambda sample: sample.record.title)
def test_the_samples_are_written_field_by_field_as_the_tables_say(sample: Sample) -> None:
    assert sample.record.pack(sample.values) == sample.raw
    assert sample.record.unpack(sample.raw) == sample.values


@pytest.mark.parametrize(("kind", "places"), [(CardKind.CHECK, 5), (CardKind.PARAMETER, 4), (CardKind.CLEAR, 5)])
def test_an_issued_card_says_what_it_is_for(counter: Counter, kind: CardKind, places: int) -> None:
    image = counter.codec.decode(an_issued(counter, kind).image)
    assert image.header == CardHeader(kind, UTILITY, CARD, 1)
    assert image.tool is not None
    assert image.tool.mandate == KINDS[kind]
    assert image.tool.limits == (LIMITS if kind is CardKind.PARAMETER else None)
    assert [place.state for place in image.tool.places] == [RecordState.EMPTY] * places
    assert (image.slots, image.order, image.write_back) == ((), None, None)


def test_a_record_of_a_meter_is_read_as_it_was_written(counter: Counter) -> None:
    other = replace(RECORD, meter=MeterNo("999999999999"), remaining=Energy(2**31 * 10 - 10))
    image = counter.codec.decode(an_issued(counter, CardKind.PARAMETER, RECORD, other).image)
    assert image.tool is not None
    assert [place.record for place in image.tool.records] == [RECORD, other]
    assert [place.number for place in image.tool.records] == [1, 2]


@pytest.mark.parametrize("kind", KINDS)
def test_every_bit_of_mandate_limits_and_record_counts(counter: Counter, kind: CardKind) -> None:
    raw = an_issued(counter, kind, RECORD).image
    whole = counter.codec.decode(raw).tool
    assert whole is not None
    proved = range(0x30, places_of(kind)[0].end)
    for address in proved:
        for bit in range(8):
            changed = bytearray(raw)
            changed[address] ^= 1 << bit
            tool = counter.codec.decode(bytes(changed)).tool
            assert tool is not None
            assert tool.mandate is None or not tool.records, hex(address)


def test_a_mandate_holds_for_one_purpose_on_one_card_alone(counter: Counter) -> None:
    codec = counter.codec
    raw = bytearray(an_issued(counter, CardKind.CHECK).image)
    for header in (
        CardHeader(CardKind.PARAMETER, UTILITY, CARD, 1),
        CardHeader(CardKind.CHECK, UTILITY, OTHER_CARD, 1),
    ):
        raw[0x20:0x30] = codec.encode_header(header)
        tool = codec.decode(bytes(raw)).tool
        assert tool is not None
        assert tool.mandate is None


def test_a_record_holds_under_one_mandate_alone(counter: Counter) -> None:
    raw = bytearray(an_issued(counter, CardKind.CHECK, RECORD).image)
    raw[0x30:0x50] = a_tool_write(CardKind.CHECK, number=18).record
    tool = counter.codec.decode(bytes(raw)).tool
    assert tool is not None
    assert tool.mandate == replace(MANDATE, number=18)
    assert tool.records == ()


def test_a_card_under_an_unknown_key_version_is_told_as_that(counter: Counter) -> None:
    raw = an_issued(counter, CardKind.CHECK).image
    tool = a_codec(a_vault(2)).decode(raw).tool
    assert tool is not None
    assert (tool.state, tool.mandate) == (RecordState.NO_KEY, None)


@given(st.binary(min_size=192, max_size=192), st.sampled_from(list(KINDS)), st.booleans())
def test_any_bytes_behind_a_header_decode(rest: bytes, kind: CardKind, has_mandate: bool) -> None:
    codec, write = a_codec(), a_tool_write(kind)
    body = write.record + rest[len(write.record) :] if has_mandate else rest
    image = codec.decode(bytes(32) + write.header + body + bytes(16))
    assert image.state is ImageState.OURS
    assert image.tool is not None
    assert (image.tool.mandate is not None) is has_mandate
    assert not image.tool.records


@pytest.mark.parametrize("area", ["NINE-LONG", "Zürich"])
def test_an_area_that_does_not_fit_is_refused(area: str) -> None:
    with pytest.raises(ValueDoesNotFit):
        a_codec().encode_mandate(CardKind.CHECK, replace(MANDATE, area=area), card=CARD)


def a_returned(counter: Counter) -> EmulatedCard:
    return an_issued(counter, CardKind.CHECK, RECORD, replace(RECORD, meter=MeterNo("000012345679")))


FLOWS: dict[str, tuple[Callable[[Counter], EmulatedCard], CardKind]] = {
    "a blank card becomes a check card": (lambda _: EmulatedCard.blank(), CardKind.CHECK),
    "a blank card becomes a parameter card": (lambda _: EmulatedCard.blank(), CardKind.PARAMETER),
    "a check card goes out again": (a_returned, CardKind.CHECK),
    "a check card becomes a parameter card": (a_returned, CardKind.PARAMETER),
    "a check card becomes a clear card": (a_returned, CardKind.CLEAR),
}


@pytest.mark.parametrize("flow", FLOWS)
def test_an_issue_torn_anywhere_is_finished_by_the_identical_bytes_or_burns_no_card(
    counter: Counter, flow: str
) -> None:
    make, kind = FLOWS[flow]
    start, write = make(counter), a_tool_write(kind, number=18)
    apdus, programmed = counter.cost(twin(start), write)
    faults = every_fault(apdus=apdus, programmed=programmed)
    refused = {fault.at for fault in faults if not is_finished_after(counter, twin(start), fault, write)}
    is_blank = counter.codec.decode(start.image).state is ImageState.BLANK
    assert refused <= {1, 2, *psc_byte_numbers(programmed)} if is_blank else not refused


def is_finished_after(counter: Counter, card: EmulatedCard, fault: Fault, write: CardWrite) -> bool:
    """Torn, then carried out again: the mandate was the old one, the new one or none, and at the end the new one."""
    before, wanted = counter.codec.decode(card.image).tool, counter.codec.decode(bytes(32) + whole_of(write)).tool
    assert counter.broken(card, write, fault) is not None, fault
    torn = counter.codec.decode(card.image)
    assert torn.tool is None or torn.tool.mandate is None or torn.tool in (before, wanted), fault
    if error := counter.broken(card, write, Fault(FaultKind.PULL_BEFORE, 10_000)):
        assert error.code in {Code.CARD_LAST_TRY, Code.PSC_WRONG}, fault
        assert card.chip.error_counter.bit_count() >= 1, fault
        return False
    assert counter.codec.decode(card.image).tool == wanted, fault
    assert card.chip.error_counter == ALL_TRIES, fault
    return True


def whole_of(write: CardWrite) -> bytes:
    return (write.header + write.record).ljust(224, b"\xff")


def test_a_customers_card_never_becomes_a_tool_card(counter: Counter) -> None:
    card = counter.issued_card()
    before = card.image
    with pytest.raises(OperatorError) as refused:
        counter.carry_out(card, a_tool_write(CardKind.CHECK, card=OTHER_CARD))
    assert refused.value.code is Code.CARD_NOT_BLANK
    assert card.image == before


def test_a_card_that_is_complete_is_left_alone_with_what_meters_wrote(counter: Counter) -> None:
    card = an_issued(counter, CardKind.CHECK, RECORD)
    before = card.image
    counter.carry_out(card, a_tool_write(CardKind.CHECK))
    assert card.image == before
