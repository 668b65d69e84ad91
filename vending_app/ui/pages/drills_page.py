"""Drills for a new cashier or technician: what to do, how it goes, and how it went before."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import VendingError
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, Role
from vending_app.domain.permissions import Act, may
from vending_app.services.drill_list import DRILLS
from vending_app.services.drills import Drill, DrillBook, DrillResult, DrillRun, ShowDrills, best_of
from vending_app.ui.books.act_card import ActCard
from vending_app.ui.books.ask import Deed
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import Ink
from vending_app.ui.phrases import counted
from vending_app.ui.practice.street_asks import ask_anew
from vending_app.ui.theme import Look

SIDE = 400
STEP_HIGH, GOALS_TOP = 44, 124


def said_time(milliseconds: int) -> str:
    """`14.2 s`, `1 min 5 s`."""
    seconds, rest = divmod(milliseconds, 1000)
    if seconds < 60:
        return f"{seconds}.{rest // 100} s"
    return f"{seconds // 60} min {seconds % 60} s"


class TaskCard(Surface):
    """The task, its steps, and the button."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Task", parent=parent)
        self.drill: Drill | None = None
        self.run: DrillRun | None = None
        self.note = ""
        self.button = Button(look, "Start", kind=Kind.PRIMARY, icon="flask", key="Enter", parent=self)

    def show_drill(self, drill: Drill | None, run: DrillRun | None, note: str) -> None:
        """Another one, or another step of it."""
        self.drill, self.note = drill, note
        self.run = run if run is not None and drill is not None and run.drill.key == drill.key else None
        self.set_title(drill.title if drill else "Task")
        self.setAccessibleDescription(drill.task if drill else "")
        self.button.setVisible(drill is not None)
        self.button.set_words("Give up" if self.run else "Start")
        self.lay_out()
        self.update()

    def lay_out(self) -> None:
        """The button stands under the steps: below, toasts come up."""
        count = len(self.drill.goals) if self.drill else 0
        place(self.button, PADDING, GOALS_TOP + STEP_HIGH * count + 12, self.width() - 2 * PADDING, 56)

    def draw(self, ink: Ink) -> None:
        drill = self.drill
        if drill is None:
            return
        width = self.width() - 2 * PADDING
        ink.paragraph(QRectF(PADDING, 48, width, 72), drill.task, from_top=True)
        for at, goal in enumerate(drill.goals):
            self._draw_goal(ink, QRectF(PADDING, GOALS_TOP + STEP_HIGH * at, width, STEP_HIGH), at, goal.words)
        if self.note:
            row = QRectF(PADDING, GOALS_TOP + STEP_HIGH * len(drill.goals) + 80, width, 24)
            ink.text(row, self.note, face=Face.SMALL, colour=ink.t.muted, may_elide=True)

    def _draw_goal(self, ink: Ink, row: QRectF, at: int, words: str) -> None:
        """Number, tick when it is done, ring when it is next."""
        done = self.run.done if self.run else 0
        middle = row.topLeft()
        disc = QRectF(middle.x(), row.center().y() - 12, 24, 24)
        is_done, is_next = self.run is not None and at < done, self.run is not None and at == done
        if is_done:
            ink.disc(disc.center(), 12, fill=ink.t.ok)
            ink.icon(disc.adjusted(5, 5, -5, -5), "check-bold", ink.t.on)
        else:
            ink.disc(disc.center(), 12, fill=ink.t.card, line=ink.t.accent if is_next else ink.t.line2, width=2)
            number = str(at + 1)
            ink.text(disc.adjusted(8, 0, 8, 0), number, face=Face.SMALL_STRONG, colour=ink.t.muted)
        face = Face.STRONG if is_next else Face.BODY
        ink.text(row.adjusted(36, 0, 0, 0), words, face=face, may_elide=True)


class DrillsPage(Page):
    """Signals: asked(ShowDrills or SetStreetUpAnew), started(Drill), given_up()."""

    asked = Signal(object)
    started = Signal(object)
    given_up = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Drills", parent=parent)
        self.book = DrillBook(())
        self.trainee: OperatorName | None = None
        self.run: DrillRun | None = None
        self.anew = Button(look, "Set the street up anew", icon="house-line", parent=self)
        self.verbs = (self.anew,)
        self.confirm = ActCard(look, self)
        self.confirm.hide()
        self.list_card, self.task = Surface(look, parent=self), TaskCard(look, self)
        columns: list[Column[Drill]] = [
            Column("Drill", lambda row: row.title, strong=True),
            Column("Usual", lambda row: f"{row.seconds} s", 70, right=True, muted=True),
            Column("Best", self._said_best, 100, right=True, strong=True),
            Column("Done", self._said_count, 60, right=True),
        ]
        self.model = RowsModel(columns, self)
        self.table = Table(look, self.model, name="Drills", parent=self)
        self.table.empty = ("flask", "No drills for this role", "Log in as cashier or technician.")
        self.table.opened.connect(self._on_start)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.task.button.clicked.connect(self._on_start)
        self.anew.clicked.connect(self._on_anew)
        self.confirm.filled.connect(self._on_confirmed)
        self.confirm.left.connect(self.step_back)

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.table

    def begin(self) -> None:
        """Ask what was done before."""
        self._show_confirm(False)
        self.asked.emit(ShowDrills())

    def step_back(self) -> bool:
        """Esc: from the question back to the drills; False if nothing is asked."""
        if self.confirm.isHidden():
            return False
        self._show_confirm(False)
        self.table.setFocus()
        return True

    def show_trouble(self, error: VendingError) -> None:
        """The street stays as it is."""
        self.confirm.show_trouble(error)

    def _show_confirm(self, shown: bool, /) -> None:
        self.confirm.setVisible(shown)
        self.task.setVisible(not shown)

    def _on_anew(self) -> None:
        self._show_confirm(True)
        self.confirm.show_ask(ask_anew())

    def _on_confirmed(self, deed: Deed) -> None:
        self.asked.emit(deed.request)

    def show_operator(self, operator: Operator | None) -> None:
        """The drills of what this person may do."""
        self.trainee = operator.name if operator else None
        acts = {Role.CASHIER: Act.SELL, Role.TECHNICIAN: Act.ISSUE}
        self.model.show_rows([drill for drill in DRILLS if may(operator, acts[drill.role])])
        if self.model.rows:
            self.table.selectRow(0)

    def show_book(self, book: DrillBook, trainee: OperatorName | None) -> None:
        """What was kept."""
        self.book, self.trainee = book, trainee or self.trainee
        own = sum(result.trainee == self.trainee for result in book.results)
        self.set_title("Drills", counted(own, "result", "results") if own else "Nothing here is real: learn by doing.")
        self.table.viewport().update()
        self._on_row()

    def show_run(self, run: DrillRun | None) -> None:
        """How the drill stands."""
        self.run = run if run is None or run.result is None else None
        self._on_row()

    def _is_own(self, result: DrillResult, drill: Drill) -> bool:
        return (result.drill, result.trainee) == (drill.key, self.trainee)

    def _said_best(self, drill: Drill) -> str:
        best = best_of(self.book.results, drill.key, self.trainee) if self.trainee else None
        return said_time(best.milliseconds) if best else ""

    def _said_count(self, drill: Drill) -> str:
        return str(sum(self._is_own(result, drill) for result in self.book.results) or "")

    @property
    def chosen(self) -> Drill | None:
        """The row that is selected."""
        row = self.table.chosen
        return row if isinstance(row, Drill) else None

    def _on_row(self, *_: object) -> None:
        drill = self.chosen
        own = [each for each in self.book.results if drill is not None and self._is_own(each, drill)]
        note = ""
        if own:
            slips = counted(own[-1].refusals, "refusal", "refusals")
            note = f"Last time {said_time(own[-1].milliseconds)}, {slips} on the way."
        self.task.show_drill(drill, self.run, note)

    def _on_start(self, *_: object) -> None:
        drill = self.chosen
        if drill is None:
            return
        if self.run is not None and self.run.drill.key == drill.key:
            self.given_up.emit()
        else:
            self.started.emit(drill)

    def lay_out(self, area: QRectF) -> None:
        side = min(SIDE, area.width() * 2 / 5)
        left = area.adjusted(0, 0, -side - 16, 0)
        self.list_card.setGeometry(left.toRect())
        place_table(self.table, left.adjusted(5, 9, -5, -5))
        for card in (self.task, self.confirm):
            card.setGeometry(area.adjusted(area.width() - side, 0, 0, 0).toRect())
        self.task.lay_out()
