"""Records are found by any part while somebody types, and stand there with what the books know of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.ledger.at_work import STAFF
from tests.ledger.builders import METER, PARAMETERS, SUPPLY, Counter, add_supply
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.people import Customer, Meter, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.record_lines import AreaLine, CardLine, CardStanding, CustomerLine, MeterLine, RecordKind
from vending_app.domain.records import Area, CardEnd, FinalReading, MeterState, ReadingHow, Subject, Terms
from vending_app.domain.returned import NOTHING

STOCKED = MeterNo("000087654321")


@contextmanager
def technician(counter: Counter, act: Act = Act.RECORDS) -> Iterator[None]:
    with counter.ledger.acting_as(Authority(STAFF[Role.TECHNICIAN].name, act)):
        yield


def found(counter: Counter, kind: RecordKind, text: str) -> list[str]:
    return [line.key for line in counter.ledger.find_records(kind, text, limit=20)]


def enter(counter: Counter, name: str, address: str = "3 Quay Road", phone: str = "") -> str:
    with technician(counter):
        return counter.ledger.enter_customer(Customer("", name, address, phone), reason="", at=counter.tick()).number


def stock(counter: Counter, number: MeterNo = STOCKED, model: str = "RM-2", make: str = "Reference") -> None:
    with technician(counter):
        counter.ledger.enter_meter(Meter(number, model, 800, 3, 40, 10, make=make), reason="new", at=counter.tick())


def change_meter(counter: Counter) -> SupplyNo:
    reading = FinalReading(ReadingHow.HAND, Energy(0), Energy(0))
    with technician(counter, Act.METER_CHANGE):
        changed = counter.ledger.change_meter(
            SUPPLY, STOCKED, reading, price=lambda _: NOTHING, reason="dark", at=counter.tick()
        )
    return changed.new


@pytest.mark.parametrize("text", ["okafor", "AMARA", "mill lane", "C00000017", "00000017", METER, "0007700000"])
def test_a_customer_is_found_by_anything_of_his_supply(counter: Counter, text: str) -> None:
    (line,) = counter.ledger.find_records(RecordKind.CUSTOMER, text, limit=20)
    assert isinstance(line, CustomerLine)
    assert (line.customer.name, line.supplies, line.supply) == ("Amara Okafor", 1, SUPPLY)


@pytest.mark.parametrize("text", ["hofmann", "Héléna", "helena", "quay", "01704455", "ho", "عبد"])
def test_a_customer_without_a_supply_is_found_too_with_or_without_accents(counter: Counter, text: str) -> None:
    enter(counter, "Somebody Else", "Far Street")
    number = enter(counter, "Hélèna Hofmann عبد الرحمن", phone="0170 44-55")
    assert found(counter, RecordKind.CUSTOMER, text) == [number]


def test_who_gets_a_supply_or_hands_it_over_is_still_found_once(counter: Counter) -> None:
    stock(counter)
    lena = enter(counter, "Lena Hoffmann")
    with technician(counter):
        at = counter.tick()
        terms = Terms(lena, "H2", PARAMETERS)
        counter.ledger.enter_supply(None, STOCKED, terms, opened_on=at.date(), reason="", at=at)
    assert found(counter, RecordKind.CUSTOMER, "hoffmann") == [lena]
    lone = "SELECT count(*) FROM customer_search"
    assert counter.ledger._books.value(lone) == 0
    add_supply(counter.ledger, "00000018", "000012345679", name="Ben Moved Away")
    with technician(counter):
        terms = counter.ledger.terms(SupplyNo("00000018"))
        moved = Terms(lena, terms.tariff, terms.parameters, terms.state)
        counter.ledger.change_terms(SupplyNo("00000018"), moved, reason="moved", at=counter.tick())
    assert found(counter, RecordKind.CUSTOMER, "moved away") == ["C00000018"]
    line = counter.ledger.record_line(RecordKind.CUSTOMER, lena)
    assert isinstance(line, CustomerLine)
    assert line.supplies == 2


def test_a_correction_is_found_by_the_new_name_only(counter: Counter) -> None:
    number = enter(counter, "Lena Hofmann")
    with technician(counter):
        counter.ledger.enter_customer(Customer(number, "Lena Brandt", "x"), reason="married", at=counter.tick())
    assert found(counter, RecordKind.CUSTOMER, "hofmann") == []
    assert found(counter, RecordKind.CUSTOMER, "brandt") == [number]


@pytest.mark.parametrize("text", ["87654321", "rm-2", "RM-2", "refer", "8765 rm"])
def test_a_meter_in_stock_is_found_by_number_make_and_model(counter: Counter, text: str) -> None:
    stock(counter)
    (line,) = counter.ledger.find_records(RecordKind.METER, text, limit=20)
    assert isinstance(line, MeterLine)
    assert (line.meter.number, line.state, line.supply) == (STOCKED, MeterState.STOCK, None)


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "rm%2"])
def test_signs_of_a_pattern_are_only_letters(counter: Counter, text: str) -> None:
    stock(counter)
    assert found(counter, RecordKind.METER, text) == []


def test_without_a_text_meters_that_hang_nowhere_come_first(counter: Counter) -> None:
    stock(counter)
    assert found(counter, RecordKind.METER, "") == [STOCKED, METER]


def test_a_meter_tells_where_it_is_and_where_it_was(counter: Counter) -> None:
    stock(counter)
    new = change_meter(counter)
    old = counter.ledger.record_line(RecordKind.METER, METER)
    fresh = counter.ledger.record_line(RecordKind.METER, STOCKED)
    assert isinstance(old, MeterLine)
    assert isinstance(fresh, MeterLine)
    assert (old.state, old.supply, old.customer) == (MeterState.REMOVED, SUPPLY, "Amara Okafor")
    assert (fresh.state, fresh.supply) == (MeterState.INSTALLED, new)
    assert sorted(found(counter, RecordKind.METER, "okafor")) == [METER, STOCKED]


def test_a_removed_meter_comes_back_to_stock_with_its_reading_and_its_history(counter: Counter) -> None:
    stock(counter)
    change_meter(counter)
    with technician(counter):
        counter.ledger.return_meter(METER, Energy(7_650), reason="tested, seal 4471", at=counter.tick())
        line = counter.ledger.record_line(RecordKind.METER, METER)
        assert isinstance(line, MeterLine)
        assert (line.state, line.meter.initial_reading) == (MeterState.STOCK, Energy(7_650))
        assert METER in {meter.number for meter in counter.ledger.stock()}
        newest = counter.ledger.record_changes(Subject.METER, METER)[-1]
        assert newest.reason == "tested, seal 4471"
        assert ('"state":"removed"' in newest.before, '"state":"stock"' in newest.after) == (True, True)
        at = counter.tick()
        terms = Terms("C00000017", "H2", PARAMETERS)
        second = counter.ledger.enter_supply(None, METER, terms, opened_on=at.date(), reason="", at=at)
    assert counter.ledger.supply(second, today=at.date()).meter.initial_reading == Energy(7_650)
    assert [line.number for line in counter.ledger.supplies_of(line, limit=9)] == [second, SUPPLY]
    assert counter.ledger.verify().is_ok


@pytest.mark.parametrize(("number", "code"), [(METER, Code.METER_NOT_REMOVED), (STOCKED, Code.METER_NOT_REMOVED)])
def test_only_a_removed_meter_comes_back(counter: Counter, number: MeterNo, code: Code) -> None:
    stock(counter)
    with technician(counter), pytest.raises(OperatorError) as caught:
        counter.ledger.return_meter(number, Energy(0), reason="no", at=counter.tick())
    assert caught.value.code is code
    with technician(counter), pytest.raises(OperatorError) as caught:
        counter.ledger.return_meter(MeterNo("000000000009"), Energy(0), reason="no", at=counter.tick())
    assert caught.value.code is Code.METER_UNKNOWN


def test_a_card_tells_what_became_of_it(counter: Counter) -> None:
    (first,) = counter.ledger.find_records(RecordKind.CARD, "okafor", limit=20)
    assert isinstance(first, CardLine)
    assert (first.standing, first.generation, first.until) == (CardStanding.ACTIVE, 1, None)
    counter.reissue(CardEnd.STOLEN)
    second, was = counter.ledger.find_records(RecordKind.CARD, "", limit=20)
    assert isinstance(second, CardLine)
    assert isinstance(was, CardLine)
    assert (second.standing, second.generation) == (CardStanding.ACTIVE, 2)
    assert (was.standing, was.until) == (CardStanding.STOLEN, second.since)
    assert found(counter, RecordKind.CARD, was.number[-4:])[0] == was.number


def test_the_last_card_of_a_closed_supply_is_retired_and_the_lost_one_stays_lost(counter: Counter) -> None:
    counter.reissue(CardEnd.LOST)
    stock(counter)
    change_meter(counter)
    standings = [counter.ledger.record_line(RecordKind.CARD, key) for key in found(counter, RecordKind.CARD, SUPPLY)]
    assert {(line.generation, line.standing) for line in standings if isinstance(line, CardLine)} == {
        (1, CardStanding.LOST),
        (2, CardStanding.RETIRED),
    }


def test_an_area_counts_its_supplies(counter: Counter) -> None:
    with technician(counter):
        counter.ledger.enter_area(Area("E1", "Eastfield", "T-04"), reason="", at=counter.tick())
        counter.ledger.enter_area(Area("W1", "Wéstfield", "T-09"), reason="", at=counter.tick())
        terms = counter.ledger.terms(SUPPLY)
        there = Terms(terms.customer, terms.tariff, terms.parameters, terms.state, area="E1")
        counter.ledger.change_terms(SUPPLY, there, reason="surveyed", at=counter.tick())
    east, west = counter.ledger.find_records(RecordKind.AREA, "", limit=20)
    assert (east, west.key) == (AreaLine(Area("E1", "Eastfield", "T-04"), 1), "W1")
    assert found(counter, RecordKind.AREA, "westf t-09") == ["W1"]
    assert counter.ledger.record_line(RecordKind.AREA, "E1") == east
    assert [line.number for line in counter.ledger.supplies_of(east, limit=9)] == [SUPPLY]


@pytest.mark.parametrize("kind", list(RecordKind))
def test_what_nobody_entered_is_told(counter: Counter, kind: RecordKind) -> None:
    assert found(counter, kind, "nobody has this") == []
    with pytest.raises(OperatorError) as caught:
        counter.ledger.record_line(kind, "no such")
    assert caught.value.code.value == f"{kind.value}-unknown"
