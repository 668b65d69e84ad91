"""A card is looked at from all sides, and mended from the books: the identical bytes, by two people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf, a_desk
from tests.services.test_supply_desk import Technician
from tests.services.test_tool_cards import Street
from vending_app.bench.world import CASHIER, MOMENT, SUPERVISOR, SUPPLY, TECHNICIAN, World, built_in, make_world
from vending_app.cardio.builtin import BUILT_IN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.emulated.store import FileStore
from vending_app.cardio.totals1_layout import HEADER_AREA, SLOT_A, SLOT_B, SLOTS
from vending_app.commands import card_dump
from vending_app.domain.card import CardWrite
from vending_app.domain.errors import Code, EnvironmentFault, OutcomeUnknown
from vending_app.domain.ids import SaleId
from vending_app.domain.money import Money
from vending_app.domain.permissions import Act
from vending_app.domain.verdict import Verdict
from vending_app.services.counter import Counter
from vending_app.services.diagnosis_cases import Compared, Comparison, DiagnoseCard, Diagnosis, RepairCard
from vending_app.services.use_cases import IssueCard, OpenShift, ReadCard, Sell
from vending_app.ui.details.diagnosis_words import (
    beside_remark,
    facts_of,
    past_of,
    said,
    support_shape,
    why_uncompared,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskOf]:
    """A card with two sales on it, and a technician at the desk."""
    with a_desk(tmp_path) as made:
        made.sell("50.00")
        made.sell("20.00")
        made.counter.operator = TECHNICIAN
        yield made


def look(desk: DeskOf) -> Diagnosis:
    return look_at(desk.counter)


def look_at(counter: Counter) -> Diagnosis:
    found = counter.do(DiagnoseCard())
    assert isinstance(found, Diagnosis)
    return found


def spoil(desk: DeskOf, address: int, data: bytes) -> None:
    """As wear and other people's programs do it: bytes change, and nobody knows."""
    store = FileStore(desk.world.card_file)
    for offset, value in enumerate(data):
        store.put(address + offset, value)


def by_two(counter: Counter) -> RepairCard:
    """The supervisor's word, as it is given with his secret."""
    asked = for_repair(look_at(counter))
    given = counter.approvals.give(asked, SUPERVISOR, operator=TECHNICIAN, act=Act.REPAIR_CARD)
    return replace(asked, approval=given.id)


def for_repair(found: Diagnosis) -> RepairCard:
    """What the page asks for that card; of one that lacks nothing no sale is known."""
    return RepairCard(found.repair.id if found.repair is not None else SaleId(""))


def repairs(desk: DeskOf) -> Diagnosis:
    found = desk.counter.do(by_two(desk.counter))
    assert isinstance(found, Diagnosis)
    return found


def order_on(desk: DeskOf) -> int:
    order = desk.world.codec.decode(desk.card.image).order
    assert order is not None
    return order.sequence


def test_a_good_card_says_what_the_books_say(desk: DeskOf) -> None:
    found = look(desk)
    assert found.reading.verdict is Verdict.READY
    assert {each.what for each in found.compared if not each.is_equal} == set()
    assert {each.what for each in found.compared} >= set(Compared) - {Compared.READ_LAST, Compared.PAST_ORDERS}
    assert found.repair is None
    assert found.atr.hex() == "3b04a2131091"
    assert b"".join(field.raw for field in found.fields) == desk.card.image
    assert said(found).endswith("It says what the books say.")
    assert dict(facts_of(found))["Tries left"] == "3"


def test_nobody_mends_a_card_alone_nor_one_that_lacks_nothing(desk: DeskOf) -> None:
    alone = for_repair(look(desk))
    assert desk.refusal(alone) is Code.APPROVAL_NEEDED
    assert desk.refusal(by_two(desk.counter)) is Code.CARD_NOT_REPAIRABLE
    desk.counter.operator = CASHIER
    assert desk.refusal(alone) is Code.PERMISSION_DENIED


def test_a_repair_is_approved_for_the_card_that_was_shown(tmp_path: Path) -> None:
    """Both cards lack their newest order; the one that the supervisor saw is taken out, and the other put in."""
    with a_desk(tmp_path) as desk:
        street = Street(desk, tmp_path).settle_in(2)
        desk.counter.operator = TECHNICIAN
        for file in (desk.world.card_file, tmp_path / "card-1.bin"):
            store = FileStore(file)
            for slot in SLOTS:
                store.put(slot.address, 0xFF)
        shown, other = (house.card for house in street.houses)
        street.puts_in(shown)
        asked = by_two(desk.counter)
        street.puts_in(other)
        assert look(desk).repair is not None
        assert desk.refusal(asked) is Code.CARD_SWAPPED
        street.puts_in(shown)
        mended = desk.counter.do(asked)
        assert isinstance(mended, Diagnosis)
        assert mended.repair is None


class Sundial:
    """A clock that somebody sets back whenever it is looked at, and stretches too."""

    def __init__(self) -> None:
        self.hour = 0

    def __call__(self) -> datetime:
        self.hour += 1
        return MOMENT - timedelta(hours=self.hour)


def test_the_time_of_reading_is_the_readers_own(desk: DeskOf) -> None:
    counter = Counter(replace(desk.counter.outside, clock=Sundial()))
    counter.operator = TECHNICIAN
    assert 0 <= look_at(counter).milliseconds < 60_000


@pytest.mark.parametrize("kind", range(6))
@pytest.mark.parametrize("is_proved", [True, False])
def test_support_learns_no_number_of_a_card_with_a_damaged_header(desk: DeskOf, kind: int, is_proved: bool) -> None:
    """Its byte of the kind is damaged too, and says that something else stands in the records."""
    before, order = desk.card.image, look(desk).reading.image.order
    assert order is not None
    spoil(desk, HEADER_AREA.address + HEADER_AREA.size - 1, bytes([before[HEADER_AREA.end - 1] ^ 1]))
    spoil(desk, HEADER_AREA.address + 3, bytes([kind]))
    for slot in () if is_proved else SLOTS:
        spoil(desk, slot.end - 1, bytes([before[slot.end - 1] ^ 1]))
    found = look(desk)
    assert found.lost_header is is_proved
    leaves = "".join(field["bytes"].replace(" ", "") for field in support_shape(found)["fields"])
    for slot in SLOTS:
        assert before[slot.end - 8 : slot.end - 3].hex().upper() not in leaves
    assert order.meter not in leaves
    assert order.supply not in leaves
    told = {(field.place, field.name) for field in found.fields}
    assert {("A", "energy_total"), ("write-back", "used_total")} <= told
    assert (f"{order.energy_total} kWh" in json.dumps(support_shape(found))) is is_proved


def slot_of_newest(desk: DeskOf) -> int:
    slots = desk.world.codec.decode(desk.card.image).slots
    newest = max(slots, key=lambda slot: slot.order.sequence if slot.order else 0)
    return next(area.address for area in SLOTS if area.name == newest.name)


@pytest.mark.parametrize("how", ["newest damaged", "both damaged", "both erased", "older image"])
def test_the_newest_order_is_written_again_with_the_identical_bytes(desk: DeskOf, how: str) -> None:
    before, at = desk.card.image, slot_of_newest(desk)
    if how == "newest damaged":
        spoil(desk, at + 20, b"\x00\x11\x22")
    elif how == "both damaged":
        for area in (SLOT_A, SLOT_B):
            spoil(desk, area.address + 20, b"\x00\x11\x22")
    elif how == "both erased":
        for area in (SLOT_A, SLOT_B):
            spoil(desk, area.address, b"\xff" * area.size)
    else:
        spoil(desk, at, b"\xff" * SLOT_A.size)
    found = look(desk)
    assert found.repair is not None
    assert "can be written again" in said(found)
    mended = repairs(desk)
    assert mended.repair is None
    assert found.repair.intent.write.record in {area.of(desk.card.image) for area in SLOTS}
    assert order_on(desk) == found.repair.intent.order.sequence
    if how in {"newest damaged", "older image"}:
        assert desk.card.image == before
    assert desk.counter.outside.ledger.verify().is_ok
    row = desk.counter.outside.ledger._books.one("SELECT sale, card FROM card_repairs")  # type: ignore[attr-defined]
    assert row == {"sale": found.repair.id, "card": found.repair.intent.write.card}


def test_a_locked_card_lacks_something_but_nothing_is_written_on_it_again(desk: DeskOf) -> None:
    spoil(desk, slot_of_newest(desk), b"\xff" * SLOT_A.size)
    for _ in range(2):
        desk.card.chip.present(b"\1\2\3")
    found = look(desk)
    assert (found.reading.verdict, found.repair) == (Verdict.LOCKED, None)
    assert desk.refusal(by_two(desk.counter)) is Code.CARD_LAST_TRY


def test_no_energy_comes_of_it(desk: DeskOf) -> None:
    ledger = desk.counter.outside.ledger
    before = ledger.supply(SUPPLY, today=desk.counter.reading.today())
    spoil(desk, slot_of_newest(desk) + 20, b"\x00\x11\x22")
    repairs(desk)
    after = ledger.supply(SUPPLY, today=desk.counter.reading.today())
    assert replace(after) == before
    desk.counter.operator = CASHIER
    assert desk.sell("10.00").sale.intent.order.sequence == before.sequence + 1


def test_torn_on_the_way_it_is_done_again(desk: DeskOf) -> None:
    spoil(desk, slot_of_newest(desk) + 20, b"\x00\x11\x22")
    asked = by_two(desk.counter)
    desk.card.arm(Fault(FaultKind.TEAR, 4, Residue.MIXED))
    with pytest.raises(OutcomeUnknown):
        desk.counter.do(asked)
    desk.reinsert()
    assert look(desk).repair is not None
    assert repairs(desk).repair is None
    assert look(desk).reading.verdict is Verdict.READY


def test_an_interrupted_sale_is_finished_first(desk: DeskOf) -> None:
    desk.counter.operator = CASHIER
    desk.interrupt(Fault(FaultKind.TEAR, 6))
    desk.counter.operator = TECHNICIAN
    found = look(desk)
    assert found.repair is None
    assert "A sale waits to be written on it" in said(found)
    assert beside_remark(found) != "equal"
    assert desk.refusal(by_two(desk.counter)) is Code.SALE_INTERRUPTED


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault(FaultKind.PULL_UNWRITTEN, 1), "A sale waits to be written on it."),
        (Fault(FaultKind.PULL_UNCHECKED), "A sale waits to be written on it: it stands there already"),
    ],
)
def test_a_card_never_says_what_the_books_say_while_a_sale_waits(desk: DeskOf, fault: Fault, says: str) -> None:
    desk.counter.operator = CASHIER
    desk.interrupt(fault)
    desk.counter.operator = TECHNICIAN
    found = look(desk)
    assert says in said(found)
    assert "what the books say" not in said(found)
    assert beside_remark(found) != "equal"


@pytest.mark.parametrize("damage", [b"\x00" * 4, b"\xff" * HEADER_AREA.size, bytes(range(HEADER_AREA.size))])
def test_a_lost_header_is_written_again_on_the_card_that_its_orders_prove(desk: DeskOf, damage: bytes) -> None:
    before = desk.card.image
    spoil(desk, HEADER_AREA.address, damage)
    found = look(desk)
    assert (found.reading.verdict, found.lost_header, found.compared) == (Verdict.NOT_OURS, True, ())
    assert said(found).startswith("Header lost. Its orders prove")
    assert dict(facts_of(found))["Layout"] == "ours, without its header"
    assert "orders prove" in why_uncompared(found)
    assert desk.refusal(for_repair(found)) is Code.APPROVAL_NEEDED
    mended = repairs(desk)
    assert (mended.reading.verdict, mended.repair) == (Verdict.READY, None)
    assert desk.card.image == before
    row = desk.counter.outside.ledger._books.one("SELECT card FROM card_repairs")  # type: ignore[attr-defined]
    assert row == {"card": mended.reading.card}
    assert desk.counter.outside.ledger.verify().is_ok


def test_a_torn_header_is_written_when_it_is_done_again(desk: DeskOf) -> None:
    before = desk.card.image
    spoil(desk, HEADER_AREA.address, bytes(HEADER_AREA.size))
    asked = by_two(desk.counter)
    desk.card.arm(Fault(FaultKind.TEAR, 9, Residue.ERASED))
    with pytest.raises(OutcomeUnknown):
        desk.counter.do(asked)
    desk.reinsert()
    assert look(desk).lost_header
    repairs(desk)
    assert desk.card.image == before


def test_a_header_is_given_to_no_card_whose_orders_do_not_prove_it(desk: DeskOf) -> None:
    image = desk.card.image
    spoil(desk, HEADER_AREA.address, bytes(HEADER_AREA.size))
    for area in SLOTS:
        spoil(desk, area.address + 20, b"\x77")
    assert (look(desk).lost_header, look(desk).repair) == (False, None)
    assert desk.refusal(by_two(desk.counter)) is Code.CARD_NOT_REPAIRABLE
    for area in SLOTS:
        spoil(desk, area.address, area.of(image))
    assert look(desk).lost_header
    for area in SLOTS:
        spoil(desk, area.address, b"\xff" * area.size)
    assert look(desk).repair is None


def test_a_replaced_card_gets_no_header(desk: DeskOf, tmp_path: Path) -> None:
    technician = Technician(desk, tmp_path)
    technician.reissue()
    desk.readers.pull()
    desk.insert()
    assert look(desk).reading.verdict is Verdict.REPLACED
    spoil(desk, HEADER_AREA.address, bytes(HEADER_AREA.size))
    assert look(desk).reading.verdict is Verdict.NOT_OURS
    assert look(desk).repair is None


def test_what_leaves_for_support_names_nobody(desk: DeskOf) -> None:
    found = look(desk)
    supply = desk.counter.outside.ledger.supply(SUPPLY, today=desk.counter.reading.today())
    told = str(support_shape(found))
    for number in (supply.number, supply.meter.number, supply.card or "", supply.customer.name):
        assert number not in told
    macs = [field.raw.hex(" ").upper() for field in found.fields if field.name == "mac" and set(field.raw) != {0xFF}]
    assert macs
    assert not any(mac in told for mac in macs)


# --- what a card remembers ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def remembering(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An office whose DESFire card was issued and sold to twice."""
    world = make_world(tmp_path_factory.mktemp("desfire") / "office", chip="desfire-ev2")
    with at_work(world, world.card()) as counter:
        counter.operator = TECHNICIAN
        counter.do(IssueCard(world.new_id(), SUPPLY))
        counter.operator = CASHIER
        counter.do(OpenShift(Money(10_000)))
        for amount in ("50.00", "20.00"):
            counter.do(Sell(world.new_id(), amount=Money.parse(amount)))
    return world


@contextmanager
def at_work(world: World, card: SoftwareCard) -> Iterator[Counter]:
    """A technician with this card in the reader."""
    with built_in(card) as readers, world.open(readers) as counter:
        counter.operator = TECHNICIAN
        yield counter


def test_a_desfire_card_tells_the_orders_that_it_remembers(remembering: World) -> None:
    with at_work(remembering, remembering.card()) as counter:
        found = look_at(counter)
        order = found.reading.image.order
    assert order is not None
    assert [past.sequence for past in found.history] == [3, 2, 1]
    assert (found.history[0].energy_total, found.history[0].sold_at) == (order.energy_total, MOMENT)
    assert sum(past.last_purchase.wh for past in found.history) == order.energy_total.wh
    assert all(each.is_equal for each in found.compared)
    assert past_of(found)[0] == ("Order 3", f"{order.last_purchase} kWh", "2 Mar 2026")
    told = {
        "sequence": 3,
        "energy_total_wh": order.energy_total.wh,
        "last_purchase_wh": order.last_purchase.wh,
        "sold_at": "2026-03-02T10:31:00+00:00",
    }
    assert support_shape(found)["history"][0] == told
    assert card_dump._shape(found)["history"][0] == told
    assert any(line.startswith("Order 2 ") for line in card_dump._lines(found))


def test_an_order_that_the_card_remembers_and_the_books_never_made_is_told(remembering: World, tmp_path: Path) -> None:
    world = remembering.copy(tmp_path / "copy")
    with at_work(world, world.card()) as counter:
        order = look_at(counter).reading.image.order
        assert order is not None
        number = look_at(counter).reading.card
        assert number is not None
        elsewhere = replace(order, sequence=9, energy_total=order.energy_total + order.last_purchase)
        record = world.codec.encode_order(elsewhere, card=number)
        with counter.outside.cards.session(BUILT_IN) as session:
            session.read()
            write = CardWrite(number, record, b"", 1)
            session.write(write)
            session.verify(write)
        found = look_at(counter)
    assert found.compared[-1] == Comparison(Compared.PAST_ORDERS, "9", "")
    assert "past orders" in said(found)
    assert "past-orders" in support_shape(found)["differs"]


def test_a_card_that_leaves_when_it_is_asked_what_it_remembers_is_told_without(remembering: World) -> None:
    card = remembering.card()
    with at_work(remembering, card) as counter:
        counter.do(ReadCard())
        card.arm(Fault(FaultKind.PULL_BEFORE, card.apdus + 1))
        found = look_at(counter)
    assert (found.reading.verdict, found.history) == (Verdict.READY, ())
    assert found.fields


@contextmanager
def lacking(world: World, version: int) -> Iterator[None]:
    """A desk that was not given these keys, and has others."""
    masters = world.vault._masters
    missing, masters[version + 1] = masters.pop(version), bytearray(16)
    try:
        yield
    finally:
        masters[version] = missing
        del masters[version + 1]


def test_a_card_whose_records_no_key_of_this_desk_opens_tells_whose_it_is(remembering: World) -> None:
    card = remembering.card()
    before = card.image
    with at_work(remembering, card) as counter, lacking(remembering, 1):
        found = look_at(counter)
        with pytest.raises(EnvironmentFault) as refused:
            counter.do(by_two(counter))
    assert refused.value.code is Code.KEY_VERSION_UNKNOWN
    assert (found.reading.verdict, found.repair, found.history) == (Verdict.KEYS_MISSING, None, ())
    assert (found.atr.hex(), len(found.uid)) == ("3b8180018080", 7)
    assert b"".join(field.raw for field in found.fields) == before[: HEADER_AREA.end], "and nothing that was not read"
    assert found.compared == (Comparison(Compared.CARD, str(found.reading.card), str(found.reading.card)),)
    assert "Keys missing: " in said(found)
    facts = dict(facts_of(found))
    assert (facts["Keys"], facts["Write-back"]) == ("version 1", "of keys that are missing here")
    assert support_shape(found)["verdict"] == card_dump._shape(found)["verdict"] == "keys-missing"
    assert remembering.card().image == before


def test_an_order_of_keys_that_this_desk_lacks_is_not_called_forged(desk: DeskOf) -> None:
    with lacking(desk.world, 1):
        found = look(desk)
        assert (found.reading.verdict, found.repair) == (Verdict.KEYS_MISSING, None)
        assert b"".join(field.raw for field in found.fields) == desk.card.image, "a memory card shows all it has"
        assert said(found).endswith("only a desk with the newest keys can tell.")


def test_the_tries_are_told_also_where_reading_a_card_does_without(desk: DeskOf) -> None:
    for dialect, told in (("omnikey-untold", None), ("omnikey", 3)):
        with at_work(desk.world, EmulatedCard(FileStore(desk.world.card_file), dialect=dialect)) as counter:
            assert look_at(counter).reading.image.tries == told, dialect


def test_a_memory_card_remembers_nothing(desk: DeskOf) -> None:
    assert look(desk).history == ()


def test_the_first_bytes_of_a_card_with_a_uid_are_called_by_it(remembering: World, desk: DeskOf) -> None:
    with at_work(remembering, remembering.card()) as counter:
        found = look_at(counter)
    uid, behind = found.fields[:2]
    assert (uid.place, uid.name, uid.raw) == ("chip", "UID", found.uid)
    assert (behind.place, behind.name, behind.address, set(behind.raw)) == ("chip", "filled up", 7, {0xFF})
    assert found.uid.hex(" ").upper() not in str(support_shape(found))
    assert look(desk).fields[0].name == "own bytes"
