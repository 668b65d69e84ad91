"""A double of the work beside the counter: it answers at once, fails, or never ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from vending_app.documents.papers import Papers
from vending_app.domain.errors import Cancelled
from vending_app.ports import PaperMaker
from vending_app.ports.telling import Tell, untold


@dataclass
class Beside:
    """`answer` is given to whatever is asked; an error is raised; None works until it is stopped."""

    answer: object = None
    asked: list[object] = field(default_factory=list)
    running: Future[Any] | None = None
    tell: Tell = untold
    paper: PaperMaker = field(default_factory=Papers)

    def start(self, work: Callable[..., Any], tell: Tell = untold, /) -> Future[Any]:
        self.asked.append(work)
        self.tell = tell
        future: Future[Any] = Future()
        if isinstance(self.answer, Exception):
            future.set_exception(self.answer)
        elif self.answer is not None:
            future.set_result(self.answer)
        else:
            self.running = future
        return future

    def stop(self, asked: Future[Any], /) -> None:
        if self.running is asked:
            self.running.set_exception(Cancelled())
            self.running = None
