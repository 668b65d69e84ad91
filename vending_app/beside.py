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
from typing import TYPE_CHECKING, Any

from vending_app.domain.errors import Cancelled, Code, EnvironmentFault, OperatorError, VendingError
from vending_app.ports import Ledger, OpenBooks, PaperMaker
from vending_app.ports.inspecting import Tell, untold

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
class Beside:
    """One process at a time; whoever closes this ends it."""

    books: OpenBooks
    paper: PaperMaker
    """What makes papers there; pickle can carry it."""
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "beside"))
    _process: BaseProcess | None = None

    def start(self, work: Work, tell: Tell = untold) -> Future[Any]:
        """The answer when it is there; the future fails with a VendingError, Cancelled after `stop`.

        `tell` is called from another thread.
        """
        return self._threads.submit(self._answer, work, tell)

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def stop(self) -> None:
        """End what runs; nothing that it did is kept."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        self.stop()
        self._threads.shutdown(cancel_futures=True)

    def _answer(self, work: Work, tell: Tell) -> Any:
        # Started anew, not forked: a window's threads and an open database do not survive a fork.
        import multiprocessing  # noqa: PLC0415 - a start needs none of it

        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(there, self.books, work), daemon=True)
        try:
            process.start()
            self._process = process
            there.close()
            while (told := here.recv())[0] is _Says.PROGRESS:
                tell(*told[1])
        except EOFError:
            raise Cancelled from None
        finally:
            here.close()
            process.join()
            self._process = None
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
