"""What two people answer for is refused by the database itself, whatever program writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest

from tests.ledger.at_work import STAFF, AtWork
from tests.ledger.builders import SUPPLY, TARIFF, Counter, add_supply
from tests.ledger.strangers import superuser
from vending_app.domain.money import Money
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Authority
from vending_app.ledger.books import Books
from vending_app.ledger.codec import time_text
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.sqlite import SqliteBooks

PETRA, SUPERVISOR = STAFF[Role.TECHNICIAN].name, STAFF[Role.SUPERVISOR].name
OTHER_SUPPLY = "00000018"
REFUSED = (sqlite3.IntegrityError, psycopg.errors.IntegrityConstraintViolation)


class Stranger:
    """Somebody with a database tool: the triggers and checks are there, this program is not."""

    def __init__(self, books: Books, connection: object, mark: str) -> None:
        self._connection, self._mark = connection, mark
        self.journal = books.value("SELECT max(id) FROM journal") + 1
        last = books.one("SELECT desk, number, hash, at FROM journal ORDER BY id DESC LIMIT 1")
        assert last is not None
        self.last = last

    def insert(self, table: str, row: dict[str, object]) -> None:
        marks = ", ".join([self._mark] * len(row))
        self._connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))  # type: ignore[attr-defined]

    def approve(self, act: str, *, approver: str = SUPERVISOR) -> None:
        row = {"id": "a" * 32, "journal": self.journal, "act": act, "approver": approver, "operator": PETRA}
        until = "2099-01-01T00:00:00.000000+00:00"
        self.insert("approvals", row | {"digest": bytes(32), "at": self.last["at"], "until": until})

    def ends(self, table: str, how: str = "estimate") -> None:
        row: dict[str, object] = {"journal": self.journal, "how": how, "used_total_wh": 0, "remaining_wh": 0}
        row |= {"reason": "dark", "at": self.last["at"]}
        if table == "settlements":
            own: dict[str, object] = {"supply": SUPPLY, "returned_wh": 0, "price_minor": 0, "offset_minor": 0}
        else:
            meters = {"old_meter": "000012345678", "new_meter": "000012345679"}
            own = {"old_supply": SUPPLY, "new_supply": OTHER_SUPPLY, **meters, "carried_wh": 0}
        self.insert(table, row | own)

    def writes(self, kind: str, act: str, *, body: object = None, approval: str | None = None) -> None:
        """The row of the journal that goes with it."""
        row = {name: self.last[name] for name in ("desk", "at")}
        row |= {"id": self.journal, "number": self.last["number"] + 1, "kind": kind, "act": act, "operator": PETRA}
        row |= {"approval": approval, "body": json.dumps(body or {}), "previous": self.last["hash"], "hash": bytes(32)}
        self.insert("journal", row)


@contextmanager
def _connected(books: Books) -> Iterator[tuple[object, str]]:
    if isinstance(books, SqliteBooks):
        with closing(sqlite3.connect(str(books.path), isolation_level=None)) as file:
            file.execute("BEGIN")
            yield file, "?"
            file.execute("ROLLBACK")
    else:
        with superuser(books) as server, server.transaction(force_rollback=True):
            yield server, "%s"


@pytest.fixture
def ledger_with_two(counter: Counter) -> AtWork:
    with counter.ledger.setting_up():
        add_supply(counter.ledger, OTHER_SUPPLY, "000012345679")
    return counter.ledger


@pytest.fixture
def stranger(ledger_with_two: AtWork) -> Iterator[Stranger]:
    with _connected(ledger_with_two._books) as (connection, mark):
        yield Stranger(ledger_with_two._books, connection, mark)


ACTS = [("meter_changes", "estimate", "meter-change"), ("settlements", "close-supply", "settle")]


@pytest.mark.parametrize(("table", "act", "kind"), ACTS)
def test_an_estimate_that_was_approved_is_taken(stranger: Stranger, table: str, act: str, kind: str) -> None:
    stranger.approve(act)
    stranger.ends(table)
    stranger.writes(kind, act, approval="a" * 32)


@pytest.mark.parametrize("table", ["meter_changes", "settlements"])
@pytest.mark.parametrize("how", ["card", "hand"])
def test_a_reading_needs_no_approval_of_its_own(stranger: Stranger, table: str, how: str) -> None:
    stranger.ends(table, how)


@pytest.mark.parametrize("table", ["meter_changes", "settlements"])
def test_an_estimate_without_an_approval_is_refused(stranger: Stranger, table: str) -> None:
    with pytest.raises(REFUSED, match="two people"):
        stranger.ends(table)


@pytest.mark.parametrize(("table", "act"), [("meter_changes", "refund"), ("settlements", "estimate")])
def test_the_approval_of_another_act_opens_no_estimate(stranger: Stranger, table: str, act: str) -> None:
    stranger.approve(act)
    with pytest.raises(REFUSED, match="two people"):
        stranger.ends(table)


@pytest.mark.parametrize("approver", [STAFF[Role.ADMINISTRATOR].name, "cashier"])
def test_only_who_may_approve_opens_an_estimate(stranger: Stranger, approver: str) -> None:
    stranger.approve("estimate", approver=approver)
    if approver != "cashier":
        stranger.ends("meter_changes")
        return
    with pytest.raises(REFUSED, match="two people"):
        stranger.ends("meter_changes")


def test_an_approval_that_the_journal_does_not_name_opens_nothing(stranger: Stranger) -> None:
    """Written beside it, and then signed as if no approval were needed."""
    stranger.approve("estimate")
    stranger.ends("meter_changes")
    with pytest.raises(REFUSED, match="two people"):
        stranger.writes("meter-change", "meter-change")


# --- cards without their fee -----------------------------------------------------------------------------


def _fee_from(ledger: AtWork, on: date, fee: int = 500) -> None:
    with ledger.acting_as(Authority(STAFF[Role.ADMINISTRATOR].name, Act.IMPORT)):
        ledger.add_tariff(replace(TARIFF, valid_from=on, card_fee=Money(fee)))


def _a_card(**intent: object) -> dict[str, object]:
    return {"intent": intent, "sales": [{"supply": SUPPLY}]}


@pytest.mark.parametrize(
    ("days", "intent", "is_refused"),
    [
        (-30, {"ends": "lost"}, True),
        (-30, {"ends": "lost", "fee_minor": 0}, True),
        (-30, {"ends": "lost", "fee_minor": 500}, False),
        (-30, {}, False),
        (-1, {"ends": "lost"}, True),
        (0, {"ends": "lost"}, False),
        (1, {"ends": "lost"}, False),
        (None, {"ends": "lost"}, False),
    ],
)
def test_a_card_costs_its_fee_where_the_tariff_has_one(
    counter: Counter, days: int | None, intent: dict[str, object], is_refused: bool
) -> None:
    """Around the day from which it holds the database does not know which day it is at the counter."""
    if days is not None:
        _fee_from(counter.ledger, counter.now.date() + timedelta(days=days))
    with _connected(counter.ledger._books) as (connection, mark):
        stranger = Stranger(counter.ledger._books, connection, mark)
        stranger.last = stranger.last | {"at": time_text(counter.now)}
        if not is_refused:
            stranger.writes("reserve", "reissue", body=_a_card(**intent))
            return
        with pytest.raises(REFUSED, match="two people"):
            stranger.writes("reserve", "reissue", body=_a_card(**intent))


def test_a_fee_that_was_taken_away_is_not_asked_for(counter: Counter) -> None:
    today = counter.now.date()
    _fee_from(counter.ledger, today - timedelta(days=30))
    _fee_from(counter.ledger, today - timedelta(days=3), 0)
    with _connected(counter.ledger._books) as (connection, mark):
        Stranger(counter.ledger._books, connection, mark).writes("reserve", "reissue", body=_a_card(ends="lost"))


def test_a_card_without_its_fee_that_was_approved_is_taken(counter: Counter) -> None:
    _fee_from(counter.ledger, counter.now.date() - timedelta(days=30))
    with _connected(counter.ledger._books) as (connection, mark):
        stranger = Stranger(counter.ledger._books, connection, mark)
        stranger.approve("waive-fee")
        stranger.writes("reserve", "waive-fee", body=_a_card(ends="lost"), approval="a" * 32)
