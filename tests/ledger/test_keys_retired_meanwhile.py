"""Two desks do the two things in the same moment: one retires a version, one reserves under it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from threading import Event
from typing import Any

import pytest

from tests.ledger.at_work import AtWork
from tests.ledger.builders import Counter
from tests.ledger.key_rows import an_event, by_two
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo
from vending_app.domain.key_ceremony import KeyDeed, KeyNeed
from vending_app.domain.sale import SaleIntent
from vending_app.ledger.books import Books, Store
from vending_app.ledger.postgres import PostgresBooks

CHECK = "A7EE7F"
NOTHING = KeyNeed(0, 0)


@pytest.fixture
def elsewhere(counter: Counter, store: Store) -> Iterator[AtWork]:
    counter.ledger.add_desk(DeskNo(3), name="Desk 3")
    with closing(AtWork.open(store, desk=DeskNo(3))) as ledger:
        yield ledger


def under_2(counter: Counter) -> SaleIntent:
    plain = counter.intent("10.00")
    order, write = replace(plain.order, key_version=2), replace(plain.write, key_version=2)
    return replace(plain, order=order, write=write)


def until_it_waits(books: Books, other: Future[Any]) -> None:
    """Until the other desk waits for a lock of this transaction, or is through without. A file has one writer: whoever
    comes while there is one waits, and nobody sees it."""
    while isinstance(books, PostgresBooks) and not other.done():
        if books.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            return


def test_whoever_retires_waits_for_what_is_being_reserved(
    counter: Counter, elsewhere: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing needed the version when all the books were looked through."""
    books, at, looked = counter.ledger._books, counter.tick(), Event()

    def needs(*_: object, **__: object) -> KeyNeed:
        looked.set()
        return NOTHING

    monkeypatch.setattr("vending_app.ledger.key_needs.need", needs)

    def retires() -> None:
        with by_two(elsewhere, at=at):
            elsewhere.retire_key(an_event(KeyDeed.RETIRED, 2, CHECK, at=at), on=date(2026, 7, 1))

    intent = under_2(counter)
    with ThreadPoolExecutor(1) as pool:
        with books.writing():
            counter.ledger.reserve(intent)
            retired = pool.submit(retires)
            assert looked.wait(timeout=30)
            until_it_waits(books, retired)
        with pytest.raises(OperatorError) as needed:
            retired.result()
    assert (needed.value.code, needed.value.facts["cards"]) == (Code.KEY_VERSION_NEEDED, 1)
    assert elsewhere.retired_keys() == ()


@pytest.mark.parametrize("is_first", [True, False])
def test_what_is_reserved_while_its_version_is_retired_is_refused(
    counter: Counter, elsewhere: AtWork, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    """Also where it goes out in one statement, which sees the books as they were when it began."""
    monkeypatch.setattr("vending_app.ledger.key_needs.need", lambda *_, **__: NOTHING)
    if not is_first:
        counter.sell("10.00")
    intent, at = under_2(counter), counter.tick()
    with ThreadPoolExecutor(1) as pool:
        with by_two(elsewhere, at=at), elsewhere._books.writing():
            elsewhere.retire_key(an_event(KeyDeed.RETIRED, 2, CHECK, at=at), on=date(2026, 7, 1))
            sold = pool.submit(lambda: counter.ledger.reserve(intent))
            until_it_waits(elsewhere._books, sold)
        with pytest.raises(OperatorError) as refused:
            sold.result()
    assert refused.value.code is Code.KEY_VERSION_RETIRED
    assert counter.ledger.open_sales() == ()
