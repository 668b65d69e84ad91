"""Long reading beside the counter: the same answer as here, ended when nobody wants it, told when it fails."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from queue import Queue
from threading import Event
from typing import Any

import pytest

from tests.services.desk_of import DeskOf, a_desk
from vending_app.bench.world import MOMENT
from vending_app.beside import Beside, Work
from vending_app.documents.papers import Papers
from vending_app.domain.errors import Cancelled, Code, EnvironmentFault, OperatorError
from vending_app.domain.inspection import Criteria
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.ports.telling import Tell
from vending_app.services.inspection import count
from vending_app.services.report_cases import MakeTables, ShowReportPaper, TableForm
from vending_app.services.reporting import make, read_report
from vending_app.ui.reports.captions import CAPTIONS
from vending_app.ui.reports.report_words import said_report

WAIT_S = 60


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskOf]:
    with a_desk(tmp_path) as desk:
        yield desk


@pytest.fixture
def beside(desk: DeskOf) -> Iterator[Beside]:
    beside = Beside(desk.counter.outside.ledger.elsewhere(), Papers())
    yield beside
    beside.close()


def forever(_: Any, __: Any) -> None:
    """Reads without an end."""
    Event().wait()


def tell_who_i_am_and_go_on(_: Any, tell: Tell) -> None:
    tell(os.getpid(), 1)
    Event().wait()


def leave(_: Any, __: Any, *, at: Path) -> None:
    at.touch()


def ask_for_nothing_known(ledger: Any, _: Any) -> None:
    ledger.sample(99)


def dies(_: Any, __: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def breaks(_: Any, __: Any) -> None:
    raise ZeroDivisionError("planted")


def how_urgent(_: Any, __: Any) -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def three_parts(_: Any, tell: Tell) -> str:
    for done in range(3):
        tell(done, 3)
    return "done"


def test_what_is_counted_beside_is_what_is_counted_here(desk: DeskOf, beside: Beside) -> None:
    desk.sell("50.00")
    work = partial(count, criteria=Criteria(), today=MOMENT.date())
    answer = beside.start(work).result(WAIT_S)
    assert answer == work(desk.counter.outside.ledger)
    assert answer.sample.looked_at == 1


def test_the_desk_sells_meanwhile_and_what_nobody_wants_is_ended(desk: DeskOf, beside: Beside) -> None:
    here = Event()
    running = beside.start(tell_who_i_am_and_go_on, lambda *_: here.set())
    assert desk.sell("50.00").sale.receipt
    assert here.wait(WAIT_S)
    assert not running.done()
    beside.stop(running)
    with pytest.raises(Cancelled):
        running.result(WAIT_S)
    assert beside.start(partial(count, criteria=Criteria(), today=MOMENT.date())).result(WAIT_S).sample.looked_at == 1


def test_the_process_is_gone_when_its_answer_is_not_wanted(beside: Beside) -> None:
    told: Queue[int] = Queue()
    running = beside.start(tell_who_i_am_and_go_on, lambda process, _: told.put(process))
    process = told.get(timeout=WAIT_S)
    os.kill(process, 0)
    beside.stop(running)
    with pytest.raises(Cancelled):
        running.result(WAIT_S)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_what_is_stopped_at_once_or_still_waits_is_never_begun(beside: Beside, tmp_path: Path) -> None:
    ran = [tmp_path / "first", tmp_path / "second"]
    asked = [beside.start(partial(leave, at=mark)) for mark in ran]
    for each in asked:
        beside.stop(each)
    for each in asked:
        with pytest.raises(Cancelled):
            each.result(WAIT_S)
    assert not ran[1].exists()


def test_only_what_is_meant_is_stopped(beside: Beside) -> None:
    first, second = beside.start(three_parts), beside.start(forever)
    beside.stop(second)
    assert first.result(WAIT_S) == "done"
    with pytest.raises(Cancelled):
        second.result(WAIT_S)


@pytest.mark.parametrize("work", [dies, breaks])
def test_what_ends_before_it_is_done_is_told_and_not_taken_for_stopped(beside: Beside, work: Work) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        beside.start(work).result(WAIT_S)
    assert caught.value.code is Code.WORK_ENDED


def test_a_long_report_leaves_the_processor_to_whoever_sells(beside: Beside) -> None:
    here = os.getpriority(os.PRIO_PROCESS, 0)
    assert beside.start(how_urgent).result(WAIT_S) == min(here + 10, 19)


def test_a_paper_is_made_beside_as_it_is_made_here(desk: DeskOf, beside: Beside) -> None:
    desk.sell("50.00")
    asked = ReportAsked(ReportKind.SALES, MOMENT.date().isoformat())
    made = beside.start(partial(read_report, asked=asked, now=MOMENT)).result(WAIT_S)
    for form in TableForm:
        wanted = MakeTables("Sales", made, CAPTIONS, form)
        work = partial(make, paper=Papers(), asked=wanted, now=MOMENT)
        assert beside.start(work).result(WAIT_S) == work(desk.counter.outside.ledger)
    paper = partial(make, paper=Papers(), asked=ShowReportPaper("Sales", said_report(made)), now=MOMENT)
    assert beside.start(paper).result(WAIT_S) == paper(desk.counter.outside.ledger)


def test_how_far_it_is_is_told_before_the_answer(beside: Beside) -> None:
    told: list[tuple[int, int]] = []
    assert beside.start(three_parts, lambda *far: told.append(far)).result(WAIT_S) == "done"
    assert told == [(0, 3), (1, 3), (2, 3)]


def test_a_refusal_comes_back_as_it_was(beside: Beside) -> None:
    with pytest.raises(OperatorError) as refused:
        beside.start(ask_for_nothing_known).result(WAIT_S)
    assert (refused.value.code, refused.value.facts) == (Code.SAMPLE_UNKNOWN, {"number": 99})


def test_books_that_are_gone_are_told(desk: DeskOf, beside: Beside) -> None:
    desk.counter.outside.ledger.close()
    desk.world.ledger_file.unlink()
    with pytest.raises(EnvironmentFault) as fault:
        beside.start(ask_for_nothing_known).result(WAIT_S)
    assert fault.value.code is Code.LEDGER_MISSING
