"""A whole office moved from a file to a server and back is the same office, row by row and hash by hash."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ledger.at_work import STAFF, AtWork, an_approval
from tests.ledger.builders import DESK, SUPPLY, Counter
from tests.ledger.strangers import attack
from tests.ledger.test_proof import busy  # noqa: F401 - books with every kind of row in them
from tests.postgres import Server
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.office_rules import Limits
from vending_app.domain.people import OperatorChange, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.ledger import SqliteFile
from vending_app.ledger.books import Store
from vending_app.ledger.copying import KEYS, copy, fingerprint
from vending_app.ledger.postgres_server import PostgresServer


def everything(ledger: AtWork) -> dict[str, list[dict[str, object]]]:
    return {table: ledger._books.all(f"SELECT * FROM {table} ORDER BY {key}") for table, key in KEYS.items()}


def test_an_office_moves_to_a_server_and_back_and_sells_on(
    busy: Counter,  # noqa: F811
    server: Server,
    tmp_path: Path,
) -> None:
    began = everything(busy.ledger)
    waiting = busy.intent("10.00")
    busy.ledger.reserve(waiting)
    source = SqliteFile(Path(busy.ledger._books.where))
    with server.database() as database:
        there = PostgresServer(server.url(database))
        moved = copy(source, there)
        assert moved.proof.problems == ()
        assert moved.fingerprint == fingerprint(busy.ledger._books)
        with closing(AtWork.open(there, desk=DESK)) as ledger:
            assert ledger.verify() == busy.ledger.verify()
            assert [line.number for line in ledger.find_supplies("okafor")] == [SUPPLY]
            counter = Counter(ledger, shift=busy.shift, count=700, now=busy.now)
            ledger.post(waiting.id, at=counter.tick())
            counter.sell("10.00")
            ledger.new_card_number()
        back = SqliteFile(tmp_path / "back.sqlite3")
        returned = copy(there, back)
    assert returned.proof.problems == ()
    with closing(AtWork.open(back, desk=DESK)) as ledger:
        now = everything(ledger)
        assert all(now[table][: len(rows)] == rows for table, rows in began.items() if table in {"journal", "sales"})
        assert Counter(ledger, shift=busy.shift, count=800, now=busy.now).sell("10.00").receipt is not None
        assert ledger.verify().problems == ()


@pytest.fixture
def store(path: Path) -> Store:
    """Copying begins at a file here."""
    return SqliteFile(path)


def test_rows_of_somebody_who_may_no_longer_do_them_are_copied_too(
    counter: Counter, server: Server, tmp_path: Path
) -> None:
    """A journal is not asked again whether its people might."""
    counter.sell("10.00")
    approval = an_approval(Act.RULES, at=counter.now)
    approval = replace(approval, operator=STAFF[Role.ADMINISTRATOR].name)
    with counter.ledger.acting_as(Authority(approval.operator, Act.RULES, approval)):
        counter.ledger.keep_rule(Limits(low_cards=1), was=Limits(), at=counter.tick())
    for role in (Role.TECHNICIAN, Role.SUPERVISOR):
        gone = replace(STAFF[role], is_active=False)
        counter.ledger.change_operator(gone, OperatorChange.LOCK, hashed=None, at=counter.tick())
    with server.database() as database:
        there = PostgresServer(server.url(database))
        assert copy(SqliteFile(Path(counter.ledger._books.where)), there).proof.is_ok
        assert copy(there, SqliteFile(tmp_path / "back.sqlite3")).proof.is_ok


def test_books_are_never_copied_over_books(counter: Counter, path: Path, tmp_path: Path, server: Server) -> None:
    copy(SqliteFile(path), SqliteFile(tmp_path / "copy.sqlite3"))
    with server.database() as database:
        there = PostgresServer(server.url(database))
        copy(SqliteFile(path), there)
        for taken in (SqliteFile(tmp_path / "copy.sqlite3"), there):
            with pytest.raises(EnvironmentFault) as caught:
                copy(SqliteFile(path), taken)
            assert caught.value.code is Code.LEDGER_EXISTS


def test_a_copy_is_guarded_like_new_books(counter: Counter, path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite3"
    copy(SqliteFile(path), SqliteFile(target))
    with closing(AtWork.open(SqliteFile(target), desk=DESK)) as ledger:
        schema = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
        assert ledger._books.all(schema) == counter.ledger._books.all(schema)


def test_what_does_not_prove_is_copied_as_it_is_and_told(counter: Counter, path: Path, tmp_path: Path) -> None:
    counter.sell("10.00")
    attack(counter.ledger._books, "UPDATE postings SET amount = amount + 1 WHERE account = 'till:2'")
    copied = copy(SqliteFile(path), SqliteFile(tmp_path / "copy.sqlite3"))
    assert copied.proof.problems == counter.ledger.verify().problems != ()
