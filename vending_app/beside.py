"""Long reading beside the counter: in a process of its own with its own connection, so that no sale ever waits for it.

A thread would share the interpreter's lock with the desk, and add its pauses to each step of a sale.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from enum import Enum
from threading import Lock
from typing import TYPE_CHECKING, Any

from vending_app.domain.errors import Cancelled, Code, EnvironmentFault, OperatorError, VendingError
from vending_app.ports import Ledger, OpenBooks, PaperMaker
from vending_app.ports.telling import Tell, untold

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Work = Callable[[Ledger, Tell], Any]
"""Something that pickle can carry: what is asked of the books, and told how far it is."""
LESS_URGENT = 10
"""Of nice(2), where 19 is the least urgent."""
BELOW_NORMAL = 0x4000
"""BELOW_NORMAL_PRIORITY_CLASS of Windows."""


@dataclass(slots=True)
class _Run:
    """One thing that was asked: it waits for the one before, or has its process, or is wanted by nobody any more."""

    process: BaseProcess | None = None
    is_stopped: bool = False
    lock: Lock = field(default_factory=Lock)

    def begin(self, process: BaseProcess) -> None:
        """Raises Cancelled if nobody wants it any more; a process that was begun is one that `stop` finds."""
        with self.lock:
            if self.is_stopped:
                raise Cancelled
            process.start()
            self.process = process

    def stop(self) -> None:
        with self.lock:
            self.is_stopped = True
            if self.process is not None:
                self.process.kill()


@dataclass(slots=True)
class Beside:
    """One process at a time; whoever closes this ends it."""

    books: OpenBooks
    paper: PaperMaker
    """What makes papers there; pickle can carry it."""
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "beside"))
    _runs: dict[Future[Any], _Run] = field(default_factory=dict)

    def start(self, work: Work, tell: Tell = untold) -> Future[Any]:
        """The answer when it is there; the future fails with a VendingError, Cancelled after `stop`.

        `tell` is called from another thread.
        """
        run = _Run()
        asked = self._threads.submit(self._answer, run, work, tell)
        self._runs[asked] = run
        asked.add_done_callback(lambda done: self._runs.pop(done, None))
        return asked

    def stop(self, asked: Future[Any]) -> None:
        """End this one, also while it waits or its process just begins; nothing that it did is kept."""
        run = self._runs.get(asked)
        if run is not None:
            run.stop()

    def close(self) -> None:
        for run in list(self._runs.values()):
            run.stop()
        self._threads.shutdown(cancel_futures=True)

    def _answer(self, run: _Run, work: Work, tell: Tell) -> Any:
        # Started anew, not forked: a window's threads and an open database do not survive a fork.
        import multiprocessing  # noqa: PLC0415 - a start needs none of it

        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(there, self.books, work), daemon=True)
        try:
            run.begin(process)
            there.close()
            while (told := here.recv())[0] is _Says.PROGRESS:
                tell(*told[1])
        except EOFError:
            if run.is_stopped:
                raise Cancelled from None
            raise EnvironmentFault(Code.WORK_ENDED) from None
        finally:
            there.close()
            here.close()
            if run.process is not None:
                process.join()
        says, answer = told
        if says is _Says.TROUBLE:
            raise _told(*answer)
        return answer


class _Says(Enum):
    """What the process sends, before what it says."""

    PROGRESS = 1
    ANSWER = 2
    TROUBLE = 3


def _work(answers: Connection, books: OpenBooks, work: Work) -> None:
    """The life of the process."""
    _give_way()
    try:
        with closing(books()) as ledger:
            answers.send((_Says.ANSWER, work(ledger, lambda *far: answers.send((_Says.PROGRESS, far)))))
    except VendingError as error:
        is_ours = isinstance(error, OperatorError)
        answers.send((_Says.TROUBLE, (is_ours, error.code, dict(error.facts))))


def _give_way() -> None:
    """Whoever sells comes first: this process takes what the processor has left."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only there

        # -1 is the handle by which a process means itself (GetCurrentProcess); as wide as a pointer.
        ctypes.windll.kernel32.SetPriorityClass(ctypes.c_void_p(-1), BELOW_NORMAL)
    else:
        os.nice(LESS_URGENT)


def _told(is_ours: bool, code: Code, facts: dict[str, Any]) -> VendingError:
    """The error of the process, raised again here."""
    return OperatorError(code, **facts) if is_ours else EnvironmentFault(code, **facts)
