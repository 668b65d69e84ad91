"""The desks of the office: a list whose names are changed below it, and what the chosen one tells of itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.office_rules import LONGEST_DESK, DeskNames, DeskTold, Rule, check_desks
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.components.toggle import Toggle
from vending_app.ui.fonts import Face
from vending_app.ui.office.rule_card import FOOT, LABEL, TOP, RuleCard
from vending_app.ui.office.rule_words import GIVEN_UP, chosen_of, facts_of_desk
from vending_app.ui.operators.operator_words import said_moment
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

FIELD = 40
LAST_COLUMN, PRINTER_COLUMN, READER_COLUMN = 2, 3, 4
MOMENT_WIDE, CHOICE_WIDE = 168, 150
ROOM_FOR_ALL, ROOM_FOR_LAST = 760, 420
"""Below it the card at the right alone tells the choices, and below the second when a desk was last at work."""
FACT, VALUE = 20, 26
NAMED = (
    "The name stands wherever desks are named, as in the report Gaps. Receipts and pages go on to say the number. "
    "Of a desk that is given up, Gaps no longer says that it is silent."
)


class DesksCard(RuleCard):
    """Signals: desk_chosen(DeskTold) — another line of the list, or what stands in it."""

    desk_chosen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Desks", parent=parent)
        self.typed: dict[int, str] = {}
        """Names that are to hold, by desk."""
        self.marked: dict[int, bool] = {}
        """Desks that are to be given up, or in use again."""
        self.looked_at: int | None = None
        """The desk that is chosen as soon as they are shown."""
        columns: list[Column[DeskTold]] = [
            Column("Desk", lambda desk: str(desk.number), 72, muted=True),
            Column("Name", self.name_of, strong=True, mark=self._mark_of),
            Column("Last at work", self._said_last, MOMENT_WIDE, muted=True),
            Column("Printer", lambda desk: chosen_of(desk, "printer"), CHOICE_WIDE, muted=True),
            Column("Reader", lambda desk: chosen_of(desk, "reader"), CHOICE_WIDE, muted=True),
        ]
        self.rows: RowsModel[DeskTold] = RowsModel(columns, self)
        self.table = Table(look, self.rows, name="Desks", parent=self)
        self.table.shows_focus = True
        self.table.empty = ("storefront", "No desks yet", "")
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.opened.connect(self._on_opened)
        self.name = self.text_field("Name of the desk", most=LONGEST_DESK)
        self.name.textEdited.disconnect()
        self.name.textEdited.connect(self._on_typed)
        self.give_up = Toggle(look, "Given up", name="Given up", parent=self)
        self.give_up.clicked.connect(self._on_given_up)

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.table

    def wanted(self) -> DeskNames:
        names = dict(self.was.names) if isinstance(self.was, DeskNames) else {}
        given_up = tuple(desk.number for desk in self.rows.rows if self.is_given_up(desk))
        wanted = DeskNames(tuple(sorted((names | self.typed).items())), given_up)
        check_desks(wanted, self.rows.rows)
        return wanted

    def fill(self, rule: Rule) -> None:
        self.typed, self.marked = {}, {}
        self._show_chosen()

    def is_given_up(self, desk: DeskTold) -> bool:
        """As somebody wants it, or as it is."""
        return self.marked.get(desk.number, desk.is_given_up)

    def _said_last(self, desk: DeskTold) -> str:
        return GIVEN_UP if self.is_given_up(desk) else said_moment(desk.last_act)

    def name_of(self, desk: DeskTold) -> str:
        """As somebody wants it called, or as it is."""
        return self.typed.get(desk.number, desk.name)

    def _mark_of(self, desk: DeskTold) -> tuple[str, str]:
        return ("note-pencil", "accent") if desk.number in {*self.typed, *self.marked} else ("", "")

    def show_desks(self, desks: Sequence[DeskTold]) -> None:
        """Every desk; the chosen one stays chosen."""
        at = max(self.table.currentIndex().row(), 0)
        at = next((place for place, desk in enumerate(desks) if desk.number == self.looked_at), at)
        self.looked_at = None
        self.rows.show_rows(desks)
        self.name.setEnabled(bool(desks))
        self.give_up.setEnabled(bool(desks))
        if desks:
            self.table.selectRow(min(at, len(desks) - 1))
        self._show_chosen()

    def look_at(self, desk: int) -> None:
        """Choose it with the next answer."""
        self.looked_at = desk

    def _show_chosen(self) -> None:
        desk = self.table.chosen
        self.name.setText(self.name_of(desk) if desk else "")
        self.name.setAccessibleName(f"Name of desk {desk.number}" if desk else "Name of the desk")
        self.give_up.setAccessibleName(f"Desk {desk.number} is given up" if desk else "Given up")
        self.give_up.setChecked(desk is not None and self.is_given_up(desk))
        self.table.viewport().update()
        self._label_field()
        self.desk_chosen.emit(desk)

    def _on_row(self, *_: object) -> None:
        self._show_chosen()

    def _on_opened(self, _desk: object) -> None:
        self.name.setFocus()
        self.name.selectAll()

    def _on_typed(self, text: str) -> None:
        desk = self.table.chosen
        if desk is None:
            return
        self.typed.pop(desk.number, None)
        if text.strip() != desk.name:
            self.typed[desk.number] = text.strip()
        self.table.viewport().update()
        self.note_change()

    def _on_given_up(self, is_on: bool) -> None:
        desk = self.table.chosen
        if desk is None:
            return
        self.marked.pop(desk.number, None)
        if is_on != desk.is_given_up:
            self.marked[desk.number] = is_on
        self.table.viewport().update()
        self.note_change()

    def lay_out(self, width: float) -> None:
        bottom = self.height() - FOOT - 12 - FIELD
        toggle = self.give_up.content_width() + 26
        place(self.name, PADDING, bottom, width - toggle - 12, FIELD)
        place(self.give_up, PADDING + width - toggle, bottom, toggle, FIELD)
        self._label_field()
        place_table(self.table, QRectF(5, TOP - 4, width + 2 * PADDING - 10, bottom - LABEL - 8 - TOP))
        for column in (PRINTER_COLUMN, READER_COLUMN):
            self.table.setColumnHidden(column, width < ROOM_FOR_ALL)
        self.table.setColumnHidden(LAST_COLUMN, width < ROOM_FOR_LAST)

    def _label_field(self) -> None:
        top = self.height() - FOOT - 12 - FIELD - LABEL - 2
        self.labels = [(QRectF(PADDING, top, self.width() - 2 * PADDING, LABEL), self.name.accessibleName())]
        self.update()


class DeskCard(Surface):
    """One desk: when it was last at work, and what it chose for itself."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Desk", parent=parent)
        self.facts: tuple[tuple[str, str], ...] = ()

    def show_desk(self, desk: DeskTold | None) -> None:
        """Another one; None while there is none."""
        self.facts = facts_of_desk(desk) if desk else ()
        self.set_title(f"Desk {desk.number}" if desk else "Desk")
        self.setAccessibleDescription("; ".join(f"{label} {value}" for label, value in self.facts))
        self.update()

    def draw(self, ink: Ink) -> None:
        width, y = self.width() - 2 * PADDING, float(TOP)
        for label, value in self.facts:
            ink.text(QRectF(PADDING, y, width, FACT), label, face=Face.SMALL, colour=ink.t.muted)
            ink.text(QRectF(PADDING, y + FACT, width, VALUE), value, face=Face.STRONG, may_elide=True)
            y += FACT + VALUE + 12
        ink.paragraph(QRectF(PADDING, y + 4, width, 84), NAMED, face=Face.SMALL, colour=ink.t.muted, from_top=True)
