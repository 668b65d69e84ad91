"""Many desks at one server: the same customer at once, all of them at once, and none with more rights than it needs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
from psycopg.pq.abc import PGresult

from tests.ledger.at_work import ANA, AtWork
from tests.ledger.builders import DESK, SUPPLY, Counter
from tests.ledger.selling_desk import add_shared_supplies
from tests.postgres import Server, a_server
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, VendingError
from vending_app.domain.ids import CardNo, DeskNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.sale import Sale
from vending_app.ledger.books import Store
from vending_app.ledger.postgres_schema import DESKS
from vending_app.ledger.postgres_server import PostgresServer
from vending_app.ledger.postgres_wire import Statement, Wire
from vending_app.ledger.schema import RECORDS
from vending_app.ledger.schema_2_people import RULE_KEYS
from vending_app.ledger.tables import APPEND_ONLY

OTHER = DeskNo(3)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(server: Server, path: Path) -> Iterator[Store]:
    """This module is about the server."""
    with server.books(path.parent) as books:
        yield books


# --- two desks, one customer -----------------------------------------------------------------------------


@pytest.fixture
def elsewhere(counter: Counter, store: Store) -> Iterator[Counter]:
    """A cashier at the other desk, with the same customer before her."""
    counter.ledger.add_desk(OTHER, name="Desk 3")
    with closing(AtWork.open(store, desk=OTHER)) as ledger:
        shift = ledger.open_shift(desk=OTHER, operator=ANA, float_cash=Money(0), at=counter.tick())
        yield Counter(ledger, shift=shift.number, count=500)


def at_once(*acts: Callable[[], Sale]) -> list[Sale | Code]:
    """What became of acts that begin at the same moment, each on its own connection."""
    together = Barrier(len(acts))

    def run(act: Callable[[], Sale]) -> Sale | Code:
        together.wait()
        try:
            return act()
        except VendingError as error:
            return error.code

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("_round", range(10))
def test_one_customer_at_two_desks_is_sold_to_at_one(counter: Counter, elsewhere: Counter, _round: int) -> None:
    here, there = counter.intent("10.00"), replace(elsewhere.intent("20.00"), desk=OTHER)
    became = at_once(lambda: counter.ledger.reserve(here), lambda: elsewhere.ledger.reserve(there))
    assert [type(one) for one in became].count(Sale) == 1
    assert Code.SALE_INTERRUPTED in became
    assert len(counter.ledger.open_sales()) == 1
    assert counter.ledger.verify().problems == ()


@pytest.mark.parametrize("_round", range(10))
def test_one_sale_settled_at_two_desks_is_settled_once(counter: Counter, elsewhere: Counter, _round: int) -> None:
    intent = counter.intent("10.00")
    counter.ledger.reserve(intent)
    posted = at_once(
        lambda: counter.ledger.post(intent.id, at=counter.now), lambda: elsewhere.ledger.post(intent.id, at=counter.now)
    )
    assert isinstance(posted[0], Sale)
    assert posted[0] == posted[1]
    assert counter.ledger.verify().problems == ()


def test_posting_and_voiding_at_once_is_one_of_the_two(counter: Counter, elsewhere: Counter) -> None:
    intent = counter.intent("10.00")
    counter.ledger.reserve(intent)
    became = at_once(
        lambda: counter.ledger.post(intent.id, at=counter.now),
        lambda: elsewhere.ledger.void(intent.id, reason="not on the card", at=counter.now),
    )
    assert [type(one) for one in became].count(Sale) == 1
    assert Code.SALE_ALREADY_RESOLVED in became
    assert counter.ledger.verify().problems == ()


def test_one_card_before_two_supplies_is_held_once(counter: Counter, elsewhere: Counter) -> None:
    """A copied card: each desk holds its own supply, and only the key of what is held stands between them."""
    add_shared_supplies(counter.ledger, 1)
    elsewhere.supply = SupplyNo("20000000")
    here, there = counter.intent("10.00"), replace(elsewhere.intent("20.00"), desk=OTHER)
    there = replace(there, write=replace(there.write, card=here.write.card))
    became = at_once(lambda: counter.ledger.reserve(here), lambda: elsewhere.ledger.reserve(there))
    assert [type(one) for one in became].count(Sale) == 1
    assert {Code.SALE_INTERRUPTED, Code.LEDGER_BUSY} & set(became)
    assert counter.ledger.verify().problems == ()


def test_card_and_shift_numbers_are_given_once_to_desks_that_ask_at_once(counter: Counter, elsewhere: Counter) -> None:
    def numbers(ledger: AtWork) -> list[str]:
        return [ledger.new_card_number() for _ in range(30)]

    with ThreadPoolExecutor(2) as pool:
        given = [number for found in pool.map(numbers, (counter.ledger, elsewhere.ledger)) for number in found]
    assert len(set(given)) == 60


def test_two_programs_at_one_desk_write_one_chain(counter: Counter, store: Store) -> None:
    def note(ledger: AtWork) -> None:
        for _ in range(25):
            ledger.note_code_refused(CardNo("000770000001"), at=counter.now)

    with closing(AtWork.open(store, desk=DESK)) as twice, ThreadPoolExecutor(2) as pool:
        list(pool.map(note, (counter.ledger, twice)))
    assert counter.ledger.verify().problems == ()


# --- sixteen desks ---------------------------------------------------------------------------------------

SALES, DESK_COUNT, SUPPLIES = 12, 16, 6


def desks_at_work(address: str) -> list[subprocess.Popen[str]]:
    """Started, and waiting for a word."""
    command = [sys.executable, "-m", "tests.ledger.selling_desk", address]
    processes = [
        subprocess.Popen(
            [*command, str(desk), str(SALES), str(SUPPLIES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for desk in range(10, 10 + DESK_COUNT)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return processes


@pytest.mark.parametrize("is_killed", [False, True], ids=["in peace", "while the server is killed"])
def test_sixteen_desks_lose_nothing_and_double_nothing(path: Path, is_killed: bool) -> None:
    with a_server({"fsync": "on", "autovacuum": "off"}) as server:
        address = server.url()
        from tests.ledger.builders import create

        with closing(create(PostgresServer(address))) as ledger:
            for desk in range(10, 10 + DESK_COUNT):
                ledger.add_desk(DeskNo(desk), name=f"Desk {desk}")
            add_shared_supplies(ledger, SUPPLIES)
            processes = desks_at_work(address)
            for process in processes:
                assert process.stdin is not None
                process.stdin.write("go\n")
                process.stdin.flush()
            if is_killed:
                for _ in range(3):
                    server.crash()
                    server.start()
            told = [process.communicate(timeout=120)[0] for process in processes]
            receipts = [receipt for text in told for receipt in json.loads(text)["receipts"]]
            proof = ledger.verify()
            books = ledger._books
            posted = books.value("SELECT count(*) FROM sale_events WHERE state = 'posted'")
            reserved = books.value("SELECT count(*) FROM sales")
    assert proof.problems == ()
    assert len(receipts) == len(set(receipts)) == SALES * DESK_COUNT, "nothing acknowledged twice"
    assert (posted, reserved) == (SALES * DESK_COUNT,) * 2, "nothing lost, nothing sold that nobody was told of"
    assert sum(held for account, held in proof.money_minor.items() if account.startswith("till:")) == posted * 10_00


# --- rights ----------------------------------------------------------------------------------------------


@pytest.fixture
def as_desk(server: Server, counter: Counter) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection as a desk's own role, by any tool."""
    server.run_sql("DROP ROLE IF EXISTS desk7")
    server.run_sql(f"CREATE ROLE desk7 LOGIN IN ROLE {DESKS}")
    address = counter.ledger._books.where.replace("postgres@", "desk7@")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET search_path = vending")
        yield connection
    server.run_sql(f"REVOKE {DESKS} FROM desk7")
    server.run_sql("DROP ROLE desk7")


def test_a_desk_of_its_own_role_sells(server: Server, counter: Counter, path: Path) -> None:
    server.run_sql(f"CREATE ROLE desk8 LOGIN IN ROLE {DESKS}")
    address = counter.ledger._books.where.replace("postgres@", "desk8@")
    with closing(AtWork.open(PostgresServer(address), desk=DESK)) as ledger:
        again = Counter(ledger, shift=counter.shift, count=900)
        assert again.sell("10.00").receipt == "2-000001"
        with pytest.raises(EnvironmentFault) as caught:
            PostgresServer(address).migrate()
        assert caught.value.code is Code.LEDGER_SERVER_REFUSED
        with pytest.raises(EnvironmentFault) as caught:
            AtWork.create(PostgresServer(address), office=ledger.office(), desk=DESK, at=counter.now)
        assert caught.value.code is Code.LEDGER_EXISTS
    server.run_sql("DROP ROLE desk8")


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_a_desk_changes_and_deletes_nothing_that_was_written(
    as_desk: psycopg.Connection[tuple[object, ...]], table: str, change: str
) -> None:
    column = APPEND_ONLY[table].split(",")[0]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_desk.execute(change.format(table, column))


@pytest.mark.parametrize(
    "statement",
    [
        *(f"DELETE FROM {table}" for table in RECORDS),
        *(f"INSERT INTO {table} SELECT * FROM {table}" for table in (*RULE_KEYS, "schema_versions")),
        "UPDATE open_sales SET sale = sale",
        "DELETE FROM supply_search",
        "ALTER TABLE journal DISABLE TRIGGER ALL",
        "DROP TABLE journal",
        "CREATE TABLE mine (id BIGINT)",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET ROLE vending_owner",
        "SET session_replication_role = replica",
    ],
)
def test_a_desk_has_no_other_right(as_desk: psycopg.Connection[tuple[object, ...]], statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_desk.execute(statement)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_not_even_the_owner_changes_what_was_written(counter: Counter, table: str, change: str) -> None:
    with psycopg.connect(counter.ledger._books.where) as owner:
        owner.execute("SET search_path = vending")
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
            owner.execute(change.format(table, APPEND_ONLY[table].split(",")[0]))


def test_a_desk_writes_no_row_of_the_journal_without_a_person_who_may(
    as_desk: psycopg.Connection[tuple[object, ...]], counter: Counter
) -> None:
    row = (
        "INSERT INTO journal (id, desk, number, at, kind, body, previous, hash, operator, act)"
        " VALUES (900, 2, 900, '', 'void', '{}', '', '', %s, %s)"
    )
    for operator, act in ((None, None), (ANA, "void"), (ANA, "operators"), ("nobody", "void"), ("technician", "void")):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match=r"person|may not"):
            as_desk.execute(row, (operator, act))
    as_desk.execute(row, ("supervisor", "void"))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("role", DESKS),
        ("synchronous_commit", "on"),
        ("transaction_isolation", "read committed"),
        ("statement_timeout", "8s"),
        ("lock_timeout", "4s"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("enable_seqscan", "off"),
        ("search_path", "vending, pg_temp"),
    ],
)
def test_every_connection_of_a_desk_has_its_guards_on(counter: Counter, setting: str, value: str) -> None:
    books = counter.ledger._books
    assert books.value(f"SHOW {setting}") == value
    books.close()
    assert books.value(f"SHOW {setting}") == value, "and the one after it"


def test_a_plan_made_over_an_empty_table_does_not_read_all_of_it_later(counter: Counter) -> None:
    books = counter.ledger._books
    plan = books.all("EXPLAIN SELECT 1 FROM sales WHERE supply = '00000017' AND sequence = 1")
    assert "Seq Scan" not in str(plan)
    with books.reading():
        assert books.value("SHOW enable_seqscan") == "on", "a proof reads all of it once"


def test_a_sale_that_reads_first_costs_four_round_trips(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two to read under locks, two to write and commit; one that follows another costs two (test_at_once.py)."""
    intent = counter.intent("10.00")
    counter.ledger._books.tip = None
    counted = []
    trip = Wire.trip

    def counting(wire: Wire, statements: Sequence[Statement], *, wait_ms: int) -> list[PGresult]:
        counted.append([sql for sql, _ in statements])
        return trip(wire, statements, wait_ms=wait_ms)

    monkeypatch.setattr(Wire, "trip", counting)
    counter.ledger.reserve(intent)
    counter.ledger.post(intent.id, at=counter.tick())
    assert len(counted) == 4
    assert [statements[-1] == "COMMIT" for statements in counted] == [False, True, False, True]


def test_an_unknown_desk_is_refused(counter: Counter, store: Store) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        AtWork.open(store, desk=DeskNo(77))
    assert caught.value.code is Code.DESK_UNKNOWN


def test_an_older_program_is_told_that_the_books_are_newer(counter: Counter, server: Server, store: Store) -> None:
    database = counter.ledger._books.where.split("/")[3].split("?")[0]
    server.run_sql("INSERT INTO vending.schema_versions VALUES (99, 'a test')", database=database)
    counter.ledger._books.close()
    with pytest.raises(EnvironmentFault) as caught:
        counter.ledger.open_sale(supply=SUPPLY)
    assert caught.value.code is Code.LEDGER_NEWER
    with pytest.raises(EnvironmentFault) as caught:
        PostgresServer(counter.ledger._books.where).migrate()
    assert caught.value.code is Code.LEDGER_NEWER


def test_two_shifts_at_one_desk_are_refused_whoever_asks_first(counter: Counter, store: Store) -> None:
    with closing(AtWork.open(store, desk=DESK)) as twice, pytest.raises(OperatorError) as caught:
        twice.open_shift(desk=DESK, operator=ANA, float_cash=Money(0), at=counter.tick())
    assert caught.value.code is Code.SHIFT_ALREADY_OPEN
