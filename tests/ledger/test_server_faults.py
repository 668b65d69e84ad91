"""A server that dies, stands still, loses its answer or comes back with older books: nothing lost, nothing twice."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cutter import ANSWER, REQUEST, Cutter, a_cutter
from tests.ledger.at_work import AtWork
from tests.ledger.builders import DESK, SUPPLY, TODAY, Counter, create
from tests.postgres import Server, a_server
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.sale import SaleIntent, SaleState
from vending_app.ledger import postgres, postgres_server
from vending_app.ledger.books import Store
from vending_app.ledger.postgres_server import PostgresServer

DURABLE = {"fsync": "on", "full_page_writes": "on", "autovacuum": "off"}


@pytest.fixture(scope="module")
def mortal() -> Iterator[Server]:
    """A server that keeps what it acknowledged, for these tests to kill."""
    with a_server(DURABLE) as server:
        yield server


@pytest.fixture
def cutter(mortal: Server) -> Iterator[Cutter]:
    with a_cutter(mortal.folder / ".s.PGSQL.5432") as cutter:
        yield cutter


@pytest.fixture
def store(mortal: Server, cutter: Cutter, path: Path) -> Iterator[Store]:
    """Through a wire that can be cut."""
    with mortal.database() as database:
        yield PostgresServer(f"postgresql://postgres@127.0.0.1:{cutter.port}/{database}?sslmode=disable", path.parent)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "WAIT_MS", 400)
    monkeypatch.setattr(postgres, "SETTLING_MS", 800)
    monkeypatch.setattr(postgres, "PAUSE_S", 0.02)


def fault_of_reserving(counter: Counter, intent: SaleIntent) -> Code:
    with pytest.raises(EnvironmentFault) as caught:
        counter.ledger.reserve(intent)
    return caught.value.code


# --- one message lost ------------------------------------------------------------------------------------


def settle(counter: Counter, intent: SaleIntent) -> str:
    """What recovery does after a fault: a sale that is in the books is finished, one that is not is made again."""
    sale = counter.ledger.reserve(intent)
    return str(counter.ledger.post(sale.id, at=counter.tick()).receipt)


@pytest.mark.parametrize("direction", [REQUEST, ANSWER])
@pytest.mark.parametrize(("is_at_once", "messages"), [(True, 2), (False, 3)], ids=["at once", "read first"])
def test_whatever_message_of_a_sale_is_lost_the_sale_is_made_once(
    counter: Counter, cutter: Cutter, direction: str, is_at_once: bool, messages: int
) -> None:
    receipts: list[str] = []
    for number in range(1, 100):
        receipts.append(settle(counter, counter.intent("5.00")))  # so that the desk knows the end of its chain
        intent = counter.intent("5.00")
        if not is_at_once:
            counter.ledger._books.tip = None
        cutter.arm(direction, number)
        try:
            receipts.append(settle(counter, intent))
        except EnvironmentFault as fault:
            assert fault.code is Code.LEDGER_SERVER_GONE
            receipts.append(settle(counter, intent))
        if not cutter.has_cut:
            break
    cutter.disarm()
    assert number > messages, "every message was lost once"
    assert receipts == [f"2-{at:06d}" for at in range(1, 2 * number + 1)]
    assert counter.ledger.verify().problems == ()


def read_first(counter: Counter) -> SaleIntent:
    """A sale of a desk that does not know the end of its chain."""
    counter.ledger._books.tip = None
    return counter.intent("10.00")


def follow(counter: Counter) -> SaleIntent:
    """A sale that is sent at once, because it follows another."""
    counter.sell("10.00")
    return counter.intent("10.00")


@pytest.mark.parametrize(("sale_of", "message"), [(read_first, 2), (follow, 1)])
def test_a_lost_answer_to_commit_is_settled_by_asking(
    counter: Counter, cutter: Cutter, sale_of: Callable[[Counter], SaleIntent], message: int
) -> None:
    intent = sale_of(counter)
    cutter.arm(ANSWER, message)  # the last one says that it is committed
    assert counter.ledger.reserve(intent).state is SaleState.PENDING
    assert cutter.has_cut
    assert [sale.id for sale in counter.ledger.open_sales()] == [intent.id]
    assert counter.ledger.verify().is_ok


@pytest.mark.parametrize(("sale_of", "message"), [(read_first, 2), (follow, 1)])
def test_a_commit_that_never_arrived_is_no_sale(
    counter: Counter, cutter: Cutter, sale_of: Callable[[Counter], SaleIntent], message: int
) -> None:
    intent = sale_of(counter)
    cutter.arm(REQUEST, message)
    assert fault_of_reserving(counter, intent) is Code.LEDGER_SERVER_GONE
    assert counter.ledger.open_sales() == ()
    assert counter.ledger.reserve(intent).state is SaleState.PENDING


def test_a_lost_answer_to_the_posting_is_settled_by_asking(counter: Counter, cutter: Cutter) -> None:
    intent = follow(counter)
    counter.ledger.reserve(intent)
    cutter.arm(ANSWER, 1)
    assert counter.ledger.post(intent.id, at=counter.tick()).receipt == "2-000002"
    assert cutter.has_cut
    assert counter.sell("10.00").receipt == "2-000003"
    assert counter.ledger.verify().is_ok


# --- the server dies and stands still --------------------------------------------------------------------


def test_a_server_killed_in_the_middle_of_a_sale_keeps_what_it_acknowledged(counter: Counter, mortal: Server) -> None:
    intent = counter.intent("10.00")
    counter.ledger.reserve(intent)
    mortal.crash()
    with pytest.raises(EnvironmentFault) as caught:
        counter.ledger.post(intent.id, at=counter.tick())
    assert caught.value.code is Code.LEDGER_SERVER_GONE
    with pytest.raises(EnvironmentFault):
        counter.ledger.supply(SUPPLY, today=TODAY)
    mortal.start()
    assert counter.ledger.post(intent.id, at=counter.tick()).receipt == "2-000001", "the desk goes on by itself"
    assert counter.ledger.verify().is_ok


def test_a_server_killed_in_the_middle_of_a_transaction_forgets_it(counter: Counter, mortal: Server) -> None:
    intent = counter.intent("10.00")

    def reserved_and_cut_off() -> None:
        with counter.ledger.setting_up():
            counter.ledger.reserve(intent)
            mortal.crash()

    with pytest.raises(EnvironmentFault) as caught:
        reserved_and_cut_off()
    assert caught.value.code is Code.LEDGER_SERVER_GONE
    mortal.start()
    assert counter.ledger.open_sales() == ()
    assert counter.ledger.verify().is_ok


def test_a_server_that_restarts_between_two_sales_is_not_noticed(counter: Counter, mortal: Server) -> None:
    counter.sell("10.00")
    mortal.crash()
    mortal.start()
    assert counter.sell("10.00").receipt == "2-000002"


def test_a_server_that_stands_still_is_called_slow_and_used_again_when_it_goes_on(
    counter: Counter, mortal: Server
) -> None:
    intent = counter.intent("10.00")
    mortal.signal_all(signal.SIGSTOP)
    try:
        assert fault_of_reserving(counter, intent) is Code.LEDGER_SERVER_SLOW
    finally:
        mortal.signal_all(signal.SIGCONT)
    assert counter.ledger.reserve(intent).state is SaleState.PENDING
    assert counter.ledger.post(intent.id, at=counter.tick()).receipt == "2-000001"
    assert counter.ledger.verify().is_ok


def test_a_desk_that_waits_for_another_too_long_is_told_to_try_again(
    counter: Counter, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_server, "ENTER", postgres_server.ENTER.replace("'4000'", "'50'"))
    intent = counter.intent("10.00")
    counter.ledger._books.close()  # so that it comes in anew, with little patience
    with closing(AtWork.open(store, desk=DESK)) as elsewhere, elsewhere.setting_up():
        elsewhere._books.lock_supply(SUPPLY)
        elsewhere._books.value("SELECT 1")
        assert fault_of_reserving(counter, intent) is Code.LEDGER_BUSY
    assert counter.ledger.reserve(intent).state is SaleState.PENDING


# --- older books -----------------------------------------------------------------------------------------


def copy_of(mortal: Server, name: str) -> Path:
    copy = mortal.folder / name
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(["cp", "-a", str(mortal.data), str(copy)], check=True)
    return copy


def test_a_server_with_older_books_is_read_and_not_written_to(counter: Counter, mortal: Server, store: Store) -> None:
    counter.sell("10.00")
    mortal.crash()
    backup = copy_of(mortal, "backup")
    mortal.start()
    sold = counter.sell("20.00")
    mortal.crash()
    newest = copy_of(mortal, "newest")
    put_back(mortal, backup)
    assert counter.ledger.sale(sold.id) is None, "it may be looked at"
    entries = counter.ledger.verify().entries
    for act in (lambda: counter.sell("5.00"), counter.open_shift):
        with pytest.raises(EnvironmentFault) as caught:
            act()
        assert caught.value.code is Code.LEDGER_RESTORED
    with closing(AtWork.open(store, desk=DESK)) as again, pytest.raises(EnvironmentFault) as caught:
        again.note_code_refused(sold.intent.write.card, at=counter.tick())
    assert caught.value.code is Code.LEDGER_RESTORED, "a program started anew knows it too"
    assert counter.ledger.verify().entries == entries
    mortal.crash()
    put_back(mortal, newest)
    assert counter.sell("5.00").receipt == "2-000003", "the right books are back, and selling goes on by itself"


def put_back(mortal: Server, books: Path) -> None:
    shutil.rmtree(mortal.data)
    subprocess.run(["cp", "-a", str(books), str(mortal.data)], check=True)
    mortal.start()


def test_books_are_made_anew_after_a_failure_half_way(
    mortal: Server, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vending_app.ledger import setup

    with mortal.database() as database:
        store = PostgresServer(mortal.url(database), path.parent)
        with monkeypatch.context() as broken:
            broken.setattr(setup, "set_office", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                create(store)
        with closing(create(store)) as made:
            assert made.verify().is_ok
