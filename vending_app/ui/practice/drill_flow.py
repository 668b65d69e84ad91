"""A drill as it goes: the scene is set, the desk is watched, each step is told, and the result is kept."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from vending_app.domain.ids import OperatorName
from vending_app.services.drills import Drill, DrillBook, DrillRun, KeepDrill, Seen
from vending_app.services.practice_cases import SetStreetUpAnew, StreetLeft
from vending_app.ui.bridge import DeskBridge, Failed, Finished
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.toast import Note
from vending_app.ui.pages.drills_page import DrillsPage, said_time


class DrillFlow(QObject):
    """Signals: said(Note), begun(Drill) — the desk is set, the trainee begins; street_left() — it is made anew once the
    window is closed."""

    said = Signal(object)
    begun = Signal(object)
    street_left = Signal()

    def __init__(self, page: DrillsPage, bridge: DeskBridge, *, clock: DeskClock, parent: QObject) -> None:
        super().__init__(parent)
        self.page, self.bridge, self.clock = page, bridge, clock
        self.trainee: OperatorName | None = None
        self.run: DrillRun | None = None
        self._since = QElapsedTimer()
        """The desk's clock is set by its answers, each as late as its way here: no time is taken by it."""
        page.asked.connect(bridge.submit)
        page.started.connect(self.start)
        page.given_up.connect(self.give_up)
        bridge.finished.connect(self._on_finished)
        bridge.failed.connect(self._on_failed)

    def start(self, drill: object) -> None:
        """Set the scene; the time begins now."""
        assert isinstance(drill, Drill), "the page starts drills"
        if self.trainee is None:
            return
        for act in drill.scene:
            self.bridge.submit(act)
        self.run = DrillRun(drill, self.trainee, self.clock.now())
        self._since.start()
        self.page.show_run(self.run)
        self.said.emit(Note(drill.title, drill.task, "accent", about="drill", icon="flask-fill"))
        self.begun.emit(drill)

    def give_up(self) -> None:
        """It does not count."""
        self.run = None
        self.page.show_run(None)

    def _on_finished(self, done: Finished) -> None:
        if isinstance(done.answer, DrillBook):
            self.page.show_book(done.answer, self.trainee)
        elif isinstance(done.answer, StreetLeft):
            self.street_left.emit()
        else:
            self._look(Seen(done.use_case, done.answer))

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.use_case, SetStreetUpAnew):
            self.page.show_trouble(failed.error)
        self._look(Seen(failed.use_case, error=failed.error))

    def _look(self, seen: Seen) -> None:
        run = self.run
        if run is None:
            return
        if not run.take(seen, at=run.began + timedelta(milliseconds=self._since.elapsed())):
            return
        self.page.show_run(run)
        result = run.result
        if result is None:
            left = f"Step {run.done} of {len(run.drill.goals)}. Next: {run.goal.words}." if run.goal else ""
            self.said.emit(Note(run.drill.title, left, "accent", about="drill", icon="flask-fill"))
            return
        self.run = None
        pace = "quick enough" if result.milliseconds <= run.drill.seconds * 1000 else f"usual is {run.drill.seconds} s"
        words = f"{said_time(result.milliseconds)}, {pace}."
        self.said.emit(Note(f"{run.drill.title}: done", words, "ok", about="drill", icon="check-circle-fill"))
        self.bridge.submit(KeepDrill(result))
