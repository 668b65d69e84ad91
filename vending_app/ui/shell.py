"""The frame of the window around a page: rail, key bar, status bar, toasts, and the practice dock."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.key_bar import KeyBar
from vending_app.ui.components.rail import WIDTH as RAIL
from vending_app.ui.components.rail import Rail
from vending_app.ui.components.status_bar import HEIGHT as STATUS
from vending_app.ui.components.status_bar import StatusBar
from vending_app.ui.components.surface import place
from vending_app.ui.components.toast import MARGIN as SHADOW
from vending_app.ui.components.toast import Toasts
from vending_app.ui.paint import Ink
from vending_app.ui.practice.dock import WIDTH as DOCK
from vending_app.ui.practice.dock import PracticeDock
from vending_app.ui.practice.meter_page import MeterPage
from vending_app.ui.theme import Look

PAGE_MARGIN = 16
WIDEST = 1680
"""Content grows no wider; what is more lies left and right of it."""


class Shell(QWidget):
    """Places; knows nothing of what the pages do. Signals: page_shown(str)."""

    page_shown = Signal(str)

    def __init__(self, look: Look, *, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.pages: dict[str, QWidget] = {}
        self.current = ""
        self._page_edge = 0
        self.rail = Rail(look, self)
        self.key_bar = KeyBar(look, self)
        self.status = StatusBar(look, self)
        self.dock = PracticeDock(look, self) if practice else None
        self.meter = self._hang_meter(self.dock) if self.dock is not None else None
        self.toasts = Toasts(look, self)
        self.toasts.resized.connect(self.place_toasts)

    def _hang_meter(self, dock: PracticeDock) -> MeterPage:
        """The meter on screen beside the practice dock, which knows its state."""
        page = MeterPage(self.look, self)
        page.acted.connect(dock.acted)
        page.speed_chosen.connect(dock.set_speed)
        dock.shown.connect(page.show_state)
        return page

    def add_page(self, key: str, page: QWidget) -> None:
        """A page of the rail or behind a key. Made as a child: to hang a whole page over asks each of its widgets."""
        page.hide()
        self.pages[key] = page
        self.toasts.raise_()

    def show_page(self, key: str) -> None:
        """Show one page, hide the others."""
        self.current = key
        for name, page in self.pages.items():
            page.setVisible(name == key)
        self.rail.choose(key)
        self.page_shown.emit(key)

    def place_toasts(self) -> None:
        """At the lower right, growing upwards: nothing may cover a sum, a change or a field."""
        bottom = self.height() - STATUS - 64
        self.toasts.move(self._page_edge - self.toasts.width() + SHADOW, bottom - self.toasts.height() + SHADOW)

    @property
    def _page_right(self) -> int:
        return self.width() - (DOCK if self.dock else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, height = self.width(), self.height()
        right = self._page_right
        self.rail.setGeometry(0, 0, RAIL, height - STATUS)
        self.status.setGeometry(0, height - STATUS, width, STATUS)
        if self.dock is not None:
            self.dock.setGeometry(right, 0, DOCK, height - STATUS)
        room = right - RAIL - 2 * PAGE_MARGIN
        content = min(room, WIDEST)
        x = RAIL + PAGE_MARGIN + (room - content) // 2
        self.key_bar.setGeometry(x, height - STATUS - 48, content, 32)
        self.key_bar.set_narrow(content < 1180)
        for page in self.pages.values():
            place(page, x, PAGE_MARGIN, content, height - STATUS - 80)
        self._page_edge = x + content
        self.toasts.set_narrow(content < 1100)
        self.place_toasts()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            ink.box(QRectF(self.rect()), fill=ink.t.window, radius=0)
