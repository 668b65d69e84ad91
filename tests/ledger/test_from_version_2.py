"""Busy books of version 2, as that version wrote them, become books of today: they prove themselves, sell and end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.ledger.at_work import STAFF, AtWork, an_approval
from tests.ledger.builders import DESK, NOON, SUPPLY, Counter, create
from tests.postgres import Server
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Meter, Role, SupplyState
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import FinalReading, ReadingHow
from vending_app.domain.returned import NOTHING
from vending_app.ledger import (
    SqliteFile,
    authority,
    journal,
    migrations,
    postgres_schema,
    postgres_server,
    proof,
    supplies,
)
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.postgres_server import PostgresServer
from vending_app.ledger.schema_5_inspections import INSPECTION_KEYS
from vending_app.ledger.schema_6_readings import READING_KEYS
from vending_app.ledger.schema_6_rules import OFFICE_RULE_KEYS
from vending_app.ledger.schema_7_keys import KEY_KEYS
from vending_app.ledger.schema_7_repairs import REPAIR_KEYS
from vending_app.ledger.schema_7_retirements import RETIREMENT_KEYS
from vending_app.ledger.schema_7_tries import TRIES_KEYS
from vending_app.ledger.tables import APPEND_ONLY

DUMP = Path(__file__).parents[1] / "fixtures" / "ledger-version-2.sql"
PETRA = STAFF[Role.TECHNICIAN].name
OTHER = SupplyNo("00000018")
NEW_METER = MeterNo("000087654321")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The file that the dump describes."""
    path = tmp_path / "books.sqlite3"
    with closing(sqlite3.connect(str(path))) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    return path


@pytest.fixture
def hashes(old: Path) -> list[tuple[int, bytes]]:
    with closing(sqlite3.connect(str(old))) as connection:
        assert connection.execute("SELECT max(version) FROM schema_versions").fetchone() == (2,)
        return list(connection.execute("SELECT id, hash FROM journal ORDER BY id"))


@pytest.fixture
def today(hashes: list[tuple[int, bytes]], old: Path) -> Iterator[AtWork]:
    """The same books, opened by this program."""
    assert hashes
    with closing(AtWork.open(SqliteFile(old), desk=DESK)) as ledger:
        yield ledger


@pytest.fixture
def counter(today: AtWork) -> Counter:
    shift = today.shift(desk=DESK)
    assert shift is not None
    return Counter(today, now=NOON + timedelta(hours=2), count=100, shift=shift.number)


def test_they_prove_themselves_with_the_hashes_they_had(today: AtWork, hashes: list[tuple[int, bytes]]) -> None:
    assert today.verify().problems == ()
    rows = today._books.all("SELECT id, hash FROM journal ORDER BY id")
    assert [(row["id"], row["hash"]) for row in rows] == hashes


def test_every_table_of_that_version_had_a_row(old: Path) -> None:
    with closing(sqlite3.connect(str(old))) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        filled = {name for name in tables if connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()}
    assert {name for name in tables - filled if not name.startswith("supply_search")} == set()


def test_they_have_what_new_books_have(today: AtWork, tmp_path: Path) -> None:
    """Tables, columns, indexes and triggers: nothing of a later version is missing from a file that grew."""
    with closing(create(SqliteFile(tmp_path / "new.sqlite3"))) as fresh:
        for of_kind in ("table", "index", "trigger"):
            names = f"SELECT name FROM sqlite_master WHERE type = '{of_kind}' ORDER BY name"
            assert today._books.all(names) == fresh._books.all(names)
        for row in fresh._books.all("SELECT name FROM sqlite_master WHERE type = 'table'"):
            columns = f"SELECT name, type, \"notnull\" FROM pragma_table_info('{row['name']}') ORDER BY name"
            assert today._books.all(columns) == fresh._books.all(columns)


def test_the_sale_in_doubt_is_finished_and_the_next_one_is_sold(counter: Counter) -> None:
    (doubtful,) = counter.ledger.open_sales()
    assert counter.ledger.post(doubtful.id, at=counter.tick()).receipt is not None
    sold = counter.sell("30.00")
    assert sold.intent.order.energy_total == doubtful.intent.order.energy_total + sold.intent.order.last_purchase
    assert counter.ledger.verify().problems == ()


def test_their_supplies_end_as_those_of_today(counter: Counter) -> None:
    ledger = counter.ledger
    (doubtful,) = ledger.open_sales()
    ledger.post(doubtful.id, at=counter.tick())
    last = ledger.last_write_back(SUPPLY)
    assert last is not None
    approval = replace(an_approval(Act.CLOSE_SUPPLY, at=counter.now, approval_id="c" * 32), operator=PETRA)
    with ledger.acting_as(Authority(PETRA, Act.CLOSE_SUPPLY, approval)):
        reading = FinalReading(ReadingHow.HAND, last.used_total, last.remaining)
        ledger.settle(SUPPLY, reading, price=lambda _: NOTHING, reason="moved", at=counter.tick())
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        ledger.enter_meter(Meter(NEW_METER, "RM-1", 1_600), reason="", at=counter.tick())
    with ledger.acting_as(Authority(PETRA, Act.METER_CHANGE)):
        reading = FinalReading(ReadingHow.HAND, Energy(0), Energy(0))
        change = ledger.change_meter(
            OTHER, NEW_METER, reading, price=lambda _: NOTHING, reason="dark", at=counter.tick()
        )
    assert ledger.supply(SUPPLY, today=NOON.date()).state is SupplyState.CLOSED
    assert ledger.supply(change.new, today=NOON.date()).customer.name == "Boubacar Diallo"
    assert ledger.life(SUPPLY).balance.on_card == Energy(0)
    assert ledger.verify().problems == ()


def guards_of_version_4() -> str:
    """Of the tables that there were."""
    newer = {*INSPECTION_KEYS, *OFFICE_RULE_KEYS, *READING_KEYS, *KEY_KEYS, *REPAIR_KEYS, *RETIREMENT_KEYS, *TRIES_KEYS}
    there = {table: key for table, key in APPEND_ONLY.items() if table not in newer}
    with pytest.MonkeyPatch.context() as then:
        then.setattr(postgres_schema, "APPEND_ONLY", there)
        return postgres_schema.sql_of_guards()


STANDING_OF_VERSION_4 = """
    (SELECT granted FROM operators JOIN permissions ON permissions.role = operators.role AND permissions.act = ?3
        WHERE name = ?2 AND is_active = 1 AND granted <> 'no') AS granted,
    (SELECT is_effect FROM act_kinds WHERE act = ?3 AND kind = ?4) AS is_effect
"""
"""No office had rules of its own then."""


NOBODY_IS_LIMITED = """
CREATE TABLE vending.allowances (desk BIGINT); GRANT SELECT ON vending.allowances TO PUBLIC;
CREATE TABLE vending.key_events (deed TEXT, key_version BIGINT); GRANT SELECT ON vending.key_events TO PUBLIC
"""


def test_books_on_a_server_grow_from_version_4(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sold to under version 4 and migrated in place; today's program cannot write what is older than that."""
    with server.database() as database:
        store = PostgresServer(server.url(database))
        with monkeypatch.context() as before:
            for room in (postgres_server, migrations, proof):
                before.setattr(room, "MIGRATIONS", migrations.MIGRATIONS[:4])
            before.setattr(postgres_server, "sql_of_guards", guards_of_version_4)
            before.setattr(authority, "STANDING", STANDING_OF_VERSION_4)
            # Nor could prices be withdrawn.
            before.setattr(supplies, "COUNTS", "TRUE")
            journal.question.cache_clear()
            with closing(create(store)) as ledger:
                # Every sale of today's program asks whether its desk is limited and its keys retired; then none was.
                server.run_sql(NOBODY_IS_LIMITED, database=database)
                counter = Counter(ledger)
                counter.open_shift()
                counter.issue()
                counter.sell("50.00")
        server.run_sql("DROP TABLE vending.allowances, vending.key_events", database=database)
        journal.question.cache_clear()
        assert store.migrate() == tuple(step.version for step in migrations.MIGRATIONS[4:])
        with closing(AtWork.open(store, desk=DESK)) as ledger:
            grown = Counter(ledger, now=counter.now, count=100, shift=counter.shift)
            assert grown.sell("20.00").amount == Money(20_00)
            assert ledger.verify().problems == ()
            triggers = {
                row["tgname"]
                for row in ledger._books.all("SELECT tgname FROM pg_trigger WHERE tgname LIKE '%estimate%'")
            }
            assert triggers == {"meter_changes_estimate", "settlements_estimate", "journal_estimate"}
