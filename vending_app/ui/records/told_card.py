"""Something chosen in a list, beside it: its facts, and everything that was ever changed in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.components.table import ROW_HEIGHT, Column, RowsModel, Table
from vending_app.ui.components.tag import draw_tag, tag_width
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.phrases import full_day
from vending_app.ui.records.told import UNCHANGED, Told, signed
from vending_app.ui.theme import Look

TOP, FACT, HEAD = 48, 28, 30
DETAIL = 96
"""What was before and after, why, and who: three lines and the signature."""
NOT_YET = ("", "", "")
Tag = tuple[str, str, str]
"""Word, icon and tone."""


class ToldCard(Surface):
    """Shows what it is given; the arrow keys go through the history."""

    def __init__(self, look: Look, *, title: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(look, title=title, parent=parent)
        self.nothing, self.icon = title, icon
        self.facts: Sequence[tuple[str, str]] = ()
        self.tag: Tag | None = None
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
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nothing is chosen."""
        self.show_facts(self.nothing, (), None)

    def show_facts(self, title: str, facts: Sequence[tuple[str, str]], tag: Tag | None) -> None:
        """What the list knows of it; its history comes a moment later."""
        self.tag = tag
        self.set_title(title)
        self._tell(facts)
        self.table.setVisible(bool(facts))
        self.table.empty = NOT_YET
        self._show_history(())

    def add_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """The same with more; its history stays as it is."""
        self._tell(facts)
        self._lay_out()

    def _tell(self, facts: Sequence[tuple[str, str]]) -> None:
        self.facts = facts
        self.setAccessibleDescription("; ".join(f"{label} {value}" for label, value in facts))

    def show_history(self, history: Sequence[Told], *, if_none: str = UNCHANGED) -> None:
        """What was ever changed in it, the newest first; and what is said where there is nothing."""
        self.table.empty = ("", if_none, "")
        self._show_history(history)

    def _show_history(self, history: Sequence[Told]) -> None:
        self.history.show_rows(history)
        if history:
            self.table.selectRow(0)
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
        room = QRectF(PADDING, 13, self.width() - 2 * PADDING, 24)
        if self.tag is not None:
            word, icon, name = self.tag
            room = room.adjusted(0, 0, -tag_width(word) - 8, 0)
            draw_tag(ink, self.width() - PADDING - tag_width(word), 13, word=word, icon=icon, name=name)
        ink.text(room, self.title, face=Face.CARD_TITLE, may_elide=True)

    def draw(self, ink: Ink) -> None:
        right = self.width() - PADDING
        if not self.facts:
            area = QRectF(PADDING, 44, right - PADDING, self.height() - 60)
            draw_empty(ink, area, icon=self.icon, title="Nothing chosen", step="Choose a line of the list.")
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
