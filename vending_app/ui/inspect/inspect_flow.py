"""Between the inspection page and the desk: lists are counted beside the counter and kept by it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from vending_app.domain.errors import Cancelled, VendingError
from vending_app.ports import PaperMaker
from vending_app.ports.telling import Tell, untold
from vending_app.services import inspection_cases as ask
from vending_app.services.inspection import count
from vending_app.services.inspection_cases import Counted, InspectionShown
from vending_app.ui.bridge import DeskBridge, Failed, Finished
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.toast import Note
from vending_app.ui.pages.inspect_page import InspectPage
from vending_app.ui.words import trouble


class LongWork(Protocol):
    """Where long reading is done while the counter goes on."""

    @property
    def paper(self) -> PaperMaker:
        """What makes papers there."""

    def start(self, work: Callable[..., Any], tell: Tell = untold, /) -> Future[Any]: ...
    def stop(self, asked: Future[Any], /) -> None: ...


class InspectFlow(QObject):
    """Signals: said(Note); check_wanted(str) — a check card for an area."""

    said = Signal(object)
    check_wanted = Signal(str)
    _answered = Signal(object)
    """From the thread that waited for it."""
    _far = Signal(int, int)
    """From that thread too: how far it is."""

    def __init__(
        self, page: InspectPage, bridge: DeskBridge, *, beside: LongWork, clock: DeskClock, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.page, self.bridge, self.beside, self._clock = page, bridge, beside, clock
        self._counting: Future[Any] | None = None
        page.asked.connect(bridge.submit)
        page.count_wanted.connect(self._count)
        page.stop_wanted.connect(self._stop)
        page.check_wanted.connect(self.check_wanted)
        bridge.finished.connect(self._on_finished)
        bridge.failed.connect(self._on_failed)
        self._answered.connect(self._on_answered)
        self._far.connect(page.show_far)

    def _count(self) -> None:
        shown = self.page.shown
        if shown is None or self.page.is_counting:
            return
        self.page.show_counting(True)
        work = partial(count, criteria=shown.criteria, today=self._clock.now().astimezone().date())
        self._counting = self.beside.start(work, self._far.emit)
        self._counting.add_done_callback(self._answered.emit)

    def _stop(self) -> None:
        """What counts beside the counter is no object of Qt: a signal reaches it only through one."""
        if self._counting is not None:
            self.beside.stop(self._counting)

    def _on_answered(self, future: Future[Any]) -> None:
        error = future.exception()
        if error is None:
            answer = future.result()
            assert isinstance(answer, Counted), "that was asked"
            self.bridge.submit(ask.KeepSample(answer))
        elif isinstance(error, Cancelled):
            self.page.show_counting(False)
        elif isinstance(error, VendingError):
            self.page.show_trouble(error)
        else:
            raise error

    def _on_finished(self, done: Finished) -> None:
        if self.page.column.awaits(done.use_case):
            self.page.column.take(done)
        if not isinstance(done.answer, InspectionShown):
            return
        if isinstance(done.use_case, ask.KeepSample):
            self.page.show_counting(False)
        self.page.show_inspection(done.answer)
        if isinstance(done.use_case, ask.SetCriteria) or self._is_due(done.use_case, done.answer):
            self._count()

    def _is_due(self, asked: object, shown: InspectionShown) -> bool:
        """A list is counted once a day, when somebody looks; one that findings are still to come of stands."""
        if asked != ask.ShowInspection() or shown.to_come:
            return False
        return shown.sample is None or shown.sample.on < self._clock.now().astimezone().date()

    def _on_failed(self, failed: Failed) -> None:
        if self.page.column.awaits(failed.use_case):
            self.page.column.refuse(failed)
        elif isinstance(failed.use_case, ask.ShowInspection | ask.KeepSample):
            self.page.show_trouble(failed.error)
        elif isinstance(failed.use_case, ask.MarkRoute | ask.ShowRouteSheet | ask.PrintRouteSheet):
            said = trouble(failed.error)
            self.said.emit(Note(said.sentence, f"{said.remedy}  {said.short}", "warn", about="inspection"))
