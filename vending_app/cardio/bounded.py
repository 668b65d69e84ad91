"""Calls that may block for ever, made on a thread of their own and given up after a while."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class TookTooLong(Exception):
    """The call is still under way; nobody waits for it any more."""


class _Job(Generic[T]):
    """One call, its result, and what to do with a result that comes after everybody left."""

    def __init__(self, call: Callable[[], T], late: Callable[[T], None] | None) -> None:
        self._call = call
        self._late = late
        self._done = Event()
        self._lock = Lock()
        self._is_given_up = False
        self._result: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """On the worker. Whatever the call raises is raised again where the caller waits."""
        try:
            self._result.append(self._call())
        except BaseException as error:  # noqa: BLE001 - handed over, not swallowed
            self._error = error
        with self._lock:
            self._done.set()
            if self._is_given_up and self._late is not None and self._result:
                self._late(self._result[0])

    def result(self, timeout_ms: int) -> T:
        """On the caller. Raises TookTooLong and what the call raised."""
        if not self._done.wait(timeout_ms / 1000) and self._give_up():
            raise TookTooLong
        if self._error is not None:
            raise self._error
        return self._result[0]

    def _give_up(self) -> bool:
        with self._lock:
            self._is_given_up = not self._done.is_set()
            return self._is_given_up


class BoundedWorker:
    """Runs one call at a time on a daemon thread; a call that hangs costs that thread, and the next gets a new one."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue: SimpleQueue[Callable[[], None] | None] | None = None

    def call(self, call: Callable[[], T], *, timeout_ms: int, late: Callable[[T], None] | None = None) -> T:
        """The call's result. `late` is given a result that comes too late. Raises TookTooLong."""
        job = _Job(call, late)
        queue = self._queue or self._started()
        queue.put(job.run)
        try:
            return job.result(timeout_ms)
        except TookTooLong:
            self.close()
            raise

    def close(self) -> None:
        """Let the thread end after its present call."""
        if self._queue is not None:
            self._queue.put(None)
            self._queue = None

    def _started(self) -> SimpleQueue[Callable[[], None] | None]:
        queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        Thread(target=_serve, args=(queue,), name=self._name, daemon=True).start()
        self._queue = queue
        return queue


def _serve(queue: SimpleQueue[Callable[[], None] | None]) -> None:
    while (job := queue.get()) is not None:
        job()
