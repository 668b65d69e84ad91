"""A proof in shares, here or in other processes, says what one in a single piece says."""

from __future__ import annotations

import os
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.ledger.at_work import AtWork
from tests.ledger.builders import DESK, Counter, connection_of
from tests.ledger.strangers import attack
from tests.ledger.test_proof import busy  # noqa: F401 - books with every kind of row in them
from vending_app.domain.closing import ClosingKind
from vending_app.ledger import SqliteFile, closing_proof, proof
from vending_app.ledger.books import Books, Store
from vending_app.ledger.fold import Folded, Stretch, fold_one
from vending_app.ledger.journal import digest
from vending_app.ledger.proof import prove
from vending_app.ledger.shares import Found, Share, work_off
from vending_app.ledger.tables import PRIMARY_KEYS
from vending_app.ports import LedgerProof


@pytest.fixture
def store(path: Path) -> Store:
    """This module is about the file: a server's books are proven in one process."""
    return SqliteFile(path)


@pytest.fixture
def small_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "SHARE_ROWS", 5)


def other_connection(counter: Counter) -> AtWork:
    """As `ledger verify` opens the books, while the counter goes on."""
    return AtWork.open(SqliteFile(Path(counter.ledger._books.where)), desk=DESK)


ATTACKS = (
    *(f"DELETE FROM {table}" for table in PRIMARY_KEYS),
    "DELETE FROM journal WHERE number = 11",
    "UPDATE journal SET at = '' WHERE number = 16",
    "UPDATE journal SET number = number + 1000 WHERE number > 20",
    "UPDATE postings SET amount = amount + 1 WHERE account = 'income:energy'",
    "UPDATE closings SET text = replace(text, '\"sale\"', '\"gift\"')",
    "INSERT INTO prints SELECT 999, sale, at, 1 FROM prints LIMIT 1",
    "INSERT INTO logins SELECT -3, operator, at, 0 FROM logins LIMIT 1",
    "UPDATE journal SET id = 4611686018427387000 WHERE id = (SELECT max(id) FROM journal)",
)


@pytest.mark.parametrize("statement", ATTACKS)
def test_what_a_stranger_did_is_told_in_the_same_words_however_the_proof_is_divided(
    busy: Counter,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    statement: str,
) -> None:
    assert attack(busy.ledger._books, statement) > 0
    whole = prove(busy.ledger._books)
    monkeypatch.setattr(proof, "SHARE_ROWS", 5)
    divided = prove(busy.ledger._books)
    assert set(divided.problems) == set(whole.problems) != set()
    assert divided.entries == whole.entries


def two_more_days(counter: Counter) -> None:
    for day in ("2025-11-15", "2025-11-16"):
        counter.sell("10.00")
        counter.close_shift("110.00", reason="not counted here")
        counter.ledger.close_period(ClosingKind.DAY, day, at=counter.tick())
        counter.open_shift()
    counter.sell("20.00")


@pytest.mark.parametrize("remembered", [0, 1, closing_proof.MOST_REMEMBERED])
@pytest.mark.usefixtures("small_shares")
def test_the_balances_are_those_of_all_postings_however_they_are_added_up(
    busy: Counter,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    remembered: int,
) -> None:
    two_more_days(busy)
    monkeypatch.setattr(closing_proof, "MOST_REMEMBERED", remembered)
    monkeypatch.setattr(closing_proof, "PIECE_ROWS", 4)
    found = prove(busy.ledger._books)
    sums = busy.ledger._books.all("SELECT commodity, account, sum(amount) AS held FROM postings GROUP BY 1, 2")
    assert found.problems == ()
    assert found.money_minor == {row["account"]: row["held"] for row in sums if row["commodity"] == "money"}
    assert found.energy_wh == {row["account"]: row["held"] for row in sums if row["commodity"] == "energy"}


def test_no_row_but_a_closing_is_folded_for_its_shift_and_again_for_its_day(
    busy: Counter,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    two_more_days(busy)
    folded: list[int] = []

    def noted(books: Books, stretch: Stretch) -> Folded:
        folded.extend(range(stretch.since, stretch.until))
        return fold_one(books, stretch)

    monkeypatch.setattr(closing_proof, "fold_one", noted)
    assert prove(busy.ledger._books).is_ok
    twice = {number + 1 for number, times in Tally(folded).items() if times > 1}
    rows = busy.ledger._books.all("SELECT number, kind FROM journal WHERE desk = ?", (DESK,))
    assert {row["kind"] for row in rows if row["number"] in twice} <= {"closing"}
    assert set(folded) == set(range(max(folded) + 1))


@pytest.mark.parametrize("words", ["closing 2: its totals", "closing 3: a number"])
@pytest.mark.usefixtures("small_shares")
def test_a_closing_in_a_later_share_is_held_to_the_one_before(busy: Counter, words: str) -> None:  # noqa: F811
    two_more_days(busy)
    spoiled = {
        "closing 2: its totals": 'UPDATE closings SET text = replace(text, \'"energy":{\', \'"energy":{"x":1,\')'
        " WHERE kind = 'day' AND number = 2",
        "closing 3: a number": "DELETE FROM closings WHERE kind = 'day' AND number = 2",
    }
    attack(busy.ledger._books, spoiled[words])
    problems = prove(busy.ledger._books).problems
    assert any(f"day {words}" in problem for problem in problems), problems


@pytest.mark.usefixtures("small_shares")
def test_processes_of_their_own_find_what_this_one_finds(busy: Counter) -> None:  # noqa: F811
    books = busy.ledger._books
    assert prove(books, helpers=2) == prove(books, helpers=1)
    attack(books, "UPDATE postings SET amount = amount + 1 WHERE account = 'income:energy'")
    found = prove(books, helpers=2)
    assert not found.is_ok
    assert found == prove(books, helpers=1)


@pytest.mark.usefixtures("small_shares")
def test_a_sale_made_meanwhile_is_neither_hindered_nor_taken_for_a_forgery(
    busy: Counter,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The counter sells after the proof has fixed its state and before the other processes open the books."""

    def after_a_sale(books: Books, shares: list[Share], **how: object) -> Iterator[tuple[int, Found]]:
        busy.sell("10.00")
        return work_off(books, shares, **how)  # type: ignore[arg-type]

    with closing(other_connection(busy)) as verifier:
        before = verifier.verify()
        monkeypatch.setattr(proof, "work_off", after_a_sale)
        assert prove(verifier._books, helpers=2) == before
        monkeypatch.undo()
        assert verifier.verify().entries == before.entries + 2


@pytest.mark.usefixtures("small_shares")
def test_what_is_not_committed_is_proven_here_where_it_can_be_seen(busy: Counter) -> None:  # noqa: F811
    connection = connection_of(busy.ledger)
    connection.execute("BEGIN")
    connection.execute("DROP TRIGGER postings_no_delete")
    connection.execute("DELETE FROM postings")
    assert not prove(busy.ledger._books, helpers=2).is_ok
    connection.execute("ROLLBACK")
    assert prove(busy.ledger._books, helpers=2).is_ok


def _end_another_process(parent: int, _: Books) -> Found:
    if os.getpid() != parent:
        os._exit(1)
    return Found(entries=7)


def test_the_shares_of_a_process_that_was_ended_are_done_here(busy: Counter) -> None:  # noqa: F811
    books = busy.ledger._books
    share = partial(_end_another_process, os.getpid())
    found = work_off(books, [share, share], opening=books.elsewhere(), helpers=2)
    assert sorted((place, part.entries) for place, part in found) == [(0, 7), (1, 7)]


def test_rows_that_stand_before_those_they_follow_are_told_under_right_hashes_too(busy: Counter) -> None:  # noqa: F811
    books = busy.ledger._books
    newest = books.one("SELECT * FROM journal ORDER BY id DESC LIMIT 1")
    assert newest is not None
    before = newest
    for row in (newest["id"] + 2, newest["id"] + 1):
        made = {**before, "id": row, "number": before["number"] + 1, "kind": "founding", "body": "{}"}
        made |= {"previous": before["hash"], "operator": None, "act": None, "approval": None}
        made["hash"] = digest(made)
        texts = [f"x'{value.hex()}'" if isinstance(value, bytes) else repr(value) for value in made.values()]
        values = ", ".join(texts).replace("None", "NULL")
        assert attack(books, f"INSERT INTO journal ({', '.join(made)}) VALUES ({values})") == 1
        before = made
    assert prove(books).problems == ("journal: the rows of a desk do not stand in the order of their numbers",)


def _body_of_the_newest_row(books: Books, old: str, new: str) -> LedgerProof:
    """A stranger changes what the newest row says and computes its hash anew."""
    row = books.one("SELECT * FROM journal ORDER BY id DESC LIMIT 1")
    assert row is not None
    row["body"] = row["body"].replace(old, new)
    text, made = row["body"].encode().hex(), digest(row).hex()
    attack(books, f"UPDATE journal SET body = CAST(x'{text}' AS TEXT), hash = x'{made}' WHERE id = {row['id']}")
    return prove(books)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"intent":', '{"shifts":[],"intent":'),
        ('{"intent":', '{"intent":{},"shifts":[{"number":9}],"intention":'),
        ('"postings":', '"gifts":7,"postings":'),
        ('"sales":[', '"sales":[{},'),
        ('{"intent":', "{intent:"),
        ("}]}", "}],}"),
        ("}]}", "}]}}"),
    ],
)
def test_a_body_that_says_more_than_the_tables_is_found_under_a_right_hash_too(
    busy: Counter,  # noqa: F811
    old: str,
    new: str,
) -> None:
    busy.ledger.reserve(busy.intent("10.00"))
    found = _body_of_the_newest_row(busy.ledger._books, old, new)
    assert any("(reserve): the tables do not hold what was written then" in problem for problem in found.problems)


def test_a_body_that_says_the_same_in_other_text_is_no_forgery(busy: Counter) -> None:  # noqa: F811
    busy.ledger.reserve(busy.intent("10.00"))
    assert _body_of_the_newest_row(busy.ledger._books, '"sales":[', ' "sales" : [').is_ok


def test_any_text_that_people_write_is_compared_rightly(busy: Counter) -> None:  # noqa: F811
    sale = busy.ledger.reserve(busy.intent("10.00"))
    reason = "".join(map(chr, range(1, 0x100))) + "\u2028 \u202e ü 電 😀 \\u0041 \x7f"
    busy.ledger.mark_in_doubt(sale.id, reason=reason, at=busy.tick())
    assert prove(busy.ledger._books).is_ok
