"""One record beside the list: the whole of it, and everything that was ever changed in it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.record_lines import RecordLine
from vending_app.services.record_cases import RecordShown
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.components.table import ROW_HEIGHT, Column, RowsModel, Table
from vending_app.ui.components.tag import draw_tag, tag_width
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.phrases import full_day
from vending_app.ui.records.record_words import Told, facts_of, history_of, signed, tag_of, title_of
from vending_app.ui.theme import Look

TOP, FACT, HEAD = 48, 28, 30
DETAIL = 96
"""What was before and after, why, and who: three lines and the signature."""
NOT_YET, UNCHANGED = ("", "", ""), ("", "Never changed since these books began", "")


class RecordCard(Surface):
    """Shows what it is given; the arrow keys go through the history."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Record", parent=parent)
        self.line: RecordLine | None = None
        self.more: tuple[tuple[str, str], ...] = ()
        """Facts that stand in no record, below its own."""
        self.history: RowsModel[Told] = RowsModel(
            [
                Column("", lambda row: row.title, strong=True),
                Column("", lambda row: full_day(row.at), 124, right=True, muted=True),
            ],
            self,
        )
        self.table = Table(look, self.history, name="History", headed=False, parent=self)
        self.table.shows_focus = True
        self.table.selectionModel().currentRowChanged.connect(self._on_row)

    def show_line(self, line: RecordLine | None) -> None:
        """What the list knows of it; its history comes a moment later."""
        self.line, self.more = line, ()
        self.table.empty = NOT_YET
        self._show(())

    def show_record(self, shown: RecordShown) -> None:
        """All of it."""
        self.line = shown.line
        self.table.empty = UNCHANGED
        self._show(history_of(shown))

    def show_more(self, facts: tuple[tuple[str, str], ...]) -> None:
        """What is known besides the record."""
        self.more = facts
        self._tell()
        self._lay_out()

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Label and value of everything above the history."""
        return (*facts_of(self.line), *self.more) if self.line is not None else ()

    def _tell(self) -> None:
        self.setAccessibleDescription("; ".join(f"{label} {value}" for label, value in self.facts))

    def _show(self, history: tuple[Told, ...]) -> None:
        line = self.line
        self.set_title(title_of(line) if line is not None else "Record")
        self._tell()
        self.history.show_rows(history)
        if history:
            self.table.selectRow(0)
        self.table.setVisible(line is not None)
        self._lay_out()

    # --- drawn ------------------------------------------------------------------------------------------

    def _history_top(self) -> float:
        return TOP + FACT * len(self.facts) + HEAD + 4

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        top = self._history_top()
        rows = max(2, int(self.height() - top - DETAIL - PADDING) // ROW_HEIGHT)
        high = min(rows, len(self.history.rows) or 2) * ROW_HEIGHT
        self.table.setGeometry(QRectF(5, top, self.width() - 10, high).toRect())
        self.update()

    def _paint_title(self, ink: Ink) -> None:
        tag = tag_of(self.line) if self.line is not None else None
        room = QRectF(PADDING, 13, self.width() - 2 * PADDING, 24)
        if tag is not None:
            word, icon, name = tag
            room = room.adjusted(0, 0, -tag_width(word) - 8, 0)
            draw_tag(ink, self.width() - PADDING - tag_width(word), 13, word=word, icon=icon, name=name)
        ink.text(room, self.title, face=Face.CARD_TITLE, may_elide=True)

    def draw(self, ink: Ink) -> None:
        right = self.width() - PADDING
        if self.line is None:
            area = QRectF(PADDING, 44, right - PADDING, self.height() - 60)
            draw_empty(ink, area, icon="address-book", title="Nothing chosen", step="Choose a line of the list.")
            return
        for at, (label, value) in enumerate(self.facts):
            top = TOP + FACT * at
            used = ink.text(QRectF(PADDING, top, 140, FACT), label, colour=ink.t.muted)
            room = QRectF(PADDING + used + 16, top, right - PADDING - used - 16, FACT)
            ink.text(room, value, face=Face.VALUE, align=RIGHT, may_elide=True)
            ink.rule(PADDING, right, top + FACT - 1)
        below = self._history_top() - HEAD
        ink.text(QRectF(PADDING, below, 200, HEAD), "History", face=Face.STRONG)
        if len(self.history.rows) > 1:
            every = f"{len(self.history.rows)} in all"
            ink.text(QRectF(right - 120, below, 120, HEAD), every, face=Face.SMALL, colour=ink.t.muted, align=RIGHT)
        self._draw_detail(ink, right)

    def _draw_detail(self, ink: Ink, right: float) -> None:
        """What the chosen line of the history says in full."""
        told = self.table.chosen
        if not isinstance(told, Told):
            return
        top = self.table.geometry().bottom() + 10
        lines = [part for part in (told.detail, told.why) if part]
        for words in lines:
            ink.text(QRectF(PADDING, top, right - PADDING, 22), words, face=Face.SMALL, may_elide=True)
            top += 22
        ink.text(QRectF(PADDING, top, right - PADDING, 22), signed(told), face=Face.SMALL, colour=ink.t.muted)

    def _on_row(self, *_: object) -> None:
        told = self.table.chosen
        if isinstance(told, Told):
            self.setToolTip("\n".join(part for part in (told.detail, told.why, signed(told)) if part))
        self.update()
