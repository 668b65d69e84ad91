"""A DESFire card at the desk: made, sold to, written back on, broken anywhere, cleared and made again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice

import pytest

from tests.cardio.builders import (
    A_WRITE_BACK,
    CARD,
    MASTER,
    METER,
    OTHER_CARD,
    Counter,
    a_vault,
    a_write,
    an_issue,
    an_order,
    every_fault,
)
from tests.cardio.desfire.cards import again, office, refused
from vending_app.cardio.desfire.card import Desfire
from vending_app.cardio.desfire.commands import PICC, Generation
from vending_app.cardio.desfire.ev2 import Ev2Channel
from vending_app.cardio.desfire.keys import CardKey, factory_picc_key
from vending_app.cardio.desfire.plan import (
    AID,
    HEADER_FILE,
    HISTORY,
    HISTORY_FILE,
    HISTORY_KEPT,
    ORDER_FILE,
    WRITE_BACK_FILE,
    CardKeys,
    KeyNo,
)
from vending_app.cardio.desfire.status import Refused, Status
from vending_app.cardio.desfire_chip import DesfireChip
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.tool_layout import MANDATE_AREA, PLACE_SIZE
from vending_app.cardio.totals1_layout import SCRATCH, WRITE_BACK_AREA
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardHeader, CardImage, CardKind, CardWrite, ImageState, MeterStatus, RecordState
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.tool_card import FieldRecord, Limits, Mandate

LIMITS_SAMPLE = Limits(Energy(30_000), Energy(5_000), 4_000, Energy(0), Energy(900_000))
FIELD_SAMPLE = FieldRecord(
    meter=METER,
    running_low=78,
    sequence_low=42,
    used_total=Energy(5_001_000),
    remaining=Energy(25_880),
    zero_crossing=Energy(0),
    illegal_low=1,
    overload_low=2,
    tamper_low=4,
    status=MeterStatus(0),
    hour=datetime(2026, 3, 2, 18, 0, tzinfo=UTC),
)
UID = bytes.fromhex("04782E21801D80")
OTHER_UID = bytes.fromhex("04782E21801D81")
EACH_KIND = 5
"""Every so many-th fault: it has no part in common with the number of kinds, so that each has its turn all the way."""
ANY_GENERATION = pytest.mark.parametrize("generation", list(Generation))
LEAST = 15
"""UID, select, header; authenticate 2, order 2, write-back 2; order 2, history, commit; order again 2."""


@pytest.fixture(scope="module")
def counter() -> Counter:
    return Counter()


def a_mandate(number: int) -> Mandate:
    return Mandate(number, "N-3", None, date(2026, 3, 31), 4, 1)


def a_tool(
    counter: Counter, number: int, *, kind: CardKind = CardKind.CHECK, limits: Limits | None = None
) -> CardWrite:
    """The bytes that make a card this tool card."""
    record = counter.codec.encode_mandate(kind, a_mandate(number), card=CARD, limits=limits)
    return CardWrite(CARD, record, counter.codec.encode_header(CardHeader(kind, 7, CARD, 1)))


def a_blank(generation: Generation = Generation.EV2, uid: bytes = UID) -> EmulatedDesfire:
    return EmulatedDesfire.factory(uid, generation, entropy=counting())


def issued(counter: Counter, generation: Generation = Generation.EV2) -> EmulatedDesfire:
    card = a_blank(generation)
    counter.carry_out(card, an_issue())
    card.reset_counters()
    return card


def seen(counter: Counter, card: EmulatedDesfire) -> CardImage:
    with counter.session(card) as session:
        return session.read()


def keys(counter: Counter) -> CardKeys:
    return CardKeys(counter.vault, UID)


def opened(counter: Counter, card: EmulatedDesfire, number: KeyNo) -> Desfire:
    """Whoever has this key of the application."""
    desk = office(card)
    desk.select(AID)
    with keys(counter).of(number, 1) as key:
        desk.authenticate(number, key)
    return desk


# --- as it is meant ---------------------------------------------------------------------------------------------------


@ANY_GENERATION
def test_a_new_card_is_blank_and_becomes_a_customers_card(counter: Counter, generation: Generation) -> None:
    card = a_blank(generation)
    assert seen(counter, card).state is ImageState.BLANK
    counter.carry_out(card, an_issue())
    image = seen(counter, card)
    assert (image.state, image.is_proved, image.tries) == (ImageState.OURS, True, None)
    assert image.header is not None
    assert image.header.card == CARD
    assert image.order == an_order(1)
    assert image.write_back_state is RecordState.EMPTY
    assert image.raw == card.image


@ANY_GENERATION
def test_no_key_of_a_card_that_was_made_is_the_factorys_or_another_cards(
    counter: Counter, generation: Generation
) -> None:
    card, other = issued(counter, generation), a_blank(generation, OTHER_UID)
    counter.carry_out(other, an_issue(OTHER_CARD))
    found = [
        bytes(key.secret) for each in (card, other) for app in each.state.applications.values() for key in app.keys
    ]
    assert len(set(found)) == 2 * (1 + len(KeyNo))
    assert bytes(16) not in found
    assert {key.version for app in card.state.applications.values() for key in app.keys} == {1}


@ANY_GENERATION
def test_sale_after_sale_the_newest_order_stands_and_the_history_grows(
    counter: Counter, generation: Generation
) -> None:
    card = issued(counter, generation)
    for sequence in range(2, 10):
        counter.carry_out(card, a_write(sequence))
        assert seen(counter, card).order == an_order(sequence)
    desk = opened(counter, card, KeyNo.OFFICE)
    history = desk.run(HISTORY_FILE.read_records(HISTORY_KEPT))
    records = [history[at : at + HISTORY.size] for at in range(0, len(history), HISTORY.size)]
    told = [HISTORY.unpack(record).numbers for record in records]
    assert [each["sequence"] for each in told] == list(range(4, 10))
    assert told[-1] == {
        "sequence": 9,
        "energy_total": an_order().energy_total.card_units,
        "last_purchase": an_order().last_purchase.card_units,
        "sold_at": told[-1]["sold_at"],
    }


@pytest.mark.parametrize(
    ("generation", "commands"), [(Generation.EV1, LEAST + 1), (Generation.EV2, LEAST), (Generation.EV3, LEAST)]
)
def test_a_sale_takes_the_least_commands_and_one_more_where_the_card_is_asked_for_ev2(
    counter: Counter, generation: Generation, commands: int
) -> None:
    card = issued(counter, generation)
    counter.carry_out(card, a_write(2))
    assert card.apdus == commands


@ANY_GENERATION
def test_what_a_meter_writes_back_comes_home(counter: Counter, generation: Generation) -> None:
    card = issued(counter, generation)
    slot = EmulatedMeterSlot(card, vault=counter.vault)
    record = counter.codec.encode_write_back(A_WRITE_BACK, card=CARD)
    assert counter.codec.decode(slot.read()).order == an_order(1)
    assert slot.write_back(record, card=CARD, key_version=1)
    assert seen(counter, card).write_back == A_WRITE_BACK
    counter.carry_out(card, a_write(2))
    assert seen(counter, card).write_back == A_WRITE_BACK


def test_a_meter_of_another_office_writes_nothing_back(counter: Counter) -> None:
    card = issued(counter)
    slot = EmulatedMeterSlot(card, vault=SealedVault({1: bytearray(range(50, 66))}))
    assert not slot.write_back(b"\x11" * 64, card=CARD, key_version=1)
    assert card.image == seen(counter, card).raw
    assert not slot.write_place(0, b"\x11" * 32, card=CARD, key_version=1)


@pytest.mark.parametrize(
    ("number", "may_read", "may_write"),
    [
        (KeyNo.OFFICE, {1, 2}, {1}),
        (KeyNo.METER, {1, 2}, {2}),
        (KeyNo.APPLICATION, set[int](), set[int]()),
    ],
)
def test_each_key_opens_what_it_must_and_no_more(
    counter: Counter, number: KeyNo, may_read: set[int], may_write: set[int]
) -> None:
    for plan in (ORDER_FILE, WRITE_BACK_FILE):
        for is_allowed, command in (
            (plan.number in may_read, plan.read()),
            (plan.number in may_write, plan.write(b"\x11" * plan.size)),
        ):
            desk = opened(counter, issued(counter), number)
            if is_allowed:
                desk.run(command)
            else:
                with refused(Status.PERMISSION):
                    desk.run(command)


def test_who_has_no_key_reads_the_header_and_nothing_else(counter: Counter) -> None:
    desk = office(issued(counter))
    desk.select(AID)
    assert desk.run(HEADER_FILE.read(is_free=True)) == an_issue().header
    for plan in (ORDER_FILE, WRITE_BACK_FILE):
        with refused(Status.AUTHENTICATION):
            desk.run(plan.read())
    with refused(Status.AUTHENTICATION):
        desk.run(HEADER_FILE.write(bytes(16)))


def test_no_session_key_outlives_the_session(counter: Counter) -> None:
    card = issued(counter)
    with counter.session(card) as session:
        session.read()
        chip = session._chip
        assert isinstance(chip, DesfireChip)
        channel = chip._card._channel
        assert isinstance(channel, Ev2Channel)
        assert any(channel._enc.secret)
    assert not any(channel._enc.secret)
    assert not any(channel._mac.secret)


def test_an_order_under_newer_keys_goes_onto_a_card_under_older_ones() -> None:
    counter = Counter(vault=SealedVault({1: bytearray(MASTER), 2: bytearray(range(20, 36))}))
    card = a_blank()
    counter.carry_out(card, an_issue())
    newer = an_order(2, key_version=2)
    counter.carry_out(card, CardWrite(CARD, counter.codec.encode_order(newer, card=CARD), key_version=2))
    assert seen(counter, card).order == newer
    record = counter.codec.encode_write_back(A_WRITE_BACK, card=CARD)
    assert EmulatedMeterSlot(card, vault=counter.vault).write_back(record, card=CARD, key_version=1)


# --- cards that are not ours ------------------------------------------------------------------------------------------


def with_strange_key(kind: str) -> EmulatedDesfire:
    card = a_blank()
    desk = office(card)
    desk.authenticate(0, factory_picc_key())
    desk.change_picc_key(CardKey(b"\x77" * 16, version={"unknown version": 9, "factory version": 0, "ours": 1}[kind]))
    return card


@pytest.mark.parametrize("kind", ["unknown version", "factory version", "ours"])
def test_a_card_under_somebody_elses_key_is_foreign_and_never_taken(counter: Counter, kind: str) -> None:
    card = with_strange_key(kind)
    before = card.state.to_bytes()
    assert seen(counter, card).state is ImageState.FOREIGN
    with pytest.raises(OperatorError) as refusal:
        counter.carry_out(card, an_issue())
    assert refusal.value.code is Code.CARD_NOT_BLANK
    assert card.state.to_bytes() == before


def test_a_card_of_another_office_with_our_numbers_is_foreign(counter: Counter) -> None:
    other = Counter(vault=SealedVault({1: bytearray(range(50, 66))}))
    card = a_blank()
    issue = an_issue()
    other.carry_out(card, replace(issue, record=other.codec.encode_order(an_order(1), card=CARD)))
    assert seen(counter, card).state is ImageState.FOREIGN
    with pytest.raises(OperatorError):
        counter.carry_out(card, a_write(2))


def test_a_copy_of_all_that_can_be_read_is_foreign(counter: Counter) -> None:
    """Another UID has other keys: what was made for one card opens no other."""
    card = issued(counter)
    state = card.state
    state.uid = OTHER_UID
    copy = again(card)
    copy._store.save(state)
    copy.power_off()
    assert seen(counter, copy).state is ImageState.FOREIGN


def test_a_card_of_another_utility_is_foreign_whatever_keys_it_has(counter: Counter) -> None:
    card = a_blank()
    header = counter.codec.encode_header(CardHeader(CardKind.USER, 8, CARD, 5))
    counter.carry_out(card, an_issue())
    opened(counter, card, KeyNo.APPLICATION).run(HEADER_FILE.write(header))
    assert seen(counter, card).state is ImageState.FOREIGN


@ANY_GENERATION
def test_a_card_with_an_application_of_somebody_else_is_not_blank(generation: Generation) -> None:
    """Its purse would stay under a key that nobody else knows any more."""
    counter, card = Counter(), a_blank(generation)
    office(card).create_application(bytes.fromhex("112233"), settings=0x0F, keys=1)
    card.power_off()
    before = card.state.to_bytes()
    assert seen(counter, card).state is ImageState.FOREIGN
    with pytest.raises(OperatorError) as refused:
        counter.carry_out(card, an_issue())
    assert (refused.value.code, card.state.to_bytes()) == (Code.CARD_NOT_BLANK, before)


def test_keys_of_a_version_that_this_office_lost_are_said_to_be_missing(counter: Counter) -> None:
    newer = Counter(vault=a_vault(1, 2))
    card = a_blank()
    header = newer.codec.encode_header(CardHeader(CardKind.USER, 7, CARD, 2))
    newer.carry_out(card, replace(an_issue(), header=header, key_version=2))
    with counter.session(card) as session:
        with pytest.raises(EnvironmentFault) as missing:
            session.read()
        told = session.outline()
    assert missing.value.code is Code.KEY_VERSION_UNKNOWN
    assert (told.header, told.raw) == (CardHeader(CardKind.USER, 7, CARD, 2), newer_image(newer, card)[: len(told.raw)])
    assert (told.slots, told.write_back_state) == ((), RecordState.NO_KEY), "what nobody read is not called empty"


def newer_image(counter: Counter, card: EmulatedDesfire) -> bytes:
    return seen(counter, card).raw


def test_a_card_that_took_the_place_of_another_tells_nothing_for_it(counter: Counter) -> None:
    with counter.session(a_blank()) as session, pytest.raises(OperatorError) as swapped:
        session.outline()
    assert swapped.value.code is Code.CARD_SWAPPED


def test_a_card_that_is_no_desfire_is_unreadable(counter: Counter) -> None:
    class Passport(EmulatedDesfire):
        def exchange(self, apdu: bytes) -> bytes:
            return b"\x6d\x00" if apdu[0] == 0x90 else super().exchange(apdu)

    card = Passport.factory(UID, Generation.EV2, entropy=counting())
    assert seen(counter, card).state is ImageState.UNREADABLE


def test_a_reader_that_does_not_tell_the_uid_lets_the_card_tell_it(counter: Counter) -> None:
    class Shy(EmulatedDesfire):
        def exchange(self, apdu: bytes) -> bytes:
            return b"\x6a\x81" if apdu[0] == 0xFF else super().exchange(apdu)

    card = Shy.factory(UID, Generation.EV3, entropy=counting())
    counter.carry_out(card, an_issue())
    assert seen(counter, card).order == an_order(1)


# --- tool cards -------------------------------------------------------------------------------------------------------


@ANY_GENERATION
def test_a_tool_card_is_made_read_by_its_meter_and_made_anew(counter: Counter, generation: Generation) -> None:
    card = a_blank(generation)
    made = a_tool(counter, 18)
    counter.carry_out(card, made)
    image = seen(counter, card)
    assert image.tool is not None
    assert image.tool.mandate == a_mandate(18)
    assert [place.state for place in image.tool.places] == [RecordState.EMPTY] * 5
    record = counter.codec.encode_field_record(FIELD_SAMPLE, mandate=a_mandate(18), card=CARD)
    slot = EmulatedMeterSlot(card, vault=counter.vault)
    assert slot.write_place(0, record, card=CARD, key_version=1)
    image = seen(counter, card)
    assert image.tool is not None
    assert image.tool.places[0].record == FIELD_SAMPLE
    anew = a_tool(counter, 19, kind=CardKind.PARAMETER, limits=LIMITS_SAMPLE)
    counter.carry_out(card, anew)
    image = seen(counter, card)
    assert image.header is not None
    assert image.tool is not None
    assert (image.header.kind, image.tool.mandate, image.tool.limits) == (
        CardKind.PARAMETER,
        a_mandate(19),
        LIMITS_SAMPLE,
    )
    assert [place.state for place in image.tool.places] == [RecordState.EMPTY] * 4
    assert set(card.image[MANDATE_AREA.end + len(anew.record) - PLACE_SIZE : SCRATCH.address]) == {0xFF}


def test_a_meter_can_write_nothing_but_places_on_it_and_a_customers_card_has_none(counter: Counter) -> None:
    tool, customers = a_blank(), a_blank(uid=OTHER_UID)
    counter.carry_out(tool, a_tool(counter, 18))
    counter.carry_out(customers, an_issue(OTHER_CARD))
    assert tool.opens(counter.vault, card=CARD, key_version=1)
    with pytest.raises(Refused):
        tool.put(MANDATE_AREA.address, bytes(2 * PLACE_SIZE))
    with pytest.raises(Refused):
        tool.put(WRITE_BACK_AREA.address, bytes(WRITE_BACK_AREA.size))
    assert customers.opens(counter.vault, card=OTHER_CARD, key_version=1)
    with pytest.raises(Refused):
        customers.put(MANDATE_AREA.end, bytes(PLACE_SIZE))


def test_a_tool_card_that_broke_anywhere_is_finished_by_the_identical_bytes(counter: Counter) -> None:
    card = a_blank()
    write = a_tool(counter, 18)
    card.reset_counters()
    counter.carry_out(card, write)
    whole = card.image
    faults = list(islice(every_fault(apdus=card.apdus, programmed=card.all_bytes_programmed), 0, None, EACH_KIND))
    assert {fault.kind for fault in faults} == {FaultKind.PULL_BEFORE, FaultKind.ANSWER_LOST, FaultKind.TEAR}
    for fault in faults:
        card = a_blank()
        counter.broken(card, write, fault)
        card.put_back()
        counter.carry_out(card, write)
        assert card.image == whole, fault


# --- broken anywhere --------------------------------------------------------------------------------------------------


def broken(counter: Counter, card: EmulatedDesfire, write: CardWrite, fault: Fault) -> VendingError:
    card.arm(fault)
    with pytest.raises(VendingError) as error:
        counter.carry_out(card, write)
    card.arm(None)
    return error.value


@ANY_GENERATION
def test_a_sale_broken_anywhere_leaves_the_order_before_or_the_new_one_and_is_finished(
    counter: Counter, generation: Generation
) -> None:
    start, write = issued(counter, generation), a_write(2)
    apdus, programmed = counter.cost(again(start), write)
    for fault in every_fault(apdus=apdus, programmed=programmed):
        card = again(start)
        error = broken(counter, card, write, fault)
        order = seen(counter, card).order
        assert order in (an_order(1), an_order(2)), fault
        if order == an_order(2):
            assert isinstance(error, OutcomeUnknown), f"{fault}: it took effect, and the desk was told that it did not"
        counter.carry_out(card, write)
        assert seen(counter, card).order == an_order(2), fault
        history = opened(counter, card, KeyNo.OFFICE).run(HISTORY_FILE.read_records(2))
        assert [HISTORY.unpack(history[at : at + 16]).numbers["sequence"] for at in (0, 16)] == [1, 2], fault


def test_a_break_before_the_commit_is_known_to_have_changed_nothing(counter: Counter) -> None:
    start, write = issued(counter), a_write(2)
    for at in range(1, LEAST - 2):
        card = again(start)
        assert broken(counter, card, write, Fault(FaultKind.PULL_BEFORE, at)).code is Code.CARD_REMOVED
        assert card.state.to_bytes() == start.state.to_bytes()


@ANY_GENERATION
def test_a_card_left_half_made_anywhere_is_recognised_and_finished(counter: Counter, generation: Generation) -> None:
    start, write = a_blank(generation), an_issue()
    apdus, programmed = counter.cost(again(start), write)
    whole = again(start)
    counter.carry_out(whole, write)
    for fault in islice(every_fault(apdus=apdus, programmed=programmed), 0, None, EACH_KIND):
        card = again(start)
        broken(counter, card, write, fault)
        image = seen(counter, card)
        assert counter.codec.may_become(image, write), fault
        counter.carry_out(card, write)
        assert card.state.to_bytes() == whole.state.to_bytes(), fault


def test_a_half_made_card_that_nobody_has_data_on_is_blank_and_may_become_another_card(counter: Counter) -> None:
    start, write, other = a_blank(), an_issue(), an_issue(OTHER_CARD)
    apdus, _ = counter.cost(again(start), write)
    for at in range(1, apdus + 1):
        card = again(start)
        broken(counter, card, write, Fault(FaultKind.ANSWER_LOST, at))
        if seen(counter, card).state is ImageState.BLANK:
            counter.carry_out(card, other)
            image = seen(counter, card)
            assert (image.header is not None and image.header.card, image.order) == (OTHER_CARD, an_order(1)), at


def test_a_meter_takes_nothing_from_a_half_made_card(counter: Counter) -> None:
    start, write = a_blank(), an_issue()
    apdus, _ = counter.cost(again(start), write)
    for at in range(1, apdus + 1):
        card = again(start)
        broken(counter, card, write, Fault(FaultKind.PULL_BEFORE, at))
        card.put_back()
        image = counter.codec.decode(card.image)
        if image.header is not None:
            assert image.order == an_order(1), at
            assert card.opens(counter.vault, card=CARD, key_version=1), at


# --- cleared, and made again ------------------------------------------------------------------------------------------


@ANY_GENERATION
def test_a_cleared_card_is_blank_and_is_issued_anew(counter: Counter, generation: Generation) -> None:
    card = issued(counter, generation)
    counter.carry_out(card, a_write(2))
    with counter.session(card) as session:
        session.read()
        session.clear(CARD)
    assert set(card.state.applications) == {PICC}
    assert seen(counter, card).state is ImageState.BLANK
    counter.carry_out(card, an_issue(OTHER_CARD))
    image = seen(counter, card)
    assert image.header is not None
    assert (image.header.card, image.order, image.write_back_state) == (OTHER_CARD, an_order(1), RecordState.EMPTY)


def test_a_card_cleared_after_a_roll_over_is_made_under_the_new_keys() -> None:
    counter = Counter(vault=SealedVault({1: bytearray(MASTER), 2: bytearray(range(20, 36))}))
    card = a_blank()
    counter.carry_out(card, an_issue())
    counter.carry_out(card, a_write(2))
    with counter.session(card) as session:
        session.read()
        session.clear(CARD)
    header = counter.codec.encode_header(CardHeader(CardKind.USER, 7, OTHER_CARD, 2))
    record = counter.codec.encode_order(an_order(1, key_version=2), card=OTHER_CARD)
    counter.carry_out(card, CardWrite(OTHER_CARD, record, header, key_version=2))
    assert {key.version for app in card.state.applications.values() for key in app.keys} == {2}
    assert seen(counter, card).order == an_order(1, key_version=2)
