"""One tariff beside the list: its versions, the past greyed, and the chosen one part by part with whose word it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.ids import OperatorName
from vending_app.domain.tariff_entry import TariffLife, TariffVersion
from vending_app.domain.tariff_preview import compared
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.components.table import HEADER_HEIGHT, ROW_HEIGHT, Column, RowsModel, Table, place_table
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.phrases import day_and_year
from vending_app.ui.tariffs.tariff_words import COMING, IN_FORCE, PAST, said_part, said_standing, signed
from vending_app.ui.tariffs.terms_table import TermsTable
from vending_app.ui.theme import Look

TOP, FOOT = 46, 40
MOST_VERSIONS = 4
MARKS = {COMING: ("calendar", "accent"), IN_FORCE: ("check-circle-fill", "ok"), PAST: ("lock-simple", "muted")}


class LifeCard(Surface):
    """Shows what it is given; the arrow keys go through the versions.

    Signals: moved() — another version is chosen.
    """

    moved = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Prices", parent=parent)
        self.life: TariffLife | None = None
        self.today = date.min
        self.names: Mapping[OperatorName, str] = {}
        columns: list[Column[TariffVersion]] = [
            Column("From", lambda version: day_and_year(version.tariff.valid_from), 140, mark=self._greyed),
            Column("", self._standing, mark=self._mark),
        ]
        self.versions: RowsModel[TariffVersion] = RowsModel(columns, self)
        self.table = Table(look, self.versions, name="Versions", headed=False, parent=self)
        self.table.empty = ("", "", "")
        self.table.shows_focus = True
        self.terms = TermsTable(look, name="Prices of the version", parent=self)
        self.table.selectionModel().currentRowChanged.connect(self._on_version)

    def _standing(self, version: TariffVersion) -> str:
        return said_standing(self.life, version, self.today) if self.life is not None else ""

    def _mark(self, version: TariffVersion) -> tuple[str, str]:
        return MARKS.get(self._standing(version), ("", "text"))

    def _greyed(self, version: TariffVersion) -> tuple[str, str]:
        return ("", "muted" if self._standing(version) == PAST else "text")

    # --- shown ------------------------------------------------------------------------------------------

    def show_life(self, life: TariffLife | None, *, today: date, names: Mapping[OperatorName, str]) -> None:
        """Another tariff, its newest version first and the one in force chosen."""
        self.life, self.today, self.names = life, today, names
        versions = tuple(reversed(life.versions)) if life else ()
        self.set_title(f"{life.code}, {versions[0].tariff.name}" if life else "Prices")
        self.versions.show_rows(versions)
        held = life.on(today) if life else None
        for widget in (self.table, self.terms):
            widget.setVisible(life is not None)
        if versions:
            self.table.selectRow(versions.index(held) if held in versions else 0)
        self._lay_out()

    def choose(self, valid_from: date) -> None:
        """The cursor to the version of that day."""
        days = [version.tariff.valid_from for version in self.versions.rows]
        self.table.selectRow(days.index(valid_from) if valid_from in days else 0)

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether the chosen one has not begun."""
        return self.version is not None and self.version.tariff.valid_from > self.today

    @property
    def version(self) -> TariffVersion | None:
        """The one that is chosen."""
        found: TariffVersion | None = self.table.chosen
        return found

    def _on_version(self, *_: object) -> None:
        version = self.version
        if version is None or self.life is None:
            return
        before = self.life.before(version.tariff) or version
        self.terms.show_parts([said_part(part) for part in compared(before.tariff, version.tariff)])
        self.setAccessibleDescription(signed(version, self.names))
        self.update()
        self.moved.emit()

    # --- places -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width, rows = self.width() - 10, max(1, min(len(self.versions.rows), MOST_VERSIONS))
        place_table(self.table, QRectF(5, TOP, width, rows * ROW_HEIGHT))
        top = TOP + rows * ROW_HEIGHT + 8
        room = max(self.height() - top - FOOT, HEADER_HEIGHT + ROW_HEIGHT)
        place_table(self.terms, QRectF(5, top, width, room))
        self.update()

    def draw(self, ink: Ink) -> None:
        if self.life is None:
            area = QRectF(PADDING, 44, self.width() - 2 * PADDING, self.height() - 60)
            draw_empty(ink, area, icon="tag", title="No tariff yet", step="New tariff enters the first one.")
            return
        if self.version is not None:
            row = QRectF(PADDING, self.height() - FOOT, self.width() - 2 * PADDING, 32)
            words = signed(self.version, self.names)
            ink.text(row, words, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
