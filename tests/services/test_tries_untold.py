"""A reader that does not tell a card's tries: nobody assumes them, so nothing that needs the code is begun there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect

import pytest

from vending_app.bench.flows import FLOWS, SALES, Flow
from vending_app.bench.world import CASHIER, SUPERVISOR, SUPPLY, TECHNICIAN, World, built_in, make_world
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.store import FileStore
from vending_app.cardio.totals1_layout import HEADER_AREA, SLOT_A, SLOT_B, Area
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown
from vending_app.domain.money import Money
from vending_app.domain.permissions import Act
from vending_app.domain.records import Settlement
from vending_app.domain.verdict import Verdict
from vending_app.services.book_cases import VoidSale
from vending_app.services.choices import ChangeSettings
from vending_app.services.counter import Counter
from vending_app.services.diagnosis_cases import DiagnoseCard, Diagnosis, RepairCard
from vending_app.services.supply_cases import CloseSupply
from vending_app.services.use_cases import CardReading, FinishSale, ReadCard, SaleDone, Sell

UNTELLING = "omnikey-untold"


@contextmanager
def at_reader(world: World, dialect: str = UNTELLING) -> Iterator[tuple[Counter, EmulatedCard]]:
    """The desk with this card at another reader."""
    card = EmulatedCard(FileStore(world.card_file), dialect=dialect)
    with built_in(card) as readers, world.open(readers) as counter:
        counter.operator = CASHIER
        yield counter, card


def books(world: World) -> dict[str, list[tuple[object, ...]]]:
    """All that they hold but the journal, where it stands who logged in."""
    base = connect(world.ledger_file)
    names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = {name: base.execute(f"SELECT * FROM {name}").fetchall() for name in names if name != "journal"}
    base.close()
    return rows


def prepared(folder: Path, flow: Flow, *, tries_from_books: bool = False) -> World:
    world = make_world(folder / "office", tries_from_books=tries_from_books)
    flow.prepare(world)
    return world.holding(flow.card)


def refusal(counter: Counter, asked: object) -> Code:
    with pytest.raises(OperatorError) as refused:
        counter.do(asked)
    return refused.value.code


def read(counter: Counter) -> CardReading:
    found = counter.do(ReadCard())
    assert isinstance(found, CardReading)
    return found


# --- every flow ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_no_flow_spends_a_try_or_holds_anything_in_the_books(tmp_path: Path, flow: Flow) -> None:
    world = prepared(tmp_path, flow)
    with at_reader(world) as (counter, card):
        # What the meter wrote is kept wherever the card is read.
        counter.do(ReadCard())
        state, before = FileStore(world.card_file).load(), books(world)
        waited = counter.outside.ledger.open_sales()
        for _ in range(2):
            with pytest.raises(OperatorError) as refused:
                flow.act(counter)
            assert refused.value.code is Code.CARD_TRIES_UNTOLD
        assert card.bytes_programmed == 0
        assert counter.outside.ledger.open_sales() == waited
        assert counter.outside.ledger.verify().is_ok
    assert FileStore(world.card_file).load() == state, "memory, counter and code"
    assert {name: rows for name, rows in books(world).items() if rows != before[name]} == {}


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_where_the_desk_goes_by_its_books_every_flow_is_done(tmp_path: Path, flow: Flow) -> None:
    world = prepared(tmp_path, flow, tries_from_books=True)
    with at_reader(world) as (counter, card):
        flow.act(counter)
        assert card.chip.error_counter.bit_count() == 3
        assert counter.outside.ledger.open_sales() == ()


@pytest.mark.parametrize("dialect", ["acs", "omnikey"])
@pytest.mark.parametrize("flow", [flow for flow in FLOWS if flow.takes_blank], ids=lambda flow: flow.name)
def test_a_blank_card_that_its_chip_refuses_uses_up_no_number(tmp_path: Path, flow: Flow, dialect: str) -> None:
    world = prepared(tmp_path, flow)
    with at_reader(world, dialect) as (counter, card):
        card.chip.present(b"\1\2\3")
        counter.do(ReadCard())
        before = books(world)
        with pytest.raises(OperatorError) as refused:
            flow.act(counter)
        assert refused.value.code is Code.CARD_LAST_TRY
    assert {name: rows for name, rows in books(world).items() if rows != before[name]} == {}


def test_it_is_said_when_the_card_is_read_and_not_when_it_was_paid(tmp_path: Path) -> None:
    world = prepared(tmp_path, SALES[2])
    with at_reader(world) as (counter, _):
        found = read(counter)
        assert (found.verdict, found.image.tries) == (Verdict.TRIES_UNTOLD, None)
        assert found.reading is not None
        assert found.reading.write_back is not None, "what a meter wrote is read all the same"
    for dialect in ("omnikey", "acs"):
        with at_reader(world, dialect) as (counter, _):
            assert (read(counter).verdict, read(counter).image.tries) == (Verdict.READY, 3)


def test_a_card_with_its_last_try_is_told_at_an_omnikey_that_asks_the_card(tmp_path: Path) -> None:
    world = prepared(tmp_path, SALES[0])
    with at_reader(world, "omnikey") as (counter, card):
        for _ in range(2):
            card.chip.present(b"\x01\x02\x03")
        assert read(counter).verdict is Verdict.LOCKED


def test_the_office_decides_it_for_the_desk_and_takes_it_back(tmp_path: Path) -> None:
    """At a desk that is running; told as every setting is."""
    world = prepared(tmp_path, SALES[0])
    with at_reader(world) as (counter, _):
        for by_books, verdict in ((True, Verdict.READY), (False, Verdict.TRIES_UNTOLD)):
            counter.operator = SUPERVISOR
            counter.do(ChangeSettings(tries_from_books=by_books))
            change = counter.outside.ledger.rule_changes(limit=1)[0]
            assert (change.after, change.operator) == (
                {"tries_from_books": "yes" if by_books else "no"},
                SUPERVISOR.name,
            )
            counter.operator = CASHIER
            assert read(counter).verdict is verdict
        assert refusal(counter, ChangeSettings(tries_from_books=True)) is Code.PERMISSION_DENIED


# --- what needs no code --------------------------------------------------------------------------------------------


def interrupted(folder: Path, fault: Fault) -> World:
    """A sale that was torn at a reader that tells the tries."""
    world = prepared(folder, SALES[0])
    with at_reader(world, "acs") as (counter, card):
        card.arm(fault)
        with pytest.raises(OutcomeUnknown):
            counter.do(Sell(world.new_id(), SUPPLY, amount=Money(5000)))
    return world


def last_command(folder: Path) -> int:
    world = prepared(folder, SALES[0])
    with at_reader(world, "acs") as (counter, card):
        SALES[0].act(counter)
        return card.apdus


def test_a_sale_that_its_card_carries_already_is_finished_without_its_code(tmp_path: Path) -> None:
    world = interrupted(tmp_path / "torn", Fault(FaultKind.ANSWER_LOST, last_command(tmp_path / "whole")))
    with at_reader(world) as (counter, card):
        assert read(counter).verdict is Verdict.FINISH_SALE
        assert isinstance(counter.do(FinishSale()), SaleDone)
        assert card.bytes_programmed == 0
        assert counter.outside.ledger.open_sales() == ()


def test_one_that_must_be_written_again_waits_for_another_reader(tmp_path: Path) -> None:
    world = interrupted(tmp_path, Fault(FaultKind.TEAR, 9))
    before = books(world)
    with at_reader(world) as (counter, _):
        [waiting] = counter.outside.ledger.open_sales()
        assert read(counter).verdict is Verdict.FINISH_SALE
        assert refusal(counter, FinishSale()) is Code.CARD_TRIES_UNTOLD
        counter.operator = SUPERVISOR
        assert refusal(counter, VoidSale(world.new_id(), waiting.id, "went home")) is Code.CARD_TRIES_UNTOLD
    assert books(world) == before
    with at_reader(world, "acs") as (counter, _):
        assert isinstance(counter.do(FinishSale()), SaleDone)


def test_a_supply_whose_card_should_be_emptied_is_ended_at_another_reader(tmp_path: Path) -> None:
    world = prepared(tmp_path, SALES[1])
    world.load_meter()
    with at_reader(world, "acs") as (counter, _):
        counter.do(ReadCard())
        SALES[0].act(counter)
    asked = CloseSupply(SUPPLY, "moved away")
    for dialect in (UNTELLING, "acs"):
        with at_reader(world, dialect) as (counter, _):
            counter.operator = TECHNICIAN
            word = counter.approvals.give(asked, SUPERVISOR, operator=TECHNICIAN, act=Act.CLOSE_SUPPLY)
            closing, before = replace(asked, approval=word.id), books(world)
            if dialect == UNTELLING:
                assert refusal(counter, closing) is Code.CARD_TRIES_UNTOLD
                assert books(world) == before
            else:
                assert isinstance(counter.do(closing), Settlement)


def test_a_diagnosis_shows_all_of_it_and_that_the_tries_are_not_told(tmp_path: Path) -> None:
    world = prepared(tmp_path, SALES[1])
    with at_reader(world) as (counter, card):
        counter.operator = TECHNICIAN
        found = counter.do(DiagnoseCard())
        assert isinstance(found, Diagnosis)
        assert (found.reading.image.tries, found.reading.image.is_untold) == (None, True)
        assert b"".join(field.raw for field in found.fields) == card.image
        assert all(each.is_equal for each in found.compared)
        assert found.reading.image.order is not None


@pytest.mark.parametrize("lost", [(HEADER_AREA,), (SLOT_A, SLOT_B)], ids=["the header", "the orders"])
def test_what_a_card_lacks_is_told_there_and_written_again_at_another_reader(
    tmp_path: Path, lost: tuple[Area, ...]
) -> None:
    world = prepared(tmp_path, SALES[1])
    store = FileStore(world.card_file)
    for at in (at for area in lost for at in range(area.address, area.end)):
        store.put(at, 0x00)
    state = store.load()
    with at_reader(world) as (counter, _):
        counter.operator = TECHNICIAN
        found = counter.do(DiagnoseCard())
        assert isinstance(found, Diagnosis)
        assert found.repair is not None, "what it lacks is told"
        asked = RepairCard(found.repair.id)
        word = counter.approvals.give(asked, SUPERVISOR, operator=TECHNICIAN, act=Act.REPAIR_CARD)
        assert refusal(counter, replace(asked, approval=word.id)) is Code.CARD_TRIES_UNTOLD
    assert FileStore(world.card_file).load() == state
