"""Attempts to change the new tables unseen, and two desks that want the same record at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.ledger.at_work import STAFF, AtWork
from tests.ledger.builders import DESK, PARAMETERS, SUPPLY, TARIFF, Counter
from tests.ledger.strangers import attack
from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import Code, VendingError
from vending_app.domain.ids import DeskNo, MeterNo
from vending_app.domain.people import Customer, Meter, Role, SupplyState
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import Area, FinalReading, ReadingHow, Terms
from vending_app.domain.returned import NOTHING
from vending_app.ledger import SqliteFile
from vending_app.ledger.books import Store
from vending_app.ledger.copying import copy

NEW_METER = MeterNo("000012345999")
PETRA = STAFF[Role.TECHNICIAN].name
OTHER = DeskNo(3)


@pytest.fixture
def told(counter: Counter) -> Counter:
    """A customer, an area, a meter in stock and a changed meter."""
    ledger = counter.ledger
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        ledger.enter_area(Area("E1", "Eastfield"), reason="", at=counter.tick())
        ledger.enter_customer(Customer("", "Lena", "3 Quay Road"), reason="", at=counter.tick())
        ledger.enter_meter(Meter(NEW_METER, "RM-1", 1_600), reason="", at=counter.tick())
        ledger.enter_meter(Meter(MeterNo("000012346000"), "RM-1", 1_600), reason="", at=counter.tick())
    counter.sell("50.00")
    with ledger.acting_as(Authority(PETRA, Act.METER_CHANGE)):
        counter.change = ledger.change_meter(  # type: ignore[attr-defined]
            SUPPLY,
            NEW_METER,
            FinalReading(ReadingHow.HAND, NO_ENERGY, NO_ENERGY),
            price=lambda _: NOTHING,
            reason="old",
            at=counter.tick(),
        )
    assert ledger.verify().problems == ()
    return counter


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supplies SET charged_until = '2099-01-01' WHERE state = 'prepared'",
        "UPDATE supplies SET state = 'open' WHERE state = 'prepared'",
        "UPDATE supplies SET tariff = 'H2' || '', arrears_share_percent = 50 WHERE state = 'prepared'",
        "UPDATE supplies SET closed_on = NULL WHERE state = 'closed'",
        "UPDATE meters SET state = 'stock' WHERE state = 'removed'",
        "UPDATE meters SET constant_imp_per_kwh = 800 WHERE state = 'installed'",
        "UPDATE areas SET name = 'Westfield'",
        "UPDATE customers SET identity = 'X1' WHERE name = 'Lena'",
        "DELETE FROM areas",
        "UPDATE record_changes SET reason = 'forged' WHERE subject = 'area'",
        "UPDATE record_changes SET before = '{}' WHERE subject = 'area'",
        "DELETE FROM record_changes WHERE subject = 'meter'",
        "UPDATE meter_changes SET carried_wh = carried_wh + 1",
        "UPDATE meter_changes SET how = 'card'",
        "DELETE FROM meter_changes",
        "INSERT INTO areas VALUES ('X9', 'nobody entered it', '')",
        "INSERT INTO meters (number, model, constant_imp_per_kwh, phases, ct_ratio, pt_ratio, initial_reading_wh,"
        " state) VALUES ('000099999999', 'X', 1600, 1, 1, 1, 0, 'stock')",
    ],
)
def test_whoever_changes_a_record_behind_the_program_is_found(told: Counter, statement: str) -> None:
    assert attack(told.ledger._books, statement) >= 1
    assert told.ledger.verify().problems != ()


@pytest.fixture
def elsewhere(counter: Counter, store: Store) -> Iterator[AtWork]:
    counter.ledger.add_desk(OTHER, name="Desk 3")
    with closing(AtWork.open(store, desk=OTHER)) as ledger:
        yield ledger


def _together(*acts: object) -> list[object]:
    done: list[object] = []
    go = Event()

    def run(act: object) -> None:
        go.wait()
        try:
            done.append(act())  # type: ignore[operator]
        except VendingError as error:
            done.append(error.code)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    return done


def test_one_meter_from_stock_goes_to_one_supply(counter: Counter, elsewhere: AtWork) -> None:
    ledger = counter.ledger
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        ledger.enter_meter(Meter(NEW_METER, "RM-1", 1_600), reason="", at=counter.tick())
        lena = ledger.enter_customer(Customer("", "Lena", "3 Quay Road"), reason="", at=counter.tick())
    terms = Terms(lena.number, "H2", PARAMETERS)
    at = counter.tick()

    def enter(books: AtWork) -> object:
        with books.acting_as(Authority(PETRA, Act.RECORDS)):
            return books.enter_supply(None, NEW_METER, terms, opened_on=at.date(), reason="", at=at)

    done = _together(lambda: enter(ledger), lambda: enter(elsewhere))
    assert sorted(map(str, done)) == ["00000001", str(Code.METER_INSTALLED)]
    assert ledger.verify().problems == ()


def test_a_supply_ends_once(counter: Counter, elsewhere: AtWork) -> None:
    ledger = counter.ledger
    counter.sell("50.00")
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        for number in (NEW_METER, MeterNo("000012346000")):
            ledger.enter_meter(Meter(number, "RM-1", 1_600), reason="", at=counter.tick())
    at = counter.tick()
    reading = FinalReading(ReadingHow.HAND, NO_ENERGY, NO_ENERGY)

    def change(books: AtWork, meter: MeterNo) -> object:
        with books.acting_as(Authority(PETRA, Act.METER_CHANGE)):
            books.change_meter(SUPPLY, meter, reading, price=lambda _: NOTHING, reason="old", at=at)
            return "done"

    done = _together(lambda: change(ledger, NEW_METER), lambda: change(elsewhere, MeterNo("000012346000")))
    assert sorted(map(str, done)) == ["done", str(Code.SUPPLY_CLOSED)]
    assert ledger.verify().problems == ()


def test_a_sale_that_races_with_a_meter_change_is_sold_or_refused(counter: Counter, elsewhere: AtWork) -> None:
    ledger = counter.ledger
    counter.sell("50.00")
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        ledger.enter_meter(Meter(NEW_METER, "RM-1", 1_600), reason="", at=counter.tick())
    at = counter.tick()
    intent = counter.intent("20.00")
    reading = FinalReading(ReadingHow.HAND, NO_ENERGY, NO_ENERGY)

    def change() -> object:
        with elsewhere.acting_as(Authority(PETRA, Act.METER_CHANGE)):
            elsewhere.change_meter(SUPPLY, NEW_METER, reading, price=lambda _: NOTHING, reason="old", at=at)
            return "changed"

    def sell() -> object:
        ledger.reserve(intent)
        return "sold"

    done = sorted(map(str, _together(change, sell)))
    assert done in (["changed", str(Code.SUPPLY_CLOSED)], [str(Code.SALE_INTERRUPTED), "sold"])
    assert ledger.verify().problems == ()


def test_two_pages_that_change_the_same_terms_do_not_undo_each_other(counter: Counter, elsewhere: AtWork) -> None:
    ledger = counter.ledger
    shown = ledger.terms(SUPPLY)
    with elsewhere.acting_as(Authority(PETRA, Act.RECORDS)):
        elsewhere.change_terms(SUPPLY, replace(shown, arrears_share_percent=40), reason="agreed", at=counter.tick())
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)), suppress(VendingError):
        ledger.change_terms(
            SUPPLY,
            replace(shown, parameters=replace(PARAMETERS, overload_w=4_000)),
            reason="fuse",
            at=counter.tick(),
            shown=shown,
        )
    assert ledger.terms(SUPPLY).arrears_share_percent == 40


def test_terms_do_not_send_a_supply_back_to_where_it_was_prepared(counter: Counter) -> None:
    """Its first card was issued while the page was open."""
    ledger = counter.ledger
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        stale = replace(ledger.terms(SUPPLY), state=SupplyState.PREPARED)
        with suppress(VendingError):
            ledger.change_terms(SUPPLY, stale, reason="limits", at=counter.tick())
    assert ledger.terms(SUPPLY).state is SupplyState.OPEN


def test_the_books_take_no_estimate_by_the_right_to_change_a_meter(counter: Counter) -> None:
    """An estimate is two people's word, also for a program that is not ours."""
    ledger = counter.ledger
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        ledger.enter_meter(Meter(NEW_METER, "RM-1", 1_600), reason="", at=counter.tick())
    guess = FinalReading(ReadingHow.ESTIMATE, NO_ENERGY, NO_ENERGY)
    with ledger.acting_as(Authority(PETRA, Act.METER_CHANGE)), pytest.raises(VendingError):
        ledger.change_meter(SUPPLY, NEW_METER, guess, price=lambda _: NOTHING, reason="old", at=counter.tick())


def test_the_new_tables_go_along_when_books_are_copied(told: Counter, store: Store, tmp_path: Path) -> None:
    target = SqliteFile(tmp_path / "copy.sqlite3")
    copied = copy(store, target)
    assert copied.proof.problems == ()
    with closing(AtWork.open(target, desk=DESK)) as books:
        for table in ("areas", "record_changes", "meter_changes"):
            count = f"SELECT count(*) FROM {table}"
            assert books._books.value(count) == told.ledger._books.value(count) > 0


def test_terms_are_changed_by_the_day_at_the_counter(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """East of UTC the counter has a new day while UTC still has the old one."""
    ledger = counter.ledger
    late = datetime(2025, 11, 14, 13, 0, tzinfo=UTC)
    of_today = replace(TARIFF, code="H9", valid_from=date(2025, 11, 15))
    with ledger.acting_as(Authority(STAFF[Role.ADMINISTRATOR].name, Act.IMPORT)):
        ledger.add_tariff(of_today)
    terms = replace(ledger.terms(SUPPLY), tariff="H9")
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        with pytest.raises(VendingError) as refused:
            ledger.change_terms(SUPPLY, terms, reason="asked", at=late)
        assert refused.value.code is Code.TARIFF_MISSING
        monkeypatch.setenv("TZ", "Etc/GMT-14")
        time.tzset()
        try:
            ledger.change_terms(SUPPLY, terms, reason="asked", at=late)
            assert ledger.life(SUPPLY).tariffs[-1] == (date(2025, 11, 15), "H9")
        finally:
            monkeypatch.undo()
            time.tzset()
    assert ledger.terms(SUPPLY).tariff == "H9"
